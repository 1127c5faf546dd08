//! `OfferService`: what communities and resident units offer and need of each other.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::intake::v1::{self as pb, offer_service_server::OfferService};
use huying_wire::instant;
use prost::{Message, Name};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, access, placed, validate::named};
use crate::{
    app::offer::Step,
    convert::offer as words,
    domain::{
        offer::{Answers, Offer, OfferContent},
        request::Request as Stored,
    },
};

impl Rpc {
    /// One that the caller's area holds, or that their unit has entered.
    pub(super) async fn reached(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Offer>, Problem> {
        let found = self.app.offer(id).await?;
        let unit = |it: &Offer| it.unit.clone().unwrap_or_default();
        let found = found.filter(|it| placed::sees(caller, &it.it.district, &it.it.area, &unit(&it.it)));
        found.ok_or_else(|| not_found(Offer::KIND, id))
    }

    /// A step of a caller who reaches it.
    async fn stepped<M: Message + Name>(
        &self,
        caller: &Caller,
        message: &M,
        head: Named,
        step: Step,
    ) -> Result<Response<pb::Offer>, Status> {
        self.reached(caller, head.id).await?;
        let meta = head.meta(caller, message);
        Ok(Response::new(words::offer(&self.app.step_offer(head.id, step, &meta).await?)))
    }
}

#[tonic::async_trait]
impl OfferService for Rpc {
    async fn make_offer(
        &self,
        request: Request<pb::MakeOfferRequest>,
    ) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let request_id = v.uuid("request_id", &request.request_id);
        let area = placed::area(&mut v, &request.district, &request.area);
        let content = content(&mut v, "content", request.content.clone().unwrap_or_default());
        v.finish()?;
        caller.reach.within(&request.district)?;
        let content = content.ok_or_else(|| Problem::bug(anyhow::anyhow!("a well-formed offer is none")))?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let place = (request.district, area);
        Ok(Response::new(words::offer(&self.app.make_offer(place, content, &meta).await?)))
    }

    async fn match_offer(
        &self,
        request: Request<pb::MatchOfferRequest>,
    ) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let one = request.counterpart.is_empty() != request.request.is_empty();
        v.require("counterpart", one, "must be given, or else request");
        let with = match request.counterpart.as_str() {
            "" => Answers::Request(v.uuid("request", &request.request)),
            counterpart => Answers::Offer(v.uuid("counterpart", counterpart)),
        };
        v.finish()?;
        self.reached(&caller, head.id).await?;
        match with {
            Answers::Offer(other) => drop(self.reached(&caller, other).await?),
            Answers::Request(other) => {
                let found = self.app.get(other).await?.filter(|it| access::sees(&caller, &it.it));
                found.ok_or_else(|| not_found(Stored::KIND, other))?;
            }
        }
        self.stepped(&caller, &request, head, Step::Match(with)).await
    }

    async fn complete_offer(
        &self,
        request: Request<pb::CompleteOfferRequest>,
    ) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let result = v.text("result", &request.result, 1..=2000);
        v.finish()?;
        self.stepped(&caller, &request, head, Step::Complete(result)).await
    }

    async fn withdraw_offer(
        &self,
        request: Request<pb::WithdrawOfferRequest>,
    ) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let reason = v.text("reason", &request.reason, 1..=500);
        v.finish()?;
        self.stepped(&caller, &request, head, Step::Withdraw(reason)).await
    }

    async fn rate_offer(
        &self,
        request: Request<pb::RateOfferRequest>,
    ) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let head = v.head(&request);
        let side = v.enum_value::<pb::OfferSide>("side", request.side).and_then(words::side_from);
        v.range("score", request.score, 1..=5);
        let comment = v.text("comment", &request.comment, 0..=500);
        v.finish()?;
        let side = side.ok_or_else(|| Problem::bug(anyhow::anyhow!("a well-formed rating has no side")))?;
        self.stepped(&caller, &request, head, Step::Rate(side, request.score, comment)).await
    }

    async fn get_offer(&self, request: Request<pb::GetOfferRequest>) -> Result<Response<pb::Offer>, Status> {
        let caller = Caller::of(&request)?;
        let id = named(&request.get_ref().id)?;
        Ok(Response::new(words::offer(&self.reached(&caller, id).await?)))
    }

    async fn list_offers(
        &self,
        request: Request<pb::ListOffersRequest>,
    ) -> Result<Response<pb::ListOffersResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let kind = pb::OfferKind::try_from(request.kind);
        let side = pb::OfferSide::try_from(request.side);
        let state = pb::OfferState::try_from(request.state);
        for (field, known) in [("kind", kind.is_ok()), ("side", side.is_ok()), ("state", state.is_ok())] {
            v.require(field, known, "must be one of the named values");
        }
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.finish()?;
        let within = placed::reached(&caller, &request.district, &area)?;
        let (kind, side) = (kind.ok().and_then(words::kind_from), side.ok().and_then(words::side_from));
        let state = state.ok().and_then(words::state_from);
        let size = page::size(request.page_size)?;
        let found = self.app.offers(&within, page::cursor(&request.page_token)?, size).await?;
        let wanted = |it: &Versioned<Offer>| {
            kind.is_none_or(|kind| it.it.content.kind == kind)
                && side.is_none_or(|side| it.it.content.side == side)
                && state.is_none_or(|state| it.it.state == state)
        };
        let show = |it: &Versioned<Offer>| wanted(it).then(|| words::offer(it));
        let (offers, next_page_token) = page::shown(found.iter(), size, |last| last.id, show);
        Ok(Response::new(pb::ListOffersResponse { offers, next_page_token }))
    }
}

/// What a side offers or needs; none: what is wrong was noted.
pub fn content(v: &mut Violations, field: &str, it: pb::OfferContent) -> Option<OfferContent> {
    let of = |what: &str| format!("{field}.{what}");
    let kind = v.enum_value::<pb::OfferKind>(&of("kind"), it.kind).and_then(words::kind_from);
    let side = v.enum_value::<pb::OfferSide>(&of("side"), it.side).and_then(words::side_from);
    let party = v.line(&of("party"), &it.party, 1..=100);
    let title = v.line(&of("title"), &it.title, 1..=100);
    let text = v.text(&of("text"), &it.text, 0..=2000);
    let contact = v.line(&of("contact"), &it.contact, 0..=100).into();
    let until = it.until_time.as_ref().map(instant::read);
    v.require(of("until_time").as_str(), until != Some(None), "must be an instant");
    Some(OfferContent { kind: kind?, side: side?, party, title, text, contact, until: until.flatten() })
}
