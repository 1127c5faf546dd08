//! One evaluation service under a clock moved by hand, and casework's events as casework would send them.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use huying_chassis::{
    auth::{CITY, Role},
    bus::{Bus, CloudEvent, Event},
    clock::Clock,
    config::Settings,
    log::{Entry, Head, Position},
    service::{Running, Seams},
    shutdown::Shutdown,
};
use huying_evaluation::SERVICE;
use huying_proto::{
    casework::v1 as casework,
    common::v1 as common,
    evaluation::v1::{
        self as pb, appeal_service_client::AppealServiceClient,
        callback_service_client::CallbackServiceClient, effect_service_client::EffectServiceClient,
        profile_service_client::ProfileServiceClient, rate_service_client::RateServiceClient,
        round_service_client::RoundServiceClient, topic_service_client::TopicServiceClient,
    },
    log::v1::{ReadAggregateRequest, VerifyLogRequest, log_service_client::LogServiceClient},
};
use huying_testing::{Bearer, Bench, Wire, about, eventually, wire};
use uuid::Uuid;

pub type Client = CallbackServiceClient<Wire>;
pub type Appeals = AppealServiceClient<Wire>;
pub type Rates = RateServiceClient<Wire>;
pub type Profiles = ProfileServiceClient<Wire>;
pub type Effects = EffectServiceClient<Wire>;
pub type Rounds = RoundServiceClient<Wire>;
pub type Topics = TopicServiceClient<Wire>;

pub const DISTRICT: &str = "420102";
pub const COMMUNITY: &str = "420102003005";
/// The unit that holds the tests' cases.
pub const HOLDER: &str = "community-005";

/// A Monday morning at nine in Wuhan.
pub fn monday() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

pub struct World {
    pub bench: Bench,
    pub clock: Clock,
    pub running: Running,
    pub bus: Bus,
    pub database: String,
    pub settings: Settings,
    pub stop: Shutdown,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, where a caller may do so often a day what is counted.
    pub async fn counting_to(most: i64) -> Self {
        let set = |settings: &mut Settings| {
            settings.service.insert("additions_a_day".to_owned(), most.into());
        };
        Self::with(set).await
    }

    async fn with(set: impl FnOnce(&mut Settings)) -> Self {
        let bench = Bench::new().await;
        let clock = Clock::manual(monday());
        let stop = Shutdown::new();
        // Nobody is at home there: who took a request is a matter of the world tests.
        let peers = BTreeMap::from([("intake".to_owned(), "http://127.0.0.1:1".to_owned())]);
        let database = huying_testing::database().await;
        let mut settings = bench.settings_with(&SERVICE, &database, &peers);
        set(&mut settings);
        let seams = Seams { clock: Some(clock.clone()), ..Seams::default() };
        let running = SERVICE.start(settings.clone(), seams, stop.clone()).await.unwrap();
        let bus = Bus::connect(&bench.nats.url(), "test").await.unwrap();
        for root in ["casework", "intake"] {
            bus.ensure_stream(root).await.unwrap();
        }
        Self { bench, clock, running, bus, database, settings, stop }
    }

    /// Its database.
    pub async fn pool(&self) -> sqlx::PgPool {
        sqlx::PgPool::connect(&self.database).await.unwrap()
    }

