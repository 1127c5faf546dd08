//! What comes in by a door, as it is kept: what a reporter says, never rewritten.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_place::datum::to_wgs84;
use huying_terms::{Datum, Given, Location, PriorityKind};
use huying_words::{alike::Pairs, normal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    change::Change,
    channel::Channel,
    order::{Order, RequestType},
    personal::Personal,
    profile::ChannelRule,
    request::FirstContact,
};

pub use super::reporter::{Kept, Reporter, ReporterKind, phone_key};

/// What somebody should look at, in a request that was taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// None of the phones given can be called.
    NoCallback,
    /// The point given was none, and was dropped.
    PointUnreadable,
    /// From above, by a source that the profile does not have.
    UnknownSource,
    /// The door has numbers of its own, and gave none.
    NoExternalId,
    /// More additions came than the request keeps at hand.
    ManyAdditions,
    /// A time given was none, and was dropped.
    TimeUnreadable,
    /// The door takes requests of other types.
    UnusualType,
    /// What was given as an answer is none: it is kept as an addition.
    AnswerNotTaken,
    /// A file that is nowhere was dropped.
    FileUnreadable,
    /// It concerns people who come first, as the door says: a home visit comes first.
    VisitFirst,
}

impl Flag {
    /// Whether everybody who sees a request is shown it: the index `request_shown_flag` has those alone.
    pub fn is_shown(self) -> bool {
        !matches!(self, Self::NoCallback | Self::VisitFirst)
    }
}

/// What comes in by a door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub district: String,
    pub channel: Channel,
    pub external_id: String,
    pub source: String,
    /// Whose numbers `external_id` is one of, where the submission names no source: the platform that sent it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub platform: String,
    pub reporter: Option<Kept>,
    pub content: String,
    pub location: Location,
    pub category: String,
    #[serde(default, skip_serializing_if = "Order::is_empty")]
    pub order: Order,
    /// Whom it concerns, where they come first. Personal.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub concerns: BTreeSet<PriorityKind>,
    /// The visit that it was found on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
    /// The card that it was made by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Uuid>,
    /// The forum at which it was called for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forum: Option<Uuid>,
}

/// When something was settled that was closed before it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    #[serde(with = "ts_microseconds")]
    pub submitted_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub closed_at: DateTime<Utc>,
}

/// What came in, and what could not be read of it.
#[derive(Clone, Debug)]
pub struct Received {
    pub submission: Submission,
    pub flags: BTreeSet<Flag>,
    /// What the reporter was told at once, or when it was closed; empty: nothing.
    pub answer: String,
    /// The guide that it was answered from.
    pub guide: Option<AnsweredFrom>,
    /// It was settled before it came here.
    pub closed: Option<Closed>,
}

/// A guide of the handbook, in the version that was read out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredFrom {
    /// Its code in the district.
    pub code: String,
    /// 0 in what came in: as it is published now.
    pub version: i64,
}

/// What a request repeats: the same phone, about the same matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The first of them.
    pub of: Uuid,
    /// How many there were before.
    pub before: u32,
}

/// From how much in common on two accounts by one phone are about one matter.
const SAME_MATTER: f32 = 0.5;

impl Repeat {
    /// What an account repeats, of those that this phone gave before, the newest first: id, words and what that repeats itself.
    pub fn of(content: &str, before: &[(Uuid, String, Option<Self>)]) -> Option<Self> {
        let words = Pairs::of(content);
        let same =
            |(_, content, _): &&(Uuid, String, Option<Self>)| words.share(&Pairs::of(content)) >= SAME_MATTER;
        let (id, _, repeat) = before.iter().find(same)?;
        Some(match repeat {
            Some(first) => Self { of: first.of, before: first.before + 1 },
            None => Self { of: *id, before: 1 },
        })
    }
}

/// What a request is given when it is taken.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// What people see.
    pub number: String,
    /// The secret of its reporter, as it is kept.
    pub tracking_token: String,
    /// Who took it: the token's subject, and the unit; none where a platform took it.
    pub taker: (String, Option<String>),
    /// What it repeats.
    pub repeat: Option<Repeat>,
    /// By when its reporter is to be told how it goes; none: a platform sees to that.
    pub tell_by: Option<DateTime<Utc>>,
}

