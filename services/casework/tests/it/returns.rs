//! 退单: handed back in time, decided from above, binding at last; what nobody decides climbs.

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    By, Case, Change, ClockKind, Error, Ruled, State, Step, Unit, UnitKind,
    case::step::{Accept, Arbitrate, Delegate, Return, Withdraw},
    lamp::TurnLamps,
};
use huying_proto::casework::v1 as pb;
use huying_terms::Tier;
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, by, case_at, facts, holder, morning, take},
    support::{Town, accept, call, fresh, meta},
};

fn give_back() -> Return {
    Return { reason: "产权不归我们".into() }
}

fn to(unit: &Unit) -> Arbitrate {
    Arbitrate { unit: unit.code.clone(), binding: false, reason: "权责清单".into() }
}

/// A case of parks, handed back in the morning; the district is to decide.
fn returned() -> Case {
    let case = case_at(&f::parks());
    after(
        &case,
        take(&case, &by(&f::parks()), &give_back(), &facts().above(f::district())).unwrap(),
        morning(),
    )
}

fn arbitrated(case: &Case, to_unit: &Unit, at: DateTime<Utc>) -> Case {
    let facts = facts().at(at).units(std::slice::from_ref(to_unit));
    after(case, take(case, &by(&f::district()), &to(to_unit), &facts).unwrap(), at)
}

fn clock(case: &Case, kind: ClockKind) -> huying_terms::Clock {
    case.clocks.get(kind).unwrap().clone()
}

#[test]
fn a_returned_case_names_its_arbiter_and_stands_still() {
    let case = returned();
    assert_eq!((case.state, case.holder.unit.as_str()), (State::Returned, "DEP-parks"));
    assert_eq!(case.arbiter.as_ref().unwrap().unit, "D-1");
    assert_eq!(
        (case.refusals[0].unit.name.as_str(), case.refusals[0].reason.as_str()),
        ("园林局", "产权不归我们")
    );
    assert!(clock(&case, ClockKind::Respond).is_paused() && clock(&case, ClockKind::Resolve).is_paused());
    // Four work hours from nine: at 15:00, with noon between.
    assert_eq!(clock(&case, ClockKind::Arbitrate).due_at, Some(morning() + Duration::hours(6)));
}

/// Two work hours from the assignment, by the calendar; each assignment begins a new window.
#[test]
fn a_case_is_returned_only_soon_after_it_was_assigned() {
    let returns = |case: &Case, minutes| {
        let facts = facts().at(morning() + Duration::minutes(minutes)).above(f::district());
        take(case, &holder(case), &give_back(), &facts).map(|_| ())
    };
    let case = case_at(&f::street());
    assert_eq!(returns(&case, 119), Ok(()));
    let closed_at = morning() + Duration::hours(2);
    assert_eq!(returns(&case, 120), Err(Error::ReturnWindowClosed { closed_at }));
    let later = facts().at(morning() + Duration::hours(5)).units(&[f::community()]);
    let delegate = Delegate { unit: "C-1".into(), reason: "x".into() };
    let delegated = after(&case, take(&case, &holder(&case), &delegate, &later).unwrap(), later.now);
    assert_eq!(returns(&delegated, 6 * 60), Ok(()));
    assert!(
        !case
            .allowed(&facts().at(closed_at).above(f::district()).asked_by(&holder(&case)))
            .contains(&"return")
    );
}

#[test]
fn only_a_new_case_of_ones_own_is_returned_and_only_upward() {
    let case = case_at(&f::street());
    let facts = facts().above(f::district());
    let stranger = take(&case, &by(&f::community()), &give_back(), &facts);
    assert_eq!(stranger, Err(Error::NotHolder { holder: "S-1".into() }));
    let top = Facts { superior: None, ..facts.clone() };
    assert_eq!(take(&case, &holder(&case), &give_back(), &top), Err(Error::AtTopTier));
    let working = after(&case, take(&case, &holder(&case), &Accept, &facts).unwrap(), morning());
    let refused = take(&working, &holder(&case), &give_back(), &facts);
    assert_eq!(refused, Err(Error::StepNotAllowed { step: "return", state: "working" }));
}

