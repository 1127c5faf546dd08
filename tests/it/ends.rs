//! How the streams of real services end: with the token they were opened with, and with the service; never as if there were no more.

use std::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use futures::future::join_all;
use huying::client::follow;
use huying_chassis::{
    auth::{Claims, Role},
    clock::system_now,
    status::reason,
};
use huying_proto::{
    casework::v1::{
        WatchCasesRequest, WatchDispatchesRequest, case_service_client::CaseServiceClient,
        dispatch_service_client::DispatchServiceClient,
    },
    evaluation::v1::{GetRatesRequest, WatchRatesRequest, rate_service_client::RateServiceClient},
    intake::v1::{WatchRequestsRequest, WatchRequestsResponse, request_service_client::RequestServiceClient},
};
use huying_testing::{Bearer, Wire, eventually, wire};
use huying_tests::{
    People, World,
    people::{DISTRICT, GRID},
};
use tokio::sync::mpsc;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

type Ending = Pin<Box<dyn Future<Output = Status> + Send>>;

/// Ends with what the stream ends with.
fn end<M: Send + 'static>(mut stream: Streaming<M>) -> Ending {
    Box::pin(async move {
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => return Status::ok("as if there were no more"),
                Err(status) => return status,
            }
        }
    })
}

/// Somebody of the district, for a while.
fn somebody(world: &World, service: &str, claims: &Claims, life: TimeDelta) -> Wire {
    let now = system_now();
    let token = world.bench.issuer.mint_between(claims, now, now + life).unwrap();
    wire(world.address(service), Bearer(Some(token)))
}

/// Every watch there is, opened with tokens of this life.
async fn watches(world: &World, life: TimeDelta) -> Vec<Ending> {
    let of = |service, claims: &Claims| somebody(world, service, claims, life);
    let one = |role| Claims::new("test-watcher", [role]).area(DISTRICT);
    let (district, unit) = (DISTRICT.to_owned(), format!("G-{GRID}"));
    let requests = WatchRequestsRequest { district: district.clone(), ..Default::default() };
    let mut intake = RequestServiceClient::new(of("intake", &one(Role::Platform).doors(["online"])));
    let requests = intake.watch_requests(requests).await.unwrap().into_inner();
    let mut casework = CaseServiceClient::new(of("casework", &one(Role::Officer).area(GRID).unit(&unit)));
    let cases = WatchCasesRequest { district: district.clone(), unit, ..Default::default() };
    let cases = casework.watch_cases(cases).await.unwrap().into_inner();
    let unit = "DEP-yuanlin".to_owned();
    let mut called = DispatchServiceClient::new(of("casework", &one(Role::Department).unit(&unit)));
    let dispatches = WatchDispatchesRequest { district: district.clone(), unit, ..Default::default() };
    let dispatches = called.watch_dispatches(dispatches).await.unwrap().into_inner();
    let day = system_now().date_naive();
    let (from_date, to_date) = (day.to_string(), (day + TimeDelta::days(1)).to_string());
    let rates = GetRatesRequest { district, from_date, to_date, ..Default::default() };
    let mut board = RateServiceClient::new(of("evaluation", &one(Role::Leader)));
    let rates = board.watch_rates(WatchRatesRequest { rates: Some(rates) }).await.unwrap().into_inner();
    vec![end(requests), end(cases), end(dispatches), end(rates)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_57_every_watch_ends_with_its_token_and_unavailable_with_its_service() {
    let world = World::inside().await;
    let short = watches(&world, TimeDelta::seconds(3)).await;
    let long = watches(&world, TimeDelta::minutes(10)).await;
    for status in join_all(short).await {
        assert_eq!(
            (status.code(), reason(&status).as_deref()),
            (Code::Unauthenticated, Some("TOKEN_EXPIRED"))
        );
    }
    let stop = async {
        for service in ["intake", "casework", "evaluation"] {
            world.stop(service).await;
        }
    };
    let (ended, ()) = futures::join!(join_all(long), stop);
    for status in ended {
        assert_eq!((status.code(), reason(&status).as_deref()), (Code::Unavailable, Some("STOPPING")));
        assert!(status.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    }
}

/// What the command line does with each of its watches: it misses nothing, whatever ended under it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_is_gone_on_with_after_a_token_and_after_a_service() {
    let world = World::inside().await;
    let people = world.people();
    let (tell, mut told) = mpsc::channel(64);
    let opened = AtomicUsize::new(0);
    let platform = Claims::new("test-platform", [Role::Platform]).area(DISTRICT).doors(["online"]);
    let open = async |cursor: String| {
        let life = if opened.fetch_add(1, Ordering::SeqCst) == 0 { 3 } else { 600 };
        let wire = somebody(&world, "intake", &platform, TimeDelta::seconds(life));
        let request = WatchRequestsRequest { district: DISTRICT.to_owned(), cursor, ..Default::default() };
        Ok(RequestServiceClient::new(wire).watch_requests(request).await?.into_inner())
    };
    let following = follow(String::new(), open, async |change: WatchRequestsResponse| {
        if let Some(request) = change.request {
            tell.send(request.number).await.unwrap();
        }
        Ok(())
    });
    let mut submitted = async || {
        let receipt = people.submit_until_taken(People::blocked_way()).await;
        let number = receipt.request.unwrap().number;
        while told.recv().await.unwrap() != number {}
    };
    let acting = async {
        submitted().await;
        let again = |times| (opened.load(Ordering::SeqCst) == times).then_some(());
        eventually("its token has ended", async || again(2)).await;
        submitted().await;
        world.stop("intake").await;
        world.start("intake").await;
        submitted().await;
    };
    tokio::select! {
        ended = following => panic!("it ended: {ended:?}"),
        () = acting => {}
    }
}
