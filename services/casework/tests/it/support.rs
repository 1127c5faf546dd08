//! One casework under a clock that stands still, with a small district on it. What routing, intake and evaluation say is put on the bus
//! as their relays would put it. Where routing would be asked (who is above, who is who), a second casework on the same database, made of
//! the same parts, is handed the answer: the hop itself is a matter of the world tests.

mod applied;

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicUsize},
};

use huying_casework::{
    SERVICE,
    app::{
        App,
        world::{SuperiorOf, Units, World},
    },
    directory::Directory,
    domain::{
        By, Case, Dispatch, Unit,
        case::step::{Call, Escalate, Summons},
    },
};
use huying_chassis::{
    auth::{CITY, Caller, Reach, Role, TokenSource},
    bus::{Bus, CloudEvent, Event},
    clock::Clock,
    config::Settings,
    log::{
        Actor, Bounds, Committer, Log, Meta, Versioned,
        watch::{Pace, Watcher},
    },
    peers::Peers,
    profile::Profiles,
    run::Runner,
    service::Seams,
    shutdown::Shutdown,
};
use huying_objects::FileObjects;
use huying_proto::{
    casework::v1::{
        self as pb, approval_service_client::ApprovalServiceClient,
        attachment_service_client::AttachmentServiceClient, case_service_client::CaseServiceClient,
        dispatch_service_client::DispatchServiceClient, profile_service_client::ProfileServiceClient,
    },
    common::v1 as common,
    evaluation::v1 as evaluation,
    intake::v1 as intake,
    routing::v1 as routing,
};
use huying_testing::{Bench, Wire, about, command, eventually, wire};
use prost::Name;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use applied::profile;

use super::fixture::{self, DISTRICT, GRID, morning};

pub type Client = CaseServiceClient<Wire>;
pub type Attachments = AttachmentServiceClient<Wire>;
pub type Dispatches = DispatchServiceClient<Wire>;

pub struct Town {
    pub bench: Bench,
    pub address: SocketAddr,
    pub admin: SocketAddr,
    pub clock: Clock,
    pub stop: Shutdown,
    pub pool: sqlx::PgPool,
    /// A second casework on the same database, to be handed routing's answers.
    pub app: App,
    bus: Bus,
    settings: Settings,
    /// The last version told of each aggregate by each service.
    told: Mutex<HashMap<(&'static str, Uuid), i64>>,
}

impl Town {
    /// A running casework whose profile is applied.
    pub async fn open() -> Self {
        let town = Self::without_profile().await;
        town.operator().apply_profile(profile(false)).await.unwrap();
        town
    }

    /// The same, where a caller may take each step that is counted so often a day.
    pub async fn counting_to(most: i64) -> Self {
        let set = |settings: &mut Settings| {
            settings.service.insert("notes_a_day".to_owned(), most.into());
        };
        let town = Self::with(set).await;
        town.operator().apply_profile(profile(false)).await.unwrap();
        town
    }

    pub async fn without_profile() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(set: impl FnOnce(&mut Settings)) -> Self {
        let bench = Bench::new().await;
        let bus = Bus::connect(&bench.nats.url(), "test").await.unwrap();
        for root in ["routing", "intake", "evaluation"] {
            bus.ensure_stream(root).await.unwrap();
        }
        // Nobody is at home there.
        let nowhere = |name: &str| (name.to_owned(), "http://127.0.0.1:1".to_owned());
        let peers = BTreeMap::from(["routing", "intake", "evaluation"].map(nowhere));
        let database = huying_testing::database().await;
        let mut settings = bench.settings_with(&SERVICE, &database, &peers);
        set(&mut settings);
        let (clock, stop) = (Clock::manual(morning()), Shutdown::new());
        let seams = Seams { clock: Some(clock.clone()), ..Seams::default() };
        let running = SERVICE.start(settings.clone(), seams, stop.clone()).await.unwrap();
        let pool = huying_chassis::db::connect(&database, 4, "test").await.unwrap();
        let app = second(&settings, pool.clone(), clock.clone(), stop.clone(), bench.objects());
        let (address, admin) = (running.grpc, running.admin);
        Self { bench, address, admin, clock, stop, pool, app, bus, settings, told: Mutex::default() }
    }

