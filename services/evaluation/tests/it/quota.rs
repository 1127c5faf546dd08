//! What one caller does again and again in a day is bounded.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use huying_chassis::{
    auth::{CITY, Role},
    config::Keys as _,
    quota,
};
use huying_evaluation::{app::quota::COUNTED, config::Own};
use huying_proto::{
    DESCRIPTORS,
    evaluation::v1::{
        self as pb, CallbackState, StrataBy, inquiry_service_client::InquiryServiceClient as Inquiries,
    },
};
use huying_testing::reason;
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};
use sqlx::AssertSqlSafe;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{
    inquiries, links,
    rounds::{beginning, handing, interviews, listing, resolving},
    store::migrated,
    support::{Case, DISTRICT, HOLDER, World, applying, attempting, profile},
    topics::{self, changing, planned},
};

const PACKAGE: &str = "huying.evaluation.v1";

/// The other commands, and what ends them.
const BOUNDED: [(&str, &str); 18] = [
    ("RecordVerdictRequest", "once a callback"),
    ("GiveVerdictRequest", "once a callback"),
    ("LodgeAppealRequest", "once a callback"),
    ("DecideAppealRequest", "once an appeal"),
    ("RateUnitRequest", "once a case, by a unit and of a unit"),
    ("JudgeCallRequest", "once a case, by a unit and of a unit"),
    ("RecordInspectionRequest", "once a case by a delegate"),
    ("RecordInterviewRequest", "once an interview"),
    ("CloseRoundRequest", "once a round"),
    ("AttachCasesRequest", "1000 cases of a topic"),
    ("ReportMeasureRequest", "once a measure, of which a topic has 50"),
    ("TestTopicRequest", "one at a time, which the clock ends"),
    ("WithdrawTopicRequest", "once a topic"),
    ("ClaimInquiryRequest", "one at a time, until its answer is overdue"),
    ("AnswerInquiryRequest", "3 answers"),
    ("JudgeInquiryRequest", "once an answer"),
    ("WithdrawInquiryRequest", "once an inquiry"),
    ("ApplyProfileRequest", "by an operator, who answers for all of the district"),
];

/// The messages of all commands: those with an id under which they are repeated.
fn commands() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let ours = set.file.iter().filter(|file| file.package() == PACKAGE);
    let is_command = |it: &&DescriptorProto| it.field.iter().any(|field| field.name() == "request_id");
    let commands = ours.flat_map(|file| file.message_type.iter().filter(is_command));
    commands.map(|it| format!("{PACKAGE}.{}", it.name())).collect()
}

#[test]
fn every_command_is_counted_or_has_an_end_of_its_own() {
    let bounded = BOUNDED.map(|(message, _)| format!("{PACKAGE}.{message}"));
    let known: BTreeSet<String> = COUNTED.map(str::to_owned).into_iter().chain(bounded).collect();
    assert_eq!(known.len(), COUNTED.len() + BOUNDED.len(), "each in one list");
    assert_eq!(commands(), known);
}

/// Counting is read off the index of what is counted.
#[tokio::test]
async fn each_is_counted_by_its_index() {
    let pool = migrated().await;
    for message in COUNTED {
        let explain = format!("explain {}", quota::statement(message));
        let explain =
            explain.replace("$1", "''").replace("$2", "''").replace("$3", "now()").replace("$4", "9");
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&pool).await.unwrap();
        assert!(plan.iter().any(|line| line.contains("command_counted")), "{message}: {plan:#?}");
    }
}

#[test]
fn the_setting_has_bounds() {
    for (additions_a_day, is_right) in [(0, false), (1, true), (100_000, true), (100_001, false)] {
        let wrong = Own { additions_a_day }.wrong();
        assert_eq!(wrong.is_empty(), is_right, "{wrong:?}");
    }
}

/// When to come again.
fn spent<T: Debug>(answer: Result<T, Status>) -> Duration {
    let refused = answer.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::ResourceExhausted, "QUOTA_SPENT"));
    refused.get_details_retry_info().unwrap().retry_delay.unwrap()
}

/// A try within the hour counts for nothing but its note, of which there could be any number.
#[tokio::test(flavor = "multi_thread")]
async fn tries_are_bounded_by_caller_and_day() {
    let world = World::counting_to(2).await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let first = attempting(&callback, "无人接听");
    let tried = staff.record_attempt(first.clone()).await.unwrap().into_inner();
    let stale = staff.record_attempt(attempting(&callback, "")).await.unwrap_err();
    assert_eq!(reason(&stale), "STALE_VERSION", "it counts nothing");
    let tried = staff.record_attempt(attempting(&tried, "占线")).await.unwrap().into_inner();
    assert_eq!((tried.version, tried.tries), (3, 1));

    // Nine in the morning: the next day begins fifteen hours later.
    let day_ends = Duration::from_secs(15 * 3600);
    assert_eq!(spent(staff.record_attempt(attempting(&tried, "占线")).await), day_ends);
    let repeated = staff.record_attempt(first).await.unwrap().into_inner();
    assert_eq!(repeated, tried, "a repeated one is answered, and nothing was written");
    // Another caller has a quota of their own.
    let mut leader = world.client(Role::Leader, None, Some(DISTRICT));
    let tried = leader.record_attempt(attempting(&tried, "")).await.unwrap().into_inner();
    assert_eq!(tried.version, 4);
    world.clock.advance(day_ends);
    let tried = staff.record_attempt(attempting(&tried, "")).await.unwrap().into_inner();
    assert_eq!((tried.version, tried.tries), (5, 2));
    world.assert_log_is_true().await;
    world.stop().await;
}

