//! The rules of single steps, without I/O.

use chrono::Duration;
use huying_casework::domain::{
    By, Case, CaseworkProfile, Change, ClockKind, Clocks, Dispatch, DispatchChange, DispatchState, Error,
    Holder, Judgement, Outcome, Refusal, Ruled, State, Step, Unit, UnitKind,
    case::step::{
        Accept, Answer, Call, Delegate, Escalate, Fail, Judge, Note, Reopen, Resolve, StrikeOff, Summons,
        Withdraw,
    },
    dispatch::{Sent, Task, assessment::Used, step as on_dispatch},
    lamp::TurnLamps,
    unit::Named,
};
use huying_chassis::run::Halt;
use huying_terms::{Lamp, Limit, LimitKind, Tier};
use uuid::Uuid;

use super::fixture::{self as f, Facts, after, by, case_at, caused, facts, holder, morning, profile, take};

const REQUEST: Uuid = Uuid::from_u128(1);

fn note() -> Note {
    Note { text: "x".into(), public: true }
}

fn escalate() -> Escalate {
    Escalate { reason: "x".into() }
}

fn delegate(target: &Unit) -> Delegate {
    Delegate { unit: target.code.clone(), reason: "x".into() }
}

/// A call of one department in the lead.
fn call(dispatch: u128) -> Call {
    let dispatch = Uuid::from_u128(dispatch);
    let (respond, resolve) = (None, None);
    let (unit, task) = ("DEP-parks".to_owned(), "修剪".to_owned());
    let summons = vec![Summons { dispatch, unit, lead: true, task, respond, resolve }];
    Call { summons, respond: None, resolve: None }
}

fn resolve() -> Resolve {
    Resolve { answer: "好了".into(), handling: None }
}

fn reopen() -> Reopen {
    Reopen { reason: "x".into() }
}

/// The case after a step of its holder.
fn taken(case: &Case, step: &impl Step<Case>, facts: &Facts) -> Case {
    after(case, take(case, &holder(case), step, facts).unwrap(), facts.now)
}

/// The case after what an event causes.
fn heard(case: &Case, step: &impl Step<Case>, facts: &Facts) -> Case {
    after(case, caused(case, step, facts), facts.now)
}

fn working(at: &Unit) -> Case {
    taken(&case_at(at), &Accept, &facts())
}

fn resolved(at: &Unit) -> Case {
    taken(&working(at), &resolve(), &facts())
}

#[test]
fn only_the_holder_takes_a_holders_steps() {
    let (case, stranger) = (working(&f::street()), by(&f::community()));
    fn refused(case: &Case, by: &By, step: &impl Step<Case>) {
        assert_eq!(take(case, by, step, &facts()), Err(Error::NotHolder { holder: "S-1".into() }));
    }
    refused(&case, &stranger, &note());
    refused(&case, &stranger, &escalate());
    refused(&case, &stranger, &delegate(&f::grid()));
    refused(&case, &stranger, &call(9));
    refused(&case, &stranger, &resolve());
    refused(&case, &f::leader(f::DISTRICT), &Accept);
}

#[test]
fn a_refusal_names_the_steps_that_are_allowed() {
    let case = case_at(&f::grid());
    let above = facts().above(f::district());
    let asked = above.clone().asked_by(&holder(&case));
    let Err(Halt::Refused(refused)) = resolve().take(&case, &holder(&case), &asked) else { panic!() };
    let why = Error::StepNotAllowed { step: "resolve", state: "assigned" };
    assert_eq!(
        refused,
        Refusal {
            why,
            allowed: vec![
                "accept",
                "appoint",
                "escalate",
                "return",
                "merge",
                "recategorise",
                "ask_decline",
                "take_charge"
            ]
        }
    );
    let by_holder = |case: Case| case.allowed(&above.clone().asked_by(&holder(&case))).join(" ");
    let below = "note appoint delegate call consult ask_group form_task_force merge split recategorise attach ask_extension ask_decline ask_reporter ask_suspension take_charge resolve";
    assert_eq!(by_holder(working(&f::street())), below.replace("delegate", "escalate delegate"));
    assert_eq!(by_holder(working(&f::district())), below);
    assert!(working(&f::street()).allowed(&above.asked_by(&by(&f::traffic()))).is_empty());
}

