//! A real place is read whole, and a broken one says where and what to do.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use huying::profile::{Profile, ProfileError};
use huying_proto::casework::v1::{CaseOrder, HandlingField, Ledger};
use huying_proto::common::v1::{Datum, Limit, LimitKind, Priority, Tier};
use huying_proto::evaluation::v1::CallbackBy;
use huying_proto::routing::v1::{Category, UnitKind};
use tempfile::TempDir;

use super::command::{huying as huying_command, said};

pub fn profiles() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles")
}

fn jiangan() -> PathBuf {
    profiles().join("jiangan")
}

fn category<'a>(profile: &'a Profile, code: &str) -> &'a Category {
    profile.routing.categories.iter().find(|category| category.code == code).unwrap()
}

fn limit(kind: LimitKind, amount: u32) -> Option<Limit> {
    Some(Limit { kind: kind.into(), amount })
}

#[test]
fn jiangan_is_whole() {
    let profile = Profile::load(&jiangan()).unwrap();
    let areas = |tier: Tier| profile.routing.areas.iter().filter(|area| area.tier() == tier).count();
    assert_eq!((areas(Tier::District), areas(Tier::Street)), (1, 17));
    assert_eq!((areas(Tier::Community), areas(Tier::Grid)), (141, 423));
    let groups: Vec<_> =
        profile.routing.units.iter().filter(|unit| unit.kind() == UnitKind::ResponseGroup).collect();
    let classes: BTreeSet<&str> = groups.iter().map(|group| group.class.as_str()).collect();
    assert_eq!((groups.len(), classes.len()), (13, 5));
    assert_eq!(profile.routing.categories.len(), 481);
    assert_eq!(profile.intake.channels.len(), 8);
    assert_eq!((profile.district.as_str(), profile.intake.prefix.as_str()), ("420102", "JA"));
    assert_eq!(profile.routing.areas[0].code, "420102");
    assert_eq!(profile.routing.defaults.len(), 3);
    assert_eq!((profile.casework.amber_percent, profile.routing.learned_percent), (80, 90));
    let desk = profile.routing.triage.as_ref().unwrap();
    assert_eq!((desk.limits.len(), desk.amber_percent, desk.claim_minutes), (3, 80, 15));
    assert_eq!(desk.climbs.iter().map(|it| it.percent).collect::<Vec<_>>(), [200, 300]);
    let files = profile.casework.attachments.as_ref().unwrap();
    assert_eq!((files.most, files.largest, files.media_types.len()), (20, 50 << 20, 15));
    assert_eq!(profile.casework.evidence[0].category, "47678.5:c");
    assert_eq!(profile.casework.required[0].fields().next(), Some(HandlingField::ClaimTrue));
    assert_eq!(profile.casework.verification[0].category, "47678.5:c");
    assert_eq!(profile.casework.verify, limit(LimitKind::WorkDay, 2));
    assert_eq!(profile.casework.top_tier(), Tier::District);
    let grounds: Vec<_> = profile.casework.decline_grounds.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(grounds, ["emergency", "statutory_route", "repeat", "secret", "beyond_duty", "illegal"]);
    assert_eq!(profile.evaluation.callback, limit(LimitKind::WorkDay, 3));
    let rules = profile.evaluation.callbacks.as_ref().unwrap();
    assert_eq!((rules.by(), rules.most, rules.tries), (CallbackBy::Centre, 200, 3));
    assert_eq!((rules.pass_share, rules.sample_share), (1.0, 1.0));
    assert_eq!((rules.reasons.len(), rules.questions[0].code.as_str()), (7, "came"));
    assert_eq!(profile.intake.objection, limit(LimitKind::WorkDay, 5));
    assert_eq!(profile.intake.calendar, profile.evaluation.calendar);
    let satisfaction = profile.evaluation.rates.iter().find(|it| it.code == "satisfaction").unwrap();
    let basically = satisfaction.numerator.iter().find(|it| it.measure == "basically").unwrap();
    assert!((basically.worth - 0.9).abs() < 1e-9);
}

