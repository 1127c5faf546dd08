//! Platforms: known by issuer and subject, each by the doors and in the area that its token names.

use huying_chassis::auth::{Claims, Role};
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{Bearer, Wire, reason, wire};
use tonic::{Code, Status};
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn client(town: &Town, claims: &Claims) -> RequestServiceClient<Wire> {
    RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(claims)))))
}

fn platform(subject: &str, area: &str, doors: &[&str]) -> Claims {
    Claims::new(subject, [Role::Platform]).area(area).doors(doors.iter().copied())
}

fn told(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

#[tokio::test]
async fn a_platform_sees_what_it_sent_and_its_subject_means_nothing_for_others() {
    let town = Town::open().await;
    let mut app = client(&town, &platform("platform:app", DISTRICT, &["online"]));
    let id = app.submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let get = pb::GetRequestRequest { id: id.clone() };
    let seen = app.get_request(get.clone()).await.unwrap().into_inner();
    assert!(seen.reporter.is_some(), "it must tell its caller");
    let mut above = client(&town, &platform("platform:app", "9901", &[]));
    above.get_request(get.clone()).await.unwrap();

    for claims in [
        platform("platform:other", DISTRICT, &["online"]),
        // The role of a service, by mistake.
        Claims {
            roles: [Role::Platform, Role::Service].into(),
            ..platform("platform:other", DISTRICT, &["online"])
        },
        platform("platform:app", "990102", &["online"]),
        Claims::new("platform:app", [Role::Platform]).doors(["online"]),
        Claims::new("platform:app", [Role::Officer]).area("990101002"),
        Claims::new("platform:app", [Role::Desk]).area("990102"),
    ] {
        let mut other = client(&town, &claims);
        let refused = other.get_request(get.clone()).await.unwrap_err();
        assert_eq!(told(&refused), (Code::NotFound, "NOT_FOUND".into()), "{claims:?}");
        assert_eq!(refused.message(), format!("there is no request {id}"));
        let add = pb::AddInformationRequest {
            request_id: Uuid::now_v7().to_string(),
            id: id.clone(),
            content: "还没修".into(),
        };
        assert_eq!(reason(&other.add_information(add).await.unwrap_err()), "NOT_FOUND", "{claims:?}");
    }
    // Another service is told which one it was, and nobody else.
    let mut service = client(&town, &Claims::service("evaluation"));
    let named = service.get_request(get.clone()).await.unwrap().into_inner();
    assert_eq!((named.platform.split_once(' ').unwrap().1, named.reporter), ("platform:app", None));
    assert_eq!(seen.platform, "");
    // Only the one that has to know.
    for claims in [Claims::service("routing"), Claims::new("evaluation", [Role::Service]).city()] {
        let refused = client(&town, &claims).get_request(get.clone()).await.unwrap_err();
        assert_eq!(told(&refused), (Code::PermissionDenied, "ROLE_NOT_ALLOWED".into()), "{claims:?}");
    }
    let mut officer = client(&town, &Claims::new("platform:app", [Role::Officer]).area("990101001001001"));
    let seen = officer.get_request(get).await.unwrap().into_inner();
    assert_eq!(seen.platform, "");
    assert!(seen.reporter.is_none(), "an officer of the place sees the matter, whatever their subject is");
}

#[tokio::test]
async fn a_platform_sends_by_the_doors_and_in_the_area_its_token_names() {
    let town = Town::open().await;
    let hotline = || pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "12345-7".into(),
        ..call()
    };
    let mut app = client(&town, &platform("platform:app", DISTRICT, &["online", "forum"]));
    app.submit_request(call()).await.unwrap();
    let before = town.written().await;
    let refused = app.submit_request(hotline()).await.unwrap_err();
    assert_eq!(told(&refused), (Code::PermissionDenied, "DOOR_NOT_ALLOWED".into()));
    let mut none = client(&town, &platform("platform:app", DISTRICT, &[]));
    assert_eq!(reason(&none.submit_request(call()).await.unwrap_err()), "DOOR_NOT_ALLOWED");
    for claims in [
        platform("platform:app", "990102", &["online"]),
        Claims::new("platform:app", [Role::Platform]).doors(["online"]),
    ] {
        let refused = client(&town, &claims).submit_request(call()).await.unwrap_err();
        assert_eq!(told(&refused), (Code::PermissionDenied, "OUTSIDE_AREA".into()), "{claims:?}");
    }
    assert_eq!(town.written().await, before);
}

/// An order of a named source belongs to whoever sent it first: another platform learns that, and neither its number nor its content.
#[tokio::test]
async fn an_order_taken_from_another_platform_is_not_told() {
    let town = Town::open().await;
    let order = |content: &str| pb::SubmitRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        channel: pb::Channel::FromAbove.into(),
        source: "市长热线".into(),
        external_id: "7".into(),
        content: content.into(),
        ..call()
    };
    let mut first = client(&town, &platform("platform:above", DISTRICT, &["from_above"]));
    let number = first.submit_request(order("灯不亮")).await.unwrap().into_inner().request.unwrap().number;
    let mut other = client(&town, &platform("platform:else", DISTRICT, &["from_above"]));
    for content in ["灯不亮", "别的事"] {
        let refused = other.submit_request(order(content)).await.unwrap_err();
        assert_eq!(told(&refused), (Code::AlreadyExists, "ORDER_TAKEN".into()), "{content}");
        assert!(!format!("{refused:?}").contains(&number));
    }
    let changed = first.submit_request(order("别的事")).await.unwrap_err();
    assert_eq!(reason(&changed), "ORDER_CHANGED", "who sent it is told what it was taken as");
}
