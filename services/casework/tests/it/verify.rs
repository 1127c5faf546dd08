//! 核查: what was resolved is looked at on site by somebody who did not work on it, before anybody is told.

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    By, Case, Change, ClockKind, Error, File, Judgement, State, Unit,
    case::step::{
        Accept, Answer, Attach, Attached, Call, Judge, Reopen, Resolve, StrikeOff, Summons, Verify, Withdraw,
    },
    case::{CaseName, part::PartOf},
    lamp::TurnLamps,
    verification::VerificationDemand,
};
use huying_terms::Lamp;
use uuid::Uuid;

use super::{
    allowed::photo,
    fixture::{self as f, Facts, after, by, case_at, holder, morning, take},
};

const REQUEST: Uuid = Uuid::from_u128(1);

/// So that each is looked at whose category is demanded: by a unit, or by the one above the holder.
pub fn demanding(unit: Option<&str>) -> Facts {
    let mut facts = f::facts();
    facts.profile.verification =
        vec![VerificationDemand { category: "C1".into(), unit: unit.map(str::to_owned) }];
    facts
}

/// Of the grid, accepted in the morning and resolved an hour later; the community is to look.
fn resolved() -> Case {
    resolve(&working(&f::grid()), &demanding(None).at(hours(1)).above(f::community()))
}

fn working(unit: &Unit) -> Case {
    let case = case_at(unit);
    after(&case, take(&case, &holder(&case), &Accept, &f::facts()).unwrap(), morning())
}

fn resolve(case: &Case, facts: &Facts) -> Case {
    let step = Resolve { answer: "好了".into(), handling: None };
    after(case, take(case, &holder(case), &step, facts).unwrap(), facts.now)
}

fn hours(hours: i64) -> DateTime<Utc> {
    morning() + Duration::hours(hours)
}

/// With a photo of whoever looks: of people of units, who are one person here, and of the district's leader, who is another.
fn seen(case: &Case, at: DateTime<Utc>) -> Case {
    let photos = || after(case, vec![Attached { file: photo() }.into()], at);
    let attachments = [photos().attachments, of_the_leader(photos()).attachments].concat();
    Case { attachments, ..photos() }
}

/// Its photos are the leader's.
fn of_the_leader(mut case: Case) -> Case {
    for photo in &mut case.attachments {
        photo.by.subject = "superior".into();
    }
    case
}

fn verify(passed: bool) -> Verify {
    Verify { passed, finding: "现场看过".into() }
}

fn looked(case: &Case, passed: bool, at: DateTime<Utc>) -> Case {
    let case = seen(case, at);
    let changes = take(&case, &f::leader(f::DISTRICT), &verify(passed), &demanding(None).at(at)).unwrap();
    after(&case, changes, at)
}

fn verifier(case: &Case) -> Option<&str> {
    case.verifier.as_ref().map(|it| it.unit.as_str())
}

fn clock(case: &Case, kind: ClockKind) -> &huying_terms::Clock {
    case.clocks.get(kind).unwrap()
}

#[test]
fn what_is_resolved_waits_for_a_look_where_its_category_demands_that() {
    let case = resolved();
    assert_eq!((case.state, verifier(&case)), (State::Resolved, Some("C-1")));
    assert!(clock(&case, ClockKind::Resolve).is_paused());
    // Two work days from ten o'clock on a Monday.
    assert_eq!(clock(&case, ClockKind::Verify).due_at, Some(hours(1 + 48)));
    let mut other = demanding(None).above(f::community());
    other.profile.verification[0].category = "C".into();
    let plain = resolve(&working(&f::grid()), &other);
    assert_eq!((verifier(&plain), plain.due_at), (None, None));
    assert!(clock(&plain, ClockKind::Resolve).is_stopped());
    let nothing = take(&plain, &f::leader(f::DISTRICT), &verify(true), &other);
    assert_eq!(nothing, Err(Error::NothingToVerify));
}

/// The unit named; where it worked on the case itself, or none is named, the next above that did not. At the top, whoever answers for all.
#[test]
fn whoever_looks_has_not_worked_on_it() {
    let named = demanding(Some("DEP-traffic")).units(&[f::traffic()]).above(f::district());
    assert_eq!(verifier(&resolve(&working(&f::street()), &named)), Some("DEP-traffic"));
    let own = demanding(Some("S-1")).above(f::district());
    assert_eq!(verifier(&resolve(&working(&f::street()), &own)), Some("D-1"));
    assert_eq!(verifier(&resolve(&working(&f::district()), &demanding(None))), Some("D-1"));
    // Of several demands the one that names most of the code counts.
    let mut both = named.clone();
    both.profile.verification.insert(0, VerificationDemand { category: "C1".into(), unit: None });
    both.profile.verification[1].category = "C1:2".into();
    let case = Case { category: "C1:2:3".into(), ..working(&f::street()) };
    assert_eq!(verifier(&resolve(&case, &both)), Some("DEP-traffic"));
}

