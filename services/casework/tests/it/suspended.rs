//! 挂账: suspended by the district's leave, looked at again on its day, taken up again with the clock where it stood.

use std::time::Duration as Span;

use chrono::{Duration, NaiveDate};
use huying_casework::domain::{
    Approval, Beside, Case, ClockKind, Error, Ruled as _, State, Step as _,
    case::step::{Accept, AskReporter, AskSuspension, Note, Resolve, Resume, ReviewSuspension, Suspend},
};
use huying_chassis::{auth::Role, run::Halt};
use huying_proto::casework::v1 as pb;
use huying_terms::{Limit, LimitKind};
use huying_testing::{eventually, reason};
use uuid::Uuid;

use super::{
    fixture::{self as f, after, by, case_at, facts, holder, morning, take},
    support::{Town, fresh, meta},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ask(review: &str) -> AskSuspension {
    AskSuspension {
        approval: Uuid::from_u128(50),
        plan: "四月改造管网".into(),
        review: day(review),
        reason: "未到工期".into(),
    }
}

fn working() -> Case {
    let case = case_at(&f::street());
    after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning())
}

/// Two hours after it came, until 1 April.
fn suspended() -> Case {
    let (case, at) = (working(), morning() + Duration::hours(2));
    let suspend = Suspend { plan: "四月改造管网".into(), review: day("2026-04-01") };
    after(&case, f::caused(&case, &suspend, &facts().at(at)), at)
}

#[test]
fn a_review_lies_ahead_and_not_too_far() {
    let case = working();
    let asks = |review| take(&case, &holder(&case), &ask(review), &facts().above(f::district()));
    assert!(asks("2026-03-03").is_ok() && asks("2026-04-01").is_ok());
    assert_eq!(asks("2026-03-02"), Err(Error::ReviewPast), "not today");
    let longest = Limit { kind: LimitKind::NaturalDay, amount: 30 };
    assert_eq!(asks("2026-04-02"), Err(Error::ReviewTooLate { longest }));
}

