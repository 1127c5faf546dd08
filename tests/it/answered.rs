//! 来电即答: a consultation that was answered at the door is routed nowhere; and what a platform demands of the rest reaches its case.

use chrono::TimeDelta;
use huying_chassis::clock::system_now;
use huying_proto::{
    common::v1::Priority,
    evaluation::v1::{GetRatesRequest, RatesBy},
    intake::v1::{self as intake, RequestType},
    routing::v1::GetRouteRequest,
};
use huying_testing::{eventually, reason};
use huying_tests::{People, World, people::DISTRICT, world::key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_at_once_is_routed_nowhere() {
    let world = World::inside().await;
    let people = world.people();
    let asked = intake::SubmitRequestRequest {
        order: Some(intake::Order { r#type: RequestType::Consultation.into(), ..Default::default() }),
        answer: "拨打114挪车".into(),
        ..People::blocked_way()
    };
    let answered = people.submit_until_taken(asked).await.request.unwrap();
    assert_eq!(answered.state(), intake::RequestState::Answered);

    // Behind it in the same stream: once this one has a case, the first has been heard.
    let urgent = intake::SubmitRequestRequest {
        request_id: key(),
        order: Some(intake::Order { urgent: true, ..Default::default() }),
        ..People::blocked_way()
    };
    let number = people.submit_until_taken(urgent).await.request.unwrap().number;
    let case = people.case_of(&number).await;
    assert_eq!(case.priority(), Priority::Urgent, "the platform's lamp");

    let heard = "select count(*) from followed where aggregate = $1";
    let id: uuid::Uuid = answered.id.parse().unwrap();
    eventually("routing has heard of it", async || {
        let pool = world.pool("routing").await;
        let marks: i64 = sqlx::query_scalar(heard).bind(id).fetch_one(&pool).await.unwrap();
        (marks == 1).then_some(())
    })
    .await;
    let mut routing = people.routing(huying_chassis::auth::Role::Desk);
    let route = routing.get_route(GetRouteRequest { request: answered.id }).await.unwrap_err();
    assert_eq!(reason(&route), "NOT_FOUND");
    both_are_counted(&people).await;
}

/// Evaluation counts both as requests, and one as a case, of the channel that both came by.
async fn both_are_counted(people: &People) {
    let day = |days| (system_now() + TimeDelta::days(days)).date_naive().to_string();
    let request = GetRatesRequest {
        district: DISTRICT.into(),
        from_date: day(-1),
        to_date: day(2),
        by: RatesBy::Channel.into(),
        ..Default::default()
    };
    eventually("both requests and the case are counted by their channel", async || {
        let told = people.rates().get_rates(request.clone()).await.ok()?.into_inner();
        let [channel] = told.standings.as_slice() else { return None };
        let of = |measure: &str| channel.counts.iter().find(|it| it.measure == measure).map(|it| it.number);
        (of("requests") == Some(2) && of("opened") == Some(1)).then_some(())
    })
    .await;
}
