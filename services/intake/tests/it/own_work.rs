//! 承办单位不得代撤: the unit that holds the case of a request does not take it back for its reporter, whoever told that it holds it.

use huying_chassis::{
    auth::Role,
    bus::{Bus, Event},
    log::fingerprint,
};
use huying_proto::{
    casework::v1 as casework,
    intake::v1::{
        self as pb, privacy_service_client::PrivacyServiceClient,
        request_service_client::RequestServiceClient,
    },
};
use huying_testing::{eventually, reason, wire};
use uuid::Uuid;

use super::{
    forgotten::forgetting,
    support::{DISTRICT, Town, call},
    verified::tell,
    visits::{household, issue, team, town},
};

fn withdrawal(id: &str) -> pb::WithdrawRequestRequest {
    let request_id = Uuid::now_v7().to_string();
    pb::WithdrawRequestRequest { request_id, id: id.to_owned(), reason: "已自行解决".into() }
}

/// Until intake has heard of what was said of the case.
async fn heard(town: &Town, id: &str, version: i64) {
    let get = pb::GetRequestRequest { id: id.to_owned() };
    eventually("it was heard", async || {
        let request = town.officer().get_request(get.clone()).await.ok()?.into_inner();
        (request.version >= version).then_some(())
    })
    .await;
}

/// A unit that had part in a case, and the one person who acted for it.
fn party(case: &Option<casework::CaseRef>, unit: &str) -> casework::CaseParty {
    let id = case.as_ref().unwrap().id.parse().unwrap();
    let person = fingerprint(id, &format!("officer of {unit}"));
    casework::CaseParty { unit: unit.into(), persons: vec![person] }
}

/// What tells of units that had part in a case besides its holders.
fn had_part(case: Option<casework::CaseRef>) -> [Event; 4] {
    let called = casework::CaseCalled {
        case: case.clone(),
        units: vec!["DEP-1".into()],
        by: Some(party(&case, "S-1")),
        ..Default::default()
    };
    let met =
        casework::CaseConsulted { case: case.clone(), units: vec!["DEP-2".into()], ..Default::default() };
    let chaired = casework::Group {
        chair: "RG-1".into(),
        members: vec![casework::GroupMember { unit: "DEP-3".into(), ..Default::default() }],
        ..Default::default()
    };
    let grouped =
        casework::CaseGroupCalled { case: case.clone(), group: Some(chaired), ..Default::default() };
    let done = casework::CaseResolved {
        case: case.clone(),
        answer: "已修好".into(),
        units: vec!["S-1".into(), "DEP-4".into()],
        parties: ["DEP-4", "DEP-5", "G-1"].map(|unit| party(&case, unit)).into(),
        verifier: "V-1".into(),
        ..Default::default()
    };
    [
        Event::new("casework", &called).unwrap(),
        Event::new("casework", &met).unwrap(),
        Event::new("casework", &grouped).unwrap(),
        Event::new("casework", &done).unwrap(),
    ]
}

/// A person who acted on the case, by the desk's token of a unit that had no part in it, or of none.
async fn is_own_work(town: &Town, id: &str, subject: &str, unit: Option<&str>) {
    let bearer = || town.bench.bearer_of(subject, Role::Desk, unit, Some(DISTRICT));
    let mut desk = RequestServiceClient::new(wire(town.address, bearer()));
    let refused = desk.withdraw_request(withdrawal(id)).await.expect_err(subject);
    assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::PermissionDenied, "OWN_WORK"));
    let mut privacy = PrivacyServiceClient::new(wire(town.address, bearer()));
    let refused = privacy.forget_reporter(forgetting(id)).await.expect_err(subject);
    assert_eq!(reason(&refused), "OWN_WORK", "{subject}");
}

/// Whoever acted for a unit that had part, by the token of one that had none, or of none.
async fn nor_who_acted_for_one_of_them(town: &Town, id: &str) {
    for (worked_for, unit) in [("S-1", Some("D-1")), ("DEP-5", Some("D-1")), ("G-1", None)] {
        is_own_work(town, id, &format!("officer of {worked_for}"), unit).await;
    }
}

/// What persons of the holder do before it is resolved, and what tells of each.
fn done_meanwhile(case: &Option<casework::CaseRef>) -> [(&'static str, Event); 7] {
    let id = case.as_ref().unwrap().id.parse().unwrap();
    let by = |person: &str| {
        Some(casework::CaseParty { unit: "G-1".into(), persons: vec![fingerprint(id, person)] })
    };
    let (text, public) = ("已到现场".to_owned(), true);
    let noted = casework::CaseNoted { case: case.clone(), by: by("noted"), text, public };
    let asked = casework::CaseAsked { case: case.clone(), by: by("asked"), ..Default::default() };
    let longer =
        casework::CaseApprovalAsked { case: case.clone(), by: by("wants more time"), ..Default::default() };
    let returned = casework::CaseReturned { case: case.clone(), by: by("returned"), ..Default::default() };
    let met = casework::CaseConsulted { case: case.clone(), by: by("met"), ..Default::default() };
    let pressed = casework::CaseSupervisionAnswered { case: case.clone(), by: by("answered") };
    let appointed =
        casework::CaseOfficerAppointed { case: case.clone(), by: by("appointed"), ..Default::default() };
    [
        ("noted", Event::new("casework", &noted).unwrap()),
        ("asked", Event::new("casework", &asked).unwrap()),
        ("wants more time", Event::new("casework", &longer).unwrap()),
        ("returned", Event::new("casework", &returned).unwrap()),
        ("met", Event::new("casework", &met).unwrap()),
        ("answered", Event::new("casework", &pressed).unwrap()),
        ("appointed", Event::new("casework", &appointed).unwrap()),
    ]
}

/// Not only once it is resolved: a reporter may take it back any time.
#[tokio::test]
async fn who_did_something_on_it_is_known_before_it_is_resolved() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let case = Uuid::now_v7();
    let held = casework::CaseRef {
        id: case.to_string(),
        requests: vec![id.clone()],
        holder: "G-1".into(),
        attempt: 1,
        ..Default::default()
    };
    let opened = casework::CaseOpened { case: Some(held.clone()), ..Default::default() };
    let opened = ("", Event::new("casework", &opened).unwrap());
    let mut version = 1;
    for (person, event) in [opened].into_iter().chain(done_meanwhile(&Some(held))) {
        tell(&bus, case, version, &event).await;
        version += 1;
        heard(&town, &id, version).await;
        if !person.is_empty() {
            is_own_work(&town, &id, person, Some("D-1")).await;
        }
    }
    // Of what is for the offices the reporter reads nothing.
    let read = town.officer().get_request(pb::GetRequestRequest { id }).await.unwrap().into_inner();
    let lines: Vec<_> = read.progress.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(lines.len(), 3, "opened, noted, and asked: {lines:?}");
}

