//! The aggregate: every state with every step, and what a person's decision may say.

use huying_chassis::{
    log::{Actor, Decided, Stamp},
    status::Problem,
};
use huying_routing::domain::{
    Error,
    change::Change,
    decision::{Part, Submission, Triage},
    index::Index,
    learned::Memory,
    route::Route,
    state::{State, Step, next},
};
use huying_terms::{Location, Priority};
use uuid::Uuid;

use crate::place::{self, LITTER, POLICY, at, in_area, submission};

pub fn by() -> Actor {
    Actor { subject: "desk-1".into(), unit: Some("D-420102".into()), name: None }
}

fn stamp() -> Stamp {
    Stamp { id: Uuid::now_v7(), at: place::now(), actor: by() }
}

fn received(content: &str, location: Location) -> Route {
    heard(submission(content, location, ""))
}

/// A request has come in.
pub fn heard(submission: Submission) -> Route {
    let change = Route::receive(Some(&place::index()), Memory::default(), submission, place::now());
    huying_testing::after(None, &change, &stamp()).unwrap()
}

pub fn after(route: Route, decided: Decided<Change>) -> Route {
    let next = |route, change: &Change| huying_testing::after(Some(route), change, &stamp()).unwrap();
    decided.changes().iter().fold(route, next)
}

pub fn triage(area: &str, category: &str) -> Triage {
    Triage { area: area.into(), category: category.into(), holder: None, priority: None }
}

#[test]
fn every_state_with_every_step() {
    let mut lines = String::new();
    for &state in State::ALL {
        for &step in Step::ALL {
            let to = next(state, step).map_or("–", State::name);
            lines += &format!("{:<10} {:<9} {to}\n", state.name(), step.name());
        }
    }
    insta::assert_snapshot!("states", lines);
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&lines), "the README's table is this walk:\n{lines}");
}

#[test]
fn a_person_decides_what_waits_and_the_rest_follows() {
    let route = received("反映一个情况", at("某处"));
    assert_eq!(
        (route.state, route.undecided.as_slice(), route.place()),
        (State::Queued, &[Part::Area, Part::Category][..], "420102")
    );
    let index = place::index();
    let by_rules = after(
        route.clone(),
        route.triage(&index, &triage("420102003002", LITTER), &by(), place::now()).unwrap(),
    );
    assert_eq!(by_rules.state, State::Decided);
    assert_eq!(by_rules.decided_by.as_ref().unwrap().subject, "desk-1");
    insta::assert_snapshot!("by_hand", place::told(by_rules.decision.as_ref().unwrap()));

    let chosen = Triage {
        holder: Some("DEP-chengguan".into()),
        priority: Some(Priority::Urgent),
        ..triage("420102003002", LITTER)
    };
    let chosen =
        after(route.clone(), route.triage(&index, &chosen, &by(), place::now()).unwrap()).decision.unwrap();
    assert_eq!((chosen.holder.as_str(), chosen.priority), ("DEP-chengguan", Priority::Urgent));
    insta::assert_snapshot!("by_hand_with_holder", place::told(&chosen));
}

#[test]
fn what_the_district_does_not_know_is_refused() {
    let (route, index) = (received("反映一个情况", at("某处")), place::index());
    let refused = |triage: &Triage| route.triage(&index, triage, &by(), place::now()).unwrap_err();
    assert_eq!(refused(&triage("420102999", LITTER)), Error::UnknownArea { area: "420102999".into() });
    assert_eq!(refused(&triage("420103003", LITTER)), Error::UnknownArea { area: "420103003".into() });
    assert_eq!(refused(&triage("420102003", "none")), Error::UnknownCategory { category: "none".into() });
    let held_by = |unit: &str| Triage { holder: Some(unit.into()), ..triage("420102003002", LITTER) };
    assert_eq!(refused(&held_by("X-1")), Error::UnknownUnit { unit: "X-1".into() });
    let elsewhere = Error::UnitElsewhere { unit: "S-420102010".into(), area: "420102003002".into() };
    assert_eq!(refused(&held_by("S-420102010")), elsewhere);
}

/// No profile that is taken is so, since each has the unit that answers for all of its district; an older build may have taken one.
#[test]
fn where_nobody_answers_a_holder_must_be_named() {
    let mut directory = place::directory(place::profile());
    directory.units.retain(|unit| unit.kind.line().is_none());
    let index = Index::new(directory).unwrap();
    let route = received("反映一个情况", at("某处"));
    let refused = route.triage(&index, &triage("420102003002", LITTER), &by(), place::now()).unwrap_err();
    assert_eq!(refused, Error::NoHolder { area: "420102003002".into() });
    assert_eq!(Problem::from(refused).reason(), "NO_HOLDER");
}

#[test]
fn only_what_waits_is_decided_by_hand_or_withdrawn() {
    let index = place::index();
    let decided = received("垃圾堆了三天", in_area("420102003002"));
    assert_eq!(decided.state, State::Decided);
    let refused = decided.triage(&index, &triage("420102003", LITTER), &by(), place::now()).unwrap_err();
    assert_eq!(refused, Error::StepNotAllowed { state: State::Decided, step: Step::Decide });
    assert_eq!(decided.withdraw().unwrap(), Decided::AlreadyDone);

    let queued = received("反映一个情况", at("某处"));
    let withdrawn = after(queued.clone(), queued.withdraw().unwrap());
    assert_eq!(withdrawn.state, State::Withdrawn);
    assert_eq!(withdrawn.withdraw().unwrap(), Decided::AlreadyDone);
    let refused = withdrawn.triage(&index, &triage("420102003", LITTER), &by(), place::now()).unwrap_err();
    assert_eq!(refused, Error::StepNotAllowed { state: State::Withdrawn, step: Step::Decide });
    assert!(
        State::Withdrawn.allowed().is_empty() && State::Queued.allowed() == ["decide", "claim", "release"]
    );
}

#[test]
fn without_a_directory_it_waits_for_one() {
    let change = Route::receive(
        None,
        Memory::default(),
        submission("惠企政策宣讲", Location::default(), ""),
        place::now(),
    );
    let route: Route = huying_testing::after(None, &change, &stamp()).unwrap();
    assert_eq!((route.state, route.undecided.as_slice()), (State::Queued, &[Part::District][..]));
    let decided = after(
        route.clone(),
        route.triage(&place::index(), &triage("420102", POLICY), &by(), place::now()).unwrap(),
    );
    assert_eq!(decided.decision.unwrap().holder, "RG-yingshang");
}

#[test]
fn a_route_reads_back_as_it_was_written() {
    for route in [received("反映一个情况", at("某处")), received("垃圾堆了三天", in_area("420102003002"))]
    {
        let text = serde_json::to_string(&route).unwrap();
        assert_eq!(serde_json::from_str::<Route>(&text).unwrap(), route);
    }
}
