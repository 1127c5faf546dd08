//! Whoever had part in a case neither judges it nor takes it out of the rates: units that passed it on, and persons under another unit's token.

use huying_chassis::{auth::Role, log::fingerprint};
use huying_proto::{
    casework::v1 as casework,
    evaluation::v1::{
        self as pb, delegate_service_client::DelegateServiceClient,
        rating_service_client::RatingServiceClient, round_service_client::RoundServiceClient,
    },
};
use huying_testing::reason;
use tonic::Code;
use uuid::Uuid;

use crate::{
    ratings,
    rounds::beginning,
    support::{Case, Client, DISTRICT, HOLDER, World, attempting, judging, verdict},
};

/// A unit that had part in a case, and the one officer who acted for it.
fn party(case: &Case, unit: &str) -> casework::CaseParty {
    let persons = vec![fingerprint(case.id, &officer_of(unit))];
    casework::CaseParty { unit: unit.into(), persons }
}

fn officer_of(unit: &str) -> String {
    format!("officer of {unit}")
}

/// One that a grid passed on, which is told of by its resolution alone.
fn passed_on() -> Case {
    let case = Case::new();
    Case { parties: [HOLDER, "grid", "parks"].map(|unit| party(&case, unit)).into(), ..case }
}

fn asks(world: &World, subject: &str, unit: Option<&str>) -> Client {
    Client::new(world.wire(world.bench.bearer_of(subject, Role::Leader, unit, Some(DISTRICT))))
}

fn inspecting(case: &Case) -> pb::RecordInspectionRequest {
    let (request_id, case) = (Uuid::now_v7().to_string(), case.id.to_string());
    pb::RecordInspectionRequest { request_id, case, good: true, text: "办得很好".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_had_part_by_whichever_token_judges_nothing() {
    let world = World::new().await;
    let case = passed_on();
    let callback = world.resolved(&case).await;
    for (subject, unit) in [
        ("somebody".to_owned(), Some("grid")),
        (officer_of("grid"), Some("callbacks")),
        (officer_of("parks"), None),
        (officer_of(HOLDER), Some("callbacks")),
    ] {
        let own = |told: tonic::Status| {
            let told = (told.code(), reason(&told));
            assert_eq!(told, (Code::PermissionDenied, "OWN_WORK".into()), "{subject} of {unit:?}");
        };
        let mut client = asks(&world, &subject, unit);
        let said = verdict(true, pb::Satisfaction::Satisfied);
        own(client.record_verdict(judging(&callback, said)).await.unwrap_err());
        own(client.record_attempt(attempting(&callback, "")).await.unwrap_err());
        let delegate = world.bench.bearer_of(&subject, Role::Delegate, unit, Some(DISTRICT));
        let mut delegates = DelegateServiceClient::new(world.wire(delegate));
        own(delegates.record_inspection(inspecting(&case)).await.unwrap_err());
        let leader = world.bench.bearer_of(&subject, Role::Leader, unit, Some(DISTRICT));
        let mut rounds = RoundServiceClient::new(world.wire(leader));
        own(rounds.begin_round(beginning(1, pb::StrataBy::None)).await.unwrap_err());
    }
    let said = verdict(true, pb::Satisfaction::Satisfied);
    let judged = world.staff().record_verdict(judging(&callback, said)).await.unwrap().into_inner();
    assert_eq!(judged.version, 2, "what was refused changed nothing");
    world.assert_log_is_true().await;
    world.stop().await;
}

/// What a build before opened says nothing of who passed it on: what was heard of the case does.
#[tokio::test(flavor = "multi_thread")]
async fn who_passed_a_case_on_is_known_of_what_was_followed_before() {
    let world = World::new().await;
    let case = Case::new();
    let passed = Case { holder: "grid".into(), ..case.clone() };
    world.send(DISTRICT, case.id, 1, &passed.opened()).await;
    let case = Case { first_version: 2, ..case };
    world.send(DISTRICT, case.id, 2, &case.resolved()).await;
    let callback = world.callback_of(&case).await;
    // What was heard is counted.
    let get = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2026-11-24".into(),
        ..Default::default()
    };
    world.rates(Role::Callback, None, Some(DISTRICT)).get_rates(get).await.unwrap();
    let judge = || judging(&callback, verdict(true, pb::Satisfaction::Satisfied));
    let own = asks(&world, "somebody", Some("grid")).record_verdict(judge()).await.unwrap_err();
    assert_eq!(reason(&own), "OWN_WORK");
    world.staff().record_verdict(judge()).await.unwrap();
    world.stop().await;
}

/// Units rate each other; nobody rates one that they acted for.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_rates_a_unit_that_they_acted_for() {
    let world = World::new().await;
    let case = ratings::lived(&world).await;
    let by = |subject: &str| {
        let bearer =
            world.bench.bearer_of(subject, Role::Officer, Some(HOLDER), Some(crate::support::COMMUNITY));
        RatingServiceClient::new(world.wire(bearer))
    };
    let rate = || ratings::rating(&case, ratings::DESK, pb::Satisfaction::Satisfied);
    let own = by(&officer_of(ratings::DESK)).rate_unit(rate()).await.unwrap_err();
    assert_eq!(reason(&own), "OWN_WORK");
    by(&officer_of(HOLDER)).rate_unit(rate()).await.unwrap();
    let called = |subject: &str| {
        let bearer = world.bench.bearer_of(subject, Role::Department, Some("parks"), Some(DISTRICT));
        RatingServiceClient::new(world.wire(bearer))
    };
    let judge = || ratings::judging(&case, ratings::DESK, true);
    let own = called(&officer_of(ratings::DESK)).judge_call(judge()).await.unwrap_err();
    assert_eq!(reason(&own), "OWN_WORK");
    called("somebody").judge_call(judge()).await.unwrap();
    world.stop().await;
}
