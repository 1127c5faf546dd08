//! A case with many requests on it tells the reporter of each.

use huying_chassis::bus::{Bus, Event};
use huying_proto::{casework::v1 as casework, intake::v1 as pb};
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    support::{Town, call},
    verified::tell,
};

#[tokio::test]
async fn each_of_many_reporters_has_the_answer() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let mut requests = Vec::new();
    for _ in 0..40 {
        requests.push(officer.submit_request(call()).await.unwrap().into_inner().request.unwrap().id);
    }
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let id = Uuid::now_v7();
    let case = casework::CaseRef {
        id: id.to_string(),
        requests: requests.clone(),
        attempt: 1,
        ..Default::default()
    };
    let opened = casework::CaseOpened { case: Some(case.clone()), ..Default::default() };
    tell(&bus, id, 1, &Event::new("casework", &opened).unwrap()).await;
    let resolved =
        casework::CaseResolved { case: Some(case), answer: "已修好".into(), ..Default::default() };
    tell(&bus, id, 2, &Event::new("casework", &resolved).unwrap()).await;
    for id in requests {
        let get = pb::GetRequestRequest { id };
        let answered = eventually("it is answered", async || {
            let request = officer.clone().get_request(get.clone()).await.ok()?.into_inner();
            (request.state() == pb::RequestState::Answered).then_some(request)
        });
        assert_eq!(answered.await.answer, "已修好");
    }
}