impl Submission {
    /// What an order of a door is known by: the district, the channel, the source and the door's own number. None: it has no number.
    pub fn order(&self) -> Option<String> {
        let source = if self.source.is_empty() { self.platform.clone() } else { normal(&self.source) };
        let key = [self.district.as_str(), self.channel.name(), &source, &self.external_id];
        (!self.external_id.is_empty()).then(|| serde_json::Value::from(key.to_vec()).to_string())
    }

    /// Whether it is the same order as one that was taken, as the sender gave both; but for who calls and what else the door has, which are
    /// sealed.
    pub fn is_same(&self, taken: &Self) -> bool {
        let as_given = |it: &Self| Self {
            location: it.location.as_given(),
            source: normal(&it.source),
            reporter: None,
            order: Order { extensions: Personal::default(), ..it.order.clone() },
            ..it.clone()
        };
        as_given(self) == as_given(taken)
    }

    /// Whether who calls, or what else the door has, stands there in the clear.
    pub fn is_clear(&self) -> bool {
        self.told_by().is_some() || self.order.extensions.is_clear()
    }

    /// Who calls, as told.
    pub fn told_by(&self) -> Option<&Reporter> {
        self.reporter.as_ref().and_then(Kept::clear)
    }

    /// What it is known to be a repeat by, as it was told: the reporter's number, and the words.
    pub fn said(&self) -> (Option<String>, &str) {
        (self.told_by().and_then(Reporter::number), &self.content)
    }
}

/// The point in WGS 84; what was given stays beside it where it was something else.
fn in_wgs84(location: Location, of_channel: Option<Datum>) -> Location {
    let datum = location.given.and_then(|given| given.datum).or(of_channel).unwrap_or(Datum::Wgs84);
    match location.point {
        Some(point) if datum != Datum::Wgs84 => Location {
            point: Some(to_wgs84(point, datum)),
            given: location.given.or(Some(Given { point, datum: None })),
            ..location
        },
        Some(_) | None => location,
    }
}

impl Received {
    /// Whether it may be answered at once, where it is: a consultation may, and what was closed before; with all else somebody has to work.
    pub fn may_be_answered(&self) -> bool {
        let is_consultation = self.submission.order.kind == Some(RequestType::Consultation);
        self.answer.is_empty() || is_consultation || self.closed.is_some()
    }

    /// Takes it by a door: the first change of a new request. What the door asks for and is missing is flagged.
    pub fn take(self, receipt: Receipt, rule: &ChannelRule) -> Change {
        let Self { mut submission, mut flags, answer, guide, closed } = self;
        submission.location = in_wgs84(submission.location, rule.datum);
        let door = submission.channel.door();
        let source = normal(&submission.source);
        if door.sources && !rule.sources.iter().any(|known| normal(known) == source) {
            flags.insert(Flag::UnknownSource);
        }
        let fits = |kind| door.types.contains(&kind);
        if !door.types.is_empty() && !submission.order.kind.is_some_and(fits) {
            flags.insert(Flag::UnusualType);
        }
        if rule.external_id_required && submission.external_id.is_empty() {
            flags.insert(Flag::NoExternalId);
        }
        if !submission.concerns.is_empty() {
            flags.insert(Flag::VisitFirst);
        }
        let Receipt { number, tracking_token, taker: (subject, unit), repeat, tell_by } = receipt;
        let is_settled = !answer.is_empty() || closed.is_some();
        let first_contact = FirstContact {
            unit,
            subject,
            published: rule.published,
            discharged_at: None,
            due_at: tell_by.filter(|_| !is_settled),
            missed: 0,
            climbed_to: None,
        };
        let submission = Box::new(submission);
        Change::Submitted {
            number,
            tracking_token,
            first_contact,
            submission,
            flags,
            answer,
            guide,
            repeat,
            closed,
        }
    }
}
