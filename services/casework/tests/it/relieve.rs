//! 改派: the holder is gone from the directory, or the profile says who goes on for it; wherever the case is, somebody has it again.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    ApprovalChange, Beside, By, Case, CaseworkProfile, Change, ClockKind, Dispatch, DispatchChange,
    DispatchState, Error, Holder, State, Step, Unit,
    case::step::{Accept, AskExtension, AskReporter, Fail, Relieve, Resolve, Return, Suspend, Withdraw},
    dispatch::step::TakeBack,
    successor::Carry,
};
use huying_chassis::auth::Role;
use huying_proto::casework::v1 as pb;
use huying_terms::{Limit, LimitKind};
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, by, case_at, facts, holder, morning, take},
    support::{Town, fresh},
};

/// Three hours after it came.
fn noon() -> DateTime<Utc> {
    morning() + Duration::hours(3)
}

fn relieve(to: &Unit) -> Relieve {
    Relieve { unit: to.code.clone(), reason: "社区已撤并".into() }
}

/// The community is gone from the directory, and the street is asked for.
fn gone() -> Facts {
    Facts { gone: vec!["C-1".into()], ..facts().at(noon()).units(&[f::street()]) }
}

/// The profile that names who goes on for the community.
fn succeeded() -> CaseworkProfile {
    let to = Holder { name: "一元街道".into(), ..Holder::of(&f::street()) };
    CaseworkProfile { successors: BTreeMap::from([("C-1".into(), to)]), ..f::profile() }
}

fn carried() -> Facts {
    Facts { profile: succeeded(), ..facts().at(noon()) }
}

fn desk() -> By {
    f::caller(&[Role::Desk], Some("S-1"), f::STREET)
}

/// A case of the community in each open state, an hour after it came.
fn in_every_state() -> Vec<Case> {
    let at = morning() + Duration::hours(1);
    let facts = facts().at(at).above(f::street());
    let next = |case: &Case, step: Result<Vec<Change>, Error>| after(case, step.unwrap(), at);
    let assigned = case_at(&f::community());
    let by = holder(&assigned);
    let working = next(&assigned, take(&assigned, &by, &Accept, &facts));
    let suspend = Suspend { plan: "改造管网".into(), review: "2026-03-20".parse().unwrap() };
    let resolve = Resolve { answer: "好了".into(), handling: None };
    let returned = next(&assigned, take(&assigned, &by, &Return { reason: "不归我们".into() }, &facts));
    let suspended = next(&working, take(&working, &By::default(), &suspend, &facts));
    let waiting = next(&working, take(&working, &by, &AskReporter { question: "几号楼".into() }, &facts));
    let resolved = next(&working, take(&working, &by, &resolve, &facts));
    let all = vec![assigned, working, returned, suspended, waiting, resolved];
    assert_eq!(all.iter().map(|case| case.state).collect::<Vec<_>>(), State::OPEN);
    all
}

fn due(case: &Case, kind: ClockKind) -> Option<i64> {
    let due = case.clocks.get(kind).filter(|clock| clock.is_running())?.due_at?;
    Some((due - morning()).num_hours())
}

fn running(case: &Case) -> Vec<ClockKind> {
    case.clocks.each().filter(|(_, clock)| clock.is_running()).map(|(kind, _)| kind).collect()
}

#[test]
fn whoever_is_above_gives_it_to_another_unit_in_every_open_state() {
    for case in in_every_state() {
        let changes = take(&case, &desk(), &relieve(&f::street()), &gone()).unwrap();
        let [Change::Relieved(relieved)] = &changes[..] else { panic!("{changes:?}") };
        assert_eq!((relieved.from.unit.as_str(), relieved.reason.as_str()), ("C-1", "社区已撤并"));
        assert_eq!(changes[0].happened().words(), "C-1 → S-1: 社区已撤并");
        let after = after(&case, changes, noon());
        assert_eq!(after.holder.unit, "S-1", "{:?}", case.state);
        assert_eq!((&after.arbiter, &after.question, &after.suspension), (&None, &None, &None));
        if case.state == State::Resolved {
            assert_eq!((after.state, &after.clocks), (State::Resolved, &case.clocks), "judged as it is");
            continue;
        }
        assert_eq!(after.state, State::Assigned);
        assert_eq!(running(&after), [ClockKind::Respond, ClockKind::Resolve], "{:?}", case.state);
        // Two hours from now to accept. Of 24 one or three are used, as long as it ran.
        let stood_still = matches!(case.state, State::Returned | State::Suspended | State::Waiting);
        let resolve = if stood_still { 26 } else { 24 };
        assert_eq!(
            (due(&after, ClockKind::Respond), due(&after, ClockKind::Resolve)),
            (Some(5), Some(resolve))
        );
    }
}

