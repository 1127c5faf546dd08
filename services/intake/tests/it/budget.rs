//! Bytes are bounded as rows are: what a page holds, and what one caller adds in a day.

use std::time::Duration;

use chrono::{TimeZone as _, Utc};
use huying_chassis::{auth::Role, clock::Clock, page, quota, service::Seams};
use huying_intake::{SERVICE, app::steps};
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{reason, wire};
use prost::Message;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    support::{DISTRICT, Town, call},
    visits::{self, GRID, key},
};

fn adding(id: &str, content: &str) -> pb::AddInformationRequest {
    let request_id = Uuid::now_v7().to_string();
    pb::AddInformationRequest { request_id, id: id.to_owned(), content: content.to_owned() }
}

async fn taken(town: &Town, content: &str) -> String {
    let call = pb::SubmitRequestRequest { content: content.into(), ..call() };
    town.officer().submit_request(call).await.unwrap().into_inner().request.unwrap().id
}

/// Whoever sends long letters makes no list unreadable: a page ends before it has too much, and the next one goes on there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_bounded_in_bytes_and_loses_nothing() {
    let town = Town::open().await;
    let letter = "路".repeat(8000);
    let mut ids = Vec::new();
    for _ in 0..60 {
        ids.push(taken(&town, &letter).await);
    }
    ids.reverse();
    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let mut list =
        pb::ListRequestsRequest { district: DISTRICT.into(), page_size: 200, ..Default::default() };
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let answer = desk.list_requests(list.clone()).await.unwrap().into_inner();
        assert!(answer.encoded_len() <= page::BYTES + 64 * 1024, "{} bytes", answer.encoded_len());
        found.extend(answer.requests.into_iter().map(|it| it.id));
        pages += 1;
        list.page_token = answer.next_page_token;
        if list.page_token.is_empty() {
            break;
        }
    }
    assert_eq!((found, pages), (ids, 2), "each once, in order");
}

/// A request's additions are told page by page, by their bytes too, and none is lost.
#[tokio::test]
async fn additions_are_bounded_in_bytes_and_none_is_lost() {
    const ADDED: usize = 140;
    let town = Town::open().await;
    let id = taken(&town, "楼道灯不亮").await;
    let long = "𠮷".repeat(1990);
    for n in 0..ADDED {
        town.officer().add_information(adding(&id, &format!("{n:03}{long}"))).await.unwrap();
    }
    let (mut found, mut pages, mut page_token) = (Vec::new(), 0, String::new());
    loop {
        let list = pb::ListAdditionsRequest { id: id.clone(), page_size: 200, page_token };
        let answer = town.officer().list_additions(list).await.unwrap().into_inner();
        assert!(answer.encoded_len() <= page::BYTES + 64 * 1024, "{} bytes", answer.encoded_len());
        found.extend(answer.additions.into_iter().map(|it| it.content[..3].parse::<usize>().unwrap()));
        pages += 1;
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!((found, pages), ((0..ADDED).collect(), 2));
}

/// A list counts additions and does not read them.
#[tokio::test]
async fn a_list_has_neither_additions_nor_progress() {
    let town = Town::open().await;
    let id = taken(&town, "楼道灯不亮").await;
    for n in 0..52 {
        town.officer().add_information(adding(&id, &format!("第{n}次"))).await.unwrap();
    }
    let whole = town.officer().get_request(pb::GetRequestRequest { id }).await.unwrap().into_inner();
    assert_eq!((whole.additions.len(), whole.addition_count), (50, 52));
    let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = town.officer().list_requests(list).await.unwrap().into_inner().requests.remove(0);
    let expected = pb::Request { additions: Vec::new(), progress: Vec::new(), ..whole };
    assert_eq!(listed, expected);
}

fn spent(refused: &Status) -> Duration {
    assert_eq!((refused.code(), reason(refused).as_str()), (Code::ResourceExhausted, "QUOTA_SPENT"));
    refused.get_details_retry_info().unwrap().retry_delay.unwrap()
}

/// What a caller adds in a day of the district is bounded, on all replicas together, until the next day begins there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn additions_are_bounded_by_caller_and_day() {
    // Half past eleven at night in Shanghai.
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 3, 2, 15, 30, 0).unwrap());
    let town = Town::open_set(clock.clone(), "additions_a_day", 2).await;
    let id = taken(&town, "楼道灯不亮").await;
    let seams = Seams { clock: Some(clock.clone()), ..Seams::default() };
    let second = SERVICE.start(town.settings.clone(), seams, town.stop.clone()).await.unwrap();
    let bearer = town.bench.bearer(Role::Officer, Some("G-1"), Some("990101001001001"));
    let mut replica = RequestServiceClient::new(wire(second.grpc, bearer));
    let first = adding(&id, "一");
    town.officer().add_information(first.clone()).await.unwrap();
    let gone = adding(&Uuid::now_v7().to_string(), "无");
    assert_eq!(reason(&replica.add_information(gone).await.unwrap_err()), "NOT_FOUND", "it counts nothing");
    replica.add_information(adding(&id, "二")).await.unwrap();

    let before = town.written().await;
    for mut other in [town.officer(), replica.clone()] {
        let refused = other.add_information(adding(&id, "三")).await.unwrap_err();
        assert_eq!(spent(&refused), Duration::from_secs(30 * 60));
    }
    assert_eq!(town.written().await, before);
    town.officer().add_information(first).await.unwrap();
    // Another caller has a quota of their own.
    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    desk.add_information(adding(&id, "三")).await.unwrap();
    clock.advance(Duration::from_secs(30 * 60));
    town.officer().add_information(adding(&id, "四")).await.unwrap();
}

