//! Topics: opened, given cases and measures, put to the test, and judged by the clock.

use std::time::Duration;

use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{self as pb, TopicState, TopicVerdict};
use huying_testing::{eventually, reason};
use tonic::Code;
use uuid::Uuid;

use crate::{
    refusals::{bad_fields, fields},
    round_refusals::told,
    support::{Case, DISTRICT, Topics, World, applying, monday, profile},
};

pub const OWNER: &str = "DEP-weijian";
const DAY: u64 = 24 * 3600;

/// With a profile, so that the district is known.
async fn begun() -> World {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    world
}

/// What a topic that stands otherwise says, with a fact of it.
fn unfit(reason: &str, said: &str) -> (Code, String, String) {
    (Code::FailedPrecondition, reason.to_owned(), said.to_owned())
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

pub fn planned(text: &str, unit: &str) -> pb::TopicMeasure {
    let (text, unit, due_date) = (text.to_owned(), unit.to_owned(), "2026-11-30".to_owned());
    pb::TopicMeasure { text, unit, due_date, ..Default::default() }
}

pub fn opening() -> pb::OpenTopicRequest {
    pb::OpenTopicRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: String::new(),
        category: "01".into(),
        title: "山区慢病用药难".into(),
        cause: "村里没有药房".into(),
        policy: "巡回医疗点每周到村".into(),
        owner: OWNER.into(),
        measures: vec![planned("设十八个巡回点", ""), planned("排出巡回路线", "DEP-jiaotong")],
    }
}

pub fn attaching(topic: &pb::Topic, cases: &[Uuid]) -> pb::AttachCasesRequest {
    let (request_id, id, version) = (key(), topic.id.clone(), topic.version);
    pb::AttachCasesRequest { request_id, id, version, cases: cases.iter().map(Uuid::to_string).collect() }
}

pub fn reporting(topic: &pb::Topic, measure: i32) -> pb::ReportMeasureRequest {
    let (request_id, id, version) = (key(), topic.id.clone(), topic.version);
    pb::ReportMeasureRequest { request_id, id, version, measure, note: "都办妥了".into() }
}

pub fn testing(topic: &pb::Topic, days: i32) -> pb::TestTopicRequest {
    pb::TestTopicRequest { request_id: key(), id: topic.id.clone(), version: topic.version, days }
}

pub fn changing(topic: &pb::Topic, measures: Vec<pb::TopicMeasure>) -> pb::ChangeTopicRequest {
    let (request_id, id, version) = (key(), topic.id.clone(), topic.version);
    let (cause, policy, owner) = (topic.cause.clone(), topic.policy.clone(), topic.owner.clone());
    pb::ChangeTopicRequest { request_id, id, version, cause, policy, owner, measures }
}

pub fn withdrawing(topic: &pb::Topic) -> pb::WithdrawTopicRequest {
    let (request_id, id, version) = (key(), topic.id.clone(), topic.version);
    pb::WithdrawTopicRequest { request_id, id, version, note: "与另一件重复".into() }
}

/// So many cases are opened now in an area, and evaluation has heard of them.
async fn called(world: &World, area: &str, count: usize) -> Vec<Uuid> {
    let mut cases = Vec::new();
    for _ in 0..count {
        let case = Case { district: area[..6].into(), ..Case::new().held_by("community-005", area) };
        world.send(&case.district, case.id, 1, &case.opened()).await;
        cases.push(case.id);
    }
    let pool = world.pool().await;
    eventually("evaluation has heard of them", async || {
        let known = "select count(*) from (select aggregate from heard union select id from course) as it where aggregate = any ($1)";
        let known: i64 = sqlx::query_scalar(known).bind(&cases).fetch_one(&pool).await.ok()?;
        (known == count as i64).then_some(())
    })
    .await;
    cases
}

async fn done(topics: &mut Topics, mut topic: pb::Topic) -> pb::Topic {
    for measure in topic.measures.clone() {
        topic = topics.report_measure(reporting(&topic, measure.number)).await.unwrap().into_inner();
    }
    topic
}

