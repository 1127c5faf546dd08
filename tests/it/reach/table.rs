//! The rule of every RPC, and a message that asks it for the life. Steps name a version that never was: who reaches what they are about
//! is told that it has moved on, and nothing changes.

mod appeals;
mod ratings;

use std::collections::BTreeMap;

use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::{
    casework::v1 as casework, common::v1 as common, common::v1::Location, evaluation::v1 as evaluation,
    intake::v1 as intake, log::v1 as log, routing::v1 as routing,
};
use huying_tests::{
    World,
    people::{DISTRICT, GRID},
    world::key,
};
use prost::Message;

use super::{
    Area, Outcome, UNIT, photo, table_inquiries, table_privacy::of_privacy, table_signs::of_signs, topics,
};

/// No aggregate here has come so far.
pub(super) const NEVER: i64 = 99;

/// How far an RPC reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// No token is asked for.
    Anyone,
    /// The whole installation's.
    Everything,
    /// No secret among those who work here.
    Directory,
    /// For who governs the district.
    Profile,
    /// Asked for by its district: some of it must be within.
    District,
    /// Done in an area, which must be within.
    Area,
    /// A list or a rate by offices for their area, and by these for their own unit.
    List(&'static [Role]),
    /// The unit's own, and for who governs the district.
    Watch,
    /// One aggregate: for offices whose area it lies in, and by these for their own unit or as the platform that sent it.
    One(&'static [Role]),
    /// One aggregate that is a unit's own, and for who governs the district.
    OneOfUnit,
    /// One aggregate that concerns no unit of these callers.
    OneNotTheirs(&'static [Role]),
    /// The same, which the platform reaches that sent what it is about.
    OneOfSender(&'static [Role]),
    /// One aggregate: for offices whose area it lies in, and for departments and officers whose unit it is.
    OneOfOwner,
    /// One aggregate of a district, some of which must be within.
    OneOfDistrict,
}

const DEPARTMENT: &[Role] = &[Role::Department];
pub(super) const JUDGED: &[Role] = &[Role::Officer, Role::Department];
const CASE: Rule = Rule::One(DEPARTMENT);
const CALLBACK: Rule = Rule::OneOfSender(JUDGED);
const APPROVAL: Rule = Rule::OneNotTheirs(DEPARTMENT);
const MEETING: Rule = Rule::One(&[]);
const CARD: Rule = Rule::One(&[]);
pub(super) const REQUEST: Rule = Rule::One(&[Role::Platform]);
pub(super) const VISIT: Rule = Rule::One(&[]);
const ROUND: Rule = Rule::One(&[]);

impl Rule {
    /// What a caller of a role that may call, with a token that is one, is told.
    pub fn expected(self, role: Role, area: Area) -> Outcome {
        let (reached, otherwise) = match self {
            Self::Anyone => (true, Outcome::Reached),
            Self::Directory => (true, Outcome::Reached),
            Self::Everything => (area == Area::City, Outcome::Outside),
            Self::Profile => (area.governs(), Outcome::Outside),
            Self::District => (area.touches(), Outcome::Outside),
            Self::Area => (area.sees(), Outcome::Outside),
            Self::Watch if role == Role::Department => (area.lies_in(), Outcome::Outside),
            // What it sent itself.
            Self::Watch if role == Role::Platform => (area.touches(), Outcome::Outside),
            Self::Watch => (area.governs(), Outcome::Outside),
            // Officers carry no unit here.
            Self::List(own) if own.contains(&role) => {
                (role == Role::Department && area.lies_in(), Outcome::Outside)
            }
            Self::List(_) => (area.touches(), Outcome::Outside),
            Self::One(own) if own.contains(&role) => {
                let own = if role == Role::Platform { area.touches() } else { area.lies_in() };
                (own, Outcome::Absent)
            }
            // Officers carry no unit here.
            Self::OneOfOwner if JUDGED.contains(&role) => {
                (role == Role::Department && area.lies_in(), Outcome::Absent)
            }
            Self::OneOfUnit if role == Role::Department => (area.lies_in(), Outcome::Absent),
            Self::OneOfUnit => (area.governs(), Outcome::Absent),
            Self::OneOfDistrict => (area.touches(), Outcome::Absent),
            Self::OneNotTheirs(own) | Self::OneOfSender(own) if own.contains(&role) => {
                (false, Outcome::Absent)
            }
            Self::OneOfSender(_) if role == Role::Platform => (area.touches(), Outcome::Absent),
            Self::One(_) | Self::OneNotTheirs(_) | Self::OneOfSender(_) | Self::OneOfOwner => {
                (area.sees(), Outcome::Absent)
            }
        };
        if reached { Outcome::Reached } else { otherwise }
    }
}

/// A rule, and a message to try it with.
pub struct Row {
    pub rule: Rule,
    pub message: Vec<u8>,
}

/// What is asked for.
pub struct Ids {
    pub request: String,
    /// Another request, for steps that happen.
    pub acted: String,
    pub case: String,
    pub dispatch: String,
    pub approval: String,
    pub callback: String,
    pub attachment: String,
    pub meeting: String,
    /// Of an officer of the called department.
    pub absence: String,
    /// The code of a guide.
    pub guide: String,
    pub visit: VisitIds,
    /// A card, and its code.
    pub card: (String, String),
    pub forum: String,
    pub offer: String,
    /// A round over the life's grid, and an interview of it.
    pub round: String,
    pub interview: String,
    /// A topic of the life's street, that the called department owns.
    pub topic: String,
    /// An inquiry in the life's street, of the called department.
    pub inquiry: String,
}

/// Of a visit to a household, what it found, and the archive.
pub struct VisitIds {
    pub visit: String,
    pub archive: String,
    pub risk: String,
}

impl Ids {
    pub fn nowhere() -> Self {
        Self {
            request: key(),
            acted: key(),
            guide: key(),
            visit: VisitIds { visit: key(), archive: key(), risk: key() },
            card: (key(), key()),
            forum: key(),
            offer: key(),
            round: key(),
            interview: key(),
            topic: key(),
            inquiry: key(),
            case: key(),
            dispatch: key(),
            approval: key(),
            callback: key(),
            attachment: key(),
            meeting: key(),
            absence: key(),
        }
    }

    pub fn all(&self) -> [&str; 19] {
        [
            &self.request,
            &self.acted,
            &self.case,
            &self.dispatch,
            &self.approval,
            &self.callback,
            &self.attachment,
            &self.meeting,
            &self.absence,
            &self.visit.visit,
            &self.visit.archive,
            &self.visit.risk,
            &self.card.0,
            &self.forum,
            &self.offer,
            &self.round,
            &self.interview,
            &self.topic,
            &self.inquiry,
        ]
    }
}

pub(super) struct Rows(BTreeMap<&'static str, Row>);

impl Rows {
    pub(super) fn add(&mut self, path: &'static str, rule: Rule, message: impl Message) {
        let row = Row { rule, message: message.encode_to_vec() };
        assert!(self.0.insert(path, row).is_none(), "{path} has two rules");
    }
}

/// The table.
pub fn rows(world: &World, ids: &Ids) -> BTreeMap<&'static str, Row> {
    let mut rows = Rows(BTreeMap::new());
    of_intake(&mut rows, world, ids);
    of_handbook(&mut rows, ids);
    of_privacy(&mut rows, ids);
    of_visits(&mut rows, ids);
    of_archives(&mut rows, ids);
    of_risks(&mut rows, ids);
    of_cards(&mut rows, ids);
    of_forums(&mut rows, ids);
    of_offers(&mut rows, ids);
    of_bonds(&mut rows);
    super::table_persons::of_persons(&mut rows, ids);
    of_routing(&mut rows, world, ids);
    of_cases(&mut rows, ids);
    of_case_pauses(&mut rows, ids);
    of_supervision(&mut rows, ids);
    of_groups(&mut rows, ids);
    of_case_reads(&mut rows, world, ids);
    of_dispatches(&mut rows, ids);
    of_approvals(&mut rows, ids);
    of_attachments(&mut rows, ids);
    of_meetings(&mut rows, ids);
    of_officers(&mut rows, ids);
    of_ledgers(&mut rows);
    of_evaluation(&mut rows, world, ids);
    appeals::of_appeals(&mut rows, ids);
    ratings::of_ratings(&mut rows, ids);
    of_rounds(&mut rows, ids);
    topics::of_topics(&mut rows, ids);
    super::effects::of_effects(&mut rows);
    super::overdue::of_overdue(&mut rows);
    of_signs(&mut rows);
    table_inquiries::of_inquiries(&mut rows, ids);
    of_logs(&mut rows);
    rows.0
}

fn of_intake(rows: &mut Rows, world: &World, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let submit = intake::SubmitRequestRequest {
        request_id: key(),
        district: district(),
        // Not open there: so that nothing is taken.
        channel: intake::Channel::ResidentQr.into(),
        content: "路灯不亮".into(),
        location: Some(Location { area: GRID.into(), ..Default::default() }),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.RequestService/SubmitRequest", Rule::District, submit);
    let add =
        intake::AddInformationRequest { request_id: key(), id: ids.acted.clone(), content: "还有".into() };
    rows.add("/huying.intake.v1.RequestService/AddInformation", REQUEST, add);
    let join = intake::JoinRequestRequest { request_id: key(), id: ids.acted.clone(), ..Default::default() };
    rows.add("/huying.intake.v1.RequestService/JoinRequest", Rule::OneOfDistrict, join);
    let answer =
        intake::AnswerRequestRequest { request_id: key(), id: ids.acted.clone(), answer: "好了".into() };
    rows.add("/huying.intake.v1.RequestService/AnswerRequest", REQUEST, answer);
    let tell =
        intake::TellProgressRequest { request_id: key(), id: ids.acted.clone(), text: "快了".into() };
    rows.add("/huying.intake.v1.RequestService/TellProgress", REQUEST, tell);
    let withdraw =
        intake::WithdrawRequestRequest { request_id: key(), id: ids.acted.clone(), reason: String::new() };
    rows.add("/huying.intake.v1.RequestService/WithdrawRequest", REQUEST, withdraw);
    let object =
        intake::RaiseObjectionRequest { request_id: key(), id: ids.acted.clone(), reason: "没好".into() };
    rows.add("/huying.intake.v1.RequestService/RaiseObjection", REQUEST, object);
    let get = intake::GetRequestRequest { id: ids.request.clone() };
    rows.add("/huying.intake.v1.RequestService/GetRequest", REQUEST, get);
    let additions = intake::ListAdditionsRequest { id: ids.request.clone(), ..Default::default() };
    rows.add("/huying.intake.v1.RequestService/ListAdditions", REQUEST, additions);
    let progress = intake::ListProgressRequest { id: ids.request.clone(), ..Default::default() };
    rows.add("/huying.intake.v1.RequestService/ListProgress", REQUEST, progress);
    let list = intake::ListRequestsRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.RequestService/ListRequests", Rule::District, list);
    let watch = intake::WatchRequestsRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.RequestService/WatchRequests", Rule::Watch, watch);
    let track = intake::TrackRequestRequest::default();
    rows.add("/huying.intake.v1.RequestService/TrackRequest", Rule::Anyone, track);
    let profile = Some(world.profile.clone().intake);
    let apply = intake::ApplyProfileRequest { request_id: key(), profile, dry_run: true };
    rows.add("/huying.intake.v1.ProfileService/ApplyProfile", Rule::Profile, apply);
}

fn of_handbook(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let guide = intake::Guide {
        district: district(),
        code: ids.guide.clone(),
        kind: intake::GuideKind::Service.into(),
        title: "燃气开户".into(),
        text: "带身份证".into(),
        unit: UNIT.into(),
        ..Default::default()
    };
    // A version that never was, so that nothing is published.
    let publish = intake::PublishGuideRequest { request_id: key(), guide: Some(guide), version: NEVER };
    rows.add("/huying.intake.v1.HandbookService/PublishGuide", Rule::District, publish);
    let withdraw = intake::WithdrawGuideRequest {
        request_id: key(),
        district: district(),
        code: ids.guide.clone(),
        reason: "不办了".into(),
    };
    rows.add("/huying.intake.v1.HandbookService/WithdrawGuide", Rule::District, withdraw);
    let get = intake::GetGuideRequest { district: district(), code: ids.guide.clone(), version: 0 };
    rows.add("/huying.intake.v1.HandbookService/GetGuide", Rule::Directory, get);
    let list = intake::ListGuidesRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.HandbookService/ListGuides", Rule::Directory, list);
    let search =
        intake::SearchGuidesRequest { district: district(), words: "燃气".into(), ..Default::default() };
    rows.add("/huying.intake.v1.HandbookService/SearchGuides", Rule::Directory, search);
}

/// What is to be recorded or opened is refused, since nobody here says for which unit.
fn of_visits(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let record = intake::RecordVisitRequest {
        request_id: key(),
        district: district(),
        area: GRID.into(),
        kind: intake::VisitedKind::Household.into(),
        visited: Some(intake::Visited { address: "一号楼".into(), ..Default::default() }),
        team: vec!["网格员".into()],
        ..Default::default()
    };
    rows.add("/huying.intake.v1.VisitService/RecordVisit", Rule::Area, record);
    let get = intake::GetVisitRequest { id: ids.visit.visit.clone() };
    rows.add("/huying.intake.v1.VisitService/GetVisit", VISIT, get);
    let list = intake::ListVisitsRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.VisitService/ListVisits", Rule::District, list);
    let count = intake::CountVisitsRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.VisitService/CountVisits", Rule::District, count);
}

fn of_archives(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let open = intake::OpenArchiveRequest {
        request_id: key(),
        district: district(),
        area: GRID.into(),
        kind: intake::ArchiveKind::Household.into(),
        visited: Some(intake::Visited { address: "一号楼".into(), ..Default::default() }),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.ArchiveService/OpenArchive", Rule::Area, open);
    let update = intake::UpdateArchiveRequest {
        request_id: key(),
        id: ids.visit.archive.clone(),
        version: NEVER,
        needs: vec!["送药上门".into()],
        ..Default::default()
    };
    rows.add("/huying.intake.v1.ArchiveService/UpdateArchive", VISIT, update);
    let get = intake::GetArchiveRequest { id: ids.visit.archive.clone() };
    rows.add("/huying.intake.v1.ArchiveService/GetArchive", VISIT, get);
    let list = intake::ListArchivesRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.ArchiveService/ListArchives", Rule::District, list);
    let oblige = intake::ObligeVisitRequest {
        request_id: key(),
        id: ids.visit.archive.clone(),
        version: NEVER,
        reason: intake::DueReason::SafetyAccident.into(),
        on: system_now().date_naive().to_string(),
    };
    rows.add("/huying.intake.v1.ArchiveService/ObligeVisit", VISIT, oblige);
    let due = intake::ListVisitsDueRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.ArchiveService/ListVisitsDue", Rule::District, due);
    let coverage = intake::GetCoverageRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.ArchiveService/GetCoverage", Rule::District, coverage);
}

fn of_risks(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let open = intake::OpenRiskRequest {
        request_id: key(),
        district: district(),
        area: GRID.into(),
        kind: intake::RiskKind::Conflict.into(),
        content: "两户争吵".into(),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.RiskService/OpenRisk", Rule::Area, open);
    let settle = intake::SettleRiskRequest {
        request_id: key(),
        id: ids.visit.risk.clone(),
        version: NEVER,
        outcome: "和好了".into(),
    };
    rows.add("/huying.intake.v1.RiskService/SettleRisk", VISIT, settle);
    let get = intake::GetRiskRequest { id: ids.visit.risk.clone() };
    rows.add("/huying.intake.v1.RiskService/GetRisk", VISIT, get);
    let list = intake::ListRisksRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.RiskService/ListRisks", Rule::District, list);
    let count = intake::CountRisksRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.RiskService/CountRisks", Rule::District, count);
}

fn of_cards(rows: &mut Rows, ids: &Ids) {
    let issue = intake::IssueCardsRequest {
        request_id: key(),
        district: DISTRICT.into(),
        // Its door is not open there: so that nothing is issued.
        kind: intake::CardKind::ResidentQr.into(),
        area: GRID.into(),
        unit: UNIT.into(),
        cadre: "某某".into(),
        phone: "1".into(),
        address: String::new(),
        count: 1,
    };
    rows.add("/huying.intake.v1.CardService/IssueCards", Rule::Area, issue);
    let get = intake::GetCardRequest { id: ids.card.0.clone() };
    rows.add("/huying.intake.v1.CardService/GetCard", CARD, get);
    let list = intake::ListCardsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.intake.v1.CardService/ListCards", Rule::District, list);
    let replace = intake::ReplaceCardRequest {
        request_id: key(),
        id: ids.card.0.clone(),
        version: NEVER,
        reason: "换了网格员".into(),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.CardService/ReplaceCard", CARD, replace);
    let revoke = intake::RevokeCardRequest {
        request_id: key(),
        id: ids.card.0.clone(),
        version: NEVER,
        reason: "遗失".into(),
    };
    rows.add("/huying.intake.v1.CardService/RevokeCard", CARD, revoke);
    let note = intake::NoteCallRequest {
        request_id: key(),
        id: ids.card.0.clone(),
        content: "路灯不亮".into(),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.CardService/NoteCall", CARD, note);
    let resolve = intake::ResolveCardRequest { code: ids.card.1.clone() };
    rows.add("/huying.intake.v1.CardService/ResolveCard", Rule::Anyone, resolve);
    let submit = intake::SubmitByCardRequest {
        request_id: key(),
        code: ids.card.1.clone(),
        content: "路灯不亮".into(),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.CardService/SubmitByCard", Rule::Anyone, submit);
}

fn of_forums(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let hold = intake::HoldForumRequest {
        request_id: key(),
        district: district(),
        area: GRID.into(),
        kind: intake::ForumKind::Talk.into(),
        place: "居民议事厅".into(),
        hold_time: Some(pbjson_types::Timestamp { seconds: 1_772_413_200, nanos: 0 }),
        host: UNIT.into(),
        ..Default::default()
    };
    rows.add("/huying.intake.v1.ForumService/HoldForum", Rule::District, hold);
    let get = intake::GetForumRequest { id: ids.forum.clone() };
    rows.add("/huying.intake.v1.ForumService/GetForum", Rule::One(&[]), get);
    let list = intake::ListForumsRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.ForumService/ListForums", Rule::District, list);
    let day = |n: i64| Some(pbjson_types::Timestamp { seconds: 1_600_000_000 + n * 86_400, nanos: 0 });
    let count = intake::CountForumsRequest {
        district: district(),
        area: String::new(),
        from_time: day(0),
        to_time: day(1),
    };
    rows.add("/huying.intake.v1.ForumService/CountForums", Rule::District, count);
}

fn of_bonds(rows: &mut Rows) {
    let forces = routing::GetGridForcesRequest { district: DISTRICT.to_owned(), area: GRID.into() };
    rows.add("/huying.routing.v1.DirectoryService/GetGridForces", Rule::Anyone, forces);
    let list = intake::ListBondsRequest { district: DISTRICT.to_owned(), ..Default::default() };
    rows.add("/huying.intake.v1.BondService/ListBonds", Rule::District, list);
}

fn of_offers(rows: &mut Rows, ids: &Ids) {
    let (district, id) = (|| DISTRICT.to_owned(), || ids.offer.clone());
    let content = intake::OfferContent {
        kind: intake::OfferKind::Service.into(),
        side: intake::OfferSide::ResidentUnit.into(),
        party: "某中学".into(),
        title: "开放操场".into(),
        ..Default::default()
    };
    let make = intake::MakeOfferRequest {
        request_id: key(),
        district: district(),
        area: GRID.into(),
        content: Some(content),
    };
    rows.add("/huying.intake.v1.OfferService/MakeOffer", Rule::District, make);
    let meet = intake::MatchOfferRequest {
        request_id: key(),
        id: id(),
        version: NEVER,
        counterpart: id(),
        request: String::new(),
    };
    rows.add("/huying.intake.v1.OfferService/MatchOffer", Rule::One(&[]), meet);
    let done =
        intake::CompleteOfferRequest {
            request_id: key(), id: id(), version: NEVER, result: "开放了".into()
        };
    rows.add("/huying.intake.v1.OfferService/CompleteOffer", Rule::One(&[]), done);
    let withdraw =
        intake::WithdrawOfferRequest { request_id: key(), id: id(), version: NEVER, reason: "翻修".into() };
    rows.add("/huying.intake.v1.OfferService/WithdrawOffer", Rule::One(&[]), withdraw);
    let rate = intake::RateOfferRequest {
        request_id: key(),
        id: id(),
        version: NEVER,
        side: intake::OfferSide::Community.into(),
        score: 5,
        comment: String::new(),
    };
    rows.add("/huying.intake.v1.OfferService/RateOffer", Rule::One(&[]), rate);
    let get = intake::GetOfferRequest { id: id() };
    rows.add("/huying.intake.v1.OfferService/GetOffer", Rule::One(&[]), get);
    let list = intake::ListOffersRequest { district: district(), ..Default::default() };
    rows.add("/huying.intake.v1.OfferService/ListOffers", Rule::District, list);
}

fn of_routing(rows: &mut Rows, world: &World, ids: &Ids) {
    let (district, unit) = (|| DISTRICT.to_owned(), || UNIT.to_owned());
    let get = routing::GetRouteRequest { request: ids.request.clone() };
    rows.add("/huying.routing.v1.RouteService/GetRoute", CASE, get);
    let find =
        routing::FindTwinsRequest {
            district: district(), content: "路灯不亮".into(), ..Default::default()
        };
    rows.add("/huying.routing.v1.TwinService/FindTwins", Rule::District, find);
    let twins = routing::ListTwinsRequest { request: ids.request.clone(), ..Default::default() };
    rows.add("/huying.routing.v1.TwinService/ListTwins", Rule::One(&[]), twins);
    let list = routing::ListTriageRequest { district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.RouteService/ListTriage", Rule::District, list);
    let decide = routing::DecideTriageRequest {
        request_id: key(),
        request: ids.request.clone(),
        version: NEVER,
        area: GRID.into(),
        category: "none".into(),
        ..Default::default()
    };
    rows.add("/huying.routing.v1.RouteService/DecideTriage", CASE, decide);
    let count = routing::CountTriageRequest { district: district(), area: String::new() };
    rows.add("/huying.routing.v1.RouteService/CountTriage", Rule::District, count);
    let claim = routing::ClaimTriageRequest { request_id: key(), request: ids.request.clone() };
    rows.add("/huying.routing.v1.RouteService/ClaimTriage", CASE, claim);
    let release = routing::ReleaseTriageRequest { request_id: key(), request: ids.request.clone() };
    rows.add("/huying.routing.v1.RouteService/ReleaseTriage", CASE, release);
    let correct = routing::CorrectRouteRequest {
        request_id: key(),
        request: ids.request.clone(),
        version: NEVER,
        reason: "x".into(),
        category: "none".into(),
        ..Default::default()
    };
    rows.add("/huying.routing.v1.RouteService/CorrectRoute", CASE, correct);
    let superior = routing::ResolveSuperiorRequest { district: district(), unit: unit() };
    rows.add("/huying.routing.v1.DirectoryService/ResolveSuperior", Rule::Directory, superior);
    let units = routing::ResolveUnitsRequest { district: district(), units: vec![unit()] };
    rows.add("/huying.routing.v1.DirectoryService/ResolveUnits", Rule::Directory, units);
    let (area, category, content) = (district(), "x".into(), "x".into());
    let route = routing::ResolveRouteRequest { district: district(), area, category, content, at_least: 0 };
    rows.add("/huying.routing.v1.DirectoryService/ResolveRoute", Rule::Directory, route);
    let one = routing::GetUnitRequest { district: district(), code: unit() };
    rows.add("/huying.routing.v1.DirectoryService/GetUnit", Rule::Directory, one);
    let units = routing::ListUnitsRequest { district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.DirectoryService/ListUnits", Rule::Directory, units);
    let read = routing::ReadLocationRequest { district: district(), location: None };
    rows.add("/huying.routing.v1.DirectoryService/ReadLocation", Rule::Directory, read);
    let area = routing::GetAreaRequest { code: district() };
    rows.add("/huying.routing.v1.DirectoryService/GetArea", Rule::Directory, area);
    let areas = routing::ListAreasRequest { parent: district(), ..Default::default() };
    rows.add("/huying.routing.v1.DirectoryService/ListAreas", Rule::Directory, areas);
    // What is no model is refused after reach was asked.
    let model = routing::ApplyModelRequest { request_id: key(), district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.LearningService/ApplyModel", Rule::Profile, model);
    let model = routing::GetModelRequest { district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.LearningService/GetModel", Rule::District, model);
    let examples = routing::ListExamplesRequest { district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.LearningService/ListExamples", Rule::Profile, examples);
    let one = routing::GetCategoryRequest { district: district(), code: "JA:m:14999".into() };
    rows.add("/huying.routing.v1.DirectoryService/GetCategory", Rule::Directory, one);
    let list = routing::ListCategoriesRequest { district: district(), ..Default::default() };
    rows.add("/huying.routing.v1.DirectoryService/ListCategories", Rule::Directory, list);
    let profile = Some(world.profile.clone().routing);
    let apply = routing::ApplyProfileRequest { request_id: key(), profile, dry_run: true };
    rows.add("/huying.routing.v1.ProfileService/ApplyProfile", Rule::Profile, apply);
    of_rules(rows, world, ids);
}

fn of_rules(rows: &mut Rows, world: &World, ids: &Ids) {
    let explain = routing::ExplainRouteRequest { request: ids.request.clone() };
    rows.add("/huying.routing.v1.RuleService/ExplainRoute", CASE, explain);
    let profile = Some(world.profile.clone().routing);
    let simulate = routing::SimulateProfileRequest { profile, page_size: 50, ..Default::default() };
    rows.add("/huying.routing.v1.RuleService/SimulateProfile", Rule::Profile, simulate);
}

fn of_cases(rows: &mut Rows, ids: &Ids) {
    let (id, version, said) = (|| ids.case.clone(), NEVER, || "x".to_owned());
    let step = casework::AcceptCaseRequest { request_id: key(), id: id(), version };
    rows.add("/huying.casework.v1.CaseService/AcceptCase", CASE, step);
    let step = casework::AddNoteRequest { request_id: key(), id: id(), version, text: said(), public: true };
    rows.add("/huying.casework.v1.CaseService/AddNote", CASE, step);
    let step = casework::EscalateCaseRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/EscalateCase", CASE, step);
    let unit = UNIT.to_owned();
    let step = casework::DelegateCaseRequest { request_id: key(), id: id(), version, unit, reason: said() };
    rows.add("/huying.casework.v1.CaseService/DelegateCase", CASE, step);
    let step = casework::ReturnCaseRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/ReturnCase", CASE, step);
    let (unit, binding, reason) = (UNIT.to_owned(), true, said());
    let step = casework::ArbitrateCaseRequest { request_id: key(), id: id(), version, unit, binding, reason };
    rows.add("/huying.casework.v1.CaseService/ArbitrateCase", CASE, step);
    let summons =
        vec![casework::Summons { unit: UNIT.into(), lead: true, task: said(), ..Default::default() }];
    let step = casework::CallDepartmentsRequest {
        request_id: key(),
        id: id(),
        version,
        summons,
        ..Default::default()
    };
    rows.add("/huying.casework.v1.CaseService/CallDepartments", CASE, step);
    let step =
        casework::MergeCaseRequest { request_id: key(), id: id(), version, into: key(), reason: said() };
    rows.add("/huying.casework.v1.CaseService/MergeCase", CASE, step);
    let step = casework::UnmergeCaseRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/UnmergeCase", CASE, step);
    let category = "x".to_owned();
    let step =
        casework::RecategoriseCaseRequest { request_id: key(), id: id(), version, category, reason: said() };
    rows.add("/huying.casework.v1.CaseService/RecategoriseCase", CASE, step);
    let parts = vec![casework::CasePart { unit: "G-1".into(), content: said() }];
    let step = casework::SplitCaseRequest { request_id: key(), id: id(), version, parts, reason: said() };
    rows.add("/huying.casework.v1.CaseService/SplitCase", CASE, step);
    let step = casework::AskDeclineRequest {
        request_id: key(),
        id: id(),
        version,
        ground: "repeat".into(),
        answer: said(),
    };
    rows.add("/huying.casework.v1.CaseService/AskDecline", CASE, step);
    let step =
        casework::ResolveCaseRequest { request_id: key(), id: id(), version, answer: said(), handling: None };
    rows.add("/huying.casework.v1.CaseService/ResolveCase", CASE, step);
    let step =
        casework::VerifyCaseRequest { request_id: key(), id: id(), version, passed: true, finding: said() };
    rows.add("/huying.casework.v1.CaseService/VerifyCase", CASE, step);
    let step = casework::StrikeOffCaseRequest { request_id: key(), id: id(), version };
    rows.add("/huying.casework.v1.CaseService/StrikeOffCase", CASE, step);
    let (unit, reason) = (UNIT.to_owned(), said());
    let step = casework::RelieveCaseRequest { request_id: key(), id: id(), version, unit, reason };
    rows.add("/huying.casework.v1.CaseService/RelieveCase", CASE, step);
    let step = casework::ReopenCaseRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/ReopenCase", CASE, step);
}

fn of_case_pauses(rows: &mut Rows, ids: &Ids) {
    let (id, version, said) = (|| ids.case.clone(), NEVER, || "x".to_owned());
    let more = Some(common::Limit { kind: common::LimitKind::UrgentHour.into(), amount: 1 });
    let step = casework::AskExtensionRequest { request_id: key(), id: id(), version, more, reason: said() };
    rows.add("/huying.casework.v1.CaseService/AskExtension", CASE, step);
    let step = casework::AskReporterRequest { request_id: key(), id: id(), version, question: said() };
    rows.add("/huying.casework.v1.CaseService/AskReporter", CASE, step);
    let step = casework::AskSuspensionRequest {
        request_id: key(),
        id: id(),
        version,
        plan: said(),
        review_date: "2026-12-24".into(),
        reason: said(),
    };
    rows.add("/huying.casework.v1.CaseService/AskSuspension", CASE, step);
    let review_date = "2026-12-24".to_owned();
    let step = casework::ReviewSuspensionRequest {
        request_id: key(),
        id: id(),
        version,
        review_date,
        remark: said(),
    };
    rows.add("/huying.casework.v1.CaseService/ReviewSuspension", CASE, step);
    let step = casework::ResumeCaseRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/ResumeCase", CASE, step);
}

fn of_supervision(rows: &mut Rows, ids: &Ids) {
    let (id, version, said) = (|| ids.case.clone(), NEVER, || "x".to_owned());
    let level = casework::SupervisionLevel::Urge.into();
    let step = casework::SuperviseCaseRequest { request_id: key(), id: id(), version, level, reason: said() };
    rows.add("/huying.casework.v1.CaseService/SuperviseCase", CASE, step);
    let step = casework::AnswerSupervisionRequest { request_id: key(), id: id(), version, text: said() };
    rows.add("/huying.casework.v1.CaseService/AnswerSupervision", CASE, step);
    let (leader, plan) = (said(), said());
    let step = casework::TakeChargeRequest { request_id: key(), id: id(), version, leader, plan };
    rows.add("/huying.casework.v1.CaseService/TakeCharge", CASE, step);
    let step = casework::ReportChargeRequest { request_id: key(), id: id(), version, text: said() };
    rows.add("/huying.casework.v1.CaseService/ReportCharge", CASE, step);
    let step = casework::EndChargeRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.CaseService/EndCharge", CASE, step);
    let step = casework::AppointOfficerRequest { request_id: key(), id: id(), version, officer: None };
    rows.add("/huying.casework.v1.CaseService/AppointOfficer", CASE, step);
    let step = casework::AcceptCaseRequest { request_id: key(), id: id(), version };
    let step = casework::BatchStep { step: Some(casework::batch_step::Step::Accept(step)) };
    let batch = casework::BatchStepsRequest { steps: vec![step] };
    // Each of its steps is refused for itself.
    rows.add("/huying.casework.v1.CaseService/BatchSteps", Rule::Directory, batch);
    let count = casework::CountSupervisedRequest { district: DISTRICT.into(), year: 2026 };
    rows.add("/huying.casework.v1.CaseService/CountSupervised", Rule::District, count);
}

fn of_case_reads(rows: &mut Rows, world: &World, ids: &Ids) {
    let id = || ids.case.clone();
    let get = casework::GetCaseRequest { id: id() };
    rows.add("/huying.casework.v1.CaseService/GetCase", CASE, get);
    let allowed = casework::GetAllowedStepsRequest { id: id() };
    rows.add("/huying.casework.v1.CaseService/GetAllowedSteps", CASE, allowed);
    let history = casework::GetHistoryRequest { id: id(), ..Default::default() };
    rows.add("/huying.casework.v1.CaseService/GetHistory", CASE, history);
    let list = casework::ListCasesRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.casework.v1.CaseService/ListCases", Rule::List(DEPARTMENT), list);
    let watch =
        casework::WatchCasesRequest { district: DISTRICT.into(), unit: UNIT.into(), ..Default::default() };
    rows.add("/huying.casework.v1.CaseService/WatchCases", Rule::Watch, watch);
    let profile = Some(world.profile.casework.clone());
    let apply = casework::ApplyProfileRequest { request_id: key(), profile, dry_run: true };
    rows.add("/huying.casework.v1.ProfileService/ApplyProfile", Rule::Profile, apply);
}

/// What several units do on a case together.
fn of_groups(rows: &mut Rows, ids: &Ids) {
    let (id, version, said) = (|| ids.case.clone(), NEVER, || "x".to_owned());
    let step = casework::HoldConsultationRequest {
        request_id: key(),
        id: id(),
        version,
        participants: vec![UNIT.into()],
        minutes: said(),
        tasks: Vec::new(),
    };
    rows.add("/huying.casework.v1.CaseService/HoldConsultation", CASE, step);
    let (group, task, reason) = (said(), said(), said());
    let step =
        casework::AskResponseGroupRequest { request_id: key(), id: id(), version, group, task, reason };
    rows.add("/huying.casework.v1.CaseService/AskResponseGroup", CASE, step);
    let step = casework::FormTaskForceRequest {
        request_id: key(),
        id: id(),
        version,
        name: said(),
        chair: said(),
        members: vec![UNIT.into()],
        task: said(),
        until_time: Some(Default::default()),
        other_cases: Vec::new(),
    };
    rows.add("/huying.casework.v1.CaseService/FormTaskForce", CASE, step);
    let (group, reason) = (said(), said());
    let step = casework::EndGroupRequest { request_id: key(), id: id(), version, group, reason };
    rows.add("/huying.casework.v1.CaseService/EndGroup", CASE, step);
}

fn of_ledgers(rows: &mut Rows) {
    let (district, ledger) = (|| DISTRICT.to_owned(), || "problems".to_owned());
    let list = casework::ListLedgersRequest { district: district() };
    rows.add("/huying.casework.v1.LedgerService/ListLedgers", Rule::List(DEPARTMENT), list);
    let cases =
        casework::ListLedgerCasesRequest { district: district(), ledger: ledger(), ..Default::default() };
    rows.add("/huying.casework.v1.LedgerService/ListLedgerCases", Rule::List(DEPARTMENT), cases);
    let count = casework::CountLedgerRequest { district: district(), ledger: ledger(), ..Default::default() };
    rows.add("/huying.casework.v1.LedgerService/CountLedger", Rule::List(DEPARTMENT), count);
    let export =
        casework::ExportLedgerRequest { district: district(), ledger: ledger(), ..Default::default() };
    rows.add("/huying.casework.v1.LedgerService/ExportLedger", Rule::List(DEPARTMENT), export);
}

fn of_meetings(rows: &mut Rows, ids: &Ids) {
    let (id, version, said) = (|| ids.meeting.clone(), NEVER, || "x".to_owned());
    let convene = convening(&ids.case, "");
    rows.add("/huying.casework.v1.MeetingService/ConveneMeeting", Rule::Profile, convene);
    let outcome = casework::MeetingOutcome { case: ids.case.clone(), outcome: said(), settled: true };
    let step = casework::RecordMeetingRequest {
        request_id: key(),
        id: id(),
        version,
        parties: residents(),
        minutes: said(),
        outcomes: vec![outcome],
    };
    rows.add("/huying.casework.v1.MeetingService/RecordMeeting", MEETING, step);
    let step = casework::CancelMeetingRequest { request_id: key(), id: id(), version, reason: said() };
    rows.add("/huying.casework.v1.MeetingService/CancelMeeting", MEETING, step);
    let get = casework::GetMeetingRequest { id: id() };
    rows.add("/huying.casework.v1.MeetingService/GetMeeting", MEETING, get);
    let list = casework::ListMeetingsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.casework.v1.MeetingService/ListMeetings", Rule::List(&[]), list);
    let count = casework::CountMeetingsRequest {
        district: DISTRICT.into(),
        area: String::new(),
        from_time: Some(Default::default()),
        until_time: Some(pbjson_types::Timestamp { seconds: 3600, nanos: 0 }),
    };
    rows.add("/huying.casework.v1.MeetingService/CountMeetings", Rule::List(&[]), count);
}

fn of_officers(rows: &mut Rows, ids: &Ids) {
    let (district, unit) = (|| DISTRICT.to_owned(), || UNIT.to_owned());
    // Nobody of the roster, so that nothing is recorded.
    let record = absence("nobody");
    rows.add("/huying.casework.v1.OfficerService/RecordAbsence", Rule::Watch, record);
    let end = casework::EndAbsenceRequest { request_id: key(), id: ids.absence.clone(), version: NEVER };
    rows.add("/huying.casework.v1.OfficerService/EndAbsence", Rule::OneOfUnit, end);
    let list = casework::ListAbsencesRequest { district: district(), unit: unit(), ..Default::default() };
    rows.add("/huying.casework.v1.OfficerService/ListAbsences", Rule::Watch, list);
    let list = casework::ListOfficersRequest { district: district(), unit: unit() };
    rows.add("/huying.casework.v1.OfficerService/ListOfficers", Rule::Watch, list);
}

/// An officer of the called department is away for a day.
pub fn absence(subject: &str) -> casework::RecordAbsenceRequest {
    let begins = system_now().timestamp();
    let at = |seconds| Some(pbjson_types::Timestamp { seconds, nanos: 0 });
    casework::RecordAbsenceRequest {
        request_id: key(),
        district: DISTRICT.into(),
        unit: UNIT.into(),
        subject: subject.into(),
        kind: casework::AbsenceKind::Training.into(),
        from_time: at(begins),
        until_time: at(begins + 86_400),
    }
}

fn residents() -> Vec<casework::Party> {
    vec![casework::Party { kind: casework::PartyKind::Residents.into(), name: String::new(), people: 1 }]
}

/// A meeting about a case, in an area.
pub fn convening(case: &str, area: &str) -> casework::ConveneMeetingRequest {
    casework::ConveneMeetingRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: area.into(),
        place: "x".into(),
        title: "x".into(),
        agenda: vec!["x".into()],
        cases: vec![case.into()],
        parties: residents(),
        start_time: Some(Default::default()),
    }
}

fn of_dispatches(rows: &mut Rows, ids: &Ids) {
    let (id, version) = (|| ids.dispatch.clone(), NEVER);
    let step = casework::RespondDispatchRequest {
        request_id: key(),
        id: id(),
        version,
        response: casework::DispatchResponse::Accept.into(),
        note: String::new(),
    };
    rows.add("/huying.casework.v1.DispatchService/RespondDispatch", CASE, step);
    let step =
        casework::AppointDispatchOfficerRequest { request_id: key(), id: id(), version, officer: None };
    rows.add("/huying.casework.v1.DispatchService/AppointDispatchOfficer", CASE, step);
    let step = casework::ArbitrateDispatchRequest {
        request_id: key(),
        id: id(),
        version,
        insist: true,
        reason: "x".into(),
        apt: false,
    };
    rows.add("/huying.casework.v1.DispatchService/ArbitrateDispatch", CASE, step);
    let step = casework::TakeBackDispatchRequest { request_id: key(), id: id(), version, reason: "x".into() };
    rows.add("/huying.casework.v1.DispatchService/TakeBackDispatch", CASE, step);
    let step = casework::ReleadDispatchRequest { request_id: key(), id: id(), version, reason: "x".into() };
    rows.add("/huying.casework.v1.DispatchService/ReleadDispatch", CASE, step);
    let get = casework::GetDispatchRequest { id: id() };
    rows.add("/huying.casework.v1.DispatchService/GetDispatch", CASE, get);
    let list = casework::ListDispatchesRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.casework.v1.DispatchService/ListDispatches", Rule::List(DEPARTMENT), list);
    let count = casework::CountDispatchesRequest {
        district: DISTRICT.into(),
        from_time: Some(Default::default()),
        until_time: Some(pbjson_types::Timestamp { seconds: 3600, nanos: 0 }),
        ..Default::default()
    };
    rows.add("/huying.casework.v1.DispatchService/CountDispatches", Rule::List(&[]), count);
    let watch = casework::WatchDispatchesRequest {
        district: DISTRICT.into(),
        unit: UNIT.into(),
        ..Default::default()
    };
    rows.add("/huying.casework.v1.DispatchService/WatchDispatches", Rule::Watch, watch);
}

fn of_approvals(rows: &mut Rows, ids: &Ids) {
    let (id, version, reason) = (|| ids.approval.clone(), NEVER, || "x".to_owned());
    let step = casework::GrantApprovalRequest { request_id: key(), id: id(), version, reason: reason() };
    rows.add("/huying.casework.v1.ApprovalService/GrantApproval", APPROVAL, step);
    let step = casework::RefuseApprovalRequest { request_id: key(), id: id(), version, reason: reason() };
    rows.add("/huying.casework.v1.ApprovalService/RefuseApproval", APPROVAL, step);
    let get = casework::GetApprovalRequest { id: id() };
    rows.add("/huying.casework.v1.ApprovalService/GetApproval", APPROVAL, get);
    let list = casework::ListApprovalsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.casework.v1.ApprovalService/ListApprovals", Rule::List(DEPARTMENT), list);
}

/// What is sent is refused for its bytes, so that nothing changes.
fn of_attachments(rows: &mut Rows, ids: &Ids) {
    let upload = photo(&ids.case, false);
    rows.add("/huying.casework.v1.AttachmentService/UploadAttachment", CASE, upload);
    let download = casework::DownloadAttachmentRequest { case: ids.case.clone(), id: ids.attachment.clone() };
    rows.add("/huying.casework.v1.AttachmentService/DownloadAttachment", CASE, download);
}

fn of_evaluation(rows: &mut Rows, world: &World, ids: &Ids) {
    let (id, version) = (|| ids.callback.clone(), NEVER);
    let get = evaluation::GetCallbackRequest { id: id() };
    rows.add("/huying.evaluation.v1.CallbackService/GetCallback", CALLBACK, get);
    let verdict = Some(evaluation::Verdict {
        contacted: true,
        solved: true,
        satisfaction: evaluation::Satisfaction::Satisfied.into(),
        ..Default::default()
    });
    let step = evaluation::RecordVerdictRequest { request_id: key(), id: id(), version, verdict };
    rows.add("/huying.evaluation.v1.CallbackService/RecordVerdict", CALLBACK, step);
    let step =
        evaluation::RecordAttemptRequest { request_id: key(), id: id(), version, ..Default::default() };
    rows.add("/huying.evaluation.v1.CallbackService/RecordAttempt", CALLBACK, step);
    let step = evaluation::IssueVerdictLinkRequest { request_id: key(), id: id(), version };
    rows.add("/huying.evaluation.v1.CallbackService/IssueVerdictLink", CALLBACK, step);
    // Empty: whoever calls is told what is wrong with it.
    let give = evaluation::GiveVerdictRequest::default();
    rows.add("/huying.evaluation.v1.CallbackService/GiveVerdict", Rule::Anyone, give);
    let asked = evaluation::GetQuestionsRequest { district: DISTRICT.into(), token: String::new() };
    rows.add("/huying.evaluation.v1.ProfileService/GetQuestions", Rule::Anyone, asked);
    let list = evaluation::ListCallbacksRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.CallbackService/ListCallbacks", Rule::List(JUDGED), list);
    let rates = evaluation::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    };
    let watch = evaluation::WatchRatesRequest { rates: Some(rates.clone()) };
    rows.add("/huying.evaluation.v1.RateService/WatchRates", Rule::List(JUDGED), watch);
    rows.add("/huying.evaluation.v1.RateService/GetRates", Rule::List(JUDGED), rates);
    let recount = evaluation::RecountRequest { district: DISTRICT.into(), check: true };
    rows.add("/huying.evaluation.v1.RateService/Recount", Rule::Profile, recount);
    let simulate = evaluation::SimulateRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.RateService/SimulateRates", Rule::Profile, simulate);
    let profile = Some(world.profile.evaluation.clone());
    let apply = evaluation::ApplyProfileRequest { request_id: key(), profile, dry_run: true };
    rows.add("/huying.evaluation.v1.ProfileService/ApplyProfile", Rule::Profile, apply);
}

fn of_rounds(rows: &mut Rows, ids: &Ids) {
    let (id, version) = (|| ids.round.clone(), NEVER);
    // Nobody's case was resolved then.
    let begin = beginning("2020-01-01", "2020-01-02");
    rows.add("/huying.evaluation.v1.RoundService/BeginRound", Rule::Area, begin);
    let get = evaluation::GetRoundRequest { id: id() };
    rows.add("/huying.evaluation.v1.RoundService/GetRound", ROUND, get);
    let get = evaluation::GetRoundReportRequest { id: id() };
    rows.add("/huying.evaluation.v1.RoundService/GetRoundReport", ROUND, get);
    let list = evaluation::ListRoundsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.RoundService/ListRounds", Rule::District, list);
    let interviewer = || evaluation::Interviewer { unit: UNIT.into(), subject: String::new() };
    let list = evaluation::ListInterviewsRequest {
        district: DISTRICT.into(),
        interviewer: Some(interviewer()),
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.RoundService/ListInterviews", Rule::District, list);
    let step = evaluation::HandOutRequest {
        request_id: key(),
        id: id(),
        version,
        interviewers: vec![interviewer()],
        interviews: Vec::new(),
    };
    rows.add("/huying.evaluation.v1.RoundService/HandOut", ROUND, step);
    let step = evaluation::RecordInterviewRequest {
        request_id: key(),
        id: ids.interview.clone(),
        version,
        outcome: evaluation::InterviewOutcome::Refused.into(),
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.RoundService/RecordInterview", ROUND, step);
    let step = evaluation::CloseRoundRequest { request_id: key(), id: id(), version };
    rows.add("/huying.evaluation.v1.RoundService/CloseRound", ROUND, step);
}

/// A round of one, over the life's grid.
pub fn beginning(from: &str, to: &str) -> evaluation::BeginRoundRequest {
    let population = evaluation::Population {
        from_date: from.into(),
        to_date: to.into(),
        area: GRID.into(),
        ..Default::default()
    };
    evaluation::BeginRoundRequest {
        request_id: key(),
        district: DISTRICT.into(),
        name: "抽查".into(),
        population: Some(population),
        sample: 1,
        seed: String::new(),
        strata_by: evaluation::StrataBy::None.into(),
        due_date: to.into(),
    }
}

/// Empty messages: who may is told what is wrong with them, or answered.
fn of_logs(rows: &mut Rows) {
    let all = Rule::Everything;
    rows.add("/huying.log.v1.LogService/ReadAggregate", all, log::ReadAggregateRequest::default());
    rows.add("/huying.log.v1.LogService/ListWatermarks", all, log::ListWatermarksRequest::default());
    rows.add("/huying.log.v1.LogService/CheckMarks", all, log::CheckMarksRequest::default());
    rows.add("/huying.log.v1.LogService/VerifyLog", all, log::VerifyLogRequest::default());
    rows.add("/huying.log.v1.LogService/ListAnchors", all, log::ListAnchorsRequest::default());
    rows.add("/huying.log.v1.LogService/VerifyAnchors", all, log::VerifyAnchorsRequest::default());
    rows.add("/huying.log.v1.LogService/ListDeadLetters", all, log::ListDeadLettersRequest::default());
    rows.add("/huying.log.v1.LogService/GetDeadLetter", all, log::GetDeadLetterRequest::default());
    rows.add("/huying.log.v1.LogService/RetryDeadLetter", all, log::RetryDeadLetterRequest::default());
    rows.add("/huying.log.v1.LogService/SettleDeadLetter", all, log::SettleDeadLetterRequest::default());
}
