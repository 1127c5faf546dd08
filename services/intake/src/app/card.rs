//! Cards: issued, replaced and taken out of use, and what their codes lead to.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use huying_chassis::{
    id,
    log::{Aggregate as _, Meta, Replay, Versioned, not_found},
    run::{Command, Decision, Halt, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, profile::ProfileOf};
use crate::{
    domain::{
        Error,
        card::{BATCH, Card, CardChange, Face, Other, Print},
        wanted::Cards,
    },
    store,
};

type Stop = Halt<Error>;
/// Cards that took each other's place are followed so far: whoever holds an older one is told of the hotline.
const FOLLOWED: usize = 8;
/// Characters of a code.
const CODE: usize = 22;

impl App {
    /// Issues a batch of so many cards, alike but for their codes.
    pub async fn issue_cards(
        &self,
        face: Face,
        count: usize,
        meta: &Meta,
    ) -> Result<Vec<Versioned<Card>>, Problem> {
        let batch: Vec<(Uuid, String)> = (0..count).map(|_| (id::new(), code())).collect();
        let first = batch.first().map_or_else(Uuid::nil, |(id, _)| *id);
        let issued = self.runner.run(&Issuing { face, first, batch }, meta).await?;
        match issued {
            Issued::Now(cards) => Ok(cards),
            Issued::Before(batch) => Ok(self.batch(batch).await?),
        }
    }

    /// All cards of a batch.
    async fn batch(&self, first: Uuid) -> Result<Vec<Versioned<Card>>, Problem> {
        let card = self.card(first).await?;
        let wanted = Cards {
            district: card.it.face.district.clone(),
            area: card.it.face.area.clone(),
            state: None,
            batch: Some(card.it.print.batch),
        };
        Ok(store::card::list(self.log.pool(), &wanted, ("", Uuid::nil()), BATCH as i64).await?)
    }

    pub async fn card(&self, id: Uuid) -> Result<Versioned<Card>, Problem> {
        self.log.load::<Card>(id).await?.ok_or_else(|| not_found(Card::KIND, id))
    }

    pub async fn cards(
        &self,
        wanted: &Cards,
        after: (&str, Uuid),
        limit: i64,
    ) -> Result<Vec<Versioned<Card>>, Problem> {
        Ok(store::card::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// The unit that answers for a card now.
    pub async fn card_unit(&self, face: &Face) -> Result<String, Problem> {
        Ok(self.profiles.get(&face.district).await?.current(&face.unit).to_owned())
    }

    /// What stands before a code in a district's print.
    pub async fn card_url(&self, district: &str) -> Result<String, Problem> {
        Ok(self.profiles.get(district).await?.card_url.clone())
    }

    /// The card of a code, whatever became of it. Nobody learns more of a code that was never given.
    pub async fn by_code(&self, code: &str) -> Result<Versioned<Card>, Problem> {
        let found = match code.len() {
            CODE => store::card::by_code(self.log.pool(), code).await?,
            _ => None,
        };
        found.ok_or_else(|| not_found("card with this", "code"))
    }

    /// The same, if it counts.
    ///
    /// # Errors
    /// `NOT_FOUND`, `CARD_REVOKED`.
    pub async fn valid(&self, code: &str) -> Result<Versioned<Card>, Problem> {
        let card = self.by_code(code).await?;
        if card.it.is_valid() {
            return Ok(card);
        }
        Err(Error::CardRevoked { call: self.instead(&card.it).await? }.into())
    }

    /// Whom to call instead of a card's cadre: whoever is named by the one that took its place, else the hotline.
    pub(super) async fn instead(&self, card: &Card) -> Result<String, Problem> {
        let mut next = card.replaced_by;
        for _ in 0..FOLLOWED {
            let Some(id) = next else { break };
            let card = self.card(id).await?;
            if card.it.is_valid() {
                return Ok(card.it.face.whom());
            }
            next = card.it.replaced_by;
        }
        Ok(self.profiles.get(&card.face.district).await?.hotline.clone())
    }

    /// Issues another card in its place. Gives the new one, and the one before.
    pub async fn replace_card(
        &self,
        id: Uuid,
        other: Other,
        reason: &str,
        meta: &Meta,
    ) -> Result<(Versioned<Card>, Versioned<Card>), Problem> {
        let instead = self.instead(&self.card(id).await?.it).await?;
        let new = (id::new(), code());
        self.runner.run(&Replacing { id, new, other, reason, instead }, meta).await.map_err(Into::into)
    }

    pub async fn revoke_card(&self, id: Uuid, reason: &str, meta: &Meta) -> Result<Versioned<Card>, Problem> {
        let instead = self.instead(&self.card(id).await?.it).await?;
        let step =
            on(id, |card: &Versioned<Card>, _: &See| card.it.revoke(reason, &instead).map_err(Halt::Refused));
        Ok(self.runner.run(&step, meta).await?)
    }
}

/// 128 bits that nobody guesses.
fn code() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// A batch as it was just issued, or that was issued before: the id of its first card.
enum Issued {
    Now(Vec<Versioned<Card>>),
    Before(Uuid),
}

struct Issuing {
    face: Face,
    first: Uuid,
    batch: Vec<(Uuid, String)>,
}

impl Command<World> for Issuing {
    type Error = Error;
    type Answer = Issued;

    fn decide(&self, seen: &See) -> Result<Decision<Issued>, Stop> {
        let profile = seen.ask(ProfileOf(self.face.district.clone()))?;
        profile.door(self.face.kind.door()).map_err(Halt::Refused)?;
        profile.has_unit(&self.face.unit).map_err(Halt::Refused)?;
        let (mut drafts, mut cards) = (Vec::new(), Vec::new());
        for (id, code) in &self.batch {
            let print = Print { code: code.clone(), batch: self.first, replaces: None };
            let (draft, card) = begin(seen, *id, self.face.clone().issue(print))?;
            drafts.push(draft);
            cards.push(card);
        }
        Ok(Decision { drafts, answer: Issued::Now(cards) })
    }

    fn again(&self, _: &See, done: &Replay) -> Result<Issued, Stop> {
        Ok(Issued::Before(done.aggregate))
    }
}

struct Replacing<'a> {
    id: Uuid,
    new: (Uuid, String),
    other: Other,
    reason: &'a str,
    instead: String,
}

impl Command<World> for Replacing<'_> {
    type Error = Error;
    type Answer = (Versioned<Card>, Versioned<Card>);

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        let before = seen.expected::<Card>(self.id)?;
        let profile = seen.ask(ProfileOf(before.it.face.district.clone()))?;
        let face = before.it.face.with(self.other.clone());
        profile.has_unit(&face.unit).map_err(Halt::Refused)?;
        let (id, code) = &self.new;
        let replaced = before.it.replace(*id, self.reason, &self.instead).map_err(Halt::Refused)?;
        let print = Print { code: code.clone(), batch: *id, replaces: Some(self.id) };
        let (draft, card) = begin(seen, *id, face.issue(print))?;
        let Some((left, replaced)) = seen.draft(before, replaced)? else {
            return Ok(Decision::nothing((card, before.clone())));
        };
        Ok(Decision { drafts: vec![draft, left], answer: (card, replaced) })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Self::Answer, Stop> {
        Ok((seen.get::<Card>(done.aggregate)?.clone(), seen.get::<Card>(self.id)?.clone()))
    }
}

type Begun = (huying_chassis::log::Draft, Versioned<Card>);

fn begin(seen: &See, id: Uuid, change: CardChange) -> Result<Begun, Stop> {
    seen.begin::<Card>(id, &[change])?.ok_or(Halt::NotFound { kind: Card::KIND, id })
}
