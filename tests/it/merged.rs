//! 并案 across services: two reporters, one case, and an answer for each.

use std::collections::BTreeSet;

use huying_chassis::auth::Role;
use huying_proto::{casework::v1 as casework, evaluation::v1 as evaluation, intake::v1 as intake};
use huying_testing::eventually;
use huying_tests::{People, World, people::DISTRICT, world::key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_reporters_are_answered_by_one_case() {
    let world = World::inside().await;
    let people = world.people();
    let first = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let second = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let (case, other) = (people.case_of(&first.number).await, people.case_of(&second.number).await);
    let mut grid = people.staff(&case.holder);
    let merge = casework::MergeCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        into: other.id.clone(),
        reason: "同一辆车".into(),
    };
    grid.merge_case(merge).await.unwrap();
    let mut desk = people.intake(Role::Desk, &format!("D-{DISTRICT}"));
    let get = intake::GetRequestRequest { id: first.id.clone() };
    let words = format!("已与同类诉求 {} 并案办理", other.number);
    let told = eventually("the reporter is told", async || {
        let request = desk.get_request(get.clone()).await.ok()?.into_inner();
        (request.progress.last()?.text == words).then_some(request)
    });
    let told = told.await;
    assert_eq!((&told.case, told.state()), (&other.id, intake::RequestState::Handling));

    let other = people.see_through(&other.number).await;
    assert_eq!((other.requests.len(), other.outcome()), (2, casework::Outcome::StruckOff));
    for request in [&first, &second] {
        let get = intake::GetRequestRequest { id: request.id.clone() };
        let request = desk.get_request(get).await.unwrap().into_inner();
        assert_eq!((request.state(), &request.answer), (intake::RequestState::Answered, &other.answer));
    }
    let list = evaluation::ListCallbacksRequest {
        district: DISTRICT.into(),
        case: other.id.clone(),
        ..Default::default()
    };
    let callbacks = people.callback().list_callbacks(list).await.unwrap().into_inner().callbacks;
    let asked: BTreeSet<_> = callbacks.iter().map(|it| it.request.clone()).collect();
    assert_eq!((callbacks.len(), asked), (2, [second.id, first.id].into()), "each of them was asked");
    let settled: Vec<_> = callbacks.iter().filter_map(|it| it.settles.as_ref()).collect();
    assert_eq!(settled.len(), 1, "the last of them settled it: {callbacks:?}");
    assert_eq!(settled[0].judgement(), evaluation::AttemptJudgement::Passed);
}
