//! 我也遇到, and 重复件: others join a request instead of calling anew; what one phone says again is linked and counted, and never dropped.

use std::path::Path;

use huying_chassis::{
    auth::{Claims, Role},
    seal::KeyFile,
};
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{Bearer, Wire, reason, wire};
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn by(phone: &str) -> Option<pb::Reporter> {
    Some(pb::Reporter { phone: phone.into(), ..call().reporter.unwrap() })
}

fn says(phone: &str, content: &str) -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        reporter: by(phone),
        content: content.into(),
        ..call()
    }
}

fn joining(id: &str, phone: &str, content: &str) -> pb::JoinRequestRequest {
    pb::JoinRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: id.into(),
        reporter: by(phone),
        content: content.into(),
    }
}

fn platform(town: &Town, area: &str) -> RequestServiceClient<Wire> {
    let claims = Claims::new("platform:app", [Role::Platform]).area(area).doors(["online"]);
    RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
}

#[tokio::test]
async fn others_join_and_each_is_counted_once() {
    let town = Town::open().await;
    let taken = town.officer().submit_request(says("13800138000", "楼道灯不亮")).await.unwrap().into_inner();
    let (token, request) = (taken.tracking_token, taken.request.unwrap());
    let mut app = platform(&town, DISTRICT);
    let first = joining(&request.id, "13900139000", "我家门口也不亮");
    let receipt = app.join_request(first.clone()).await.unwrap().into_inner();
    assert_eq!((&receipt.number, receipt.joined), (&request.number, 1));
    assert_ne!(receipt.tracking_token, token, "who made the request has a secret of their own");
    let track = pb::TrackRequestRequest {
        number: receipt.number.clone(),
        tracking_token: receipt.tracking_token.clone(),
    };
    town.stranger().track_request(track).await.unwrap();
    assert_eq!(app.join_request(first).await.unwrap().into_inner(), receipt, "the same command again");
    for (phone, joined) in [("139 0013 9000", 1), ("13700137000", 2), ("", 3), ("", 4)] {
        let receipt = app.join_request(joining(&request.id, phone, "")).await.unwrap().into_inner();
        assert_eq!(receipt.joined, joined, "{phone}");
    }
    let (mut app_too, mut officer) = (app.clone(), town.officer());
    for (by, phone, words) in
        [(&mut app_too, "13900139000", "现在冒烟了"), (&mut officer, "13800138000", "我家也冒烟了")]
    {
        let receipt = by.join_request(joining(&request.id, phone, words)).await.unwrap().into_inner();
        assert_eq!(receipt.joined, 4, "who is on it already says more");
    }
    let get = pb::GetRequestRequest { id: request.id.clone() };
    let now = town.officer().get_request(get).await.unwrap().into_inner();
    let added: Vec<&str> = now.additions.iter().map(|it| it.content.as_str()).collect();
    assert_eq!(
        (now.joined, added),
        (4, vec!["我家门口也不亮", "现在冒烟了", "我家也冒烟了"]),
        "what they say is kept"
    );
    assert_eq!(town.reporter(&request.id).await.phone, "+8613800138000", "the reporter stays who it is");

    let before = town.written().await;
    let refused = platform(&town, "990102").join_request(joining(&request.id, "", "")).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_FOUND");
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: request.id.clone(),
        reason: String::new(),
    };
    town.officer().withdraw_request(withdraw).await.unwrap();
    let refused = app.join_request(joining(&request.id, "", "")).await.unwrap_err();
    assert_eq!(reason(&refused), "STEP_NOT_ALLOWED");
    assert_eq!(town.written().await, (before.0, before.1 + 1), "only the withdrawal");
}

