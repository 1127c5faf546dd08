//! A person settles a dead letter: its aggregate goes on behind it, and what was decided is kept. A verdict that does not fit is refused.

use std::time::Instant;

use huying_chassis::auth::{CITY, Role};
use huying_chassis::bus::Bus;
use huying_chassis::follow::Pace;
use huying_chassis::id;
use huying_proto::log::v1::log_service_client::LogServiceClient;
use huying_proto::log::v1::{
    DeadLetter, DeadLetterReason, DeadLetterVerdict, ListDeadLettersRequest, RetryDeadLetterRequest,
    SettleDeadLetterRequest, SettleDeadLetterResponse,
};
use huying_testing::{Bench, Wire, database, eventually, reason, wire};
use sqlx::AssertSqlSafe;
use tonic::{Code, Status};
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, count, entries, follower, healthy, owner, published_all, say,
};
use super::echo::{LATER, heard};
use super::gauges::says;
use super::tally::{ODD, UNTELLABLE, add, odd, open};

const POISON: i64 = 13;

/// An owner, its follower who chokes on [`POISON`], and an operator.
struct Scene {
    bench: Bench,
    owner: Member,
    follower: Member,
    bus: Bus,
    operator: LogServiceClient<Wire>,
}

impl Scene {
    async fn new(pace: Pace) -> Self {
        let bench = Bench::new().await;
        let owner = owner(&bench, &database().await, None).await;
        let bus = bus(&bench).await;
        let chokes_on = healthy();
        chokes_on.store(POISON, std::sync::atomic::Ordering::SeqCst);
        let follower = follower(&bench, owner.running.grpc, &database().await, pace, &chokes_on).await;
        let bearer = bench.bearer(Role::Operator, None, Some(CITY));
        let operator = LogServiceClient::new(wire(follower.running.grpc, bearer));
        Self { bench, owner, follower, bus, operator }
    }

    /// Opens a tally and adds numbers.
    async fn adding(&self, numbers: &[i64]) -> Uuid {
        let (draft, mut tally) = open();
        self.owner.append(draft).await;
        for n in numbers {
            let (draft, next) = add(&tally, *n);
            self.owner.append(draft).await;
            tally = next;
        }
        tally.id
    }

    async fn add(&self, tally: Uuid, n: i64) {
        let before = self.owner.log.load(tally).await.unwrap().unwrap();
        self.owner.append(add(&before, n).0).await;
    }

    /// The only dead letter there is.
    async fn parked(&mut self) -> DeadLetter {
        eventually("it is parked", async || self.letters().await.pop()).await
    }

    async fn letters(&mut self) -> Vec<DeadLetter> {
        let all = self.operator.list_dead_letters(ListDeadLettersRequest::default()).await;
        all.unwrap().into_inner().dead_letters
    }

    async fn settle(
        &mut self,
        tally: Uuid,
        verdict: DeadLetterVerdict,
    ) -> Result<SettleDeadLetterResponse, Status> {
        let request = SettleDeadLetterRequest {
            source: "tally".into(),
            aggregate: tally.to_string(),
            verdict: verdict.into(),
            note: "as agreed".into(),
        };
        self.operator.settle_dead_letter(request).await.map(tonic::Response::into_inner)
    }

    /// Refused, and nothing changed.
    async fn unfit(&mut self, tally: Uuid, verdict: DeadLetterVerdict) {
        let (before, mark) = (self.parked().await, self.mark(tally).await);
        let refused = self.settle(tally, verdict).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "VERDICT_UNFIT"));
        assert_eq!((self.parked().await, self.mark(tally).await), (before, mark));
        assert_eq!(count(self.follower.log.pool(), "settled_letter").await, 0);
    }

    async fn mark(&self, tally: Uuid) -> Option<(i64, Uuid)> {
        sqlx::query_as("select version, id from followed where aggregate = $1")
            .bind(tally)
            .fetch_optional(self.follower.log.pool())
            .await
            .unwrap()
    }

    /// What was kept of the only one that was settled: reason, verdict, version, note, subject.
    async fn kept(&self) -> (String, String, i64, String, String) {
        sqlx::query_as("select reason, verdict, version, note, subject from settled_letter")
            .fetch_one(self.follower.log.pool())
            .await
            .unwrap()
    }

    async fn hears(&self, tally: Uuid, versions: &[i64]) {
        eventually("it goes on", async || (heard(&self.follower.log, tally).await == versions).then_some(()))
            .await;
    }

    /// The owner was restored from a backup: in its own database this happened, and nobody was told.
    async fn owner_lost(&self, sql: String) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.owner.log.pool()).await.unwrap();
    }

    async fn lose(&self, tally: Uuid) {
        let sql =
            format!("delete from log where aggregate = '{tally}'; delete from tally where id = '{tally}'");
        self.owner_lost(sql).await;
    }

    /// The newest entry of a tally comes again, as that of another history.
    async fn say_otherwise(&self, tally: Uuid) {
        let mut newest = entries(&self.owner.log, tally).await.pop().unwrap();
        newest.head.id = id::new();
        say(&self.bus, &newest).await;
    }

    async fn end(self) {
        self.follower.end().await;
        self.owner.end().await;
        drop(self.bench);
    }
}

