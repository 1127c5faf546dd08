//! 审批: asked for by the holder, granted or refused by whoever is above, climbing with time, lapsing when the case moves on.

use chrono::Duration;
use huying_casework::domain::{
    ApprovalChange, ApprovalState, Beside, Case, Change, ClockKind, Error, Ruled, Step,
    approval::{
        Approval,
        step::{Grant, Refuse},
    },
    case::step::{Accept, AskExtension, Escalate, Ruling},
    lamp::TurnLamps,
};
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_terms::{Limit, LimitKind};
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, case_at, facts, holder, morning, take},
    support::{Town, fresh, meta},
};

const APPROVAL: Uuid = Uuid::from_u128(50);

fn hours(amount: u32) -> Limit {
    Limit { kind: LimitKind::UrgentHour, amount }
}

fn ask(amount: u32) -> AskExtension {
    AskExtension { approval: APPROVAL, more: hours(amount), reason: "图纸未到".into() }
}

fn working() -> Case {
    let case = case_at(&f::community());
    after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning())
}

/// A case that asks for more time, and its approval, which its street is to rule on.
fn asked(amount: u32) -> (Case, Approval) {
    let (case, facts) = (working(), facts().above(f::street()));
    let (decided, beside) = ask(amount).take(&case, &holder(&case), &facts).unwrap();
    let [Beside::Approval(APPROVAL, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    (after(&case, decided.changes(), morning()), approval)
}

fn knowing(case: &Case, approval: &Approval) -> Facts {
    facts().knowing(case, &[(APPROVAL, approval.clone())]).on(APPROVAL)
}

fn grant() -> Grant {
    Grant { reason: "情况属实".into() }
}

#[test]
fn what_is_granted_happens_in_the_same_commit() {
    let (case, approval) = asked(12);
    assert_eq!(approval.granter.unit, "S-1");
    let due = |case: &Case| case.clocks.get(ClockKind::Resolve).unwrap().due_at.unwrap();
    let (_, beside) = grant().take(&approval, &f::by(&f::street()), &knowing(&case, &approval)).unwrap();
    let [Beside::Case(f::CASE, changes)] = &beside[..] else { panic!("{beside:?}") };
    let extended = after(&case, changes.clone(), morning());
    assert_eq!(due(&extended), due(&case) + Duration::hours(12));
    assert_eq!((extended.extensions, extended.approvals.is_empty()), (1, true));
}

#[test]
fn only_the_granter_or_somebody_above_rules() {
    let (case, approval) = asked(12);
    let by = |by| grant().take(&approval, &by, &knowing(&case, &approval)).is_ok();
    assert!(by(f::by(&f::street())) && by(f::leader(f::DISTRICT)));
    let refused = take(&approval, &f::by(&f::community()), &grant(), &knowing(&case, &approval));
    assert_eq!(refused, Err(Error::NotGranter { granter: "S-1".into() }));
    assert!(!by(f::in_unit("DEP-parks", f::DISTRICT, false)));
}

#[test]
fn an_extension_is_asked_for_in_time_and_within_bounds() {
    let case = working();
    let asks = |case: &Case, ask: AskExtension, facts: Facts| {
        take(case, &holder(case), &ask, &facts.above(f::street()))
    };
    let late = facts().at(morning() + Duration::hours(24));
    assert_eq!(asks(&case, ask(1), late), Err(Error::DeadlinePassed));
    let days = AskExtension { more: Limit { kind: LimitKind::WorkDay, amount: 1 }, ..ask(1) };
    assert_eq!(asks(&case, days, facts()), Err(Error::OtherMeasure { kind: LimitKind::UrgentHour }));
    let longest = facts().profile.policies.longest_extension;
    assert_eq!(asks(&case, ask(24 * 60), facts()), Err(Error::ExtensionTooLong { longest }));
    let (asked, _) = asked(12);
    assert_eq!(asks(&asked, ask(1), facts()), Err(Error::ApprovalPending { approval: APPROVAL }));
    let often = Case { extensions: 2, ..case };
    assert_eq!(asks(&often, ask(1), facts()), Err(Error::TooManyExtensions { most: 2 }));
    assert!(!often.allowed(&facts().asked_by(&holder(&often))).contains(&"ask_extension"));
}

/// At red it goes to the unit above the granter, with a time of its own; at the top it stays.
#[test]
fn what_nobody_rules_on_climbs() {
    let (_, approval) = asked(12);
    let late = morning() + Duration::days(10);
    let turned = f::caused(&approval, &TurnLamps, &facts().at(late).above(f::district()));
    let next =
        |it: Option<Approval>, change: &ApprovalChange| huying_testing::after(it, change, &f::stamp(late));
    let climbed = turned.iter().fold(Some(approval), next).unwrap();
    assert_eq!((climbed.granter.unit.as_str(), climbed.overdue), ("D-1", false));
    assert!(climbed.due_at.unwrap() > late);
    let later = late + Duration::days(10);
    let turned = f::caused(&climbed, &TurnLamps, &facts().at(later).above(f::district()));
    let stays = turned.iter().fold(Some(climbed), next).unwrap();
    assert_eq!((stays.granter.unit.as_str(), stays.overdue), ("D-1", true));
}

#[test]
fn what_is_asked_for_lapses_when_the_case_moves_on() {
    let (case, approval) = asked(12);
    let facts = facts().knowing(&case, &[(APPROVAL, approval.clone())]).above(f::street());
    let escalate = Escalate { reason: "超出能力".into() };
    let (decided, beside) = escalate.take(&case, &holder(&case), &facts).unwrap();
    let changes = decided.changes();
    assert!(matches!(&changes[1], Change::ApprovalRuled(it) if it.ruling == Ruling::Lapsed));
    assert!(after(&case, changes, morning()).approvals.is_empty());
    let [Beside::Approval(APPROVAL, lapsed)] = &beside[..] else { panic!("{beside:?}") };
    let lapsed = huying_testing::after(Some(approval), &lapsed[0], &f::stamp(morning())).unwrap();
    assert_eq!((lapsed.state, lapsed.due_at), (ApprovalState::Lapsed, None));
    let refuse = Refuse { reason: "x".into() };
    assert!(refuse.take(&lapsed, &f::by(&f::street()), &facts).is_err());
}

fn more(amount: u32) -> Option<common::Limit> {
    Some(huying_wire::limit::write(hours(amount)))
}

/// Over the wire: asked, listed for its granter, granted; asked again and refused.
#[tokio::test]
async fn an_extension_is_asked_for_and_ruled_on() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::community()).await;
    let ask = pb::AskExtensionRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        more: more(12),
        reason: "图纸未到".into(),
    };
    // Who is above is routing's to say, and nobody is at home there: nothing is asked for.
    let away = town.of(&f::community()).ask_extension(ask).await.unwrap_err();
    assert_eq!(reason(&away), "ROUTING_UNAVAILABLE");
    assert!(town.case(&case.id).await.approvals.is_empty());

    let id = asked_in(&town, &case).await;
    let mut street = town.approvals_of(&f::street());
    let listed = street.list_approvals(list("S-1", "")).await.unwrap().into_inner().approvals;
    assert_eq!((listed.len(), &listed[0].id), (1, &id));
    let mut asker = town.approvals_of(&f::community());
    assert_eq!(asker.list_approvals(list("", "C-1")).await.unwrap().into_inner().approvals, listed);
    let (reason_, version) = ("情况属实".to_owned(), listed[0].version);
    let grant = pb::GrantApprovalRequest { request_id: fresh(), id, version, reason: reason_ };
    let mut stranger = town.approvals_of(&f::parks());
    assert_eq!(stranger.grant_approval(grant.clone()).await.unwrap_err().code(), tonic::Code::NotFound);
    let own = asker.grant_approval(grant.clone()).await.unwrap_err();
    assert_eq!(reason(&own), "NOT_GRANTER");
    let granted = street.grant_approval(grant.clone()).await.unwrap().into_inner();
    assert_eq!(granted.state(), pb::ApprovalState::Granted);
    assert_eq!(street.grant_approval(grant).await.unwrap().into_inner(), granted, "the same answer again");
    let extended = town.case(&case.id).await;
    assert_eq!((extended.extensions, extended.approvals.len()), (1, 0));

    let id = asked_in(&town, &extended).await;
    let get = pb::GetApprovalRequest { id: id.clone() };
    let version = street.get_approval(get).await.unwrap().into_inner().version;
    let refuse =
        pb::RefuseApprovalRequest { request_id: fresh(), id, version, reason: "时限足够".into() };
    let refused = street.refuse_approval(refuse).await.unwrap().into_inner();
    assert_eq!((refused.state(), refused.ruling.as_str()), (pb::ApprovalState::Refused, "时限足够"));
    assert_eq!(town.case(&case.id).await.extensions, 1);
}

