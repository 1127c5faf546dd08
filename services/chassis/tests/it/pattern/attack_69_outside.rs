//! Anchors outside the database in the wrong hands: whoever holds the service's key of NATS, or can write where its file is, stops no
//! anchor and hides none; and what is removed here NATS still knows.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use async_nats::jetstream::stream::{Config, DiscardPolicy};
use huying_chassis::anchor::{self, Line};
use huying_chassis::bus::Bus;
use huying_testing::{Bench, eventually};

use super::attack_69::Scene;
use super::bench::bus;
use crate::admin::get;

pub(super) fn number(line: &str) -> i64 {
    Line::read(line).unwrap().says().unwrap().number
}

/// The lines of the file.
pub(super) fn kept(scene: &Scene) -> Vec<String> {
    fs::read_to_string(&scene.file).unwrap().lines().map(str::to_owned).collect()
}

pub(super) fn last_kept(scene: &Scene) -> String {
    kept(scene).pop().unwrap()
}

/// The newest anchor, with the highest number there is: nobody has signed that.
fn forged(scene: &Scene) -> String {
    let line = last_kept(scene);
    let (head, rest) = line.split_once("\"number\":").unwrap();
    let (_, tail) = rest.split_once(',').unwrap();
    format!("{head}\"number\":{},{tail}", i64::MAX)
}

/// What the stream of anchors holds.
async fn told(bus: &Bus) -> Option<Vec<String>> {
    let mut stream = bus.jetstream().get_stream(Bus::stream_name(&anchor::root("tally"))).await.ok()?;
    let state = stream.info().await.ok()?.state.clone();
    let mut all = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.ok()?;
        all.push(String::from_utf8(message.payload.to_vec()).unwrap());
    }
    Some(all)
}

/// Until NATS has the file's newest anchor at its end.
pub(super) async fn all_told(scene: &Scene, bus: &Bus) {
    eventually("NATS has the newest anchor", async || {
        let told = told(bus).await?;
        (number(told.last()?) == number(&last_kept(scene))).then_some(())
    })
    .await;
}

#[tokio::test]
async fn attack_69_a_forged_anchor_on_nats_stops_nothing() {
    let mut scene = Scene::new().await;
    let bus = bus(&scene.bench).await;
    all_told(&scene, &bus).await;
    let before = kept(&scene).len();
    for payload in [forged(&scene), "{}".to_owned(), kept(&scene).remove(0)] {
        bus.jetstream().publish("huying.anchor_tally.v1.made", payload.into()).await.unwrap().await.unwrap();
    }
    scene.append().await;
    scene.anchored().await;
    assert!(kept(&scene).len() > before);
    assert!(number(&last_kept(&scene)) < i64::MAX);
    all_told(&scene, &bus).await;
    let stream = bus.jetstream().get_stream("HUYING_ANCHOR_TALLY").await.unwrap();
    let config = &stream.cached_info().config;
    assert_eq!((config.discard, config.max_message_size), (DiscardPolicy::New, 4096), "none is rolled out");
    assert!(config.deny_delete && config.deny_purge);
    scene.end().await;
}

#[tokio::test]
async fn attack_69_a_forged_line_in_the_file_stops_nothing() {
    let mut scene = Scene::new().await;
    let before = number(&last_kept(&scene));
    let mut file = OpenOptions::new().append(true).open(&scene.file).unwrap();
    writeln!(file, "{}", forged(&scene)).unwrap();
    scene.append().await;
    eventually("the next one is kept behind it", async || {
        (before + 1..i64::MAX).contains(&number(&last_kept(&scene))).then_some(())
    })
    .await;
    let told = scene.anchor_faults().await;
    assert!(told.len() == 1 && told[0].contains("is not as it was signed"), "{told:?}");
    scene.end().await;
}

/// The file, the table and what they were of: the log, as it is now, is anchored anew, and NATS remembers that it was before.
#[tokio::test]
async fn attack_69_a_file_and_a_table_that_were_removed_are_missed() {
    let scene = Scene::new().await;
    let bus = bus(&scene.bench).await;
    all_told(&scene, &bus).await;
    let tally = scene.tallies[1];
    scene
        .owns(format!(
            "truncate anchor; delete from log where aggregate = '{tally}'; delete from tally where id = '{tally}'"
        ))
        .await;
    fs::remove_file(&scene.file).unwrap();
    let anew = "there were";
    eventually("it is missed", async || {
        let told = scene.anchor_faults().await.join("; ");
        (told.contains("NATS has this one") || told.contains(anew)).then_some(())
    })
    .await;
    eventually("the log is anchored anew", async || scene.file.exists().then_some(())).await;
    all_told(&scene, &bus).await;
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains(anew), "{told}");
    scene.end().await;
}

/// The same while NATS is away: a log begins to be anchored only where NATS can be asked.
#[tokio::test]
async fn attack_69_nobody_is_made_to_forget_while_nats_is_away() {
    let mut scene = Scene::new().await;
    all_told(&scene, &bus(&scene.bench).await).await;
    scene.bench.nats.stop().await.unwrap();
    scene.owns("truncate anchor".to_owned()).await;
    fs::remove_file(&scene.file).unwrap();
    scene.append().await;
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains("could not be asked"), "{told}");
    scene.bench.nats.restart().await.unwrap();
    eventually("the log is anchored anew", async || scene.file.exists().then_some(())).await;
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains("there were"), "{told}");
    scene.end().await;
}

/// Whoever has the service's key can fill the stream, and no more: what it has stays, and the file goes on.
#[tokio::test]
async fn attack_69_a_full_stream_forgets_nothing() {
    let bench = Bench::new().await;
    let full = Config {
        name: Bus::stream_name(&anchor::root("tally")),
        subjects: vec!["huying.anchor_tally.v1.>".to_owned()],
        max_messages: 1,
        discard: DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        ..Config::default()
    };
    let hands = bus(&bench).await;
    hands.jetstream().create_stream(full).await.unwrap();
    let mut scene = Scene::on(bench).await;
    let first = eventually("it has one", async || told(&hands).await?.pop()).await;
    scene.append().await;
    scene.anchored().await;
    assert!(number(&last_kept(&scene)) > number(&first));
    assert_eq!(told(&hands).await.unwrap(), [first]);
    let ready = get(scene.owner.running.admin, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    scene.end().await;
}
