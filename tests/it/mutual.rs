//! All services over TLS, each showing its certificate to the others: calls go all the way through, and a certificate opens no more than
//! its own service may.

use std::process::Command;

use huying_chassis::auth::{CITY, Role};
use huying_chassis::config::TlsConfig;
use huying_chassis::tls::{Dialer, Port, Secure};
use huying_proto::casework::v1 as pb;
use huying_proto::casework::v1::case_service_client::CaseServiceClient;
use huying_proto::log::v1::{ListWatermarksRequest, log_service_client::LogServiceClient};
use huying_testing::{Bearer, pki::Pki, reason};
use huying_tests::world::{key, root};
use huying_tests::{Options, People, World, people::DISTRICT, reckon};
use tokio::net::TcpListener;
use tonic::{Code, Status};

const CALLS: i64 = 3;

/// As the services themselves show it.
const EVALUATION: &[&str] = &["127.0.0.1", "huying:service:evaluation"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_22_a_service_certificate_opens_no_more_than_that_service_may() {
    let world = World::open(Options { pki: Some(Pki::new()), ..Options::default() }).await;
    let people = world.people();
    for _ in 0..CALLS {
        let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
        people.see_through(&number).await;
    }
    reckon::all_is_well(&world, CALLS).await;

    let evaluation = world.pki().trusting("stolen", EVALUATION);
    let casework = world.address("casework");
    let accept = async |bearer: Bearer| {
        let mut cases = CaseServiceClient::new(world.wire_as(casework, bearer, &evaluation));
        let request = pb::AcceptCaseRequest { request_id: key(), id: key(), version: 1 };
        told(cases.accept_case(request).await.map(drop).unwrap_err())
    };
    let bench = &world.bench;
    let [own, other] = ["evaluation", "casework"].map(|name| bench.service(name, Some(CITY)));
    let refused = |reason: &str| (Code::PermissionDenied, reason.to_owned());
    assert_eq!(accept(own.clone()).await, refused("ROLE_NOT_ALLOWED"), "the table");
    assert_eq!(
        accept(other.clone()).await,
        refused("CERTIFICATE_OF_ANOTHER"),
        "a stolen token of another service"
    );
    let desk = bench.bearer(Role::Desk, None, Some(DISTRICT));
    assert_eq!(accept(desk).await, refused("CERTIFICATE_OF_ANOTHER"), "a stolen token of a person");
    assert_eq!(accept(Bearer(None)).await, (Code::Unauthenticated, "TOKEN_MISSING".to_owned()), "attack 23");

    // What evaluation may, it may with its own certificate and its own token, and with nothing less.
    let read = async |bearer: Bearer, tls: &TlsConfig| {
        let mut log = LogServiceClient::new(world.wire_as(casework, bearer, tls));
        log.list_watermarks(ListWatermarksRequest::default()).await.map(drop).map_err(told)
    };
    let stranger = world.pki().trusting("stranger", &["people"]);
    assert_eq!(read(own.clone(), &evaluation).await, Ok(()));
    assert_eq!(read(own, &stranger).await, Err(refused("CERTIFICATE_OF_ANOTHER")));
    assert_eq!(read(other, &evaluation).await, Err(refused("CERTIFICATE_OF_ANOTHER")));
}

fn told(status: Status) -> (Code, String) {
    (status.code(), reason(&status))
}

/// What operators try TLS with is what services and their callers take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_deploy_certificates_makes_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new(root().join("deploy/certificates")).arg(dir.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let of = |name: &str| {
        let file = |kind: &str| Some(dir.path().join("tls").join(format!("{name}.{kind}")));
        let ca = Some(dir.path().join("ca.pem"));
        TlsConfig { cert_file: file("pem"), key_file: file("key"), ca_file: ca, ..TlsConfig::default() }
    };
    let mutual = |name: &str| TlsConfig { client_ca_file: of(name).ca_file, ..of(name) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let secure = Secure::new(&mutual("casework"), Port::Calls).unwrap().unwrap();
    let listening = tokio::spawn(async move {
        let mut taken = Vec::new();
        for _ in 0..2 {
            taken.push(secure.accept(listener.accept().await.unwrap().0).await.is_ok());
        }
        taken
    });
    for name in ["evaluation", "operator"] {
        let channel = Dialer::new(&of(name)).unwrap().channel(&format!("https://{address}"), |kept| kept);
        let mut cases = CaseServiceClient::new(channel.unwrap());
        // Nobody speaks gRPC there: what counts is that the handshake was good.
        assert!(cases.get_case(pb::GetCaseRequest::default()).await.is_err());
    }
    assert_eq!(listening.await.unwrap(), [true, true]);
    for name in ["intake", "routing", "casework", "evaluation", "postgres", "nats"] {
        assert!(Secure::new(&mutual(name), Port::Calls).unwrap().is_some(), "{name}");
    }
}
