//! The five places: each is whole, none is code, and what is the same in all of them stands once.

use std::collections::BTreeSet;
use std::fs;

use chrono::NaiveDate;
use huying::profile::{Profile, ProfileError};
use huying_proto::common::v1::{LimitKind, Tier};
use huying_proto::routing::v1::UnitKind;
use tempfile::TempDir;

use crate::profile::{copied, profiles};

const PLACES: [&str; 5] = ["jiangan", "jiangbei", "haishu", "xiaoshan", "sunbu"];

fn load(place: &str) -> Profile {
    Profile::load(&profiles().join(place)).unwrap()
}

/// Areas by tier, from the top down; then units by kind, of those that answer for areas.
fn counts(profile: &Profile) -> ([usize; 4], [usize; 4]) {
    let areas = [Tier::District, Tier::Street, Tier::Community, Tier::Grid];
    let kinds = [UnitKind::District, UnitKind::Street, UnitKind::Community, UnitKind::GridTeam];
    (
        areas.map(|tier| profile.routing.areas.iter().filter(|area| area.tier() == tier).count()),
        kinds.map(|kind| profile.routing.units.iter().filter(|unit| unit.kind() == kind).count()),
    )
}

/// The real divisions (edition of 2023); grids by the numbers that the places publish: Haishu 1,409, Xiaoshan 2,048, Sunbu 63.
#[test]
fn every_area_has_the_unit_that_answers_for_it() {
    let expected = [
        ("jiangan", [1, 17, 141, 423]),
        ("jiangbei", [1, 8, 152, 456]),
        ("haishu", [1, 17, 280, 1_409]),
        ("xiaoshan", [1, 27, 585, 2_048]),
        ("sunbu", [0, 1, 9, 63]),
    ];
    for (place, areas) in expected {
        assert_eq!(counts(&load(place)), (areas, areas), "{place}");
    }
}

#[test]
fn nothing_but_next_years_holidays_is_to_be_known_of_a_place() {
    for place in PLACES {
        let profile = load(place);
        assert_eq!(profile.warnings(NaiveDate::from_ymd_opt(2026, 10, 1).unwrap()), [""; 0], "{place}");
        assert_eq!(profile.routing.categories.len(), 481, "{place}");
    }
}

/// What no standard numbers has the place's own prefix, in every table that names it.
#[test]
fn a_places_own_codes_begin_with_its_prefix() {
    for place in PLACES {
        let profile = load(place);
        let own = profile.intake.prefix.as_str();
        let standards: BTreeSet<_> =
            profile.routing.categories.iter().map(|it| it.code.split(':').next().unwrap()).collect();
        assert_eq!(standards, BTreeSet::from(["47678.5", own]), "{place}");
        let standards: BTreeSet<_> =
            profile.routing.categories.iter().map(|it| it.standard.as_str()).collect();
        assert_eq!(standards, BTreeSet::from(["GB/T 47678.5-2026", own]), "{place}");
        let ruled = profile.routing.rules.iter().filter(|rule| rule.category.starts_with(own));
        assert_eq!(ruled.count(), 147, "{place}");
    }
}

/// 孙埠: a town that has no district above it. What elsewhere starts or is granted at the district is the town's.
#[test]
fn a_town_on_its_own_is_the_top() {
    let sunbu = load("sunbu");
    assert_eq!(sunbu.casework.top_tier(), Tier::Street);
    let top = sunbu.routing.units.iter().find(|unit| unit.superior.is_empty()).unwrap();
    assert_eq!((top.code.as_str(), top.kind(), top.tier()), ("S-341802107", UnitKind::Street, Tier::Street));
    assert!(sunbu.routing.categories.iter().all(|category| category.authority() <= Tier::Street));
    let school = sunbu.routing.categories.iter().find(|it| it.code == "SB:m:04002").unwrap();
    assert_eq!((school.authority(), school.lead.as_str()), (Tier::Street, "DEP-xuexiao"));
    let granted: BTreeSet<_> = sunbu.casework.grants.iter().map(|grant| grant.tier()).collect();
    assert!(!granted.contains(&Tier::District) && granted.contains(&Tier::Street), "{granted:?}");
    let team = sunbu.routing.units.iter().find(|unit| unit.code == "G-341802107203002").unwrap();
    assert_eq!((team.name.as_str(), team.superior.as_str()), ("正兴村第二网格服务团队", "C-341802107203"));
    let village = sunbu.routing.units.iter().find(|unit| unit.code == team.superior).unwrap();
    assert_eq!((village.name.as_str(), village.superior.as_str()), ("正兴村村委会", "S-341802107"));
    let ledgers: Vec<_> = sunbu.casework.ledgers.iter().map(|ledger| ledger.code.as_str()).collect();
    assert_eq!(ledgers[..3], ["requests", "conflicts", "dangers"]);
}

