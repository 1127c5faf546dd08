//! Taking a request. Most calls come once: the first answer is looked for only when the district, or the insert, refuses.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    id,
    log::{AppendError, ChangeSet, Draft, Meta, Versioned, not_found},
    status::Problem,
};
use tonic::Code;
use uuid::Uuid;

use super::{App, seal::called};
use crate::{
    domain::{
        Error,
        card::{Card, CardChange},
        change::Change,
        guide::{Guide, GuideState},
        profile::Index,
        request::{ORDER, Request},
        state::State,
        submission::{AnsweredFrom, Flag, Receipt, Received, Repeat, Submission},
        token,
    },
    store,
};

/// How often a submission is tried anew when another of the same order is written at the same moment.
const TRIES: usize = 8;

/// How long what a phone said is remembered as the same matter.
const REPEATS_WITHIN: TimeDelta = TimeDelta::days(90);

/// What there is already of a submission.
enum Before {
    /// The same command, or the same order: its request.
    Taken(Box<Versioned<Request>>),
    /// The order was recalled: this withdrawn request gives its number up.
    Recalled(Uuid),
    Nothing,
}

impl App {
    /// Takes a submission; the same one again gets the first answer, and a recalled order sent again is taken anew. Of one that was
    /// taken from somebody else, and that the caller does not see, nothing is told but that. `knows`: whether the caller knows who made
    /// a request; to others it is not told whether that is who is named now.
    pub async fn submit(
        &self,
        received: Received,
        (sees, knows): (impl Fn(&Request) -> bool, impl Fn(&Request) -> bool),
        meta: &Meta,
    ) -> Result<Versioned<Request>, Problem> {
        let mut recalled = None;
        for n in 0..TRIES {
            let refused = match self.draft(&received, recalled, (n == 0, meta)).await {
                Ok((set, request)) => match self.log.append(set).await {
                    Ok(()) => return Ok(request),
                    // Stale: another request was made by the same card.
                    Err(AppendError::Duplicate | AppendError::Replayed | AppendError::Stale) => None,
                    Err(error) => return Err(error.into()),
                },
                Err(problem) => Some(problem),
            };
            let before = self.before(&received.submission, (&sees, &knows), meta).await?;
            recalled = match (before, refused) {
                (Before::Taken(request), _) if sees(&request.it) => return Ok(*request),
                (Before::Taken(_), _) => return Err(Error::OrderTaken.into()),
                (Before::Recalled(_) | Before::Nothing, Some(problem)) => return Err(problem),
                (Before::Recalled(other), None) => Some(other),
                (Before::Nothing, None) => None,
            };
        }
        Err(AppendError::Duplicate.into())
    }

    /// What a new request writes, if the district takes it as things are now: the request, and one use of the card that it was made by.
    async fn draft(
        &self,
        received: &Received,
        recalled: Option<Uuid>,
        (counts, meta): (bool, &Meta),
    ) -> Result<(ChangeSet, Versioned<Request>), Problem> {
        let profile = self.profiles.get(&received.submission.district).await?;
        let rule = profile.door(received.submission.channel)?;
        let mut received = received.clone();
        let untaken = self.answer_at_once(&mut received).await?;
        let (now, id) = (self.log.now(), id::new());
        let used = match received.submission.card {
            Some(card) => Some(self.use_card(card, id).await?),
            None => None,
        };
        // A history is long, and nobody waits behind it.
        if counts && received.closed.is_none() {
            self.floods.count(&received.submission, meta, &profile, now)?;
        }
        // Last: what is refused uses no number up.
        let submission = &received.submission;
        let at = received.closed.map_or(now, |closed| closed.submitted_at);
        let repeat = self.repeated(&submission.district, submission.said(), at).await?;
        let answers = used.as_ref().map(|(card, _)| profile.current(&card.it.face.unit).to_owned());
        let unit = answers.or_else(|| meta.actor.unit.clone());
        let receipt = self.receipt(&profile, (id, unit), repeat, meta).await?;
        let mut taken = received.take(receipt, rule);
        let key = self.seal(id, &mut taken).await?;
        let changes: Vec<Change> = [taken].into_iter().chain(untaken).collect();
        let drafted = Draft::new::<Request>(id, &changes, meta, now)?;
        let (draft, request) =
            drafted.ok_or_else(|| Problem::bug(anyhow::anyhow!("a submission drafts nothing")))?;
        let draft = draft.with_key(key);
        let draft = match recalled {
            Some(other) => draft.claiming_from(other),
            None => draft,
        };
        let mut set = ChangeSet::from(draft);
        if let Some((card, change)) = used {
            set.drafts.extend(Draft::on(&card, &[change], meta, now)?.map(|(draft, _)| draft));
        }
        Ok((set, request))
    }