    /// One more casework on the same database, with a committer of its own.
    pub fn replica(&self) -> App {
        let (pool, clock, stop) = (self.pool.clone(), self.clock.clone(), self.stop.clone());
        second(&self.settings, pool, clock, stop, self.bench.objects())
    }

    /// The same on connections of its own, and how many times one of these was taken: once for each time that the store is asked.
    pub fn counting(&self) -> (App, Arc<AtomicUsize>) {
        let (pool, counted) = huying_testing::counted(self.settings.database_url.expose());
        // Nothing of its own asks the store besides.
        let stop = Shutdown::new();
        stop.begin();
        (second(&self.settings, pool, self.clock.clone(), stop, self.bench.objects()), counted)
    }

    pub fn client(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Client {
        Client::new(wire(self.address, self.bench.bearer(role, unit, area)))
    }

    pub fn dispatches(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Dispatches {
        Dispatches::new(wire(self.address, self.bench.bearer(role, unit, area)))
    }

    pub fn attachments(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Attachments {
        Attachments::new(wire(self.address, self.bench.bearer(role, unit, area)))
    }

    /// Somebody who works in a unit, for files.
    pub fn attachments_of(&self, unit: &Unit) -> Attachments {
        self.attachments(role_in(unit), Some(&unit.code), Some(&unit.area))
    }

    pub fn profiles(&self, role: Role, area: Option<&str>) -> ProfileServiceClient<Wire> {
        ProfileServiceClient::new(wire(self.address, self.bench.bearer(role, None, area)))
    }

    /// Somebody who works in a unit.
    pub fn of(&self, unit: &Unit) -> Client {
        self.client(role_in(unit), Some(&unit.code), Some(&unit.area))
    }

    /// The same, for the dispatches.
    pub fn dispatches_of(&self, unit: &Unit) -> Dispatches {
        self.dispatches(role_in(unit), Some(&unit.code), Some(&unit.area))
    }

    /// Another person of a unit than [`Town::of`], who asks for things: nobody grants what they asked for.
    pub fn another_of(&self, unit: &Unit) -> Client {
        Client::new(self.as_another(unit))
    }

    /// The same, for what is asked for.
    pub fn approvals_of(&self, unit: &Unit) -> ApprovalServiceClient<Wire> {
        ApprovalServiceClient::new(self.as_another(unit))
    }

    fn as_another(&self, unit: &Unit) -> Wire {
        let subject = format!("test-{}", unit.code);
        wire(self.address, self.bench.bearer_of(&subject, role_in(unit), Some(&unit.code), Some(&unit.area)))
    }

    pub fn operator(&self) -> ProfileServiceClient<Wire> {
        self.profiles(Role::Operator, Some(CITY))
    }

    /// The district's desk.
    pub fn desk(&self) -> Client {
        // Another person than whoever works at a street's desk.
        let bearer = self.bench.bearer_of("test-district-desk", Role::Desk, Some("D-1"), Some(DISTRICT));
        Client::new(wire(self.address, bearer))
    }

    /// The same, for the dispatches.
    pub fn desk_of_dispatches(&self) -> Dispatches {
        self.dispatches(Role::Desk, Some("D-1"), Some(DISTRICT))
    }

    /// Puts an event on the bus, as the owner's relay would: the next of its aggregate.
    pub async fn tell<M: Name + Serialize>(
        &self,
        service: &'static str,
        kind: &str,
        aggregate: Uuid,
        message: &M,
    ) -> CloudEvent {
        let sequence = {
            let mut told = self.told.lock().unwrap();
            let version = told.entry((service, aggregate)).or_insert(0);
            *version += 1;
            *version
        };
        let mut event = Event::new(service, message).unwrap();
        // A route is named by its request.
        if kind != "route" {
            event = about(event, kind, aggregate);
        }
        let cloud = CloudEvent {
            specversion: "1.0".into(),
            id: Uuid::now_v7(),
            source: format!("/huying/{service}"),
            name: event.name.clone(),
            subject: format!("{kind}/{aggregate}"),
            time: self.clock.now(),
            dataschema: String::new(),
            datacontenttype: "application/json".into(),
            sequence,
            epoch: 0,
            partitionkey: aggregate,
            district: DISTRICT.into(),
            traceparent: None,
            data: event.data.clone(),
        };
        self.again(&event, &cloud).await;
        cloud
    }

    /// The very same event again, with another id, as a relay that lost its memory would send it.
    pub async fn repeat(&self, cloud: &CloudEvent) {
        let root = if cloud.source.ends_with("routing") { "routing" } else { "intake" };
        let event = Event { root, name: cloud.name.clone(), unit: None, data: cloud.data.clone() };
        self.again(&event, &CloudEvent { id: Uuid::now_v7(), ..cloud.clone() }).await;
    }

    async fn again(&self, event: &Event, cloud: &CloudEvent) {
        self.bus.send(DISTRICT, event, cloud).await.unwrap().await.unwrap();
    }

    /// Routing decided that a request goes to a unit.
    pub async fn decide(&self, request: Uuid, at: &Unit) -> CloudEvent {
        self.tell("routing", "route", request, &decided(request, at)).await
    }

    /// A case opened at a unit: its request and the case.
    pub async fn case_at(&self, at: &Unit) -> (Uuid, pb::Case) {
        let request = Uuid::now_v7();
        self.decide(request, at).await;
        (request, self.case(&number(request)).await)
    }

    /// A case as it is, once it is there.
    pub async fn case(&self, id: &str) -> pb::Case {
        let mut desk = self.desk();
        let get = pb::GetCaseRequest { id: id.to_owned() };
        eventually("the case is there", async || {
            desk.get_case(get.clone()).await.ok().map(tonic::Response::into_inner)
        })
        .await
    }

    /// A case, once it is as it should be.
    pub async fn case_when(&self, what: &str, id: &str, holds: impl Fn(&pb::Case) -> bool) -> pb::Case {
        eventually(what, async || Some(self.case(id).await).filter(|case| holds(case))).await
    }

    /// The same case, accepted by its holder.
    pub async fn accepted(&self, at: &Unit) -> (Uuid, pb::Case) {
        let (request, case) = self.case_at(at).await;
        let case = self.of(at).accept_case(accept(&case)).await.unwrap().into_inner();
        (request, case)
    }

    /// The second casework, which knows who is above a unit.
    pub fn knowing_above(&self, of: &Unit, above: Unit) -> App {
        let asked = SuperiorOf { district: DISTRICT.into(), unit: of.code.clone() };
        App { runner: self.app.runner.clone().knowing(&asked, Some(above)), ..self.app.clone() }
    }

    /// The same, which knows who units are, and that the district is above the street that calls them.
    pub fn knowing_units(&self, units: &[Unit]) -> App {
        let codes = units.iter().map(|unit| unit.code.clone()).collect();
        let asked = Units { district: DISTRICT.into(), codes };
        let above = SuperiorOf { district: DISTRICT.into(), unit: fixture::street().code };
        let runner = self.app.runner.clone().knowing(&asked, units.to_vec());
        let district = Unit { name: "某区".into(), ..fixture::district() };
        App { runner: runner.knowing(&above, Some(district)), ..self.app.clone() }
    }

    /// A case goes up from its holder.
    pub async fn escalate(&self, id: Uuid, version: i64, from: &Unit, to: Unit) -> Versioned<Case> {
        let step = Escalate { reason: "超出能力".into() };
        let app = self.knowing_above(from, to);
        let (case, _) = app.take(id, &fixture::by(from), &step, &meta(from, version)).await.unwrap();
        case
    }

    /// The street that holds a case calls departments, the first in the lead.
    pub async fn call(&self, case: &pb::Case, units: &[Unit], task: &str) -> Vec<Versioned<Dispatch>> {
        let (id, street) = (case.id.parse().unwrap(), fixture::street());
        self.called(id, &fixture::by(&street), &call(units, task), units, &meta(&street, case.version)).await
    }

    /// What a call sends.
    pub async fn called(
        &self,
        case: Uuid,
        by: &By,
        call: &Call,
        units: &[Unit],
        meta: &Meta,
    ) -> Vec<Versioned<Dispatch>> {
        let (_, sent) = self.knowing_units(units).take::<Case, _>(case, by, call, meta).await.unwrap();
        sent
    }

    /// Intake says something of a request.
    pub async fn answered(&self, request: Uuid, case: &pb::Case) -> CloudEvent {
        let event = intake::RequestAnswered {
            request: Some(request_ref(request)),
            answer: case.answer.clone(),
            case: case.id.clone(),
            attempt: case.attempt,
        };
        self.tell("intake", "request", request, &event).await
    }

    pub async fn objected(&self, request: Uuid, case: &pb::Case, reason: &str) -> CloudEvent {
        let event = intake::RequestObjected {
            request: Some(request_ref(request)),
            reason: reason.into(),
            case: case.id.clone(),
            attempt: case.attempt,
        };
        self.tell("intake", "request", request, &event).await
    }

    pub async fn withdrawn(&self, request: Uuid) -> CloudEvent {
        let event =
            intake::RequestWithdrawn { request: Some(request_ref(request)), reason: "自己好了".into() };
        self.tell("intake", "request", request, &event).await
    }

    pub async fn supplemented(&self, request: Uuid, text: &str) -> CloudEvent {
        let event = intake::RequestSupplemented { request: Some(request_ref(request)), content: text.into() };
        self.tell("intake", "request", request, &event).await
    }

    /// Evaluation judges a case's attempt.
    pub async fn passed(&self, case: &pb::Case) {
        let event = evaluation::CallbackPassed { callback: Some(callback(case)), ..Default::default() };
        self.tell("evaluation", "callback", Uuid::now_v7(), &event).await;
    }

    pub async fn failed(&self, case: &pb::Case) {
        let event = evaluation::CallbackFailed { callback: Some(callback(case)), ..Default::default() };
        self.tell("evaluation", "callback", Uuid::now_v7(), &event).await;
    }

    /// So many of evaluation's callbacks have been heard of.
    pub async fn taken_in(&self, callbacks: i64) {
        eventually("what evaluation said is taken in", async || {
            let taken = "select count(*) from followed where source = 'evaluation'";
            let taken: i64 = sqlx::query_scalar(taken).fetch_one(&self.pool).await.unwrap();
            (taken == callbacks).then_some(())
        })
        .await;
    }

    /// The events in an aggregate's log, by name: what its relay publishes.
    pub async fn events(&self, aggregate: &str) -> Vec<(String, serde_json::Value)> {
        let entries = huying_chassis::log::read::entries_of(&self.pool, aggregate.parse().unwrap(), 1, 1000)
            .await
            .unwrap();
        let events = entries.iter().map(|entry| huying_casework::events::publish::publish(entry).unwrap());
        events
            .map(|event| {
                (
                    event.name.rsplit('.').next().unwrap().to_owned(),
                    serde_json::from_str(event.data.get()).unwrap(),
                )
            })
            .collect()
    }

    /// How many rows and log entries there are: what a refusal must not change.
    pub async fn written(&self) -> (i64, i64, i64) {
        let sql = "select (select coalesce(sum(version), 0)::bigint from \"case\"), (select coalesce(sum(version), 0)::bigint from dispatch), (select count(*) from log)";
        sqlx::query_as(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// What the bus holds of a stream, decoded.
    pub async fn on_the_bus<M: DeserializeOwned>(&self, root: &str, subject: &str) -> M {
        let stream = eventually("the stream is there", async || {
            self.bus.jetstream().get_stream(Bus::stream_name(root)).await.ok()
        })
        .await;
        let message = eventually("the event is there", async || {
            stream.get_last_raw_message_by_subject(subject).await.ok()
        })
        .await;
        serde_json::from_slice::<CloudEvent>(&message.payload).unwrap().decode().unwrap()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.begin();
    }
}

/// Of somebody who works in a unit.
fn role_in(unit: &Unit) -> Role {
    if unit.kind.is_callable() { Role::Department } else { Role::Officer }
}

fn second(settings: &Settings, pool: sqlx::PgPool, clock: Clock, stop: Shutdown, objects: PathBuf) -> App {
    let (committer, _) = Committer::start(pool.clone(), Bounds::default());
    let log = Log::new(pool, committer, clock);
    let token = TokenSource::new(huying_casework::NAME, &settings.auth).unwrap();
    let peers = Peers::new(&settings.peers, &settings.tls, token).unwrap();
    let world = Arc::new(World {
        profiles: Profiles::start(log.clone(), stop.clone()),
        directory: Directory::new(peers.channel("routing").unwrap()),
    });
    App {
        runner: Runner::new(log.clone(), world.clone()),
        publish: huying_casework::events::publish::publish,
        world,
        watcher: Watcher {
            log: log.clone(),
            stop: stop.clone(),
            pace: Pace { watch_poll_ms: 10, watch_heartbeat_s: 1 },
        },
        log,
        stop,
        notes_a_day: 2000,
        objects: Arc::new(FileObjects::new(objects)),
    }
}

/// What comes with a command that a unit's officer asks for on the wire.
pub fn asked<M: prost::Message + Name>(by: &Unit, request_id: &str, version: i64, message: &M) -> Meta {
    let caller = Caller {
        issuer: "huying".into(),
        subject: format!("test-{}", Role::Officer.name()),
        name: None,
        roles: [Role::Officer].into(),
        reach: Reach::parse(Some(&by.area), Some(&by.code)).unwrap(),
        doors: Default::default(),
        token_id: None,
    };
    Meta::asked(&caller, message, request_id.parse().unwrap(), Some(version))
}

/// A call of units, the first in the lead.
pub fn call(units: &[Unit], task: &str) -> Call {
    let summons = units.iter().enumerate().map(|(n, unit)| Summons {
        dispatch: Uuid::now_v7(),
        unit: unit.code.clone(),
        lead: n == 0,
        task: task.into(),
        respond: None,
        resolve: None,
    });
    Call { summons: summons.collect(), respond: None, resolve: None }
}

pub fn meta(by: &Unit, version: i64) -> Meta {
    Meta {
        actor: Actor { subject: "test".into(), unit: Some(by.code.clone()), name: None },
        command: command("test", Uuid::now_v7(), ""),
        expected: Some(version),
    }
}

/// The number that people see of a request here.
pub fn number(request: Uuid) -> String {
    format!("SY-20260302-{:.8}", request.simple().to_string().chars().rev().collect::<String>())
}

pub fn fresh() -> String {
    Uuid::now_v7().to_string()
}

pub fn accept(case: &pb::Case) -> pb::AcceptCaseRequest {
    pb::AcceptCaseRequest { request_id: fresh(), id: case.id.clone(), version: case.version }
}

pub fn resolve(case: &pb::Case) -> pb::ResolveCaseRequest {
    pb::ResolveCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        answer: "已修剪".into(),
        handling: None,
    }
}

pub fn request_ref(request: Uuid) -> intake::RequestRef {
    intake::RequestRef {
        id: request.to_string(),
        number: number(request),
        district: DISTRICT.into(),
        ..Default::default()
    }
}

pub fn callback(case: &pb::Case) -> evaluation::CallbackRef {
    evaluation::CallbackRef {
        id: fresh(),
        case: case.id.clone(),
        attempt: case.attempt,
        district: DISTRICT.into(),
        ..Default::default()
    }
}

pub fn decided(request: Uuid, at: &Unit) -> routing::RouteDecided {
    let limit = |amount| Some(common::Limit { kind: common::LimitKind::UrgentHour.into(), amount });
    routing::RouteDecided {
        route: Some(routing::RouteRef {
            request: request.to_string(),
            number: number(request),
            district: DISTRICT.into(),
            state: routing::RouteState::Decided.into(),
            submit_time: None,
        }),
        decision: Some(routing::Decision {
            area: GRID.into(),
            category: "C1".into(),
            tier: huying_wire::tier::write(at.tier).into(),
            holder: at.code.clone(),
            departments: vec!["DEP-parks".into()],
            priority: common::Priority::High.into(),
            respond: limit(2),
            resolve: limit(24),
            ..Default::default()
        }),
        content: "树歪了，靠着电线".into(),
        location: Some(common::Location {
            address: "胜利街一号".into(), area: GRID.into(), point: None
        }),
        decided_by: None,
        queue_time: None,
        decide_time: None,
    }
}
