//! 督办: who may press a holder, what an answer stops, and what becomes of silence.

use std::time::Duration as Time;

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    By, Case, Change, ClockKind, Clocks, Error, Level, Ruled as _, State,
    case::step::{
        Accept, AnswerSupervision, Judge, Opened, Resolve, Supervise, SupervisionClimbed, SupervisionLapsed,
        Withdraw,
    },
    lamp::TurnLamps,
    supervision::AnswerTimes,
};
use huying_chassis::{
    auth::Role,
    log::{Draft, Meta},
    timer::Watch,
};
use huying_proto::casework::v1::{self as pb, SupervisionLevel};
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, case_at, facts, holder, morning, take},
    support::{Town, fresh},
};

fn press(level: Level) -> Supervise {
    Supervise { level, reason: "已催两次".into() }
}

fn leader() -> By {
    f::leader(f::DISTRICT)
}

/// A case of the grid's, accepted and pressed in the morning.
fn pressed(level: Level) -> Case {
    let case = case_at(&f::grid());
    let case = after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning());
    again(&case, level, morning())
}

fn again(case: &Case, level: Level, at: DateTime<Utc>) -> Case {
    after(case, take(case, &leader(), &press(level), &facts().at(at)).unwrap(), at)
}

fn due(case: &Case) -> Option<DateTime<Utc>> {
    case.clocks.get(ClockKind::Reply)?.due_at
}

/// What the clock does at an instant, with the community above the grid.
fn tick(case: &Case, at: DateTime<Utc>) -> (Case, Vec<Change>) {
    let turned = f::caused(case, &TurnLamps, &facts().at(at).above(f::community()));
    (after(case, turned.clone(), at), turned)
}

#[test]
fn only_somebody_above_the_holder_presses_it() {
    let case = case_at(&f::community());
    let presses = |by: &By| take(&case, by, &press(Level::Notice), &facts()).map(|_| ());
    for by in [f::leader(f::STREET), leader(), f::by(&f::street())] {
        assert_eq!(presses(&by), Ok(()), "{by:?}");
    }
    let refused = Err(Error::NotAboveHolder { holder: "C-1".into() });
    let abroad = f::leader("990101002");
    for by in [holder(&case), f::leader(f::COMMUNITY), f::leader(f::GRID), abroad, f::by(&f::parks())] {
        assert_eq!(presses(&by), refused, "{by:?}");
    }
    let top = case_at(&f::district());
    assert!(take(&top, &leader(), &press(Level::Urge), &facts()).is_ok(), "who governs the district");
    assert!(take(&top, &f::by(&f::district()), &press(Level::Urge), &facts()).is_err(), "not the holder");
}

#[test]
fn pressing_again_is_counted_and_does_not_put_off_the_answer() {
    let case = pressed(Level::Urge);
    let first = due(&case);
    assert_eq!(first, Some(morning() + Duration::hours(6)), "4 work hours, with noon in between");
    assert_eq!(case.supervised_at, None, "an urging alone makes no supervised item");
    let later = morning() + Duration::hours(1);
    let twice = again(&case, Level::Urge, later);
    assert_eq!((due(&twice), twice.pressed.urgings), (first, 2));
    assert_eq!(twice.supervision.as_ref().unwrap().at, morning());

    let harder = again(&twice, Level::Notice, later);
    assert_eq!(harder.unanswered().unwrap().level, Level::Notice);
    assert_eq!((harder.supervised_at, harder.pressed.notices), (Some(later), 1));
    assert!(due(&harder) > first);
    let softer = again(&harder, Level::Urge, later + Duration::hours(1));
    assert_eq!((due(&softer), softer.pressed.urgings), (due(&harder), 3));
    assert_eq!(softer.unanswered().unwrap().level, Level::Notice, "the harder one stands");
}

#[test]
fn the_holders_answer_stops_the_clock() {
    let case = pressed(Level::Notice);
    let answer = AnswerSupervision { text: "周五完成".into() };
    let refused = Err(Error::NotHolder { holder: "G-1".into() });
    assert_eq!(take(&case, &leader(), &answer, &facts()), refused);
    let answered = after(&case, take(&case, &holder(&case), &answer, &facts()).unwrap(), morning());
    let supervision = answered.supervision.as_ref().unwrap();
    assert_eq!(supervision.answer.as_ref().unwrap().text, "周五完成");
    assert!(answered.unanswered().is_none() && due(&answered).is_none());
    assert_eq!(take(&answered, &holder(&case), &answer, &facts()), Err(Error::NotSupervised));
    assert!(!answered.allowed(&facts()).contains(&"answer_supervision"));
    // Afterwards it can be pressed anew, also more softly.
    assert_eq!(again(&answered, Level::Urge, morning()).unanswered().unwrap().level, Level::Urge);
}

