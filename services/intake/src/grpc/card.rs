//! `CardService`: cards and codes at people's doors, and what is sent by them.

use std::collections::BTreeSet;

use huying_chassis::{
    auth::{Caller, Role, outside},
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, card_service_server::CardService};
use huying_terms::{Location, PriorityKind};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc, placed,
    shown::shown,
    submission::{ADDRESS, CONTENT, concerns, reporter},
    validate,
};
use crate::{
    convert::card as convert,
    domain::{
        Error,
        card::{BATCH, Card, CardKind, Face, Other},
        order::Order,
        submission::{Flag, Kept, Received, Reporter, Submission},
        wanted::Cards,
    },
};

#[tonic::async_trait]
impl CardService for Rpc {
    async fn issue_cards(
        &self,
        request: Request<pb::IssueCardsRequest>,
    ) -> Result<Response<pb::IssueCardsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, face, count) = issuing(&request)?;
        if !caller.reach.sees(&face.district, &face.area) {
            return Err(outside().into());
        }
        let meta = Meta::asked(&caller, &request, request_id, None);
        let cards = self.app.issue_cards(face, count, &meta).await?;
        let url = self.app.card_url(&request.district).await?;
        let cards = cards.iter().map(|card| convert::card(card, &url)).collect();
        Ok(Response::new(pb::IssueCardsResponse { cards }))
    }

    async fn get_card(&self, request: Request<pb::GetCardRequest>) -> Result<Response<pb::Card>, Status> {
        let caller = Caller::of(&request)?;
        let card = self.seen_card(&caller, validate::named(&request.get_ref().id)?).await?;
        Ok(Response::new(self.shown_card(&card).await?))
    }

    async fn list_cards(
        &self,
        request: Request<pb::ListCardsRequest>,
    ) -> Result<Response<pb::ListCardsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let wanted = listing(&request)?;
        let part = caller.reach.within(&wanted.district)?;
        let size = page::size(request.page_size)?;
        let after: Option<(String, Uuid)> = page::cursor(&request.page_token)?;
        let Some(area) = narrower(&wanted.area, part) else {
            return Ok(Response::new(pb::ListCardsResponse::default()));
        };
        let wanted = Cards { area: area.to_owned(), ..wanted };
        let (area, id) = after.unwrap_or_default();
        let found = self.app.cards(&wanted, (&area, id), size).await?;
        let url = self.app.card_url(&wanted.district).await?;
        let place = |last: &&Versioned<Card>| (last.it.face.area.clone(), last.id);
        let show = |card| Some(convert::card(card, &url));
        let (cards, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListCardsResponse { cards, next_page_token }))
    }

    async fn replace_card(
        &self,
        request: Request<pb::ReplaceCardRequest>,
    ) -> Result<Response<pb::ReplaceCardResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let reason = v.text("reason", &request.reason, 1..=500);
        v.token("unit", &request.unit, 0..=64);
        let other = Other {
            unit: request.unit.clone(),
            cadre: v.line("cadre", &request.cadre, 0..=50),
            phone: v.line("phone", &request.phone, 0..=50),
            address: v.line("address", &request.address, 0..=ADDRESS),
        };
        v.finish()?;
        self.seen_card(&caller, head.id).await?;
        let meta = head.meta(&caller, &request);
        let (card, replaced) = self.app.replace_card(head.id, other, &reason, &meta).await?;
        let (card, replaced) = (Some(self.shown_card(&card).await?), Some(self.shown_card(&replaced).await?));
        Ok(Response::new(pb::ReplaceCardResponse { card, replaced }))
    }

    async fn revoke_card(
        &self,
        request: Request<pb::RevokeCardRequest>,
    ) -> Result<Response<pb::Card>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let reason = v.text("reason", &request.reason, 1..=500);
        v.finish()?;
        self.seen_card(&caller, head.id).await?;
        let card = self.app.revoke_card(head.id, &reason, &head.meta(&caller, &request)).await?;
        Ok(Response::new(self.shown_card(&card).await?))
    }

    async fn resolve_card(
        &self,
        request: Request<pb::ResolveCardRequest>,
    ) -> Result<Response<pb::CardFace>, Status> {
        let card = self.app.valid(&request.into_inner().code).await?;
        Ok(Response::new(convert::face(&card.it.face)))
    }

    async fn submit_by_card(
        &self,
        request: Request<pb::SubmitByCardRequest>,
    ) -> Result<Response<pb::SubmitByCardResponse>, Status> {
        let request = request.into_inner();
        let mut v = Violations::heard();
        let request_id = v.uuid("request_id", &request.request_id);
        let given = pb::Reporter { phone: request.phone.clone(), ..Default::default() };
        let address = v.line("address", &request.address, 0..=ADDRESS);
        let read = Asked::read(&mut v, &request.content, Some(given).filter(|it| !it.phone.is_empty()));
        v.finish()?;
        let card = self.app.by_code(&request.code).await?;
        let at = [card.it.face.address.as_str(), &address].join(" ");
        let received = read.by(&card, at.trim());
        // Known by the card alone: nobody else's request id is theirs.
        let holder = Caller::holding(format!("card:{}", card.id));
        let meta = Meta::asked(&holder, &request, request_id, None);
        let taken = self.app.submit(received, (|_: &_| true, |_: &_| true), &meta).await?;
        let tracking_token = self.app.tracking_token(&taken);
        Ok(Response::new(pb::SubmitByCardResponse { number: taken.it.number, tracking_token }))
    }

    async fn note_call(
        &self,
        request: Request<pb::NoteCallRequest>,
    ) -> Result<Response<pb::NoteCallResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::heard();
        let (request_id, id) = (v.uuid("request_id", &request.request_id), v.uuid("id", &request.id));
        let address = v.line("address", &request.address, 0..=ADDRESS);
        let mut read = Asked::read(&mut v, &request.content, request.reporter.clone());
        read.concerns = concerns(&mut v, "concerns", &request.concerns);
        v.finish()?;
        let card = self.seen_card(&caller, id).await?;
        let face = &card.it.face;
        let unit = self.app.card_unit(face).await?;
        if !caller.reach.is_unit(&face.district, &unit) && !caller.has(Role::Desk) {
            return Err(Problem::from(Error::NotCardUnit { unit }).into());
        }
        let at = if address.is_empty() { &face.address } else { &address };
        let received = read.by(&card, at);
        let meta = Meta::asked(&caller, &request, request_id, None);
        let taken = self.app.submit(received, (|_: &_| true, |_: &_| true), &meta).await?;
        let tracking_token = self.app.tracking_token(&taken);
        let request = Some(shown(&self.app, &caller, &taken).await?);
        Ok(Response::new(pb::NoteCallResponse { request, tracking_token }))
    }
}

