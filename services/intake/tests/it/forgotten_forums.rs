//! Who came to a forum, whom to speak with about an offer, and what else a door has are sealed too, and forgotten.

use huying_chassis::auth::Role;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;
use sqlx::{AssertSqlSafe, PgPool};
use tonic::{Code, Status};
use uuid::Uuid;

use super::{
    forgotten::{everything, forgetting, privacy, verified},
    forums::{COMMUNITY, holding, masked, offering},
    offers::{complete, meet, need, withdraw},
    support::{DISTRICT, Town, call},
};

/// Who called at the forum, who came besides, whom to speak with, and whom the order of a door names.
const CANARIES: [&str; 7] =
    ["赵钱孙李", "13812345678", "乾坤巷九十九号", "周吴郑王", "冯陈褚卫", "82345699", "蒋沈韩杨"];

fn came(name: &str) -> pb::Participant {
    pb::Participant {
        kind: pb::ParticipantKind::Resident.into(),
        name: name.into(),
        unit: CANARIES[2].into(),
        phone: CANARIES[1].into(),
    }
}

/// Two came; the first called for two things, and nobody knows who for a third.
async fn held(town: &Town) -> pb::Forum {
    let called = |participant: u32, content: &str| pb::ForumCall {
        participant,
        content: content.into(),
        ..Default::default()
    };
    let contact = format!("{} {}", CANARIES[4], CANARIES[5]);
    let hold = pb::HoldForumRequest {
        participants: vec![came(CANARIES[0]), came(CANARIES[3])],
        calls: vec![called(1, "晚上没有地方停车"), called(1, "楼道灯不亮"), called(0, "井盖松动")],
        offers: vec![pb::OfferContent { contact, ..offering() }],
        ..holding()
    };
    town.host().hold_forum(hold).await.unwrap().into_inner()
}

/// A call whose order names somebody besides, and no reporter.
async fn ordered(town: &Town, name: &str) -> String {
    let extensions = [("联系人".to_owned(), name.to_owned())].into();
    let order = Some(pb::Order { extensions, ..Default::default() });
    let submit = pb::SubmitRequestRequest { order, reporter: None, ..call() };
    town.officer().submit_request(submit).await.unwrap().into_inner().request.unwrap().id
}

async fn participants(town: &Town, forum: &str) -> Result<Vec<pb::Participant>, Status> {
    let mut host = town.persons(Role::Officer, Some("C-1"), Some(COMMUNITY));
    let get = pb::GetParticipantsRequest { id: forum.into() };
    Ok(host.get_participants(get).await?.into_inner().participants)
}

async fn contact(town: &Town, offer: &str) -> Result<String, Status> {
    let mut host = town.persons(Role::Officer, Some("C-1"), Some(COMMUNITY));
    let get = pb::GetContactRequest { id: offer.into() };
    Ok(host.get_contact(get).await?.into_inner().contact)
}

async fn reporter(town: &Town, request: &str) -> Result<pb::GetReporterResponse, Status> {
    let mut officer = town.persons(Role::Officer, Some("G-1"), Some("990101001001001"));
    Ok(officer.get_reporter(pb::GetReporterRequest { id: request.into() }).await?.into_inner())
}

async fn forget(town: &Town, request: &str) -> Result<pb::ForgetReporterResponse, Status> {
    Ok(privacy(town, Role::Desk, DISTRICT).forget_reporter(forgetting(request)).await?.into_inner())
}

async fn keys(pool: &PgPool, of: &str) -> Vec<Uuid> {
    let of: Uuid = of.parse().unwrap();
    sqlx::query_scalar("select id from data_key where aggregate = $1").bind(of).fetch_all(pool).await.unwrap()
}

#[tokio::test]
async fn attack_72_who_came_and_whom_an_order_or_an_offer_names_stand_nowhere_in_the_clear() {
    let town = Town::with_forums().await;
    let forum = held(&town).await;
    let request = ordered(&town, CANARIES[6]).await;
    let told = participants(&town, &forum.id).await.unwrap();
    let told = [&told[0].name, &told[0].unit, &told[1].name];
    assert_eq!(told, [CANARIES[0], CANARIES[2], CANARIES[3]], "told to those who may see them");
    assert_eq!(reporter(&town, &request).await.unwrap().extensions["联系人"], CANARIES[6]);
    let whom = contact(&town, &forum.offers[0]).await.unwrap();
    assert_eq!(whom, format!("{} {}", CANARIES[4], CANARIES[5]));
    let kept = everything(&town).await;
    for canary in CANARIES {
        assert!(!kept.contains(canary), "{canary} is kept as it is");
    }
    let metrics = huying_chassis::telemetry::metrics_text();
    assert!(!CANARIES.iter().any(|canary| metrics.contains(canary)));
    verified(&town, &["request", "forum", "offer"]).await;
}