/// Who does here what the categories give to a unit that this place does not have.
#[test]
fn stand_ins_do_the_work_of_units_that_a_place_lacks() {
    let haishu = load("haishu");
    let policy = haishu.routing.categories.iter().find(|it| it.code == "HS:m:09001").unwrap();
    assert_eq!(policy.lead, "RG-zhengce");
    assert_eq!(policy.departments, ["DEP-shuiwu", "DEP-shangwu", "DEP-zhengwu"]);
    let haishu = load("sunbu");
    let policy = haishu.routing.categories.iter().find(|it| it.code == "SB:m:09001").unwrap();
    assert_eq!((policy.lead.as_str(), &policy.departments[..]), ("DEP-jingji", &["DEP-fuwu".to_owned()][..]));
}

/// What the place says counts, row by row and key by key; all else is as common.
#[test]
fn a_place_says_only_what_is_its_own() {
    let folder = copied("sunbu");
    let place = folder.path().join("sunbu");
    let clocks = "scope,key,condition,clock,amount,kind,source\ndefault,,,callback,2,work_day,own\ncategory,SB:m:04002,,resolve,9,work_day,own\n";
    fs::write(place.join("clocks.csv"), clocks).unwrap();
    fs::write(place.join("rates.toml"), rates_of("partly", 1.0)).unwrap();
    let (own, common) = (Profile::load(&place).unwrap(), load("sunbu"));
    assert_eq!(own.evaluation.callback.unwrap().amount, 2);
    let school = own.routing.categories.iter().find(|it| it.code == "SB:m:04002").unwrap().resolve.unwrap();
    assert_eq!((school.kind(), school.amount), (LimitKind::WorkDay, 9));
    let rates: Vec<(&str, f64)> =
        own.evaluation.rates.iter().map(|it| (it.numerator[0].measure.as_str(), it.weight)).collect();
    assert_eq!(rates, [("partly", 1.0)]);
    assert_eq!(own.evaluation.grades, common.evaluation.grades);
    assert_eq!(own.casework.ladder, common.casework.ladder);
    assert_eq!(own.casework.dispatch_respond, common.casework.dispatch_respond);
    assert_eq!(own.routing.rules, common.routing.rules);

    fs::write(place.join("rates.toml"), "[[rate]]\ncode = 'solved'\n").unwrap();
    let told = Profile::load(&place).unwrap_err().to_string();
    assert!(told.contains("rates.toml line 1: missing field `name`"), "{told}");
    fs::write(place.join("rates.toml"), rates_of("happiness", 0.5)).unwrap();
    let told = Profile::load(&place).unwrap_err().to_string();
    assert!(
        told.contains("rates.toml: rates[0].numerator[0].measure must be one of opened, accepted"),
        "{told}"
    );
    fs::write(place.join("rates.toml"), rates_of("solved", 0.5)).unwrap();
    let told = Profile::load(&place).unwrap_err().to_string();
    assert!(told.contains("rates.toml: rates must have weights that add up to 1, not 0.5000"), "{told}");
}

/// A file with one rate.
fn rates_of(measure: &str, weight: f64) -> String {
    format!(
        "[[rate]]\ncode = 'solved'\nname = '解决率'\nnumerator = {{ {measure} = 1.0 }}\ndenominator = {{ valid = 1.0 }}\nweight = {weight:?}\n"
    )
}

/// 萧山: 12 departments and 22 towns, each town with one of them; and whom everybody may call stands in every place.
#[test]
fn a_place_says_who_is_bound_to_whom_and_who_serves_it() {
    let xiaoshan = load("xiaoshan");
    let bonds = &xiaoshan.intake.bonds;
    let departments: std::collections::BTreeSet<_> = bonds.iter().map(|it| &it.unit).collect();
    let towns: std::collections::BTreeSet<_> = bonds.iter().map(|it| &it.area).collect();
    assert_eq!((bonds.len(), departments.len(), towns.len()), (22, 12, 22));
    for place in ["jiangan", "jiangbei", "haishu", "xiaoshan", "sunbu"] {
        let it = load(place);
        assert!(it.routing.forces.iter().any(|force| force.phone == "95598" && force.area == it.district));
        assert!(!it.routing.team.is_empty(), "{place} says who is in a grid team");
    }
    let first = &bonds[0];
    let line = format!("pairing,,,{},town,{},{},", first.unit, first.object, first.area);
    says(
        "xiaoshan",
        "bonds.csv",
        (&line, &line.replace(&first.unit, "DEP-none")),
        "bonds.csv line 2: the unit 'DEP-none' is not defined: name a unit of units.csv",
    );
    says(
        "xiaoshan",
        "bonds.csv",
        (&line, &line.replace(",town,", ",enterprise,")),
        "bonds.csv: bonds[0] must bind a department, and no officer, to a town of 9 digits: correct it",
    );
}

