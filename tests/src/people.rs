//! Those who work in Jiang'an: each call goes out with a token for just the role, unit and area it needs.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    casework::v1::{
        self as casework, approval_service_client::ApprovalServiceClient,
        attachment_service_client::AttachmentServiceClient, case_service_client::CaseServiceClient,
        dispatch_service_client::DispatchServiceClient, ledger_service_client::LedgerServiceClient,
        meeting_service_client::MeetingServiceClient, officer_service_client::OfficerServiceClient,
    },
    common::v1::Location,
    evaluation::v1::{
        self as evaluation, callback_service_client::CallbackServiceClient,
        rate_service_client::RateServiceClient, round_service_client::RoundServiceClient,
        topic_service_client::TopicServiceClient,
    },
    intake::v1::{
        self as intake, card_service_client::CardServiceClient, forum_service_client::ForumServiceClient,
        handbook_service_client::HandbookServiceClient, request_service_client::RequestServiceClient,
        visit_service_client::VisitServiceClient,
    },
    log::v1::log_service_client::LogServiceClient,
    routing::v1::{self as routing, route_service_client::RouteServiceClient},
};
use huying_testing::{Bearer, Wire, eventually};
use tonic::{Code, Status};

use crate::world::{World, key};

pub const DISTRICT: &str = "420102";
/// A grid of 长建社区, where story A plays.
pub const GRID: &str = "420102010002002";

/// What a unit code says of its area: `G-420102010002002` stands in 420102010002002; departments work for the whole district.
pub fn area_of(unit: &str) -> &str {
    match unit.split_once('-') {
        Some(("G" | "C" | "S" | "D", area)) => area,
        Some(_) | None => DISTRICT,
    }
}

/// The role that fits whoever works for a unit.
fn role_in(unit: &str) -> Role {
    match unit.split('-').next() {
        Some("G" | "C") => Role::Officer,
        Some("S" | "D") => Role::Desk,
        Some(_) | None => Role::Department,
    }
}

/// A client for each need.
#[derive(Clone)]
pub struct People {
    world: Arc<World>,
    /// What their subjects begin with.
    name: String,
    /// Connections with their tokens, by address, role and unit: as those of people who stay logged in.
    wires: Arc<Mutex<HashMap<String, Wire>>>,
}

impl People {
    pub fn new(world: Arc<World>) -> Self {
        Self::named(world, "test")
    }

    /// Other people in the same places.
    pub fn named(world: Arc<World>, name: &str) -> Self {
        Self { world, name: name.to_owned(), wires: Arc::default() }
    }

    pub fn wire(&self, service: &str, role: Role, unit: Option<&str>, area: Option<&str>) -> Wire {
        self.wire_at(self.world.address(service), role, unit, area)
    }

    fn wire_at(&self, address: SocketAddr, role: Role, unit: Option<&str>, area: Option<&str>) -> Wire {
        let mut wires = self.wires.lock().unwrap();
        let wire = wires.entry(format!("{address} {role:?} {unit:?} {area:?}"));
        // Each unit has people of its own.
        let subject = format!("{}-{}", self.name, unit.unwrap_or(role.name()));
        let bearer = || self.world.bench.bearer_of(&subject, role, unit, area);
        wire.or_insert_with(|| self.world.wire(address, bearer())).clone()
    }

    pub fn platform(&self) -> RequestServiceClient<Wire> {
        RequestServiceClient::new(self.wire("intake", Role::Platform, None, Some(DISTRICT)))
    }

    pub fn intake(&self, role: Role, unit: &str) -> RequestServiceClient<Wire> {
        RequestServiceClient::new(self.wire("intake", role, Some(unit), Some(area_of(unit))))
    }

    /// A reporter with nothing but the receipt.
    pub fn reporter(&self) -> RequestServiceClient<Wire> {
        RequestServiceClient::new(self.world.wire(self.world.address("intake"), Bearer(None)))
    }

    pub fn routing(&self, role: Role) -> RouteServiceClient<Wire> {
        RouteServiceClient::new(self.wire("routing", role, None, Some(DISTRICT)))
    }

    /// Whoever works for a unit, in the role that fits it.
    pub fn staff(&self, unit: &str) -> CaseServiceClient<Wire> {
        self.staff_at(self.world.address("casework"), unit)
    }

