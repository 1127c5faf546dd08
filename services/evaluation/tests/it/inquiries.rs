//! Delegates inspect cases and ask in public; leaders claim and answer; the clock tells what is overdue.

use std::time::Duration;

use huying_chassis::auth::{CITY, Claims, Role};
use huying_proto::evaluation::v1::{self as pb, InquiryState, inquiry_service_client::InquiryServiceClient};
use huying_testing::{Bearer, Wire, eventually, reason};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    refusals::{bad_fields, fields},
    support::{Case, DISTRICT, HOLDER, World, monday},
};

pub const STREET: &str = "420102003";
pub const OTHER_STREET: &str = "420102004";
const DAY: u64 = 24 * 3600;

type Inquiries = InquiryServiceClient<Wire>;

pub fn key() -> String {
    Uuid::now_v7().to_string()
}

/// Somebody of a role who is not the test's usual person of it.
pub fn person(world: &World, subject: &str, role: Role, area: &str) -> Bearer {
    Bearer(Some(world.bench.token(&Claims::new(subject, [role]).area(area))))
}

fn asking(world: &World, role: Role, unit: Option<&str>, area: &str) -> Inquiries {
    Inquiries::new(world.wire(world.bench.bearer(role, unit, Some(area))))
}

fn delegate(world: &World) -> Inquiries {
    asking(world, Role::Delegate, None, DISTRICT)
}

fn leader(world: &World) -> Inquiries {
    asking(world, Role::Leader, None, DISTRICT)
}

pub fn opening(cases: &[Uuid]) -> pb::OpenInquiryRequest {
    pb::OpenInquiryRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: STREET.into(),
        unit: HOLDER.into(),
        cases: cases.iter().map(ToString::to_string).collect(),
        question: "为何三天两头又堵上".into(),
    }
}

pub fn claiming(it: &pb::Inquiry) -> pb::ClaimInquiryRequest {
    let (id, version, office) = (it.id.clone(), it.version, "副区长（分管城建）".to_owned());
    pb::ClaimInquiryRequest { request_id: key(), id, version, office }
}

pub fn answering(it: &pb::Inquiry, text: &str) -> pb::AnswerInquiryRequest {
    let (id, version, text) = (it.id.clone(), it.version, text.to_owned());
    pb::AnswerInquiryRequest { request_id: key(), id, version, text }
}

pub fn saying(it: &pb::Inquiry, solved: bool) -> pb::JudgeInquiryRequest {
    let (id, version, note) = (it.id.clone(), it.version, "到现场看过".to_owned());
    pb::JudgeInquiryRequest { request_id: key(), id, version, solved, note }
}

pub fn withdrawing(it: &pb::Inquiry) -> pb::WithdrawInquiryRequest {
    let (id, version, note) = (it.id.clone(), it.version, "问错了单位".to_owned());
    pb::WithdrawInquiryRequest { request_id: key(), id, version, note }
}

pub fn told<T: std::fmt::Debug>(refused: Result<T, Status>) -> (Code, String) {
    let status = refused.unwrap_err();
    (status.code(), reason(&status))
}

pub fn denied(reason: &str) -> (Code, String) {
    (Code::PermissionDenied, reason.to_owned())
}

pub fn unfit(reason: &str) -> (Code, String) {
    (Code::FailedPrecondition, reason.to_owned())
}

/// A case that was resolved, and its id.
async fn resolved(world: &World) -> Uuid {
    let case = Case::new();
    world.resolved(&case).await;
    case.id
}

async fn opened(world: &World) -> pb::Inquiry {
    let case = resolved(world).await;
    delegate(world).open_inquiry(opening(&[case])).await.unwrap().into_inner()
}

async fn claimed(world: &World) -> pb::Inquiry {
    let it = opened(world).await;
    leader(world).claim_inquiry(claiming(&it)).await.unwrap().into_inner()
}

