//! How far each kind of caller reaches, on every RPC there is: roles × areas against one table of rules. An RPC without a rule fails.
//!
//! One life lies in one grid. Whoever reaches it is answered, or refused for something else; whoever does not is told, word for word,
//! what is told of something that is not there. What is asked for by its district is refused from the token and the question alone.

mod effects;
mod overdue;
mod reused;
mod table;
mod table_inquiries;
mod table_persons;
mod table_privacy;
mod table_signs;
mod topics;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures::stream;
use http::uri::PathAndQuery;
use huying_chassis::{
    auth::{CITY, Role},
    clock::system_now,
};
use huying_proto::{
    casework::v1 as casework, common::v1 as common, evaluation::v1 as evaluation, intake::v1 as intake,
    routing::v1 as routing,
};
use huying_testing::{Bearer, Wire, eventually, reason};
use huying_tests::{
    People, SERVICES, World,
    people::{DISTRICT, GRID},
    world::key,
};
use sha2::{Digest as _, Sha256};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

use super::access::{bearer, roles, rpcs};
pub use table::Row;
pub use table::{Ids, absence, beginning, convening, rows};

/// A department that is called on the life's case; other districts have one of the same code.
pub const UNIT: &str = "DEP-jiaoguan";

/// What a token says of its area, seen from the life's grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    None,
    Empty,
    District,
    Street,
    OtherStreet,
    Above,
    OtherDistrict,
    City,
}

impl Area {
    const ALL: [Self; 8] = [
        Self::None,
        Self::Empty,
        Self::District,
        Self::Street,
        Self::OtherStreet,
        Self::Above,
        Self::OtherDistrict,
        Self::City,
    ];

    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Empty => Some(""),
            Self::District => Some(DISTRICT),
            Self::Street => Some(&GRID[..9]),
            Self::OtherStreet => Some("420102003"),
            Self::Above => Some(&DISTRICT[..4]),
            Self::OtherDistrict => Some("420103"),
            Self::City => Some(CITY),
        }
    }

    /// All of the district is within.
    fn governs(self) -> bool {
        matches!(self, Self::District | Self::Above | Self::City)
    }

    /// The life's grid is within.
    fn sees(self) -> bool {
        self.governs() || self == Self::Street
    }

    /// Some of the district is within.
    fn touches(self) -> bool {
        self.sees() || self == Self::OtherStreet
    }

    /// It lies in the district, so that a unit beside it is one of the district.
    fn lies_in(self) -> bool {
        matches!(self, Self::District | Self::Street | Self::OtherStreet)
    }
}

/// What a caller is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, or a refusal for something else than reach.
    Reached,
    Absent,
    Outside,
    NotForRole,
    NoToken,
}

impl Outcome {
    pub fn of(answer: &Result<(), Status>) -> Self {
        let Err(status) = answer else { return Self::Reached };
        match (status.code(), reason(status).as_str()) {
            (Code::NotFound, "NOT_FOUND") => Self::Absent,
            (Code::PermissionDenied, "OUTSIDE_AREA" | "OUTSIDE_UNIT") => Self::Outside,
            (Code::PermissionDenied, "ROLE_NOT_ALLOWED") => Self::NotForRole,
            (Code::Unauthenticated, "TOKEN_INVALID") => Self::NoToken,
            _ => Self::Reached,
        }
    }
}

/// Messages that are bytes already.
#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        prost::bytes::BufMut::put_slice(into, &item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        let whole = prost::bytes::Buf::remaining(from);
        prost::bytes::Buf::advance(from, whole);
        Ok(Some(()))
    }
}

pub struct Callers {
    channels: BTreeMap<&'static str, Channel>,
}