/// Who finds it among twins may join somebody to it also where they don't see it, and is told nothing of it but the receipt.
#[tokio::test]
async fn the_next_streets_desk_joins_and_is_told_nothing() {
    let town = Town::open().await;
    let taken = town.officer().submit_request(says("13800138000", "楼道灯不亮")).await.unwrap().into_inner();
    let request = taken.request.unwrap();
    for (n, role) in [Role::Desk, Role::Officer].into_iter().enumerate() {
        let mut beside = town.client(role, Some("S-2"), Some("990101002"));
        let join = joining(&request.id, &format!("1390013900{n}"), "我家门口也不亮");
        let receipt = beside.join_request(join.clone()).await.unwrap().into_inner();
        assert_eq!((&receipt.number, receipt.joined), (&request.number, 1 + n as u32));
        assert_eq!(beside.join_request(join).await.unwrap().into_inner(), receipt, "the same command again");
        for id in [&request.id, &request.number] {
            let get = pb::GetRequestRequest { id: id.clone() };
            assert_eq!(reason(&beside.get_request(get).await.unwrap_err()), "NOT_FOUND", "{role:?}");
        }
        let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
        assert_eq!(beside.list_requests(list).await.unwrap().into_inner().requests, [], "{role:?}");
        let mut outside = town.client(role, Some("S-2"), Some("990102001"));
        let refused = outside.join_request(joining(&request.id, "", "")).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_FOUND", "{role:?}");
    }
}

/// 不详, 无, and a masked number are many people's: by them nobody is told from another.
#[tokio::test]
async fn a_phone_that_cannot_be_read_is_nobodys() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let mut app = platform(&town, DISTRICT);
    for (n, phone) in ["不详", "无", "139****0001"].into_iter().enumerate() {
        let words = ["二号楼楼道灯不亮三天了", "小区门口垃圾没人清", "井盖丢了没人管"][n];
        let first = officer.submit_request(says(phone, words)).await.unwrap().into_inner().request.unwrap();
        let other = officer.submit_request(says(phone, words)).await.unwrap().into_inner().request.unwrap();
        assert_eq!((other.repeats, other.repeat_of.as_str()), (0, ""), "{phone}: a stranger");
        for joined in 1..=3 {
            let join = joining(&first.id, phone, "");
            let receipt = app.join_request(join.clone()).await.unwrap().into_inner();
            assert_eq!(receipt.joined, joined, "{phone}");
            assert_eq!(app.join_request(join).await.unwrap().into_inner(), receipt, "the same command again");
        }
    }
}

#[tokio::test]
async fn what_one_phone_says_again_is_linked_and_counted() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let mut take = async |given| officer.submit_request(given).await.unwrap().into_inner().request.unwrap();
    let first = take(says("13800138000", "二号楼楼道灯不亮三天了")).await;
    assert_eq!((first.repeat_of.as_str(), first.repeats), ("", 0));
    let other = take(says("13800138000", "小区门口垃圾没人清")).await;
    assert_eq!(other.repeats, 0, "another matter");
    for repeats in 1..=3 {
        let again = take(says("138 0013 8000", "楼道灯还是不亮，二号楼，没人修")).await;
        assert_eq!((&again.repeat_of, again.repeats), (&first.id, repeats), "the first, and how many before");
    }
    assert_eq!(take(says("13900139000", "二号楼楼道灯不亮三天了")).await.repeats, 0, "somebody else");
    for _ in 0..2 {
        assert_eq!(take(says("", "二号楼楼道灯不亮三天了")).await.repeats, 0, "nobody who can be told apart");
    }
}

