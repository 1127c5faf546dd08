//! A request: what a reporter asks for, as received, never rewritten; and the duty to answer it.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::Decided;
use huying_terms::worktime;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Error,
    change::Change,
    profile::Index,
    state::{State, Step, next},
    submission::{AnsweredFrom, Flag, Kept, Repeat, Reporter, Submission, phone_key},
    token,
};

/// The claims of a request: its number, and the door's order.
pub const NUMBER: &str = "number";
pub const ORDER: &str = "order";
/// The newest additions, kept at hand; the log has all.
pub const ADDITIONS: usize = 50;
/// Lines of progress kept for the reporter; the oldest make way.
pub const PROGRESS: usize = 50;

/// Phones of those who joined, kept to count nobody twice.
pub const JOINERS: usize = 200;

/// Who took the request, and the duty to tell its reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstContact {
    /// Absent when a platform took it.
    pub unit: Option<String>,
    pub subject: String,
    /// The answer reaches the reporter by being published.
    pub published: bool,
    #[serde(with = "ts_microseconds_option")]
    pub discharged_at: Option<DateTime<Utc>>,
    /// By when the reporter is to be told: how it goes, or the answer once that is owed. None: no clock runs.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// How often in a row the clock ran out before the reporter was told.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missed: u32,
    /// The unit that heard of it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climbed_to: Option<String>,
}

/// A line with its instant: an addition of the reporter, or progress for the reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    /// It is between the office and whoever made the request, and for nobody who joined.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own: bool,
}

/// Who has a receipt: the secret says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    Reporter,
    /// Somebody who joined.
    Joiner,
}

/// A request and how it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub id: Uuid,
    pub number: String,
    #[serde(flatten)]
    pub submission: Submission,
    /// The secret of its reporter, as [`token`] keeps it.
    pub tracking_token: String,
    pub state: State,
    pub first_contact: FirstContact,
    #[serde(with = "ts_microseconds")]
    pub submitted_at: DateTime<Utc>,
    /// None in rows that were written before there was such a field.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
    /// When it was closed before it came here.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    pub additions: Vec<Line>,
    /// How many older additions only the log has.
    #[serde(default, skip_serializing_if = "is_none")]
    pub older_additions: u32,
    /// What somebody should look at.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub flags: BTreeSet<Flag>,
    pub progress: Vec<Line>,
    pub answer: String,
    /// The guide of the handbook that it was answered from at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<AnsweredFrom>,
    /// What it repeats, by the same phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// How many more have the same trouble, and by which phones, as [`phone_key`] tells them apart: the newest [`JOINERS`].
    #[serde(default, skip_serializing_if = "is_none")]
    pub joined: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joiners: Vec<String>,
    /// The attempt of the case that the answer is to; 0 while there is none.
    pub attempt: i32,
    pub case: Option<Uuid>,
    /// The unit that holds its case, as that one told last, and of the case that it was on before: what two cases tell comes in no
    /// common order. No more than these two.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holders: BTreeMap<Uuid, String>,
    /// Until when its case is to be resolved; none while that is not said.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// When who called, and who joined, was forgotten.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub forgotten_at: Option<DateTime<Utc>>,
}

/// A case that has news, and how it stands.
#[derive(Clone, Debug)]
pub struct Teller {
    pub case: Uuid,
    /// The unit that holds it; empty: it does not say.
    pub holder: String,
    /// Until when it is to be resolved, or that this is open; none: it does not say.
    pub due_at: Option<Option<DateTime<Utc>>>,
    /// Units that work on it besides, as far as this tells.
    pub workers: Vec<String>,
    /// Who had part in it, likewise.
    pub parties: Vec<Party>,
}

/// A unit that had part in a case, and who acted for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub unit: String,
    /// Their fingerprints on the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
}

/// Who had part in a request's case, whenever, as its log tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workers {
    pub units: BTreeSet<String>,
    /// Units for which whoever asks acted on the case.
    pub acted: BTreeSet<String>,
}

impl Workers {
    /// The unit that whoever asks is of, where they act for one, or for none: one that they acted for on the case is theirs first.
    fn unit_of<'a>(&'a self, unit: Option<&'a str>) -> Option<&'a str> {
        self.acted.iter().next().map(String::as_str).or(unit)
    }