impl Rpc {
    /// A card whose area the caller reaches.
    async fn seen_card(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Card>, Problem> {
        let card = self.app.card(id).await?;
        let face = &card.it.face;
        if caller.reach.sees(&face.district, &face.area) || caller.reach.is_unit(&face.district, &face.unit) {
            return Ok(card);
        }
        Err(not_found(Card::KIND, id))
    }

    async fn shown_card(&self, card: &Versioned<Card>) -> Result<pb::Card, Problem> {
        Ok(convert::card(card, &self.app.card_url(&card.it.face.district).await?))
    }
}

/// What somebody asks by a card.
struct Asked {
    content: String,
    reporter: Option<Reporter>,
    concerns: BTreeSet<PriorityKind>,
    flags: BTreeSet<Flag>,
}

impl Asked {
    fn read(v: &mut Violations, content: &str, given: Option<pb::Reporter>) -> Self {
        let mut flags = BTreeSet::new();
        let reporter = given.map(|given| reporter(v, &given, &mut flags));
        let content = v.text("content", content, 1..=CONTENT);
        Self { content, reporter, concerns: BTreeSet::new(), flags }
    }

    /// By this card, at a place.
    fn by(self, card: &Versioned<Card>, address: &str) -> Received {
        let face = &card.it.face;
        let submission = Submission {
            district: face.district.clone(),
            channel: face.kind.door(),
            external_id: String::new(),
            source: String::new(),
            platform: String::new(),
            reporter: self.reporter.map(Kept::Clear),
            content: self.content,
            location: Location {
                address: address.to_owned(),
                area: face.area.clone(),
                point: None,
                given: None,
            },
            category: String::new(),
            order: Order::default(),
            concerns: self.concerns,
            visit: None,
            card: Some(card.id),
            forum: None,
        };
        Received { submission, flags: self.flags, answer: String::new(), guide: None, closed: None }
    }
}

/// The narrower of what is asked for and what is reached; none: they lie apart.
fn narrower<'a>(asked: &'a str, reached: &'a str) -> Option<&'a str> {
    match () {
        () if asked.starts_with(reached) => Some(asked),
        () if reached.starts_with(asked) => Some(reached),
        () => None,
    }
}

fn listing(request: &pb::ListCardsRequest) -> Result<Cards, Problem> {
    let mut v = Violations::new();
    let area = placed::asked_area(&mut v, &request.district, &request.area);
    let state = pb::CardState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    let batch = Some(request.batch.as_str()).filter(|id| !id.is_empty()).map(|id| v.uuid("batch", id));
    v.finish()?;
    Ok(Cards {
        district: request.district.clone(),
        area,
        state: state.ok().and_then(convert::state_from),
        batch,
    })
}

/// The request id, what the cards say, and how many.
fn issuing(request: &pb::IssueCardsRequest) -> Result<(Uuid, Face, usize), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let area = placed::area(&mut v, &request.district, &request.area);
    let kind = v.enum_value::<pb::CardKind>("kind", request.kind).and_then(convert::kind_from);
    v.token("unit", &request.unit, 1..=64);
    let face = Face {
        district: request.district.clone(),
        kind: kind.unwrap_or(CardKind::ServiceCard),
        area,
        unit: request.unit.clone(),
        cadre: v.line("cadre", &request.cadre, 1..=50),
        phone: v.line("phone", &request.phone, 1..=50),
        address: v.line("address", &request.address, 0..=ADDRESS),
    };
    let count = usize::try_from(request.count).unwrap_or_default();
    v.range("count", count, 1..=BATCH);
    v.finish()?;
    Ok((request_id, face, count))
}
