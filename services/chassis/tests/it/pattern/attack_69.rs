//! Whoever owns the database changes its log, and computes anew whatever can be computed there: the anchors outside tell which entry it was.

use std::{fs, path::PathBuf};

use huying_chassis::anchor;
use huying_chassis::auth::{CITY, Role};
use huying_chassis::bus::Bus;
use huying_chassis::id;
use huying_chassis::log::Position;
use huying_chassis::log::read::{self, entries_of};
use huying_proto::log::v1::{
    AnchorFault, AnchorPlace, ListAnchorsRequest, LogFault, VerifyAnchorsRequest, VerifyAnchorsResponse,
    VerifyLogRequest, log_service_client::LogServiceClient,
};
use huying_testing::{Bench, Wire, database, eventually, wire};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::bench::{Member, bus, owner, owner_anchored};
use super::tally::{add, open};

/// Tallies, of two entries each.
const TALLIES: usize = 4;

pub(super) struct Scene {
    pub(super) bench: Bench,
    url: String,
    pub(super) file: PathBuf,
    pub(super) owner: Member,
    pool: PgPool,
    pub(super) tallies: Vec<Uuid>,
}

impl Scene {
    /// Everything is anchored.
    pub(super) async fn new() -> Self {
        Self::on(Bench::new().await).await
    }

    /// The same, with a NATS that is there already.
    pub(super) async fn on(bench: Bench) -> Self {
        let url = database().await;
        let file = bench.dir.path().join("anchors/tally.jsonl");
        let owner = owner_anchored(&bench, &url, &file).await;
        let pool = PgPool::connect(&url).await.unwrap();
        let mut scene = Self { bench, url, file, owner, pool, tallies: Vec::new() };
        for _ in 0..TALLIES {
            scene.append().await;
        }
        scene.anchored().await;
        scene
    }

    pub(super) async fn append(&mut self) {
        let (draft, before) = open();
        self.owner.append(draft).await;
        self.owner.append(add(&before, 1).0).await;
        self.tallies.push(before.id);
    }

    /// Every entry is in an anchor, and nothing is wrong.
    pub(super) async fn anchored(&self) {
        let all = self.tallies.len() as i64 * 2;
        eventually("all is anchored", async || (self.verify_anchors().await.entries == all).then_some(()))
            .await;
        assert_eq!((self.anchor_faults().await, self.log_faults().await), (vec![], vec![]));
    }

    pub(super) fn operator(&self) -> LogServiceClient<Wire> {
        let bearer = self.bench.bearer(Role::Operator, None, Some(CITY));
        LogServiceClient::new(wire(self.owner.running.grpc, bearer))
    }

    /// Page by page; what all pages found.
    async fn verify_anchors(&self) -> VerifyAnchorsResponse {
        let mut all = VerifyAnchorsResponse::default();
        let mut request = VerifyAnchorsRequest { page_size: 1, page_token: String::new() };
        loop {
            let page = self.operator().verify_anchors(request.clone()).await.unwrap().into_inner();
            assert_eq!(page.place(), AnchorPlace::File);
            all.checked += page.checked;
            all.entries += page.entries;
            all.faults.extend(page.faults);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return all;
            }
        }
    }

    pub(super) async fn anchor_faults(&self) -> Vec<String> {
        self.verify_anchors().await.faults.into_iter().map(|fault| fault.problem).collect()
    }

    async fn log_faults(&self) -> Vec<LogFault> {
        let request = VerifyLogRequest { kind: "tally".into(), page_size: 0, page_token: String::new() };
        self.operator().verify_log(request).await.unwrap().into_inner().faults
    }

    /// The id of an entry.
    async fn entry(&self, tally: Uuid, version: i64) -> String {
        let entries = entries_of(&self.pool, tally, version, 1).await.unwrap();
        entries[0].head.id.to_string()
    }

    pub(super) async fn owns(&self, sql: String) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await.unwrap();
    }

    /// The place of the log's last entry.
    pub(super) async fn log_end(&self) -> Position {
        read::end(&mut self.pool.acquire().await.unwrap()).await.unwrap()
    }

    /// The service, started anew without a key: what is appended from now on is in no anchor.
    pub(super) async fn without_a_key(mut self) -> Self {
        self.owner.end().await;
        self.owner = owner(&self.bench, &self.url, None).await;
        self
    }

    /// The service, started anew with a key that has signed nothing and without the file that the old one has signed.
    pub(super) async fn with_another_key(mut self) -> Self {
        self.owner.end().await;
        fs::remove_file(self.bench.dir.path().join("anchor.pem")).unwrap();
        fs::remove_file(&self.file).unwrap();
        self.owner = owner_anchored(&self.bench, &self.url, &self.file).await;
        self
    }

    pub(super) async fn end(self) {
        self.pool.close().await;
        self.owner.end().await;
    }
}