#[test]
fn neither_the_holder_nor_a_called_unit_nor_a_person_who_worked_on_it_looks() {
    let case = seen(&resolved(), hours(2));
    let facts = demanding(None).at(hours(2));
    let looks = |by: &By, facts: &Facts| take(&case, by, &verify(true), facts).map(|_| ());
    for by in [by(&f::community()), by(&f::street()), f::leader(f::DISTRICT)] {
        assert_eq!(looks(&by, &facts), Ok(()), "{by:?}");
    }
    let not = Err(Error::NotVerifier { verifier: "C-1".into() });
    for by in [by(&f::grid()), by(&f::parks()), f::leader(f::GRID), f::in_unit("G-1", f::DISTRICT, true)] {
        assert_eq!(looks(&by, &facts), not, "{by:?}");
    }
    let worked = Facts { parties: f::acted("G-1", "superior"), ..facts.clone() };
    assert_eq!(looks(&f::leader(f::DISTRICT), &worked), Err(Error::WorkedOnIt));
    // Nor whoever was called on it, however far their area reaches.
    let street = working(&f::street());
    let summons = Summons {
        dispatch: Uuid::from_u128(9),
        unit: "DEP-parks".into(),
        lead: true,
        task: "修剪".into(),
        respond: None,
        resolve: None,
    };
    let call = Call { summons: vec![summons], respond: None, resolve: None };
    let calling = demanding(None).units(&[f::parks()]).above(f::district());
    let called = after(&street, take(&street, &holder(&street), &call, &calling).unwrap(), morning());
    let called = seen(&resolve(&called, &calling), morning());
    let refused = take(&called, &f::in_unit("DEP-parks", f::DISTRICT, true), &verify(true), &calling);
    assert_eq!(refused, Err(Error::NotVerifier { verifier: "D-1".into() }));
}

/// Nor who holds a part by now, to whom it went on, nor who chaired a group that was ended.
#[test]
fn neither_who_holds_a_part_by_now_nor_a_chair_that_was_looks() {
    let case = seen(&resolved(), hours(2));
    let (facts, street) = (demanding(None).at(hours(2)), by(&f::street()));
    assert_eq!(take(&case, &street, &verify(true), &facts).map(|_| ()), Ok(()));
    let part = Uuid::from_u128(77);
    let name = CaseName { case: part, number: "X-1".into() };
    let parts = vec![PartOf { name, unit: "G-1".into() }];
    let (whole, gone_on) = (Case { parts, ..case.clone() }, case_at(&f::street()));
    let refused = take(&whole, &street, &verify(true), &facts.clone().beside(part, &gone_on));
    assert_eq!(refused, Err(Error::WorkedOnIt));
    let chaired = Case { chaired: vec!["S-1".into()], ..case };
    assert!(matches!(take(&chaired, &street, &verify(true), &facts), Err(Error::NotVerifier { .. })));
}

/// A photo of whoever looks, taken after it was resolved; there is always room for it.
#[test]
fn a_look_needs_a_photo() {
    let (case, leader) = (resolved(), f::leader(f::DISTRICT));
    let mut facts = demanding(None).at(hours(2));
    let early = Case { attachments: seen(&working(&f::grid()), morning()).attachments, ..case.clone() };
    for case in [&case, &early] {
        assert_eq!(take(case, &leader, &verify(true), &facts), Err(Error::PhotoRequired));
    }
    facts.profile.attachments.most = 1;
    let attach = Attach { file: File { sha256: "01".into(), ..photo() }, unit: None };
    let full = Err(Error::TooManyAttachments { most: 1 });
    assert_eq!(take(&early, &holder(&early), &attach, &facts), full);
    let taken = of_the_leader(after(&early, take(&early, &leader, &attach, &facts).unwrap(), facts.now));
    assert_eq!(take(&taken, &leader, &attach, &facts), full);
    assert!(take(&taken, &leader, &verify(true), &facts).is_ok());
}