/// What joins and what a reporter is told is bounded likewise, each by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_addition_has_a_bound_of_its_own() {
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 3, 2, 15, 30, 0).unwrap());
    let town = Town::open_set(clock, "additions_a_day", 1).await;
    let (id, mut officer) = (taken(&town, "楼道灯不亮").await, town.officer());
    for is_spent in [false, true] {
        let join = pb::JoinRequestRequest { request_id: key(), id: id.clone(), ..Default::default() };
        let text = "配件已到，明天安装".into();
        let tell = pb::TellProgressRequest { request_id: key(), id: id.clone(), text };
        let answers = [
            officer.add_information(adding(&id, "还没修")).await.map(drop),
            officer.join_request(join).await.map(drop),
            officer.tell_progress(tell).await.map(drop),
        ];
        for (n, answer) in answers.into_iter().enumerate() {
            match is_spent {
                true => assert_eq!(spent(&answer.unwrap_err()), Duration::from_secs(30 * 60), "{n}"),
                false => answer.unwrap(),
            }
        }
    }
}

fn updating(archive: &pb::Archive, needs: &[&str]) -> pb::UpdateArchiveRequest {
    pb::UpdateArchiveRequest {
        request_id: key(),
        id: archive.id.clone(),
        version: archive.version,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        ..Default::default()
    }
}

/// What is written into archives has a bound of its own; what changes nothing counts nothing, and is taken also where that is reached.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn archives_have_a_bound_of_their_own() {
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 3, 2, 15, 30, 0).unwrap());
    let town = Town::open_set(clock, "archive_updates_a_day", 2).await;
    let mut archives = visits::archives(&town, Role::Officer, Some("G-1"), GRID);
    let open = pb::OpenArchiveRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::ArchiveKind::Household.into(),
        visited: Some(pb::Visited { address: "一号楼".into(), ..Default::default() }),
        ..Default::default()
    };
    let mut archive = archives.open_archive(open).await.unwrap().into_inner();
    for need in ["装扶手", "送药上门"] {
        let before = archive.version;
        archive = archives.update_archive(updating(&archive, &[need])).await.unwrap().into_inner();
        assert_eq!(archive.version, before + 1);
        let same = archives.update_archive(updating(&archive, &[need])).await.unwrap().into_inner();
        assert_eq!(same, archive, "it changes nothing");
    }
    let refused = archives.update_archive(updating(&archive, &["修门"])).await.unwrap_err();
    assert_eq!(spent(&refused), Duration::from_secs(30 * 60));
    let nothing = archives.update_archive(updating(&archive, &["送药上门"])).await.unwrap().into_inner();
    assert_eq!(nothing, archive);
    let unknown = pb::UpdateArchiveRequest {
        met: vec![pb::NeedMet { number: 99, met: "已办".into() }],
        ..updating(&archive, &[])
    };
    assert_eq!(reason(&archives.update_archive(unknown).await.unwrap_err()), "UNKNOWN_NEED");
    // Others are bounded by theirs.
    let (id, mut officer) = (taken(&town, "楼道灯不亮").await, town.officer());
    for n in 0..3 {
        officer.add_information(adding(&id, &n.to_string())).await.unwrap();
    }
}

/// Who is on a request already joins it again also where the day's are spent: nothing is written.
#[tokio::test]
async fn who_is_on_it_already_needs_no_quota() {
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 3, 2, 15, 30, 0).unwrap());
    let town = Town::open_set(clock, "additions_a_day", 1).await;
    let (id, mut officer) = (taken(&town, "楼道灯不亮").await, town.officer());
    let join = |phone: &str| {
        let reporter = Some(pb::Reporter { phone: phone.into(), ..call().reporter.unwrap() });
        pb::JoinRequestRequest { request_id: key(), id: id.clone(), reporter, ..Default::default() }
    };
    for _ in 0..3 {
        let receipt = officer.join_request(join("13900139000")).await.unwrap().into_inner();
        assert_eq!(receipt.joined, 1);
    }
    let refused = officer.join_request(join("13700137000")).await.unwrap_err();
    assert_eq!(spent(&refused), Duration::from_secs(30 * 60));
    let withdraw = pb::WithdrawRequestRequest { request_id: key(), id: id.clone(), reason: String::new() };
    officer.withdraw_request(withdraw).await.unwrap();
    let refused = officer.join_request(join("13700137000")).await.unwrap_err();
    assert_eq!(reason(&refused), "STEP_NOT_ALLOWED", "sooner than that they are spent");
}

/// Counting is read off the index of what is counted.
#[tokio::test]
async fn additions_are_counted_by_their_index() {
    let town = Town::open().await;
    for method in steps::COUNTED {
        let explain = format!("explain {}", quota::statement(method));
        let explain =
            explain.replace("$1", "''").replace("$2", "''").replace("$3", "now()").replace("$4", "9");
        let plan: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(explain)).fetch_all(&town.pool().await).await.unwrap();
        let is_counted = |line: &String| line.contains("command_additions") || line.contains("command_told");
        assert!(plan.iter().any(is_counted), "{plan:#?}");
    }
}