/// The entries that faults name.
fn named(found: &[AnchorFault]) -> Vec<String> {
    found.iter().map(|fault| fault.entry.clone()).filter(|id| !id.is_empty()).collect()
}

#[tokio::test]
async fn attack_69_an_edited_entry_is_named() {
    let scene = Scene::new().await;
    let tally = scene.tallies[1];
    let edit = format!(
        "update log set entry = replace(entry, '1', '7') where aggregate = '{tally}' and version = 2"
    );
    scene.owns(edit).await;
    let faults = scene.log_faults().await;
    assert_eq!((faults.len(), faults[0].aggregate.as_str()), (1, tally.to_string().as_str()));
    let found = scene.verify_anchors().await.faults;
    assert_eq!(named(&found), [scene.entry(tally, 2).await], "{found:?}");
    scene.end().await;
}

#[tokio::test]
async fn attack_69_a_deleted_entry_is_missed_where_it_stood() {
    let scene = Scene::new().await;
    let tally = scene.tallies[1];
    scene.owns(format!("delete from log where aggregate = '{tally}' and version = 1")).await;
    assert!(scene.log_faults().await[0].problem.contains("version 1 is missing"));
    let told = scene.anchor_faults().await;
    assert!(told[0].contains("anchored entries are not there any more"), "{told:?}");
    scene.end().await;
}

/// With its row and all that speaks of it: nothing in the database misses it.
#[tokio::test]
async fn attack_69_an_aggregate_that_was_taken_out_whole_is_missed() {
    let scene = Scene::new().await;
    let (before, tally) = (scene.tallies[0], scene.tallies[1]);
    scene
        .owns(format!("delete from log where aggregate = '{tally}'; delete from tally where id = '{tally}'"))
        .await;
    assert_eq!(scene.log_faults().await, []);
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains("not there any more"), "{told}");
    assert!(
        told.contains(&format!("version 2 of tally {before}")) || told.contains("the first stood before"),
        "{told}"
    );
    scene.end().await;
}

/// The end of the log, and the anchors that the database itself has of it.
#[tokio::test]
async fn attack_69_a_tail_that_was_cut_is_missed() {
    let scene = Scene::new().await;
    let (last, tally) = (scene.tallies[TALLIES - 2], scene.tallies[TALLIES - 1]);
    let cut = format!(
        "delete from log where aggregate = '{tally}'; delete from tally where id = '{tally}'; truncate anchor"
    );
    scene.owns(cut).await;
    assert_eq!(scene.log_faults().await, []);
    let told = scene.anchor_faults().await.join("; ");
    let place = format!("the log is cut after version 2 of tally {last}");
    assert!(told.contains(&place) || told.contains("none of its entries is there"), "{told}");
    scene.end().await;
}

/// Every hash after the change is computed anew, and the row's too.
#[tokio::test]
async fn attack_69_a_chain_that_was_rewritten_is_named() {
    let scene = Scene::new().await;
    let tally = scene.tallies[2];
    let entries = entries_of(&scene.pool, tally, 1, 9).await.unwrap();
    let mut hash = [0; 32];
    for entry in &entries {
        let mut head = entry.head.clone();
        head.at -= chrono::TimeDelta::days(1);
        hash = head.chain(&hash, &entry.text);
        let sql = "update log set at = $1, hash = $2 where aggregate = $3 and version = $4";
        sqlx::query(sql)
            .bind(head.at)
            .bind(hash.to_vec())
            .bind(tally)
            .bind(head.version)
            .execute(&scene.pool)
            .await
            .unwrap();
    }
    sqlx::query("update tally set hash = $1 where id = $2")
        .bind(hash.to_vec())
        .bind(tally)
        .execute(&scene.pool)
        .await
        .unwrap();
    assert_eq!(scene.log_faults().await, [], "the database believes it");
    let found = scene.verify_anchors().await.faults;
    let ids: Vec<String> = entries.iter().map(|entry| entry.head.id.to_string()).collect();
    assert_eq!(named(&found), ids, "{found:?}");
    scene.end().await;
}

/// The tail lies where no row and no first entry leads to, and the row is what it was before: hashes and places are untouched.
#[tokio::test]
async fn attack_69_a_tail_that_was_moved_away_is_named() {
    let scene = Scene::new().await;
    let (tally, elsewhere) = (scene.tallies[1], id::new());
    let tail = scene.entry(tally, 2).await;
    scene
        .owns(format!(
            "update log set aggregate = '{elsewhere}' where aggregate = '{tally}' and version > 1;
             update tally set version = 1, body = jsonb_set(body, '{{total}}', '0'),
                    hash = (select hash from log where aggregate = '{tally}' and version = 1) where id = '{tally}'"
        ))
        .await;
    assert_eq!(scene.log_faults().await, [], "the database believes it");
    let found = scene.verify_anchors().await.faults;
    assert_eq!(named(&found), [tail], "{found:?}");
    assert!(found[0].problem.contains(&format!("version 2 of tally {elsewhere}")), "{found:?}");
    scene.end().await;
}

