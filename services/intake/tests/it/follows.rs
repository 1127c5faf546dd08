//! Platforms follow what they sent: by a list of their own, by what changed since, by their own numbers, and by a stream.

use std::time::Duration;

use huying_chassis::{
    auth::{Claims, Role},
    bus::{Bus, Event},
};
use huying_proto::{
    casework::v1 as casework,
    intake::v1::{self as pb, request_service_client::RequestServiceClient},
};
use huying_testing::{Bearer, Wire, eventually, reason, wire};
use uuid::Uuid;

use super::{
    support::{DISTRICT, Town, call, profile},
    verified::tell,
};

fn platform(town: &Town, subject: &str) -> RequestServiceClient<Wire> {
    let claims = Claims::new(subject, [Role::Platform]).area(DISTRICT).doors(["online", "hotline"]);
    RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
}

fn order(number: &str, content: &str) -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        channel: pb::Channel::Hotline.into(),
        external_id: number.into(),
        content: content.into(),
        ..call()
    }
}

fn all() -> pb::ListRequestsRequest {
    pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() }
}

async fn send(client: &mut RequestServiceClient<Wire>, request: pb::SubmitRequestRequest) -> pb::Request {
    client.submit_request(request).await.unwrap().into_inner().request.unwrap()
}

async fn listed(client: &mut RequestServiceClient<Wire>, wanted: pb::ListRequestsRequest) -> Vec<String> {
    let page = client.list_requests(wanted).await.unwrap().into_inner();
    page.requests.into_iter().map(|request| request.external_id).collect()
}

#[tokio::test]
async fn a_platform_lists_what_it_sent_and_nothing_else() {
    let town = Town::open().await;
    let (mut ours, mut theirs) = (platform(&town, "platform:hotline"), platform(&town, "platform:other"));
    let first = send(&mut ours, order("1", "灯不亮")).await;
    send(&mut theirs, order("1", "井盖丢失")).await;
    send(&mut ours, order("2", "积水")).await;
    assert_eq!(listed(&mut ours, all()).await, ["2", "1"]);
    assert_eq!(listed(&mut theirs, all()).await, ["1"]);
    let numbered = |number: &str| pb::ListRequestsRequest { external_id: number.into(), ..all() };
    let found = ours.list_requests(numbered(" 1 ")).await.unwrap().into_inner().requests;
    assert_eq!(found.iter().map(|it| &it.id).collect::<Vec<_>>(), [&first.id], "of two with this number");
    assert!(listed(&mut theirs, numbered("2")).await.is_empty());
    let mut desk = town.client(Role::Desk, None, Some(DISTRICT));
    assert_eq!(listed(&mut desk, numbered("1")).await.len(), 2, "the desk sees both");
}

#[tokio::test]
async fn what_changed_since_is_listed_in_the_order_of_its_changes() {
    let town = Town::open().await;
    let mut ours = platform(&town, "platform:hotline");
    let first = send(&mut ours, order("1", "灯不亮")).await;
    let second = send(&mut ours, order("2", "积水")).await;
    let add = pb::AddInformationRequest {
        request_id: Uuid::now_v7().to_string(),
        id: first.id,
        content: "还没来".into(),
    };
    let added = ours.add_information(add).await.unwrap().into_inner();
    let at = |request: &pb::Request| request.update_time.map(|at| (at.seconds, at.nanos));
    assert!(at(&added) > at(&second));
    let since = |time| pb::ListRequestsRequest { changed_since_time: time, page_size: 1, ..all() };
    assert_eq!(listed(&mut ours, since(first.submit_time)).await, ["2"]);
    let page = ours.list_requests(since(first.submit_time)).await.unwrap().into_inner();
    let next = pb::ListRequestsRequest { page_token: page.next_page_token, ..since(first.submit_time) };
    assert_eq!(listed(&mut ours, next).await, ["1"]);
    assert_eq!(listed(&mut ours, since(added.update_time)).await, ["1"], "the instant itself counts");
    let mut desk = town.client(Role::Desk, None, Some(DISTRICT));
    let refused = desk.list_requests(since(first.submit_time)).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_FIELD");
}