/// What is told as allowed is what the same rule lets: whoever asks for anything else is refused.
#[test]
fn what_is_not_allowed_is_refused() {
    let case = case_at(&f::grid());
    assert_eq!(take(&case, &holder(&case), &delegate(&f::grid()), &facts()), Err(Error::AtLowestTier));
    let case = working(&f::district());
    assert_eq!(take(&case, &holder(&case), &escalate(), &facts()), Err(Error::AtTopTier));
    let town = CaseworkProfile { top_tier: Tier::Street, ..profile() };
    let case = working(&f::street());
    let facts = Facts { profile: town, ..facts() };
    assert_eq!(take(&case, &holder(&case), &escalate(), &facts), Err(Error::AtTopTier));
}

#[test]
fn each_assignment_has_a_fresh_respond_clock_and_one_resolve_clock() {
    let later = morning() + Duration::hours(1);
    let up = taken(&case_at(&f::grid()), &escalate(), &facts().at(later).above(f::community()));
    assert_eq!(
        (up.state, up.holder.unit.as_str(), up.holder.tier),
        (State::Assigned, "C-1", Tier::Community)
    );
    let started = |kind| up.clocks.get(kind).unwrap().started_at;
    assert_eq!((started(ClockKind::Respond), started(ClockKind::Resolve)), (later, morning()));
    assert_eq!(up.due_at, Some(later + Duration::minutes(96)), "80 % of two hours");
}

#[test]
fn a_case_is_delegated_only_down_and_within_the_holders_area() {
    let case = working(&f::street());
    let to = |target: &Unit| {
        take(&case, &holder(&case), &delegate(target), &facts().units(std::slice::from_ref(target)))
    };
    assert_eq!(to(&f::parks()), Err(Error::UnitNotBelow { unit: "DEP-parks".into() }));
    let abroad = f::unit("C-9", UnitKind::Community, Tier::Community, "990101002001");
    assert_eq!(to(&abroad), Err(Error::UnitOutsideArea { unit: "C-9".into() }));
    let neighbour = f::unit("C-2", UnitKind::Community, Tier::Community, "990101001002");
    assert_eq!(
        to(&neighbour),
        Err(Error::UnitOutsideArea { unit: "C-2".into() }),
        "the case does not lie there"
    );
    assert_eq!(after(&case, to(&f::community()).unwrap(), morning()).holder.unit, "C-1");
    assert_eq!(after(&case, to(&f::grid()).unwrap(), morning()).holder.unit, "G-1", "past a tier, down");
}

#[test]
fn a_community_asks_its_street_to_call() {
    let case = working(&f::community());
    assert_eq!(take(&case, &holder(&case), &call(9), &facts()), Err(Error::TierMayNotCall));
    let case = working(&f::street());
    let with = |unit: Unit| take(&case, &holder(&case), &call(9), &facts().units(&[unit]));
    assert_eq!(with(f::grid()), Err(Error::UnitNotCallable { unit: "G-1".into() }));
    let abroad = f::unit("DEP-x", UnitKind::Department, Tier::District, "990102");
    assert_eq!(with(abroad), Err(Error::UnitOutsideArea { unit: "DEP-x".into() }));
}

#[test]
fn many_calls_come_to_an_end() {
    let (mut case, facts) = (working(&f::street()), facts().units(&[f::parks()]));
    for n in 0..50 {
        case = taken(&case, &call(n), &facts);
    }
    assert!(!case.allowed(&facts.clone().asked_by(&holder(&case))).contains(&"call"));
    assert_eq!(take(&case, &holder(&case), &call(50), &facts), Err(Error::TooManyDispatches { most: 50 }));
}