#[test]
fn a_case_with_open_dispatches_is_not_returned() {
    let case = case_at(&f::street());
    let case = after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning());
    let calling = facts().above(f::district()).units(&[f::parks()]);
    let (called, beside) = call(&[f::parks()], "修剪").take(&case, &holder(&case), &calling).unwrap();
    let sent = f::on_dispatches(beside).into_iter();
    let dispatches: Vec<_> = sent
        .map(|(id, change)| (id, huying_testing::after(None, &change, &f::stamp(morning())).unwrap()))
        .collect();
    let case = after(&case, called.changes(), morning());
    let delegate = Delegate { unit: "C-1".into(), reason: "x".into() };
    let below = take(&case, &holder(&case), &delegate, &facts().units(&[f::community()])).unwrap();
    let case = after(&case, below, morning());
    let open = facts().above(f::street()).dispatches(&dispatches);
    let refused = take(&case, &holder(&case), &give_back(), &open);
    assert!(matches!(refused, Err(Error::OpenDispatches { dispatches }) if dispatches.len() == 1));
}

/// Decided for another unit, which begins anew to accept; of the time to resolve what was used counts.
#[test]
fn somebody_above_says_whose_it_is() {
    let case = returned();
    let decided = arbitrated(&case, &f::traffic(), morning() + Duration::hours(3));
    assert_eq!((decided.state, decided.holder.unit.as_str()), (State::Assigned, "DEP-traffic"));
    assert_eq!((decided.arbiter.is_none(), decided.binds()), (true, false));
    let arbitration = decided.refusals[0].arbitration.as_ref().unwrap();
    assert_eq!((arbitration.to.name.as_str(), arbitration.binding), ("交管大队", false));
    assert_eq!(clock(&decided, ClockKind::Respond).started_at, morning() + Duration::hours(3));
    assert_eq!(clock(&decided, ClockKind::Resolve).due_at, Some(morning() + Duration::hours(24 + 3)));
    assert!(clock(&decided, ClockKind::Arbitrate).is_stopped());
}

/// The same unit has the time that it had left, and may not hand it back again.
#[test]
fn what_goes_back_to_the_same_unit_binds_it() {
    let decided = arbitrated(&returned(), &f::parks(), morning() + Duration::hours(1));
    assert_eq!((decided.holder.unit.as_str(), decided.binds()), ("DEP-parks", true));
    assert_eq!(clock(&decided, ClockKind::Respond).due_at, Some(morning() + Duration::hours(1 + 2)));
    let again = facts().at(morning() + Duration::hours(1)).above(f::district());
    let refused = take(&decided, &by(&f::parks()), &give_back(), &again);
    assert_eq!(refused, Err(Error::ReturnsBind { holder: "DEP-parks".into() }));
    // It binds that unit: whoever gets the case after it may still say that it is not theirs.
    let step = Arbitrate { binding: true, ..to(&f::street()) };
    let bound = after(
        &returned(),
        take(&returned(), &by(&f::district()), &step, &facts().units(&[f::street()])).unwrap(),
        morning(),
    );
    assert!(bound.binds());
    let delegate = Delegate { unit: "C-1".into(), reason: "x".into() };
    let below = take(&bound, &holder(&bound), &delegate, &facts().units(&[f::community()])).unwrap();
    assert!(!after(&bound, below, morning()).binds());
}

#[test]
fn only_the_arbiter_or_somebody_above_decides() {
    let case = returned();
    let decides = |by: &By| take(&case, by, &to(&f::traffic()), &facts().units(&[f::traffic()]));
    assert!(decides(&by(&f::district())).is_ok() && decides(&f::leader(f::DISTRICT)).is_ok());
    let not = Err(Error::NotArbiter { arbiter: "D-1".into() });
    for by in [by(&f::parks()), by(&f::traffic()), by(&f::street()), f::leader(f::STREET)] {
        assert_eq!(decides(&by), not, "{by:?}");
    }
    // Nor the unit that handed it back, however far its area reaches.
    assert_eq!(decides(&f::in_unit("DEP-parks", f::DISTRICT, true)), not);
}

