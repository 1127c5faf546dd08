//! A unit leaves the profile of a place that runs: refused while it has work in hand, moved where somebody goes on.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use huying::profile::Profile;
use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use huying_proto::common::v1::Tier;
use serde_json::Value;

use crate::{
    command::{huying, said},
    profile::copied,
};

const GRID: &str = "G-420102003002001";
const COMMUNITY: &str = "C-420102003002";

async fn json(data: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&said(data, &[arguments, &["-o", "json"]].concat()).await).unwrap()
}

fn jiangan() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan")
}

/// A unit is no more.
fn take_out(folder: &Path, unit: &str) {
    let (units, line) = (folder.join("units.csv"), format!("{unit},"));
    let text = fs::read_to_string(&units).unwrap();
    let without: Vec<&str> = text.lines().filter(|one| !one.starts_with(&line)).collect();
    fs::write(&units, without.join("\n")).unwrap();
}

fn succeed(folder: &Path, successors: &[(&str, &str)]) {
    let lines: String = successors.iter().map(|(unit, to)| format!("{unit},{to}\n")).collect();
    fs::write(folder.join("successors.csv"), format!("unit,successor\n{lines}")).unwrap();
}

#[test]
fn who_goes_on_in_the_end_is_a_unit() {
    let dir = copied("jiangan");
    let folder = dir.path().join("jiangan");
    take_out(&folder, GRID);
    succeed(&folder, &[("G-old", GRID), (GRID, COMMUNITY)]);
    let profile = Profile::load(&folder).unwrap().casework;
    let named: Vec<_> = profile.successors.iter().map(|it| (it.unit.as_str(), it.code.as_str())).collect();
    assert_eq!(named, [("G-old", COMMUNITY), (GRID, COMMUNITY)], "a chain is followed");
    let first = &profile.successors[0];
    assert_eq!((first.tier(), first.area.as_str()), (Tier::Community, "420102003002"));
    assert!(profile.units.iter().any(|unit| unit.code == COMMUNITY && unit.name == "同兴社区居委会"));
    assert!(profile.units.iter().all(|unit| unit.code != GRID));

    for (successors, line, expected) in [
        (&[(GRID, "G-other")][..], 2, "nobody that there is goes on for G-420102003002001: 'G-other'"),
        (&[(GRID, "G-a"), ("G-a", GRID)], 3, "nobody that there is goes on for G-a"),
        (&[(COMMUNITY, "S-420102003")], 2, "C-420102003002 is still a unit"),
        (&[(GRID, COMMUNITY), (GRID, "S-420102003")], 3, "stands in this file already"),
    ] {
        succeed(&folder, successors);
        let told = Profile::load(&folder).unwrap_err().to_string();
        let found = told
            .lines()
            .any(|one| one.contains(&format!("successors.csv line {line}: ")) && one.contains(expected));
        assert!(found, "{expected}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_goes_only_where_somebody_goes_on_with_its_cases() {
    let dir = copied("jiangan");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (data, folder) = (dir.path().join("data"), dir.path().join("jiangan"));
    let jiangan = jiangan();
    let options = Options { profiles: vec![jiangan.clone()], ..Options::at(&data) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let (folder, jiangan) = (folder.to_str().unwrap(), jiangan.to_str().unwrap());

    let taken = json(&data, &["submit", "行道树倾斜", "--area", "420102003002001"]).await;
    let number = taken["request"]["number"].as_str().unwrap();
    huying_testing::eventually("the case is accepted", async || {
        huying(&data, &["case", "accept", number]).await.status.success().then_some(())
    })
    .await;
    let before = json(&data, &["case", "show", number]).await;
    assert_eq!(before["holder"], GRID);

    let path = Path::new(folder);
    take_out(path, GRID);
    for what in ["diff", "apply"] {
        let refused = huying(&data, &["profile", what, folder]).await;
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{words}");
        assert!(words.contains("UNIT_HOLDS_CASES") && words.contains("has 1 open cases"), "{words}");
        assert!(words.contains(GRID) && words.contains("successors.csv"), "{words}");
    }
    let same = said(&data, &["profile", "diff", jiangan]).await;
    assert_eq!(same.matches("nothing differs").count(), 4, "no service was changed: {same}");

    succeed(path, &[(GRID, COMMUNITY)]);
    let applied = said(&data, &["profile", "apply", folder]).await;
    assert!(applied.contains("under way: 1 changed\n"), "{applied}");
    let after = json(&data, &["case", "show", number]).await;
    assert_eq!(
        (&after["holder"], &after["state"]),
        (&Value::from(COMMUNITY), &Value::from("CASE_STATE_ASSIGNED"))
    );
    let clock = |case: &Value| {
        let clocks = case["clocks"].as_array().unwrap();
        clocks.iter().find(|it| it["kind"] == "CLOCK_KIND_RESOLVE").unwrap()["due_time"].clone()
    };
    assert_eq!(clock(&after), clock(&before), "clocks kept");
    let history = said(&data, &["case", "history", number]).await;
    assert_eq!(history.matches("承办单位已撤并").count(), 1, "{history}");
    said(&data, &["case", "accept", number]).await;

    // Applied again, and named still: nothing moves twice, and the holder that is there is not relieved.
    assert!(!said(&data, &["profile", "apply", folder]).await.contains("under way"));
    let relieve = ["case", "relieve", number, "--to", "S-420102003", "--reason", "撤并"];
    let refused = huying(&data, &relieve).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("HOLDER_STANDS"));
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}
