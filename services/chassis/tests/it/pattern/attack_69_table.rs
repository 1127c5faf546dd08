//! The table of anchors in the wrong hands: the service's own login may add rows to it. They stop no anchor, are carried nowhere, and where
//! there are too many of them that is told.

use std::fs;

use huying_chassis::anchor::{Anchor, Line};
use huying_chassis::log::Position;
use huying_testing::eventually;
use serde_json::Value;

use super::attack_69::Scene;
use super::attack_69_outside::{all_told, kept, last_kept, number};
use super::bench::bus;
use super::gauges::says;

/// A place that the log never comes to.
const FAR: &str = "9999999999-1-1";

fn anchor(line: &str) -> Anchor {
    Line::read(line).unwrap().says().unwrap()
}

/// A row with the newest anchor, changed by somebody who has another key: its number, and how far it goes.
fn planted(scene: &Scene, number: i64, until: &str) -> String {
    let mut line: Value = serde_json::from_str(&last_kept(scene)).unwrap();
    line["anchor"]["number"] = number.into();
    line["anchor"]["until"] = until.into();
    line["key"] = "0123456789abcdef".into();
    row(number, &line.to_string())
}

fn row(number: i64, line: &str) -> String {
    format!("insert into anchor (number, line) values ({number}, '{line}');")
}

#[tokio::test]
async fn attack_69_forged_rows_of_the_table_stop_nothing_and_go_nowhere() {
    let mut scene = Scene::new().await;
    let bus = bus(&scene.bench).await;
    all_told(&scene, &bus).await;
    let next = number(&last_kept(&scene)) + 1;
    let rows = [
        planted(&scene, i64::MAX, FAR),
        row(next, "{}"),
        planted(&scene, next + 1, FAR),
        row(next + 9, &kept(&scene)[0]),
    ];
    scene.owns(rows.concat()).await;
    scene.append().await;
    scene.anchored().await;
    let numbers: Vec<i64> = kept(&scene).iter().map(|line| number(line)).collect();
    assert_eq!(numbers[usize::try_from(next).unwrap() - 1], next + 2, "the first that is free: {numbers:?}");
    assert!(numbers.iter().all(|number| *number < next + 9), "{numbers:?}");
    all_told(&scene, &bus).await;
    scene.end().await;
}

/// No other is made then, and what waits for one says so.
#[tokio::test]
async fn attack_69_more_forged_rows_than_are_looked_at_are_told_by_what_waits() {
    let mut scene = Scene::new().await;
    let many = "insert into anchor (number, line) select 9000000000000000000 + n, '{}' from generate_series(1, 200) n";
    scene.owns(many.to_owned()).await;
    scene.append().await;
    let table = ["huying_anchor_waiting_seconds{", r#"place="table""#];
    says(scene.owner.running.admin, &table, |seconds| seconds > 3.0).await;
    scene.owns("delete from anchor where line = '{}'".to_owned()).await;
    scene.anchored().await;
    scene.end().await;
}

/// What is outside was signed with this key, so there is none before it to go on from.
#[tokio::test]
async fn attack_69_a_row_of_another_key_takes_no_place_of_ours() {
    let scene = Scene::new().await;
    let old = anchor(&last_kept(&scene));
    scene.owns(format!("truncate anchor; {}", planted(&scene, 1, &old.until.to_string()))).await;
    let new = eventually("the log is anchored anew", async || {
        Some(anchor(&last_kept(&scene))).filter(|new| new.number > old.number)
    })
    .await;
    assert_eq!((new.number, new.after), (old.number + 1, Position::default()));
    let told = scene.anchor_faults().await.join("; ");
    assert!(told.contains(&format!("does not follow anchor {}", old.number)), "{told}");
    scene.end().await;
}

/// The new key goes on from the old one's last anchor, and from nothing that says more than the log has.
#[tokio::test]
async fn attack_69_a_new_key_goes_on_from_what_the_log_has() {
    let scene = Scene::new().await;
    let bus = bus(&scene.bench).await;
    let old = anchor(&last_kept(&scene));
    scene.owns(planted(&scene, old.number + 1, FAR)).await;
    let mut scene = scene.with_another_key().await;
    scene.append().await;
    let first = eventually("the new key signs", async || {
        fs::read_to_string(&scene.file).ok()?.lines().next().map(anchor)
    })
    .await;
    assert_eq!((first.after, &first.before), (old.until, &old.root));
    assert_eq!(first.number, old.number + 2, "the first that is free");
    all_told(&scene, &bus).await;
    let told = scene.anchor_faults().await;
    assert_eq!(told.len(), 1, "{told:?}");
    let place = format!("the anchors before this one are missing: what the log has up to {} is", old.until);
    assert!(told[0].starts_with(&place), "{told:?}");
    scene.end().await;
}

/// Nobody can tell a new key whether that was so: the check names the place beside which the end of the old file is to be laid.
#[tokio::test]
async fn attack_69_from_where_a_new_key_was_told_to_go_on_is_named() {
    let scene = Scene::new().await;
    let bus = bus(&scene.bench).await;
    let mut scene = scene.without_a_key().await;
    scene.append().await;
    let (old, end) = (anchor(&last_kept(&scene)), scene.log_end().await);
    assert!(old.until < end, "what was appended is in no anchor");
    scene.owns(planted(&scene, old.number + 1, &end.to_string())).await;
    let mut scene = scene.with_another_key().await;
    scene.append().await;
    let first = eventually("the new key signs", async || {
        fs::read_to_string(&scene.file).ok()?.lines().next().map(anchor)
    })
    .await;
    assert_eq!(first.after, end, "as it was told");
    all_told(&scene, &bus).await;
    let told = scene.anchor_faults().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(&format!("what the log has up to {end} is in no anchor here")), "{told:?}");
    scene.end().await;
}