/// A street decides for what lies in it; a department is for the district to name.
#[test]
fn whose_it_becomes_lies_in_the_arbiters_area_and_has_to_do_with_the_cases() {
    let case = case_at(&f::community());
    let back = take(&case, &holder(&case), &give_back(), &facts().above(f::street())).unwrap();
    let case = after(&case, back, morning());
    let decide = |by: &By, unit: &Unit| {
        take(&case, by, &to(unit), &facts().units(std::slice::from_ref(unit))).map(|_| ())
    };
    let street = by(&f::street());
    assert!(decide(&street, &f::grid()).is_ok() && decide(&street, &f::street()).is_ok());
    let outside = |unit: &str| Err(Error::UnitOutsideArea { unit: unit.into() });
    let neighbour = f::unit("C-2", UnitKind::Community, Tier::Community, "990101001002");
    assert_eq!(decide(&street, &neighbour), outside("C-2"));
    assert_eq!(decide(&street, &f::parks()), outside("DEP-parks"));
    assert!(decide(&by(&f::district()), &f::parks()).is_ok());
}

/// Two returns; the second decision binds whomever it names, and nobody returns the case after that.
#[test]
fn after_two_returns_every_decision_binds() {
    let facts = facts().above(f::district());
    let once = arbitrated(&returned(), &f::traffic(), morning());
    let back = take(&once, &by(&f::traffic()), &give_back(), &facts).unwrap();
    let twice = arbitrated(&after(&once, back, morning()), &f::street(), morning());
    assert!(twice.binds() && twice.refusals.len() == 2);
    let refused = take(&twice, &holder(&twice), &give_back(), &facts);
    assert_eq!(refused, Err(Error::ReturnsBind { holder: "S-1".into() }));
    assert!(!twice.allowed(&facts.clone().asked_by(&holder(&twice))).contains(&"return"));
    let delegate = Delegate { unit: "C-1".into(), reason: "x".into() };
    let below = take(&twice, &holder(&twice), &delegate, &facts.clone().units(&[f::community()])).unwrap();
    let below = after(&twice, below, morning());
    assert!(
        take(&below, &holder(&below), &give_back(), &facts.above(f::street())).is_err(),
        "nobody any more"
    );
}

/// At red the unit above the arbiter is to decide, in a time of its own; at the top it stays.
#[test]
fn what_nobody_arbitrates_climbs() {
    let case = case_at(&f::community());
    let back = take(&case, &holder(&case), &give_back(), &facts().above(f::street())).unwrap();
    let case = after(&case, back, morning());
    let late = morning() + Duration::days(3);
    let turned = f::caused(&case, &TurnLamps, &facts().at(late).above(f::district()));
    assert!(matches!(turned.last(), Some(Change::ArbitrationClimbed(it)) if it.from.unit == "S-1"));
    let climbed = after(&case, turned, late);
    assert_eq!((climbed.arbiter.as_ref().unwrap().unit.as_str(), climbed.overdue), ("D-1", false));
    assert!(climbed.due_at.unwrap() > late);
    let later = late + Duration::days(3);
    let turned = f::caused(&climbed, &TurnLamps, &facts().at(later).above(f::district()));
    let stays = after(&climbed, turned, later);
    assert_eq!((stays.arbiter.unwrap().unit.as_str(), stays.overdue), ("D-1", true));
}

#[test]
fn a_returned_case_can_be_withdrawn() {
    let withdraw = Withdraw { request: Uuid::from_u128(1) };
    let closed = after(&returned(), f::caused(&returned(), &withdraw, &facts()), morning());
    assert_eq!((closed.state, closed.arbiter, closed.due_at), (State::Closed, None, None));
    assert_eq!(closed.refusals[0].arbitration, None);
}