    /// A card as it is, and that a request is made by it.
    async fn use_card(&self, card: Uuid, request: Uuid) -> Result<(Versioned<Card>, CardChange), Problem> {
        let card = self.card(card).await?;
        let instead = if card.it.is_valid() { String::new() } else { self.instead(&card.it).await? };
        let change = card.it.used(request, &instead)?;
        Ok((card, change))
    }

    /// What a request is given that somebody of `unit` takes.
    pub(super) async fn receipt(
        &self,
        profile: &Index,
        (request, unit): (Uuid, Option<String>),
        repeat: Option<Repeat>,
        meta: &Meta,
    ) -> Result<Receipt, Problem> {
        let now = self.log.now();
        let day = now.with_timezone(&profile.zone).date_naive();
        let tell_by = unit.as_ref().map(|_| profile.tell_by(now));
        let number = self.numbers.next(&profile.prefix, (day, profile.zone)).await?;
        Ok(Receipt {
            number,
            tracking_token: token::hashed(&self.new_token(request)),
            taker: (meta.actor.subject.clone(), unit),
            repeat,
            tell_by,
        })
    }

    /// What the same number had said of the same matter by then; without one nothing.
    pub(super) async fn repeated(
        &self,
        district: &str,
        (number, content): (Option<String>, &str),
        at: DateTime<Utc>,
    ) -> Result<Option<Repeat>, Problem> {
        let Some(number) = number else { return Ok(None) };
        let hash = called(&self.seals, district, &number);
        let within = (at - REPEATS_WITHIN, at);
        let before = store::request::by_phone(self.log.pool(), district, (&number, &hash), within).await?;
        Ok(Repeat::of(content, &before))
    }

    /// Answers what may be answered at once, from the handbook where a guide is named. What is no answer, since it is to no consultation or
    /// from a guide that there is not, is flagged and its words are kept as an addition: the call itself is worked on.
    async fn answer_at_once(&self, received: &mut Received) -> Result<Option<Change>, Problem> {
        if let Some(from) = received.guide.take() {
            match self.published(&received.submission.district, &from).await? {
                Some(guide) => {
                    received.guide = Some(AnsweredFrom { version: guide.version, ..from });
                    if received.answer.is_empty() {
                        received.answer = guide.it.content.text;
                    }
                }
                None => drop(received.flags.insert(Flag::AnswerNotTaken)),
            }
        }
        if received.may_be_answered() {
            return Ok(None);
        }
        received.guide = None;
        received.flags.insert(Flag::AnswerNotTaken);
        let content = format!("随件答复：{}", std::mem::take(&mut received.answer));
        Ok(Some(Change::Supplemented { content }))
    }

    /// A guide in the version that is named; none: it was never published so, or is withdrawn.
    async fn published(
        &self,
        district: &str,
        from: &AnsweredFrom,
    ) -> Result<Option<Versioned<Guide>>, Problem> {
        let version = Some(from.version).filter(|version| *version > 0);
        match self.guide((district, &from.code), version).await {
            Ok(guide) => Ok(Some(guide).filter(|guide| guide.it.state == GuideState::Published)),
            Err(problem) if problem.code() == Code::NotFound => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// What there is already. Asked before any refusal is told: what was done before stays done, whatever the district takes now.
    async fn before(
        &self,
        submission: &Submission,
        (sees, knows): (impl Fn(&Request) -> bool, impl Fn(&Request) -> bool),
        meta: &Meta,
    ) -> Result<Before, Problem> {
        if let Some(done) = self.log.repeated(meta).await? {
            let request = self.log.load(done.aggregate).await?;
            let request = request.ok_or_else(|| not_found("request", done.aggregate))?;
            return Ok(Before::Taken(Box::new(request)));
        }
        let Some(order) = submission.order() else { return Ok(Before::Nothing) };
        let Some(holder) = self.log.claimed(ORDER, &order).await? else { return Ok(Before::Nothing) };
        Ok(match self.log.load::<Request>(holder).await? {
            Some(first) if first.it.state == State::Withdrawn => Before::Recalled(first.id),
            Some(first) if !sees(&first.it) => return Err(Error::OrderTaken.into()),
            Some(first) if knows(&first.it) && self.is_same(submission, &first).await? => {
                Before::Taken(Box::new(first))
            }
            Some(first) => return Err(Error::OrderChanged { number: first.it.number }.into()),
            None => Before::Nothing,
        })
    }
}
