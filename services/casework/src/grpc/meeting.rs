//! `MeetingService`: open meetings.

use std::collections::BTreeSet;

use huying_chassis::{auth::Caller, log::Meta, page, status::Problem, validate::Violations};
use huying_proto::casework::v1::{self as pb, meeting_service_server::MeetingService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc, access, allowed, lists,
    period::{self, moment},
    validate::{self, AREA, DISTRICT, given, reason, words},
};
use crate::{
    convert,
    domain::{
        Convene, Meeting, Meetings, Order,
        meeting::{
            MOST_CASES, Outcome, Party, PartyKind, party,
            step::{Cancel, Record},
        },
    },
};

type MeetingAnswer = Result<Response<pb::Meeting>, Status>;

impl Rpc {
    /// A meeting, with what this caller may do with it.
    async fn meeting(&self, caller: &Caller, id: Uuid) -> MeetingAnswer {
        let (meeting, told) = self.app.meeting(id, &access::by(caller)).await?;
        let steps = allowed::steps::<Meeting>(&told);
        Ok(Response::new(pb::Meeting { steps, ..convert::meeting::write(&meeting) }))
    }
}

#[tonic::async_trait]
impl MeetingService for Rpc {
    async fn convene_meeting(&self, request: Request<pb::ConveneMeetingRequest>) -> MeetingAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, convene) = convening(&request)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let meeting = self.app.convene(&convene, &access::by(&caller), &meta).await?;
        self.meeting(&caller, meeting.id).await
    }

    async fn record_meeting(&self, request: Request<pb::RecordMeetingRequest>) -> MeetingAnswer {
        let (caller, (meeting, _)) = self.take::<_, Meeting, _>(request, record).await?;
        self.meeting(&caller, meeting.id).await
    }

    async fn cancel_meeting(&self, request: Request<pb::CancelMeetingRequest>) -> MeetingAnswer {
        let read =
            |it: &pb::CancelMeetingRequest, wrong: &mut _| Cancel { reason: reason(wrong, &it.reason) };
        let (caller, (meeting, _)) = self.take::<_, Meeting, _>(request, read).await?;
        self.meeting(&caller, meeting.id).await
    }

    async fn get_meeting(&self, request: Request<pb::GetMeetingRequest>) -> MeetingAnswer {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        self.meeting(&caller, id).await
    }

    async fn list_meetings(
        &self,
        request: Request<pb::ListMeetingsRequest>,
    ) -> Result<Response<pb::ListMeetingsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut meetings = wanted(&request)?;
        meetings.within = access::office(&caller, &meetings.district)?;
        let size = page::size(request.page_size)?;
        let after = lists::place(&request.page_token, Order::Newest)?;
        let read = |size| self.app.meetings(&meetings, after, size);
        let (meetings, next_page_token) = lists::told(size, read, convert::meeting::write).await?;
        Ok(Response::new(pb::ListMeetingsResponse { meetings, next_page_token }))
    }

    async fn count_meetings(
        &self,
        request: Request<pb::CountMeetingsRequest>,
    ) -> Result<Response<pb::CountMeetingsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let it = request.get_ref();
        let times = (it.from_time.as_ref(), it.until_time.as_ref());
        let period = period::read(&caller, (&it.district, &it.area), times)?;
        let counts = self.app.count_meetings(&period).await?.into_iter().map(convert::meeting::count);
        Ok(Response::new(pb::CountMeetingsResponse { counts: counts.collect() }))
    }
}

fn convening(request: &pb::ConveneMeetingRequest) -> Result<(Uuid, Convene), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let district = request.district.clone();
    v.digits("district", &district, &DISTRICT);
    let area = given(&request.area).unwrap_or_else(|| district.clone());
    v.digits("area", &area, &AREA);
    v.require("area", area.starts_with(&district), "must lie in the district");
    let place = v.line("place", &request.place, 1..=200);
    let title = v.line("title", &request.title, 1..=100);
    v.list_len("agenda", request.agenda.len(), 1..=20);
    let items = request.agenda.iter().take(20).enumerate();
    let agenda = items.map(|(n, item)| v.text(&format!("agenda[{n}]"), item, 1..=200)).collect();
    let cases = cases(&mut v, "cases", request.cases.iter());
    let parties = parties(&mut v, &request.parties);
    let starts_at = moment(&mut v, "start_time", request.start_time.as_ref());
    v.finish()?;
    Ok((request_id, Convene { district, area, place, title, agenda, cases, parties, starts_at }))
}

fn record(request: &pb::RecordMeetingRequest, v: &mut Violations) -> Record {
    let parties = parties(v, &request.parties);
    let minutes = words(v, "minutes", &request.minutes);
    let cases = cases(v, "outcomes", request.outcomes.iter().map(|it| &it.case));
    let mut outcomes = Vec::with_capacity(cases.len());
    for (n, (case, it)) in cases.into_iter().zip(&request.outcomes).enumerate() {
        let text = v.text(&format!("outcomes[{n}].outcome"), &it.outcome, 1..=500);
        outcomes.push((case, Outcome { text, settled: it.settled }));
    }
    Record { parties, minutes, outcomes }
}

/// Ids of cases: at least one, none twice.
fn cases<'a>(v: &mut Violations, field: &str, ids: impl ExactSizeIterator<Item = &'a String>) -> Vec<Uuid> {
    v.list_len(field, ids.len(), 1..=MOST_CASES);
    let mut read = BTreeSet::new();
    let mut one = |(n, id): (usize, &String)| {
        let field = format!("{field}[{n}]");
        let id = v.uuid(&field, id);
        v.require(&field, read.insert(id), "is there twice");
        id
    };
    ids.take(MOST_CASES).enumerate().map(&mut one).collect()
}

/// Who takes part: at least one; bodies are named, residents counted.
fn parties(v: &mut Violations, parties: &[pb::Party]) -> Vec<Party> {
    v.list_len("parties", parties.len(), 1..=party::MOST);
    let mut read = Vec::new();
    for (n, it) in parties.iter().take(party::MOST).enumerate() {
        let of = |what: &str| format!("parties[{n}].{what}");
        let kind = v.enum_value::<pb::PartyKind>(&of("kind"), it.kind);
        let name = v.line(&of("name"), &it.name, 0..=100);
        v.range(&of("people"), it.people, 1..=100_000);
        let kind = kind.and_then(convert::meeting::party_kind_from).unwrap_or(PartyKind::Unit);
        let party = Party { kind, name, people: it.people };
        v.require(&of("name"), party.is_named_right(), "must name a body; residents are counted, not named");
        read.push(party);
    }
    read
}

fn wanted(request: &pb::ListMeetingsRequest) -> Result<Meetings, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    if !request.area.is_empty() {
        v.digits("area", &request.area, &AREA);
    }
    let state = pb::MeetingState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    v.finish()?;
    let state = state.ok().and_then(convert::meeting::state_from);
    Ok(Meetings { district: request.district.clone(), area: given(&request.area), state, within: None })
}
