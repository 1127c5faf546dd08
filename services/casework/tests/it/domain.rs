//! The rules of single steps, without I/O.

use chrono::Duration;
use huying_casework::domain::{
    Called, Case, Change, ClockKind, Dispatch, DispatchState, Error, Judgement, Outcome, State, Unit,
    UnitKind,
};
use huying_chassis::log::Decided;
use huying_terms::{Lamp, Tier};
use uuid::Uuid;

use super::fixture::{self as f, after, by, case_at, holder, morning, profile};

fn done(decided: Result<Decided<Change>, Error>) -> Vec<Change> {
    decided.unwrap().changes()
}

fn working(at: &Unit) -> Case {
    let case = case_at(at);
    after(&case, done(case.accept(&holder(&case), &profile(), morning())), morning())
}

fn resolved(at: &Unit) -> Case {
    let case = working(at);
    after(&case, done(case.resolve(&holder(&case), "好了", &[], &profile(), morning())), morning())
}

#[test]
fn only_the_holder_takes_a_holders_steps() {
    let case = working(&f::street());
    let stranger = by(&f::community());
    let refused = Err(Error::NotHolder { holder: "S-1".into() });
    let (profile, now) = (profile(), morning());
    assert_eq!(case.note(&stranger, "x", true, &profile), refused);
    assert_eq!(case.escalate(&stranger, &f::district(), "x", &profile, now), refused);
    assert_eq!(case.delegate(&stranger, &f::grid(), "x", &profile, now), refused);
    assert_eq!(case.call(&stranger, &[], &[], &profile), refused);
    assert_eq!(case.resolve(&stranger, "x", &[], &profile, now), refused);
    assert_eq!(case.accept(&f::leader(f::DISTRICT), &profile, now), refused);
}

#[test]
fn a_refusal_names_the_steps_that_are_allowed() {
    let case = case_at(&f::grid());
    let refused = case.resolve(&holder(&case), "x", &[], &profile(), morning()).unwrap_err();
    assert_eq!(
        refused,
        Error::StepNotAllowed { step: "resolve", state: "assigned", allowed: vec!["accept", "escalate"] }
    );
    assert_eq!(
        working(&f::street()).allowed(&profile()),
        ["note", "escalate", "delegate", "call", "resolve"]
    );
    assert_eq!(working(&f::district()).allowed(&profile()), ["note", "delegate", "call", "resolve"]);
}

#[test]
fn escalating_ends_at_the_top_tier() {
    let case = working(&f::district());
    let refused = case.escalate(&holder(&case), &f::district(), "x", &profile(), morning());
    assert!(matches!(refused, Err(Error::AtTopTier { .. })));
    let town = huying_casework::domain::CaseworkProfile { top_tier: Tier::Street, ..profile() };
    let case = working(&f::street());
    assert!(matches!(
        case.escalate(&holder(&case), &f::district(), "x", &town, morning()),
        Err(Error::AtTopTier { .. })
    ));
}

#[test]
fn each_assignment_has_a_fresh_respond_clock_and_one_resolve_clock() {
    let case = case_at(&f::grid());
    let later = morning() + Duration::hours(1);
    let up =
        after(&case, done(case.escalate(&holder(&case), &f::community(), "难", &profile(), later)), later);
    assert_eq!(
        (up.state, up.holder.unit.as_str(), up.holder.tier),
        (State::Assigned, "C-1", Tier::Community)
    );
    assert_eq!((up.clocks.respond.started_at, up.clocks.resolve.started_at), (later, morning()));
    assert_eq!(up.due_at, Some(later + Duration::minutes(96)), "80 % of two hours");
}

#[test]
fn a_case_is_delegated_only_down_and_within_the_holders_area() {
    let case = working(&f::street());
    let to = |target: &Unit| case.delegate(&holder(&case), target, "x", &profile(), morning());
    assert_eq!(to(&f::parks()), Err(Error::UnitNotBelow { unit: "DEP-parks".into() }));
    let abroad = f::unit("C-9", UnitKind::Community, Tier::Community, "990101002001");
    assert_eq!(to(&abroad), Err(Error::UnitOutsideArea { unit: "C-9".into() }));
    let neighbour = f::unit("C-2", UnitKind::Community, Tier::Community, "990101001002");
    assert_eq!(
        to(&neighbour),
        Err(Error::UnitOutsideArea { unit: "C-2".into() }),
        "the case does not lie there"
    );
    assert_eq!(after(&case, done(to(&f::community())), morning()).holder.unit, "C-1");
}

#[test]
fn a_community_asks_its_street_to_call() {
    let case = working(&f::community());
    let called = [Called { dispatch: Uuid::from_u128(9), unit: "DEP-parks".into(), lead: true }];
    assert!(matches!(
        case.call(&holder(&case), &[f::parks()], &called, &profile()),
        Err(Error::TierMayNotCall { .. })
    ));
    let case = working(&f::street());
    assert_eq!(
        case.call(&holder(&case), &[f::grid()], &called, &profile()),
        Err(Error::UnitNotCallable { unit: "G-1".into() })
    );
    let abroad = f::unit("DEP-x", UnitKind::Department, Tier::District, "990102");
    assert_eq!(
        case.call(&holder(&case), &[abroad], &called, &profile()),
        Err(Error::UnitOutsideArea { unit: "DEP-x".into() })
    );
}

