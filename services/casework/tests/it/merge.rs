//! 并案、撤销并案 as the service does it: both cases at once, and what is heard of a request afterwards goes to the case that has it.

use huying_casework::domain::Unit;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture as f,
    support::{Town, accept, fresh, number, resolve},
};

pub fn merge(case: &pb::Case, into: &pb::Case) -> pb::MergeCaseRequest {
    pb::MergeCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        into: into.id.clone(),
        reason: "同一棵树".into(),
    }
}

pub fn unmerge(case: &pb::Case) -> pb::UnmergeCaseRequest {
    let (request_id, id, version) = (fresh(), case.id.clone(), case.version);
    pb::UnmergeCaseRequest { request_id, id, version, reason: "不是同一棵".into() }
}

/// A case of the grid merged into one of another unit: both, as they are afterwards, each after its request.
pub async fn merged(town: &Town, into: &Unit) -> ((Uuid, pb::Case), (Uuid, pb::Case)) {
    let (first, case) = town.case_at(&f::grid()).await;
    let (second, other) = town.case_at(into).await;
    let case = town.of(&f::grid()).merge_case(merge(&case, &other)).await.unwrap().into_inner();
    ((first, case), (second, town.case(&other.id).await))
}

fn requests(case: &pb::Case) -> Vec<&str> {
    case.requests.iter().map(|request| request.id.as_str()).collect()
}

async fn history(town: &Town, case: &pb::Case) -> Vec<(String, String)> {
    let get = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let entries = town.desk().get_history(get).await.unwrap().into_inner().entries;
    entries.into_iter().map(|entry| (entry.event, entry.text)).collect()
}

#[tokio::test]
async fn two_requests_become_one_case_and_both_reporters_are_answered() {
    let town = Town::open().await;
    let ((first, case), (second, other)) = merged(&town, &f::community()).await;
    assert_eq!((case.state(), case.outcome()), (pb::CaseState::Closed, pb::Outcome::Merged));
    assert_eq!(case.merged.as_ref().unwrap().into.as_ref().unwrap().number, other.number);
    assert_eq!(requests(&other), [second.to_string(), first.to_string()]);
    assert_eq!(other.requests[1].from.as_ref().unwrap().number, case.number);
    let last = history(&town, &case).await.pop().unwrap();
    assert_eq!(last, ("CaseMerged".into(), format!("→ {} 同一棵树", other.number)));
    let last = history(&town, &other).await.pop().unwrap();
    assert_eq!(last, ("CaseJoined".into(), format!("← {} 同一棵树", case.number)));
    let (_, told) = town.events(&case.id).await.pop().unwrap();
    assert_eq!(told["requests"][0], first.to_string());
    // The number of the merged request still finds its case, which says where it went.
    assert_eq!(town.case(&number(first)).await.id, case.id);

    // What its reporter adds is for the case that has it.
    town.supplemented(first, "还有一棵").await;
    let other = town.case_when("it is added", &other.id, |it| it.notes == 1).await;
    let mut community = town.of(&f::community());
    let other = community.accept_case(accept(&other)).await.unwrap().into_inner();
    let other = community.resolve_case(resolve(&other)).await.unwrap().into_inner();
    town.passed(&other).await;
    town.answered(second, &other).await;
    town.case_when("one is answered", &other.id, |it| it.requests[0].answered).await;
    town.answered(first, &other).await;
    let other = town.case_when("it is struck off", &other.id, |it| it.outcome() != pb::Outcome::Unspecified);
    assert_eq!(other.await.outcome(), pb::Outcome::StruckOff);
    let reopen = pb::ReopenCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "又歪了".into(),
    };
    assert_eq!(reason(&town.desk().reopen_case(reopen).await.unwrap_err()), "CASE_MERGED");
}