/// 清单、台账: what the life of a case names, as far as cases tell it; casework takes each, since an index leads to it.
#[test]
fn every_ledger_of_jiangan_is_served() {
    let profile = Profile::load(&jiangan()).unwrap().casework;
    let codes: Vec<_> = profile.ledgers.iter().map(|ledger| ledger.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "problems",
            "implementation",
            "responsibility",
            "hard",
            "led",
            "entered",
            "working",
            "settled",
            "outcomes",
            "declined",
            "supervised"
        ]
    );
    for it in &profile.ledgers {
        let ledger = huying_casework::convert::ledger::read(it);
        assert_eq!(ledger.check(&profile.district), [], "{}", it.code);
        assert_eq!(
            huying_casework::store::ledger::unserved(&ledger, &profile.district),
            [""; 0],
            "{}",
            it.code
        );
        assert_eq!(&huying_casework::convert::ledger::write(&ledger), &ordered(it), "{}", it.code);
    }
}

/// A ledger that says no order goes by the newest.
fn ordered(it: &Ledger) -> Ledger {
    let order = if it.order == 0 { CaseOrder::Newest.into() } else { it.order };
    Ledger { order, ..it.clone() }
}

#[test]
fn broken_ledgers_say_line_and_what_to_do() {
    let split = line_of("ledgers.toml", "split = \"leader\"");
    let known = "area, holder, leader, arbiter, verifier, category, state, outcome";
    fails(
        "ledgers.toml",
        "split = \"leader\"",
        "split = \"boss\"",
        &format!(
            "../common/ledgers.toml line {split}: 'boss' is none of the words that may stand here: use one of: {known}"
        ),
    );
    let code = line_of("ledgers.toml", "code = \"hard\"");
    fails(
        "ledgers.toml",
        "code = \"hard\"",
        "code = \"problems\"",
        &format!("../common/ledgers.toml line {code}: 'problems' is there twice: keep one of them"),
    );
    let state = line_of("ledgers.toml", "state = \"closed\"");
    for (what, wrong) in [("category", "47678.5:x"), ("area", "420103")] {
        fails(
            "ledgers.toml",
            "state = \"closed\"",
            &format!("{what} = \"{wrong}\""),
            &format!(
                "../common/ledgers.toml line {state}: there is no {what} '{wrong}': use one that is defined, or leave it out"
            ),
        );
    }
}

#[test]
fn the_most_exact_line_counts() {
    let profile = Profile::load(&jiangan()).unwrap();
    let car = category(&profile, "47678.5:e:09009");
    assert_eq!((car.authority(), car.resolve), (Tier::Grid, limit(LimitKind::UrgentHour, 2)));
    let tree = category(&profile, "47678.5:e:04002");
    assert_eq!((tree.authority(), tree.lead.as_str()), (Tier::Grid, "DEP-yuanlin"));
    assert_eq!(tree.departments, ["DEP-jiaoguan"]);
    assert_eq!(tree.priority(), Priority::High);
    let policy = category(&profile, "JA:m:09001");
    assert_eq!((policy.authority(), policy.lead.as_str()), (Tier::District, "RG-yingshang"));
    // A component is opened under its event, and takes its limit from there.
    let street_tree = category(&profile, "47678.5:c:04002");
    assert_eq!(street_tree.resolve, tree.resolve);
    let leaning = profile.routing.condition_limits.iter();
    let leaning: Vec<_> =
        leaning.filter(|l| l.category == "47678.5:e:04002" && l.condition == "leaning").collect();
    assert_eq!(leaning.len(), 1);
    assert_eq!(leaning[0].resolve, limit(LimitKind::WorkDay, 1));
}

#[test]
fn borders_are_open_rings_and_groups_know_their_members() {
    let profile = Profile::load(&jiangan()).unwrap();
    for boundary in &profile.routing.boundaries {
        assert!(boundary.ring.len() >= 3 && boundary.ring.first() != boundary.ring.last());
        assert!(boundary.ring.iter().all(|at| at.longitude > 100.0 && at.latitude < 40.0));
    }
    let group = profile.routing.units.iter().find(|unit| unit.code == "RG-yingshang").unwrap();
    assert_eq!(group.members[0], "DEP-zhaoshang");
    assert_eq!((group.members.len(), group.class.as_str()), (7, "营商环境"));
}