fn kept(reason: &str, verdict: &str, version: i64) -> (String, String, i64, String, String) {
    (reason.into(), verdict.into(), version, "as agreed".into(), "test-operator".into())
}

#[tokio::test]
async fn a_dismissed_event_is_passed_over_and_what_comes_after_it_is_applied() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[1, POISON, 3]).await;
    published_all(&scene.bus, 4).await;
    all_heard(&scene.bus).await;
    assert_eq!(scene.parked().await.reason(), DeadLetterReason::Poison);
    scene.unfit(tally, DeadLetterVerdict::Disowned).await;

    let settled = scene.settle(tally, DeadLetterVerdict::Dismissed).await.unwrap();
    assert_eq!((settled.applied, settled.dead_letter), (1, None));
    assert_eq!(heard(&scene.follower.log, tally).await, [1, 2, 4]);
    assert_eq!(scene.kept().await, kept("poison", "dismissed", 3));
    scene.add(tally, 5).await;
    scene.hears(tally, &[1, 2, 4, 5]).await;
    assert!(scene.letters().await.is_empty());

    let gone = scene.settle(tally, DeadLetterVerdict::Dismissed).await.unwrap_err();
    assert_eq!(reason(&gone), "NOT_FOUND");
    scene.end().await;
}

#[tokio::test]
async fn what_cannot_be_told_is_adopted_from_its_newest_entry_on() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[1, UNTELLABLE, 3]).await;
    let letter = scene.parked().await;
    assert_eq!(letter.version, 3);
    scene.unfit(tally, DeadLetterVerdict::Dismissed).await;

    let settled = scene.settle(tally, DeadLetterVerdict::Adopted).await.unwrap();
    assert_eq!((settled.applied, settled.dead_letter), (0, None));
    assert_eq!(scene.kept().await, kept("poison", "adopted", 3));
    scene.add(tally, 5).await;
    scene.hears(tally, &[1, 2, 5]).await;
    scene.end().await;
}

#[tokio::test]
async fn another_history_is_adopted() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[1]).await;
    scene.hears(tally, &[1, 2]).await;
    let other = id::new();
    scene
        .owner_lost(format!("update log set id = '{other}' where aggregate = '{tally}' and version = 2"))
        .await;
    scene.say_otherwise(tally).await;
    assert_eq!(scene.parked().await.reason(), DeadLetterReason::Diverged);
    scene.unfit(tally, DeadLetterVerdict::Dismissed).await;
    scene.unfit(tally, DeadLetterVerdict::Disowned).await;

    scene.settle(tally, DeadLetterVerdict::Adopted).await.unwrap();
    assert_eq!(scene.mark(tally).await, Some((2, other)));
    assert_eq!(scene.kept().await, kept("diverged", "adopted", 2));
    scene.add(tally, 3).await;
    scene.hears(tally, &[1, 2, 3]).await;
    scene.end().await;
}

#[tokio::test]
async fn what_its_owner_has_no_more_is_disowned() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[1]).await;
    scene.hears(tally, &[1, 2]).await;
    let mut newest = entries(&scene.owner.log, tally).await.pop().unwrap();
    scene.lose(tally).await;
    newest.head.id = id::new();
    say(&scene.bus, &newest).await;
    assert_eq!(scene.parked().await.reason(), DeadLetterReason::Diverged);
    scene.unfit(tally, DeadLetterVerdict::Dismissed).await;
    scene.unfit(tally, DeadLetterVerdict::Adopted).await;

    let settled = scene.settle(tally, DeadLetterVerdict::Disowned).await.unwrap();
    assert_eq!((settled.applied, settled.dead_letter), (0, None));
    assert_eq!(scene.mark(tally).await, None);
    assert_eq!(heard(&scene.follower.log, tally).await, [1, 2], "what took effect stays");
    assert_eq!(scene.kept().await, kept("diverged", "disowned", 2));
    scene.end().await;
}

/// No retry could ever go through: the owner has nothing to tell.
#[tokio::test]
async fn the_letter_of_an_aggregate_that_is_no_more_can_be_dismissed() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[1, POISON]).await;
    scene.parked().await;
    scene.lose(tally).await;
    scene.settle(tally, DeadLetterVerdict::Dismissed).await.unwrap();
    assert!(scene.letters().await.is_empty());
    assert_eq!(scene.kept().await, kept("poison", "dismissed", 3));
    scene.end().await;
}