/// 踢皮球: a ball kicked between two departments, over the wire. Parks hands it back, traffic hands it back, and the second decision binds.
#[tokio::test]
async fn a_ball_kicked_between_two_departments() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::parks()).await;
    let returned = kick(&town, &case, &f::parks()).await;
    assert_eq!((returned.state(), returned.arbiter.as_str()), (pb::CaseState::Returned, "D-1"));
    let inbox = town.desk().list_cases(to_arbitrate()).await.unwrap().into_inner().cases;
    assert_eq!((inbox.len(), &inbox[0].id), (1, &case.id));
    // Of its own arbitration the unit has no say, and who does is told so before anybody is looked up.
    let own = town.of(&f::parks()).arbitrate_case(request(&returned, &f::traffic())).await.unwrap_err();
    assert_eq!(own.code(), tonic::Code::PermissionDenied);

    let second = decide(&town, &returned, &f::traffic()).await;
    assert_eq!((second.holder.as_str(), second.binding), ("DEP-traffic", false));
    assert!(town.desk().list_cases(to_arbitrate()).await.unwrap().into_inner().cases.is_empty());
    let returned = kick(&town, &second, &f::traffic()).await;
    let bound = decide(&town, &returned, &f::parks()).await;
    assert_eq!((bound.holder.as_str(), bound.binding), ("DEP-parks", true));
    let back = pb::ReturnCaseRequest {
        request_id: fresh(),
        id: bound.id.clone(),
        version: bound.version,
        reason: "还是不归我们".into(),
    };
    let refused = town.of(&f::parks()).return_case(back).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (tonic::Code::FailedPrecondition, "RETURNS_BIND")
    );

    let [first, second] = &bound.refusals[..] else { panic!("{:?}", bound.refusals) };
    assert_eq!((first.unit.as_str(), first.reason.as_str()), ("DEP-parks", "产权不归我们"));
    assert_eq!((second.unit.as_str(), second.unit_name.as_str()), ("DEP-traffic", "交管大队"));
    let decided = [first, second].map(|it| it.arbitration.clone().unwrap());
    let responsible = decided.each_ref().map(|it| (it.unit_name.as_str(), it.binding));
    assert_eq!(responsible, [("交管大队", false), ("园林局", true)]);
    assert_eq!(decided[1].decided_by, "D-1");
    let get = pb::GetHistoryRequest { id: bound.id.clone(), ..Default::default() };
    let history = town.desk().get_history(get).await.unwrap().into_inner().entries;
    let told: Vec<_> = history.iter().map(|it| (it.event.as_str(), it.holder.as_str())).collect();
    assert_eq!(
        told[1..],
        [
            ("CaseReturned", "DEP-parks"),
            ("CaseArbitrated", "DEP-traffic"),
            ("CaseReturned", "DEP-traffic"),
            ("CaseArbitrated", "DEP-parks"),
        ]
    );
    assert_eq!(history[4].text, "交管大队 → 园林局: 权责清单");
    let accepted = town.of(&f::parks()).accept_case(accept(&bound)).await.unwrap();
    assert_eq!(accepted.into_inner().state(), pb::CaseState::Working);
}

/// Over the wire: who is above and who is who is routing's to say, and nobody is at home there.
#[tokio::test]
async fn returning_and_arbitrating_wait_for_routing() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::parks()).await;
    let back = pb::ReturnCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "不归我们".into(),
    };
    let away = town.of(&f::parks()).return_case(back.clone()).await.unwrap_err();
    assert_eq!(reason(&away), "ROUTING_UNAVAILABLE");
    let early = town.desk().arbitrate_case(request(&case, &f::traffic())).await.unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED");
    let returned = kick(&town, &case, &f::parks()).await;
    let away = town.desk().arbitrate_case(request(&returned, &f::traffic())).await.unwrap_err();
    assert_eq!(reason(&away), "ROUTING_UNAVAILABLE");
    let bad = pb::ArbitrateCaseRequest {
        unit: String::new(),
        reason: String::new(),
        ..request(&returned, &f::traffic())
    };
    assert_eq!(reason(&town.desk().arbitrate_case(bad).await.unwrap_err()), "BAD_FIELD");
}

fn to_arbitrate() -> pb::ListCasesRequest {
    pb::ListCasesRequest { district: f::DISTRICT.into(), arbiter: "D-1".into(), ..Default::default() }
}

fn request(case: &pb::Case, unit: &Unit) -> pb::ArbitrateCaseRequest {
    pb::ArbitrateCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        unit: unit.code.clone(),
        binding: false,
        reason: "权责清单".into(),
    }
}

/// Its holder hands it back, with the district above it.
pub async fn kick(town: &Town, case: &pb::Case, unit: &Unit) -> pb::Case {
    let app = town.knowing_above(unit, f::district());
    let id = case.id.parse().unwrap();
    app.take::<Case, _>(id, &by(unit), &give_back(), &meta(unit, case.version)).await.unwrap();
    town.case(&case.id).await
}

/// The district decides.
pub async fn decide(town: &Town, case: &pb::Case, unit: &Unit) -> pb::Case {
    let (app, district) = (town.knowing_units(std::slice::from_ref(unit)), f::district());
    let (id, meta) = (case.id.parse().unwrap(), meta(&district, case.version));
    app.take::<Case, _>(id, &by(&district), &to(unit), &meta).await.unwrap();
    town.case(&case.id).await
}