#[test]
fn next_years_holidays_are_missed() {
    let profile = Profile::load(&jiangan()).unwrap();
    let warnings = profile.warnings(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("2027 (元旦, 春节, "), "{warnings:?}");
    assert!(profile.warnings(NaiveDate::from_ymd_opt(2026, 10, 22).unwrap()).is_empty());
}

/// A copy with one file changed, the place's own or the common one.
fn broken(file: &str, change: impl Fn(&str) -> String) -> (TempDir, ProfileError) {
    let folder = copied("jiangan");
    let own = folder.path().join("jiangan").join(file);
    let path = if own.exists() { own } else { folder.path().join("common").join(file) };
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(&text)).unwrap();
    let error = Profile::load(&folder.path().join("jiangan")).unwrap_err();
    (folder, error)
}

/// A place's folder and the common one, side by side as they are.
pub fn copied(place: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in [place, "common"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        for file in fs::read_dir(profiles().join(name)).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), folder.path().join(name).join(file.file_name())).unwrap();
        }
    }
    folder
}

fn line_of(file: &str, line: &str) -> usize {
    let own = jiangan().join(file);
    let text =
        fs::read_to_string(if own.exists() { own } else { profiles().join("common").join(file) }).unwrap();
    1 + text.lines().position(|one| one == line).unwrap()
}

#[track_caller]
fn fails(file: &str, from: &str, to: &str, expected: &str) {
    let (_folder, error) = broken(file, |text| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let told: Vec<String> = error.faults.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|fault| fault == expected), "{told:#?}");
}

#[test]
fn a_broken_profile_says_file_line_and_what_to_do() {
    fails(
        "areas.csv",
        "420102003,street,一元街道,420102",
        "420102003,street,一元街道,420103",
        "areas.csv line 4: the parent '420103' of 420102003 is not defined: name an area of this file",
    );
    fails(
        "areas.csv",
        "420102003,street,",
        "420102003,town,",
        "areas.csv line 4: tier 'town' is unknown: use one of: grid, community, street, district",
    );
    fails(
        "clocks.csv",
        "default,,,callback,3,work_day,modelled",
        "default,,,callback,0,work_day,modelled",
        "../common/clocks.csv line 5: amount '0' is no whole number from 1 to 8760: write such a number",
    );
    fails(
        "profile.toml",
        "Asia/Shanghai",
        "Asia/Wuhan",
        "profile.toml line 5: zone 'Asia/Wuhan' is no time zone: write an IANA name such as Asia/Shanghai",
    );
    fails(
        "calendar.toml",
        "2026-10-07",
        "2026-10-32",
        "../common/calendar.toml line 28: '2026-10-32' is no date: write YYYY-MM-DD, such as 2026-10-01",
    );
    fails(
        "channels.toml",
        "code = \"forum\"",
        "code = \"fax\"",
        "channels.toml line 34: the channel 'fax' is unknown: use one of: online, grid_patrol, home_visit, forum, \
         from_above, hotline, service_card, resident_qr, enterprise_desk",
    );
}

#[test]
fn a_desk_climbs_upward() {
    let rung = line_of("policies.toml", "percent = 300");
    fails(
        "policies.toml",
        "percent = 300",
        "percent = 200",
        &format!(
            "../common/policies.toml line {rung}: percent must be from 201 to 1000: 200 is red for as long again; each more than the one before"
        ),
    );
}

/// `[callback]`, each key by its line; and what the service itself would refuse by its key.
#[test]
fn who_is_called_back_is_told_by_its_key() {
    for (before, after, said) in [
        (
            "by = \"centre\"",
            "by = \"platform\"",
            "by: 'platform' asks nobody: use centre, first_contact or link",
        ),
        ("pass_share = 1.0", "pass_share = 1.1", "pass_share must be from 0 to 1: 1 is usual: all must pass"),
        (
            "sample_share = 1.0",
            "sample_share = 0.0",
            "sample_share must be above 0, and at most 1: 1 is usual: every reporter is asked",
        ),
        ("most = 200\ntries", "most = 201\ntries", "most must be from 1 to 200: 200 is usual: everybody"),
        ("tries = 3", "tries = 21", "tries must be from 0 to 20: 3 is usual; 0: only the window ends it"),
    ] {
        let line = line_of("policies.toml", before.lines().next().unwrap());
        fails("policies.toml", before, after, &format!("../common/policies.toml line {line}: {said}"));
    }
    fails(
        "policies.toml",
        "code = \"slow\"",
        "code = \"no_contact\"",
        "policies.toml: callbacks.reasons must have each code once, and has no_contact twice: correct it",
    );
}

