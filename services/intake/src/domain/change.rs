//! What can happen to a request, and how it changes it. The serde form is kept in the log for ever: only add.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    channel::Channel,
    request::{
        ADDITIONS, FirstContact, JOINERS, Line, NUMBER, ORDER, PROGRESS, Party, Request, is_false, is_none,
    },
    state::{State, Step, next},
    submission::{AnsweredFrom, Closed, Flag, Kept, Repeat, Submission, phone_key},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Submitted {
        number: String,
        tracking_token: String,
        first_contact: FirstContact,
        submission: Box<Submission>,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        flags: BTreeSet<Flag>,
        /// What the reporter was told at once; empty: nothing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        answer: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guide: Option<AnsweredFrom>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repeat: Option<Repeat>,
        /// It was settled before it came here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closed: Option<Closed>,
    },
    Supplemented {
        content: String,
    },
    /// Somebody else has the same trouble.
    Joined {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reporter: Option<Kept>,
    },
    Withdrawn {
        reason: String,
    },
    Progressed {
        case: Uuid,
        /// For the reporter; empty: nothing.
        text: String,
        state: State,
        /// The unit that holds the case, where it is another than was known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<String>,
        /// The request is on another case, or not yet on this one: only who holds this one is noted.
        #[serde(default, skip_serializing_if = "is_false")]
        aside: bool,
        /// Until when the case is to be resolved, as is known now.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        due_at: Option<DateTime<Utc>>,
        /// By when the reporter is to be told next; none: that stays as it was.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        tell_by: Option<DateTime<Utc>>,
        /// For whoever made the request alone.
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
        /// Units that work on the case besides its holder, as was told with this.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        workers: Vec<String>,
        /// Who had part in it, as was told with this.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parties: Vec<Party>,
    },
    /// The first contact has told the reporter how it goes.
    Told {
        text: String,
        /// By when the reporter is to be told next.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        tell_by: Option<DateTime<Utc>>,
    },
    /// The first contact did not tell the reporter in time.
    DutyMissed {
        /// The first contact; none: a platform.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        #[serde(with = "ts_microseconds")]
        due_at: DateTime<Utc>,
        /// The unit that hears of it; none: nobody is above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// When it climbs on, if the reporter is not told before.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        next_at: Option<DateTime<Utc>>,
    },
    /// The case is resolved or declined: the reporter is owed this answer.
    Owed {
        case: Uuid,
        answer: String,
        attempt: i32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<String>,
        /// By when the reporter is to be told; none: it is published.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        answer_by: Option<DateTime<Utc>>,
        /// As with [`Change::Progressed`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        workers: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parties: Vec<Party>,
    },
    Answered {
        answer: String,
        /// Of the case.
        attempt: i32,
    },
    /// The reporter does not accept the answer to this attempt of the case.
    Objected {
        reason: String,
        attempt: i32,
        /// By when the reporter is to be told how it goes.
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        tell_by: Option<DateTime<Utc>>,
    },
    /// The unit that took it is no more: its successor owes the answer.
    ContactReplaced {
        from: String,
        to: String,
    },
    /// Who called, and who joined, is forgotten: nobody can open any more what is sealed of them.
    Forgotten {
        reason: String,
    },
}

impl Change {
    /// What the reporter said later.
    pub fn addition(&self, at: DateTime<Utc>) -> Option<Line> {
        let Change::Supplemented { content } = self else { return None };
        Some(Line { text: content.clone(), at, own: false })
    }

    /// What the reporter may know of the work since.
    pub fn progress(&self, at: DateTime<Utc>) -> Option<Line> {
        let (text, own) = match self {
            Change::Progressed { aside: false, text, own, .. } => (text.clone(), *own),
            Change::Told { text, .. } => (text.clone(), false),
            Change::Objected { reason, .. } => (format!("已提出异议：{reason}"), true),
            // Aside it says only who holds the case; the answer has a place of its own; the rest is no news of the work.
            Change::Progressed { aside: true, .. }
            | Change::Submitted { .. }
            | Change::Supplemented { .. }
            | Change::Joined { .. }
            | Change::Withdrawn { .. }
            | Change::DutyMissed { .. }
            | Change::Owed { .. }
            | Change::Answered { .. }
            | Change::ContactReplaced { .. }
            | Change::Forgotten { .. } => return None,
        };
        (!text.is_empty()).then_some(Line { text, at, own })
    }
}

