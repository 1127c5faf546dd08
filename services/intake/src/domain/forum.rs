//! 座谈: a forum that was held, who came, and what it led to: requests and offers, entered in the same commit. It never changes, but that
//! one who came may be forgotten.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::{
    log::{Aggregate, Decided, Stamp},
    seal::Sealed,
};
use huying_terms::{Location, PriorityKind};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    channel::Channel,
    order::{Order, RequestType},
    submission::{Flag, Kept, Received, Submission},
};

pub use super::participant::{KeptParticipant, Participant, ParticipantKind};

/// What kind of forum.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ForumKind {
    Talk,
    RoundTable,
    NightMarket,
    /// Delegates receive people on the 5th.
    DelegateDay,
}

impl ForumKind {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The word shown to people, and the source of the requests that come of it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Talk => "座谈",
            Self::RoundTable => "圆桌夜聊",
            Self::NightMarket => "民情夜市",
            Self::DelegateDay => "党代表5号见",
        }
    }
}

/// What somebody called for.
#[derive(Clone, Debug)]
pub struct ForumCall {
    /// The place among those who came; none: not said.
    pub participant: Option<usize>,
    pub content: String,
    /// None: where the forum was held.
    pub location: Option<Location>,
    pub kind: Option<RequestType>,
    pub category: String,
    pub concerns: BTreeSet<PriorityKind>,
    /// What could not be read of it.
    pub flags: BTreeSet<Flag>,
}

/// The request that a call became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumRequest {
    pub id: Uuid,
    pub number: String,
    /// The place among those who came of whoever called for it. None: not said; nor by builds before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<usize>,
}

/// A forum that was held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forum {
    pub district: String,
    pub area: String,
    pub kind: ForumKind,
    pub place: String,
    #[serde(with = "ts_microseconds")]
    pub held_at: DateTime<Utc>,
    /// The unit that held it and owes the answers.
    pub host: String,
    pub topic: String,
    pub participants: Vec<KeptParticipant>,
    /// Who came, as a list of [`Participant`]. None: nobody did, or they stand in the clear above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Sealed>,
    pub requests: Vec<ForumRequest>,
    pub offers: Vec<Uuid>,
    #[serde(with = "ts_microseconds")]
    pub entered_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForumChange {
    Held(Box<Held>),
    /// One who came is forgotten.
    Forgotten {
        /// Their place among those who came.
        participant: usize,
        /// The others, sealed by another key: the one before is destroyed.
        people: Sealed,
        reason: String,
    },
}

/// What is said of a forum when it is entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub district: String,
    pub area: String,
    pub kind: ForumKind,
    pub place: String,
    #[serde(with = "ts_microseconds")]
    pub held_at: DateTime<Utc>,
    pub host: String,
    pub topic: String,
    pub participants: Vec<KeptParticipant>,
    /// As a forum has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Sealed>,
    #[serde(default)]
    pub requests: Vec<ForumRequest>,
    #[serde(default)]
    pub offers: Vec<Uuid>,
}

/// What the event says of it, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumAbout {
    pub participants: usize,
}

/// It has only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForumState {
    Held,
}

impl Aggregate for Forum {
    const KIND: &'static str = "forum";
    const SHAPE: i16 = 2;
    const PERSONAL: &'static [&'static str] = &["/held/participants", "/held/people", "/forgotten/people"];
    type Change = ForumChange;
    type State = ForumState;
    type About = ForumAbout;

    fn leads_to(before: Option<&Self>, change: &ForumChange) -> Option<ForumState> {
        let may = match change {
            ForumChange::Held(held) => before.is_none() && !held.is_clear(),
            ForumChange::Forgotten { .. } => before.is_some(),
        };
        may.then_some(ForumState::Held)
    }

    fn first(change: &ForumChange, _: ForumState, stamp: &Stamp) -> Option<Self> {
        let ForumChange::Held(held) = change else { return None };
        let held = (**held).clone();
        Some(Self {
            district: held.district,
            area: held.area,
            kind: held.kind,
            place: held.place,
            held_at: held.held_at,
            host: held.host,
            topic: held.topic,
            participants: held.participants,
            people: held.people,
            requests: held.requests,
            offers: held.offers,
            entered_at: stamp.at,
        })
    }

    fn apply(&mut self, change: &ForumChange, _: ForumState, _: &Stamp) {
        match change {
            // It is entered once.
            ForumChange::Held(_) => {}
            ForumChange::Forgotten { participant, people, .. } => {
                self.people = Some(people.clone());
                if let Some(KeptParticipant::Sealed { forgotten, .. }) =
                    self.participants.get_mut(*participant)
                {
                    *forgotten = true;
                }
            }
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> ForumAbout {
        ForumAbout { participants: self.participants.len() }
    }
}

impl Forum {
    /// The place among those who came of whoever made a request. None: not said, or they are forgotten already.
    pub fn caller(&self, request: Uuid) -> Option<usize> {
        let at = self.requests.iter().find(|it| it.id == request)?.participant?;
        match self.participants.get(at)? {
            KeptParticipant::Sealed { forgotten: false, .. } => Some(at),
            KeptParticipant::Sealed { forgotten: true, .. } | KeptParticipant::Clear(_) => None,
        }
    }

    /// Forgets one who came. `people`: all, without that one, sealed by another key.
    pub fn forget(&self, participant: usize, people: Sealed, reason: &str) -> Decided<ForumChange> {
        Decided::one(ForumChange::Forgotten { participant, people, reason: reason.to_owned() })
    }
}

impl Held {
    /// Whether somebody who came stands there in the clear.
    fn is_clear(&self) -> bool {
        self.participants.iter().any(|it| it.told().is_some())
    }

    /// What a call of it is at the door forum: of the forum with this id.
    pub fn received(&self, forum: Uuid, call: &ForumCall) -> Received {
        let who = call.participant.and_then(|at| self.participants.get(at)?.told());
        let here =
            || Location { address: self.place.clone(), area: self.area.clone(), ..Location::default() };
        let submission = Submission {
            district: self.district.clone(),
            channel: Channel::Forum,
            external_id: String::new(),
            source: self.kind.chinese().to_owned(),
            platform: String::new(),
            reporter: who.map(Participant::reporter).map(Kept::Clear),
            content: call.content.clone(),
            location: call.location.clone().filter(|it| *it != Location::default()).unwrap_or_else(here),
            category: call.category.clone(),
            order: Order { kind: call.kind, call_at: Some(self.held_at), ..Order::default() },
            concerns: call.concerns.clone(),
            visit: None,
            card: None,
            forum: Some(forum),
        };
        Received { submission, flags: call.flags.clone(), answer: String::new(), guide: None, closed: None }
    }
}