#[test]
fn many_calls_come_to_an_end() {
    let mut case = working(&f::street());
    let called = |n: u128| Called { dispatch: Uuid::from_u128(n), unit: "DEP-parks".into(), lead: true };
    for n in 0..50 {
        case =
            after(&case, done(case.call(&holder(&case), &[f::parks()], &[called(n)], &profile())), morning());
    }
    assert!(!case.allowed(&profile()).contains(&"call"));
    assert_eq!(
        case.call(&holder(&case), &[f::parks()], &[called(50)], &profile()),
        Err(Error::TooManyDispatches { most: 50 })
    );
}

#[test]
fn a_called_department_may_write_notes() {
    let case = working(&f::street());
    let called = [Called { dispatch: Uuid::from_u128(9), unit: "DEP-parks".into(), lead: true }];
    let case = after(&case, done(case.call(&holder(&case), &[f::parks()], &called, &profile())), morning());
    assert!(case.note(&by(&f::parks()), "明天修剪", true, &profile()).is_ok());
    assert!(case.note(&by(&f::traffic()), "x", true, &profile()).is_err());
}

/// Both are past at once: amber is told as well, and before red. Then never again.
#[test]
fn a_missed_amber_is_still_told() {
    let case = case_at(&f::grid());
    let late = morning() + Duration::hours(3);
    let turned = case.tick(late).changes();
    let lamps: Vec<_> = turned
        .iter()
        .map(|change| {
            let Change::LampTurned { clock, lamp, due_at } = change else { panic!("{change:?}") };
            (*clock, *lamp, *due_at)
        })
        .collect();
    let due = morning() + Duration::hours(2);
    assert_eq!(lamps, [(ClockKind::Respond, Lamp::Amber, due), (ClockKind::Respond, Lamp::Red, due)]);
    let red = after(&case, turned, late);
    assert!(red.overdue && red.tick(late) == Decided::AlreadyDone);
    assert_eq!(red.due_at, Some(morning() + Duration::minutes(1152)), "the resolve clock's amber is next");
    let accepted = after(&red, done(red.accept(&holder(&red), &profile(), late)), late);
    assert!(!accepted.overdue, "a stopped clock is no running red one");
}

#[test]
fn the_account_is_reconciled_when_judged_and_answered_in_either_order() {
    let request = Uuid::from_u128(1);
    let case = resolved(&f::grid());
    let judged = after(&case, case.judge(1, Judgement::Passed).changes(), morning());
    assert_eq!(judged.state, State::Resolved);
    let closed = after(&judged, judged.answer(request, judged.attempt).changes(), morning());
    assert_eq!((closed.state, closed.outcome), (State::Closed, Some(Outcome::StruckOff)));

    let answered = after(&case, case.answer(request, case.attempt).changes(), morning());
    assert!(matches!(
        answered.strike_off(&f::leader(f::DISTRICT), &profile()),
        Err(Error::NotReconciled { judged: false, .. })
    ));
    let closed = after(&answered, answered.judge(1, Judgement::Lapsed).changes(), morning());
    assert_eq!((closed.state, closed.due_at), (State::Closed, None));
    assert_eq!(closed.allowed(&profile()), ["reopen"]);
}

#[test]
fn a_verdict_on_another_attempt_changes_nothing() {
    let case = resolved(&f::grid());
    assert_eq!(case.judge(2, Judgement::Passed), Decided::AlreadyDone);
    assert_eq!(case.fail(2, None, "x", &profile(), morning()), Decided::AlreadyDone);
    // An answer that was given to the attempt before is none to this one.
    let request = case.requests[0].id;
    assert_eq!(case.answer(request, case.attempt - 1), Decided::AlreadyDone);
    assert_ne!(case.answer(request, case.attempt), Decided::AlreadyDone);
    assert_eq!(case.answer(Uuid::from_u128(99), case.attempt), Decided::AlreadyDone);
}

/// The same holder first, one tier up from the second time; what was answered is owed again.
#[test]
fn the_second_reopening_goes_up() {
    let mut case = resolved(&f::community());
    case = after(&case, case.answer(Uuid::from_u128(1), case.attempt).changes(), morning());
    case =
        after(&case, case.fail(1, Some(&f::street()), "未解决", &profile(), morning()).changes(), morning());
    assert_eq!((case.holder.unit.as_str(), case.attempt, case.requests[0].answered), ("C-1", 2, false));
    assert!(case.answer.is_empty() && case.judgement.is_none() && case.clocks.resolve.is_running());
    case = after(&case, done(case.accept(&holder(&case), &profile(), morning())), morning());
    case = after(&case, done(case.resolve(&holder(&case), "好了", &[], &profile(), morning())), morning());
    assert!(case.reopens_upward(&profile()));
    case =
        after(&case, case.fail(2, Some(&f::street()), "未解决", &profile(), morning()).changes(), morning());
    assert_eq!((case.holder.unit.as_str(), case.attempt, case.state), ("S-1", 3, State::Assigned));
}