/// What every event says of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub number: String,
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub external_id: String,
    pub case: Option<Uuid>,
    #[serde(default, skip_serializing_if = "is_none")]
    pub joined: u32,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub submitted_at: DateTime<Utc>,
}

impl Aggregate for Request {
    const KIND: &'static str = "request";
    const SHAPE: i16 = 5;
    const REPEATED: &'static [&'static str] = &["changed_at"];
    const PERSONAL: &'static [&'static str] = &[
        "/submitted/submission/reporter",
        "/submitted/submission/order/attachments",
        "/submitted/submission/order/extensions",
        "/submitted/submission/concerns",
        "/submitted/tracking_token",
        "/joined/reporter",
    ];
    type Change = Change;
    type State = State;
    type About = About;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        let Some(request) = before else {
            return begins(change);
        };
        match change {
            Change::Submitted { .. } => None,
            Change::Supplemented { .. } => next(request.state, Step::Add),
            Change::Joined { reporter: Some(Kept::Clear(_)) } => None,
            Change::Joined { .. } => next(request.state, Step::Join),
            Change::Withdrawn { .. } => next(request.state, Step::Withdraw),
            // What a case tells may lead on, or only tell.
            Change::Progressed { state, .. } => Some(*state),
            Change::Told { .. } => next(request.state, Step::Tell),
            Change::ContactReplaced { .. } | Change::DutyMissed { .. } | Change::Forgotten { .. } => {
                Some(request.state)
            }
            Change::Owed { .. } => next(request.state, Step::Owe),
            Change::Answered { .. } => next(request.state, Step::Answer),
            Change::Objected { .. } => next(request.state, Step::Object),
        }
    }

    fn first(change: &Change, state: State, stamp: &Stamp) -> Option<Self> {
        let Change::Submitted {
            number,
            tracking_token,
            first_contact,
            submission,
            flags,
            answer,
            closed,
            guide,
            repeat,
        } = change
        else {
            return None;
        };
        let answered_at = closed.map_or(stamp.at, |closed| closed.closed_at);
        let discharged_at = (state == State::Answered).then_some(answered_at);
        Some(Self {
            id: stamp.id,
            number: number.clone(),
            submission: (**submission).clone(),
            tracking_token: tracking_token.clone(),
            state,
            first_contact: FirstContact { discharged_at, ..first_contact.clone() },
            submitted_at: closed.map_or(stamp.at, |closed| closed.submitted_at),
            changed_at: Some(stamp.at),
            closed_at: closed.map(|closed| closed.closed_at),
            additions: Vec::new(),
            older_additions: 0,
            flags: flags.clone(),
            progress: Vec::new(),
            answer: answer.clone(),
            guide: guide.clone(),
            repeat: repeat.clone(),
            joined: 0,
            joiners: Vec::new(),
            attempt: 0,
            case: None,
            holders: BTreeMap::new(),
            due_at: None,
            forgotten_at: None,
        })
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        let is_settled = matches!(self.state, State::Answering | State::Answered);
        (self.state, self.changed_at) = (state, Some(stamp.at));
        match change {
            // A second submission of the same request cannot be drafted.
            Change::Submitted { .. } => {}
            Change::Supplemented { content } => self.supplement(content, stamp),
            Change::Joined { reporter } => self.join_in(reporter.as_ref()),
            Change::Withdrawn { .. } => self.first_contact.owes_by(None),
            Change::ContactReplaced { from, to } => self.first_contact.replace(from, to),
            Change::Progressed { case, holder, aside: true, .. } => self.is_held(*case, holder.as_ref()),
            Change::Progressed { case, holder, due_at, tell_by, .. } => {
                self.is_on(*case, holder.as_ref());
                self.due_at = *due_at;
                if state == State::Handling {
                    self.owe_anew();
                }
                if tell_by.is_some() || (is_settled && state == State::Handling) {
                    self.first_contact.owes_by(*tell_by);
                }
            }
            Change::Forgotten { .. } => {
                self.forgotten_at = Some(stamp.at);
                self.joiners.clear();
            }
            Change::Told { tell_by, .. } => self.first_contact.owes_by(*tell_by),
            Change::DutyMissed { to, next_at, .. } => self.first_contact.missed_it(to.as_ref(), *next_at),
            Change::Objected { tell_by, .. } => {
                self.owe_anew();
                self.first_contact.owes_by(*tell_by);
            }
            Change::Owed { case, answer, attempt, holder, answer_by, .. } => {
                self.attempt = *attempt;
                self.is_on(*case, holder.as_ref());
                self.answer.clone_from(answer);
                (self.first_contact.discharged_at, self.due_at) = (None, None);
                self.first_contact.owes_by(*answer_by);
            }
            Change::Answered { answer, .. } => {
                self.answer.clone_from(answer);
                self.first_contact.discharged_at = Some(stamp.at);
                self.first_contact.owes_by(None);
            }
        }
        self.tell(change.progress(stamp.at));
    }

    fn district(&self) -> &str {
        &self.submission.district
    }

    fn unit(&self) -> Option<&str> {
        self.told()
    }

    /// A number is given once, and an order of a door is taken once.
    fn claims(&self) -> Vec<(&'static str, String)> {
        let order = self.submission.order().map(|key| (ORDER, key));
        [(NUMBER, self.number.clone())].into_iter().chain(order).collect()
    }

    fn about(&self) -> About {
        About {
            number: self.number.clone(),
            channel: self.submission.channel,
            external_id: self.submission.external_id.clone(),
            case: self.case,
            joined: self.joined,
            submitted_at: self.submitted_at,
        }
    }
}