/// What ends a callback is let, and one that has ended is told as such.
#[tokio::test(flavor = "multi_thread")]
async fn who_would_not_answer_is_recorded_when_no_more_are_let() {
    let world = World::counting_to(1).await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let tried = staff.record_attempt(attempting(&callback, "")).await.unwrap().into_inner();
    spent(staff.record_attempt(attempting(&tried, "")).await);
    let refusal =
        pb::RecordAttemptRequest { outcome: pb::AttemptOutcome::Refused.into(), ..attempting(&tried, "") };
    let refused = staff.record_attempt(refusal).await.unwrap().into_inner();
    assert_eq!(refused.state(), CallbackState::Refused);
    let late = staff.record_attempt(attempting(&refused, "")).await.unwrap_err();
    assert_eq!(reason(&late), "STEP_NOT_ALLOWED", "sooner than that they are spent");
    world.stop().await;
}

/// Each is no other's.
#[tokio::test(flavor = "multi_thread")]
async fn links_are_bounded_by_themselves() {
    let world = World::counting_to(1).await;
    let mut staff = world.staff();
    let callback = world.resolved(&Case::new()).await;
    let tried = staff.record_attempt(attempting(&callback, "")).await.unwrap().into_inner();
    let first = links::asking(&tried);
    let issued = staff.issue_verdict_link(first.clone()).await.unwrap().into_inner();
    let linked = issued.callback.unwrap();
    spent(staff.issue_verdict_link(links::asking(&linked)).await);
    let repeated = staff.issue_verdict_link(first).await.unwrap().into_inner();
    assert_eq!((repeated.token.as_str(), repeated.callback), ("", Some(linked)));
    world.stop().await;
}

/// What is said of a topic already is answered, and not counted.
#[tokio::test(flavor = "multi_thread")]
async fn topics_are_opened_and_changed_so_often() {
    let world = World::counting_to(1).await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let mut desk = world.topics(Role::Desk, None, Some(DISTRICT));
    let first = topics::opening();
    let opened = desk.open_topic(first.clone()).await.unwrap().into_inner();
    spent(desk.open_topic(topics::opening()).await);
    assert_eq!(desk.open_topic(first).await.unwrap().into_inner(), opened, "a repeated one is answered");
    let none = desk.change_topic(changing(&opened, Vec::new())).await.unwrap().into_inner();
    let same = desk.change_topic(changing(&none, Vec::new())).await.unwrap().into_inner();
    assert_eq!(same, none);
    spent(desk.change_topic(changing(&none, vec![planned("设点", "")])).await);
    let unknown = vec![pb::TopicMeasure { number: 9, ..planned("设点", "") }];
    let unknown = desk.change_topic(changing(&none, unknown)).await.unwrap_err();
    assert_eq!(reason(&unknown), "UNKNOWN_MEASURE", "sooner than that they are spent");
    world.stop().await;
}

/// An interview goes from hand to hand, and changes by nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn rounds_are_begun_and_handed_out_so_often() {
    let world = World::counting_to(1).await;
    resolving(&world, &[(HOLDER, "420102003005", 1)]).await;
    let mut staff = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
    let first = beginning(1, StrataBy::Unit);
    let round = staff.begin_round(first.clone()).await.unwrap().into_inner();
    spent(staff.begin_round(beginning(1, StrataBy::Unit)).await);
    assert_eq!(staff.begin_round(first).await.unwrap().into_inner(), round, "a repeated one is answered");
    let drawn = interviews(&mut staff, listing(&round)).await.remove(0).id;
    let to = |unit: &str| pb::HandOutRequest { interviews: vec![drawn.clone()], ..handing(&round, &[unit]) };
    staff.hand_out(to("callbacks")).await.unwrap();
    staff.hand_out(to("callbacks")).await.unwrap();
    spent(staff.hand_out(to("others")).await);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inquiries_are_opened_so_often() {
    let world = World::counting_to(1).await;
    let case = Case::new();
    world.resolved(&case).await;
    let mut delegate = Inquiries::new(world.wire(world.bench.bearer(Role::Delegate, None, Some(DISTRICT))));
    let first = inquiries::opening(&[case.id]);
    let opened = delegate.open_inquiry(first.clone()).await.unwrap().into_inner();
    spent(delegate.open_inquiry(inquiries::opening(&[case.id])).await);
    assert_eq!(delegate.open_inquiry(first).await.unwrap().into_inner(), opened);
    world.stop().await;
}