#[test]
fn passed_it_stays_resolved_and_only_then_closes() {
    let case = resolved();
    let leader = f::leader(f::DISTRICT);
    let facts = demanding(None).at(hours(2));
    let not = Err(Error::NotVerified { verifier: "C-1".into() });
    assert_eq!(take(&case, &leader, &StrikeOff, &facts), not);
    // Whatever is heard before does not close it.
    let judged = after(
        &case,
        f::caused(&case, &Judge { attempt: 1, judgement: Judgement::Passed }, &facts),
        facts.now,
    );
    let answer = Answer { request: REQUEST, attempt: 1 };
    let answered = after(&judged, f::caused(&judged, &answer, &facts), facts.now);
    assert_eq!((answered.state, answered.requests[0].answered), (State::Resolved, true));
    assert_eq!(take(&answered, &leader, &StrikeOff, &facts), not);
    assert_eq!(looked(&answered, true, hours(3)).state, State::Closed);

    let passed = looked(&case, true, hours(3));
    assert_eq!((passed.state, verifier(&passed), passed.due_at), (State::Resolved, None, None));
    let found = passed.verification.as_ref().unwrap();
    assert_eq!((found.passed, found.finding.as_str(), found.at), (true, "现场看过", hours(3)));
    let resolve = clock(&passed, ClockKind::Resolve);
    assert!(resolve.is_stopped() && clock(&passed, ClockKind::Verify).is_stopped());
    assert_eq!(resolve.reached, Lamp::Green);
    let judged = f::caused(&passed, &Judge { attempt: 1, judgement: Judgement::Passed }, &facts);
    let closed =
        after(&passed, judged.into_iter().chain(f::caused(&passed, &answer, &facts)).collect(), facts.now);
    assert!(take(&closed, &leader, &StrikeOff, &facts).is_ok());
}

/// An hour was used before it was resolved; the look took two, which nobody loses.
#[test]
fn failed_it_is_worked_on_again_with_the_time_it_had_used() {
    let failed = looked(&resolved(), false, hours(3));
    assert_eq!((failed.state, failed.holder.unit.as_str(), failed.attempt), (State::Working, "G-1", 1));
    assert_eq!((verifier(&failed), failed.answer.as_str()), (None, ""));
    assert!(!failed.verification.as_ref().unwrap().passed);
    assert_eq!(clock(&failed, ClockKind::Resolve).due_at, Some(hours(24 + 2)));
    // Resolved again it is looked at again, with a new photo.
    let again = resolve(&failed, &demanding(None).at(hours(4)).above(f::community()));
    assert_eq!(verifier(&again), Some("C-1"));
    let old = take(&again, &f::leader(f::DISTRICT), &verify(true), &demanding(None).at(hours(5)));
    assert_eq!(old, Err(Error::PhotoRequired));
    assert!(looked(&again, true, hours(5)).verification.unwrap().passed);
}

/// At red the next above is to look, in a time of its own; at the top it stays.
#[test]
fn what_nobody_looks_at_climbs() {
    let case = resolved();
    let late = morning() + Duration::days(3);
    let turned = f::caused(&case, &TurnLamps, &demanding(None).at(late).above(f::street()));
    assert!(matches!(turned.last(), Some(Change::VerificationClimbed(it)) if it.from.unit == "C-1"));
    let climbed = after(&case, turned, late);
    assert_eq!((verifier(&climbed), climbed.overdue), (Some("S-1"), false));
    assert!(climbed.due_at.unwrap() > late);
    let later = late + Duration::days(5);
    let turned = f::caused(&climbed, &TurnLamps, &demanding(None).at(later).above(f::street()));
    let stays = after(&climbed, turned, later);
    assert_eq!((verifier(&stays), stays.overdue, stays.due_at), (Some("S-1"), true, None));
}

#[test]
fn a_case_that_is_reopened_or_withdrawn_is_looked_at_no_longer() {
    let case = resolved();
    let facts = demanding(None).at(hours(2));
    let reopen = take(&case, &f::leader(f::DISTRICT), &Reopen { reason: "没修".into() }, &facts).unwrap();
    let reopened = after(&case, reopen, facts.now);
    assert_eq!((verifier(&reopened), reopened.clocks.get(ClockKind::Verify)), (None, None));
    let withdrawn = after(&case, f::caused(&case, &Withdraw { request: REQUEST }, &facts), facts.now);
    assert_eq!((verifier(&withdrawn), withdrawn.due_at, withdrawn.state), (None, None, State::Closed));
}
