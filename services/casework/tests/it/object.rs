//! 异议: a reporter who does not accept the answer has the case worked on again, once for each attempt, whatever else says so.

use huying_casework::domain::{
    Case, Change, Outcome, State,
    case::step::{Accept, Answer, Closed, Fail, Object, Reopened, Resolve, Withdraw},
};
use huying_proto::casework::v1 as pb;
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    decline, fixture as f,
    fixture::{after, facts, morning},
    merge::merged,
    support::{Town, accept, resolve},
};

const REQUEST: Uuid = Uuid::from_u128(1);
const WORDS: &str = "三楼的灯还是不亮";

fn object(attempt: i32) -> Object {
    Object { request: REQUEST, attempt, words: WORDS.into() }
}

/// Worked on by whoever holds it, and answered.
fn answered(case: &Case) -> Case {
    let by = f::holder(case);
    let case = after(case, f::take(case, &by, &Accept, &facts()).unwrap(), morning());
    let resolve = Resolve { answer: "好了".into(), handling: None };
    let case = after(&case, f::take(&case, &by, &resolve, &facts()).unwrap(), morning());
    let answer = Answer { request: REQUEST, attempt: case.attempt };
    after(&case, f::caused(&case, &answer, &facts()), morning())
}

/// The same holder first, then one tier up; an attempt is reopened once.
#[test]
fn an_objection_reopens_its_own_attempt() {
    let street = facts().above(f::street());
    let case = answered(&f::case_at(&f::community()));
    for nothing in [object(0), object(2), Object { request: Uuid::from_u128(99), ..object(1) }] {
        assert!(f::caused(&case, &nothing, &street).is_empty(), "{nothing:?}");
    }
    let changes = f::caused(&case, &object(1), &street);
    let [Change::Reopened(Reopened { reason, objection, .. })] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((reason.as_str(), objection.as_deref()), ("诉求人提出异议", Some(WORDS)));
    let again = after(&case, changes, morning());
    assert_eq!((again.state, again.holder.unit.as_str(), again.attempt), (State::Assigned, "C-1", 2));
    assert!(!again.requests[0].answered && again.answer.is_empty());
    for late in [object(1), object(2)] {
        assert!(f::caused(&again, &late, &street).is_empty(), "{late:?}");
    }
    assert!(f::caused(&again, &Fail { attempt: 1, reasons: Vec::new() }, &street).is_empty());
    let again = answered(&again);
    let again = after(&again, f::caused(&again, &object(2), &street), morning());
    assert_eq!((again.holder.unit.as_str(), again.attempt), ("S-1", 3));
}

/// Struck off or declined, a case is worked on again; withdrawn it stays as it is.
#[test]
fn an_objection_goes_by_the_rule_of_reopening() {
    let case = answered(&f::case_at(&f::grid()));
    let struck_off = after(
        &case,
        vec![Closed { outcome: Outcome::StruckOff, clocks: None, resolved: None }.into()],
        morning(),
    );
    for closed in [struck_off, decline::declined()] {
        let again = after(&closed, f::caused(&closed, &object(1), &facts()), morning());
        assert_eq!((again.state, again.outcome, again.attempt), (State::Assigned, None, 2));
    }
    let open = f::case_at(&f::grid());
    let withdrawn = after(&open, f::caused(&open, &Withdraw { request: REQUEST }, &facts()), morning());
    assert_eq!(withdrawn.outcome, Some(Outcome::Withdrawn));
    assert!(f::caused(&withdrawn, &object(1), &facts()).is_empty());
}

/// Resolved by its holder and told.
async fn told(town: &Town) -> (Uuid, pb::Case) {
    let (request, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.answered(request, &case).await;
    (request, town.case_when("answered", &case.id, |case| case.requests[0].answered).await)
}

/// Until so many callbacks were heard.
async fn heard_callbacks(town: &Town, many: i64) {
    eventually("they were heard", async || {
        let heard = "select count(*) from followed where source = 'evaluation'";
        let heard: i64 = sqlx::query_scalar(heard).fetch_one(&town.pool).await.unwrap();
        (heard == many).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_reporter_objects_is_in_the_history_and_in_no_event() {
    let town = Town::open().await;
    let (request, case) = told(&town).await;
    town.objected(request, &case, WORDS).await;
    let again = town.case_when("reopened", &case.id, |case| case.attempt == 2).await;
    assert_eq!((again.state(), again.holder.as_str()), (pb::CaseState::Assigned, "G-1"));
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((name.as_str(), event["reason"].as_str()), ("CaseReopened", Some("诉求人提出异议")));
    assert!(!event.to_string().contains(WORDS), "{event}");
    let get = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let entries = town.of(&f::grid()).get_history(get).await.unwrap().into_inner().entries;
    let last = entries.last().unwrap();
    assert_eq!((last.event.as_str(), last.text.as_str()), ("CaseReopened", WORDS));
}

/// A failed callback and an objection are about one attempt: whichever comes first reopens it, and the other finds it done.
#[tokio::test]
async fn an_attempt_is_reopened_once_in_any_order() {
    let town = Town::open().await;
    for (failed_first, callbacks) in [(true, 1), (false, 2)] {
        let (request, case) = told(&town).await;
        if failed_first {
            town.failed(&case).await;
            town.case_when("reopened", &case.id, |case| case.attempt == 2).await;
        }
        let objected = town.objected(request, &case, WORDS).await;
        town.case_when("reopened", &case.id, |case| case.attempt == 2).await;
        if !failed_first {
            town.failed(&case).await;
        }
        town.repeat(&objected).await;
        let again = town.objected(request, &case, "又来").await;
        town.repeat(&again).await;
        // Behind all of these.
        town.supplemented(request, "还有二楼").await;
        town.case_when("noted", &case.id, |case| case.notes == 1).await;
        heard_callbacks(&town, callbacks).await;
        let after = town.case(&case.id).await;
        assert_eq!((after.attempt, after.holder.as_str()), (2, "G-1"), "failed first: {failed_first}");
        let reopened = |(name, _): &(String, _)| name == "CaseReopened";
        assert_eq!(town.events(&case.id).await.iter().filter(|it| reopened(it)).count(), 1);
    }
}

/// The case that has the request now is worked on again, and not the one it was opened on.
#[tokio::test]
async fn an_objection_to_a_merged_requests_answer_is_the_other_cases() {
    let town = Town::open().await;
    let ((first, case), (_, other)) = merged(&town, &f::community()).await;
    let mut community = town.of(&f::community());
    let other = community.accept_case(accept(&other)).await.unwrap().into_inner();
    let other = community.resolve_case(resolve(&other)).await.unwrap().into_inner();
    town.answered(first, &other).await;
    town.objected(first, &other, WORDS).await;
    let again = town.case_when("reopened", &other.id, |case| case.attempt == 2).await;
    assert_eq!((again.state(), again.requests.len()), (pb::CaseState::Assigned, 2));
    let merged = town.case(&case.id).await;
    assert_eq!((merged.outcome(), merged.attempt), (pb::Outcome::Merged, 1));
}