#[tokio::test]
async fn a_verdict_and_a_reason_are_needed() {
    let mut scene = Scene::new(NEVER).await;
    let tally = scene.adding(&[POISON]).await;
    scene.parked().await;
    let none = scene.settle(tally, DeadLetterVerdict::Unspecified).await.unwrap_err();
    assert_eq!((none.code(), reason(&none).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    let request = SettleDeadLetterRequest {
        source: "tally".into(),
        aggregate: tally.to_string(),
        verdict: DeadLetterVerdict::Dismissed.into(),
        note: String::new(),
    };
    let unsaid = scene.operator.settle_dead_letter(request).await.unwrap_err();
    assert_eq!((unsaid.code(), reason(&unsaid).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    assert_eq!(scene.letters().await.len(), 1);
    scene.end().await;
}

/// Nobody else would come back to what was acknowledged while it was parked.
#[tokio::test]
async fn a_letter_stays_until_what_follows_it_is_applied() {
    let mut scene = Scene::new(NEVER).await;
    let pool = scene.follower.log.pool().clone();
    sqlx::raw_sql(AssertSqlSafe(odd("echo"))).execute(&pool).await.unwrap();
    let tally = scene.adding(&[1, POISON, ODD - 1]).await;
    published_all(&scene.bus, 4).await;
    all_heard(&scene.bus).await;
    let letter = scene.parked().await;
    let later = scene.settle(tally, DeadLetterVerdict::Dismissed).await.unwrap_err();
    assert_eq!((later.code(), reason(&later).as_str()), (Code::Unavailable, "SOURCE_UNAVAILABLE"));
    assert_eq!(scene.letters().await, [letter]);

    sqlx::raw_sql("drop trigger odd on echo").execute(&pool).await.unwrap();
    let settled = scene.settle(tally, DeadLetterVerdict::Dismissed).await.unwrap();
    assert_eq!((settled.applied, settled.dead_letter), (1, None));
    assert_eq!(heard(&scene.follower.log, tally).await, [1, 2, 4]);
    scene.end().await;
}

/// What is parked while the reconciliation owes it, is owed no more.
#[tokio::test]
async fn what_is_parked_is_owed_no_more() {
    let mut scene = Scene::new(Pace { stuck: 3, ..OFTEN }).await;
    scene.adding(&[LATER]).await;
    assert_eq!(scene.parked().await.reason(), DeadLetterReason::Stuck);
    let (admin, parked) = (scene.follower.running.admin, Instant::now());
    let since = |age: f64| age + 0.5 < parked.elapsed().as_secs_f64();
    says(admin, &["huying_follow_reconciled_age_seconds"], since).await;
    says(admin, &["huying_follow_owed"], |owed| owed == 0.0).await;
    scene.end().await;
}

/// A failure that calls itself passing and never does.
#[tokio::test]
async fn what_never_passes_is_parked_as_stuck() {
    let mut scene = Scene::new(Pace { stuck: 3, ..NEVER }).await;
    let tally = scene.adding(&[1, LATER, 3]).await;
    let well = scene.adding(&[1]).await;
    let letter = scene.parked().await;
    assert_eq!(
        (letter.reason(), letter.version, letter.error.as_str()),
        (DeadLetterReason::Stuck, 3, "not now")
    );
    assert_eq!(heard(&scene.follower.log, tally).await, [1, 2]);
    scene.hears(well, &[1, 2]).await;
    scene.end().await;
}

/// An error of the database that nobody knows may pass: it is no poison, and waited for no longer than anything else.
#[tokio::test]
async fn an_unknown_error_is_tried_again_and_parked_as_stuck() {
    let mut scene = Scene::new(Pace { stuck: 3, ..NEVER }).await;
    let pool = scene.follower.log.pool().clone();
    sqlx::raw_sql(AssertSqlSafe(odd("echo"))).execute(&pool).await.unwrap();
    let tally = scene.adding(&[ODD, 3]).await;
    let well = scene.adding(&[1]).await;
    let letter = scene.parked().await;
    assert_eq!((letter.reason(), letter.version), (DeadLetterReason::Stuck, 2));
    assert!(letter.error.contains("ZZ999"), "{}", letter.error);
    scene.hears(well, &[1, 2]).await;

    sqlx::raw_sql("drop trigger odd on echo").execute(&pool).await.unwrap();
    let request = RetryDeadLetterRequest { source: "tally".into(), aggregate: tally.to_string() };
    scene.operator.retry_dead_letter(request).await.unwrap();
    scene.hears(tally, &[1, 2, 3]).await;
    scene.end().await;
}