#[tokio::test]
async fn who_called_at_a_forum_is_forgotten_among_those_who_came() {
    let town = Town::with_forums().await;
    let forum = held(&town).await;
    let pool = town.pool().await;
    let before = keys(&pool, &forum.id).await;
    let done = forget(&town, &forum.requests[0].id).await.unwrap();
    assert_eq!(forget(&town, &forum.requests[0].id).await.unwrap(), done, "twice is the same as once");
    let told = participants(&town, &forum.id).await.unwrap();
    let nobody = pb::Participant { kind: pb::ParticipantKind::Resident.into(), ..Default::default() };
    assert_eq!((&told[0], told[1].name.as_str(), told.len()), (&nobody, CANARIES[3], 2));
    let get = pb::GetForumRequest { id: forum.id.clone() };
    let seen = town.host().get_forum(get).await.unwrap().into_inner();
    assert_eq!((seen.participants[0].name.as_str(), seen.participants[1].name.as_str()), ("", "周**"));
    let after = keys(&pool, &forum.id).await;
    assert!(after.len() == 1 && after != before, "what was written before opens no more");

    // What else they called for is a request of its own, and knows them until it is forgotten too; who called for the third was never said.
    let mut host = town.persons(Role::Officer, Some("C-1"), Some(COMMUNITY));
    let other = pb::GetReporterRequest { id: forum.requests[1].id.clone() };
    let known = host.get_reporter(other.clone()).await.unwrap().into_inner().reporter.unwrap();
    assert_eq!(known.name, CANARIES[0]);
    for request in &forum.requests[1..] {
        forget(&town, &request.id).await.unwrap();
    }
    assert_eq!(reason(&host.get_reporter(other).await.unwrap_err()), "FORGOTTEN");
    assert_eq!(keys(&pool, &forum.id).await, after, "nothing more was to be forgotten there");
    assert_eq!(participants(&town, &forum.id).await.unwrap(), told);
    verified(&town, &["request", "forum"]).await;
}

#[tokio::test]
async fn what_an_order_has_besides_is_forgotten_with_its_reporter() {
    let town = Town::open().await;
    let request = ordered(&town, CANARIES[6]).await;
    forget(&town, &request).await.unwrap();
    assert_eq!(reason(&reporter(&town, &request).await.unwrap_err()), "FORGOTTEN");
    assert!(keys(&town.pool().await, &request).await.is_empty());
    verified(&town, &["request"]).await;
}

#[tokio::test]
async fn whom_to_speak_with_is_told_on_record_and_forgotten_when_the_offer_is_taken_back() {
    let town = Town::open().await;
    let make = pb::MakeOfferRequest {
        request_id: Uuid::now_v7().to_string(),
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        content: Some(offering()),
    };
    let mut community = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let offer = community.make_offer(make).await.unwrap().into_inner();
    assert_eq!(offer.content, Some(masked(offering())));
    let list = pb::ListOffersRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = community.list_offers(list).await.unwrap().into_inner().offers;
    assert_eq!(listed[0].content, Some(masked(offering())));
    let get = pb::GetContactRequest { id: offer.id.clone() };
    let mut elsewhere = town.persons(Role::Officer, Some("C-2"), Some("990101001002"));
    assert_eq!(reason(&elsewhere.get_contact(get).await.unwrap_err()), "NOT_FOUND");
    assert_eq!(contact(&town, &offer.id).await.unwrap(), offering().contact);
    let list = pb::ListReadsRequest { district: DISTRICT.into(), ..Default::default() };
    let mut auditor = town.persons(Role::Operator, None, Some(DISTRICT));
    let reads = auditor.list_reads(list.clone()).await.unwrap().into_inner().reads;
    let read = |it: &pb::Read| (it.kind(), it.whose.clone(), it.rpc.clone(), it.name && it.phone);
    let expected = (pb::ReadKind::Offer, offer.id.clone(), "GetContact".to_owned(), true);
    assert_eq!(reads.iter().map(read).collect::<Vec<_>>(), [expected]);

    let (request_id, why) = (Uuid::now_v7().to_string(), "操场翻修".into());
    let back =
        pb::WithdrawOfferRequest { request_id, id: offer.id.clone(), version: offer.version, reason: why };
    let content = community.withdraw_offer(back).await.unwrap().into_inner().content.unwrap();
    assert_eq!(content.contact, "");
    assert_eq!(contact(&town, &offer.id).await.unwrap(), "");
    assert!(keys(&town.pool().await, &offer.id).await.is_empty());
    assert_eq!(auditor.list_reads(list).await.unwrap().into_inner().reads.len(), 1, "nothing was told");
    verified(&town, &["offer"]).await;
}

