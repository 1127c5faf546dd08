//! 异议: a reporter who does not accept the answer says so within the district's window, and it is worked on again.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    auth::{CITY, Role},
    bus::{Bus, Event},
    clock::Clock,
};
use huying_proto::{
    casework::v1 as casework,
    common::v1::{Calendar, Limit, LimitKind, WorkSpan},
    intake::v1::{self as pb, profile_service_client::ProfileServiceClient},
};
use huying_testing::{eventually, golden::instant, reason, wire};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    support::{Town, call, profile},
    verified::tell,
};

/// One request and what is told of its case.
struct Told {
    town: Town,
    clock: Clock,
    bus: Bus,
    receipt: pb::SubmitRequestResponse,
    case: Uuid,
    version: i64,
}

impl Told {
    async fn open() -> Self {
        let clock = Clock::manual(instant(0));
        let town = Town::open_at(clock.clone()).await;
        let receipt = town.officer().submit_request(call()).await.unwrap().into_inner();
        let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
        bus.ensure_stream("casework").await.unwrap();
        let mut told = Self { town, clock, bus, receipt, case: Uuid::now_v7(), version: 0 };
        let opened = casework::CaseOpened { case: told.held(1), ..Default::default() };
        told.tell(&Event::new("casework", &opened).unwrap()).await;
        told
    }

    fn id(&self) -> String {
        self.receipt.request.clone().unwrap().id
    }

    /// The case, held by the community.
    fn held(&self, attempt: i32) -> Option<casework::CaseRef> {
        let (id, requests, holder) = (self.case.to_string(), vec![self.id()], "C-1".to_owned());
        Some(casework::CaseRef { id, requests, holder, attempt, ..Default::default() })
    }

    async fn tell(&mut self, event: &Event) {
        self.version += 1;
        tell(&self.bus, self.case, self.version, event).await;
    }

    /// The case is resolved, and the answer published.
    async fn answered(&mut self, attempt: i32) {
        let (case, answer) = (self.held(attempt), format!("第{attempt}次答复"));
        let resolved = casework::CaseResolved { case, answer: answer.clone(), ..Default::default() };
        self.tell(&Event::new("casework", &resolved).unwrap()).await;
        let get = pb::GetRequestRequest { id: self.id() };
        eventually("it is answered", async || {
            let request = self.town.officer().get_request(get.clone()).await.ok()?.into_inner();
            (request.state() == pb::RequestState::Answered && request.answer == answer).then_some(())
        })
        .await;
    }

    fn objection(&self) -> pb::RaiseObjectionRequest {
        let request_id = Uuid::now_v7().to_string();
        pb::RaiseObjectionRequest { request_id, id: self.id(), reason: "三楼还是不亮".into() }
    }

    async fn until(&self) -> Option<DateTime<Utc>> {
        let number = self.receipt.request.clone().unwrap().number;
        let track = pb::TrackRequestRequest { number, tracking_token: self.receipt.tracking_token.clone() };
        let until = self.town.stranger().track_request(track).await.unwrap().into_inner().object_until_time;
        until.map(|until| DateTime::from_timestamp(until.seconds, 0).unwrap())
    }

    async fn refused(&self, role: Role, unit: Option<&str>) -> (Code, String) {
        let mut client = self.town.client(role, unit, Some("990101001"));
        let refused = client.raise_objection(self.objection()).await.unwrap_err();
        (refused.code(), reason(&refused))
    }
}

