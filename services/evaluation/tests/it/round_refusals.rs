//! Bad input to rounds: each has its reason, and changes nothing.

use huying_chassis::auth::{CITY, Claims, Role};
use huying_proto::evaluation::v1::{
    self as pb,
    InterviewOutcome::{self, Answered, Refused},
    InterviewState::Waiting,
    StrataBy,
};
use huying_testing::{Bearer, reason};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::{
    refusals::bad_fields,
    rounds::{beginning, closing, handing, interviews, listing, recording, resolving},
    support::{DISTRICT, HOLDER, Rounds, World, applying, profile},
};

/// Code, reason, and what is said of it.
pub fn told<T: std::fmt::Debug>(answer: Result<T, Status>, of: &str) -> (Code, String, String) {
    let status = answer.unwrap_err();
    let details = status.get_error_details();
    let said = details.error_info().and_then(|info| info.metadata.get(of).cloned()).unwrap_or_default();
    (status.code(), reason(&status), said)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    reason(&answer.unwrap_err())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_says_which_field_is_wrong() {
    let world = World::new().await;
    let mut rounds = world.rounds(Role::Leader, None, Some(DISTRICT));
    let empty = rounds.begin_round(pb::BeginRoundRequest::default()).await;
    assert_eq!(
        bad_fields(empty),
        [
            "request_id",
            "district",
            "name",
            "population.from_date",
            "population.to_date",
            "sample",
            "strata_by",
            "due_date"
        ]
    );
    let mut bad = async |with: &dyn Fn(&mut pb::BeginRoundRequest, &mut pb::Population)| {
        let mut begin = beginning(1, StrataBy::Unit);
        let mut population = begin.population.take().unwrap();
        with(&mut begin, &mut population);
        begin.population = Some(population);
        bad_fields(rounds.begin_round(begin).await)
    };
    assert_eq!(
        bad(&|_, it| it.to_date = "2026-11-22".into()).await,
        ["population.to_date"],
        "the wrong way round"
    );
    assert_eq!(bad(&|_, it| it.from_date = "2025-11-22".into()).await, ["population.to_date"], "367 days");
    assert_eq!(bad(&|_, it| it.from_date = "2026-11-31".into()).await, ["population.from_date"]);
    assert_eq!(bad(&|_, it| it.area = "420103001".into()).await, ["population.area"]);
    assert_eq!(bad(&|_, it| it.area = "4201020".into()).await, ["population.area"]);
    assert_eq!(bad(&|_, it| it.unit = "a b".into()).await, ["population.unit"]);
    assert_eq!(bad(&|_, it| it.category = "市容".into()).await, ["population.category"]);
    assert_eq!(bad(&|it, _| it.sample = 0).await, ["sample"]);
    assert_eq!(bad(&|it, _| it.sample = 2_001).await, ["sample"]);
    assert_eq!(bad(&|it, _| it.strata_by = 9).await, ["strata_by"]);
    assert_eq!(bad(&|it, _| it.seed = "x".repeat(65)).await, ["seed"]);
    assert_eq!(bad(&|it, _| it.name = "名".repeat(101)).await, ["name"]);
    assert_eq!(bad(&|it, _| it.due_date = "2026-11-22".into()).await, ["due_date"]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_must_fit_its_population() {
    let world = World::new().await;
    let mut rounds = world.rounds(Role::Leader, None, Some(DISTRICT));
    let unknown = rounds.begin_round(beginning(1, StrataBy::None)).await;
    assert_eq!(refused(unknown), "UNKNOWN_DISTRICT");
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let mut begin = beginning(1, StrataBy::None);
    let none = rounds.begin_round(begin.clone()).await;
    let too_small = |there: &str| (Code::FailedPrecondition, "POPULATION_TOO_SMALL".into(), there.into());
    assert_eq!(told(none, "population"), too_small("0"));
    begin.population.as_mut().unwrap().unit = "nobody".into();
    let unknown = rounds.begin_round(begin).await;
    assert_eq!(told(unknown, "unit"), (Code::InvalidArgument, "UNKNOWN_UNIT".into(), "nobody".into()));

    resolving(&world, &[(HOLDER, "420102003005", 2), ("community-101", "420102004001", 1)]).await;
    let more = rounds.begin_round(beginning(4, StrataBy::None)).await;
    assert_eq!(told(more, "population"), too_small("3"));
    let strata = rounds.begin_round(beginning(1, StrataBy::Unit)).await;
    assert_eq!(told(strata, "strata"), (Code::FailedPrecondition, "TOO_MANY_STRATA".into(), "2".into()));
    // A unit that is known, on another day.
    let mut begin = beginning(1, StrataBy::None);
    let population = begin.population.as_mut().unwrap();
    (population.unit, population.from_date) = (HOLDER.into(), "2026-11-01".into());
    population.to_date = "2026-11-22".into();
    assert_eq!(told(rounds.begin_round(begin).await, "population"), too_small("0"));
    let list = pb::ListRoundsRequest { district: DISTRICT.into(), ..Default::default() };
    assert!(rounds.list_rounds(list).await.unwrap().into_inner().rounds.is_empty(), "nothing was begun");
    world.stop().await;
}

/// Somebody by name, of a unit or of none.
fn person(world: &World, subject: &str, unit: Option<&str>) -> Rounds {
    let claims = Claims {
        unit: unit.map(str::to_owned),
        area: Some(DISTRICT.into()),
        ..Claims::new(subject, [Role::Callback])
    };
    Rounds::new(world.wire(Bearer(Some(world.bench.token(&claims)))))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interview_is_recorded_once_by_whom_it_was_given_to() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 3)]).await;
    let mut wang = person(&world, "wang", Some("callbacks"));
    let round = wang.begin_round(beginning(3, StrataBy::None)).await.unwrap().into_inner();
    let to_wang = pb::Interviewer { unit: "callbacks".into(), subject: "wang".into() };
    let hand_out = pb::HandOutRequest { interviewers: vec![to_wang], ..handing(&round, &[]) };
    wang.hand_out(hand_out).await.unwrap();
    let waiting = pb::ListInterviewsRequest { state: Waiting.into(), ..listing(&round) };
    let given = interviews(&mut wang, waiting.clone()).await;
    let record = |outcome| recording(&given[0], outcome);

    let own = person(&world, "zhao", Some(HOLDER)).record_interview(record(Answered)).await;
    assert_eq!(told(own, "unit"), (Code::PermissionDenied, "OWN_WORK".into(), HOLDER.into()));
    let another = person(&world, "li", Some("callbacks")).record_interview(record(Answered)).await;
    assert_eq!(refused(another), "HANDED_TO_ANOTHER");
    let stale = pb::RecordInterviewRequest { version: 1, ..record(Answered) };
    assert_eq!(refused(wang.record_interview(stale).await), "STALE_VERSION");
    assert_eq!(interviews(&mut wang, waiting).await, given, "what is refused changes nothing");
    let after = wang.record_interview(record(Answered)).await.unwrap().into_inner().interview.unwrap();
    let twice = wang.record_interview(recording(&after, Refused)).await;
    assert_eq!(
        told(twice, "state"),
        (Code::FailedPrecondition, "STEP_NOT_ALLOWED".into(), "answered".into())
    );
    let late = pb::HandOutRequest { interviews: vec![after.id], ..handing(&round, &["callbacks"]) };
    assert_eq!(refused(wang.hand_out(late).await), "STEP_NOT_ALLOWED");
    let unknown = pb::HandOutRequest {
        interviews: vec![Uuid::now_v7().to_string()],
        ..handing(&round, &["callbacks"])
    };
    assert_eq!(refused(wang.hand_out(unknown).await), "NOT_FOUND");

    wang.close_round(closing(&round)).await.unwrap();
    let closed = pb::Round { version: 2, ..round };
    assert_eq!(refused(wang.record_interview(recording(&given[1], Answered)).await), "ROUND_CLOSED");
    assert_eq!(refused(wang.hand_out(handing(&closed, &["callbacks"])).await), "ROUND_CLOSED");
    assert_eq!(refused(wang.close_round(closing(&closed)).await), "ROUND_CLOSED");
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_on_rounds_say_which_field_is_wrong() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 1)]).await;
    let mut staff = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
    let round = staff.begin_round(beginning(1, StrataBy::None)).await.unwrap().into_inner();
    let drawn = interviews(&mut staff, listing(&round)).await.remove(0);
    let head = ["request_id", "id", "version"];
    let empty = staff.record_interview(pb::RecordInterviewRequest::default()).await;
    assert_eq!(bad_fields(empty), [&head[..], &["outcome"]].concat());
    let mut bad = async |request| bad_fields(staff.record_interview(request).await);
    let unsaid = pb::RecordInterviewRequest { verdict: None, ..recording(&drawn, Answered) };
    assert_eq!(bad(unsaid).await, ["verdict.satisfaction"]);
    let said = pb::RecordInterviewRequest {
        outcome: InterviewOutcome::Refused.into(),
        ..recording(&drawn, Answered)
    };
    assert_eq!(bad(said).await, ["verdict"]);
    let replaced = pb::RecordInterviewRequest { replace: true, ..recording(&drawn, Answered) };
    assert_eq!(bad(replaced).await, ["replace"]);
    let long = pb::RecordInterviewRequest { note: "长".repeat(501), ..recording(&drawn, Refused) };
    assert_eq!(bad(long).await, ["note"]);

    assert_eq!(
        bad_fields(staff.hand_out(pb::HandOutRequest::default()).await),
        [&head[..], &["interviewers"]].concat()
    );
    let twice = pb::HandOutRequest { interviews: vec!["x".into()], ..handing(&round, &["a", "a", ""]) };
    assert_eq!(
        bad_fields(staff.hand_out(twice).await),
        ["interviewers[1]", "interviewers[2]", "interviews[0]"]
    );
    assert_eq!(bad_fields(staff.close_round(pb::CloseRoundRequest::default()).await), head);
    let list = pb::ListInterviewsRequest { district: "江岸".into(), state: 77, ..Default::default() };
    assert_eq!(bad_fields(staff.list_interviews(list).await), ["district", "state", "round"]);
    let list = pb::ListRoundsRequest { district: DISTRICT.into(), page_token: "x".into(), page_size: 0 };
    assert_eq!(bad_fields(staff.list_rounds(list).await), ["page_token"]);
    assert_eq!(bad_fields(staff.get_round(pb::GetRoundRequest::default()).await), ["id"]);
    world.stop().await;
}

