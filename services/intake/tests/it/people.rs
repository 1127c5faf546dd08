//! 重点人群: whom a request concerns is kept, told to who goes there, and to nobody else.

use huying_chassis::{
    auth::Role,
    bus::{Bus, Event},
};
use huying_proto::{
    casework::v1 as casework,
    common::v1::PriorityKind,
    intake::v1::{self as pb, Flag},
};
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    support::{DISTRICT, Town, call},
    verified::tell,
};

fn concerning(kinds: &[i32]) -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest { channel: pb::Channel::GridPatrol.into(), concerns: kinds.to_vec(), ..call() }
}

async fn taken(town: &Town, request: pb::SubmitRequestRequest) -> pb::Request {
    town.officer().submit_request(request).await.unwrap().into_inner().request.unwrap()
}

/// Whom it concerns, and whether it is flagged, as somebody is shown.
fn shown(request: &pb::Request) -> (Vec<PriorityKind>, bool) {
    (request.concerns().collect(), request.flags().any(|flag| flag == Flag::VisitFirst))
}

#[tokio::test]
async fn a_request_says_whom_it_concerns() {
    let town = Town::open().await;
    let (alone, disabled) = (PriorityKind::LivingAlone, PriorityKind::Disabled);
    // Twice is once, and what nobody knows counts for nothing.
    let given = concerning(&[disabled.into(), alone.into(), disabled.into(), 0, 99]);
    let request = taken(&town, given.clone()).await;
    assert_eq!(shown(&request), (vec![alone, disabled], true));
    assert_eq!(shown(&taken(&town, concerning(&[99])).await), (vec![], false));
    assert!(town.officer().submit_request(concerning(&[1; 11])).await.is_err());
    let again = taken(&town, given).await;
    assert_eq!(again.id, request.id);

    // Of the log only what stands apart names the kind, and the event says that somebody is concerned.
    let sql = "select entry from log where aggregate = $1";
    let id: Uuid = request.id.parse().unwrap();
    let entry: String = sqlx::query_scalar(sql).bind(id).fetch_one(&town.pool().await).await.unwrap();
    let entry: serde_json::Value = serde_json::from_str(&entry).unwrap();
    assert!(!entry["change"].to_string().contains("living_alone"));
    assert!(entry["personal"].to_string().contains("living_alone"));
}

#[tokio::test]
async fn only_who_goes_there_is_told() {
    let town = Town::open().await;
    let alone = vec![PriorityKind::LivingAlone];
    let request = taken(&town, concerning(&[PriorityKind::LivingAlone.into()])).await;
    let get = pb::GetRequestRequest { id: request.id.clone() };
    let seen = async |role, unit, area| {
        let asked = town.client(role, unit, Some(area)).get_request(get.clone()).await;
        asked.ok().map(|it| shown(&it.into_inner()))
    };
    let first = |role| seen(role, Some("G-1"), "990101001001001");
    assert_eq!(first(Role::Officer).await, Some((alone.clone(), true)));
    assert_eq!(seen(Role::Desk, Some("D-1"), DISTRICT).await, Some((alone.clone(), true)));
    assert_eq!(seen(Role::Callback, None, DISTRICT).await, Some((alone.clone(), true)));
    for (role, unit) in [(Role::Leader, None), (Role::Officer, Some("S-1"))] {
        assert_eq!(seen(role, unit, DISTRICT).await, Some((vec![], false)), "{role:?}");
    }
    // By a flag that somebody is not shown they find nothing.
    let list = pb::ListRequestsRequest {
        district: DISTRICT.into(),
        flag: Flag::VisitFirst.into(),
        ..Default::default()
    };
    let found = async |role| {
        let mut client = town.client(role, None, Some(DISTRICT));
        client.list_requests(list.clone()).await.unwrap().into_inner().requests.len()
    };
    assert_eq!((found(Role::Desk).await, found(Role::Leader).await), (1, 0));

    // The community that holds the case goes there, wherever it lies; a street or a department is told by the case that a visit comes first.
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let case = Uuid::now_v7();
    assert_eq!(seen(Role::Officer, Some("C-2"), "990101001002").await, None);
    for (version, holder, unit_area, wanted) in [
        (1, "C-2", "990101001002", Some((alone.clone(), true))),
        (2, "S-2", "990101002", None),
        (3, "DEP-x", DISTRICT, Some((vec![], false))),
    ] {
        let (id, requests, holder_) = (case.to_string(), vec![request.id.clone()], holder.to_owned());
        let held =
            Some(casework::CaseRef { id, requests, holder: holder_, attempt: 1, ..Default::default() });
        let event = match version {
            1 => Event::new("casework", &casework::CaseOpened { case: held, ..Default::default() }),
            _ => Event::new("casework", &casework::CaseEscalated { case: held, ..Default::default() }),
        };
        tell(&bus, case, version, &event.unwrap()).await;
        eventually("it was heard", async || {
            let it = town.officer().get_request(get.clone()).await.ok()?.into_inner();
            (it.version > version).then_some(())
        })
        .await;
        assert_eq!(seen(Role::Officer, Some(holder), unit_area).await, wanted, "{holder}");
    }
}

#[tokio::test]
async fn of_who_is_not_to_be_named_only_the_first_contact_is_told() {
    let town = Town::open().await;
    let order = Some(pb::Order { confidential: true, ..Default::default() });
    let request = taken(&town, pb::SubmitRequestRequest { order, ..concerning(&[3]) }).await;
    assert_eq!(shown(&request), (vec![PriorityKind::LeftBehindChild], true));
    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let get = pb::GetRequestRequest { id: request.id };
    assert_eq!(shown(&desk.get_request(get).await.unwrap().into_inner()), (vec![], false));
}
