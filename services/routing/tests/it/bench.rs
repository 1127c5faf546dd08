//! Routing running for real: its own database, a NATS on which the test plays intake, and callers of every kind.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
};

use chrono::{DateTime, Utc};
use huying_chassis::{
    auth::{CITY, Role},
    bus::{Bus, CloudEvent, Event},
    clock::Clock,
    log::{Bounds, Committer, Log},
    profile,
    service::{Parts, Running, Seams, start},
    shutdown::Shutdown,
};
use huying_proto::{
    common::v1 as common,
    intake::v1 as intake,
    log::v1::{self as log, log_service_client::LogServiceClient},
    routing::v1::{
        self as pb, directory_service_client::DirectoryServiceClient,
        learning_service_client::LearningServiceClient, profile_service_client::ProfileServiceClient,
        route_service_client::RouteServiceClient,
    },
};
use huying_routing::{SERVICE, app::App, grpc};
use huying_testing::{Bench, Wire, eventually, wire};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::place;

pub type Client = RouteServiceClient<Wire>;
pub type Directory = DirectoryServiceClient<Wire>;
pub type Profiles = ProfileServiceClient<Wire>;

/// The service and what is around it.
pub struct Town {
    pub bench: Bench,
    pub running: Running,
    stop: Shutdown,
    bus: Bus,
    database: String,
}

impl Town {
    pub async fn start() -> Self {
        Self::start_with(Seams::default()).await
    }

    /// With its profile applied, on a clock that only the test moves.
    pub async fn at(start: DateTime<Utc>) -> (Self, Clock) {
        let clock = Clock::manual(start);
        let town = Self::start_with(Seams { clock: Some(clock.clone()), ..Seams::default() }).await;
        town.apply(place::profile(), false).await.unwrap();
        (town, clock)
    }

    async fn start_with(seams: Seams) -> Self {
        Self::over(Bench::new().await, huying_testing::database().await, seams).await
    }

    /// Stopped, and started anew on what it has kept.
    pub async fn again(self) -> Self {
        self.stop.begin();
        self.running.ended().await.expect("routing ends well");
        Self::over(self.bench, self.database, Seams::default()).await
    }

    async fn over(bench: Bench, database: String, seams: Seams) -> Self {
        let stop = Shutdown::new();
        let settings = bench.settings_with(&SERVICE, &database, &BTreeMap::new());
        let running = SERVICE.start(settings, seams, stop.clone()).await.expect("routing starts");
        let bus = Bus::connect(&bench.nats.url(), "test-intake").await.unwrap();
        bus.ensure_stream("intake").await.unwrap();
        Self { bench, running, stop, bus, database }
    }

    /// One more routing on the same database, and how many times it asks the store.
    pub async fn counting(&self) -> (SocketAddr, Arc<AtomicUsize>) {
        let settings = self.bench.settings_with(&SERVICE, &self.database, &BTreeMap::new());
        let (pool, looks) = huying_testing::counted(settings.database_url.expose());
        let running = start(SERVICE, settings, Seams::default(), self.stop.clone(), move |base| {
            let (committer, _) = Committer::start(pool.clone(), Bounds::default());
            let log = Log::new(pool, committer, base.clock.clone());
            let profiles = profile::Profiles::start(base.log.clone(), base.stop.clone());
            let models = profile::Profiles::start(base.log.clone(), base.stop.clone());
            let unit_models = profile::Profiles::start(base.log.clone(), base.stop.clone());
            let app = App::new(log, profiles, models, unit_models);
            Ok(Parts { served: grpc::served(app, base.limits.max_message_bytes), ..Parts::default() })
        });
        (running.await.expect("routing starts").grpc, looks)
    }

    /// With the small place's profile applied.
    pub async fn with_profile() -> Self {
        let town = Self::start().await;
        town.apply(place::profile(), false).await.unwrap();
        town
    }

    pub async fn end(self) {
        self.stop.begin();
        self.running.ended().await.expect("routing ends well");
    }

