//! 处置权限: the first row of the authority table that fits counts, the decision keeps which, and a table that cannot be meant is refused.

use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::{
    domain::{
        decide::decide,
        decision::{Authority, Decision, Demands, Part, Verifier},
        index::Index,
        learned::Memory,
    },
    grpc::profile,
};
use huying_terms::{Location, Tier};

use crate::{
    check::wrong,
    place::{self, LITTER, POLICY, TREES, at, submission},
};

fn row(line: &str, scope: &str, starts: common::Tier, disposes: common::Tier) -> pb::AuthorityRule {
    pb::AuthorityRule {
        line: line.into(),
        scope: scope.into(),
        starts: starts.into(),
        disposes: disposes.into(),
        ..pb::AuthorityRule::default()
    }
}

/// Leaning trees are the street's, other trees the community's, an enterprise's matters the district's, all else the grid's.
pub fn table() -> Vec<pb::AuthorityRule> {
    use common::Tier::{Community, District, Grid, Street};
    let demands =
        pb::Demands { evidence: vec!["after_photo".into()], verified: true, verifier: String::new() };
    let leaning = pb::AuthorityRule {
        condition: "leaning".into(),
        lead: "DEP-chengguan".into(),
        joins: vec!["UT-ranqi".into()],
        demands: Some(demands),
        respond: place::limit(common::LimitKind::UrgentHour, 1),
        resolve: place::limit(common::LimitKind::UrgentHour, 3),
        ..row("authority.csv:2", TREES, Street, Street)
    };
    let somewhere = pb::AuthorityRule {
        tier: Street.into(),
        lead: "DEP-zhaoshang".into(),
        ..row("authority.csv:4", LITTER, District, District)
    };
    vec![
        leaning,
        row("authority.csv:3", TREES, Community, Street),
        somewhere,
        row("authority.csv:5", POLICY, District, District),
        row("authority.csv:6", "", Grid, Street),
    ]
}

fn decided(content: &str, location: Location) -> Decision {
    let index = Index::new(place::directory(pb::RoutingProfile { authority: table(), ..place::profile() }));
    place::decided(decide(
        &index.unwrap(),
        Memory::default(),
        &submission(content, location, ""),
        place::now(),
    ))
}

fn line(it: &Decision) -> &str {
    it.authority.as_ref().map_or("", |row| row.line.as_str())
}

#[test]
fn the_first_row_that_fits_says_where_it_starts_who_leads_and_joins_and_by_when() {
    let it = decided("门前大树倾斜", at("一元街道同兴社区第一网格"));
    assert_eq!((line(&it), it.holder.as_str(), it.tier), ("authority.csv:2", "S-420102003", Tier::Street));
    assert_eq!(it.departments, ["DEP-chengguan", "UT-ranqi", "DEP-jiaoguan"]);
    assert_eq!((it.respond.amount, it.resolve.amount), (1, 3));
    let demands = Demands { evidence: vec!["after_photo".into()], verified: Some(Verifier::Superior) };
    let kept = Authority {
        condition: Some("leaning".into()),
        disposes: Tier::Street,
        demands,
        line: line(&it).into(),
    };
    assert_eq!(it.authority.as_ref(), Some(&kept));
    insta::assert_snapshot!("authority_leaning", place::told(&it));
}

#[test]
fn a_row_that_does_not_fit_is_passed_over_down_to_the_one_that_fits_everything() {
    let it = decided("行道树要修剪一下", at("一元街道同兴社区第一网格"));
    assert_eq!((line(&it), it.holder.as_str()), ("authority.csv:3", "C-420102003002"));
    assert_eq!(it.departments, ["DEP-yuanlin", "DEP-jiaoguan"], "the category's own");
    // Which place is known to the street only, and which better.
    let litter = "路边垃圾堆了一地";
    let it = decided(litter, at("一元街道"));
    assert_eq!((line(&it), it.holder.as_str()), ("authority.csv:4", "DEP-zhaoshang"));
    let it = decided(litter, at("一元街道同兴社区第一网格"));
    assert_eq!((line(&it), it.holder.as_str()), ("authority.csv:6", "G-420102003002001"));
    // What the district disposes of needs no place, by the table as well.
    let it = decided("园区企业想请人做一次惠企政策宣讲", Location::default());
    assert_eq!(
        (line(&it), it.area.as_str(), it.holder.as_str()),
        ("authority.csv:5", "420102", "RG-yingshang")
    );
}