/// Urge, notice, talk: each with a time of its own, each told to the superior; at the talk it stays red.
#[test]
fn what_is_not_answered_climbs_to_a_talk() {
    let mut case = pressed(Level::Urge);
    let mut now = morning();
    for (from, to) in [(Level::Urge, Level::Notice), (Level::Notice, Level::Talk)] {
        now += Duration::days(300);
        let (climbed, turned) = tick(&case, now);
        let climbs: Vec<&SupervisionClimbed> = climbs(&turned);
        assert_eq!(climbs.len(), 1, "{turned:?}");
        assert_eq!((climbs[0].from, climbs[0].to), (from, to));
        assert_eq!(climbs[0].superior.as_ref().unwrap().unit, "C-1");
        let reply = climbed.clocks.get(ClockKind::Reply).unwrap();
        assert!(reply.is_running() && !reply.red_fired && reply.started_at == now);
        assert!(tick(&climbed, now).1.is_empty());
        case = climbed;
    }
    assert_eq!((case.pressed.urgings, case.pressed.notices, case.pressed.talks), (1, 1, 1));
    let (stays, turned) = tick(&case, now + Duration::days(300));
    assert!(climbs(&turned).is_empty());
    assert_eq!((stays.unanswered().unwrap().level, stays.overdue), (Level::Talk, true));
}

fn climbs(changes: &[Change]) -> Vec<&SupervisionClimbed> {
    let mut climbs = Vec::new();
    for change in changes {
        if let Change::SupervisionClimbed(it) = change {
            climbs.push(it);
        }
    }
    climbs
}

#[test]
fn nothing_is_to_be_answered_once_the_case_is_over() {
    let case = pressed(Level::Notice);
    let lapses = |changes: &[Change]| {
        changes.iter().any(|it| matches!(it, Change::SupervisionLapsed(SupervisionLapsed { reply: Some(_) })))
    };
    let resolved =
        take(&case, &holder(&case), &Resolve { answer: "好了".into(), handling: None }, &facts()).unwrap();
    assert!(lapses(&resolved));
    let resolved = after(&case, resolved, morning());
    assert_eq!((resolved.supervision.is_none(), resolved.due_at), (true, None));
    let closed = f::caused(&case, &Withdraw { request: Uuid::from_u128(1) }, &facts());
    assert!(lapses(&closed) && after(&case, closed, morning()).due_at.is_none());

    // Pressed while it is resolved: a verdict that does not close it leaves that.
    let pressed = again(&resolved, Level::Urge, morning());
    let judge = Judge { attempt: 1, judgement: huying_casework::domain::Judgement::Passed };
    let judged = f::caused(&pressed, &judge, &facts());
    assert!(!lapses(&judged) && after(&pressed, judged, morning()).unanswered().is_some());
    let fail = huying_casework::domain::case::step::Fail { attempt: 1, reasons: Vec::new() };
    let failed = f::caused(&pressed, &fail, &facts());
    let again = after(&pressed, failed, morning());
    assert_eq!((again.state, again.supervision.is_none(), due(&again)), (State::Assigned, true, None));
}

/// A profile may ask for no answer to an urging.
#[test]
fn a_level_without_a_limit_asks_for_no_answer() {
    let mut facts = facts();
    facts.profile.policies.supervision = AnswerTimes { urge: None, ..AnswerTimes::default() };
    let case = case_at(&f::grid());
    let urge = |case: &Case, facts: &Facts| {
        after(case, take(case, &leader(), &press(Level::Urge), facts).unwrap(), morning())
    };
    let urged = urge(&case, &facts);
    assert_eq!((urged.pressed.urgings, due(&urged)), (1, None));
    assert!(take(&urged, &holder(&urged), &AnswerSupervision { text: "在办".into() }, &facts).is_ok());
}

pub fn supervise(case: &pb::Case, level: SupervisionLevel) -> pb::SuperviseCaseRequest {
    let (request_id, id, version) = (fresh(), case.id.clone(), case.version);
    pb::SuperviseCaseRequest {
        request_id, id, version, level: level.into(), reason: "群众反映强烈".into()
    }
}

