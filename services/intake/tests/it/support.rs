//! One intake with a small district on it.

use std::net::SocketAddr;

use huying_chassis::{
    auth::{CITY, Role},
    clock::Clock,
    config::Settings,
    service::Seams,
    shutdown::Shutdown,
};
use huying_intake::SERVICE;
use huying_proto::{
    common::v1::Datum,
    intake::v1::{
        self as pb, person_service_client::PersonServiceClient, profile_service_client::ProfileServiceClient,
        request_service_client::RequestServiceClient,
    },
};
use huying_testing::{Bearer, Bench, Wire, wire};
use uuid::Uuid;

pub const DISTRICT: &str = "990101";

pub struct Town {
    pub bench: Bench,
    pub settings: Settings,
    pub address: SocketAddr,
    pub stop: Shutdown,
}

impl Town {
    /// A running intake whose profile is applied.
    pub async fn open() -> Self {
        Self::with(Seams::default()).await
    }

    /// The same, on a clock that is moved by hand.
    pub async fn open_at(clock: Clock) -> Self {
        Self::with(Seams { clock: Some(clock), ..Seams::default() }).await
    }

    /// The same, with one of intake's own keys said otherwise.
    pub async fn open_set(clock: Clock, key: &str, value: i64) -> Self {
        Self::with_set(Seams { clock: Some(clock), ..Seams::default() }, Some((key, value))).await
    }

    async fn with(seams: Seams) -> Self {
        Self::with_set(seams, None).await
    }

    async fn with_set(seams: Seams, set: Option<(&str, i64)>) -> Self {
        let bench = Bench::new().await;
        let mut settings = bench.settings(&SERVICE).await;
        settings.service.extend(set.map(|(key, value)| (key.to_owned(), value.into())));
        let stop = Shutdown::new();
        let running = SERVICE.start(settings.clone(), seams, stop.clone()).await.unwrap();
        let town = Self { bench, settings, address: running.grpc, stop };
        town.apply(profile()).await;
        town
    }

    pub async fn apply(&self, profile: pb::IntakeProfile) {
        let request = pb::ApplyProfileRequest {
            request_id: Uuid::now_v7().to_string(),
            profile: Some(profile),
            dry_run: false,
        };
        let operator = wire(self.address, self.bench.bearer(Role::Operator, None, Some(CITY)));
        ProfileServiceClient::new(operator).apply_profile(request).await.unwrap();
    }

    pub fn client(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> RequestServiceClient<Wire> {
        RequestServiceClient::new(wire(self.address, self.bench.bearer(role, unit, area)))
    }

    pub fn persons(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> PersonServiceClient<Wire> {
        PersonServiceClient::new(wire(self.address, self.bench.bearer(role, unit, area)))
    }

    /// Who called, in full, as a unit is told that took it.
    pub async fn reporter_of(&self, unit: &str, request: &str) -> pb::GetReporterResponse {
        let mut persons = self.persons(Role::Officer, Some(unit), Some("990101001001001"));
        let get = pb::GetReporterRequest { id: request.to_owned() };
        persons.get_reporter(get).await.unwrap().into_inner()
    }

    /// The same of what the grid team took.
    pub async fn reporter(&self, request: &str) -> pb::Reporter {
        self.reporter_of("G-1", request).await.reporter.unwrap()
    }

    pub fn stranger(&self) -> RequestServiceClient<Wire> {
        RequestServiceClient::new(wire(self.address, Bearer(None)))
    }

    /// The grid team that takes most calls here.
    pub fn officer(&self) -> RequestServiceClient<Wire> {
        self.client(Role::Officer, Some("G-1"), Some("990101001001001"))
    }

    pub async fn pool(&self) -> sqlx::PgPool {
        sqlx::PgPool::connect(self.settings.database_migrate_url.expose()).await.unwrap()
    }

    /// How many requests and log entries of requests there are: what bad input must not change.
    pub async fn written(&self) -> (i64, i64) {
        sqlx::query_as(
            "select (select count(*) from request), (select count(*) from log where kind = 'request')",
        )
        .fetch_one(&self.pool().await)
        .await
        .unwrap()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.begin();
    }
}

pub fn profile() -> pb::IntakeProfile {
    let rule = |channel: pb::Channel, published, external_id_required, sources: &[&str]| pb::ChannelRule {
        channel: channel.into(),
        name: channel.as_str_name().to_owned(),
        published,
        external_id_required,
        sources: sources.iter().map(|source| (*source).to_owned()).collect(),
        // The hotline's agents point on a map published in China.
        rate: None,
        door_rate: None,
        datum: if channel == pb::Channel::Hotline { Datum::Gcj02.into() } else { 0 },
    };
    pb::IntakeProfile {
        district: DISTRICT.into(),
        name: "试验区".into(),
        prefix: "SY".into(),
        zone: "Asia/Shanghai".into(),
        channels: vec![
            rule(pb::Channel::Online, true, false, &[]),
            rule(pb::Channel::GridPatrol, false, false, &[]),
            rule(pb::Channel::Hotline, false, true, &[]),
            rule(pb::Channel::FromAbove, false, false, &["市长热线", "数字城管"]),
            rule(pb::Channel::ServiceCard, false, false, &[]),
        ],
        ..Default::default()
    }
}

/// A call that is as it should be.
pub fn call() -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        district: DISTRICT.into(),
        channel: pb::Channel::Online.into(),
        content: "楼道灯不亮".into(),
        location: Some(huying_proto::common::v1::Location {
            address: "一号楼".into(),
            area: "990101001001001".into(),
            point: None,
        }),
        reporter: Some(pb::Reporter {
            kind: pb::ReporterKind::Resident.into(),
            name: "某居民".into(),
            phone: "13800138000".into(),
            ..Default::default()
        }),
        ..Default::default()
    }
}