#[tokio::test]
async fn the_unit_that_holds_the_case_takes_nothing_back() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let case = Uuid::now_v7();
    let held = |holder: &str| {
        let (id, requests, holder) = (case.to_string(), vec![id.clone()], holder.to_owned());
        Some(casework::CaseRef { id, requests, holder, attempt: 1, ..Default::default() })
    };
    let told = [
        ("G-1", Event::new("casework", &casework::CaseOpened { case: held("G-1"), ..Default::default() })),
        ("C-1", Event::new("casework", &casework::CaseEscalated { case: held("C-1"), ..Default::default() })),
        (
            "S-1",
            Event::new("casework", &casework::CaseArbitrated { case: held("S-1"), ..Default::default() }),
        ),
        ("C-2", Event::new("casework", &casework::CaseRelieved { case: held("C-2"), ..Default::default() })),
        ("S-1", Event::new("casework", &casework::CaseJoined { case: held("S-1"), ..Default::default() })),
    ];
    let mut version = 1;
    for (holder, event) in told {
        tell(&bus, case, version, &event.unwrap()).await;
        version += 1;
        heard(&town, &id, version).await;
        let mut desk = town.client(Role::Desk, Some(holder), Some("990101001"));
        let refused = desk.withdraw_request(withdrawal(&id)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::PermissionDenied, "OWN_WORK"));
        if holder == "G-1" {
            // The first contact too.
            let refused = town.officer().withdraw_request(withdrawal(&id)).await.unwrap_err();
            assert_eq!(reason(&refused), "OWN_WORK");
        }
    }
    assert_eq!(town.written().await, (1, version));

    // Nor who held it once, was called on it or met about it; only a desk that had no part in it.
    for event in had_part(held("S-1")) {
        tell(&bus, case, version, &event).await;
        version += 1;
        heard(&town, &id, version).await;
    }
    for unit in ["G-1", "C-1", "S-1", "C-2", "DEP-1", "DEP-2", "RG-1", "DEP-3", "DEP-4", "DEP-5"] {
        for role in [Role::Desk, Role::Officer] {
            let mut worked = town.client(role, Some(unit), Some("990101001001"));
            let refused = worked.withdraw_request(withdrawal(&id)).await.unwrap_err();
            let own = if role == Role::Desk || unit == "G-1" { "OWN_WORK" } else { "NOT_FIRST_CONTACT" };
            assert_eq!(reason(&refused), own, "{role:?} {unit}");
        }
        // Nor is its reporter forgotten for it, whom somebody may have to call back.
        let desk = town.bench.bearer(Role::Desk, Some(unit), Some(DISTRICT));
        let mut privacy = PrivacyServiceClient::new(wire(town.address, desk));
        let refused = privacy.forget_reporter(forgetting(&id)).await.unwrap_err();
        assert_eq!(reason(&refused), "OWN_WORK", "{unit}");
    }
    nor_who_acted_for_one_of_them(&town, &id).await;
    let mut desk = town.client(Role::Desk, Some("D-1"), Some("990101"));
    let taken = desk.withdraw_request(withdrawal(&id)).await.unwrap().into_inner();
    assert_eq!(taken.state(), pb::RequestState::Withdrawn);
    let other = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let mut desk = town.client(Role::Desk, Some("S-1"), Some("990101001"));
    desk.withdraw_request(withdrawal(&other)).await.unwrap();
}

#[tokio::test]
async fn nor_is_a_household_forgotten_by_who_worked_for_it() {
    let town = town().await;
    let record = pb::RecordVisitRequest { findings: vec![issue("路灯不亮")], ..household("二号楼") };
    let visit = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let (case, request) = (Uuid::now_v7(), visit.found[0].id.clone());
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let held = casework::CaseRef {
        id: case.to_string(),
        requests: vec![request.clone()],
        holder: "S-1".into(),
        attempt: 1,
        ..Default::default()
    };
    let opened = casework::CaseOpened { case: Some(held), ..Default::default() };
    tell(&bus, case, 1, &Event::new("casework", &opened).unwrap()).await;
    heard(&town, &request, 2).await;
    let forget = async |unit: &str| {
        let desk = town.bench.bearer(Role::Desk, Some(unit), Some(DISTRICT));
        let (request_id, reason) = (Uuid::now_v7().to_string(), "本人要求".into());
        let forget = pb::ForgetOccupantRequest { request_id, id: visit.archive.clone(), reason };
        PrivacyServiceClient::new(wire(town.address, desk)).forget_occupant(forget).await
    };
    assert_eq!(reason(&forget("S-1").await.unwrap_err()), "OWN_WORK");
    forget("D-1").await.unwrap();
}
