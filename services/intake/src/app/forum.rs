//! Entering forums, and asking what was held.

use chrono::{DateTime, Utc};
use huying_chassis::{
    id,
    log::{AppendError, Draft, Meta, Versioned, not_found},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        channel::Channel,
        counted::ForumCount,
        forum::{Forum, ForumCall, ForumChange, ForumRequest, Held},
        offer::{Offer, OfferContent},
        profile::Index,
        request::Request,
        wanted::{ForumCursor, Placed},
    },
    store::forum,
};

/// A forum with all that came of it, to be entered.
pub struct Entering {
    pub held: Held,
    pub calls: Vec<ForumCall>,
    pub offers: Vec<OfferContent>,
}

impl App {
    /// Enters a forum: it, its requests and its offers commit together. The same command again gets the first answer.
    pub async fn hold_forum(&self, entering: &Entering, meta: &Meta) -> Result<Versioned<Forum>, Problem> {
        if let Some(done) = self.entered(meta).await? {
            return Ok(done);
        }
        let profile = self.profiles.get(&entering.held.district).await?;
        if !entering.calls.is_empty() {
            profile.door(Channel::Forum)?;
        }
        let now = self.log.now();
        let mut held = entering.held.clone();
        held.host = profile.acting(Some(&held.host))?;
        let (forum, mut drafts) = (id::new(), Vec::new());
        for call in &entering.calls {
            let (draft, request) = self.called((forum, &held), call, (&profile, now), meta).await?;
            held.requests.push(request);
            drafts.push(draft);
        }
        for content in &entering.offers {
            let (draft, offer) = self.offered((forum, &held), content, now, meta).await?;
            held.offers.push(offer);
            drafts.push(draft);
        }
        let key = self.seal_people(forum, &mut held).await?;
        let (draft, entered) = drafted(Draft::new(forum, &[ForumChange::Held(Box::new(held))], meta, now)?)?;
        // The first answers the command.
        drafts.insert(0, draft.with_key(key));
        match self.log.append(drafts.into()).await {
            Ok(()) => Ok(entered),
            Err(AppendError::Replayed) => {
                self.entered(meta).await?.ok_or_else(|| AppendError::Replayed.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A call becomes a request whose answer the host owes.
    async fn called(
        &self,
        (forum, held): (Uuid, &Held),
        call: &ForumCall,
        (profile, now): (&Index, DateTime<Utc>),
        meta: &Meta,
    ) -> Result<(Draft, ForumRequest), Problem> {
        let rule = profile.door(Channel::Forum)?;
        let received = held.received(forum, call);
        let repeat = self.repeated(&held.district, received.submission.said(), now).await?;
        let id = id::new();
        let receipt = self.receipt(profile, (id, Some(held.host.clone())), repeat, meta).await?;
        let number = receipt.number.clone();
        let mut change = received.take(receipt, rule);
        let key = self.seal(id, &mut change).await?;
        let (draft, _) = drafted(Draft::new::<Request>(id, &[change], meta, now)?)?;
        Ok((draft.with_key(key), ForumRequest { id, number, participant: call.participant }))
    }

    /// What was offered, or is needed, becomes an offer of its own.
    async fn offered(
        &self,
        (forum, held): (Uuid, &Held),
        content: &OfferContent,
        now: DateTime<Utc>,
        meta: &Meta,
    ) -> Result<(Draft, Uuid), Problem> {
        let id = id::new();
        let place = (held.district.clone(), held.area.clone());
        let (made, key) = self.made((id, Some(forum)), place, content.clone()).await?;
        let (draft, _) = drafted(Draft::new::<Offer>(id, &[made], meta, now)?)?;
        Ok((draft.with_key(key), id))
    }

    /// What the same command did before.
    async fn entered(&self, meta: &Meta) -> Result<Option<Versioned<Forum>>, Problem> {
        let Some(done) = self.log.repeated(meta).await? else { return Ok(None) };
        let forum = self.log.load(done.aggregate).await?;
        forum.map(Some).ok_or_else(|| not_found("forum", done.aggregate))
    }

    pub async fn forum(&self, id: Uuid) -> Result<Option<Versioned<Forum>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Held last first.
    pub async fn forums(
        &self,
        within: &Placed,
        after: Option<ForumCursor>,
        limit: i64,
    ) -> Result<Vec<Versioned<Forum>>, Problem> {
        Ok(forum::list(self.log.pool(), within, after, limit).await?)
    }

    /// How many of each kind were held in a time; and whether there are more than were counted.
    pub async fn count_forums(
        &self,
        within: &Placed,
        time: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(Vec<ForumCount>, bool), Problem> {
        Ok(forum::count(self.log.pool(), within, time).await?)
    }
}

fn drafted<A>(drafted: Option<(Draft, Versioned<A>)>) -> Result<(Draft, Versioned<A>), Problem> {
    drafted.ok_or_else(|| Problem::bug(anyhow::anyhow!("a change drafts nothing")))
}
