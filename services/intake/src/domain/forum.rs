//! 座谈: a forum that was held, who came, and what it led to: requests and offers, entered in the same commit. It never changes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Location, PriorityKind};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    channel::Channel,
    order::{Order, RequestType},
    submission::{Flag, Kept, Received, Reporter, ReporterKind, Submission},
};

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

/// Who comes to a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantKind {
    Resident,
    Enterprise,
    Grassroots,
    /// 两代表一委员.
    Delegate,
    /// 驻区单位.
    ResidentUnit,
    Officer,
}

impl ParticipantKind {
    /// What they are as a reporter.
    const fn reporter(self) -> ReporterKind {
        match self {
            Self::Resident | Self::Delegate => ReporterKind::Resident,
            Self::Enterprise => ReporterKind::Enterprise,
            Self::Grassroots | Self::ResidentUnit | Self::Officer => ReporterKind::Grassroots,
        }
    }
}

/// Who came. Personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub kind: ParticipantKind,
    pub name: String,
    /// Of which firm, office or house.
    pub unit: String,
    /// As a reporter's.
    pub phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_phone: String,
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
    pub participants: Vec<Participant>,
    pub requests: Vec<ForumRequest>,
    pub offers: Vec<Uuid>,
    #[serde(with = "ts_microseconds")]
    pub entered_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForumChange {
    Held(Box<Held>),
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
    pub participants: Vec<Participant>,
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
    const PERSONAL: &'static [&'static str] = &["/held/participants"];
    type Change = ForumChange;
    type State = ForumState;
    type About = ForumAbout;

    fn leads_to(before: Option<&Self>, change: &ForumChange) -> Option<ForumState> {
        let ForumChange::Held(_) = change;
        before.is_none().then_some(ForumState::Held)
    }

    fn first(change: &ForumChange, _: ForumState, stamp: &Stamp) -> Option<Self> {
        let ForumChange::Held(held) = change;
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
            requests: held.requests,
            offers: held.offers,
            entered_at: stamp.at,
        })
    }

    /// It is entered once.
    fn apply(&mut self, _: &ForumChange, _: ForumState, _: &Stamp) {}

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> ForumAbout {
        ForumAbout { participants: self.participants.len() }
    }
}

impl Held {
    /// What a call of it is at the door forum.
    pub fn received(&self, call: &ForumCall) -> Received {
        let who = call.participant.and_then(|at| self.participants.get(at));
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
        };
        Received { submission, flags: call.flags.clone(), answer: String::new(), guide: None, closed: None }
    }
}

impl Participant {
    fn reporter(&self) -> Reporter {
        Reporter {
            kind: self.kind.reporter(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            second_phone: self.second_phone.clone(),
            on_behalf_of: String::new(),
            address: self.unit.clone(),
        }
    }
}
