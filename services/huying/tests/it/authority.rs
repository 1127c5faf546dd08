//! `authority.csv`, 处置权限: asked from the top, laid on the common one in its order, and refused or warned of by its lines.

use std::fs;

use chrono::NaiveDate;
use huying::profile::{Profile, ProfileError};
use huying_proto::routing::v1::AuthorityRule;

use crate::profile::copied;

const HEADER: &str =
    "scope,key,condition,tier,starts,disposes,lead,joins,evidence,verifier,respond,resolve,note";

/// The place with rows of its own.
fn with(rows: &str) -> Result<Profile, ProfileError> {
    let folder = copied("jiangan");
    let place = folder.path().join("jiangan");
    fs::write(place.join("authority.csv"), format!("{HEADER}\n{rows}\n")).unwrap();
    Profile::load(&place)
}

/// The place with the common table changed.
fn with_common(change: impl Fn(&str) -> String) -> Result<Profile, ProfileError> {
    let folder = copied("jiangan");
    let table = folder.path().join("common/authority.csv");
    fs::write(&table, change(&fs::read_to_string(&table).unwrap())).unwrap();
    Profile::load(&folder.path().join("jiangan"))
}

fn told(refused: Result<Profile, ProfileError>) -> Vec<String> {
    refused.unwrap_err().faults.iter().map(ToString::to_string).collect()
}

/// Which row counts for a category where no condition holds.
fn starts_by<'a>(profile: &'a Profile, category: &str) -> &'a AuthorityRule {
    let category = profile.routing.categories.iter().find(|it| it.code == category).unwrap();
    let is_about = |it: &&AuthorityRule| {
        it.scope.is_empty() || it.scope == category.code || category.scopes.contains(&it.scope)
    };
    let plain = profile.routing.authority.iter().filter(|it| it.condition.is_empty() && it.tier == 0);
    plain.filter(is_about).collect::<Vec<_>>()[0]
}

#[test]
fn the_common_table_ends_with_a_row_for_everything_and_warns_of_nothing() {
    let profile = Profile::load(&crate::profile::profiles().join("jiangan")).unwrap();
    let last = profile.routing.authority.last().unwrap();
    assert_eq!((last.scope.as_str(), last.condition.as_str(), last.tier), ("", "", 0));
    assert!(last.line.starts_with("../common/authority.csv:"), "{}", last.line);
    let warnings = profile.warnings(NaiveDate::from_ymd_opt(2026, 10, 22).unwrap());
    assert_eq!(warnings, [""; 0]);
    let waste = starts_by(&profile, "47678.5:e:06033").demands.clone().unwrap();
    assert_eq!((waste.evidence.join(";"), waste.verified), ("before_photo;after_photo".into(), true));
    // A component goes by its event, its major and its kind as well.
    let manhole = profile.routing.categories.iter().find(|it| it.code == "47678.5:c:01001").unwrap();
    assert_eq!(manhole.scopes, ["47678.5:e:01001", "47678.5:c:01", "47678.5:e:01", "component"]);
}

#[test]
fn a_places_row_stands_before_the_common_ones_of_its_scope_or_in_its_place() {
    let rows = "category,47678.5:e:04002,leaning,,street,street,DEP-yuanlin,DEP-jiaoguan,after_photo,DEP-yuanlin,1 urgent_hour,4 work_hour,\n\
                category,47678.5:e:06007,,,community,street,,,,superior,,,";
    let profile = with(rows).unwrap();
    let first = &profile.routing.authority[0];
    assert_eq!((first.line.as_str(), first.condition.as_str()), ("authority.csv:2", "leaning"));
    assert_eq!(first.demands.as_ref().unwrap().verifier, "DEP-yuanlin");
    assert_eq!((first.respond.unwrap().amount, first.resolve.unwrap().amount), (1, 4));
    assert_eq!(starts_by(&profile, "47678.5:e:06007").line, "authority.csv:3");
    let lines = profile.routing.authority.iter().filter(|it| it.scope == "47678.5:e:06007");
    assert_eq!(lines.count(), 1, "the common one has gone");
}

#[test]
fn a_row_that_cannot_be_meant_is_refused_by_its_line() {
    let behind = "category,47678.5:e:06007,,,grid,grid,";
    let twice = with_common(|text| text.replacen(behind, &format!("{behind},,,,,,先\n{behind}"), 1));
    assert_eq!(
        told(twice),
        [
            "../common/authority.csv line 6: can never count: ../common/authority.csv:5 always counts before it: correct it"
        ]
    );
    let dangling = with_common(|text| text.replacen("DEP-jiaoguan;DEP-chengguan", "DEP-nobody", 1));
    assert_eq!(
        told(dangling),
        [
            "../common/authority.csv line 2: names DEP-nobody, which is no department, response group or utility of this profile: correct it"
        ]
    );
    let open = with_common(|text| {
        text.lines().filter(|line| !line.starts_with("default")).collect::<Vec<_>>().join("\n")
    });
    let open = told(open).join("\n");
    assert!(
        open.contains("the last line does not fit everything, so nothing says where all else starts"),
        "{open}"
    );
    for (from, to, said) in [
        (
            "leaning",
            "tilting",
            "authority.csv line 2: the condition 'tilting' is not defined, or no words tell it",
        ),
        ("after_photo", "selfie", "authority.csv line 2: the kind 'selfie' is unknown"),
        (
            "4 work_hour",
            "4 hours",
            "authority.csv line 2: resolve '4 hours' is no limit: write such as 4 work_hour",
        ),
        (
            "47678.5:e:04002",
            "47678.5:e:99999",
            "authority.csv line 2: the category '47678.5:e:99999' is not defined",
        ),
    ] {
        let row = "category,47678.5:e:04002,leaning,,street,street,,,after_photo,,,4 work_hour,";
        let told = told(with(&row.replace(from, to))).join("\n");
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn rows_of_which_only_the_order_decides_are_warned_of() {
    let rows = "category,47678.5:e:04002,leaning,,street,street,,,,,,,\n\
                category,47678.5:e:04002,dead,,community,street,,,,,,,";
    let warnings = with(rows).unwrap().warnings(NaiveDate::from_ymd_opt(2026, 10, 22).unwrap());
    assert_eq!(
        warnings,
        [
            "江岸区: authority.csv:2 and authority.csv:3 may both fit the same case and say different things: the first counts"
        ]
    );
}