/// The community that holds a case asks its street; the approval's id.
pub async fn asked_in(town: &Town, case: &pb::Case) -> String {
    let app = town.knowing_above(&f::community(), f::street());
    let ask = AskExtension { approval: Uuid::now_v7(), ..ask(12) };
    let (id, by) = (case.id.parse().unwrap(), f::by(&f::community()));
    let (asked, _) = app.take::<Case, _>(id, &by, &ask, &meta(&f::community(), case.version)).await.unwrap();
    asked.it.approvals[0].approval.to_string()
}

fn list(granter: &str, asked_by: &str) -> pb::ListApprovalsRequest {
    pb::ListApprovalsRequest {
        district: f::DISTRICT.into(),
        granter: granter.into(),
        asked_by: asked_by.into(),
        state: pb::ApprovalState::Asked.into(),
        ..Default::default()
    }
}

/// Where nobody is above it is put to those who answer for all of the holder's area, and the unit that asked is none of them.
#[test]
fn nobody_grants_what_their_own_unit_asked_for() {
    let case = Case { holder: huying_casework::domain::Holder::of(&f::district()), ..working() };
    let (decided, beside) = ask(1).take(&case, &holder(&case), &facts()).unwrap();
    let [Beside::Approval(APPROVAL, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    let case = after(&case, decided.changes(), morning());
    let by = |by: &huying_casework::domain::By| take(&approval, by, &grant(), &knowing(&case, &approval));
    assert_eq!(by(&holder(&case)), Err(Error::NotGranter { granter: "D-1".into() }));
    assert!(by(&f::leader(f::DISTRICT)).is_ok());
}