#[tokio::test]
async fn a_reporter_objects_until_the_window_ends() {
    let mut told = Told::open().await;
    let mut officer = told.town.officer();
    let early = officer.raise_objection(told.objection()).await.unwrap_err();
    assert_eq!((reason(&early).as_str(), told.until().await), ("STEP_NOT_ALLOWED", None));
    told.answered(1).await;

    // Monday 09:00, and five work days.
    let until = instant(0) + TimeDelta::days(7);
    assert_eq!(told.until().await, Some(until));
    let before = told.town.written().await;
    let denied = |why: &str| (Code::PermissionDenied, why.to_owned());
    assert_eq!(told.refused(Role::Desk, Some("C-1")).await, denied("OWN_WORK"));
    assert_eq!(told.refused(Role::Officer, Some("G-9")).await, denied("NOT_FIRST_CONTACT"));
    assert_eq!(told.refused(Role::Leader, None).await, denied("ROLE_NOT_ALLOWED"));
    let wordless = pb::RaiseObjectionRequest { reason: String::new(), ..told.objection() };
    assert_eq!(reason(&officer.raise_objection(wordless).await.unwrap_err()), "BAD_FIELD");
    assert_eq!(told.town.written().await, before);

    told.clock.set(until);
    let objection = told.objection();
    let request = officer.raise_objection(objection.clone()).await.unwrap().into_inner();
    assert_eq!((request.state(), request.answer.as_str()), (pb::RequestState::Handling, ""));
    assert_eq!(request.first_contact.as_ref().unwrap().discharge_time, None, "a new answer is owed");
    assert_eq!(request.progress.last().unwrap().text, "已提出异议：三楼还是不亮");
    assert_eq!(officer.raise_objection(objection).await.unwrap().into_inner().version, request.version);
    let again = officer.raise_objection(told.objection()).await.unwrap_err();
    assert_eq!((reason(&again).as_str(), told.until().await), ("STEP_NOT_ALLOWED", None));

    // Its case comes back, is resolved once more, and the reporter thinks about it for too long.
    let reopened = casework::CaseReopened { case: told.held(2), ..Default::default() };
    told.tell(&Event::new("casework", &reopened).unwrap()).await;
    told.answered(2).await;
    let until = told.until().await.unwrap();
    told.clock.set(until + TimeDelta::seconds(1));
    let before = told.town.written().await;
    let late = officer.raise_objection(told.objection()).await.unwrap_err();
    assert_eq!((late.code(), reason(&late).as_str()), (Code::FailedPrecondition, "OBJECTION_WINDOW_CLOSED"));
    assert_eq!(late.get_details_error_info().unwrap().metadata["until"], until.to_rfc3339());
    assert_eq!(told.town.written().await, before);
}

#[tokio::test]
async fn the_window_is_the_districts_by_its_calendar() {
    let mut told = Told::open().await;
    told.answered(1).await;
    let hours = [("08:30", "12:00"), ("14:00", "17:30")]
        .map(|(from, to)| WorkSpan { from: from.into(), to: to.into() })
        .to_vec();
    let calendar = Calendar {
        zone: "Asia/Shanghai".into(),
        hours,
        // The day after the answer.
        holidays: vec!["2026-03-03".into()],
        makeup_days: Vec::new(),
    };
    let two_days = Limit { kind: LimitKind::WorkDay.into(), amount: 2 };
    let with = pb::IntakeProfile { calendar: Some(calendar), objection: Some(two_days), ..profile() };
    told.town.apply(with.clone()).await;
    let until = Some(instant(0) + TimeDelta::days(3));
    let shorter = eventually("it is the window", async || Some(told.until().await).filter(|it| *it == until));
    assert_eq!(shorter.await, until);

    let mut bad = with.clone();
    bad.objection.as_mut().unwrap().amount = 0;
    bad.calendar.as_mut().unwrap().hours.clear();
    let operator = wire(told.town.address, told.town.bench.bearer(Role::Operator, None, Some(CITY)));
    let request_id = Uuid::now_v7().to_string();
    let request = pb::ApplyProfileRequest { request_id, profile: Some(bad), dry_run: false };
    let refused = ProfileServiceClient::new(operator).apply_profile(request).await.unwrap_err();
    let fields = refused.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<&str> = fields.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["profile.calendar.hours", "profile.objection.amount"]);
}