/// By the holder of the other case, who is elsewhere and reaches it for that alone.
#[tokio::test]
async fn an_unmerged_case_has_its_request_again() {
    let town = Town::open().await;
    let ((first, case), (second, other)) = merged(&town, &f::parks()).await;
    let mut parks = town.of(&f::parks());
    let get = pb::GetCaseRequest { id: case.number.clone() };
    let seen = parks.get_case(get).await.unwrap().into_inner();
    assert_eq!((seen.content.as_str(), seen.version), ("树歪了，靠着电线", case.version));
    let allowed = pb::GetAllowedStepsRequest { id: case.id.clone() };
    let allowed = parks.get_allowed_steps(allowed).await.unwrap().into_inner();
    let allowed: Vec<_> = allowed.steps.iter().filter(|it| it.allowed).map(|it| it.step.as_str()).collect();
    assert_eq!(allowed, ["unmerge"]);
    let case = parks.unmerge_case(unmerge(&case)).await.unwrap().into_inner();
    // Whoever gave it back does not reach it any more.
    assert_eq!((case.state(), requests(&case)), (pb::CaseState::Assigned, vec![]));
    let case = town.case(&case.id).await;
    assert_eq!(requests(&case), [first.to_string()]);
    let other = town.case(&other.id).await;
    assert_eq!(requests(&other), [second.to_string()]);
    let last = history(&town, &other).await.pop().unwrap();
    assert_eq!(last, ("CaseParted".into(), format!("→ {} 不是同一棵", case.number)));
    // What is heard of its request is its own again.
    town.withdrawn(first).await;
    let case = town.case_when("it is withdrawn", &case.id, |it| it.state() == pb::CaseState::Closed).await;
    assert_eq!(case.outcome(), pb::Outcome::Withdrawn);
    assert_eq!(town.case(&other.id).await.state(), pb::CaseState::Assigned);
}

#[tokio::test]
async fn a_withdrawn_one_of_several_leaves_the_case() {
    let town = Town::open().await;
    let ((first, _), (second, other)) = merged(&town, &f::community()).await;
    town.withdrawn(first).await;
    let other = town.case_when("one is left", &other.id, |it| it.requests.len() == 1).await;
    assert_eq!(
        (requests(&other), other.state()),
        (vec![second.to_string().as_str()], pb::CaseState::Assigned)
    );
    let (name, told) = town.events(&other.id).await.pop().unwrap();
    assert_eq!((name.as_str(), &told["request"]), ("CaseRequestWithdrawn", &first.to_string().into()));
}

#[tokio::test]
async fn a_merge_that_does_not_fit_changes_neither() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let (_, other) = town.accepted(&f::community()).await;
    let before = town.written().await;
    let mut grid = town.of(&f::grid());
    let itself = grid.merge_case(merge(&case, &case)).await.unwrap_err();
    assert_eq!(reason(&itself), "SAME_CASE");
    let nowhere = pb::MergeCaseRequest { into: fresh(), ..merge(&case, &other) };
    assert_eq!(reason(&grid.merge_case(nowhere).await.unwrap_err()), "NOT_FOUND");
    let stranger = town.of(&f::community()).merge_case(merge(&other, &case)).await;
    assert!(stranger.is_ok(), "its own case into one of its area: {stranger:?}");
    let gone = grid.merge_case(merge(&town.case(&case.id).await, &other)).await.unwrap_err();
    assert_eq!(reason(&gone), "TARGET_NOT_OPEN");
    let not_merged = grid.unmerge_case(unmerge(&town.case(&case.id).await)).await.unwrap_err();
    assert_eq!(reason(&not_merged), "STEP_NOT_ALLOWED");
    assert_ne!(town.written().await, before, "but by the one that fits");
}

/// 一百户: each request is answered by the one case, whatever merges at the same time.
#[tokio::test]
async fn a_hundred_households_become_one_case() {
    let town = Town::open().await;
    let (own, into) = town.accepted(&f::community()).await;
    let households: Vec<Uuid> = std::iter::repeat_with(Uuid::now_v7).take(100).collect();
    let mut grid = town.of(&f::grid());
    for &household in &households {
        town.decide(household, &f::grid()).await;
    }
    for &household in &households {
        let case = town.case(&number(household)).await;
        grid.merge_case(merge(&case, &into)).await.unwrap();
    }
    let into = town.case(&into.id).await;
    assert_eq!(into.requests.len(), 101);
    let into = town.of(&f::community()).resolve_case(resolve(&into)).await.unwrap().into_inner();
    town.passed(&into).await;
    for request in households.into_iter().chain([own]) {
        town.answered(request, &into).await;
    }
    let closed = |it: &pb::Case| it.outcome() == pb::Outcome::StruckOff;
    let into = town.case_when("it is struck off", &into.id, closed).await;
    assert!(into.requests.iter().all(|request| request.answered));
}