#[tokio::test]
async fn whom_to_speak_with_is_forgotten_on_both_sides_when_it_is_done() {
    let town = Town::open().await;
    let mut community = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let (first, second) = (town.offered(offering()).await, town.offered(offering()).await);
    let whom = format!("{} {}", CANARIES[4], CANARIES[5]);
    let need = town.offered(pb::OfferContent { contact: whom.clone(), ..need() }).await;
    let first = community.match_offer(meet(&first, &need)).await.unwrap().into_inner();
    community.withdraw_offer(withdraw(&first)).await.unwrap();
    let free = town.offer(&need.id).await;
    assert_eq!(contact(&town, &need.id).await.unwrap(), whom, "what is set free goes on");

    let second = community.match_offer(meet(&second, &free)).await.unwrap().into_inner();
    assert_eq!(contact(&town, &second.id).await.unwrap(), offering().contact);
    let done = community.complete_offer(complete(&second)).await.unwrap().into_inner();
    assert_eq!(done.content.unwrap().contact, "");
    let pool = town.pool().await;
    for id in [&second.id, &need.id] {
        assert_eq!(contact(&town, id).await.unwrap(), "");
        assert!(keys(&pool, id).await.is_empty(), "{id}");
    }
    let kept = everything(&town).await;
    assert!(!kept.contains(CANARIES[4]) && !kept.contains(CANARIES[5]));
    verified(&town, &["offer"]).await;
}

/// Writes what one row has at a path into another row, with the key of the first beside it.
async fn moved(pool: &PgPool, table: &str, path: &str, (from, to): (&str, &str)) {
    let (from, to): (Uuid, Uuid) = (from.parse().unwrap(), to.parse().unwrap());
    let body = format!(
        "update {table} set body = jsonb_set(body, '{path}', (select body #> '{path}' from {table} where id = $1)) where id = $2"
    );
    let key = "insert into data_key select $2, id, kek, wrapped, null from data_key where aggregate = $1";
    for sql in [body.as_str(), key] {
        let done =
            sqlx::query(AssertSqlSafe(sql.to_owned())).bind(from).bind(to).execute(pool).await.unwrap();
        assert!(done.rows_affected() > 0);
    }
}

#[tokio::test]
async fn attack_68_who_came_an_order_and_a_contact_open_in_no_other_row() {
    let town = Town::with_forums().await;
    let pool = town.pool().await;
    let (victim, own) = (held(&town).await, held(&town).await);
    moved(&pool, "forum", "{people}", (&victim.id, &own.id)).await;
    moved(&pool, "offer", "{content,contact}", (&victim.offers[0], &own.offers[0])).await;
    let orders = (ordered(&town, CANARIES[6]).await, ordered(&town, "本单").await);
    moved(&pool, "request", "{order,extensions}", (&orders.0, &orders.1)).await;
    for refused in [
        participants(&town, &own.id).await.map(drop).unwrap_err(),
        contact(&town, &own.offers[0]).await.map(drop).unwrap_err(),
        reporter(&town, &orders.1).await.map(drop).unwrap_err(),
        // Nor is anything forgotten of what cannot be read: the others who came would be lost.
        forget(&town, &own.requests[0].id).await.map(drop).unwrap_err(),
    ] {
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::DataLoss, "SEAL_BROKEN"));
        assert!(!CANARIES.iter().any(|canary| refused.message().contains(canary)));
    }
    assert_eq!(participants(&town, &victim.id).await.unwrap()[0].name, CANARIES[0]);
}

/// What builds before kept in the clear is read on, and not said to be forgotten.
#[tokio::test]
async fn what_was_kept_in_the_clear_is_read_on() {
    let town = Town::with_forums().await;
    let (forum, request) = (held(&town).await, ordered(&town, "本单").await);
    let pool = town.pool().await;
    let people = serde_json::json!([{ "kind": "resident", "name": CANARIES[0], "unit": "", "phone": "" }]);
    for (sql, id, clear) in [
        (
            "update forum set body = (body - 'people') || jsonb_build_object('participants', $2::jsonb) where id = $1",
            &forum.id,
            people,
        ),
        (
            "update offer set body = jsonb_set(body, '{content,contact}', $2) where id = $1",
            &forum.offers[0],
            CANARIES[4].into(),
        ),
        (
            "update request set body = jsonb_set(body, '{order,extensions}', $2) where id = $1",
            &request,
            serde_json::json!({ "联系人": CANARIES[6] }),
        ),
    ] {
        let id: Uuid = id.parse().unwrap();
        sqlx::query(sql).bind(id).bind(clear).execute(&pool).await.unwrap();
    }
    assert_eq!(participants(&town, &forum.id).await.unwrap()[0].name, CANARIES[0]);
    assert_eq!(contact(&town, &forum.offers[0]).await.unwrap(), CANARIES[4]);
    assert_eq!(reporter(&town, &request).await.unwrap().extensions["联系人"], CANARIES[6]);
    assert_eq!(reason(&forget(&town, &request).await.unwrap_err()), "KEPT_IN_CLEAR");
}
