//! 拆单 across services: worked in parts, of which the reporter and whoever calls back hear nothing.

use huying_proto::{casework::v1 as casework, evaluation::v1 as evaluation};
use huying_tests::{People, World, people::DISTRICT, world::key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reporter_is_answered_and_asked_once_for_a_case_in_parts() {
    let world = World::inside().await;
    let people = world.people();
    let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
    let case = people.case_of(&number).await;
    let mut grid = people.staff(&case.holder);
    let accept = |case: &casework::Case| casework::AcceptCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
    };
    let case = grid.accept_case(accept(&case)).await.unwrap().into_inner();
    let part = casework::CasePart { unit: case.holder.clone(), content: "划线".into() };
    let split = casework::SplitCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        parts: vec![part],
        reason: "挪车以外还要划线".into(),
    };
    let case = grid.split_case(split).await.unwrap().into_inner();
    let part = people.case(&case.parts[0].id).await.unwrap();
    assert_eq!((part.number.clone(), &part.whole.as_ref().unwrap().number), (format!("{number}-1"), &number));
    let part = grid.accept_case(accept(&part)).await.unwrap().into_inner();
    let resolve = casework::ResolveCaseRequest {
        request_id: key(),
        id: part.id.clone(),
        version: part.version,
        answer: "已划线".into(),
        handling: None,
    };
    let part = grid.resolve_case(resolve).await.unwrap().into_inner();
    assert_eq!(part.outcome(), casework::Outcome::StruckOff);

    let whole = people.see_through(&number).await;
    assert_eq!((whole.requests.len(), whole.outcome()), (1, casework::Outcome::StruckOff));
    let callbacks = async |case: &str| {
        let (district, case) = (DISTRICT.into(), case.to_owned());
        let list = evaluation::ListCallbacksRequest { district, case, ..Default::default() };
        people.callback().list_callbacks(list).await.unwrap().into_inner().callbacks.len()
    };
    // The part was resolved first, on the same stream, so what would come of it has come.
    assert_eq!((callbacks(&whole.id).await, callbacks(&part.id).await), (1, 0));
}
