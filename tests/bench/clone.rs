//! Makes a database as large as that of a city out of a few lives: see `clone.sql` for what a clone is.

use huying::services;
use huying_chassis::page;
use huying_proto::log::v1::VerifyLogRequest;
use huying_testing::eventually;
use rand::random_range;
use sqlx::{AssertSqlSafe, raw_sql};
use uuid::Uuid;

use super::stage::Stage;

const CLONE: &str = include_str!("clone.sql");
/// Clones of each original in one statement.
const CHUNK: u32 = 250;
/// Clones of each original whose log is replayed afterwards.
const VERIFIED: u32 = 100;
/// The digits of an id that its clone's number takes.
const DIGITS: usize = 8;

/// The clones of cases, numbered from 1 for each.
pub struct Clones {
    originals: Vec<Uuid>,
    of_each: u32,
}

impl Clones {
    /// None as yet.
    pub fn of(originals: Vec<Uuid>) -> Self {
        Self { originals, of_each: 0 }
    }

    /// Makes more, until there are `wanted` or a few more: each case gets as many.
    pub async fn grow(&mut self, stage: &Stage, wanted: u32) {
        passed_by_followers(stage).await;
        let before = self.of_each;
        self.of_each = wanted.div_ceil(self.originals.len() as u32);
        let mut connection = stage.pool("casework").acquire().await.unwrap();
        raw_sql(CLONE).execute(&mut *connection).await.unwrap();
        sqlx::query("select pg_temp.keep($1)").bind(&self.originals).execute(&mut *connection).await.unwrap();
        for first in (before + 1..=self.of_each).step_by(CHUNK as usize) {
            let made = (first - 1) as usize * self.originals.len();
            stage.bar.set_message(format!("{made} of {wanted} cases cloned"));
            sqlx::query("select pg_temp.clone($1, $2)")
                .bind(first as i32)
                .bind(self.of_each.min(first + CHUNK - 1) as i32)
                .execute(&mut *connection)
                .await
                .unwrap();
        }
        // Its settings are for cloning only.
        connection.close().await.unwrap();
        stage.bar.set_message("vacuum");
        for statement in ["vacuum (analyze) \"case\", claim, log", "checkpoint"] {
            raw_sql(AssertSqlSafe(statement)).execute(stage.pool("casework")).await.unwrap();
        }
        self.verify(stage).await;
    }

    /// One of them.
    pub fn any(&self) -> String {
        let original = self.originals[random_range(0..self.originals.len())];
        clone_of(original, random_range(1..=self.of_each)).to_string()
    }

    /// Asserts that no follower was told of any: it would have worked them off meanwhile, and spoilt what was measured.
    pub async fn unheard_of(&self, stage: &Stage) {
        let some: Vec<Uuid> = self.originals.iter().map(|original| clone_of(*original, 1)).collect();
        for follower in followers() {
            let heard: i64 = sqlx::query_scalar("select count(*) from followed where aggregate = any ($1)")
                .bind(&some)
                .fetch_one(stage.pool(follower))
                .await
                .unwrap();
            assert_eq!(heard, 0, "clones that {follower} was told of");
        }
    }

    /// Replays the first clones of each original.
    async fn verify(&self, stage: &Stage) {
        stage.bar.set_message("verifying clones");
        let mut operator = stage.world.people().operator("casework");
        let verified = VERIFIED.min(self.of_each);
        for original in &self.originals {
            let page_token = page::token(Some(clone_of(*original, 0)));
            let request = VerifyLogRequest { kind: "case".into(), page_size: verified as i32, page_token };
            let page = operator.verify_log(request).await.unwrap().into_inner();
            assert_eq!(page.faults, [], "clones of {original}");
            assert_eq!(page.checked, verified as i32, "clones of {original}");
        }
    }
}

fn clone_of(original: Uuid, number: u32) -> Uuid {
    let original = original.to_string();
    format!("{}{number:08x}", &original[..original.len() - DIGITS]).parse().unwrap()
}

/// Clones stand in the log before whatever is there: where relay and followers have been once, they do not look again.
async fn passed_by_followers(stage: &Stage) {
    for follower in followers() {
        eventually(&format!("{follower} has compared its marks with casework's log"), async || {
            sqlx::query("select from reconciled where source = 'casework'")
                .fetch_optional(stage.pool(follower))
                .await
                .unwrap()
        })
        .await;
    }
}

/// Who follows casework.
fn followers() -> impl Iterator<Item = &'static str> {
    let follow =
        services::ALL.iter().filter(|it| it.follows.iter().any(|source| source.service == "casework"));
    follow.map(|service| service.name)
}
