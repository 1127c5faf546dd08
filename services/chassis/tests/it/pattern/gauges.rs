//! The gauges tell how it stands, also when nothing works: each is looked up when it is asked for.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use huying_chassis::follow::Progress;
use huying_chassis::gauges::{Gauges, OwnGauge, TableGauge, Watched};
use huying_chassis::id;
use huying_chassis::leader::Leading;
use huying_chassis::log::Draft;
use huying_testing::{Bench, database, eventually, pki::Pki};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::bench::{OFTEN, Store, all_heard, bus, follower, owner, owner_trusting, published_all};
use super::echo::heard;
use super::tally::{Change, SOMEWHERE, add, meta, now, open};
use crate::admin::get;

/// The value of the line that has all these words.
pub fn value(text: &str, words: &[&str]) -> Option<f64> {
    let told = |line: &&str| !line.starts_with('#') && words.iter().all(|word| line.contains(word));
    text.lines().find(told)?.rsplit(' ').next()?.parse().ok()
}

/// Asks until the line that has all these words says what is wanted.
pub async fn says(admin: SocketAddr, words: &[&str], wanted: impl Fn(f64) -> bool) {
    eventually(&format!("{words:?}"), async || {
        value(&get(admin, "/metrics").await, words).filter(|value| wanted(*value))
    })
    .await;
}