async fn answered(world: &World) -> pb::Inquiry {
    let it = claimed(world).await;
    leader(world).answer_inquiry(answering(&it, "已加装护栏")).await.unwrap().into_inner()
}

async fn board(world: &World) -> Vec<pb::Inquiry> {
    let mut anybody = Inquiries::new(world.wire(Bearer(None)));
    let request = pb::ListPublicInquiriesRequest { district: DISTRICT.into(), ..Default::default() };
    anybody.list_public_inquiries(request).await.unwrap().into_inner().inquiries
}

async fn get(world: &World, id: &str) -> pb::Inquiry {
    delegate(world).get_inquiry(pb::GetInquiryRequest { id: id.to_owned() }).await.unwrap().into_inner()
}

/// As soon as it is told to be overdue.
async fn overdue(world: &World, id: &str) -> pb::Inquiry {
    eventually("it is overdue", async || {
        world.clock.advance(Duration::from_secs(1));
        let it = get(world, id).await;
        it.overdue.then_some(it)
    })
    .await
}

fn seconds(at: &Option<pbjson_types::Timestamp>) -> i64 {
    at.as_ref().unwrap().seconds
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_from_the_question_to_what_is_solved() {
    let world = World::new().await;
    let open = opened(&world).await;
    assert_eq!((open.state(), open.version, open.case_count), (InquiryState::Open, 1, 1));
    assert_eq!(seconds(&open.due_time), (monday() + Duration::from_secs(DAY)).timestamp());
    assert!(board(&world).await.is_empty(), "nobody has answered");

    let it = leader(&world).claim_inquiry(claiming(&open)).await.unwrap().into_inner();
    assert_eq!((it.state(), it.office.as_str()), (InquiryState::Claimed, "副区长（分管城建）"));
    assert_eq!(seconds(&it.due_time), (monday() + Duration::from_secs(7 * DAY)).timestamp());
    let it = leader(&world).answer_inquiry(answering(&it, "已加装护栏")).await.unwrap().into_inner();
    assert_eq!((it.state(), it.due_time), (InquiryState::Answered, None));
    let it = delegate(&world).judge_inquiry(saying(&it, false)).await.unwrap().into_inner();
    assert_eq!((it.state(), it.due_time.is_some()), (InquiryState::Claimed, true));
    let shown = board(&world).await;
    assert_eq!(
        (shown.len(), shown[0].state(), shown[0].answers[0].solved),
        (1, InquiryState::Claimed, Some(false))
    );
    assert_eq!((shown[0].cases.len(), shown[0].case_count, shown[0].version), (0, 1, 0));

    let again = leader(&world).answer_inquiry(answering(&it, "护栏加长到路口")).await.unwrap().into_inner();
    let judge = saying(&again, true);
    let solved = delegate(&world).judge_inquiry(judge.clone()).await.unwrap().into_inner();
    assert_eq!((solved.state(), solved.answers.len()), (InquiryState::Solved, 2));
    assert!(solved.end_time.is_some() && solved.due_time.is_none());
    assert_eq!(
        delegate(&world).judge_inquiry(judge).await.unwrap().into_inner(),
        solved,
        "a repeated command"
    );
    assert_eq!(told(leader(&world).claim_inquiry(claiming(&solved)).await), unfit("STEP_NOT_ALLOWED"));
    assert_eq!(board(&world).await[0].state(), InquiryState::Solved);

    let events = world.events(&solved.id).await;
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "InquiryOpened",
            "InquiryClaimed",
            "InquiryAnswered",
            "InquiryJudged",
            "InquiryAnswered",
            "InquiryJudged"
        ]
    );
    let all = format!("{events:?}{shown:?}");
    assert!(!all.contains("test-"), "nobody is named: {all}");
    let all = format!("{events:?}");
    for words in ["堵上", "副区长", "护栏", "现场"] {
        assert!(!all.contains(words), "texts stay here: {all}");
    }
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_told_once_and_may_be_done_still_or_by_another() {
    let world = World::new().await;
    let open = opened(&world).await;
    world.clock.set(monday() + Duration::from_secs(DAY - 60));
    assert!(!get(&world, &open.id).await.overdue);
    world.clock.set(monday() + Duration::from_secs(DAY));
    let late = overdue(&world, &open.id).await;
    assert_eq!((late.state(), late.version), (InquiryState::Open, 2));
    let claimed = leader(&world).claim_inquiry(claiming(&late)).await.unwrap().into_inner();
    assert!(!claimed.overdue);

    let mut other = Inquiries::new(world.wire(person(&world, "li", Role::Leader, DISTRICT)));
    let early = other.claim_inquiry(claiming(&claimed)).await;
    assert_eq!(told(early), unfit("CLAIMED_ALREADY"));
    world.clock.advance(Duration::from_secs(7 * DAY));
    let late = overdue(&world, &open.id).await;
    assert_eq!(late.state(), InquiryState::Claimed);
    let own = leader(&world).claim_inquiry(claiming(&late)).await;
    assert_eq!(told(own), unfit("CLAIMED_ALREADY"));
    let taken = other.claim_inquiry(claiming(&late)).await.unwrap().into_inner();
    assert_eq!(told(leader(&world).answer_inquiry(answering(&taken, "x")).await), denied("NOT_YOURS"));
    let it = other.answer_inquiry(answering(&taken, "已加装护栏")).await.unwrap().into_inner();
    world.clock.advance(Duration::from_secs(30 * DAY));
    let solved = delegate(&world).judge_inquiry(saying(&it, true)).await.unwrap().into_inner();
    assert_eq!(solved.state(), InquiryState::Solved);
    let events = world.events(&open.id).await;
    let late: Vec<_> = events.iter().filter(|(name, _)| name == "InquiryMissed").collect();
    assert_eq!(late.len(), 2);
    assert_eq!(late[0].1["dueTime"], "2026-11-24T01:00:00+00:00");
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_is_for_whoever_it_is_for() {
    let world = World::new().await;
    let open = opened(&world).await;
    assert_eq!(told(leader(&world).answer_inquiry(answering(&open, "x")).await), unfit("STEP_NOT_ALLOWED"));
    assert_eq!(told(delegate(&world).judge_inquiry(saying(&open, true)).await), unfit("STEP_NOT_ALLOWED"));
    let mut other = Inquiries::new(world.wire(person(&world, "wang", Role::Delegate, DISTRICT)));
    assert_eq!(told(other.withdraw_inquiry(withdrawing(&open)).await), denied("NOT_YOURS"));

    // One person with both roles.
    let both = Claims::new("test-delegate", [Role::Leader, Role::Delegate]).area(DISTRICT);
    let mut both = Inquiries::new(world.wire(Bearer(Some(world.bench.token(&both)))));
    assert_eq!(told(both.claim_inquiry(claiming(&open)).await), denied("OWN_WORK"));

    let claimed = leader(&world).claim_inquiry(claiming(&open)).await.unwrap().into_inner();
    let again = leader(&world).claim_inquiry(claiming(&claimed)).await;
    assert_eq!(told(again), unfit("CLAIMED_ALREADY"));
    let stale = leader(&world).answer_inquiry(answering(&open, "x")).await;
    assert_eq!(told(stale).1, "STALE_VERSION");
    let it = leader(&world).answer_inquiry(answering(&claimed, "已加装护栏")).await.unwrap().into_inner();
    assert_eq!(told(other.judge_inquiry(saying(&it, true)).await), denied("NOT_YOURS"));
    let own = Claims::new("test-leader", [Role::Leader, Role::Delegate]).area(DISTRICT);
    let mut own = Inquiries::new(world.wire(Bearer(Some(world.bench.token(&own)))));
    assert_eq!(told(own.judge_inquiry(saying(&it, true)).await), denied("OWN_WORK"));
    assert_eq!(told(delegate(&world).withdraw_inquiry(withdrawing(&it)).await), unfit("STEP_NOT_ALLOWED"));

    let next = opened(&world).await;
    let gone = delegate(&world).withdraw_inquiry(withdrawing(&next)).await.unwrap().into_inner();
    assert_eq!((gone.state(), gone.note.as_str()), (InquiryState::Withdrawn, "问错了单位"));
    assert_eq!(told(leader(&world).claim_inquiry(claiming(&gone)).await), unfit("STEP_NOT_ALLOWED"));
    assert_eq!(board(&world).await.len(), 1, "what was withdrawn is nobody's to read");
    world.stop().await;
}

/// Solved, or unsolved after three answers: no other verdict takes the place of the last one.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_judged_no_more() {
    let world = World::new().await;
    let mut unsolved = answered(&world).await;
    for text in ["护栏加长到路口", "路口有人值守"] {
        let failed = delegate(&world).judge_inquiry(saying(&unsolved, false)).await.unwrap().into_inner();
        unsolved = leader(&world).answer_inquiry(answering(&failed, text)).await.unwrap().into_inner();
    }
    let solved = answered(&world).await;
    for (it, solves, state) in
        [(unsolved, false, InquiryState::Unsolved), (solved, true, InquiryState::Solved)]
    {
        let ended = delegate(&world).judge_inquiry(saying(&it, solves)).await.unwrap().into_inner();
        assert_eq!((ended.state(), ended.version), (state, it.version + 1));
        for again in [true, false] {
            let judge = delegate(&world).judge_inquiry(saying(&ended, again)).await;
            assert_eq!(told(judge), unfit("STEP_NOT_ALLOWED"), "{state:?} {again}");
        }
        // From a page that was read before.
        assert_eq!(told(delegate(&world).judge_inquiry(saying(&it, !solves)).await).1, "STALE_VERSION");
        let more = leader(&world).answer_inquiry(answering(&ended, "还有一句")).await;
        assert_eq!(told(more), unfit("STEP_NOT_ALLOWED"));
        assert_eq!(get(&world, &ended.id).await, ended, "it is as it ended");
    }
    let shown = board(&world).await;
    let shown: Vec<_> = shown.iter().map(|it| (it.state(), it.answers.len())).collect();
    assert_eq!(shown, [(InquiryState::Solved, 1), (InquiryState::Unsolved, 3)]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elsewhere_it_is_as_if_there_were_none() {
    let world = World::new().await;
    let it = answered(&world).await;
    let get = || pb::GetInquiryRequest { id: it.id.clone() };
    for area in [OTHER_STREET, "420103", "420102003005"] {
        for role in [Role::Delegate, Role::Leader, Role::Desk] {
            assert_eq!(told(asking(&world, role, None, area).get_inquiry(get()).await).0, Code::NotFound);
        }
        let judge = asking(&world, Role::Delegate, None, area).judge_inquiry(saying(&it, true)).await;
        assert_eq!(told(judge).0, Code::NotFound, "{area}");
    }
    let claim = asking(&world, Role::Leader, None, OTHER_STREET).claim_inquiry(claiming(&it)).await;
    assert_eq!(told(claim).0, Code::NotFound);
    // The unit that is asked reads it, and another of its name elsewhere does not.
    assert!(asking(&world, Role::Officer, Some(HOLDER), "420102003005").get_inquiry(get()).await.is_ok());
    let namesake = asking(&world, Role::Officer, Some(HOLDER), "420103003005").get_inquiry(get()).await;
    assert_eq!(told(namesake).0, Code::NotFound);
    let parks = asking(&world, Role::Department, Some("parks"), DISTRICT).get_inquiry(get()).await;
    assert_eq!(told(parks).0, Code::NotFound, "another unit's");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_counts_are_of_an_area_a_unit_or_a_state() {
    let world = World::new().await;
    let case = resolved(&world).await;
    let mut by = delegate(&world);
    let mut open = async |area: &str, unit: &str| {
        let open = pb::OpenInquiryRequest { area: area.into(), unit: unit.into(), ..opening(&[case]) };
        by.open_inquiry(open).await.unwrap().into_inner()
    };
    let whole = open("", HOLDER).await;
    let street = open(STREET, "parks").await;
    let community = open("420102003005", HOLDER).await;
    delegate(&world).withdraw_inquiry(withdrawing(&whole)).await.unwrap();
    let [whole, street, community] = [&whole.id, &street.id, &community.id].map(String::as_str);

    let list = || pb::ListInquiriesRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = async |role, unit, area, list: pb::ListInquiriesRequest| -> Vec<String> {
        let page = asking(&world, role, unit, area).list_inquiries(list).await.unwrap().into_inner();
        page.inquiries.into_iter().map(|it| it.id).collect()
    };
    assert_eq!(
        listed(Role::Operator, None, CITY, list()).await,
        [community, street, whole],
        "the newest first"
    );
    assert_eq!(listed(Role::Delegate, None, DISTRICT, list()).await, [community, street, whole]);
    assert_eq!(listed(Role::Delegate, None, STREET, list()).await, [community, street]);
    assert_eq!(listed(Role::Leader, None, "420102003005", list()).await, [community]);
    assert_eq!(listed(Role::Leader, None, OTHER_STREET, list()).await, [""; 0]);
    let parks = pb::ListInquiriesRequest { unit: "parks".into(), ..list() };
    assert_eq!(listed(Role::Delegate, None, DISTRICT, parks.clone()).await, [street]);
    assert_eq!(listed(Role::Department, Some("parks"), DISTRICT, list()).await, [street]);
    let officer = asking(&world, Role::Officer, Some(HOLDER), STREET).list_inquiries(parks).await;
    assert_eq!(told(officer), denied("OUTSIDE_UNIT"));
    let gone = pb::ListInquiriesRequest { state: InquiryState::Withdrawn.into(), ..list() };
    assert_eq!(listed(Role::Leader, None, DISTRICT, gone).await, [whole]);
    assert_eq!(
        told(asking(&world, Role::Delegate, None, "420103").list_inquiries(list()).await),
        denied("OUTSIDE_AREA")
    );

    let first = pb::ListInquiriesRequest { page_size: 2, ..list() };
    let page = leader(&world).list_inquiries(first.clone()).await.unwrap().into_inner();
    let rest = pb::ListInquiriesRequest { page_token: page.next_page_token, ..first };
    assert_eq!(listed(Role::Leader, None, DISTRICT, rest).await, [whole]);

    let counted = async |role, area, unit: &str| -> Vec<_> {
        let request = pb::CountInquiriesRequest { district: DISTRICT.into(), unit: unit.into() };
        let counts =
            asking(&world, role, None, area).count_inquiries(request).await.unwrap().into_inner().counts;
        counts.into_iter().map(|it| (it.state(), it.count)).collect()
    };
    let all = [(InquiryState::Open, 2), (InquiryState::Withdrawn, 1)];
    assert_eq!(counted(Role::Leader, DISTRICT, "").await, all);
    assert_eq!(counted(Role::Delegate, DISTRICT, "parks").await, [(InquiryState::Open, 1)]);
    assert_eq!(counted(Role::Delegate, STREET, HOLDER).await, [(InquiryState::Open, 1)]);
    assert_eq!(counted(Role::Desk, "420102003005", "").await, [(InquiryState::Open, 1)]);
    assert_eq!(counted(Role::Desk, STREET, "").await, [(InquiryState::Open, 2)]);
    assert_eq!(counted(Role::Desk, OTHER_STREET, "").await, []);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_asked_is_refused_with_its_reason() {
    let world = World::new().await;
    let case = resolved(&world).await;
    let elsewhere = Case::new().held_by(HOLDER, "420102004001");
    world.resolved(&elsewhere).await;
    let mut by = delegate(&world);
    let unknown = by.open_inquiry(opening(&[case, elsewhere.id, Uuid::now_v7()])).await.unwrap_err();
    assert_eq!(
        (reason(&unknown).as_str(), fields(&unknown)),
        ("UNKNOWN_CASE", vec!["cases[1]".to_owned(), "cases[2]".to_owned()])
    );
    let idle = pb::OpenInquiryRequest { unit: "DEP-idle".into(), ..opening(&[case]) };
    let idle = by.open_inquiry(idle).await.unwrap_err();
    assert_eq!((reason(&idle).as_str(), fields(&idle)), ("UNIT_NOT_OF_CASES", vec!["cases[0]".to_owned()]));
    // Whoever worked on it beside the holder.
    let parks = pb::OpenInquiryRequest { unit: "parks".into(), ..opening(&[case]) };
    assert!(by.open_inquiry(parks).await.is_ok());
    // Staff of a unit that worked on it are no delegates of it.
    let mut staff = asking(&world, Role::Delegate, Some("parks"), DISTRICT);
    assert_eq!(told(staff.open_inquiry(opening(&[case])).await), denied("OWN_WORK"));
    let mut street = asking(&world, Role::Delegate, None, OTHER_STREET);
    assert_eq!(told(street.open_inquiry(opening(&[case])).await), denied("OUTSIDE_AREA"));
    let district = pb::OpenInquiryRequest { area: String::new(), ..opening(&[case]) };
    assert_eq!(told(street.open_inquiry(district).await), denied("OUTSIDE_AREA"));

    let open = opening(&[case]);
    let first = by.open_inquiry(open.clone()).await.unwrap().into_inner();
    assert_eq!(by.open_inquiry(open.clone()).await.unwrap().into_inner(), first, "a repeated command");
    let other = pb::OpenInquiryRequest { question: "别的".into(), ..open };
    assert_eq!(told(by.open_inquiry(other).await).1, "REQUEST_ID_REUSED");

    let wrong = pb::OpenInquiryRequest {
        area: "420103".into(),
        unit: String::new(),
        question: "长".repeat(1001),
        ..opening(&[case, case])
    };
    assert_eq!(bad_fields(by.open_inquiry(wrong).await), ["area", "unit", "cases", "question"]);
    assert_eq!(bad_fields(by.open_inquiry(opening(&[Uuid::now_v7(); 21])).await), ["cases", "cases"]);
    assert_eq!(bad_fields(by.open_inquiry(opening(&[])).await), ["cases"]);
    let silent = pb::ClaimInquiryRequest { office: String::new(), ..claiming(&first) };
    assert_eq!(bad_fields(leader(&world).claim_inquiry(silent).await), ["office"]);
    assert_eq!(bad_fields(leader(&world).answer_inquiry(answering(&first, " ")).await), ["text"]);
    let big =
        pb::ListPublicInquiriesRequest { district: DISTRICT.into(), page_size: 51, ..Default::default() };
    assert_eq!(bad_fields(by.list_public_inquiries(big).await), ["page_size"]);
    world.stop().await;
}

/// Before it is resolved for good a case has no callback, and its holder may be asked about it, and whoever helped to resolve it.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_worked_on_still_may_be_asked_about() {
    let world = World::new().await;
    let case = Case::new();
    world.send(&case.district, case.id, 1, &case.opened()).await;
    let open = opening(&[case.id]);
    let it = eventually("evaluation has heard of it", async || {
        delegate(&world).open_inquiry(open.clone()).await.ok().map(tonic::Response::into_inner)
    })
    .await;
    assert_eq!((it.state(), it.unit.as_str()), (InquiryState::Open, HOLDER));
    world.send(&case.district, case.id, 2, &case.unverified()).await;
    let parks = pb::OpenInquiryRequest { unit: "parks".into(), ..opening(&[case.id]) };
    let it = eventually("evaluation has heard who worked on it", async || {
        delegate(&world).open_inquiry(parks.clone()).await.ok().map(tonic::Response::into_inner)
    })
    .await;
    assert_eq!(it.unit, "parks");
    world.stop().await;
}