    pub fn caller(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Client {
        Client::new(wire(self.running.grpc, self.bench.bearer(role, unit, area)))
    }

    /// What another service is told of the place.
    pub fn directory(&self) -> Directory {
        Directory::new(wire(self.running.grpc, self.bench.bearer(Role::Operator, None, Some(CITY))))
    }

    pub fn profiles(&self, role: Role, area: Option<&str>) -> Profiles {
        Profiles::new(wire(self.running.grpc, self.bench.bearer(role, None, area)))
    }

    pub fn learning(&self, role: Role, area: &str) -> LearningServiceClient<Wire> {
        LearningServiceClient::new(wire(self.running.grpc, self.bench.bearer(role, None, Some(area))))
    }

    pub fn desk(&self) -> Client {
        self.caller(Role::Desk, Some("D-420102"), Some(place::DISTRICT))
    }

    pub async fn apply(
        &self,
        profile: pb::RoutingProfile,
        dry_run: bool,
    ) -> Result<pb::ApplyProfileResponse, Status> {
        let request = pb::ApplyProfileRequest { request_id: fresh(), profile: Some(profile), dry_run };
        Ok(self.profiles(Role::Operator, Some(CITY)).apply_profile(request).await?.into_inner())
    }

    /// Intake says something of a request, as the entry of that version.
    pub async fn say<M: prost::Name + serde::Serialize>(&self, request: Uuid, version: i64, message: &M) {
        let event = Event::new("intake", message).unwrap();
        let cloud = CloudEvent {
            specversion: "1.0".into(),
            id: Uuid::now_v7(),
            source: "/huying/intake".into(),
            name: event.name.clone(),
            subject: format!("request/{request}"),
            time: place::now(),
            dataschema: "huying/intake/v1/events.proto".into(),
            datacontenttype: "application/json".into(),
            sequence: version,
            epoch: 0,
            partitionkey: request,
            district: place::DISTRICT.into(),
            traceparent: None,
            data: event.data.clone(),
        };
        self.bus.send(place::DISTRICT, &event, &cloud).await.unwrap().await.unwrap();
    }

    /// A request is submitted.
    pub async fn submit(&self, request: Uuid, content: &str, location: common::Location) {
        self.say(request, 1, &submitted(request, content, location, place::now())).await;
    }

    /// A request is submitted, and routing has taken it.
    pub async fn submitted(&self, content: &str, area: &str) -> pb::Route {
        let request = Uuid::now_v7();
        let location = common::Location { area: area.into(), ..common::Location::default() };
        self.submit(request, content, location).await;
        self.taken(request).await
    }

    /// The route of a request, as soon as there is one.
    pub async fn taken(&self, request: Uuid) -> pb::Route {
        eventually("a route", async || self.route(request).await).await
    }

    pub async fn route(&self, request: Uuid) -> Option<pb::Route> {
        let asked = pb::GetRouteRequest { request: request.to_string() };
        match self.caller(Role::Operator, None, Some(CITY)).get_route(asked).await {
            Ok(route) => Some(route.into_inner()),
            Err(status) if status.code() == Code::NotFound => None,
            Err(status) => panic!("{status}"),
        }
    }

    pub fn log(&self, role: Role) -> LogServiceClient<Wire> {
        LogServiceClient::new(wire(self.running.grpc, self.bench.bearer(role, None, Some(CITY))))
    }

    /// Its log, as casework reads it.
    fn read_log(&self) -> LogServiceClient<Wire> {
        LogServiceClient::new(wire(self.running.grpc, self.bench.service("casework", Some(CITY))))
    }

    /// What routing has said of a request, oldest first.
    pub async fn events(&self, request: &str) -> Vec<CloudEvent> {
        let asked =
            log::ReadAggregateRequest { aggregate: request.to_owned(), from_version: 1, page_size: 0 };
        let answer = self.read_log().read_aggregate(asked).await.unwrap().into_inner();
        answer.entries.iter().map(|entry| serde_json::from_str(&entry.event).unwrap()).collect()
    }

    pub fn bus(&self) -> &Bus {
        &self.bus
    }
}

pub fn fresh() -> String {
    Uuid::now_v7().to_string()
}

pub fn reference(request: Uuid, at: DateTime<Utc>) -> intake::RequestRef {
    intake::RequestRef {
        id: request.to_string(),
        number: "JA-20261120-000001".into(),
        district: place::DISTRICT.into(),
        channel: intake::Channel::Online.into(),
        state: intake::RequestState::Submitted.into(),
        submit_time: Some(huying_chassis::log_service::timestamp(at)),
        external_id: String::new(),
    }
}

pub fn submitted(
    request: Uuid,
    content: &str,
    location: common::Location,
    at: DateTime<Utc>,
) -> intake::RequestSubmitted {
    intake::RequestSubmitted {
        request: Some(reference(request, at)),
        content: content.into(),
        location: Some(location),
        reporter_kind: intake::ReporterKind::Resident.into(),
        ..intake::RequestSubmitted::default()
    }
}

/// A request that was closed before it came here.
pub fn closed(
    request: Uuid,
    content: &str,
    location: common::Location,
    category: &str,
) -> intake::RequestSubmitted {
    let at = place::now() - chrono::TimeDelta::days(3);
    let state = intake::RequestState::Answered.into();
    intake::RequestSubmitted {
        request: Some(intake::RequestRef { state, ..reference(request, at) }),
        category: category.into(),
        answer: "已处理".into(),
        close_time: Some(huying_chassis::log_service::timestamp(place::now())),
        ..submitted(request, content, location, at)
    }
}

/// The reporter added something.
pub fn added(request: Uuid, content: &str) -> intake::RequestSupplemented {
    intake::RequestSupplemented { request: Some(reference(request, place::now())), content: content.into() }
}

/// What routing has said of a request, by the names of the events, oldest first.
pub async fn names(town: &Town, request: &str) -> Vec<String> {
    town.events(request).await.iter().map(|event| event.message().to_owned()).collect()
}