/// The refusal of a returned one says how it ended.
#[test]
fn a_returned_case_keeps_who_was_made_responsible() {
    let returned = in_every_state().remove(2);
    let changes = take(&returned, &desk(), &relieve(&f::street()), &gone()).unwrap();
    let after = after(&returned, changes, noon());
    let decided = after.refusals[0].arbitration.as_ref().unwrap();
    assert_eq!((decided.to.unit.as_str(), decided.binding, decided.at), ("S-1", false, noon()));
}

#[test]
fn only_of_a_holder_that_is_gone_by_somebody_above_and_in_their_area() {
    let case = case_at(&f::community());
    let stands = Error::HolderStands { holder: "C-1".into() };
    let there = Facts { gone: Vec::new(), ..gone() };
    assert_eq!(take(&case, &desk(), &relieve(&f::street()), &there), Err(stands));
    let other = f::caller(&[Role::Desk], Some("S-2"), "990101002");
    assert_eq!(take(&case, &other, &relieve(&f::street()), &gone()), Err(Error::OutsideArea));
    let abroad = f::unit("C-9", f::community().kind, f::community().tier, "990101002001");
    let outside = Err(Error::UnitOutsideArea { unit: "C-9".into() });
    assert_eq!(
        take(&case, &f::leader(f::DISTRICT), &relieve(&abroad), &gone().units(std::slice::from_ref(&abroad))),
        outside
    );
    let beyond = Err(Error::UnitOutsideArea { unit: "DEP-parks".into() });
    assert_eq!(take(&case, &desk(), &relieve(&f::parks()), &gone().units(&[f::parks()])), beyond);
    // A successor is named and has not got it yet: that is enough.
    let named = Facts { profile: succeeded(), gone: Vec::new(), ..gone() };
    assert!(take(&case, &desk(), &relieve(&f::street()), &named).is_ok());
    let closed = after(&case, f::caused(&case, &Withdraw { request: Uuid::from_u128(1) }, &facts()), noon());
    let refused = take(&closed, &desk(), &relieve(&f::street()), &gone()).unwrap_err();
    assert_eq!(refused, Error::StepNotAllowed { step: "relieve", state: "closed" });
}

#[test]
fn what_was_asked_for_lapses_and_calls_stay() {
    let (case, dispatch) = f::calling(&in_every_state()[1].clone_at(&f::street()), &f::parks());
    let more = Limit { kind: LimitKind::UrgentHour, amount: 1 };
    let approval = Uuid::from_u128(70);
    let ask = AskExtension { approval, more, reason: "难".into() };
    let (decided, beside) =
        ask.take(&case, &holder(&case), &facts().above(f::district()).asked_by(&holder(&case))).unwrap();
    let [Beside::Approval(_, asked)] = &beside[..] else { panic!("{beside:?}") };
    let asked = huying_testing::after(None, &asked[0], &f::stamp(morning())).unwrap();
    let case = after(&case, decided.changes(), morning());
    let to = f::community();
    let facts = Facts { gone: vec!["S-1".into()], ..facts().at(noon()).units(std::slice::from_ref(&to)) };
    let facts = facts.knowing(&case, &[(approval, asked)]).dispatches(&[dispatch]);
    let by = f::leader(f::DISTRICT);
    let (decided, beside) = relieve(&to).take(&case, &by, &facts.asked_by(&by)).unwrap();
    let after = after(&case, decided.changes(), noon());
    assert!(after.approvals.is_empty() && after.dispatches == case.dispatches);
    let [Beside::Approval(_, lapsed)] = &beside[..] else { panic!("{beside:?}") };
    assert!(matches!(lapsed[..], [ApprovalChange::Lapsed(_)]), "{lapsed:?}");
}

#[test]
fn a_successor_has_it_with_the_time_that_was_left() {
    for case in in_every_state() {
        let changes = f::caused(&case, &Carry, &carried());
        assert_eq!(changes.len(), 1, "one entry: {changes:?}");
        let after = after(&case, changes, noon());
        assert_eq!((after.holder.unit.as_str(), after.holder.name.as_str()), ("S-1", "一元街道"));
        let state = if case.state == State::Resolved { State::Resolved } else { State::Assigned };
        assert_eq!(after.state, state);
        match case.state {
            State::Assigned | State::Resolved => assert_eq!(after.clocks, case.clocks, "as they were"),
            State::Working => {
                assert_eq!(due(&after, ClockKind::Resolve), due(&case, ClockKind::Resolve));
                assert_eq!(due(&after, ClockKind::Respond), Some(5), "it is accepted anew");
            }
            State::Returned | State::Suspended | State::Waiting => {
                assert_eq!(due(&after, ClockKind::Resolve), Some(26), "what was used counts");
            }
            State::Closed => panic!("not open"),
        }
        assert!(f::caused(&after, &Carry, &carried()).is_empty(), "once");
    }
}