    pub fn staff_at(&self, address: SocketAddr, unit: &str) -> CaseServiceClient<Wire> {
        CaseServiceClient::new(self.wire_at(address, role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// Whoever answers for a called unit.
    pub fn called(&self, unit: &str) -> DispatchServiceClient<Wire> {
        DispatchServiceClient::new(self.wire("casework", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// The same, for files.
    pub fn attaching(&self, unit: &str) -> AttachmentServiceClient<Wire> {
        AttachmentServiceClient::new(self.wire("casework", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// Somebody of a unit, for what is asked for.
    pub fn approvals(&self, unit: &str) -> ApprovalServiceClient<Wire> {
        ApprovalServiceClient::new(self.wire("casework", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// Somebody of a unit, for open meetings.
    pub fn meetings(&self, unit: &str) -> MeetingServiceClient<Wire> {
        MeetingServiceClient::new(self.wire("casework", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// Somebody of a unit, for its officers.
    pub fn officers(&self, unit: &str) -> OfficerServiceClient<Wire> {
        OfficerServiceClient::new(self.wire("casework", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// The district's desk, for its handbook.
    pub fn handbook(&self) -> HandbookServiceClient<Wire> {
        HandbookServiceClient::new(self.wire("intake", Role::Desk, None, Some(DISTRICT)))
    }

    /// A grid team that visits its grid.
    pub fn visits(&self, unit: &str) -> VisitServiceClient<Wire> {
        VisitServiceClient::new(self.wire("intake", role_in(unit), Some(unit), Some(area_of(unit))))
    }

    /// The district's desk, for cards.
    pub fn cards(&self) -> CardServiceClient<Wire> {
        CardServiceClient::new(self.wire("intake", Role::Desk, None, Some(DISTRICT)))
    }

    /// The same, for its forums.
    pub fn forums(&self) -> ForumServiceClient<Wire> {
        ForumServiceClient::new(self.wire("intake", Role::Desk, None, Some(DISTRICT)))
    }

    pub fn leader(&self) -> CaseServiceClient<Wire> {
        CaseServiceClient::new(self.wire("casework", Role::Leader, None, Some(DISTRICT)))
    }

    pub fn ledgers(&self) -> LedgerServiceClient<Wire> {
        LedgerServiceClient::new(self.wire("casework", Role::Leader, None, Some(DISTRICT)))
    }

    pub fn callback(&self) -> CallbackServiceClient<Wire> {
        CallbackServiceClient::new(self.wire("evaluation", Role::Callback, None, Some(DISTRICT)))
    }

    pub fn rates(&self) -> RateServiceClient<Wire> {
        RateServiceClient::new(self.wire("evaluation", Role::Callback, None, Some(DISTRICT)))
    }

    pub fn rounds(&self) -> RoundServiceClient<Wire> {
        RoundServiceClient::new(self.wire("evaluation", Role::Callback, None, Some(DISTRICT)))
    }

    /// The district's desk, for what many cases have in common.
    pub fn topics(&self) -> TopicServiceClient<Wire> {
        TopicServiceClient::new(self.wire("evaluation", Role::Desk, None, Some(DISTRICT)))
    }

    pub fn operator(&self, service: &str) -> LogServiceClient<Wire> {
        LogServiceClient::new(self.wire(service, Role::Operator, None, Some(CITY)))
    }

    /// Applies Jiang'an to all four.
    pub async fn apply_profile(&self) {
        let profile = self.world.profile.clone();
        let wire = |service| self.wire(service, Role::Operator, None, Some(CITY));
        let (intake, routing) = (profile.intake.into(), profile.routing.into());
        let intake = intake::ApplyProfileRequest { request_id: key(), profile: intake, dry_run: false };
        intake::profile_service_client::ProfileServiceClient::new(wire("intake"))
            .apply_profile(intake)
            .await
            .unwrap();
        let routing = routing::ApplyProfileRequest { request_id: key(), profile: routing, dry_run: false };
        routing::profile_service_client::ProfileServiceClient::new(wire("routing"))
            .apply_profile(routing)
            .await
            .unwrap();
        let casework = casework::ApplyProfileRequest {
            request_id: key(),
            profile: Some(profile.casework),
            dry_run: false,
        };
        casework::profile_service_client::ProfileServiceClient::new(wire("casework"))
            .apply_profile(casework)
            .await
            .unwrap();
        let evaluation = evaluation::ApplyProfileRequest {
            request_id: key(),
            profile: Some(profile.evaluation),
            dry_run: false,
        };
        evaluation::profile_service_client::ProfileServiceClient::new(wire("evaluation"))
            .apply_profile(evaluation)
            .await
            .unwrap();
    }

    /// An online call about a car in the way: a matter of the grid.
    pub fn blocked_way() -> intake::SubmitRequestRequest {
        intake::SubmitRequestRequest {
            request_id: key(),
            district: DISTRICT.into(),
            channel: intake::Channel::Online.into(),
            content: "有车辆堵住楼栋出入口，请联系车主挪车".into(),
            location: Some(Location { address: "恒大双城".into(), area: GRID.into(), point: None }),
            ..Default::default()
        }
    }

    /// Submits, again and again with the same key while the service is away: what a platform does.
    pub async fn submit_until_taken(
        &self,
        call: intake::SubmitRequestRequest,
    ) -> intake::SubmitRequestResponse {
        eventually("the call is taken", async || self.platform().submit_request(call.clone()).await.ok())
            .await
            .into_inner()
    }

    /// The case on a request, once it is open.
    pub async fn case_of(&self, number: &str) -> casework::Case {
        eventually(&format!("a case for {number}"), async || self.case(number).await.ok()).await
    }

    pub async fn case(&self, id: &str) -> Result<casework::Case, Status> {
        Ok(self.leader().get_case(casework::GetCaseRequest { id: id.to_owned() }).await?.into_inner())
    }

    /// The case once it is as wanted.
    pub async fn case_when(
        &self,
        id: &str,
        what: &str,
        wanted: impl Fn(&casework::Case) -> bool,
    ) -> casework::Case {
        eventually(&format!("case {id}: {what}"), async || {
            self.case(id).await.ok().filter(|case| wanted(case))
        })
        .await
    }

    /// From the call to the account struck off, by whoever holds the case. Every step is tried until it takes: services may be away.
    pub async fn see_through(&self, number: &str) -> casework::Case {
        let case = self.case_of(number).await;
        let case = self.step(&case.id, casework::CaseState::Working, |case| {
            let request =
                casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
            let mut staff = self.staff(&case.holder);
            async move { staff.accept_case(request).await.map(drop) }
        });
        let case = case.await;
        let case = self.step(&case.id, casework::CaseState::Resolved, |case| {
            let request = casework::ResolveCaseRequest {
                request_id: key(),
                id: case.id.clone(),
                version: case.version,
                answer: "已联系车主，车辆已挪开".into(),
                handling: None,
            };
            let mut staff = self.staff(&case.holder);
            async move { staff.resolve_case(request).await.map(drop) }
        });
        let case = case.await;
        self.satisfied(&case.id).await;
        self.case_when(&case.id, "is struck off", |case| case.state() == casework::CaseState::Closed).await
    }

    async fn step<F: Future<Output = Result<(), Status>>>(
        &self,
        id: &str,
        wanted: casework::CaseState,
        step: impl Fn(casework::Case) -> F,
    ) -> casework::Case {
        eventually(&format!("case {id} becomes {wanted:?}"), async || {
            let case = self.case(id).await.ok()?;
            if case.state() as i32 >= wanted as i32 {
                return Some(case);
            }
            match step(case).await {
                Ok(()) => None,
                Err(status) => {
                    assert!(
                        matches!(
                            status.code(),
                            Code::Aborted
                                | Code::Unavailable
                                | Code::DeadlineExceeded
                                | Code::Cancelled
                                | Code::Unknown
                        ),
                        "{status}"
                    );
                    None
                }
            }
        })
        .await
    }

    /// The reporter of a resolved case is asked and says it is solved.
    pub async fn satisfied(&self, case: &str) {
        self.verdict(case, true).await;
    }

    pub async fn verdict(&self, case: &str, solved: bool) {
        use evaluation::{CallbackState, Satisfaction};
        eventually(&format!("the callback of case {case} is recorded"), async || {
            let list = evaluation::ListCallbacksRequest {
                district: DISTRICT.into(),
                case: case.to_owned(),
                ..Default::default()
            };
            let callbacks = self.callback().list_callbacks(list).await.ok()?.into_inner().callbacks;
            let attempt = callbacks.iter().map(|callback| callback.attempt).max()?;
            let mut asked = callbacks.into_iter().filter(|callback| callback.attempt == attempt);
            // Of a case of several requests each reporter is asked, one after the other.
            let Some(latest) = asked.find(|callback| callback.state() == CallbackState::Pending) else {
                return Some(());
            };
            let satisfaction = if solved { Satisfaction::Satisfied } else { Satisfaction::Unsatisfied };
            let verdict = evaluation::Verdict {
                contacted: true,
                solved,
                satisfaction: satisfaction.into(),
                ..Default::default()
            };
            let request = evaluation::RecordVerdictRequest {
                request_id: key(),
                id: latest.id,
                version: latest.version,
                verdict: Some(verdict),
            };
            let judged = self.callback().record_verdict(request).await.ok()?.into_inner();
            judged.settles.map(drop)
        })
        .await;
    }
}
