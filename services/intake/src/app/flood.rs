//! Who floods a door is kept waiting, and nobody else. What each sender has sent just now is in memory: of a process, so several replicas
//! take as many times as much.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use huying_chassis::log::Meta;
use quick_cache::sync::Cache;

use crate::domain::{
    Error,
    flood::{Rate, Sent},
    profile::Index,
    submission::Submission,
};

/// Senders that are counted at once; those who send least are forgotten first.
const SENDERS: usize = 100_000;

/// All who send by a door.
const ALL: &str = "all";

/// What is counted by itself: a district, a door, and who sends.
type Sender = (String, &'static str, String);

/// What senders have sent just now.
pub struct Floods(Cache<Sender, Arc<Mutex<Sent>>>);

impl Default for Floods {
    fn default() -> Self {
        Self(Cache::new(SENDERS))
    }
}

impl Floods {
    /// Counts a submission, for everybody who sends it.
    ///
    /// # Errors
    /// One of them has sent too much.
    pub fn count(
        &self,
        submission: &Submission,
        meta: &Meta,
        profile: &Index,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let (rate, senders) = senders(submission, meta, profile)?;
        let of_door = profile.door(submission.channel)?.door_rate.unwrap_or(Rate::OF_DOOR);
        // The door last: what is refused to one sender takes nothing from the others.
        for (sender, rate) in senders.into_iter().map(|it| (it, rate)).chain([(ALL.to_owned(), of_door)]) {
            let key = (submission.district.clone(), submission.channel.name(), sender);
            let made = self.0.get_or_insert_with(&key, || Ok::<_, ()>(Arc::default()));
            let sent = made.unwrap_or_default();
            let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.one_more(rate, now).map_err(|after| Error::TooMany { door: submission.channel, after })?;
        }
        Ok(())
    }
}

/// Who sends it, and what each of them may: whoever shows a token; or, of what was scanned, the card and the phone that is given.
fn senders(submission: &Submission, meta: &Meta, profile: &Index) -> Result<(Rate, Vec<String>), Error> {
    let issuer = meta.command.as_ref().map_or("", |command| command.issuer.as_str());
    // Nobody issued a token to who scans a card; who notes a call has one.
    if let Some(card) = submission.card.filter(|_| issuer.is_empty()) {
        let phone = submission.said().0.map(|number| format!("phone {number}"));
        // The phone first: one that is refused is not counted for the card, which others use too.
        let senders = phone.into_iter().chain([format!("card {card}")]);
        return Ok((profile.card_rate, senders.collect()));
    }
    let rate = profile.door(submission.channel)?.rate.unwrap_or(Rate::OF_DOOR);
    Ok((rate, vec![format!("{issuer} {}", meta.actor.subject)]))
}