    pub fn client(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Client {
        Client::new(self.wire(self.bench.bearer(role, unit, area)))
    }

    pub fn appeals(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Appeals {
        Appeals::new(self.wire(self.bench.bearer(role, unit, area)))
    }

    pub fn rates(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Rates {
        Rates::new(self.wire(self.bench.bearer(role, unit, area)))
    }

    pub fn effects(&self, role: Role, area: Option<&str>) -> Effects {
        Effects::new(self.wire(self.bench.bearer(role, None, area)))
    }

    pub fn rounds(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Rounds {
        Rounds::new(self.wire(self.bench.bearer(role, unit, area)))
    }

    pub fn topics(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Topics {
        Topics::new(self.wire(self.bench.bearer(role, unit, area)))
    }

    /// An operator of an area.
    pub fn operator(&self, area: Option<&str>) -> Profiles {
        Profiles::new(self.wire(self.bench.bearer(Role::Operator, None, area)))
    }

    pub fn wire(&self, bearer: Bearer) -> Wire {
        wire(self.running.grpc, bearer)
    }

    /// Callback staff of the district.
    pub fn staff(&self) -> Client {
        self.client(Role::Callback, Some("callbacks"), Some(DISTRICT))
    }

    pub fn log(&self, role: Role) -> LogServiceClient<Wire> {
        LogServiceClient::new(self.wire(self.bench.bearer(role, None, Some(CITY))))
    }

    /// Its log, as casework reads it.
    fn read_log(&self) -> LogServiceClient<Wire> {
        LogServiceClient::new(self.wire(self.bench.service("casework", Some(CITY))))
    }

    /// Sends one event of a case, as casework's relay would.
    pub async fn send(&self, district: &str, case: Uuid, version: i64, event: &Event) {
        self.send_of(("casework", "case"), district, (case, version), event).await;
    }

    /// Sends one event of what a service keeps of a kind.
    pub async fn send_of(
        &self,
        (service, kind): (&str, &str),
        district: &str,
        (aggregate, version): (Uuid, i64),
        event: &Event,
    ) {
        let event = &about(event.clone(), kind, aggregate);
        let head = Head {
            id: Uuid::now_v7(),
            kind: kind.into(),
            aggregate,
            version,
            district: district.into(),
            unit: None,
            at: self.clock.now(),
            shape: 1,
        };
        let entry = Entry::new(head, String::new(), [0; 32], Position::default());
        let cloud = CloudEvent::of(service, &entry, event.clone());
        self.bus.send(district, event, &cloud).await.unwrap().await.unwrap();
    }

    /// Opens and resolves a case; gives its callback.
    pub async fn resolved(&self, case: &Case) -> pb::Callback {
        self.send(&case.district, case.id, case.first_version, &case.opened()).await;
        self.send(&case.district, case.id, case.first_version + 1, &case.resolved()).await;
        self.callback_of(case).await
    }

    /// All callbacks of an attempt at a case, by their requests, as soon as they are there.
    pub async fn callbacks_of(&self, case: &Case) -> Vec<pb::Callback> {
        self.callback_of(case).await;
        let request = pb::ListCallbacksRequest {
            district: case.district.clone(),
            case: case.id.to_string(),
            page_size: 200,
            ..pb::ListCallbacksRequest::default()
        };
        let mut client = self.client(Role::Operator, None, Some(CITY));
        let mut all = client.list_callbacks(request).await.unwrap().into_inner().callbacks;
        all.retain(|callback| callback.attempt == case.attempt);
        all.sort_by(|a, b| a.request.cmp(&b.request));
        all
    }

    /// The callback of an attempt at a case, as soon as it is there.
    pub async fn callback_of(&self, case: &Case) -> pb::Callback {
        let mut client = self.client(Role::Operator, None, Some(CITY));
        let request = pb::ListCallbacksRequest {
            district: case.district.clone(),
            case: case.id.to_string(),
            ..pb::ListCallbacksRequest::default()
        };
        eventually("the case has its callback", async || {
            let list = client.list_callbacks(request.clone()).await.ok()?.into_inner();
            list.callbacks.into_iter().find(|callback| callback.attempt == case.attempt)
        })
        .await
    }

    /// A callback as it is now.
    pub async fn callback_of_id(&self, id: &str) -> pb::Callback {
        let get = pb::GetCallbackRequest { id: id.to_owned() };
        self.client(Role::Operator, None, Some(CITY)).get_callback(get).await.unwrap().into_inner()
    }

    /// A callback, as soon as it is in a state. Time goes on a second with each look, for the timer.
    pub async fn in_state(&self, id: &str, state: pb::CallbackState) -> pb::Callback {
        let mut client = self.client(Role::Operator, None, Some(CITY));
        eventually("the callback gets there", async || {
            self.clock.advance(Duration::from_secs(1));
            let callback =
                client.get_callback(pb::GetCallbackRequest { id: id.to_owned() }).await.ok()?.into_inner();
            (callback.state() == state).then_some(callback)
        })
        .await
    }

    /// The events of an aggregate, by name, exactly as published, as JSON.
    pub async fn events(&self, aggregate: &str) -> Vec<(String, serde_json::Value)> {
        let request = ReadAggregateRequest { aggregate: aggregate.into(), from_version: 1, page_size: 100 };
        let entries = self.read_log().read_aggregate(request).await.unwrap().into_inner().entries;
        let read = entries.iter().map(|entry| serde_json::from_str::<CloudEvent>(&entry.event).unwrap());
        read.map(|event| (event.message().to_owned(), event.decode().unwrap())).collect()
    }

    /// Every row is what its log says.
    pub async fn assert_log_is_true(&self) {
        for kind in
            ["callback", "inquiry", "inspection", "interview", "profile", "rating", "round", "sign", "topic"]
        {
            let request = VerifyLogRequest { kind: kind.into(), page_size: 1000, page_token: String::new() };
            let found = self.log(Role::Operator).verify_log(request).await.unwrap().into_inner();
            assert!(found.faults.is_empty(), "{:?}", found.faults);
        }
    }

    pub async fn stop(self) {
        self.stop.begin();
        self.running.ended().await.unwrap();
    }
}

/// A case as casework tells of it.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: Uuid,
    pub district: String,
    pub area: String,
    pub category: String,
    pub holder: String,
    pub tier: common::Tier,
    pub units: Vec<String>,
    pub parties: Vec<casework::CaseParty>,
    pub requests: Vec<String>,
    pub attempt: i32,
    pub first_version: i64,
    /// Until when it is to be resolved.
    pub due_at: Option<DateTime<Utc>>,
}

impl Case {
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            district: DISTRICT.into(),
            area: COMMUNITY.into(),
            category: "0101".into(),
            holder: HOLDER.into(),
            tier: common::Tier::Community,
            units: vec![HOLDER.into(), "parks".into()],
            parties: Vec::new(),
            requests: vec![Uuid::now_v7().to_string()],
            attempt: 1,
            first_version: 1,
            due_at: None,
        }
    }

    /// On which so many requests are.
    pub fn of_requests(count: usize) -> Self {
        Self { requests: (0..count).map(|_| Uuid::now_v7().to_string()).collect(), ..Self::new() }
    }

    pub fn held_by(mut self, unit: &str, area: &str) -> Self {
        (self.holder, self.units, self.area) = (unit.into(), vec![unit.into()], area.into());
        self
    }

    pub fn reference(&self) -> Option<casework::CaseRef> {
        Some(casework::CaseRef {
            id: self.id.to_string(),
            number: "JA-20261123-000001".into(),
            district: self.district.clone(),
            area: self.area.clone(),
            category: self.category.clone(),
            state: casework::CaseState::Resolved.into(),
            tier: self.tier.into(),
            holder: self.holder.clone(),
            requests: self.requests.clone(),
            attempt: self.attempt,
            open_time: None,
            resolve_due_time: self.due_at.and_then(time),
        })
    }

    pub fn opened(&self) -> Event {
        let event = casework::CaseOpened { case: self.reference(), ..casework::CaseOpened::default() };
        Event::new("casework", &event).unwrap()
    }

    pub fn resolved(&self) -> Event {
        let (case, answer, units) = (self.reference(), "the car is moved".into(), self.units.clone());
        let (parties, solved) = (self.parties.clone(), common::Solved::Partly.into());
        let resolved = casework::CaseResolved { case, answer, units, parties, solved, ..Default::default() };
        Event::new("casework", &resolved).unwrap()
    }

    /// The same, to be looked at first.
    pub fn unverified(&self) -> Event {
        let (verifier, units) = ("C-1".to_owned(), self.units.clone());
        let resolved =
            casework::CaseResolved { case: self.reference(), verifier, units, ..Default::default() };
        Event::new("casework", &resolved).unwrap()
    }

    /// Somebody has looked: what was resolved is told.
    pub fn verified(&self) -> Event {
        let (case, answer, units) = (self.reference(), "the car is moved".into(), self.units.clone());
        let resolved = casework::CaseResolved { case, answer, units, ..Default::default() };
        let (case, resolved) = (self.reference(), Some(resolved));
        Event::new("casework", &casework::CaseVerified { case, resolved, ..Default::default() }).unwrap()
    }

    pub fn reopened(&self) -> Event {
        let again = Self { attempt: self.attempt + 1, ..self.clone() };
        let event = casework::CaseReopened { case: again.reference(), reason: "not solved".into() };
        Event::new("casework", &event).unwrap()
    }

    /// Of another category, or somewhere else, than was said before.
    pub fn recategorised(&self) -> Event {
        let event = casework::CaseRecategorised { case: self.reference(), ..Default::default() };
        Event::new("casework", &event).unwrap()
    }

    pub fn declined(&self) -> Event {
        let event = casework::CaseDeclined { case: self.reference(), ..Default::default() };
        Event::new("casework", &event).unwrap()
    }

    pub fn closed(&self, outcome: casework::Outcome) -> Event {
        let event = casework::CaseClosed { case: self.reference(), outcome: outcome.into(), resolved: None };
        Event::new("casework", &event).unwrap()
    }

    /// Withdrawn before anybody had looked at it.
    pub fn withdrawn_unverified(&self) -> Event {
        let (case, answer, units) = (self.reference(), "the car is moved".into(), self.units.clone());
        let resolved = Some(casework::CaseResolved { case, answer, units, ..Default::default() });
        let (case, outcome) = (self.reference(), casework::Outcome::Withdrawn.into());
        Event::new("casework", &casework::CaseClosed { case, outcome, resolved }).unwrap()
    }

    /// One of its requests was taken back.
    pub fn request_withdrawn(&self, request: &str) -> Event {
        let event = casework::CaseRequestWithdrawn { case: self.reference(), request: request.into() };
        Event::new("casework", &event).unwrap()
    }
}

pub fn verdict(solved: bool, satisfaction: pb::Satisfaction) -> pb::Verdict {
    pb::Verdict {
        contacted: true,
        solved,
        satisfaction: satisfaction.into(),
        comment: "谢谢，很快".into(),
        ..Default::default()
    }
}

pub fn judging(callback: &pb::Callback, verdict: pb::Verdict) -> pb::RecordVerdictRequest {
    pb::RecordVerdictRequest {
        request_id: Uuid::now_v7().to_string(),
        id: callback.id.clone(),
        version: callback.version,
        verdict: Some(verdict),
    }
}

pub fn attempting(callback: &pb::Callback, note: &str) -> pb::RecordAttemptRequest {
    pb::RecordAttemptRequest {
        request_id: Uuid::now_v7().to_string(),
        id: callback.id.clone(),
        version: callback.version,
        note: note.into(),
        ..Default::default()
    }
}

/// The answer with what the service makes of it: in three steps, and by whom.
pub fn kept(verdict: pb::Verdict, by: pb::CallbackBy) -> pb::Verdict {
    let how_solved = if verdict.solved { common::Solved::Yes } else { common::Solved::No };
    pb::Verdict { how_solved: how_solved.into(), by: by.into(), ..verdict }
}

/// What Jiang'an could set.
pub fn profile(district: &str) -> pb::EvaluationProfile {
    let span = |from: &str, to: &str| common::WorkSpan { from: from.into(), to: to.into() };
    pb::EvaluationProfile {
        district: district.into(),
        calendar: Some(common::Calendar {
            zone: "Asia/Shanghai".into(),
            hours: vec![span("08:30", "12:00"), span("14:00", "17:30")],
            holidays: vec!["2026-11-24".into()],
            makeup_days: vec!["2026-11-28".into()],
        }),
        callback: Some(common::Limit { kind: common::LimitKind::WorkDay.into(), amount: 2 }),
        rates: vec![
            rate("response", &[("contacted", 1.0)], 0.2),
            rate("resolution", &[("solved", 1.0)], 0.5),
            rate("satisfaction", &[("very_satisfied", 1.0), ("satisfied", 1.0), ("basically", 0.5)], 0.3),
        ],
        grades: Vec::new(),
        callbacks: None,
    }
}

/// A rate over valid callbacks.
fn rate(code: &str, numerator: &[(&str, f64)], weight: f64) -> pb::RateDefinition {
    let term = |(measure, worth): &(&str, f64)| pb::Term { measure: (*measure).to_owned(), worth: *worth };
    pb::RateDefinition {
        code: code.to_owned(),
        name: code.to_owned(),
        numerator: numerator.iter().map(term).collect(),
        denominator: vec![term(&("valid", 1.0))],
        exclusions: String::new(),
        weight,
    }
}

pub fn applying(profile: pb::EvaluationProfile, dry_run: bool) -> pb::ApplyProfileRequest {
    pb::ApplyProfileRequest { request_id: Uuid::now_v7().to_string(), profile: Some(profile), dry_run }
}

pub fn time(at: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(huying_chassis::log_service::timestamp(at))
}