/// What was asked for and does not fit any more is not offered: while the reporter is asked, or once its day is past.
#[test]
fn what_would_be_refused_is_not_offered_to_the_granter() {
    let case = working();
    let facts = facts().above(f::district());
    let (decided, beside) = ask("2026-03-04").take(&case, &holder(&case), &facts).unwrap();
    let [Beside::Approval(id, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval: Approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    let case = after(&case, decided.changes(), morning());
    let told = |case: &Case, at| {
        let known = facts.clone().at(at).knowing(case, &[(*id, approval.clone())]).on(*id);
        let told = approval.told(&known.asked_by(&f::leader(f::DISTRICT)));
        let told = told.into_iter().map(|(_, may)| may.map_err(|halt| format!("{halt:?}")));
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&case, morning()), [Ok(()), Ok(())], "granted or refused");
    let question = AskReporter { question: "几号楼".into() };
    let waiting = after(&case, take(&case, &holder(&case), &question, &facts).unwrap(), morning());
    let refused = format!("{:?}", Halt::Refused(Error::StepNotAllowed { step: "suspend", state: "waiting" }));
    assert_eq!(told(&waiting, morning()), [Err(refused), Ok(())]);
    let past = format!("{:?}", Halt::Refused(Error::ReviewPast));
    assert_eq!(told(&case, morning() + Duration::days(2)), [Err(past), Ok(())]);
}

#[test]
fn its_clocks_stand_still_and_run_on() {
    let case = suspended();
    assert_eq!((case.state, case.clocks.get(ClockKind::Resolve).unwrap().due_at), (State::Suspended, None));
    let review = case.clocks.get(ClockKind::Review).unwrap().due_at;
    assert_eq!(review, Some(morning() + Duration::hours(2) + Duration::days(30)));
    let late = morning() + Duration::days(90);
    let resume = Resume { reason: "完工".into() };
    let resumed = after(&case, take(&case, &holder(&case), &resume, &facts().at(late)).unwrap(), late);
    assert_eq!((resumed.state, &resumed.suspension), (State::Working, &None));
    let due = resumed.clocks.get(ClockKind::Resolve).unwrap().due_at;
    assert_eq!(due, Some(late + Duration::hours(22)), "two of 24 hours were used");
}

#[test]
fn who_may_do_what_with_a_suspended_case() {
    let case = suspended();
    let review = ReviewSuspension { review: day("2026-04-20"), remark: "推进中".into() };
    let not_above = Err(Error::NotAboveHolder { holder: "S-1".into() });
    let later = facts().at(morning() + Duration::days(29));
    assert_eq!(take(&case, &holder(&case), &review, &later), not_above);
    assert_eq!(take(&case, &f::leader(f::STREET), &review, &later), not_above);
    assert!(take(&case, &f::leader(f::DISTRICT), &review, &later).is_ok());
    let resume = Resume { reason: "完工".into() };
    assert!(take(&case, &f::leader(f::DISTRICT), &resume, &later).is_ok());
    let not_holder = Err(Error::NotHolder { holder: "S-1".into() });
    assert_eq!(take(&case, &by(&f::community()), &resume, &later), not_holder);
    let refused = Err(Error::StepNotAllowed { step: "resolve", state: "suspended" });
    assert_eq!(take(&case, &holder(&case), &Resolve { answer: "x".into(), handling: None }, &later), refused);
    assert!(take(&case, &holder(&case), &Note { text: "x".into(), public: false }, &later).is_ok());
}

/// A wall cannot be mended before the pipes are: the street asks, the district lets it wait, looks again, and the street takes it up.
#[tokio::test]
async fn a_suspended_case_is_reviewed_and_taken_up_again() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let case = suspend(&town, &case).await;
    assert_eq!((case.state(), due(&case, pb::ClockKind::Resolve)), (pb::CaseState::Suspended, None));

    // Its day comes, and nobody has looked: it stays, and is told as overdue.
    town.clock.advance(Span::from_secs(28 * 24 * 3600));
    let case = eventually("its review is due", async || {
        town.clock.advance(Span::from_millis(600));
        let overdue =
            pb::ListCasesRequest { district: f::DISTRICT.into(), overdue: true, ..Default::default() };
        town.desk().list_cases(overdue).await.unwrap().into_inner().cases.pop()
    })
    .await;
    assert_eq!(case.state(), pb::CaseState::Suspended);
    let review = pb::ReviewSuspensionRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        review_date: "2026-04-20".into(),
        remark: "管网施工中".into(),
    };
    let mut own = town.client(Role::Desk, Some("S-1"), Some(f::STREET));
    assert_eq!(reason(&own.review_suspension(review.clone()).await.unwrap_err()), "NOT_ABOVE");
    let bad = pb::ReviewSuspensionRequest { review_date: "2026-4-20".into(), ..review.clone() };
    assert_eq!(reason(&town.desk().review_suspension(bad).await.unwrap_err()), "BAD_FIELD");
    let review_clock = pb::ClockKind::Review;
    let reviewed = town.desk().review_suspension(review).await.unwrap().into_inner();
    assert_eq!(reviewed.suspension.as_ref().unwrap().remark, "管网施工中");
    assert!(due(&reviewed, review_clock).unwrap().seconds > due(&case, review_clock).unwrap().seconds);

    let resume = pb::ResumeCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: reviewed.version,
        reason: "管网已改造".into(),
    };
    let resumed = town.of(&f::street()).resume_case(resume).await.unwrap().into_inner();
    assert_eq!((resumed.state(), &resumed.suspension), (pb::CaseState::Working, &None));
    let left = due(&resumed, pb::ClockKind::Resolve).unwrap().seconds - town.clock.now().timestamp();
    assert!((23 * 3600..=24 * 3600).contains(&left), "hardly any of its 24 hours was used: {left}");
    let events: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    let told = ["CaseSuspended", "CaseLampTurned", "CaseLampTurned", "CaseSuspensionReviewed", "CaseResumed"];
    assert_eq!(events[events.len() - 5..], told);
}

/// A case of the street, suspended until 30 March by the district's leave.
pub async fn suspend(town: &Town, case: &pb::Case) -> pb::Case {
    let approval = asked(town, case).await;
    let mut district = town.approvals_of(&f::district());
    let found =
        district.get_approval(pb::GetApprovalRequest { id: approval.clone() }).await.unwrap().into_inner();
    assert_eq!((found.granter.as_str(), found.review_date.as_str()), ("D-1", "2026-03-30"));
    let grant = pb::GrantApprovalRequest {
        request_id: fresh(),
        id: approval,
        version: found.version,
        reason: "情况属实".into(),
    };
    district.grant_approval(grant).await.unwrap();
    town.case(&case.id).await
}

fn due(case: &pb::Case, kind: pb::ClockKind) -> Option<pbjson_types::Timestamp> {
    case.clocks.iter().find(|clock| clock.kind() == kind)?.due_time
}

/// The street that holds a case asks the district; the approval's id.
async fn asked(town: &Town, case: &pb::Case) -> String {
    let app = town.knowing_above(&f::street(), f::district());
    let (id, ask) =
        (case.id.parse().unwrap(), AskSuspension { approval: Uuid::now_v7(), ..ask("2026-03-30") });
    let (asked, _) =
        app.take::<Case, _>(id, &by(&f::street()), &ask, &meta(&f::street(), case.version)).await.unwrap();
    asked.it.approvals[0].approval.to_string()
}