/// Over the wire: pressed, listed, counted, answered.
#[tokio::test]
async fn a_case_is_supervised_and_its_holder_answers() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::community()).await;
    let (_, other) = town.case_at(&f::community()).await;
    let mut desk = town.desk();
    let bad = pb::SuperviseCaseRequest { level: 0, ..supervise(&case, SupervisionLevel::Urge) };
    assert_eq!(reason(&desk.supervise_case(bad).await.unwrap_err()), "BAD_FIELD");
    let mut own = town.client(Role::Desk, Some("C-1"), Some(f::COMMUNITY));
    let refused = own.supervise_case(supervise(&case, SupervisionLevel::Urge)).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_ABOVE");
    let urged = desk.supervise_case(supervise(&other, SupervisionLevel::Urge)).await.unwrap().into_inner();
    assert_eq!((urged.urgings, urged.notices), (1, 0));

    let notice = supervise(&case, SupervisionLevel::Notice);
    let pressed = desk.supervise_case(notice.clone()).await.unwrap().into_inner();
    assert_eq!(desk.supervise_case(notice).await.unwrap().into_inner(), pressed, "the same answer again");
    let supervision = pressed.supervision.as_ref().unwrap();
    assert_eq!((supervision.level(), supervision.unit.as_str()), (SupervisionLevel::Notice, "D-1"));
    let told: pb::CaseSupervised =
        town.on_the_bus("casework", "huying.casework.v1.case_supervised.990101").await;
    assert!(told.case.unwrap().holder == "C-1" && told.unit == "D-1" && told.reply_due_time.is_some());

    let list = pb::ListCasesRequest { district: f::DISTRICT.into(), supervised: true, ..Default::default() };
    let listed = desk.list_cases(list).await.unwrap().into_inner().cases;
    assert_eq!(listed.iter().map(|case| &case.id).collect::<Vec<_>>(), [&case.id]);
    for (area, year, items) in
        [(f::DISTRICT, 2026, 1), (f::DISTRICT, 2025, 0), (f::STREET, 2026, 1), ("990101002", 2026, 0)]
    {
        let count = pb::CountSupervisedRequest { district: f::DISTRICT.into(), year };
        let counted = town.client(Role::Leader, None, Some(area)).count_supervised(count).await.unwrap();
        assert_eq!(counted.into_inner().items, items, "{area} {year}");
    }
    let count = |year| pb::CountSupervisedRequest { district: f::DISTRICT.into(), year };
    let abroad = town.client(Role::Leader, None, Some("990102")).count_supervised(count(2026)).await;
    assert_eq!(reason(&abroad.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(reason(&desk.count_supervised(count(0)).await.unwrap_err()), "BAD_FIELD");

    let (request_id, id, version) = (fresh(), pressed.id.clone(), pressed.version);
    let answer = pb::AnswerSupervisionRequest { request_id, id, version, text: "周五完成".into() };
    let answered = town.of(&f::community()).answer_supervision(answer).await.unwrap().into_inner();
    let said = answered.supervision.unwrap().answer.unwrap();
    assert_eq!((said.text.as_str(), said.unit.as_str()), ("周五完成", "C-1"));
    let again = pb::AnswerSupervisionRequest {
        request_id: fresh(),
        id: answered.id,
        version: answered.version,
        text: "x".into(),
    };
    let refused = town.of(&f::community()).answer_supervision(again).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_SUPERVISED");
}

/// 全年督办: a year begins and ends at midnight in the district's zone, 16:00 of the day before in UTC.
#[tokio::test]
async fn supervised_items_are_counted_year_by_year() {
    let town = Town::open().await;
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for supervised in [
        "2025-12-31T15:59:59Z",
        "2025-12-31T16:00:00Z",
        "2026-06-30T01:00:00Z",
        "2026-12-31T15:59:59Z",
        "2026-12-31T16:00:00Z",
        "2027-03-01T01:00:00Z",
    ] {
        became_supervised(&town, at(supervised)).await;
    }
    let mut leader = town.client(Role::Leader, None, Some(f::DISTRICT));
    for (year, items) in [(2024, 0), (2025, 1), (2026, 3), (2027, 2), (2028, 0)] {
        let count = pb::CountSupervisedRequest { district: f::DISTRICT.into(), year };
        assert_eq!(leader.count_supervised(count).await.unwrap().into_inner().items, items, "{year}");
    }
}

/// A case of the grid's that had its first notice at an instant.
async fn became_supervised(town: &Town, at: DateTime<Utc>) {
    let opening = Box::new(f::opening(Uuid::now_v7(), &f::grid()));
    let clocks = Clocks::start(f::limits(), &f::profile(), at);
    let opened: Change = Opened { opening, clocks, idle_percent: None }.into();
    let case = huying_testing::after(None, &opened, &f::stamp(at)).unwrap();
    let mut changes = vec![opened];
    changes.extend(take(&case, &leader(), &press(Level::Notice), &facts().at(at)).unwrap());
    let draft = Draft::new::<Case>(Uuid::now_v7(), &changes, &Meta::of_service("casework"), at);
    town.app.log.append(draft.unwrap().unwrap().0.into()).await.unwrap();
}

/// By the service's own timer: an urging without an answer becomes a notice, and the street is told.
#[tokio::test]
async fn a_silent_holder_is_pressed_harder_by_the_clock() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::community()).await;
    town.desk().supervise_case(supervise(&case, SupervisionLevel::Urge)).await.unwrap();
    town.clock.advance(Time::from_secs(7 * 3600));
    let app = town.knowing_above(&f::community(), f::street());
    let timer = app.timers().into_iter().find(|timer| timer.kind == "case").unwrap();
    Watch::new(timer).look(&town.pool, &town.clock).await.unwrap();
    let climbed = town.case(&case.id).await;
    assert_eq!((climbed.urgings, climbed.notices), (1, 1));
    assert_eq!(climbed.supervision.unwrap().level(), SupervisionLevel::Notice);
    let told: pb::CaseSupervisionClimbed =
        town.on_the_bus("casework", "huying.casework.v1.case_supervision_climbed.990101").await;
    assert_eq!((told.level(), told.superior.as_str()), (SupervisionLevel::Notice, "S-1"));
}