#[test]
fn a_person_who_names_the_holder_is_told_what_the_table_demands_all_the_same() {
    let index = Index::new(place::directory(pb::RoutingProfile { authority: table(), ..place::profile() }));
    let triage = huying_routing::domain::decision::Triage {
        area: "420102003002".into(),
        category: TREES.into(),
        holder: Some("DEP-yuanlin".into()),
        priority: None,
    };
    let asked = ("大树倾斜", Default::default());
    let it = huying_routing::domain::decide::by_hand(
        &index.unwrap(),
        asked,
        &triage,
        (place::now(), place::now()),
    );
    let it = it.unwrap();
    assert_eq!((it.holder.as_str(), line(&it)), ("DEP-yuanlin", "authority.csv:2"));
    assert!(it.reasons.iter().any(|it| it.part == Part::Tier && it.rule == "tier.demands"));
}

/// What an apply of a changed table is told.
fn refused(change: impl FnOnce(&mut Vec<pb::AuthorityRule>)) -> String {
    wrong(|profile| {
        profile.authority = table();
        change(&mut profile.authority);
    })
}

#[test]
fn a_row_that_can_never_count_is_named_by_its_line() {
    assert_eq!(refused(|_| {}), "fine");
    assert_eq!(
        refused(|rows| rows.swap(0, 1)),
        "authority[1]: (authority.csv:2) can never count: authority.csv:3 always counts before it"
    );
    assert_eq!(
        refused(|rows| rows[0].scope = "JA:e:99999".into()),
        "authority[0]: (authority.csv:2) can never count: nothing is called JA:e:99999"
    );
    // One row for each tier leaves nothing to a row for all of them.
    assert_eq!(
        refused(|rows| {
            use common::Tier::{Community, District, Grid, Street};
            let each = [Grid, Community, Street, District].map(|tier| pb::AuthorityRule {
                tier: tier.into(),
                ..row(&format!("authority.csv:{}", 10 + tier as i32), TREES, Street, Street)
            });
            rows.splice(1..1, each);
        }),
        "authority[5]: (authority.csv:3) can never count: authority.csv:11, authority.csv:12, authority.csv:13, authority.csv:14 always counts before it"
    );
}

#[test]
fn a_table_names_what_is_there_and_ends_with_a_row_for_everything() {
    insta::assert_snapshot!(
        "authority_wrong",
        refused(|rows| {
            rows[0].condition = "none".into();
            rows[0].lead = "DEP-none".into();
            rows[0].joins = vec!["S-420102003".into()];
            rows[0].demands.as_mut().unwrap().verifier = "HC-1".into();
            rows[1].disposes = common::Tier::Grid.into();
            rows.pop();
        })
    );
    insta::assert_snapshot!(
        "authority_wire",
        refused(|rows| {
            rows[0].line.clear();
            rows[1].starts = 0;
            rows[2].tier = 99;
            rows[3].respond = place::limit(common::LimitKind::WorkDay, 0);
        })
    );
}

#[test]
fn rows_that_cross_and_say_different_things_are_warned_of() {
    let warned = |change: &dyn Fn(&mut Vec<pb::AuthorityRule>)| {
        let mut profile = pb::RoutingProfile { authority: table(), ..place::profile() };
        change(&mut profile.authority);
        profile::warnings(profile).unwrap()
    };
    assert_eq!(warned(&|_| {}), [""; 0], "the narrower first is how a table is written");
    let danger = || pb::AuthorityRule {
        condition: "danger".into(),
        ..row("authority.csv:9", TREES, common::Tier::District, common::Tier::District)
    };
    let warning = "authority.csv:2 and authority.csv:9 may both fit the same case and say different things: the first counts";
    assert_eq!(warned(&|rows| rows.insert(1, danger())), [warning]);
    // Alike in what they say, it does not matter which.
    assert_eq!(
        warned(&|rows| rows.insert(
            1,
            pb::AuthorityRule {
                condition: "danger".into(),
                line: "authority.csv:9".into(),
                ..rows[0].clone()
            }
        )),
        [""; 0]
    );
}