#[test]
fn a_called_department_may_write_notes() {
    let case = taken(&working(&f::street()), &call(9), &facts().units(&[f::parks()]));
    let writes = |unit: &Unit, state| {
        let facts = facts().dispatches(&[(Uuid::from_u128(9), Dispatch { state, ..sent() })]);
        let may = facts.clone().asked_by(&by(unit)).of(&case);
        let noted = take(&case, &by(unit), &note(), &facts).map(|_| ());
        assert_eq!(case.allowed(&may).contains(&"note"), noted.is_ok());
        assert_eq!(case.allowed(&may).contains(&"attach"), noted.is_ok());
        noted
    };
    let refused = Err(Error::NotHolder { holder: "S-1".into() });
    for state in [DispatchState::Sent, DispatchState::Accepted, DispatchState::Declined] {
        assert_eq!(writes(&f::parks(), state), Ok(()), "{state:?}");
        assert_eq!(writes(&f::traffic(), state), refused);
    }
    for state in [DispatchState::Done, DispatchState::Ended] {
        assert_eq!(writes(&f::parks(), state), refused, "{state:?}");
        assert_eq!(writes(&f::street(), state), Ok(()), "the holder writes on");
    }
    assert!(case.sight(&by(&f::parks())).is_some(), "it reads on");
}

/// Both are past at once: amber is told as well, and before red. Then never again.
#[test]
fn a_missed_amber_is_still_told() {
    let case = case_at(&f::grid());
    let late = morning() + Duration::hours(3);
    let turned = caused(&case, &TurnLamps, &facts().at(late));
    let lamps: Vec<_> = turned
        .iter()
        .map(|change| {
            let Change::LampTurned(it) = change else { panic!("{change:?}") };
            (it.clock, it.lamp, it.due_at)
        })
        .collect();
    let due = morning() + Duration::hours(2);
    assert_eq!(lamps, [(ClockKind::Respond, Lamp::Amber, due), (ClockKind::Respond, Lamp::Red, due)]);
    let red = after(&case, turned, late);
    assert!(red.overdue && caused(&red, &TurnLamps, &facts().at(late)).is_empty());
    assert_eq!(red.due_at, Some(morning() + Duration::minutes(1152)), "the resolve clock's amber is next");
    let accepted = taken(&red, &Accept, &facts().at(late));
    assert!(!accepted.overdue, "a stopped clock is no running red one");
}

#[test]
fn the_account_is_reconciled_when_judged_and_answered_in_either_order() {
    let case = resolved(&f::grid());
    let judge = |judgement| Judge { attempt: 1, judgement };
    let answer = Answer { request: REQUEST, attempt: 1 };
    let judged = heard(&case, &judge(Judgement::Passed), &facts());
    assert_eq!(judged.state, State::Resolved);
    let closed = heard(&judged, &answer, &facts());
    assert_eq!((closed.state, closed.outcome), (State::Closed, Some(Outcome::StruckOff)));

    let answered = heard(&case, &answer, &facts());
    assert!(matches!(
        take(&answered, &f::leader(f::DISTRICT), &StrikeOff, &facts()),
        Err(Error::NotReconciled { judged: false, .. })
    ));
    let by_leader = facts().asked_by(&f::leader(f::DISTRICT));
    assert!(!answered.allowed(&by_leader).contains(&"strike_off"));
    let closed = heard(&answered, &judge(Judgement::Lapsed), &facts());
    assert_eq!((closed.state, closed.due_at), (State::Closed, None));
    assert_eq!(closed.allowed(&by_leader), ["reopen"]);
}

#[test]
fn a_verdict_on_another_attempt_changes_nothing() {
    let case = resolved(&f::grid());
    fn nothing(case: &Case, step: &impl Step<Case>) -> bool {
        caused(case, step, &facts()).is_empty()
    }
    assert!(nothing(&case, &Judge { attempt: 2, judgement: Judgement::Passed }));
    assert!(nothing(&case, &Fail { attempt: 2, reasons: Vec::new() }));
    // An answer that was given to the attempt before is none to this one.
    assert!(nothing(&case, &Answer { request: REQUEST, attempt: 0 }));
    assert!(!nothing(&case, &Answer { request: REQUEST, attempt: 1 }));
    assert!(nothing(&case, &Answer { request: Uuid::from_u128(99), attempt: 1 }));
}

/// The same holder first, one tier up from the second time; what was answered is owed again.
#[test]
fn the_second_reopening_goes_up() {
    let street = facts().above(f::street());
    let mut case = heard(&resolved(&f::community()), &Answer { request: REQUEST, attempt: 1 }, &facts());
    case = heard(&case, &Fail { attempt: 1, reasons: Vec::new() }, &street);
    assert_eq!((case.holder.unit.as_str(), case.attempt, case.requests[0].answered), ("C-1", 2, false));
    let resolving = case.clocks.get(ClockKind::Resolve).unwrap();
    assert!(case.answer.is_empty() && case.judgement.is_none() && resolving.is_running());
    case = taken(&taken(&case, &Accept, &facts()), &resolve(), &facts());
    assert!(case.reopens_upward(&profile()));
    case = heard(&case, &Fail { attempt: 2, reasons: Vec::new() }, &street);
    assert_eq!((case.holder.unit.as_str(), case.attempt, case.state), ("S-1", 3, State::Assigned));
}