/// Out of reach is as if it were not there; and only those who ask, lead or look after it may come at all.
#[tokio::test(flavor = "multi_thread")]
async fn rounds_are_for_whom_they_concern() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 2)]).await;
    let mut staff = world.rounds(Role::Callback, None, Some(DISTRICT));
    let round = staff.begin_round(beginning(2, StrataBy::None)).await.unwrap().into_inner();
    let drawn = interviews(&mut staff, listing(&round)).await.remove(0);
    for area in ["420103", "420102004"] {
        let mut other = world.rounds(Role::Leader, Some("x"), Some(area));
        assert_eq!(refused(other.begin_round(beginning(1, StrataBy::None)).await), "OUTSIDE_AREA");
        let id = || round.id.clone();
        let absent = [
            refused(other.get_round(pb::GetRoundRequest { id: id() }).await),
            refused(other.get_round_report(pb::GetRoundReportRequest { id: id() }).await),
            refused(other.hand_out(handing(&round, &["x"])).await),
            refused(other.close_round(closing(&round)).await),
            refused(other.record_interview(recording(&drawn, Refused)).await),
        ];
        assert!(absent.iter().all(|reason| reason == "NOT_FOUND"), "{area}: {absent:?}");
    }
    let mut street = world.rounds(Role::Callback, None, Some("420102003"));
    assert_eq!(refused(street.list_interviews(listing(&round)).await), "NOT_FOUND", "the whole district's");
    for role in [Role::Officer, Role::Department, Role::Desk, Role::Platform] {
        let mut judged = world.rounds(role, Some(HOLDER), Some(DISTRICT));
        assert_eq!(refused(judged.list_interviews(listing(&round)).await), "ROLE_NOT_ALLOWED", "{role:?}");
        let begin = judged.begin_round(beginning(1, StrataBy::None)).await;
        assert_eq!(refused(begin), "ROLE_NOT_ALLOWED", "{role:?}");
    }
    let mut operator = world.rounds(Role::Operator, None, Some(DISTRICT));
    assert_eq!(refused(operator.close_round(closing(&round)).await), "ROLE_NOT_ALLOWED");
    world.stop().await;
}
