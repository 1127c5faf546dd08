//! Nor do services name anybody to whoever reads their logs and numbers, or is refused: run as an operator runs them who looks for a fault.
//!
//! All is logged from `debug` on, of the libraries too (sqlx tells its statements, h2 its frames): none of them tells what is bound or sent.

use std::net::SocketAddr;

use huying_chassis::auth::Role;
use huying_proto::intake::v1::{
    self as intake, offer_service_client::OfferServiceClient, person_service_client::PersonServiceClient,
};
use huying_testing::reason;
use huying_tests::{
    Options, People, SERVICES, World,
    people::{DISTRICT, GRID},
    world::key,
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Status;

use super::{NAMES, PHONES, canaries, lived, reporter};
use crate::processes;

/// What a process has written down of itself by now.
fn log(world: &World, service: &str) -> String {
    let log = std::fs::read(world.bench.dir.path().join(format!("{service}.log"))).unwrap();
    String::from_utf8_lossy(&log).into_owned()
}

/// All that it tells in numbers, where its log says that it does.
async fn numbers(log: &str) -> String {
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let serving = lines.find(|line| line["message"] == "serving").unwrap();
    let admin: SocketAddr = serving["admin"].as_str().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(admin).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Calls that name somebody where it cannot be taken, or beside what cannot.
async fn refused(people: &People) -> [Status; 3] {
    let desk = || people.wire("intake", Role::Desk, None, Some(DISTRICT));
    let content = intake::OfferContent {
        kind: intake::OfferKind::Service.into(),
        side: intake::OfferSide::ResidentUnit.into(),
        party: "某中学".into(),
        title: "开放操场".into(),
        contact: NAMES[5].repeat(100),
        ..Default::default()
    };
    let make = intake::MakeOfferRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        content: Some(content),
    };
    let nothing_said = intake::SubmitRequestRequest {
        content: String::new(),
        reporter: Some(reporter()),
        ..People::blocked_way()
    };
    [
        OfferServiceClient::new(desk()).make_offer(make).await.unwrap_err(),
        PersonServiceClient::new(desk())
            .get_reporter(intake::GetReporterRequest { id: PHONES[0].into() })
            .await
            .unwrap_err(),
        people.platform().submit_request(nothing_said).await.unwrap_err(),
    ]
}

fn names_nobody(what: &str, text: &str) {
    for canary in canaries() {
        assert!(!text.contains(canary), "{what} says {canary}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_72_no_log_no_number_and_no_refusal_names_anybody() {
    let settings = vec![("TELEMETRY__LOG", "debug".to_owned()), ("TELEMETRY__LOG_FORMAT", "json".to_owned())];
    let world = World::open(Options { settings, ..processes() }).await;
    let people = world.people();
    Box::pin(lived(&people)).await;
    for status in Box::pin(refused(&people)).await {
        assert_eq!(reason(&status), "BAD_FIELD");
        names_nobody("a refusal", status.message());
        names_nobody("a refusal's details", &String::from_utf8_lossy(status.details()));
    }
    for service in SERVICES {
        let numbers = numbers(&log(&world, service)).await;
        assert!(numbers.contains("huying_"), "{service} tells its numbers: {numbers}");
        names_nobody(&format!("a number of {service}"), &numbers);
        // Whoever stops has written all lines.
        world.stop(service).await;
        let log = log(&world, service);
        assert!(log.contains(r#""level":"DEBUG""#) && log.contains("answered"), "{service} is talkative");
        names_nobody(&format!("the log of {service}"), &log);
    }
}