/// Whoever works on it again is told the place's words for it.
#[test]
fn a_failed_attempt_is_reopened_with_its_reasons() {
    let reason = |reasons: &[&str]| {
        let reasons = reasons.iter().map(|it| (*it).to_owned()).collect();
        match &caused(&resolved(&f::grid()), &Fail { attempt: 1, reasons }, &facts())[..] {
            [Change::Reopened(reopened)] => reopened.reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reason(&[]), "回访未通过");
    assert_eq!(reason(&["办得太慢", "没有人联系"]), "回访未通过：办得太慢、没有人联系");
}

#[test]
fn a_withdrawn_case_stays_closed() {
    let closed = heard(&working(&f::grid()), &Withdraw { request: REQUEST }, &facts());
    assert_eq!(
        (closed.state, closed.outcome, closed.due_at),
        (State::Closed, Some(Outcome::Withdrawn), None)
    );
    assert!(closed.allowed(&facts().asked_by(&f::leader(f::DISTRICT))).is_empty());
    assert_eq!(take(&closed, &f::leader(f::DISTRICT), &reopen(), &facts()), Err(Error::Withdrawn));
    assert!(caused(&closed, &Fail { attempt: 1, reasons: Vec::new() }, &facts()).is_empty());
    for judgement in [Judgement::Passed, Judgement::Lapsed] {
        assert!(caused(&closed, &Judge { attempt: 1, judgement }, &facts()).is_empty());
    }
}

#[test]
fn reopening_is_for_those_above_the_holder() {
    let case = resolved(&f::grid());
    let by = |area| take(&case, &f::leader(area), &reopen(), &facts());
    let refused = || Err(Error::NotAboveHolder { holder: "G-1".into() });
    assert_eq!(by("990101002"), refused());
    // It would begin its clocks anew, and nobody would be asked what came of it.
    assert_eq!(take(&case, &f::by(&f::grid()), &reopen(), &facts()), refused());
    assert_eq!(after(&case, by(f::STREET).unwrap(), morning()).attempt, 2);
}

pub fn sent() -> Dispatch {
    let task = Task {
        case: Uuid::from_u128(3),
        number: "SY-20260302-000001".into(),
        district: f::DISTRICT.into(),
        unit: "DEP-parks".into(),
        unit_name: "园林局".into(),
        caller: Holder::of(&f::street()),
        arbiter: None,
        group: None,
        lead: true,
        task: "修剪".into(),
        category: "C1".into(),
        area: f::GRID.into(),
        location: Default::default(),
    };
    let clocks = Clocks::start(f::limits(), &profile(), morning());
    let sent: DispatchChange = Sent { task: Box::new(task), clocks }.into();
    huying_testing::after(None, &sent, &f::stamp(morning())).unwrap()
}

/// The dispatch after a step.
pub fn then(dispatch: &Dispatch, by: &By, step: &impl Step<Dispatch>, facts: &Facts) -> Dispatch {
    take(dispatch, by, step, facts).unwrap().into_iter().fold(dispatch.clone(), |dispatch, change| {
        huying_testing::after(Some(dispatch), &change, &f::stamp(facts.now)).unwrap()
    })
}

pub fn decline() -> on_dispatch::Decline {
    on_dispatch::Decline { note: "不归我们".into() }
}

pub fn report() -> on_dispatch::Accept {
    on_dispatch::Accept { note: String::new() }
}

pub fn insist() -> on_dispatch::Insist {
    on_dispatch::Insist { reason: "是你们的".into() }
}

fn release() -> on_dispatch::Release {
    on_dispatch::Release { reason: "算了".into(), apt: false }
}

/// Somebody above decides about a decline, once; what was overruled binds, and the time used before counts.
#[test]
fn a_decline_is_decided_from_above() {
    let (dispatch, noon) = (sent(), facts().at(morning() + Duration::hours(3)));
    let parks = by(&f::parks());
    assert_eq!(
        take(&dispatch, &by(&f::traffic()), &report(), &noon),
        Err(Error::NotCalled { unit: "DEP-parks".into() })
    );
    let declined = then(&dispatch, &parks, &decline(), &noon);
    let arbitrate = declined.clocks.get(ClockKind::Arbitrate).unwrap();
    assert!(declined.state == DispatchState::Declined && arbitrate.is_running());

    for (who, area) in
        [("S-1", f::STREET), ("C-1", f::COMMUNITY), ("S-2", "990101002"), ("DEP-parks", f::DISTRICT)]
    {
        let by = f::in_unit(who, area, true);
        assert_eq!(take(&declined, &by, &insist(), &noon), Err(Error::NotAbove), "{who}");
    }
    let later = facts().at(noon.now + Duration::hours(5));
    let insisted = then(&declined, &by(&f::district()), &insist(), &later);
    assert!(insisted.binding && insisted.state == DispatchState::Sent);
    let resolve = insisted.clocks.get(ClockKind::Resolve).unwrap();
    assert_eq!(resolve.due_at, Some(morning() + Duration::hours(24 + 5)));
    assert_eq!(take(&insisted, &parks, &decline(), &later), Err(Error::DispatchBinds));
    assert_eq!(insisted.allowed(&facts().asked_by(&parks)), ["accept", "appoint"]);
    assert_eq!((insisted.note.as_str(), insisted.ruling.unwrap().reason.as_str()), ("不归我们", "是你们的"));

    let released = then(&declined, &by(&f::district()), &release(), &later);
    assert_eq!(released.state, DispatchState::Ended);
    assert!(matches!(
        take(&dispatch, &by(&f::district()), &release(), &later),
        Err(Error::StepNotAllowed { .. })
    ));
}

/// Neither a decline nor a silence waits for ever: what its arbiter does not settle in time is the next above's; a group's stays its chair's.
#[test]
fn what_nobody_settles_climbs() {
    let with = facts().above(Unit { code: "P-1".into(), ..f::district() }).of(&working(&f::street()));
    let dispatch = Dispatch { arbiter: Some(Named::of(&f::district())), ..sent() };
    let declined = then(&dispatch, &by(&f::parks()), &decline(), &with);
    let late = with.clone().at(morning() + Duration::days(1));
    let turned = f::caused(&declined, &TurnLamps, &late);
    let climbed = turned.iter().fold(declined.clone(), |it, change| f::led(&it, change, late.now));
    assert_eq!(climbed.arbiter.as_ref().unwrap().unit, "P-1");
    let arbitrate = climbed.clocks.get(ClockKind::Arbitrate).unwrap();
    assert!(arbitrate.is_running() && arbitrate.started_at == late.now, "in a time of its own");
    let of_a_group = Dispatch { group: Some("flood".into()), ..declined.clone() };
    let at_the_top = late.clone().above(f::district());
    for (it, facts) in [(&of_a_group, &late), (&declined, &at_the_top)] {
        let turned = f::caused(it, &TurnLamps, facts);
        assert!(turned.iter().all(|it| matches!(it, DispatchChange::LampTurned(_))), "{turned:?}");
    }
    let silent = f::caused(&dispatch, &TurnLamps, &late);
    let silent = silent.iter().fold(dispatch, |it, change| f::led(&it, change, late.now));
    assert!(silent.silent && silent.clocks.get(ClockKind::Arbitrate).unwrap().is_running());
    let accepted = then(&silent, &by(&f::parks()), &report(), &late);
    assert!(accepted.clocks.get(ClockKind::Arbitrate).unwrap().is_stopped(), "it came after all");
}

/// 撤呼: by the unit that called or the one that holds the case now, as long as nobody reported in; the case waits for it no longer.
#[test]
fn a_dispatch_is_taken_back_by_the_caller_or_the_holder() {
    let (dispatch, case) = (sent(), working(&f::district()));
    let take_back = on_dispatch::TakeBack { reason: "已自行处置".into() };
    let facts = facts().of(&case);
    for unit in [f::street(), f::district()] {
        let ended = then(&dispatch, &by(&unit), &take_back, &facts);
        assert_eq!((ended.state, ended.due_at, ended.note.as_str()), (DispatchState::Ended, None, ""));
        assert_eq!(ended.ruling.unwrap().reason, "已自行处置");
    }
    for unit in [f::parks(), f::community()] {
        let refused = take(&dispatch, &by(&unit), &take_back, &facts);
        assert_eq!(refused, Err(Error::NotCaller { caller: "S-1".into(), holder: "D-1".into() }));
    }
    let accepted = then(&dispatch, &by(&f::parks()), &report(), &facts);
    assert!(matches!(
        take(&accepted, &by(&f::street()), &take_back, &facts),
        Err(Error::StepNotAllowed { .. })
    ));
}

/// 逾期未报到: told once for each deadline; the arbiter may then end it or insist although nobody declined, and it may still be accepted.
#[test]
fn a_silent_dispatch_waits_for_its_arbiter() {
    let (at, district) = (|hours| facts().at(morning() + Duration::hours(hours)), by(&f::district()));
    let dispatch = sent();
    assert!(matches!(take(&dispatch, &district, &insist(), &at(1)), Err(Error::StepNotAllowed { .. })));
    let amber = then(&dispatch, &By::default(), &TurnLamps, &facts().at(morning() + Duration::minutes(100)));
    assert!(!amber.silent && amber.silences == 0);
    let silent = then(&amber, &By::default(), &TurnLamps, &at(3));
    assert!(silent.silent && silent.silences == 1);
    assert!(caused(&silent, &TurnLamps, &at(4)).is_empty(), "once");
    assert_eq!(silent.allowed(&facts().asked_by(&by(&f::parks()))), ["accept", "decline", "appoint"]);
    assert_eq!(silent.allowed(&facts().asked_by(&district)), ["insist", "release"]);
    assert_eq!(take(&silent, &by(&f::street()), &release(), &at(4)), Err(Error::NotAbove));

    let late = then(&silent, &by(&f::parks()), &report(), &at(4));
    assert!(late.state == DispatchState::Accepted && !late.silent && late.silences == 1);
    let insisted = then(&silent, &district, &insist(), &at(4));
    assert!(insisted.binding && !insisted.silent && insisted.state == DispatchState::Sent);
    let due = |kind| insisted.clocks.get(kind).unwrap().due_at.unwrap() - morning();
    assert_eq!((due(ClockKind::Respond), due(ClockKind::Resolve)), (Duration::hours(6), Duration::hours(24)));
    let again = then(&insisted, &By::default(), &TurnLamps, &at(7));
    assert!(again.silent && again.silences == 2, "the next deadline is the next silence");
    let ended = take(&again, &district, &release(), &at(8)).unwrap();
    let [DispatchChange::Ended(it)] = ended.as_slice() else { panic!("{ended:?}") };
    let assessment = it.assessment.clone().unwrap();
    assert_eq!((assessment.silences, assessment.apt), (2, Some(false)));
    assert_eq!(assessment.respond.unwrap(), Used { seconds: 4 * 3600, lamp: Lamp::Red });
}

/// 逾期未办结: a department that came and never completed. Its arbiter may let it go or insist with fresh time, and the case goes on.
#[test]
fn what_is_accepted_and_never_completed_waits_for_its_arbiter() {
    let (at, district) = (|hours| facts().at(morning() + Duration::hours(hours)), by(&f::district()));
    let accepted = then(&sent(), &by(&f::parks()), &report(), &at(1));
    let amber = then(&accepted, &By::default(), &TurnLamps, &at(23));
    for early in [&accepted, &amber] {
        let refused = Error::StepNotAllowed { step: "release", state: "accepted" };
        assert_eq!(take(early, &district, &release(), &at(23)), Err(refused));
        assert!(early.allowed(&facts().asked_by(&district)).is_empty());
    }
    let late = then(&amber, &By::default(), &TurnLamps, &at(24));
    assert!(late.overdue && !late.silent);
    assert_eq!(late.allowed(&facts().asked_by(&district)), ["insist", "release"]);
    assert_eq!(take(&late, &by(&f::street()), &release(), &at(25)), Err(Error::NotAbove));
    assert!(
        late.allowed(&facts().asked_by(&by(&f::parks()))).contains(&"complete"),
        "better late than never"
    );

    let ended = take(&late, &district, &release(), &at(25)).unwrap();
    let [DispatchChange::Ended(it)] = ended.as_slice() else { panic!("{ended:?}") };
    let assessment = it.assessment.clone().unwrap();
    let used = |hours: i64, lamp| Some(Used { seconds: hours * 3600, lamp });
    assert_eq!((assessment.respond, assessment.resolve), (used(1, Lamp::Green), used(25, Lamp::Red)));
    assert_eq!(assessment.apt, Some(false));
    let (case, ended) = (working(&f::street()), then(&late, &district, &release(), &at(25)));
    let known = facts().dispatches(&[(Uuid::from_u128(9), ended)]);
    assert!(take(&case, &holder(&case), &resolve(), &known).is_ok(), "nothing holds it any more");

    let insisted = then(&late, &district, &insist(), &at(25));
    assert!(insisted.binding && !insisted.overdue && insisted.state == DispatchState::Sent);
    let due = |kind| insisted.clocks.get(kind).unwrap().due_at.unwrap() - morning();
    assert_eq!(
        (due(ClockKind::Respond), due(ClockKind::Resolve)),
        (Duration::hours(27), Duration::hours(49))
    );
    let refused = Error::StepNotAllowed { step: "release", state: "sent" };
    assert_eq!(take(&insisted, &district, &release(), &at(26)), Err(refused), "it has its time first");
}

/// 两头考核: done was apt to be called; what was taken back was not; of a decline that is accepted the arbiter may say that it was.
#[test]
fn both_ends_of_a_call_are_assessed() {
    let (at, parks) = (|hours| facts().at(morning() + Duration::hours(hours)), by(&f::parks()));
    let assessed = |changes: Vec<DispatchChange>| match changes.as_slice() {
        [DispatchChange::Completed(it)] => it.assessment.clone().unwrap(),
        [DispatchChange::Ended(it)] => it.assessment.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    let accepted = then(&sent(), &parks, &report(), &at(1));
    let complete = on_dispatch::Complete { note: "修好".into() };
    let done = assessed(take(&accepted, &parks, &complete, &at(20)).unwrap());
    let used = |hours: i64, lamp| Some(Used { seconds: hours * 3600, lamp });
    assert_eq!((done.respond, done.resolve), (used(1, Lamp::Green), used(20, Lamp::Amber)));
    assert_eq!((done.silences, done.apt), (0, Some(true)));

    let take_back = on_dispatch::TakeBack { reason: "叫错了".into() };
    let back = take(&sent(), &by(&f::street()), &take_back, &at(1).of(&working(&f::street()))).unwrap();
    assert_eq!(assessed(back).apt, Some(false));
    let declined = then(&sent(), &parks, &decline(), &at(1));
    for apt in [true, false] {
        let release = on_dispatch::Release { reason: "算了".into(), apt };
        let released = assessed(take(&declined, &by(&f::district()), &release, &at(9)).unwrap());
        assert_eq!((released.apt, released.resolve), (Some(apt), used(1, Lamp::Green)));
    }
    let case = working(&f::street());
    let open = at(2).dispatches(&[(Uuid::from_u128(9), sent())]);
    let Ok((_, beside)) = (Withdraw { request: REQUEST }).take(&case, &By::default(), &open) else {
        panic!()
    };
    assert_eq!(assessed(f::on_dispatches(beside).into_iter().map(|(_, change)| change).collect()).apt, None);
}

/// Called later without a lead: whoever leads goes on. With one: it leads in the other's place. Where nobody leads, one must.
#[test]
fn of_the_open_dispatches_one_leads() {
    let (case, lead) = (working(&f::street()), Uuid::from_u128(9));
    let mut add = call(10);
    (add.summons[0].lead, add.summons[0].unit) = (false, "DEP-traffic".into());
    let facts = facts().units(&[f::traffic()]);
    assert_eq!(take(&case, &holder(&case), &add, &facts), Err(Error::LeadRequired));
    let led = facts.clone().dispatches(&[(lead, sent())]);
    let beside = |call: &Call| match call.take(&case, &holder(&case), &led) {
        Ok((_, beside)) => f::on_dispatches(beside),
        Err(halt) => panic!("{halt:?}"),
    };
    assert!(matches!(beside(&add).as_slice(), [(_, DispatchChange::Sent(it))] if !it.task.lead));
    add.summons[0].lead = true;
    let passed = beside(&add);
    assert!(matches!(&passed[0], (_, DispatchChange::Sent(it)) if it.task.lead));
    assert!(matches!(&passed[1], (id, DispatchChange::LeadPassed(it)) if *id == lead && !it.lead));

    let ended = then(&sent(), &by(&f::parks()), &report(), &facts);
    let complete = on_dispatch::Complete { note: "修好".into() };
    let ended = then(&ended, &by(&f::parks()), &complete, &facts);
    let settled = facts.dispatches(&[(lead, ended)]);
    add.summons[0].lead = false;
    assert_eq!(take(&case, &holder(&case), &add, &settled), Err(Error::LeadRequired), "who led has finished");
}

/// 加派: each department has its own time; without, the call's; without, the profile's.
#[test]
fn each_summons_may_have_its_own_time() {
    let hours = |amount| Some(Limit { kind: LimitKind::UrgentHour, amount });
    let case = working(&f::street());
    let mut call = call(9);
    let co = Summons { dispatch: Uuid::from_u128(10), lead: false, ..call.summons[0].clone() };
    call.summons.push(Summons { resolve: hours(3), unit: "DEP-traffic".into(), ..co });
    call.respond = hours(2);
    let facts = facts().units(&[f::parks(), f::traffic()]).above(f::district());
    let Ok((_, beside)) = call.take(&case, &holder(&case), &facts) else { panic!() };
    let sent: Vec<Dispatch> = f::on_dispatches(beside)
        .into_iter()
        .map(|(_, change)| huying_testing::after(None, &change, &f::stamp(morning())).unwrap())
        .collect();
    let limits = |it: &Dispatch| {
        [ClockKind::Respond, ClockKind::Resolve].map(|kind| it.clocks.get(kind).unwrap().limit.amount)
    };
    assert_eq!([limits(&sent[0]), limits(&sent[1])], [[2, 10], [2, 3]]);
    let names: Vec<_> = sent.iter().map(|it| it.unit_name.as_str()).collect();
    assert_eq!(names, ["园林局", "交管大队"]);
    assert_eq!(sent[0].arbiter.as_ref().unwrap().unit, "D-1");
}

/// On site it turns out to be another's: the department says so after it has accepted, and the arbiter decides as about any decline.
#[test]
fn what_was_accepted_can_be_declined_on_site() {
    let (parks, at) = (by(&f::parks()), |hours| facts().at(morning() + Duration::hours(hours)));
    let accepted = then(&sent(), &parks, &report(), &at(1));
    let declined = then(&accepted, &parks, &decline(), &at(2));
    let resolve = |dispatch: &Dispatch| dispatch.clocks.get(ClockKind::Resolve).unwrap().clone();
    assert!(declined.state == DispatchState::Declined && resolve(&declined).is_paused());
    let insisted = then(&declined, &by(&f::district()), &insist(), &at(5));
    assert_eq!(resolve(&insisted).due_at, Some(morning() + Duration::hours(24 + 3)), "the pause is not used");
    assert!(insisted.clocks.get(ClockKind::Respond).unwrap().is_running());
    let again = then(&insisted, &parks, &report(), &at(6));
    assert_eq!(take(&again, &parks, &decline(), &at(7)), Err(Error::DispatchBinds));
}

/// A case waits for its dispatches: the open ones are named.
#[test]
fn a_case_is_resolved_when_its_dispatches_are_done() {
    let case = working(&f::street());
    let id = Uuid::from_u128(9);
    let (sent, parks) = (sent(), by(&f::parks()));
    let with = |dispatch: &Dispatch| {
        take(&case, &holder(&case), &resolve(), &facts().dispatches(&[(id, dispatch.clone())]))
    };
    let open = vec![(id, "DEP-parks".to_owned(), DispatchState::Sent)];
    assert_eq!(with(&sent), Err(Error::OpenDispatches { dispatches: open }));
    let complete = on_dispatch::Complete { note: "修好".into() };
    let finished = then(&then(&sent, &parks, &report(), &facts()), &parks, &complete, &facts());
    let changes = with(&finished).unwrap();
    let [Change::Resolved(it)] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(it.units, ["S-1", "DEP-parks"]);
}
