//! `ForumService`: forums that were held, and what came of them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, forum_service_server::ForumService};
use huying_wire::instant;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc, offer, placed,
    submission::{concerns, location, phone},
    validate::named,
};
use crate::{
    app::forum::Entering,
    convert::{self, forum as words},
    domain::forum::{Forum, ForumCall, ForumKind, Held, KeptParticipant, Participant},
};

/// Most who come, most calls and most offers of one forum.
const PARTICIPANTS: usize = 200;
const CALLS: usize = 50;
const OFFERS: usize = 20;
/// The longest time that is counted.
const LONGEST: TimeDelta = TimeDelta::days(366);

#[tonic::async_trait]
impl ForumService for Rpc {
    async fn hold_forum(
        &self,
        request: Request<pb::HoldForumRequest>,
    ) -> Result<Response<pb::Forum>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, entering) = entering(&caller, request.clone(), self.app.log.now())?;
        let held = &entering.held;
        caller.reach.within(&held.district)?;
        // Whoever held it enters it, or a desk.
        placed::unit(&caller, &held.district, &held.host)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let forum = self.app.hold_forum(&entering, &meta).await?;
        Ok(Response::new(words::forum(&forum, &self.app.people(&forum).await?)))
    }

    async fn get_forum(&self, request: Request<pb::GetForumRequest>) -> Result<Response<pb::Forum>, Status> {
        let caller = Caller::of(&request)?;
        let id = named(&request.get_ref().id)?;
        let found = self.app.forum(id).await?;
        let found = found.filter(|it| placed::sees(&caller, &it.it.district, &it.it.area, &it.it.host));
        let found = found.ok_or_else(|| not_found(Forum::KIND, id))?;
        let whole = placed::knows_person(&caller, &found.it.district, &found.it.host);
        let came = if whole { self.app.people(&found).await? } else { Vec::new() };
        Ok(Response::new(words::forum(&found, &came)))
    }

    async fn list_forums(
        &self,
        request: Request<pb::ListForumsRequest>,
    ) -> Result<Response<pb::ListForumsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let kind = pb::ForumKind::try_from(request.kind);
        v.require("kind", kind.is_ok(), "must be one of the named values");
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.finish()?;
        let within = placed::reached(&caller, &request.district, &area)?;
        let kind = kind.ok().and_then(words::kind_from);
        let size = page::size(request.page_size)?;
        let found = self.app.forums(&within, page::cursor(&request.page_token)?, size).await?;
        let wanted = |it: &Versioned<Forum>| kind.is_none_or(|kind| it.it.kind == kind);
        let show = |it: &Versioned<Forum>| wanted(it).then(|| words::forum(it, &[]));
        let place = |last: &&Versioned<Forum>| (last.it.held_at, last.id);
        let (forums, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListForumsResponse { forums, next_page_token }))
    }

    async fn count_forums(
        &self,
        request: Request<pb::CountForumsRequest>,
    ) -> Result<Response<pb::CountForumsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let from = request.from_time.as_ref().and_then(instant::read);
        let to = request.to_time.as_ref().and_then(instant::read);
        let time = from.zip(to).filter(|(from, to)| from < to && *to - *from <= LONGEST);
        v.require("to_time", time.is_some(), "must be after from_time, and at most 366 days");
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.finish()?;
        let within = placed::reached(&caller, &request.district, &area)?;
        let (counted, more) = self.app.count_forums(&within, time.unwrap_or_default()).await?;
        let counts = counted.iter().filter_map(words::counted).collect();
        Ok(Response::new(pb::CountForumsResponse { counts, more }))
    }
}

/// A forum and what came of it, well-formed.
fn entering(
    caller: &Caller,
    given: pb::HoldForumRequest,
    now: DateTime<Utc>,
) -> Result<(Uuid, Entering), Problem> {
    let mut v = Violations::heard();
    let request_id = v.uuid("request_id", &given.request_id);
    let area = placed::area(&mut v, &given.district, &given.area);
    let kind = v.enum_value::<pb::ForumKind>("kind", given.kind).and_then(words::kind_from);
    let held_at = given.hold_time.as_ref().and_then(instant::read).filter(|at| *at <= now);
    v.require("hold_time", held_at.is_some(), "must be given, and not in the future");
    let own = caller.reach.unit_in(&given.district).unwrap_or_default().to_owned();
    let host = if given.host.is_empty() { own } else { given.host };
    v.token("host", &host, 1..=64);
    let place = v.line("place", &given.place, 1..=200);
    let topic = v.text("topic", &given.topic, 0..=500);
    let participants = participants(&mut v, &given.participants);
    let calls = calls(&mut v, given.calls, participants.len());
    v.list_len("offers", given.offers.len(), 0..=OFFERS);
    let offers = given.offers.into_iter().take(OFFERS).enumerate();
    let offers = offers.filter_map(|(n, it)| offer::content(&mut v, &format!("offers[{n}]"), it)).collect();
    v.finish()?;
    let held = Held {
        district: given.district,
        area,
        kind: kind.unwrap_or(ForumKind::Talk),
        place,
        held_at: held_at.unwrap_or(now),
        host,
        topic,
        participants,
        people: None,
        requests: Vec::new(),
        offers: Vec::new(),
    };
    Ok((request_id, Entering { held, calls, offers }))
}

fn participants(v: &mut Violations, given: &[pb::Participant]) -> Vec<KeptParticipant> {
    v.list_len("participants", given.len(), 0..=PARTICIPANTS);
    let mut read = Vec::new();
    for (n, it) in given.iter().take(PARTICIPANTS).enumerate() {
        let of = |what: &str| format!("participants[{n}].{what}");
        let kind = v.enum_value::<pb::ParticipantKind>(&of("kind"), it.kind);
        let (phone, second_phone) = phone(v, &of("phone"), &it.phone);
        let (name, unit) = (v.line(&of("name"), &it.name, 0..=100), v.line(&of("unit"), &it.unit, 0..=100));
        let kind = kind.and_then(words::participant_kind_from);
        let came = kind.map(|kind| Participant { kind, name, unit, phone, second_phone });
        read.extend(came.map(KeptParticipant::Clear));
    }
    read
}

fn calls(v: &mut Violations, given: Vec<pb::ForumCall>, came: usize) -> Vec<ForumCall> {
    v.list_len("calls", given.len(), 0..=CALLS);
    let mut read = Vec::new();
    for (n, it) in given.into_iter().take(CALLS).enumerate() {
        let of = |what: &str| format!("calls[{n}].{what}");
        let at = usize::try_from(it.participant).unwrap_or(usize::MAX);
        v.require(&of("participant"), at <= came, "must be the place of one of the participants, from 1");
        let mut flags = BTreeSet::new();
        read.push(ForumCall {
            participant: at.checked_sub(1),
            content: v.text(&of("content"), &it.content, 1..=8000),
            kind: convert::order::kind_from(it.r#type()),
            category: v.line(&of("category"), &it.category, 0..=100),
            concerns: concerns(v, &of("concerns"), &it.concerns),
            location: it.location.map(|it| location(v, it, &mut flags)),
            flags,
        });
    }
    read
}