/// Of a kind that nobody knows, and its texts are gone.
#[tokio::test]
async fn attack_69_an_aggregate_that_was_emptied_is_named() {
    let scene = Scene::new().await;
    let tally = scene.tallies[1];
    let ids = [scene.entry(tally, 1).await, scene.entry(tally, 2).await];
    scene
        .owns(format!(
            "update log set kind = 'x', entry = '' where aggregate = '{tally}'; delete from tally where id = '{tally}'"
        ))
        .await;
    assert_eq!(scene.log_faults().await, [], "the database believes it");
    let found = scene.verify_anchors().await.faults;
    assert_eq!(named(&found), ids, "{found:?}");
    scene.end().await;
}

/// Whatever stands beside a text is under its hash, and an instant that cannot be counted does not end the check.
#[tokio::test]
async fn attack_69_what_was_changed_beside_a_text_is_named() {
    let scene = Scene::new().await;
    let changes = ["at = 'infinity'", "district = '420103'", "unit = 'another'", "shape = 0"];
    let mut changed = Vec::new();
    for (change, tally) in changes.into_iter().zip(&scene.tallies) {
        changed.push(scene.entry(*tally, 2).await);
        scene.owns(format!("update log set {change} where aggregate = '{tally}' and version = 2")).await;
    }
    let found = scene.verify_anchors().await.faults;
    assert_eq!(named(&found), changed, "{found:?}");
    let replayed: Vec<_> = scene.log_faults().await.into_iter().map(|fault| fault.aggregate).collect();
    let tallies = scene.tallies[..changed.len()].iter().map(Uuid::to_string);
    assert_eq!(replayed, tallies.collect::<Vec<_>>(), "a replay names them too");
    scene.end().await;
}

/// Anchors go on where they were, also after a write that was cut short and a database that went back, and NATS has each of them.
#[tokio::test]
async fn anchors_go_on_where_they_were() {
    let mut scene = Scene::new().await;
    scene.owner.end().await;
    let text = fs::read_to_string(&scene.file).unwrap();
    fs::write(&scene.file, format!("{text}{{\"anchor\":{{\"half")).unwrap();
    scene.owner = owner_anchored(&scene.bench, &scene.url, &scene.file).await;
    scene.append().await;
    scene.anchored().await;
    let kept = fs::read_to_string(&scene.file).unwrap();
    assert!(kept.starts_with(&text) && kept.ends_with('\n'), "{kept}");
    let listed = scene.operator().list_anchors(ListAnchorsRequest::default()).await.unwrap().into_inner();
    let numbers: Vec<i64> = listed.anchors.iter().map(|anchor| anchor.number).collect();
    assert_eq!(numbers, (1..=kept.lines().count() as i64).collect::<Vec<_>>());
    assert!(listed.anchors.iter().all(|anchor| anchor.signed));
    let stream = Bus::stream_name(&anchor::root("tally"));
    let bus = bus(&scene.bench).await;
    eventually("NATS has each", async || {
        let mut stream = bus.jetstream().get_stream(&stream).await.ok()?;
        (stream.info().await.ok()?.state.messages == kept.lines().count() as u64).then_some(())
    })
    .await;

    // It knows less than the file: what it says next has a number of its own.
    scene.owns("delete from anchor where number = (select max(number) from anchor)".to_owned()).await;
    scene.append().await;
    eventually("the next one is kept", async || {
        (fs::read_to_string(&scene.file).unwrap().lines().count() > kept.lines().count()).then_some(())
    })
    .await;
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains("the database went back"), "{told}");
    scene.end().await;
}

#[tokio::test]
async fn a_line_that_was_edited_or_signed_by_another_is_told() {
    let scene = Scene::new().await;
    let text = fs::read_to_string(&scene.file).unwrap();
    fs::write(&scene.file, text.replacen("\"entries\":", "\"entries\":1", 1)).unwrap();
    let told = scene.anchor_faults().await;
    assert!(told[0].contains("is not as it was signed"), "{told:?}");
    let key = text.split("\"key\":\"").nth(1).unwrap().split('"').next().unwrap();
    fs::write(&scene.file, text.replace(key, "0123456789abcdef")).unwrap();
    let told = scene.anchor_faults().await;
    assert!(told[0].contains("signed with another key, 0123456789abcdef"), "{told:?}");
    scene.end().await;
}