#[test]
fn a_withdrawn_case_stays_closed() {
    let case = working(&f::grid());
    let closed = after(&case, case.withdraw(Uuid::from_u128(1), &profile(), morning()).changes(), morning());
    assert_eq!(
        (closed.state, closed.outcome, closed.due_at),
        (State::Closed, Some(Outcome::Withdrawn), None)
    );
    assert!(closed.allowed(&profile()).is_empty());
    assert_eq!(
        closed.reopen(&f::leader(f::DISTRICT), None, "x", &profile(), morning()),
        Err(Error::Withdrawn)
    );
    assert_eq!(closed.fail(1, None, "x", &profile(), morning()), Decided::AlreadyDone);
}

#[test]
fn reopening_is_for_those_whose_area_holds_the_case() {
    let case = resolved(&f::grid());
    let abroad = f::leader("990101002");
    assert_eq!(case.reopen(&abroad, None, "x", &profile(), morning()), Err(Error::OutsideArea));
    let here = f::leader(f::STREET);
    assert_eq!(
        after(&case, done(case.reopen(&here, None, "x", &profile(), morning())), morning()).attempt,
        2
    );
}

fn sent() -> Dispatch {
    use huying_casework::domain::{Clocks, DispatchChange, Holder, Task};
    let task = Task {
        case: Uuid::from_u128(3),
        number: "SY-20260302-000001".into(),
        district: f::DISTRICT.into(),
        unit: "DEP-parks".into(),
        caller: Holder::of(&f::street()),
        lead: true,
        task: "修剪".into(),
        category: "C1".into(),
        area: f::GRID.into(),
        location: Default::default(),
    };
    huying_testing::after(
        None,
        &DispatchChange::Sent {
            task: Box::new(task),
            clocks: Clocks::start(f::limits(), &profile(), morning()),
        },
        &f::stamp(morning()),
    )
    .unwrap()
}

fn then(
    dispatch: &Dispatch,
    decided: Result<Decided<huying_casework::domain::DispatchChange>, Error>,
) -> Dispatch {
    let mut dispatch = dispatch.clone();
    for change in decided.unwrap().changes() {
        dispatch = huying_testing::after(Some(dispatch), &change, &f::stamp(morning())).unwrap();
    }
    dispatch
}

/// A decline is settled from above, once; what was overruled binds, and the time used before counts.
#[test]
fn a_declined_dispatch_is_settled_from_above() {
    let (dispatch, profile, noon) = (sent(), profile(), morning() + Duration::hours(3));
    let parks = by(&f::parks());
    assert_eq!(
        dispatch.accept(&by(&f::traffic()), "", &profile, noon),
        Err(Error::NotCalled { unit: "DEP-parks".into() })
    );
    let declined = then(&dispatch, dispatch.decline(&parks, "不归我们", &profile, noon));
    assert_eq!((declined.state, declined.due_at), (DispatchState::Declined, None));

    for (who, area) in
        [("S-1", f::STREET), ("C-1", f::COMMUNITY), ("S-2", "990101002"), ("DEP-parks", f::DISTRICT)]
    {
        let by = f::in_unit(who, area, true);
        assert_eq!(declined.insist(&by, "x", &profile, noon), Err(Error::NotAbove), "{who}");
    }
    let later = noon + Duration::hours(5);
    let insisted = then(&declined, declined.insist(&by(&f::district()), "是你们的", &profile, later));
    assert!(insisted.binding && insisted.state == DispatchState::Sent);
    assert_eq!(insisted.clocks.resolve.due_at, Some(morning() + Duration::hours(24 + 5)));
    assert!(matches!(insisted.decline(&parks, "不", &profile, later), Err(Error::DispatchBinds { .. })));
    assert_eq!(insisted.allowed(), ["accept", "end"]);

    let released = then(&declined, declined.release(&by(&f::district()), "算了", &profile, later));
    assert_eq!(released.state, DispatchState::Ended);
    assert!(matches!(
        dispatch.release(&by(&f::district()), "x", &profile, later),
        Err(Error::StepNotAllowed { .. })
    ));
}

/// A case waits for its dispatches: the open ones are named.
#[test]
fn a_case_is_resolved_when_its_dispatches_are_settled() {
    let case = working(&f::street());
    let id = Uuid::from_u128(9);
    let (sent, parks) = (sent(), by(&f::parks()));
    let open = [(id, sent.clone())];
    let refused = case.resolve(&holder(&case), "好了", &open, &profile(), morning()).unwrap_err();
    assert_eq!(refused, Error::OpenDispatches { open: vec![(id, "DEP-parks".into(), DispatchState::Sent)] });
    let accepted = then(&sent, sent.accept(&parks, "", &profile(), morning()));
    let finished = then(&accepted, accepted.complete(&parks, "修好", &profile(), morning()));
    let changes = done(case.resolve(&holder(&case), "好了", &[(id, finished)], &profile(), morning()));
    let [Change::Resolved { units, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(units, &["S-1", "DEP-parks"]);
}