/// A copy with one of its own files changed.
fn broken(place: &str, file: &str, from: &str, to: &str) -> (TempDir, ProfileError) {
    let folder = copied(place);
    let path = folder.path().join(place).join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    match Profile::load(&folder.path().join(place)) {
        Ok(_) => panic!("it is taken with {to}"),
        Err(error) => (folder, error),
    }
}

#[track_caller]
fn says(place: &str, file: &str, (from, to): (&str, &str), expected: &str) {
    let (_folder, error) = broken(place, file, from, to);
    let told: Vec<String> = error.faults.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|fault| fault == expected), "{told:#?}");
}

/// Whoever has nobody above could never be relieved: such a profile goes to no service.
#[test]
fn a_profile_that_strands_a_unit_is_refused() {
    says(
        "jiangan",
        "units.csv",
        (
            "S-420102003,一元街道,street,street,420102003,D-420102,",
            "S-420102003,一元街道,street,street,420102003,,",
        ),
        "units.csv line 4: S-420102003 has no superior and does not stand at the top: name the unit above it",
    );
    says(
        "jiangan",
        "units.csv",
        (
            "S-420102003,一元街道,street,street,420102003,D-420102,",
            "S-420102003,一元街道,street,street,420102003,D-9,",
        ),
        "units.csv line 4: the superior 'D-9' of S-420102003 is not defined: name a unit of this file, or leave it empty at the top",
    );
    says(
        "haishu",
        "units.csv",
        (
            "DEP-gongan,海曙区公安分局,district,department,330203,D-330203,",
            "DEP-gongan,海曙区公安分局,district,department,330203,DEP-gongan,",
        ),
        "units.csv line 3: the superiors of DEP-gongan go round in a ring: correct the superior, so that the line ends at the top",
    );
    says(
        "sunbu",
        "units.csv",
        (
            "S-341802107,孙埠镇人民政府（民情服务调度室）,street,street,",
            "S-341802107,孙埠镇人民政府（民情服务调度室）,street,department,",
        ),
        "units.csv: units must have the unit that answers for all of 341802107: correct it",
    );
}

/// Each with its file, its line and what to do.
#[test]
fn what_is_wrong_with_a_place_is_said() {
    says(
        "haishu",
        "units.csv",
        ("DEP-keji,", "DEP.keji,"),
        "units.csv line 29: the code 'DEP.keji' cannot be used: write at most 64 letters, digits, '_', ':' or '-': it is part of the \
         subject that the unit's events go on",
    );
    says(
        "haishu",
        "profile.toml",
        ("grids = 1409", "grids = 279"),
        "profile.toml: 279 grids cannot be spread over 280 communities: correct grids of [derived]",
    );
    says(
        "haishu",
        "profile.toml",
        ("\"../common\"", "\"../nowhere\""),
        "profile.toml line 7: there is no folder ../nowhere: name the folder as seen from this one, such as ../common",
    );
    says(
        "sunbu",
        "profile.toml",
        ("top_tier = \"street\"", "top_tier = \"district\""),
        "profile.toml line 6: top_tier 'district' is not that of 341802107: use district, or street for a town on its own",
    );
    says(
        "sunbu",
        "stand_ins.csv",
        ("DEP-jiaoguan,DEP-gongan", "DEP-jiaoguan,DEP-traffic"),
        "stand_ins.csv line 2: the unit 'DEP-traffic' is not defined: name a unit of units.csv",
    );
    says(
        "sunbu",
        "ledgers.toml",
        ("split = \"area\"", "split = \"category\""),
        "ledgers.toml: ledgers[0].split 'requests': no index has this besides all that it names, in its order: leave it out, or order it \
         otherwise: correct it",
    );
    // Without its stand-in, the department that the common categories name is nobody here.
    says(
        "sunbu",
        "stand_ins.csv",
        ("UT-gongjiao,DEP-jiaotong,镇村公交\n", ""),
        "../common/categories.csv line 429: the unit 'UT-gongjiao' is not defined: name a unit of units.csv, or in stand_ins.csv who does \
         its work here",
    );
}
