//! 异议 across services: a reporter who does not accept the answer has the same unit work on it again, then the one above; the callback that
//! was open for the answer is asked no more.

use huying_chassis::auth::Role;
use huying_proto::{casework::v1 as casework, evaluation::v1 as evaluation, intake::v1 as intake};
use huying_testing::{eventually, reason};
use huying_tests::{People, World, people::DISTRICT, world::key};

/// Accepted and resolved by whoever holds it, with the callback open and the answer published.
async fn answered(people: &People, case: casework::Case, request: &str) -> casework::Case {
    let mut staff = people.staff(&case.holder);
    let accept =
        casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    let case = staff.accept_case(accept).await.unwrap().into_inner();
    let resolve = casework::ResolveCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        answer: format!("第{}次：车已挪开", case.attempt),
        handling: None,
    };
    let case = staff.resolve_case(resolve).await.unwrap().into_inner();
    eventually("the reporter has this answer", async || {
        let get = intake::GetRequestRequest { id: request.to_owned() };
        let request = people.platform().get_request(get).await.ok()?.into_inner();
        let told = request.state() == intake::RequestState::Answered && request.answer == case.answer;
        told.then_some(())
    })
    .await;
    callback(people, &case, evaluation::CallbackState::Pending).await;
    case
}

/// The callback of this attempt is so.
async fn callback(people: &People, case: &casework::Case, state: evaluation::CallbackState) {
    eventually(&format!("the callback is {state:?}"), async || {
        let list = evaluation::ListCallbacksRequest {
            district: DISTRICT.into(),
            case: case.id.clone(),
            ..Default::default()
        };
        let callbacks = people.callback().list_callbacks(list).await.ok()?.into_inner().callbacks;
        callbacks.into_iter().find(|it| it.attempt == case.attempt && it.state() == state).map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reporter_objects_twice_and_it_goes_up() {
    let world = World::inside().await;
    let people = world.people();
    let taken = people.submit_until_taken(People::blocked_way()).await;
    let request = taken.request.unwrap();
    let object = || intake::RaiseObjectionRequest {
        request_id: key(),
        id: request.id.clone(),
        reason: "车又停回来了".into(),
    };
    let mut case = people.case_of(&request.number).await;
    let first = case.holder.clone();
    for attempt in [1, 2] {
        case = answered(&people, case, &request.id).await;
        assert_eq!((case.attempt, &case.holder), (attempt, &first));
        let track = intake::TrackRequestRequest {
            number: request.number.clone(),
            tracking_token: taken.tracking_token.clone(),
        };
        let track = people.reporter().track_request(track).await.unwrap().into_inner();
        assert!(track.object_until_time.is_some(), "until when it may be objected to");
        // Who resolved it does not object for its reporter.
        let own = people.intake(Role::Desk, &case.holder).raise_objection(object()).await.unwrap_err();
        assert_eq!(reason(&own), "OWN_WORK");
        let objected = people.platform().raise_objection(object()).await.unwrap().into_inner();
        assert_eq!(objected.state(), intake::RequestState::Handling);
        callback(&people, &case, evaluation::CallbackState::Cancelled).await;
        case = people.case_when(&case.id, "it is reopened", |it| it.attempt == attempt + 1).await;
        assert_eq!(case.state(), casework::CaseState::Assigned);
    }
    assert!(case.holder.starts_with("C-"), "{} is one tier above {first}", case.holder);
    // The callback of this attempt is there, so it is that one which is answered.
    let case = answered(&people, case, &request.id).await;
    people.satisfied(&case.id).await;
    let closed = people.case_when(&case.id, "it is closed", |it| it.state() == casework::CaseState::Closed);
    let closed = closed.await;
    assert_eq!((closed.outcome(), closed.attempt), (casework::Outcome::StruckOff, 3));
}
