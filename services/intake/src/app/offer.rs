//! What is offered and needed: entering it, bringing it together, and what came of it.

use huying_chassis::{
    id,
    log::{Aggregate as _, Decided, Draft, Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    seal::{KeyRow, Place},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, seal::seal_in};
use crate::{
    domain::{
        Error,
        offer::{Answers, Offer, OfferChange, OfferContent, OfferSide},
        wanted::Placed,
    },
    store::offer,
};

/// Where whom to speak with stands in it.
const CONTACT: (&str, &str) = (Offer::KIND, "contact");

type Stop = Halt<Error>;
type Drafts = Result<Decision<Versioned<Offer>>, Stop>;

/// A step on one, and on what it is matched with.
#[derive(Clone, Debug)]
pub enum Step {
    Match(Answers),
    Complete(String),
    Withdraw(String),
    Rate(OfferSide, u32, String),
}

impl App {
    /// Enters what a side offers or needs.
    pub async fn make_offer(
        &self,
        place: (String, String),
        content: OfferContent,
        meta: &Meta,
    ) -> Result<Versioned<Offer>, Problem> {
        let id = id::new();
        let (made, key) = self.made((id, None), place, content).await?;
        Ok(self.runner.run(&Making { id, made, key }, meta).await?)
    }

    /// The first change of one, with whom to speak with sealed; and the key, which commits with it.
    pub(super) async fn made(
        &self,
        (id, forum): (Uuid, Option<Uuid>),
        (district, area): (String, String),
        mut content: OfferContent,
    ) -> Result<(OfferChange, Option<KeyRow>), Problem> {
        let mut key = None;
        if content.contact.is_clear() {
            let fresh = self.seals.fresh(id).await?;
            seal_in(&fresh, CONTACT, &mut content.contact)?;
            key = Some(fresh.row(None));
        }
        Ok((OfferChange::Made { district, area, content: Box::new(content), forum }, key))
    }

    /// Whom to speak with; empty: nobody is named, or it is over.
    ///
    /// # Errors
    /// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
    pub async fn contact(&self, offer: &Versioned<Offer>) -> Result<String, Problem> {
        let place = Place { kind: CONTACT.0, id: offer.id, field: CONTACT.1 };
        let opened = self.open_now(place, offer, |offer| offer.content.contact.sealed()).await?;
        Ok(opened.or_else(|| offer.it.content.contact.told().cloned()).unwrap_or_default())
    }

    /// Takes a step. Whether the caller reaches it was asked before.
    pub async fn step_offer(&self, id: Uuid, step: Step, meta: &Meta) -> Result<Versioned<Offer>, Problem> {
        Ok(self.runner.run(&Stepping { id, step }, meta).await?)
    }

    pub async fn offer(&self, id: Uuid) -> Result<Option<Versioned<Offer>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Newest first.
    pub async fn offers(
        &self,
        within: &Placed,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Versioned<Offer>>, Problem> {
        Ok(offer::list(self.log.pool(), within, after, limit).await?)
    }
}

struct Making {
    id: Uuid,
    made: OfferChange,
    key: Option<KeyRow>,
}

impl Command<World> for Making {
    type Error = Error;
    type Answer = Versioned<Offer>;

    fn decide(&self, seen: &See) -> Drafts {
        let drafted = seen.begin::<Offer>(self.id, std::slice::from_ref(&self.made))?;
        let (draft, offer) = drafted.ok_or(Halt::NotFound { kind: "offer", id: self.id })?;
        Ok(Decision { drafts: vec![draft.with_key(self.key.clone())], answer: offer })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Offer>, Stop> {
        Ok(seen.get::<Offer>(done.aggregate)?.clone())
    }
}

struct Stepping {
    id: Uuid,
    step: Step,
}

impl Stepping {
    /// What happens to it, and to which other one what.
    fn decided(&self, seen: &See, offer: &Offer) -> Result<(Decided<OfferChange>, Beside), Stop> {
        let refused = Halt::Refused;
        Ok(match &self.step {
            Step::Match(Answers::Offer(id)) => {
                let other = seen.get::<Offer>(*id)?;
                let beside = other.it.match_with(self.id, offer).map_err(refused)?;
                (offer.match_with(*id, &other.it).map_err(refused)?, Some((*id, beside)))
            }
            Step::Match(Answers::Request(id)) => (offer.match_request(*id).map_err(refused)?, None),
            Step::Complete(result) => {
                let done = |it: &Offer| it.complete(result).map_err(refused);
                (done(offer)?, self.beside(seen, offer, done)?)
            }
            Step::Withdraw(reason) => {
                let released = |it: &Offer| Ok(it.release());
                (offer.withdraw(reason).map_err(refused)?, self.beside(seen, offer, released)?)
            }
            Step::Rate(side, score, comment) => (offer.rate(*side, *score, comment).map_err(refused)?, None),
        })
    }

    /// Whether it is over by this step, and whether what it is matched with is.
    fn ends(&self) -> (bool, bool) {
        match &self.step {
            Step::Complete(_) => (true, true),
            Step::Withdraw(_) => (true, false),
            Step::Match(_) | Step::Rate(..) => (false, false),
        }
    }

    fn beside(
        &self,
        seen: &See,
        offer: &Offer,
        decide: impl Fn(&Offer) -> Result<Decided<OfferChange>, Stop>,
    ) -> Result<Beside, Stop> {
        let Some(id) = offer.counterpart() else { return Ok(None) };
        Ok(Some((id, decide(&seen.get::<Offer>(id)?.it)?)))
    }
}

/// Nobody is to be spoken with any more about what is over: whoever says that it was done has just spoken with them.
fn without_contact(draft: Draft, ends: bool) -> Draft {
    if ends { draft.forgetting() } else { draft }
}

/// Another one, and what happens to it.
type Beside = Option<(Uuid, Decided<OfferChange>)>;

impl Command<World> for Stepping {
    type Error = Error;
    type Answer = Versioned<Offer>;

    fn decide(&self, seen: &See) -> Drafts {
        let offer = seen.expected::<Offer>(self.id)?;
        let (decided, beside) = self.decided(seen, &offer.it)?;
        let Some((draft, answer)) = seen.draft(offer, decided)? else {
            return Ok(Decision::nothing(offer.clone()));
        };
        let (ends, ends_beside) = self.ends();
        let mut drafts = vec![without_contact(draft, ends)];
        if let Some((id, decided)) = beside {
            let beside = seen.draft(seen.get::<Offer>(id)?, decided)?;
            drafts.extend(beside.map(|(draft, _)| without_contact(draft, ends_beside)));
        }
        Ok(Decision { drafts, answer })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Offer>, Stop> {
        Ok(seen.get::<Offer>(self.id)?.clone())
    }
}