#[tokio::test]
async fn the_lag_grows_while_nats_is_frozen() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let (bus, admin) = (bus(&bench).await, owner.running.admin);
    owner.append(open().0).await;
    published_all(&bus, 1).await;
    says(admin, &["huying_relay_lag_seconds", r#"service="tally""#], |lag| lag == 0.0).await;
    says(admin, &["huying_leads", r#"task="relay""#], |leads| leads == 1.0).await;

    bench.nats.freeze();
    let frozen = Instant::now();
    owner.append(open().0).await;
    says(admin, &["huying_relay_lag_seconds"], |lag| lag >= 5.0).await;
    assert!(frozen.elapsed() < Duration::from_secs(8), "{:?}", frozen.elapsed());
    says(admin, &["huying_relay_unpublished"], |number| number == 1.0).await;
    let ready = get(admin, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains(r#""unpublished":1"#), "{ready}");

    bench.nats.thaw();
    says(admin, &["huying_relay_lag_seconds"], |lag| lag == 0.0).await;
    published_all(&bus, 2).await;
    owner.end().await;
}

#[tokio::test]
async fn who_holds_the_horizon_is_named() {
    let bench = Bench::new().await;
    let url = database().await;
    let owner = owner(&bench, &url, None).await;
    let options: PgConnectOptions = url.parse().unwrap();
    let mut forgotten = options.application_name("forgotten").connect().await.unwrap();
    let mut open_for_long = forgotten.begin().await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid() where pg_current_xact_id() is not null")
        .fetch_one(&mut *open_for_long)
        .await
        .unwrap();
    let (pid, words) =
        (format!(r#"pid="{pid}""#), ["huying_horizon_age_seconds", r#"application="forgotten""#]);
    let named = [words[0], words[1], &pid];
    says(owner.running.admin, &named, |age| age > 1.0).await;
    open_for_long.rollback().await.unwrap();
    eventually("it is named no more", async || {
        value(&get(owner.running.admin, "/metrics").await, &words).is_none().then_some(())
    })
    .await;
    owner.end().await;
}

#[tokio::test]
async fn a_service_tells_how_long_its_certificates_are_good() {
    let (bench, pki) = (Bench::new().await, Pki::new());
    let owner = owner_trusting(&bench, &database().await, pki.ca()).await;
    let words = ["huying_certificate_days_left{", r#"setting="tls.ca_file""#];
    says(owner.running.admin, &words, |days| days > 365_000.0).await;
    let ready = get(owner.running.admin, "/readyz").await;
    assert!(ready.contains(r#""huying_certificate_days_left":{"tls.ca_file":"#), "{ready}");
    owner.end().await;
}

#[tokio::test]
async fn one_of_two_replicas_says_that_it_leads() {
    let bench = Bench::new().await;
    let url = database().await;
    let (one, two) = (owner(&bench, &url, None).await, owner(&bench, &url, None).await);
    let leads =
        async |admin| value(&get(admin, "/metrics").await, &["huying_leads", r#"task="relay""#]).unwrap();
    let first_leads = eventually("one of them leads", async || {
        match (leads(one.running.admin).await, leads(two.running.admin).await) {
            (1.0, 0.0) => Some(true),
            (0.0, 1.0) => Some(false),
            _ => None,
        }
    })
    .await;
    let (leader, other) = if first_leads { (one, two) } else { (two, one) };
    leader.end().await;
    says(other.running.admin, &["huying_leads", r#"task="relay""#], |leads| leads == 1.0).await;
    other.end().await;
}

#[tokio::test]
async fn followers_tell_their_dead_letters_and_how_far_they_have_come() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let chokes_on = std::sync::Arc::new(13.into());
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &chokes_on).await;
    let (admin, begun) = (follower.running.admin, Instant::now());
    let (draft, tally) = open();
    owner.append(draft).await;
    owner.append(add(&tally, 13).0).await;
    published_all(&bus, 2).await;
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, tally.id).await, [1]);

    let letters = ["huying_dead_letters{", r#"reason="poison""#, r#"source="tally""#];
    says(admin, &letters, |number| number == 1.0).await;
    let reconciled = ["huying_follow_reconciled_age_seconds", r#"source="tally""#];
    // Younger than the follower: it was looked at since.
    says(admin, &reconciled, |age| age + 1.5 < begun.elapsed().as_secs_f64()).await;
    says(admin, &["huying_follow_owed"], |owed| owed == 0.0).await;
    let ready = get(admin, "/readyz").await;
    assert!(ready.contains(r#"{"number":1,"reason":"poison","source":"tally"}"#), "{ready}");

    owner.end().await;
    says(admin, &reconciled, |age| age > 2.0).await;
    follower.end().await;
}

#[tokio::test]
async fn what_is_overdue_is_told_and_old_values_are_told_as_old() {
    let store = Store::new().await;
    let due = now() - Duration::from_secs(90);
    let changes = [
        Change::Opened { district: SOMEWHERE.into(), name: "overdue".into() },
        Change::Wound(due.timestamp_micros()),
    ];
    let (draft, _) = Draft::new::<super::tally::Tally>(id::new(), &changes, &meta(), now()).unwrap().unwrap();
    store.log.append(draft.into()).await.unwrap();
    let gauges = Gauges::new(Watched {
        service: "tally",
        pool: store.pool.clone(),
        clock: huying_chassis::clock::Clock::system(),
        committer: Default::default(),
        leading: vec![("timer", Leading::default())],
        timers: vec![super::timer::bell(&store.log, &Default::default()).when()],
        progress: Some(Progress::default()),
        anchored: None,
        own: vec![OwnGauge {
            name: "huying_apples",
            help: "Apples of a sort",
            label: "sort",
            read: std::sync::Arc::new(|_| vec![("red".to_owned(), 3)]),
        }],
        tables: vec![TableGauge {
            name: "huying_pears",
            help: "Pears by sort and place",
            labels: &["sort", "place"],
            sql: "select array['green', 'cellar'], 7::float8",
        }],
    });
    assert_eq!(gauges.json().await["own"]["huying_apples"]["red"], 3);
    let text = gauges.text().await;
    let overdue =
        value(&text, &["huying_timer_overdue_seconds", r#"kind="tally""#, r#"timer="ring""#]).unwrap();
    assert!((90.0..200.0).contains(&overdue), "{overdue}");
    assert_eq!(value(&text, &["huying_leads", r#"task="timer""#]), Some(0.0));
    assert_eq!(value(&text, &["huying_apples", r#"sort="red""#]), Some(3.0));
    assert_eq!(value(&text, &["huying_pears", r#"place="cellar""#, r#"sort="green""#]), Some(7.0));
    assert_eq!(value(&text, &["huying_relay_unpublished"]), Some(2.0));
    assert_eq!(value(&text, &["huying_gauges_age_seconds"]), Some(0.0));
    assert!(value(&text, &["huying_log_epoch"]).unwrap() > 0.0);

    store.pool.close().await;
    let text = gauges.text().await;
    assert_eq!(value(&text, &["huying_relay_unpublished"]), Some(2.0), "the last value");
    assert!(value(&text, &["huying_gauges_age_seconds"]).unwrap() > 0.0, "and that it is old");
}

/// By what Prometheus itself thinks of names, units and help texts. `deploy/install --with-checkers` brings promtool.
#[tokio::test]
async fn prometheus_has_nothing_to_say_against_the_numbers() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let chokes_on = std::sync::Arc::new(13.into());
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &chokes_on).await;
    let (draft, tally) = open();
    owner.append(draft).await;
    owner.append(add(&tally, 13).0).await;
    says(follower.running.admin, &["huying_dead_letters{"], |number| number == 1.0).await;
    // The clock is read every few seconds.
    says(follower.running.admin, &["huying_clock_held{"], |held| held == 0.0).await;
    let answer = get(follower.running.admin, "/metrics").await;
    let (_, text) = answer.split_once("\r\n\r\n").unwrap();
    let rules = include_str!("../../../../../deploy/alerts/huying.yaml");
    let asked = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
    for name in asked.flat_map(|asked| asked.split(|c: char| c != '_' && !c.is_alphanumeric())) {
        // This follower has no timers, no calendar, no accounts, no anchors and no certificates, and
        // seals nothing.
        let elsewhere = [
            "huying_anchor_interval_seconds",
            "huying_anchor_waiting_seconds",
            "huying_certificate_days_left",
            "huying_seal_refused_total",
            "huying_timer_overdue_seconds",
            "huying_calendar_missing_districts",
            "huying_casework_accounts_unbalanced",
        ]
        .contains(&name);
        let told = text.contains(&format!("\n{name}{{")) || elsewhere;
        assert!(!name.starts_with("huying_") || told, "an alert asks for {name}, and nobody tells it");
    }
    if let Some(promtool) = promtool() {
        let mut checking = Command::new(promtool)
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        checking.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let said = checking.wait_with_output().unwrap();
        let said =
            String::from_utf8_lossy(&said.stderr).into_owned() + &String::from_utf8_lossy(&said.stdout);
        assert!(said.is_empty(), "{said}\n{text}");
    }
    follower.end().await;
    owner.end().await;
}

fn promtool() -> Option<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/promtool/promtool");
    let found = Command::new("promtool").arg("--version").stdout(Stdio::null()).status();
    let on_path = found.is_ok_and(|status| status.success());
    on_path.then(|| "promtool".into()).or_else(|| ours.is_file().then_some(ours))
}
