//! 补充: the reporter is asked something; the case waits with its resolve clock at a stand, until there is an answer or the time is up.

use chrono::Duration;
use huying_casework::domain::{
    Case, Change, ClockKind, Error, State,
    case::step::{Accept, AskReporter, Escalate, Note, Resolve, Supplement, Withdraw},
    lamp::TurnLamps,
};
use huying_proto::casework::v1 as pb;
use huying_testing::{eventually, reason};
use uuid::Uuid;

use super::{
    fixture::{self as f, after, case_at, facts, holder, morning, take},
    support::{Town, fresh},
};

fn ask() -> AskReporter {
    AskReporter { question: "是几号楼".into() }
}

fn supplement(text: &str) -> Supplement {
    Supplement { request: Uuid::from_u128(1), text: text.into() }
}

fn working() -> Case {
    let case = case_at(&f::community());
    after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning())
}

/// Asked two hours after it came.
fn waiting() -> Case {
    let (case, at) = (working(), morning() + Duration::hours(2));
    after(&case, take(&case, &holder(&case), &ask(), &facts().at(at)).unwrap(), at)
}

fn due(case: &Case) -> Option<chrono::DateTime<chrono::Utc>> {
    case.clocks.get(ClockKind::Resolve).unwrap().due_at
}

#[test]
fn an_answer_lets_the_clock_run_on_where_it_stood() {
    let waiting = waiting();
    assert_eq!((waiting.state, due(&waiting)), (State::Waiting, None));
    assert_eq!(waiting.question.as_ref().unwrap().text, "是几号楼");
    let later = morning() + Duration::hours(50);
    let answered = after(&waiting, f::caused(&waiting, &supplement("一号楼"), &facts().at(later)), later);
    assert_eq!((answered.state, &answered.question, answered.notes), (State::Working, &None, 1));
    assert_eq!(due(&answered), Some(later + Duration::hours(22)), "two of 24 hours were used");
    let stopped = answered.clocks.get(ClockKind::Wait).unwrap();
    assert!(stopped.is_stopped(), "it is waited for no longer");
}

/// What is added without having been asked for changes nothing but the notes.
#[test]
fn an_addition_elsewhere_is_a_note() {
    let working = working();
    let added = after(&working, f::caused(&working, &supplement("快"), &facts()), morning());
    assert_eq!((added.state, added.notes, &added.clocks), (State::Working, 1, &working.clocks));
}

#[test]
fn without_an_answer_it_goes_back_to_work_at_red() {
    let waiting = waiting();
    let asked = morning() + Duration::hours(2);
    let turned = |at| f::caused(&waiting, &TurnLamps, &facts().at(at));
    let amber = turned(asked + Duration::hours(60));
    assert!(matches!(&amber[..], [Change::LampTurned(_)]), "at amber it is waited for: {amber:?}");
    let red = asked + Duration::days(3);
    let missed = turned(red);
    assert!(matches!(&missed[2], Change::AnswerMissed(_)), "{missed:?}");
    let missed = after(&waiting, missed, red);
    assert_eq!((missed.state, &missed.question, missed.overdue), (State::Working, &None, false));
    assert_eq!(due(&missed), Some(red + Duration::hours(22)));
    assert!(f::caused(&missed, &TurnLamps, &facts().at(red)).is_empty(), "once");
}

#[test]
fn only_the_holder_asks_and_only_while_working() {
    let case = working();
    let refused = take(&case, &f::by(&f::street()), &ask(), &facts());
    assert_eq!(refused, Err(Error::NotHolder { holder: "C-1".into() }));
    let waiting = waiting();
    let not_now = |step| Err(Error::StepNotAllowed { step, state: "waiting" });
    let by = holder(&waiting);
    assert_eq!(take(&waiting, &by, &ask(), &facts()), not_now("ask_reporter"));
    assert_eq!(
        take(&waiting, &by, &Resolve { answer: "x".into(), handling: None }, &facts()),
        not_now("resolve")
    );
    let up = Escalate { reason: "x".into() };
    assert_eq!(take(&waiting, &by, &up, &facts().above(f::street())), not_now("escalate"));
    assert!(take(&waiting, &by, &Note { text: "x".into(), public: true }, &facts()).is_ok());
}

#[test]
fn a_withdrawn_case_waits_for_nothing() {
    let case = waiting();
    let withdraw = Withdraw { request: Uuid::from_u128(1) };
    let closed = after(&case, f::caused(&case, &withdraw, &facts()), morning());
    assert_eq!((closed.state, closed.question, closed.due_at), (State::Closed, None, None));
}

pub fn ask_of(case: &pb::Case) -> pb::AskReporterRequest {
    pb::AskReporterRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        question: "是几号楼".into(),
    }
}

/// Over the wire: asked twice; the first answer comes from the reporter, the second never.
#[tokio::test]
async fn the_reporter_is_asked() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::community()).await;
    let mut community = town.of(&f::community());
    let empty = pb::AskReporterRequest { question: " ".into(), ..ask_of(&case) };
    assert_eq!(reason(&community.ask_reporter(empty).await.unwrap_err()), "BAD_FIELD");
    let asked = community.ask_reporter(ask_of(&case)).await.unwrap().into_inner();
    assert_eq!(asked.state(), pb::CaseState::Waiting);
    assert_eq!(asked.question.as_ref().unwrap().text, "是几号楼");
    let told: pb::CaseAsked = town.on_the_bus("casework", "huying.casework.v1.case_asked.990101").await;
    assert_eq!(
        (told.question.as_str(), told.case.unwrap().requests),
        ("是几号楼", vec![request.to_string()])
    );
    assert_eq!(told.answer_due_time, wait(&asked));

    town.supplemented(request, "一号楼").await;
    let answered = town.case_when("it is answered", &case.id, |it| it.notes == 1).await;
    assert_eq!((answered.state(), &answered.question), (pb::CaseState::Working, &None));

    let again = community.ask_reporter(ask_of(&answered)).await.unwrap().into_inner();
    assert_eq!(again.state(), pb::CaseState::Waiting);
    town.clock.advance(std::time::Duration::from_secs(3 * 24 * 3600));
    let back = eventually("it goes back to work", async || {
        town.clock.advance(std::time::Duration::from_millis(600));
        Some(town.case(&case.id).await).filter(|it| it.state() == pb::CaseState::Working)
    })
    .await;
    assert_eq!(back.question, None);
    let events: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(events.last().unwrap(), "CaseAnswerMissed", "{events:?}");
}

/// Until when the reporter is waited for.
fn wait(case: &pb::Case) -> Option<pbjson_types::Timestamp> {
    case.clocks.iter().find(|clock| clock.kind() == pb::ClockKind::Wait)?.due_time
}
