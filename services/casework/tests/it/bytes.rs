//! However much is on a case, an answer can be read.

use huying_chassis::page;
use huying_proto::{
    casework::v1::{self as pb, batch_result::Result as Went, batch_step::Step as Asked},
    routing::v1 as routing,
};
use prost::Message as _;
use uuid::Uuid;

use super::{
    fixture as f,
    support::{Town, accept, decided, fresh, number},
};

/// An accepted case about which much was said.
async fn long_case(town: &Town) -> pb::Case {
    let request = Uuid::now_v7();
    let long = routing::RouteDecided { content: "路".repeat(8000), ..decided(request, &f::grid()) };
    town.tell("routing", "route", request, &long).await;
    let case = town.case(&number(request)).await;
    town.of(&f::grid()).accept_case(accept(&case)).await.unwrap().into_inner()
}

/// What no longer fits into the answer of a batch is told by what the next step asks for.
#[tokio::test]
async fn a_batch_is_bounded_in_bytes() {
    const STEPS: i64 = 60;
    let town = Town::open().await;
    let case = long_case(&town).await;
    let note = |behind: i64| pb::AddNoteRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version + behind,
        text: "已到场".into(),
        public: false,
    };
    let step = |behind| pb::BatchStep { step: Some(Asked::Note(note(behind))) };
    let batch = pb::BatchStepsRequest { steps: (0..STEPS).map(step).collect() };
    let answer = town.of(&f::grid()).batch_steps(batch).await.unwrap().into_inner();
    assert!(answer.encoded_len() <= page::BYTES + 64 * 1024, "{} bytes", answer.encoded_len());
    let told = answer.results.into_iter().map(|it| match it.result.unwrap() {
        Went::Case(case) => case,
        Went::Refusal(refused) => panic!("{refused:?}"),
    });
    let told: Vec<pb::Case> = told.collect();
    let versions: Vec<i64> = told.iter().map(|it| it.version).collect();
    assert_eq!(versions, (1..=STEPS).map(|behind| case.version + behind).collect::<Vec<_>>());
    assert!(told.iter().all(|it| (it.id == case.id) && (it.number == case.number) && it.state == case.state));
    assert_eq!(told.first().unwrap().content, case.content);
    assert_eq!(told.last().unwrap().content, "");
}
