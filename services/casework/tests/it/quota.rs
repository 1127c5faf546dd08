//! What one caller does again and again in a day is bounded.

use std::collections::BTreeSet;

use huying_casework::{
    app::quota::COUNTED,
    domain::{Absence, Approval, Case, Dispatch, Meeting, Ruled, rule::To},
    grpc::access::rpc_of,
};
use huying_chassis::{auth::Role, quota};
use huying_proto::casework::v1::{
    self as pb, SupervisionLevel, batch_result::Result as Went, batch_step::Step as Asked,
};
use huying_testing::reason;
use sqlx::AssertSqlSafe;
use tonic::{Code, Status};

use super::{
    fixture as f,
    store::database,
    support::{Town, fresh},
};

/// The other steps that leave a case in its state, and what ends them.
const BOUNDED: [(&str, &str); 12] = [
    ("call", "50 dispatches"),
    ("form_task_force", "50 dispatches, at least one for each"),
    ("end_group", "the groups that were called"),
    ("split", "20 parts"),
    ("attach", "the profile's attachments"),
    ("ask_group", "one at a time, on which somebody else rules"),
    ("ask_extension", "one at a time, on which somebody else rules"),
    ("ask_decline", "one at a time, on which somebody else rules"),
    ("ask_suspension", "one at a time, on which somebody else rules"),
    ("answer_supervision", "once each time that somebody above presses"),
    ("end_charge", "once each time that somebody takes charge"),
    ("verify", "once an attempt"),
];

/// The steps of a kind that can be asked for and leave it in its state.
fn staying<A: Ruled>() -> impl Iterator<Item = (&'static str, &'static str)> {
    let stays = A::rules().iter().filter(|rule| rule.by.is_some() && matches!(rule.to, To::Same));
    stays.map(|rule| (A::KIND, rule.name))
}

#[test]
fn what_leaves_everything_in_its_state_is_counted_or_has_an_end_of_its_own() {
    let counted = COUNTED.into_iter().map(|(kind, step, _)| (kind, step));
    let known: BTreeSet<_> = counted.chain(BOUNDED.map(|(step, _)| ("case", step))).collect();
    assert_eq!(known.len(), COUNTED.len() + BOUNDED.len(), "each in one list");
    let of_work = staying::<Case>().chain(staying::<Dispatch>()).chain(staying::<Approval>());
    let there: BTreeSet<_> = of_work.chain(staying::<Meeting>()).chain(staying::<Absence>()).collect();
    assert_eq!(there, known);
}

#[test]
fn a_step_is_counted_by_the_message_that_asks_for_it() {
    for (kind, step, message) in COUNTED {
        let method = rpc_of(kind, step).and_then(|rpc| rpc.rsplit('/').next()).unwrap();
        assert_eq!(message, format!("huying.casework.v1.{method}Request"), "{step}");
    }
}

/// Counting is read off the indexes of what is counted.
#[tokio::test]
async fn each_step_is_counted_by_its_index() {
    let pool = database().await;
    for (_, step, message) in COUNTED {
        let explain = format!("explain {}", quota::statement(message));
        let explain =
            explain.replace("$1", "''").replace("$2", "''").replace("$3", "now()").replace("$4", "9");
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&pool).await.unwrap();
        let index = if step == "note" { "command_notes" } else { "command_counted" };
        assert!(plan.iter().any(|line| line.contains(index)), "{step}: {plan:#?}");
    }
}

fn is_spent(refused: &Status) {
    assert_eq!((refused.code(), reason(refused).as_str()), (Code::ResourceExhausted, "QUOTA_SPENT"));
}

fn note(case: &pb::Case, version: i64) -> pb::AddNoteRequest {
    let (request_id, id, text) = (fresh(), case.id.clone(), "在看".to_owned());
    pb::AddNoteRequest { request_id, id, version, text, public: false }
}

