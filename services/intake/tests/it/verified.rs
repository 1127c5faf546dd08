//! What a reporter hears of a case that is looked at on site: that it is being looked at, and the answer only when it passed.

use huying_chassis::{
    bus::{Bus, CloudEvent, Event},
    log::{Entry, Head, Position},
};
use huying_proto::{casework::v1 as casework, intake::v1 as pb};
use huying_testing::eventually;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

/// Tells one thing of a case after another.
pub async fn tell(bus: &Bus, case: Uuid, version: i64, event: &Event) {
    let head = Head {
        id: Uuid::now_v7(),
        kind: "case".into(),
        aggregate: case,
        version,
        district: DISTRICT.into(),
        unit: None,
        at: chrono::DateTime::UNIX_EPOCH,
        shape: 1,
    };
    let entry = Entry::new(head, String::new(), [0; 32], Position::default());
    let cloud = CloudEvent::of("casework", &entry, event.clone());
    bus.send(DISTRICT, event, &cloud).await.unwrap().await.unwrap();
}

#[tokio::test]
async fn a_reporter_has_the_answer_when_somebody_has_looked() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let patrol = pb::SubmitRequestRequest { channel: pb::Channel::GridPatrol.into(), ..call() };
    let request = officer.submit_request(patrol).await.unwrap().into_inner().request.unwrap();
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let id = Uuid::now_v7();
    let case = || {
        let (id, requests) = (id.to_string(), vec![request.id.clone()]);
        Some(casework::CaseRef { id, requests, attempt: 1, ..Default::default() })
    };
    let event = |verifier: &str| casework::CaseResolved {
        case: case(),
        answer: "已修好".into(),
        verifier: verifier.into(),
        ..Default::default()
    };
    let opened = casework::CaseOpened { case: case(), ..Default::default() };
    tell(&bus, id, 1, &Event::new("casework", &opened).unwrap()).await;
    tell(&bus, id, 2, &Event::new("casework", &event("C-1")).unwrap()).await;
    let failed = casework::CaseVerificationFailed { case: case(), ..Default::default() };
    tell(&bus, id, 3, &Event::new("casework", &failed).unwrap()).await;

    let get = pb::GetRequestRequest { id: request.id.clone() };
    let told = eventually("it was told", async || {
        let request = officer.clone().get_request(get.clone()).await.ok()?.into_inner();
        (request.progress.len() >= 3).then_some(request)
    })
    .await;
    let texts: Vec<&str> = told.progress.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts[texts.len() - 2..], ["已办结，正在核查", "核查未通过，已继续办理"]);
    assert_eq!(told.state(), pb::RequestState::Handling);

    let verified = casework::CaseVerified { case: case(), resolved: Some(event("")), ..Default::default() };
    tell(&bus, id, 4, &Event::new("casework", &verified).unwrap()).await;
    let owed = eventually("the answer is owed", async || {
        let request = officer.clone().get_request(get.clone()).await.ok()?.into_inner();
        (request.state() == pb::RequestState::Answering).then_some(request)
    })
    .await;
    assert_eq!(owed.answer, "已修好");
}
