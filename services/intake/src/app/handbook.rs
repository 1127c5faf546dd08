//! The handbook: publishing its guides, taking them out, and asking it.

use huying_chassis::{
    id,
    log::{Aggregate as _, Meta, Replay, Versioned, not_found, read},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{App, Claimed, See, World};
use crate::{
    domain::{
        Error,
        guide::{Content, GUIDE, Guide, GuideChange, GuideKind, GuideState, words},
        wanted::Guides,
    },
    store::guide::{self, Found},
};

type Stop = Halt<Error>;

impl App {
    /// Publishes a guide, new or in place of the one before.
    pub async fn publish_guide(&self, content: &Content, meta: &Meta) -> Result<Versioned<Guide>, Problem> {
        Ok(self.runner.run(&Publishing { id: id::new(), content }, meta).await?)
    }

    pub async fn withdraw_guide(
        &self,
        (district, code): (&str, &str),
        reason: &str,
        meta: &Meta,
    ) -> Result<Versioned<Guide>, Problem> {
        let id = self.guide_id(district, code).await?;
        Ok(self.runner.run(&Withdrawing { id, reason }, meta).await?)
    }

    /// A guide as it is, or as a version had it.
    pub async fn guide(
        &self,
        (district, code): (&str, &str),
        version: Option<i64>,
    ) -> Result<Versioned<Guide>, Problem> {
        let id = self.guide_id(district, code).await?;
        let now = self.log.load::<Guide>(id).await?.ok_or_else(|| not_found(Guide::KIND, code))?;
        match version.filter(|version| *version != now.version) {
            None => Ok(now),
            Some(version) => self.guide_at(now, version).await,
        }
    }

    async fn guide_at(&self, now: Versioned<Guide>, version: i64) -> Result<Versioned<Guide>, Problem> {
        let there_is_none = || not_found("version of this guide", version);
        let entry = read::entries_of(self.log.pool(), now.id, version, 1).await?;
        let entry = entry.first().filter(|entry| entry.head.version == version).ok_or_else(there_is_none)?;
        // A withdrawal says nothing of the content: it is what there was before.
        match entry.decode::<Guide>().map_err(Problem::bug)?.change {
            GuideChange::Published { content, words } => {
                let (state, at) = (GuideState::Published, entry.head.at);
                Ok(Versioned { version, it: Guide { content: *content, words, state, at }, ..now })
            }
            GuideChange::Withdrawn { .. } => Err(there_is_none()),
        }
    }

    async fn guide_id(&self, district: &str, code: &str) -> Result<Uuid, Problem> {
        let claimed = self.log.claimed(GUIDE, &Content::key(district, code)).await?;
        claimed.ok_or_else(|| not_found(Guide::KIND, code))
    }

    pub async fn guides(
        &self,
        wanted: &Guides,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Versioned<Guide>>, Problem> {
        Ok(guide::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// What the handbook has on a question; nothing on one that has no telling word.
    pub async fn search_guides(
        &self,
        of: (&str, Option<GuideKind>),
        question: &str,
        limit: i64,
    ) -> Result<Vec<Found>, Problem> {
        match words::asked(question) {
            Some(words) => Ok(guide::search(self.log.pool(), of, &words, limit).await?),
            None => Ok(Vec::new()),
        }
    }
}

struct Publishing<'a> {
    id: Uuid,
    content: &'a Content,
}

impl Command<World> for Publishing<'_> {
    type Error = Error;
    type Answer = Versioned<Guide>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Guide>>, Stop> {
        let key = Content::key(&self.content.district, &self.content.code);
        let drafted = match *seen.ask(Claimed(GUIDE, key))? {
            Some(id) => {
                let guide = seen.expected::<Guide>(id)?;
                match seen.draft(guide, guide.it.publish(self.content))? {
                    Some(drafted) => drafted,
                    None => return Ok(Decision::nothing(guide.clone())),
                }
            }
            None if seen.meta().expected.is_some() => {
                return Err(Halt::Stale { kind: Guide::KIND, id: self.id, current: 0 });
            }
            None => seen
                .begin::<Guide>(self.id, &[self.content.clone().publish()])?
                .ok_or(Halt::NotFound { kind: Guide::KIND, id: self.id })?,
        };
        Ok(Decision { drafts: vec![drafted.0], answer: drafted.1 })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Guide>, Stop> {
        Ok(seen.get::<Guide>(done.aggregate)?.clone())
    }
}

struct Withdrawing<'a> {
    id: Uuid,
    reason: &'a str,
}

impl Command<World> for Withdrawing<'_> {
    type Error = Error;
    type Answer = Versioned<Guide>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Guide>>, Stop> {
        let guide = seen.get::<Guide>(self.id)?;
        Ok(match seen.draft(guide, guide.it.withdraw(self.reason))? {
            Some((draft, guide)) => Decision { drafts: vec![draft], answer: guide },
            None => Decision::nothing(guide.clone()),
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Guide>, Stop> {
        Ok(seen.get::<Guide>(self.id)?.clone())
    }
}