/// Days go by, and the topic is as it is then.
async fn judged(world: &World, topics: &mut Topics, id: &str, days: u64) -> pb::Topic {
    world.clock.set(monday() + Duration::from_secs(days * DAY));
    eventually("it is judged", async || {
        world.clock.advance(Duration::from_secs(1));
        let topic = topics.get_topic(pb::GetTopicRequest { id: id.to_owned() }).await.ok()?.into_inner();
        (topic.state() != TopicState::Testing).then_some(topic)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_from_its_cases_to_a_stream_that_dried_up() {
    let world = begun().await;
    let cases = called(&world, "420102003005", 3).await;
    called(&world, "420102", 1).await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    let topic = topics.open_topic(opening()).await.unwrap().into_inner();
    assert_eq!((topic.state(), topic.version, topic.area.as_str()), (TopicState::Open, 1, DISTRICT));
    let units: Vec<_> = topic.measures.iter().map(|it| (it.number, it.unit.as_str())).collect();
    assert_eq!(units, [(1, OWNER), (2, "DEP-jiaotong")], "whose is not said is the owner's");

    let attached = topics.attach_cases(attaching(&topic, &cases)).await.unwrap().into_inner();
    assert_eq!((attached.case_count, attached.version), (3, 2));
    let again = topics.attach_cases(attaching(&attached, &cases[1..])).await.unwrap().into_inner();
    assert_eq!(again, attached, "what is attached is nothing new");

    let mut theirs = world.topics(Role::Department, Some("DEP-jiaotong"), Some(DISTRICT));
    let topic = theirs.report_measure(reporting(&attached, 2)).await.unwrap().into_inner();
    let unfinished = topics.test_topic(testing(&topic, 7)).await;
    assert_eq!(told(unfinished, "measures"), unfit("MEASURES_OUTSTANDING", "1"));
    let mut owner = world.topics(Role::Department, Some(OWNER), Some(DISTRICT));
    let topic = owner.report_measure(reporting(&topic, 1)).await.unwrap().into_inner();
    assert!(topic.measures.iter().all(|it| it.note == "都办妥了" && it.done_time.is_some()));
    let topic = topics.test_topic(testing(&topic, 7)).await.unwrap().into_inner();
    let test = topic.test.clone().unwrap();
    assert_eq!((topic.state(), test.days, test.from_date.as_str()), (TopicState::Testing, 7, "2026-11-24"));
    assert_eq!(
        test.judge_time.unwrap().seconds,
        (monday() + Duration::from_secs(8 * DAY - 9 * 3600)).timestamp()
    );

    // On the first day that is watched.
    world.clock.advance(Duration::from_secs(DAY));
    called(&world, "420102004001", 2).await;
    let topic = judged(&world, &mut topics, &topic.id, 8).await;
    assert_eq!(
        (topic.state(), topic.test.is_some(), topic.end_time.is_some()),
        (TopicState::DriedUp, false, true)
    );
    let judgement = &topic.judgements[0];
    assert_eq!(judgement.verdict(), TopicVerdict::DriedUp, "two of four is half");
    assert_eq!((judgement.before, judgement.after, judgement.days), (4, 2, 7));
    let late = topics.attach_cases(attaching(&topic, &cases)).await;
    assert_eq!(told(late, "state"), unfit("STEP_NOT_ALLOWED", "dried_up"));

    world.assert_log_is_true().await;
    let events = world.events(&topic.id).await;
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    let told = [
        "TopicOpened",
        "TopicCasesAttached",
        "TopicMeasureReported",
        "TopicMeasureReported",
        "TopicTested",
        "TopicJudged",
    ];
    assert_eq!(names, told);
    let all: String = events.iter().map(|(_, data)| data.to_string()).collect();
    for words in ["山区", "药房", "巡回", "办妥"] {
        assert!(!all.contains(words), "texts stay here: {all}");
    }
    world.stop().await;
}

/// Less, but more than half; then a second test of new days. Each judgement stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_did_not_dry_up_opens_the_topic_again() {
    let world = begun().await;
    called(&world, "420102003005", 3).await;
    called(&world, "420102004001", 5).await;
    let mut topics = world.topics(Role::Desk, None, Some("420102003"));
    let open = pb::OpenTopicRequest { area: "420102003".into(), ..opening() };
    let topic = topics.open_topic(open).await.unwrap().into_inner();
    let topic = done(&mut topics, topic).await;
    topics.test_topic(testing(&topic, 2)).await.unwrap();
    world.clock.set(monday() + Duration::from_secs(DAY));
    called(&world, "420102003001", 2).await;
    called(&world, "420102004001", 5).await;
    let topic = judged(&world, &mut topics, &topic.id, 3).await;
    let told = |topic: &pb::Topic| -> Vec<_> {
        topic.judgements.iter().map(|it| (it.verdict(), it.before, it.after, it.from_date.clone())).collect()
    };
    let first = (TopicVerdict::Less, 3, 2, "2026-11-24".to_owned());
    assert_eq!((topic.state(), told(&topic)), (TopicState::Open, vec![first.clone()]));

    called(&world, "420102003001", 3).await;
    let topic = topics.test_topic(testing(&topic, 1)).await.unwrap().into_inner();
    let topic = judged(&world, &mut topics, &topic.id, 4).await;
    let second = (TopicVerdict::NotLess, 3, 3, "2026-11-26".to_owned());
    assert_eq!((topic.state(), told(&topic)), (TopicState::Open, vec![first, second]));
    let withdrawn = topics.withdraw_topic(withdrawing(&topic)).await.unwrap().into_inner();
    assert_eq!((withdrawn.state(), withdrawn.note.as_str()), (TopicState::Withdrawn, "与另一件重复"));
    assert!(withdrawn.end_time.is_some());
    world.assert_log_is_true().await;
    world.stop().await;
}

/// What is done stays; what is open is kept by its number, dropped without it, and no number comes again.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_topic_is_said_anew() {
    let world = begun().await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    called(&world, "420102003005", 1).await;
    let topic = topics.open_topic(opening()).await.unwrap().into_inner();
    let topic = topics.report_measure(reporting(&topic, 1)).await.unwrap().into_inner();
    let same =
        changing(&topic, vec![pb::TopicMeasure { number: 2, ..planned("排出巡回路线", "DEP-jiaotong") }]);
    let same = topics.change_topic(same).await.unwrap().into_inner();
    assert_eq!(same, topic, "said again it is nothing new");
    let change = pb::ChangeTopicRequest {
        owner: "DEP-yibao".into(),
        ..changing(&topic, vec![planned("开通医保", "")])
    };
    let topic = topics.change_topic(change.clone()).await.unwrap().into_inner();
    assert_eq!(topics.change_topic(change).await.unwrap().into_inner(), topic, "a repeated command");
    let told: Vec<_> =
        topic.measures.iter().map(|it| (it.number, it.unit.as_str(), it.done_time.is_some())).collect();
    assert_eq!(told, [(1, OWNER, true), (3, "DEP-yibao", false)]);
    let none = topics.change_topic(changing(&topic, Vec::new())).await.unwrap().into_inner();
    let more =
        topics.change_topic(changing(&none, vec![planned("送药上门", "")])).await.unwrap().into_inner();
    assert_eq!(more.measures.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 4], "3 is not used again");
    assert_eq!(world.events(&topic.id).await.iter().filter(|(name, _)| name == "TopicChanged").count(), 3);
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_of_an_area_a_state_or_a_unit() {
    let world = begun().await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    let mut open = async |area: &str, owner: &str| {
        let open = pb::OpenTopicRequest { area: area.into(), owner: owner.into(), ..opening() };
        topics.open_topic(open).await.unwrap().into_inner()
    };
    let whole = open("", OWNER).await;
    let street = open("420102003", "S-420102003").await;
    let other = open("420102004", OWNER).await;
    topics.withdraw_topic(withdrawing(&other)).await.unwrap();

    let list = || pb::ListTopicsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = async |role, unit, area, list: pb::ListTopicsRequest| -> Vec<String> {
        let page = world.topics(role, unit, Some(area)).list_topics(list).await.unwrap().into_inner();
        page.topics.into_iter().map(|it| it.id).collect()
    };
    let [whole, street, other] = [&whole.id, &street.id, &other.id].map(String::as_str);
    assert_eq!(listed(Role::Operator, None, CITY, list()).await, [other, street, whole], "the newest first");
    let open_ones = pb::ListTopicsRequest { state: TopicState::Open.into(), ..list() };
    assert_eq!(listed(Role::Leader, None, DISTRICT, open_ones).await, [street, whole]);
    let of_street = pb::ListTopicsRequest { area: "420102003".into(), ..list() };
    assert_eq!(listed(Role::Leader, None, DISTRICT, of_street.clone()).await, [street]);
    assert_eq!(listed(Role::Desk, None, "420102003", list()).await, [street]);
    assert_eq!(listed(Role::Desk, None, "420102003", of_street).await, [street]);
    let owned = pb::ListTopicsRequest { owner: OWNER.into(), ..list() };
    assert_eq!(listed(Role::Leader, None, DISTRICT, owned.clone()).await, [other, whole]);
    assert_eq!(listed(Role::Desk, None, "420102003", owned).await, [""; 0]);
    assert_eq!(listed(Role::Department, Some(OWNER), DISTRICT, list()).await, [other, whole]);

    let own = pb::ListTopicsRequest { owner: "S-420102003".into(), ..list() };
    let unit = Some("S-420102003");
    assert_eq!(listed(Role::Desk, unit, "420102003", own).await, [street]);

    let first = pb::ListTopicsRequest { page_size: 2, ..list() };
    let page = topics.list_topics(first.clone()).await.unwrap().into_inner();
    assert_eq!(page.topics.len(), 2);
    let rest = pb::ListTopicsRequest { page_token: page.next_page_token, ..first };
    let rest = topics.list_topics(rest).await.unwrap().into_inner();
    assert_eq!((rest.topics[0].id.as_str(), rest.topics.len()), (whole, 1));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_says_no_with_a_reason() {
    let world = begun().await;
    let cases = called(&world, "420102003005", 1).await;
    let elsewhere = called(&world, "420102004001", 1).await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    let open = pb::OpenTopicRequest { area: "420102003".into(), ..opening() };
    let topic = topics.open_topic(open.clone()).await.unwrap().into_inner();
    assert_eq!(topics.open_topic(open.clone()).await.unwrap().into_inner(), topic, "a repeated command");

    // Of another street, and of nobody: alike, and each by its place.
    let some = [cases[0], elsewhere[0], Uuid::now_v7()];
    let unknown = topics.attach_cases(attaching(&topic, &some)).await.unwrap_err();
    assert_eq!(
        (reason(&unknown).as_str(), fields(&unknown)),
        ("UNKNOWN_CASE", vec!["cases[1]".to_owned(), "cases[2]".to_owned()])
    );
    let missing = told(topics.report_measure(reporting(&topic, 7)).await, "measures");
    assert_eq!(missing, (Code::InvalidArgument, "UNKNOWN_MEASURE".to_owned(), "7".to_owned()));
    let mut carrier = world.topics(Role::Department, Some("DEP-jiaotong"), Some(DISTRICT));
    let foreign = carrier.report_measure(reporting(&topic, 1)).await.unwrap_err();
    assert_eq!(reason(&foreign), "OUTSIDE_UNIT", "the owner's measure");
    let mut stranger = world.topics(Role::Department, Some("DEP-parks"), Some(DISTRICT));
    let absent = stranger.report_measure(reporting(&topic, 1)).await.unwrap_err();
    assert_eq!(reason(&absent), "NOT_FOUND");
    let renamed = changing(&topic, vec![pb::TopicMeasure { number: 9, ..planned("x", "") }]);
    assert_eq!(reason(&topics.change_topic(renamed).await.unwrap_err()), "UNKNOWN_MEASURE");
    let empty = topics.change_topic(changing(&topic, Vec::new())).await.unwrap().into_inner();
    let nothing = topics.test_topic(testing(&empty, 7)).await;
    assert_eq!(told(nothing, "measures"), unfit("MEASURES_OUTSTANDING", ""));
    let stale = topics.test_topic(testing(&topic, 7)).await.unwrap_err();
    assert_eq!(reason(&stale), "STALE_VERSION");

    let full =
        topics.change_topic(changing(&empty, vec![planned("设点", ""); 50])).await.unwrap().into_inner();
    let full = topics.report_measure(reporting(&full, 3)).await.unwrap().into_inner();
    let more = topics.change_topic(changing(&full, vec![planned("设点", ""); 50])).await;
    assert_eq!(told(more, "there"), unfit("TOO_MANY_MEASURES", "51"));
    let topic = topics.withdraw_topic(withdrawing(&full)).await.unwrap().into_inner();
    let over = topics.withdraw_topic(withdrawing(&topic)).await.unwrap_err();
    assert_eq!(reason(&over), "STEP_NOT_ALLOWED");
    let mut street = world.topics(Role::Desk, None, Some("420102004"));
    assert_eq!(reason(&street.open_topic(open).await.unwrap_err()), "OUTSIDE_AREA");
    let get = pb::GetTopicRequest { id: topic.id.clone() };
    assert_eq!(reason(&street.get_topic(get).await.unwrap_err()), "NOT_FOUND");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_topic_is_said_field_by_field() {
    let world = begun().await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    let topic = topics.open_topic(opening()).await.unwrap().into_inner();
    let wrong = pb::OpenTopicRequest {
        area: "420103".into(),
        category: String::new(),
        title: " ".into(),
        cause: String::new(),
        policy: "长".repeat(1001),
        owner: "某局".into(),
        measures: vec![pb::TopicMeasure { number: 1, due_date: "明天".into(), ..planned("", "") }],
        ..opening()
    };
    let wrong = bad_fields(topics.open_topic(wrong).await);
    let all = [
        "area",
        "category",
        "title",
        "measures",
        "cause",
        "policy",
        "owner",
        "measures[0].text",
        "measures[0].due_date",
    ];
    assert_eq!(wrong, all);
    assert_eq!(bad_fields(topics.test_topic(testing(&topic, 91)).await), ["days"]);
    let many = topics.attach_cases(attaching(&topic, &[Uuid::now_v7(); 201])).await;
    assert_eq!(bad_fields(many), ["cases"]);
    world.stop().await;
}

/// A street's desk does its part of a topic of the whole district, and does not lead it.
#[tokio::test(flavor = "multi_thread")]
async fn a_street_has_a_measure_of_a_topic_of_the_district() {
    let world = begun().await;
    let mut topics = world.topics(Role::Leader, None, Some(DISTRICT));
    let (owner, measures) = ("S-420102003".to_owned(), vec![planned("校门夜间开放", "S-420102004")]);
    let open = pb::OpenTopicRequest { owner, measures, ..opening() };
    let topic = topics.open_topic(open).await.unwrap().into_inner();
    let mut street = world.topics(Role::Desk, Some("S-420102004"), Some("420102004"));
    let changed = street.change_topic(changing(&topic, Vec::new())).await.unwrap_err();
    assert_eq!(reason(&changed), "OUTSIDE_AREA");
    let topic = street.report_measure(reporting(&topic, 1)).await.unwrap().into_inner();
    assert!(topic.measures[0].done_time.is_some());
    let mut owner = world.topics(Role::Desk, Some("S-420102003"), Some("420102003"));
    let own =
        pb::ListTopicsRequest { district: DISTRICT.into(), owner: topic.owner.clone(), ..Default::default() };
    assert_eq!(owner.list_topics(own).await.unwrap().into_inner().topics[0].id, topic.id);
    let mut none = world.topics(Role::Desk, None, Some("420102004"));
    assert_eq!(reason(&none.report_measure(reporting(&topic, 1)).await.unwrap_err()), "NOT_FOUND");
    world.stop().await;
}