    /// Refuses whoever is one of them, or acted for one.
    ///
    /// # Errors
    /// `OwnWork`.
    pub fn refuse(&self, unit: Option<&str>) -> Result<(), Error> {
        match self.unit_of(unit).filter(|unit| self.units.contains(*unit) || self.acted.contains(*unit)) {
            Some(unit) => Err(Error::OwnWork { unit: unit.to_owned() }),
            None => Ok(()),
        }
    }
}

/// What a case says that its reporters should know, or intake for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Opened,
    /// Who holds it and until when, and nothing for the reporter.
    Held,
    /// Words for the reporter.
    Moved(String),
    /// Words for whoever made the request, and not for who joined.
    Asked(String),
    /// The public answer to an attempt that was resolved or declined.
    Settled {
        answer: String,
        attempt: i32,
    },
    Reopened {
        attempt: i32,
    },
}

impl Teller {
    /// Whether it says nothing of who works on it that was not known.
    fn is_silent(&self, new_holder: Option<&String>) -> bool {
        new_holder.is_none() && self.workers.is_empty() && self.parties.is_empty()
    }
}

impl Request {
    /// When it last changed, as far as the row tells.
    pub fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at.unwrap_or(self.submitted_at)
    }

    /// Who is told of its changes: the unit that took it, or else the platform.
    pub fn told(&self) -> Option<&str> {
        let platform = Some(self.submission.platform.as_str()).filter(|platform| !platform.is_empty());
        self.first_contact.unit.as_deref().or(platform)
    }

    /// The reporter says more.
    pub fn add(&self, content: String) -> Result<Decided<Change>, Error> {
        self.step(Step::Add)?;
        Ok(Decided::one(Change::Supplemented { content }))
    }

    /// Somebody else has the same trouble, and may say something of it. One who is on it already is not counted again; what they say is
    /// added all the same.
    pub fn join(
        &self,
        is_on_it: bool,
        reporter: Option<Kept>,
        content: String,
    ) -> Result<Decided<Change>, Error> {
        self.step(Step::Join)?;
        let joined = (!is_on_it).then_some(Change::Joined { reporter });
        let words = (!content.is_empty()).then_some(Change::Supplemented { content });
        let changes: Vec<Change> = joined.into_iter().chain(words).collect();
        Ok(if changes.is_empty() { Decided::AlreadyDone } else { Decided::Done(changes) })
    }

    /// Whether somebody is on it by what was kept before who calls was sealed: as its reporter, or joined.
    pub fn has(&self, joiner: &Reporter) -> bool {
        let own = self.submission.told_by().and_then(Reporter::number);
        let key = joiner.number().and_then(|number| Some((number, phone_key(joiner)?)));
        key.is_some_and(|(number, key)| own.as_ref() == Some(&number) || self.joiners.contains(&key))
    }

    /// Forgets who called, and who joined, as somebody of `unit` asks; `workers` had part in its case, whenever.
    ///
    /// # Errors
    /// `OwnWork` for one of them: nobody could be called back about their work. `KeptInClear`.
    pub fn forget(
        &self,
        reason: String,
        unit: Option<&str>,
        workers: &Workers,
    ) -> Result<Decided<Change>, Error> {
        if self.forgotten_at.is_some() {
            return Ok(Decided::AlreadyDone);
        }
        self.no_part_in_it(unit, workers)?;
        // Entries are never written again: what stands in one cannot be forgotten.
        if self.submission.is_clear() || !self.joiners.is_empty() {
            return Err(Error::KeptInClear);
        }
        Ok(Decided::one(Change::Forgotten { reason }))
    }

    /// The reporter takes it back, by somebody of `unit`; `workers` had part in its case, whenever.
    ///
    /// # Errors
    /// `OwnWork` for one of them, whose work would leave the account unjudged.
    pub fn withdraw(
        &self,
        reason: String,
        unit: Option<&str>,
        workers: &Workers,
    ) -> Result<Decided<Change>, Error> {
        if self.state == State::Withdrawn {
            return Ok(Decided::AlreadyDone);
        }
        self.no_part_in_it(unit, workers)?;
        self.step(Step::Withdraw)?;
        Ok(Decided::one(Change::Withdrawn { reason }))
    }

    /// The first contact has told the reporter how it goes, in these words, or in others and these are for whoever asks.
    pub fn tell_progress(
        &self,
        text: String,
        profile: &Index,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.step(Step::Tell)?;
        Ok(Decided::one(Change::Told { text, tell_by: self.tell_by(profile, now) }))
    }

    /// The first contact has told the reporter.
    pub fn answer(&self, answer: String) -> Result<Decided<Change>, Error> {
        self.step(Step::Answer)?;
        Ok(Decided::one(Change::Answered { answer, attempt: self.attempt }))
    }

    /// The reporter does not accept the answer, as somebody of `unit` says. Its case comes back by what casework tells then; until
    /// it does, the request stands as worked on.
    ///
    /// # Errors
    /// `OwnWork`; `AnsweredAtOnce`; `ObjectionWindowClosed`.
    pub fn object(
        &self,
        reason: String,
        unit: Option<&str>,
        workers: &Workers,
        profile: &Index,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        // Whoever acted for its holder is its holder's, whichever they act for now.
        let acted = self.holder().filter(|holder| workers.acted.contains(*holder));
        self.not_own_work(acted.or(unit))?;
        self.step(Step::Object)?;
        if self.case.is_none() {
            return Err(Error::AnsweredAtOnce);
        }
        if let Some(until) = self.object_until(profile).filter(|until| now > *until) {
            return Err(Error::ObjectionWindowClosed { until });
        }
        let tell_by = self.tell_by(profile, now);
        Ok(Decided::one(Change::Objected { reason, attempt: self.attempt, tell_by }))
    }

    /// Until when the reporter may object; none: there is no answer to object to.
    pub fn object_until(&self, profile: &Index) -> Option<DateTime<Utc>> {
        let worked_on = self.state == State::Answered && self.case.is_some();
        let answered = self.first_contact.discharged_at.filter(|_| worked_on);
        answered.map(|at| worktime::due(&profile.calendar, at, profile.objection))
    }

    /// A case on it has news. What no longer concerns the reporter is let go.
    pub fn hear(&self, teller: &Teller, news: News, profile: &Index, now: DateTime<Utc>) -> Decided<Change> {
        let case = teller.case;
        let known = self.holders.get(&case);
        let holder = Some(&teller.holder).filter(|it| !it.is_empty() && known != Some(*it)).cloned();
        let is_on_it = self.case == Some(case);
        let due_at = teller.due_at.unwrap_or_else(|| self.due_at.filter(|_| is_on_it));
        let own = matches!(news, News::Asked(_));
        let told = |text: &str, state| {
            let tell_by = self.tell_by(profile, now).filter(|_| self.begins_anew(text, state));
            Decided::one(Change::Progressed {
                case,
                text: text.to_owned(),
                state,
                holder: holder.clone(),
                aside: false,
                due_at,
                tell_by,
                own,
                workers: teller.workers.clone(),
                parties: teller.parties.clone(),
            })
        };
        let step = match &news {
            News::Opened => Step::Open,
            News::Held if self.state == State::Withdrawn => return Decided::AlreadyDone,
            News::Held if teller.is_silent(holder.as_ref()) && (!is_on_it || due_at == self.due_at) => {
                return Decided::AlreadyDone;
            }
            News::Held if self.case.is_some() && !is_on_it => {
                return Decided::one(self.aside(teller, holder));
            }
            News::Held => return told("", self.state),
            // A merged request hears of two cases, each in order and not both. Its attempts grow from answer to answer, whichever case they
            // are of, so an older one is known.
            News::Settled { attempt, .. } | News::Reopened { attempt } if *attempt <= self.attempt => {
                return Decided::AlreadyDone;
            }
            News::Settled { .. } => Step::Owe,
            News::Reopened { .. } => Step::Reopen,
            News::Moved(text) | News::Asked(text) if self.state == State::Withdrawn || text.is_empty() => {
                return Decided::AlreadyDone;
            }
            News::Moved(text) | News::Asked(text) => return told(text, self.state),
        };
        let Some(state) = next(self.state, step) else {
            return Decided::AlreadyDone;
        };
        match news {
            News::Opened => told("已受理，正在办理", state),
            News::Reopened { .. } => told("已退回重新办理", state),
            News::Settled { answer, attempt } => {
                let published = self.first_contact.published;
                let answer_by = (!published).then(|| profile.answer_by(now));
                let (workers, parties) = (teller.workers.clone(), teller.parties.clone());
                let answer_of = answer.clone();
                let owed =
                    Change::Owed { case, answer: answer_of, attempt, holder, answer_by, workers, parties };
                let answered = published.then_some(Change::Answered { answer, attempt });
                Decided::Done([owed].into_iter().chain(answered).collect())
            }
            News::Held | News::Moved(_) | News::Asked(_) => Decided::AlreadyDone,
        }
    }

    /// Who holds, and works on, a case that it is not on now.
    fn aside(&self, teller: &Teller, holder: Option<String>) -> Change {
        Change::Progressed {
            case: teller.case,
            text: String::new(),
            state: self.state,
            holder,
            aside: true,
            due_at: None,
            tell_by: None,
            own: false,
            workers: teller.workers.clone(),
            parties: teller.parties.clone(),
        }
    }

    /// Whether its reporter's interval begins anew with this: it is worked on again, or they read of it where notes are published.
    fn begins_anew(&self, text: &str, state: State) -> bool {
        let again = matches!(self.state, State::Answering | State::Answered);
        let is_read = self.first_contact.published && !text.is_empty();
        state == State::Handling && (again || is_read)
    }

    /// Where the unit that took it is no more, its successor owes what is owed still; and where the one that heard of a missed duty is no
    /// more, its successor has heard of it.
    pub fn succeed(&self, successors: &BTreeMap<String, String>) -> Decided<Change> {
        let first = &self.first_contact;
        let units = [&first.unit, &first.climbed_to].into_iter().flatten().filter(|_| self.is_owed());
        let gone: BTreeSet<&String> = units.collect();
        let replaced =
            gone.into_iter().filter_map(|from| Some((from.clone(), successors.get(from)?.clone())));
        let changes: Vec<Change> = replaced.map(|(from, to)| Change::ContactReplaced { from, to }).collect();
        if changes.is_empty() { Decided::AlreadyDone } else { Decided::Done(changes) }
    }

    /// The secret of those who joined, where the reporter's own was kept as it is: it tells nothing of that one, from which it comes.
    pub fn joiner_token(&self) -> Option<String> {
        let digest = Sha256::digest(format!("{}/joined", self.tracking_token));
        token::is_clear(&self.tracking_token).then(|| BASE64_URL_SAFE_NO_PAD.encode(&digest[..16]))
    }

    /// The unit that holds its case, as far as the case has told.
    pub fn holder(&self) -> Option<&str> {
        self.holders.get(self.case.as_ref()?).map(String::as_str)
    }

    /// Whether the reporter is still owed an answer.
    fn is_owed(&self) -> bool {
        self.state != State::Withdrawn && self.first_contact.discharged_at.is_none()
    }

    /// The unit that still owes the reporter an answer.
    pub fn owing_unit(&self) -> Option<&str> {
        self.first_contact.unit.as_deref().filter(|_| self.is_owed())
    }

    fn not_own_work(&self, unit: Option<&str>) -> Result<(), Error> {
        match unit.filter(|unit| self.holder() == Some(unit)) {
            Some(unit) => Err(Error::OwnWork { unit: unit.to_owned() }),
            None => Ok(()),
        }
    }

    /// The same, and never had part in its case.
    fn no_part_in_it(&self, unit: Option<&str>, workers: &Workers) -> Result<(), Error> {
        self.not_own_work(workers.unit_of(unit))?;
        workers.refuse(unit)
    }

    fn step(&self, step: Step) -> Result<State, Error> {
        next(self.state, step).ok_or(Error::StepNotAllowed { state: self.state, step })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(super) fn is_false(it: &bool) -> bool {
    !it
}

pub(super) fn is_none(count: &u32) -> bool {
    *count == 0
}