async fn next(stream: &mut tonic::Streaming<pb::WatchRequestsResponse>) -> pb::WatchRequestsResponse {
    let told = async {
        loop {
            let told = stream.message().await.unwrap().expect("more");
            if told.request.is_some() || told.left.is_some() {
                return told;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("in time")
}

fn watch(unit: &str, cursor: &str) -> pb::WatchRequestsRequest {
    pb::WatchRequestsRequest { district: DISTRICT.into(), unit: unit.into(), cursor: cursor.into() }
}

#[tokio::test]
async fn a_platform_watches_what_it_sent_and_goes_on_where_it_stopped() {
    let town = Town::open().await;
    let (mut ours, mut theirs) = (platform(&town, "platform:hotline"), platform(&town, "platform:other"));
    send(&mut theirs, order("9", "别家的")).await;
    let first = send(&mut ours, order("1", "灯不亮")).await;
    let mut stream = ours.watch_requests(watch("", "")).await.unwrap().into_inner();
    let seen = next(&mut stream).await;
    assert_eq!(seen.request.as_ref().unwrap().external_id, "1");
    drop(stream);

    let answer = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: first.id,
        reason: "已自行解决".into(),
    };
    ours.withdraw_request(answer).await.unwrap();
    let mut stream = ours.watch_requests(watch("", &seen.cursor)).await.unwrap().into_inner();
    assert_eq!(next(&mut stream).await.request.unwrap().state(), pb::RequestState::Withdrawn);

    for (unit, cursor, told) in
        [("G-1", "", "OUTSIDE_AREA"), ("", "nowhere", "BAD_FIELD"), ("", "1-2-3-4", "BAD_FIELD")]
    {
        let refused = ours.watch_requests(watch(unit, cursor)).await.unwrap_err();
        assert_eq!(reason(&refused), told, "{unit} {cursor}");
    }
}

#[tokio::test]
async fn a_unit_watches_what_it_took() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let patrol = pb::SubmitRequestRequest { channel: pb::Channel::GridPatrol.into(), ..call() };
    let taken = officer.submit_request(patrol).await.unwrap().into_inner().request.unwrap();
    send(&mut platform(&town, "platform:hotline"), order("1", "灯不亮")).await;
    let mut stream = officer.watch_requests(watch("G-1", "")).await.unwrap().into_inner();
    assert_eq!(next(&mut stream).await.request.unwrap().id, taken.id);
    let mut desk = town.client(Role::Desk, None, Some(DISTRICT));
    let mut stream = desk.watch_requests(watch("G-1", "")).await.unwrap().into_inner();
    assert_eq!(next(&mut stream).await.request.unwrap().id, taken.id, "the district's desk may");
    assert_eq!(reason(&officer.watch_requests(watch("G-2", "")).await.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(reason(&officer.watch_requests(watch("", "")).await.unwrap_err()), "OUTSIDE_AREA");
    let unnamed = desk.watch_requests(watch("", "")).await.unwrap_err();
    assert_eq!(reason(&unnamed), "BAD_FIELD", "only a platform leaves out whose requests it watches");
}

#[tokio::test]
async fn a_track_tells_who_works_on_it_and_until_when() {
    let town = Town::open().await;
    let unit_names = [("G-1".to_owned(), "一号网格".to_owned())].into();
    town.apply(pb::IntakeProfile { unit_names, ..profile() }).await;
    let receipt = town.officer().submit_request(call()).await.unwrap().into_inner();
    let request = receipt.request.unwrap();
    let track = pb::TrackRequestRequest { number: request.number, tracking_token: receipt.tracking_token };
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let case = Uuid::now_v7();
    let at = |seconds| Some(pbjson_types::Timestamp { seconds, nanos: 0 });
    let held = |holder: &str, due| casework::CaseRef {
        id: case.to_string(),
        requests: vec![request.id.clone()],
        holder: holder.into(),
        attempt: 1,
        resolve_due_time: due,
        ..Default::default()
    };
    let due = at(1_795_000_000);
    let extended = at(1_795_086_400);
    let told = [
        Event::new("casework", &casework::CaseOpened { case: Some(held("G-1", due)), ..Default::default() }),
        Event::new(
            "casework",
            &casework::CaseExtended { case: Some(held("G-1", extended)), ..Default::default() },
        ),
        // A unit whose name the profile does not say is not told.
        Event::new(
            "casework",
            &casework::CaseEscalated { case: Some(held("C-1", extended)), ..Default::default() },
        ),
        Event::new(
            "casework",
            &casework::CaseSuspended { case: Some(held("G-1", None)), ..Default::default() },
        ),
        Event::new(
            "casework",
            &casework::CaseResolved { case: Some(held("G-1", None)), ..Default::default() },
        ),
    ];
    let expected =
        [("一号网格", due), ("一号网格", extended), ("", extended), ("一号网格", None), ("", None)];
    for (version, (event, expected)) in (1..).zip(told.into_iter().zip(expected)) {
        tell(&bus, case, version, &event.unwrap()).await;
        eventually("it is told", async || {
            let track = town.stranger().track_request(track.clone()).await.ok()?.into_inner();
            ((track.unit.as_str(), track.due_time) == expected).then_some(())
        })
        .await;
    }
    let mut desk = town.client(Role::Desk, None, Some(DISTRICT));
    let get = pb::GetRequestRequest { id: request.id };
    assert_eq!(
        desk.get_request(get).await.unwrap().into_inner().unit,
        "G-1",
        "a code for those who work here"
    );
}