/// What is closed stays as it was; once it is worked on again, it is by whoever goes on.
#[test]
fn a_closed_case_is_reopened_at_the_successor() {
    let case = case_at(&f::community());
    let resolved = Case { state: State::Resolved, ..case.clone() };
    let closed = Case { state: State::Closed, ..case };
    assert!(f::caused(&closed, &Carry, &carried()).is_empty());
    let reopened =
        after(&resolved, f::caused(&resolved, &Fail { attempt: 1, reasons: Vec::new() }, &carried()), noon());
    assert_eq!(reopened.holder.unit, "S-1");
}

/// Whoever was to decide, to look, to grant or to work for it is replaced, each in one entry, and what is settled is not.
#[test]
fn every_part_of_a_unit_that_is_no_more_is_its_successors() {
    let returned = in_every_state().remove(2);
    let arbiter = Holder::of(&f::community());
    let returned = Case { arbiter: Some(arbiter), holder: Holder::of(&f::grid()), ..returned };
    let changes = f::caused(&returned, &Carry, &carried());
    let [Change::Replaced(replaced)] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(replaced.successors[0].unit, "C-1");
    let now = after(&returned, changes, noon());
    assert_eq!((now.state, now.arbiter.unwrap().unit.as_str()), (State::Returned, "S-1"));
    assert_eq!(now.clocks, returned.clocks);

    let working = in_every_state()[1].clone_at(&f::street());
    let (case, (_, sent)) = f::calling(&working, &f::parks());
    let to = Holder { name: "园林所".into(), ..Holder::of(&f::traffic()) };
    let successors = BTreeMap::from([("DEP-parks".to_owned(), to)]);
    let known = Facts { profile: CaseworkProfile { successors, ..f::profile() }, ..facts().at(noon()) };
    let moved = f::caused(&sent, &Carry, &known);
    let [replaced] = &moved[..] else { panic!("{moved:?}") };
    let dispatch = huying_testing::after(Some(sent.clone()), replaced, &f::stamp(noon())).unwrap();
    assert_eq!((dispatch.unit.as_str(), dispatch.unit_name.as_str()), ("DEP-traffic", "园林所"));
    assert_eq!((dispatch.state, &dispatch.clocks), (sent.state, &sent.clocks));
    let now = after(&case, f::caused(&case, &Carry, &known), noon());
    assert_eq!((now.dispatches[0].unit.as_str(), now.state), ("DEP-traffic", State::Working));
    assert!(now.sight(&by(&f::parks())).is_none() && now.sight(&by(&f::traffic())).is_some());
    let done = Dispatch { state: DispatchState::Done, ..sent };
    assert!(f::caused(&done, &Carry, &known).is_empty());
}

/// Nobody is left to complete what it accepted: the caller takes it back, and the case waits for nobody.
#[test]
fn what_a_unit_that_is_gone_had_accepted_is_taken_back() {
    let (case, (id, sent)) = f::calling(&in_every_state()[1].clone_at(&f::street()), &f::parks());
    let accepted = Dispatch { state: DispatchState::Accepted, ..sent };
    let (by, take_back) = (by(&f::street()), TakeBack { reason: "部门已撤并".into() });
    let facts = facts().at(noon()).on(id).of(&case).dispatches(&[(id, accepted.clone())]);
    let refused = take(&accepted, &by, &take_back, &facts);
    assert_eq!(refused, Err(Error::StepNotAllowed { step: "take_back", state: "accepted" }));
    let units = [("S-1".to_owned(), "一元街道".to_owned())].into();
    let facts = Facts { profile: CaseworkProfile { units, ..f::profile() }, ..facts };
    let changes = take(&accepted, &by, &take_back, &facts).unwrap();
    assert!(matches!(&changes[..], [DispatchChange::Ended(_)]), "{changes:?}");
    let ended = Dispatch { state: DispatchState::Ended, ..accepted };
    let refused = take(&ended, &by, &take_back, &facts).unwrap_err();
    assert_eq!(refused, Error::StepNotAllowed { step: "take_back", state: "ended" });
}

/// While routing is away nobody can say whether the holder is gone: nothing is written.
#[tokio::test]
async fn it_is_refused_while_routing_is_away() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::street()).await;
    let (id, version, unit) = (case.id.clone(), case.version, "C-1".to_owned());
    let ask = pb::RelieveCaseRequest { request_id: fresh(), id, version, unit, reason: "撤并".into() };
    let before = town.written().await;
    assert_eq!(reason(&town.desk().relieve_case(ask.clone()).await.unwrap_err()), "ROUTING_UNAVAILABLE");
    let bad = pb::RelieveCaseRequest { unit: String::new(), reason: String::new(), ..ask };
    assert_eq!(reason(&town.desk().relieve_case(bad).await.unwrap_err()), "BAD_FIELD");
    assert_eq!(town.written().await, before);
}

trait At {
    /// The same, held by another unit.
    fn clone_at(&self, unit: &Unit) -> Self;
}

impl At for Case {
    fn clone_at(&self, unit: &Unit) -> Self {
        Self { holder: Holder::of(unit), ..self.clone() }
    }
}
