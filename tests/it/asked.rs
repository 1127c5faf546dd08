//! 补充 across services: what a holder asks stands on the reporter's own page, and what the reporter adds there answers it.

use huying_proto::{casework::v1 as casework, intake::v1 as intake};
use huying_testing::eventually;
use huying_tests::{People, World, world::key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reporter_is_asked_and_answers() {
    let world = World::inside().await;
    let people = world.people();
    let taken = people.submit_until_taken(People::blocked_way()).await;
    let request = taken.request.unwrap();
    let case = people.case_of(&request.number).await;
    let accept =
        casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    let case = people.staff(&case.holder).accept_case(accept).await.unwrap().into_inner();
    let ask = casework::AskReporterRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        question: "请告知车牌号".into(),
    };
    people.staff(&case.holder).ask_reporter(ask).await.unwrap();

    let track =
        intake::TrackRequestRequest { number: request.number.clone(), tracking_token: taken.tracking_token };
    eventually("the reporter reads it", async || {
        let track = people.reporter().track_request(track.clone()).await.ok()?.into_inner();
        track.progress.into_iter().find(|line| line.text == "请补充：请告知车牌号")
    })
    .await;
    let add = intake::AddInformationRequest {
        request_id: key(),
        id: request.id.clone(),
        content: "鄂A12345".into(),
    };
    people.platform().add_information(add).await.unwrap();
    let answered = people.case_when(&case.id, "it is answered", |it| it.notes == 1).await;
    assert_eq!((answered.state(), answered.question), (casework::CaseState::Working, None));
}
