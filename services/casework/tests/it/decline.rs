//! 不予受理: asked for on one of the listed grounds, granted by the district; the reporter is told why and where to turn.

use huying_casework::domain::{
    Approval, Beside, Case, CaseworkProfile, Change, Dispatch, DispatchState, Error, Outcome, Ruled, State,
    Step, Unit,
    approval::step::Grant,
    case::step::{Accept, Answer, AskDecline, Reopen},
    policies::Granter,
};
use huying_proto::casework::v1 as pb;
use huying_terms::Tier;
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, case_at, facts, holder, morning, take},
    support::{Town, fresh, meta, profile},
};

const APPROVAL: Uuid = Uuid::from_u128(50);
const REQUEST: Uuid = Uuid::from_u128(1);
const WHERE_TO: &str = "涉及劳动争议，请向区劳动人事争议仲裁委员会申请仲裁";

fn ask(ground: &str) -> AskDecline {
    AskDecline { approval: APPROVAL, ground: ground.into(), answer: WHERE_TO.into() }
}

/// Of a street's case: asked, and put to the district.
fn asked() -> (Case, Approval) {
    let case = case_at(&f::street());
    let facts = facts().above(f::district());
    let (decided, beside) = ask("statutory_route").take(&case, &holder(&case), &facts).unwrap();
    let [Beside::Approval(APPROVAL, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    (after(&case, decided.changes(), morning()), approval)
}

/// What granting it comes to, for the case and beside it.
fn granted(case: &Case, approval: &Approval, facts: Facts) -> (Case, Vec<Beside>) {
    let facts = facts.knowing(case, &[(APPROVAL, approval.clone())]).on(APPROVAL);
    let grant = Grant { reason: "属实".into() };
    let (_, mut beside) = grant.take(approval, &f::by(&f::district()), &facts).unwrap();
    let Beside::Case(f::CASE, changes) = beside.remove(0) else { panic!("{beside:?}") };
    (after(case, changes, morning()), beside)
}

pub fn declined() -> Case {
    let (case, approval) = asked();
    granted(&case, &approval, facts()).0
}

#[test]
fn the_district_declines_what_the_holder_asks_to_decline() {
    let (case, approval) = asked();
    assert_eq!(approval.granter.unit, "D-1");
    let case = granted(&case, &approval, facts()).0;
    assert_eq!((case.state, case.outcome), (State::Closed, Some(Outcome::Declined)));
    assert_eq!((case.declined.unwrap().code.as_str(), case.answer.as_str()), ("statutory_route", WHERE_TO));
    assert_eq!((case.due_at, case.approvals.len()), (None, 0));
    assert!(case.clocks.each().all(|(_, clock)| clock.is_stopped()));
}

/// A town of its own ends at the street: there the street above the holder grants what else the district does.
#[test]
fn where_there_is_no_district_the_top_of_the_place_grants() {
    let case = case_at(&f::community());
    let town = CaseworkProfile { top_tier: Tier::Street, ..f::profile() };
    assert_eq!(town.policies.granter((&asked().1.ask).into()), Granter::Tier(Tier::District));
    let facts = Facts { profile: town, ..facts() }.above(f::street());
    let (_, beside) = ask("repeat").take(&case, &holder(&case), &facts).unwrap();
    let [Beside::Approval(APPROVAL, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval: Approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    assert_eq!(approval.granter.unit, "S-1");
}

#[test]
fn only_its_holder_asks_on_a_listed_ground_and_once() {
    let case = case_at(&f::street());
    let facts = facts().above(f::district());
    let stranger = take(&case, &f::by(&f::grid()), &ask("repeat"), &facts);
    assert_eq!(stranger, Err(Error::NotHolder { holder: "S-1".into() }));
    let Err(Error::UnknownGround { ground, known }) = take(&case, &holder(&case), &ask("too_hard"), &facts)
    else {
        panic!("too hard is no ground")
    };
    assert_eq!((ground.as_str(), known.len()), ("too_hard", 6));
    let again = take(&asked().0, &holder(&case), &ask("repeat"), &facts);
    assert_eq!(again, Err(Error::ApprovalPending { approval: APPROVAL }));
}

/// Taking it on meanwhile leaves what was asked; its open dispatches end with it.
#[test]
fn the_dispatches_of_a_declined_case_end() {
    let (case, approval) = asked();
    let case = after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning());
    let (case, (id, sent)) = f::calling(&case, &f::parks());
    let facts = facts().dispatches(&[(id, sent.clone())]);
    let (case, beside) = granted(&case, &approval, facts);
    assert_eq!(case.outcome, Some(Outcome::Declined));
    let [Beside::Dispatch(ended, changes)] = &beside[..] else { panic!("{beside:?}") };
    let dispatch: Dispatch = huying_testing::after(Some(sent), &changes[0], &f::stamp(morning())).unwrap();
    assert_eq!((*ended, dispatch.state), (id, DispatchState::Ended));
}

/// The reporter's answer is noted on the closed case; then a supervisor may have it worked after all.
#[test]
fn a_declined_case_is_answered_and_may_be_reopened() {
    let case = declined();
    let answered = f::caused(&case, &Answer { request: REQUEST, attempt: 1 }, &facts());
    assert!(matches!(answered[..], [Change::Answered(_)]), "{answered:?}");
    let case = after(&case, answered, morning());
    assert!(case.requests[0].answered);
    assert_eq!(case.allowed(&facts().asked_by(&f::leader(f::DISTRICT))), ["reopen"]);
    let reopen = Reopen { reason: "属于职责范围".into() };
    let changes = take(&case, &f::leader(f::DISTRICT), &reopen, &facts()).unwrap();
    let case = after(&case, changes, morning());
    assert_eq!((case.state, case.outcome, case.declined), (State::Assigned, None, None));
    assert_eq!((case.attempt, case.requests[0].answered, case.answer.as_str()), (2, false, ""));
}

/// Over the wire: asked on a ground of the profile, granted by the district, told on the case and in its event.
#[tokio::test]
async fn a_case_is_declined() {
    let town = Town::open().await;
    let mut with_one = profile(false);
    let ground = pb::DeclineGround { code: "labour".into(), name: "劳动争议".into() };
    with_one.profile.as_mut().unwrap().decline_grounds = vec![ground.clone()];
    town.operator().apply_profile(with_one).await.unwrap();
    let (_, case) = town.case_at(&f::street()).await;
    let ask = pb::AskDeclineRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        ground: "repeat".into(),
        answer: WHERE_TO.into(),
    };
    let mut street = town.of(&f::street());
    let unknown = street.ask_decline(ask.clone()).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (tonic::Code::InvalidArgument, "UNKNOWN_GROUND"));
    // Who is above is routing's to say, and nobody is at home there: nothing is asked for.
    let ask = pb::AskDeclineRequest { request_id: fresh(), ground: "labour".into(), ..ask };
    assert_eq!(reason(&street.ask_decline(ask).await.unwrap_err()), "ROUTING_UNAVAILABLE");

    let approval = asked_in(&town, &case, &f::street(), "labour").await;
    let mut district = town.approvals_of(&f::district());
    let get = pb::GetApprovalRequest { id: approval.clone() };
    let asked = district.get_approval(get).await.unwrap().into_inner();
    assert_eq!((asked.kind(), asked.ground.as_ref()), (pb::ApprovalKind::Decline, Some(&ground)));
    assert_eq!(asked.reason, WHERE_TO);
    let case = granted_by_the_district(&town, &case, &approval).await;
    assert_eq!((case.state(), case.outcome()), (pb::CaseState::Closed, pb::Outcome::Declined));
    assert_eq!((case.declined, case.answer.as_str()), (Some(ground), WHERE_TO));
    let events = town.events(&case.id).await;
    let (name, told) = events.last().unwrap();
    assert_eq!((name.as_str(), &told["ground"]["name"]), ("CaseDeclined", &"劳动争议".into()));
}

/// What was asked for is granted; the case after it.
pub async fn granted_by_the_district(town: &Town, case: &pb::Case, approval: &str) -> pb::Case {
    let mut district = town.approvals_of(&f::district());
    let grant = pb::GrantApprovalRequest {
        request_id: fresh(),
        id: approval.to_owned(),
        version: 1,
        reason: "属实".into(),
    };
    let granted = district.grant_approval(grant).await.unwrap().into_inner();
    assert_eq!(granted.state(), pb::ApprovalState::Granted);
    town.case(&case.id).await
}

/// The holder asks, and the district is above it; the approval's id.
pub async fn asked_in(town: &Town, case: &pb::Case, at: &Unit, ground: &str) -> String {
    let app = town.knowing_above(at, f::district());
    let ask = AskDecline { approval: Uuid::now_v7(), ..ask(ground) };
    let (id, by) = (case.id.parse().unwrap(), f::by(at));
    let (asked, _) = app.take::<Case, _>(id, &by, &ask, &meta(at, case.version)).await.unwrap();
    asked.it.approvals[0].approval.to_string()
}