impl Callers {
    pub fn new(world: &World) -> Self {
        let channel = |service: &'static str| {
            let address = format!("http://{}", world.address(service));
            (service, Endpoint::from_shared(address).unwrap().connect_lazy())
        };
        Self { channels: SERVICES.into_iter().map(channel).collect() }
    }

    pub async fn call(
        &self,
        service: &str,
        path: &str,
        bearer: &Bearer,
        message: &[u8],
    ) -> Result<(), Status> {
        let wire: Wire = InterceptedService::new(self.channels[service].clone(), bearer.clone());
        let mut grpc = Grpc::new(wire);
        grpc.ready().await.unwrap();
        let path: PathAndQuery = path.parse().unwrap();
        // A refusal comes in place of the stream, also where there is but one answer.
        grpc.server_streaming(Request::new(message.to_vec()), path, Raw).await.map(drop)
    }
}

/// A request by a platform, its route, its case on which a department was called, and its callback; all in one grid.
pub async fn life(people: &People) -> Ids {
    let request = async || people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let (lived, acted) = (request().await, request().await);
    let (mut case, mut tries) = (people.case_of(&lived.number).await, 0);
    while case.holder != format!("S-{}", &GRID[..9]) {
        let up = casework::EscalateCaseRequest {
            request_id: key(),
            id: case.id.clone(),
            version: case.version,
            reason: "联系不上车主".into(),
        };
        case = people.staff(&case.holder).escalate_case(up).await.unwrap().into_inner();
        tries += 1;
        assert!(tries < 4, "a case climbs to its street");
    }
    let accept =
        casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    let case = people.staff(&case.holder).accept_case(accept).await.unwrap().into_inner();
    let call = casework::CallDepartmentsRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        summons: vec![casework::Summons {
            unit: UNIT.into(),
            lead: true,
            task: "拖车".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let called = people.staff(&case.holder).call_departments(call).await.unwrap().into_inner();
    let (case, dispatch) = (called.case.unwrap(), called.dispatches[0].clone());
    let (case, attachment) = attaching(people, case).await;
    let (case, approval) = asking(people, case).await;
    let convene = convening(&case.id, GRID);
    let meeting = people.meetings(&case.holder).convene_meeting(convene).await.unwrap().into_inner().id;
    let away = people.officers(UNIT).record_absence(absence("jiaoguan-1")).await.unwrap().into_inner().id;
    completing(people, &dispatch).await;
    let resolve = casework::ResolveCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        answer: "已挪开".into(),
        handling: None,
    };
    people.staff(&case.holder).resolve_case(resolve).await.unwrap();
    let (district, of_case) = (DISTRICT.to_owned(), case.id.clone());
    let list = evaluation::ListCallbacksRequest { district, case: of_case, ..Default::default() };
    let callback = eventually("the callback is open", async || {
        people.callback().list_callbacks(list.clone()).await.ok()?.into_inner().callbacks.pop()
    })
    .await;
    let get = routing::GetRouteRequest { request: lived.id.clone() };
    let route = people.routing(Role::Leader).get_route(get).await.unwrap().into_inner();
    assert!(route.decision.unwrap().departments.iter().any(|unit| unit == UNIT), "the route concerns it");
    Ids {
        request: lived.id,
        acted: acted.id,
        inquiry: table_inquiries::opened(people, &case.id).await,
        case: case.id,
        dispatch: dispatch.id,
        approval,
        callback: callback.id,
        attachment,
        meeting,
        absence: away,
        ..published(people).await
    }
}

/// A round of one who was asked about a life just lived, handed out; and its interview. Drawn of whatever was resolved these days, so it is
/// no part of a life.
pub async fn round(people: &People) -> (String, String) {
    let day = |days| (system_now() + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    let mut rounds = people.rounds();
    let round = rounds.begin_round(beginning(&day(-1), &day(1))).await.unwrap().into_inner();
    let hand_out = evaluation::HandOutRequest {
        request_id: key(),
        id: round.id.clone(),
        version: round.version,
        interviewers: vec![evaluation::Interviewer { unit: "callbacks".into(), subject: String::new() }],
        interviews: Vec::new(),
    };
    rounds.hand_out(hand_out).await.unwrap();
    let (district, state) = (DISTRICT.to_owned(), evaluation::InterviewState::Waiting.into());
    let list =
        evaluation::ListInterviewsRequest { district, round: round.id.clone(), state, ..Default::default() };
    let interview = rounds.list_interviews(list).await.unwrap().into_inner().interviews.remove(0);
    (round.id, interview.id)
}

/// A life, and a round about it.
pub async fn life_and_round(people: &People) -> Ids {
    let ids = Box::pin(life(people)).await;
    let (round, interview) = round(people).await;
    Ids { round, interview, ..ids }
}

/// What stands apart from cases: a guide of the handbook, a visit, a card, a forum, and what was offered there.
async fn published(people: &People) -> Ids {
    let hold = intake::HoldForumRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: intake::ForumKind::RoundTable.into(),
        place: "居民议事厅".into(),
        hold_time: Some(pbjson_types::Timestamp { seconds: 1_772_413_200, nanos: 0 }),
        host: UNIT.into(),
        offers: vec![intake::OfferContent {
            kind: intake::OfferKind::Service.into(),
            side: intake::OfferSide::ResidentUnit.into(),
            party: "某中学".into(),
            title: "开放操场".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let mut forum = people.forums().hold_forum(hold).await.unwrap().into_inner();
    let offer = forum.offers.pop().unwrap();
    Ids {
        guide: publishing(people).await,
        visit: visiting(people).await,
        card: issuing(people).await,
        forum: forum.id,
        offer,
        topic: topics::opened(people).await,
        ..Ids::nowhere()
    }
}

/// A guide of the handbook; its code.
async fn publishing(people: &People) -> String {
    let guide = intake::Guide {
        district: DISTRICT.into(),
        code: format!("gas-{}", key()),
        kind: intake::GuideKind::Service.into(),
        title: "燃气开户".into(),
        text: "带身份证".into(),
        unit: UNIT.into(),
        ..Default::default()
    };
    let publish = intake::PublishGuideRequest { request_id: key(), guide: Some(guide), version: 0 };
    people.handbook().publish_guide(publish).await.unwrap().into_inner().code
}

/// A visit that found a hidden danger, with its archive.
async fn visiting(people: &People) -> table::VisitIds {
    let danger = intake::Finding {
        kind: intake::FindingKind::HiddenDanger.into(),
        content: "楼道堆放液化气瓶".into(),
        ..Default::default()
    };
    let record = intake::RecordVisitRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: intake::VisitedKind::Household.into(),
        visited: Some(intake::Visited { address: key(), ..Default::default() }),
        team: vec!["网格员".into()],
        findings: vec![danger],
        ..Default::default()
    };
    let mut team = people.visits(&format!("G-{GRID}"));
    let visit = team.record_visit(record).await.unwrap().into_inner().visit.unwrap();
    table::VisitIds { risk: visit.found[0].id.clone(), archive: visit.archive, visit: visit.id }
}

/// A card of the life's grid; its id, and its code.
async fn issuing(people: &People) -> (String, String) {
    let issue = intake::IssueCardsRequest {
        request_id: key(),
        district: DISTRICT.into(),
        kind: intake::CardKind::ServiceCard.into(),
        area: GRID.into(),
        unit: format!("G-{GRID}"),
        cadre: "某某".into(),
        phone: "027-82345678".into(),
        address: String::new(),
        count: 1,
    };
    let card = people.cards().issue_cards(issue).await.unwrap().into_inner().cards.remove(0);
    (card.id, card.code)
}

/// The called department comes, and is done.
async fn completing(people: &People, dispatch: &casework::Dispatch) {
    let mut version = dispatch.version;
    for response in [casework::DispatchResponse::Accept, casework::DispatchResponse::Complete] {
        let respond = casework::RespondDispatchRequest {
            request_id: key(),
            id: dispatch.id.clone(),
            version,
            response: response.into(),
            note: "已拖走".into(),
        };
        version = people.called(UNIT).respond_dispatch(respond).await.unwrap().into_inner().version;
    }
}

/// The case to which the called department added a photo, and that.
async fn attaching(people: &People, case: casework::Case) -> (casework::Case, String) {
    let photo = stream::iter([photo(&case.id, true)]);
    let added = people.attaching(UNIT).upload_attachment(photo).await.unwrap().into_inner();
    (people.case_of(&case.number).await, added.id)
}

/// The case whose holder asks for more time, and the approval.
async fn asking(people: &People, case: casework::Case) -> (casework::Case, String) {
    let resolve = case.clocks.iter().find(|clock| clock.kind() == casework::ClockKind::Resolve).unwrap();
    let more = Some(common::Limit { amount: 1, ..resolve.limit.unwrap() });
    let ask = casework::AskExtensionRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        more,
        reason: "车主在外地".into(),
    };
    let case = people.staff(&case.holder).ask_extension(ask).await.unwrap().into_inner();
    let approval = case.approvals[0].id.clone();
    (case, approval)
}

/// A photo in one message; or one whose bytes are not those that are said.
pub fn photo(case: &str, right: bool) -> casework::UploadAttachmentRequest {
    let chunk = b"\xff\xd8\xff\xe0\x00\x10JFIF".to_vec();
    let said = if right { &chunk[..] } else { b"another" };
    casework::UploadAttachmentRequest {
        request_id: key(),
        case: case.to_owned(),
        kind: casework::AttachmentKind::AfterPhoto.into(),
        name: "拖走后.jpg".into(),
        size: chunk.len() as i64,
        sha256: hex::encode(Sha256::digest(said)),
        chunk,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_28_29_every_rpc_reaches_as_far_as_its_rule_says() {
    let world = World::inside().await;
    let (real, nowhere) = (Box::pin(life_and_round(&world.people())).await, Ids::nowhere());
    let (rows, absent) = (rows(&world, &real), rows(&world, &nowhere));
    let callers = Callers::new(&world);
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (package, path) in rpcs() {
        let row = rows.get(path.as_str()).unwrap_or_else(|| panic!("{path} has no rule in reach/table.rs"));
        let served = |service: &&str| package == format!("huying.{service}.v1") || package == "huying.log.v1";
        for service in SERVICES.into_iter().filter(served) {
            for (role, area) in Role::ALL.iter().flat_map(|&role| Area::ALL.map(|area| (role, area))) {
                let unit = (role == Role::Department && (area.lies_in() || area == Area::OtherDistrict))
                    .then_some(UNIT);
                let bearer = bearer(&world, (service, &path), role, unit, area.code());
                let expected = expected(row, &path, role, area);
                let answer = callers.call(service, &path, &bearer, &row.message).await;
                let told = Outcome::of(&answer);
                if told != expected {
                    wrong.push(format!(
                        "{service} {path} {role:?} {area:?}: {told:?}, not {expected:?}: {answer:?}"
                    ));
                } else if told == Outcome::Absent {
                    let never = callers.call(service, &path, &bearer, &absent[path.as_str()].message).await;
                    assert_eq!(words(answer, &real), words(never, &nowhere), "{path} {role:?} {area:?}");
                }
                asked += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 4000, "only {asked}: are the RPCs still found?");
    let known: Vec<String> = rpcs().into_iter().map(|(_, path)| path).collect();
    let idle: Vec<_> = rows.keys().filter(|path| !known.contains(&path.to_string())).collect();
    assert!(idle.is_empty(), "rules for no RPC: {idle:?}");
}

pub fn expected(row: &Row, path: &str, role: Role, area: Area) -> Outcome {
    if row.rule == table::Rule::Anyone {
        return Outcome::Reached;
    }
    if area == Area::Empty {
        return Outcome::NoToken;
    }
    if !roles(path).contains(&role) {
        return Outcome::NotForRole;
    }
    row.rule.expected(role, area)
}

/// All that a refusal says, without the ids that were asked for.
fn words(answer: Result<(), Status>, ids: &Ids) -> String {
    let status = answer.unwrap_err();
    let all =
        format!("{:?} {} {}", status.code(), status.message(), String::from_utf8_lossy(status.details()));
    ids.all().into_iter().fold(all, |all, id| all.replace(id, "ID"))
}