/// Whoever knows a phone and reads a request is not told that who has the one made the other.
#[tokio::test]
async fn attack_33_a_repeat_does_not_say_whose_a_phone_is() {
    let town = Town::open().await;
    let words = "二号楼楼道灯不亮三天了";
    let (hides, named) = ("13800138000", "13900139000");
    let order = Some(pb::Order { confidential: true, ..Default::default() });
    let hidden = pb::SubmitRequestRequest { order, ..says(hides, words) };
    town.officer().submit_request(hidden).await.unwrap();
    let first = town.officer().submit_request(says(named, words)).await.unwrap().into_inner();
    let first = first.request.unwrap().id;
    let mut other = town.client(Role::Officer, Some("G-9"), Some("990101001001001"));
    let mut again = Vec::new();
    for phone in [hides, named] {
        let taken = other.submit_request(says(phone, words)).await.unwrap().into_inner().request.unwrap();
        assert_eq!((taken.repeat_of.as_str(), taken.repeats), ("", 0), "{phone}");
        again.push(taken.id);
    }
    let linked: Vec<Uuid> = sqlx::query_scalar("select id from request where body ? 'repeat'")
        .fetch_all(&town.pool().await)
        .await
        .unwrap();
    assert_eq!(linked, [again[1].parse::<Uuid>().unwrap()], "who is not to be named repeats nothing");
    // It is for whoever may speak to both reporters, also in a list.
    for (role, unit, told) in [
        (Role::Desk, "D-1", true),
        (Role::Callback, "B-1", true),
        (Role::Leader, "L-1", false),
        (Role::Officer, "G-1", false),
        (Role::Officer, "G-9", false),
    ] {
        let mut caller = town.client(role, Some(unit), Some(DISTRICT));
        let get = pb::GetRequestRequest { id: again[1].clone() };
        let seen = caller.get_request(get).await.unwrap().into_inner();
        let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
        let listed = caller.list_requests(list).await.unwrap().into_inner().requests.remove(0);
        for it in [seen, listed] {
            let repeat = (it.repeat_of.as_str(), it.repeats);
            assert_eq!(repeat, if told { (first.as_str(), 1) } else { ("", 0) }, "{role:?} {unit}");
        }
    }
}

/// Whoever tries numbers learns nothing of who made a request or joined it, neither from the count nor from whether it changes.
#[tokio::test]
async fn attack_33_joining_does_not_say_who_is_on_a_request() {
    let town = Town::open().await;
    let order = Some(pb::Order { confidential: true, ..Default::default() });
    let hidden = pb::SubmitRequestRequest { order, ..says("13800138000", "楼道灯不亮") };
    let id = town.officer().submit_request(hidden).await.unwrap().into_inner().request.unwrap().id;
    platform(&town, DISTRICT).join_request(joining(&id, "13900139000", "")).await.unwrap();
    let version = async |by: &mut RequestServiceClient<Wire>| {
        let get = pb::GetRequestRequest { id: id.clone() };
        by.get_request(get).await.unwrap().into_inner().version
    };
    let mut other = town.client(Role::Officer, Some("G-9"), Some("990101001001001"));
    let mut joined = 1;
    for phone in ["13800138000", "13900139000", "13700137000"] {
        let before = version(&mut other).await;
        joined += 1;
        for _ in 0..2 {
            let receipt = other.join_request(joining(&id, phone, "")).await.unwrap().into_inner();
            assert_eq!(receipt.joined, joined, "{phone}: once by this unit");
            assert_eq!(version(&mut other).await, before + 1, "{phone}");
        }
    }
    // Who may speak to the reporter knows their number.
    let own = town.officer().join_request(joining(&id, "13800138000", "")).await.unwrap().into_inner();
    assert_eq!(own.joined, joined);
}

/// Builds before kept a joiner's number whichever door gave it. Who may know of it finds it still; to nobody else it is confirmed.
#[tokio::test]
async fn who_joined_before_doors_were_told_apart_is_on_it_still() {
    let town = Town::open().await;
    let taken = town.officer().submit_request(says("13800138000", "楼道灯不亮")).await.unwrap().into_inner();
    let id = taken.request.unwrap().id;
    platform(&town, DISTRICT).join_request(joining(&id, "13900139000", "")).await.unwrap();
    let file = town.settings.service.get("keys_file").and_then(|it| it.as_str()).unwrap();
    let keys = KeyFile::open(Path::new(file)).unwrap();
    let before = keys.hash("joined", &format!("{id}\n+8613900139000"));
    let sql = "update data_key set found_by = $2
                where id = (select id from data_key where aggregate = $1 order by id desc limit 1)";
    let aggregate: Uuid = id.parse().unwrap();
    let pool = town.pool().await;
    let done = sqlx::query(sql).bind(aggregate).bind(before.as_slice()).execute(&pool).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    let mut other = town.client(Role::Officer, Some("G-9"), Some("990101001001001"));
    for (by, joined) in [(&mut town.officer(), 1), (&mut other, 2)] {
        for _ in 0..2 {
            let receipt = by.join_request(joining(&id, "13900139000", "")).await.unwrap().into_inner();
            assert_eq!(receipt.joined, joined);
        }
    }
}