#[test]
fn broken_policies_say_line_and_what_to_do() {
    let evidence = line_of("policies.toml", "kinds = [\"after_photo\"]");
    fails(
        "policies.toml",
        "kinds = [\"after_photo\"]",
        "kinds = [\"selfie\"]",
        &format!(
            "../common/policies.toml line {evidence}: the kind 'selfie' is unknown: use some of: before_photo, after_photo, recording, document"
        ),
    );
    let required =
        line_of("policies.toml", r#"fields = ["claim_true", "solved", "unsolved_reason", "work_done"]"#);
    fails(
        "policies.toml",
        "\"claim_true\", ",
        "\"claim\", ",
        &format!(
            "../common/policies.toml line {required}: 'claim' is nothing that is said of a case: use some of: claim_true, beyond_duty, contacted, \
             contact_name, contact_phone, contact_method, contact_time, solved, unsolved_reason, work_done"
        ),
    );
    fails(
        "policies.toml",
        "[[verification]]\n",
        "[[verification]]\nunit = \"HC-1\"\n",
        "policies.toml: 'HC-1' is to look at cases, and is no unit: write a code of units.csv",
    );
    fails(
        "policies.toml",
        "[[required]]\ncategory = \"47678.5:c\"",
        "[[required]]\ncategory = \"47678.5:z\"",
        "policies.toml: words are demanded of '47678.5:z', which is no category: write a code of categories.csv, or its beginning up to \
         a colon",
    );
    fails(
        "policies.toml",
        "[[evidence]]\ncategory = \"47678.5:c\"",
        "[[evidence]]\ncategory = \"47678.5:z\"",
        "policies.toml: evidence is demanded of '47678.5:z', which is no category: write a code of categories.csv, or its beginning up to \
         a colon",
    );
    fails(
        "rules.csv",
        "category,all,any,none,weight,priority,note",
        "category,all,any,none,weight,priority",
        "../common/rules.csv line 1: the column 'note' is missing: the columns are category,all,any,none,weight,priority,note",
    );
    fails(
        "groups.csv",
        "DEP-zhaoshang;DEP-shuiwu",
        "DEP-nobody;DEP-shuiwu",
        "groups.csv line 11: the member 'DEP-nobody' is not defined: name a unit of units.csv",
    );
    fails(
        "places.csv",
        "恒大双城,420102010002002",
        "恒大双城,420102010002099",
        "places.csv line 2: the area '420102010002099' is not defined: name an area of areas.csv",
    );
}

/// Whoever writes a key believes that it does something.
#[test]
fn a_key_that_nobody_reads_is_a_fault() {
    for file in ["policies.toml", "profile.toml", "calendar.toml", "channels.toml", "ledgers.toml"] {
        let (_folder, error) = broken(file, |text| format!("nobody_reads = 1\n{text}"));
        let told = error.to_string();
        assert!(told.contains(&format!("{file} line 1: unknown field `nobody_reads`, expected ")), "{told}");
    }
    let amber = "amber_percent = 80        # 用到时限的 80 % 亮黄灯，100 % 亮红灯";
    fails(
        "policies.toml",
        amber,
        "red_percent = 100\namber_percent = 80",
        &format!(
            "../common/policies.toml line {}: unknown field `red_percent`, expected `amber_percent` or `idle_percent`: correct this line",
            line_of("policies.toml", amber)
        ),
    );
}

#[test]
fn a_cell_too_many_is_found_and_everything_is_said_at_once() {
    let (_folder, error) =
        broken("places.csv", |text| text.replace("百步亭,", "百步亭,花园,").replace("恒大双城,", "恒,"));
    let told = error.to_string();
    assert!(told.contains("places.csv line 4: the line has 4 cells, the first line has 3"), "{told}");
    assert!(told.contains("places.csv line 2: the name '恒' is too short or too long"), "{told}");
}

#[test]
fn a_missing_folder_or_file_is_named() {
    let error = Profile::load(Path::new("no-such-place")).unwrap_err();
    assert!(error.to_string().contains("there is no such folder"), "{error}");
    let (folder, _) = broken("areas.csv", |_| "code\n".to_owned());
    let place = folder.path().join("jiangan");
    fs::remove_file(place.join("units.csv")).unwrap();
    let error = Profile::load(&place).unwrap_err();
    assert!(
        error.to_string().contains("units.csv: the file is missing: add it, with the columns code,name"),
        "{error}"
    );
}

/// The border of one area of the real place, drawn anew.
fn with_border(geometry: &str) -> Result<Profile, ProfileError> {
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    let feature =
        format!(r#"{{"type":"Feature","properties":{{"code":"420102003"}},"geometry":{geometry}}}"#);
    let text = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
    fs::write(place.join("boundaries.geojson"), text).unwrap();
    Profile::load(&place)
}

#[test]
fn a_border_may_have_parts_and_holes() {
    const RING: &str = "[[114.2,30.5],[114.3,30.5],[114.3,30.6],[114.2,30.5]]";
    const HOLE: &str = "[[114.25,30.51],[114.29,30.51],[114.29,30.55],[114.25,30.51]]";
    let one = format!(r#"{{"type":"Polygon","coordinates":[{RING},{HOLE}]}}"#);
    let boundaries = with_border(&one).unwrap().routing.boundaries;
    assert_eq!((boundaries.len(), boundaries[0].ring.len(), boundaries[0].holes.len()), (1, 3, 1));
    let many = format!(r#"{{"type":"MultiPolygon","coordinates":[[{RING},{HOLE}],[{HOLE}]]}}"#);
    let boundaries = with_border(&many).unwrap().routing.boundaries;
    assert_eq!(boundaries.iter().map(|it| it.holes.len()).collect::<Vec<_>>(), [1, 0]);
    assert!(boundaries.iter().all(|it| it.area == "420102003"));
}

#[test]
fn a_broken_border_names_its_feature() {
    let told = |geometry: &str| with_border(geometry).unwrap_err().faults[0].to_string();
    let shape = "draw a Polygon, or a MultiPolygon for several parts";
    assert_eq!(told("null"), format!("boundaries.geojson: feature 1: 420102003 has no shape: {shape}"));
    assert_eq!(
        told(r#"{"type":"Point","coordinates":[114.2,30.5]}"#),
        format!("boundaries.geojson: feature 1: 420102003 is no Polygon: {shape}")
    );
    assert_eq!(
        told(r#"{"type":"Polygon","coordinates":[[[30.5,114.2],[30.5,114.3],[30.6,114.3]]]}"#),
        "boundaries.geojson: feature 1: 420102003 has a point outside the world: write longitude, then latitude, in degrees"
    );
    assert!(told(r#"{"type":"Polygon","coordinates":"?"}"#).starts_with("boundaries.geojson: feature 1: "));
    assert!(told(r#"{"type":"Polygon","#).starts_with("boundaries.geojson: cannot be read ("));
}

#[test]
fn a_channel_says_what_its_points_are_of() {
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    let path = place.join("channels.toml");
    let text = fs::read_to_string(&path).unwrap();
    let with = |datum: &str| {
        fs::write(
            &path,
            text.replacen("code = \"online\"", &format!("code = \"online\"\ndatum = \"{datum}\""), 1),
        )
        .unwrap();
        Profile::load(&place)
    };
    assert_eq!(with("gcj02").unwrap().intake.channels[0].datum(), Datum::Gcj02);
    let told = with("mars").unwrap_err().faults[0].to_string();
    assert!(told.ends_with("datum 'mars' is unknown: use one of: wgs84, gcj02, bd09"), "{told}");
}

/// The real place with one more file.
fn with_file(file: &str, text: &str) -> Result<Profile, ProfileError> {
    let folder = copied("jiangan");
    fs::write(folder.path().join("jiangan").join(file), text).unwrap();
    Profile::load(&folder.path().join("jiangan"))
}

#[test]
fn names_that_lead_to_an_area_or_away_are_read() {
    let routing = Profile::load(&jiangan()).unwrap().routing;
    assert_eq!(routing.within, ["湖北省", "武汉市", "汉口"]);
    assert!(
        routing.elsewhere.contains(&"江汉区".to_owned()) && !routing.elsewhere.contains(&"江岸区".to_owned())
    );
    assert_eq!((routing.roads[0].name.as_str(), routing.roads[0].last), ("胜利街", 158));

    let retired = "code,name,area,note\n420102901,旧街道,420102003,\n";
    let areas = with_file("retired.csv", retired).unwrap().routing.areas;
    let street = areas.iter().find(|area| area.code == "420102003").unwrap();
    assert_eq!((street.former_codes[0].as_str(), street.former_names[0].as_str()), ("420102901", "旧街道"));

    let told = |file: &str, text: &str| with_file(file, text).unwrap_err().faults[0].to_string();
    assert_eq!(
        told("retired.csv", "code,name,area,note\n420102002,,420102003,\n"),
        "retired.csv line 2: '420102002' is no retired area code: write 6, 9, 12 or 15 digits that areas.csv does not have"
    );
    assert_eq!(
        told("roads.csv", "road,area,first,last,side,note\n胜利街,420102003002,9,3,,\n"),
        "roads.csv line 2: '9' to '3' are no house numbers: write the first and the last, or leave both empty"
    );
    assert_eq!(
        told("roads.csv", "road,area,first,last,side,note\n胜利街,420102777,,,,\n"),
        "roads.csv line 2: the area '420102777' is not defined: name an area of areas.csv"
    );
}

/// A border with a wrong digit is taken, and told.
#[test]
fn a_border_far_from_the_others_is_warned_of() {
    let folder = copied("jiangan");
    let far = folder.path().join("jiangan");
    moved(&far);
    let day = NaiveDate::from_ymd_opt(2026, 10, 22).unwrap();
    let warnings = Profile::load(&far).unwrap().warnings(day);
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert!(warning.starts_with("江岸区: the border of 420102003001 "), "{warning}");
    assert!(warning.contains(" km away from where most borders lie"), "{warning}");
    for place in ["jiangan", "jiangbei", "haishu", "xiaoshan", "sunbu"] {
        let warnings = Profile::load(&profiles().join(place)).unwrap().warnings(day);
        assert!(!warnings.iter().any(|it| it.contains("the border of")), "{place}: {warnings:?}");
    }
}

/// Gives 420102003001 a border at longitude 10.3.
fn moved(folder: &Path) {
    let file = folder.join("boundaries.geojson");
    let mut borders: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let ring = [[10.300, 30.59], [10.304, 30.59], [10.304, 30.594], [10.300, 30.59]];
    let features = borders["features"].as_array_mut().unwrap();
    features.retain(|it| it["properties"]["code"] != "420102003001");
    features.push(serde_json::json!({
        "type": "Feature",
        "properties": { "code": "420102003001" },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    }));
    fs::write(&file, borders.to_string()).unwrap();
}

/// As somebody types it: what was read, what should be known beside, and what is wrong.
#[tokio::test]
async fn profile_check_says_what_it_read_and_what_is_wrong() {
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    let check = ["profile", "check", place.to_str().unwrap()];
    let told = said(folder.path(), &check).await;
    let read = "江岸区 (420102) is sound: 582 areas, ";
    assert!(told.starts_with(read) && told.contains(" 481 categories, "), "{told}");
    assert!(told.contains(" 8 channels, 11 ledgers"), "{told}");
    moved(&place);
    let output = huying_command(folder.path(), &check).await;
    let beside = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && beside.contains("warning: 江岸区: the border of 420102003001 "),
        "{beside}"
    );
    let json = said(folder.path(), &[&check[..], &["-o", "json"]].concat()).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["district"], &json["areas"]), (&"420102".into(), &582.into()));
    assert!(json["warnings"].to_string().contains("420102003001"), "{json}");

    let areas = place.join("areas.csv");
    let text = fs::read_to_string(&areas).unwrap();
    fs::write(&areas, text.replacen(",一元街道,420102", ",一元街道,420103", 1)).unwrap();
    let output = huying_command(folder.path(), &check).await;
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(64), 0), "{wrong}");
    assert!(
        wrong.contains("areas.csv line 4: the parent '420103' of 420102003 is not defined: name an area"),
        "{wrong}"
    );
}