/// Where a request begins: what was answered at once, or closed before it came here, is answered. It does not where who calls, or what
/// else the door has, is not sealed.
fn begins(change: &Change) -> Option<State> {
    match change {
        Change::Submitted { submission, .. } if submission.is_clear() => None,
        Change::Submitted { answer, closed: None, .. } if answer.is_empty() => Some(State::Submitted),
        Change::Submitted { .. } => Some(State::Answered),
        Change::Supplemented { .. }
        | Change::Joined { .. }
        | Change::Withdrawn { .. }
        | Change::Progressed { .. }
        | Change::Told { .. }
        | Change::DutyMissed { .. }
        | Change::Owed { .. }
        | Change::Answered { .. }
        | Change::Objected { .. }
        | Change::ContactReplaced { .. }
        | Change::Forgotten { .. } => None,
    }
}

impl FirstContact {
    /// The reporter is to be told by then; none: by no certain time. What was missed before counts no more.
    fn owes_by(&mut self, due_at: Option<DateTime<Utc>>) {
        (self.due_at, self.missed, self.climbed_to) = (due_at, 0, None);
    }

    fn missed_it(&mut self, to: Option<&String>, next_at: Option<DateTime<Utc>>) {
        (self.due_at, self.missed) = (next_at, self.missed + 1);
        if let Some(to) = to {
            self.climbed_to = Some(to.clone());
        }
    }

    fn replace(&mut self, from: &str, to: &str) {
        let units = [&mut self.unit, &mut self.climbed_to].into_iter().flatten();
        units.filter(|unit| unit.as_str() == from).for_each(|unit| to.clone_into(unit));
    }
}

impl Request {
    /// Its case is this one now; what is known of another is kept.
    fn is_on(&mut self, case: Uuid, holder: Option<&String>) {
        self.is_held(case, holder);
        self.case = Some(case);
    }

    /// This unit holds the case. Of two cases that is known, the one that it is on among them.
    fn is_held(&mut self, case: Uuid, holder: Option<&String>) {
        let Some(holder) = holder else { return };
        if self.holders.len() >= 2 && !self.holders.contains_key(&case) {
            self.holders.retain(|known, _| Some(*known) == self.case);
        }
        self.holders.insert(case, holder.clone());
    }

    /// The oldest addition makes way where there are many.
    fn supplement(&mut self, content: &str, stamp: &Stamp) {
        if self.additions.len() >= ADDITIONS {
            self.additions.remove(0);
            self.older_additions += 1;
            self.flags.insert(Flag::ManyAdditions);
        }
        self.additions.push(Line { text: content.to_owned(), at: stamp.at, own: false });
    }

    /// One more. By which phone is known by the key of what is sealed; where it is not sealed it is noted, and the oldest make way.
    fn join_in(&mut self, reporter: Option<&Kept>) {
        self.joined += 1;
        if let Some(phone) = reporter.and_then(Kept::clear).and_then(phone_key) {
            if self.joiners.len() >= JOINERS {
                self.joiners.remove(0);
            }
            self.joiners.push(phone);
        }
    }

    /// It is worked on again: where it had an answer, a new one is owed.
    fn owe_anew(&mut self) {
        if self.first_contact.discharged_at.take().is_some() {
            self.answer.clear();
        }
    }

    /// The oldest line makes way where there are many.
    fn tell(&mut self, line: Option<Line>) {
        if line.is_some() && self.progress.len() >= PROGRESS {
            self.progress.remove(0);
        }
        self.progress.extend(line);
    }
}