/// Whichever way they are written: alone, or many at once.
#[tokio::test]
async fn notes_are_bounded_by_caller_and_day() {
    let town = Town::counting_to(2).await;
    let (_, case) = town.accepted(&f::grid()).await;
    let mut grid = town.of(&f::grid());
    let first = note(&case, 2);
    assert_eq!(grid.add_note(first.clone()).await.unwrap().into_inner().version, 3);
    let step = |version| pb::BatchStep { step: Some(Asked::Note(note(&case, version))) };
    let batch = pb::BatchStepsRequest { steps: vec![step(3), step(4)] };
    let results = grid.batch_steps(batch).await.unwrap().into_inner().results;
    let went: Vec<Went> = results.into_iter().map(|it| it.result.unwrap()).collect();
    let [Went::Case(noted), Went::Refusal(refused)] = &went[..] else { panic!("{went:?}") };
    assert_eq!((noted.version, refused.reason.as_str()), (4, "QUOTA_SPENT"));
    let before = town.written().await;
    is_spent(&grid.add_note(note(&case, 4)).await.unwrap_err());
    assert_eq!(town.written().await, before);
    let repeated = grid.add_note(first).await.unwrap().into_inner();
    assert_eq!(repeated.version, 4, "a repeated one is answered");
    let mut another = town.another_of(&f::grid());
    assert_eq!(another.add_note(note(&case, 4)).await.unwrap().into_inner().version, 5);
}

/// The same officer once more is answered as ever; another one is one too many.
#[tokio::test]
async fn what_is_so_already_is_answered_when_no_more_are_let() {
    let town = Town::counting_to(1).await;
    let (_, case) = town.accepted(&f::street()).await;
    let (_, grids) = town.accepted(&f::grid()).await;
    let appoint = |version, subject: &str| pb::AppointOfficerRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version,
        officer: Some(pb::Officer { subject: subject.into(), name: String::new() }),
    };
    let mut street = town.of(&f::street());
    let appointed = street.appoint_officer(appoint(2, "wxy")).await.unwrap().into_inner();
    assert_eq!(appointed.version, 3);
    let before = town.written().await;
    assert_eq!(street.appoint_officer(appoint(3, "wxy")).await.unwrap().into_inner(), appointed);
    is_spent(&street.appoint_officer(appoint(3, "ls")).await.unwrap_err());
    assert_eq!(town.written().await, before);
    // What may not be at all is refused for that.
    let of_grid = pb::AppointOfficerRequest { id: grids.id, ..appoint(2, "ls") };
    assert_eq!(reason(&street.appoint_officer(of_grid).await.unwrap_err()), "NOT_HOLDER");
}

/// A step is no other's: having pressed the holder so often, a leader still reports.
#[tokio::test]
async fn each_step_is_counted_for_itself() {
    let town = Town::counting_to(1).await;
    let (_, case) = town.accepted(&f::street()).await;
    let mut leader = town.client(Role::Leader, Some("D-1"), Some(f::DISTRICT));
    let take = |version| {
        let (request_id, id) = (fresh(), case.id.clone());
        pb::TakeChargeRequest { request_id, id, version, leader: "甲".into(), plan: "年内改造".into() }
    };
    let press = |version| {
        let (request_id, id, level) = (fresh(), case.id.clone(), SupervisionLevel::Urge.into());
        pb::SuperviseCaseRequest { request_id, id, version, level, reason: "已催两次".into() }
    };
    let report = |version| {
        let (request_id, id, text) = (fresh(), case.id.clone(), "已勘查".to_owned());
        pb::ReportChargeRequest { request_id, id, version, text }
    };
    leader.take_charge(take(2)).await.unwrap();
    leader.supervise_case(press(3)).await.unwrap();
    leader.report_charge(report(4)).await.unwrap();
    is_spent(&leader.take_charge(take(5)).await.unwrap_err());
    is_spent(&leader.supervise_case(press(5)).await.unwrap_err());
    is_spent(&leader.report_charge(report(5)).await.unwrap_err());
    assert_eq!(town.case(&case.id).await.version, 5);
}
