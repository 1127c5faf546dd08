//! What a list is asked for.

use chrono::{DateTime, Utc};
use huying_chassis::log::Versioned;
use uuid::Uuid;

use super::{
    card::CardState, channel::Channel, guide::GuideKind, request::Request, state::State, submission::Flag,
};

/// Where a page begins: after the request submitted then, with this id.
pub type Cursor = (DateTime<Utc>, Uuid);

/// Which requests are wanted.
#[derive(Clone, Debug)]
pub struct Requests {
    pub district: String,
    pub state: Option<State>,
    pub channel: Option<Channel>,
    pub owing_unit: Option<String>,
    pub flag: Option<Flagged>,
    /// The platform that sent them.
    pub platform: Option<String>,
    /// Those of a platform that changed since.
    pub changed_since: Option<DateTime<Utc>>,
    pub external_id: Option<String>,
    /// The unit that a missed duty climbed to.
    pub climbed_to: Option<String>,
    /// The area that whoever asks sees of the district; none: all of it.
    pub within: Option<String>,
    /// Their unit: what it took they see wherever that lies.
    pub own: Option<String>,
    /// The same where it is a grid team or a community: what it holds they see wherever that lies.
    pub held: Option<String>,
}

/// Those with a flag, as far as it is shown.
#[derive(Clone, Debug)]
pub struct Flagged {
    pub flag: Flag,
    /// Of every request that is seen.
    pub of_all: bool,
    /// Of those whose reporter may be named.
    pub of_named: bool,
    /// Of these too where the unit of whoever asks holds the case.
    pub of_held: bool,
}

impl Requests {
    /// Whether a unit is that of whoever asks.
    pub fn is_own(&self, unit: Option<&String>) -> bool {
        unit.is_some() && unit == self.own.as_ref()
    }

    /// Whether one is among them, beyond what the index that leads tells, and but for flags, of which not everybody is shown each.
    pub fn are(&self, request: &Request) -> bool {
        let is = |wanted: &Option<String>, it: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| it == Some(wanted))
        };
        is(&self.platform, Some(&request.submission.platform))
            && is(&self.owing_unit, request.owing_unit())
            && is(&self.climbed_to, request.first_contact.climbed_to.as_deref())
            && is(&self.external_id, Some(&request.submission.external_id))
    }

    /// Where the page after one begins.
    pub fn after(&self, last: &Versioned<Request>) -> Cursor {
        let by_change = self.platform.is_some() && self.external_id.is_none() && self.changed_since.is_some();
        (if by_change { last.it.changed_at() } else { last.it.submitted_at }, last.id)
    }
}

/// Which guides are wanted: of a district, and only of this kind or unit.
#[derive(Clone, Debug)]
pub struct Guides {
    pub district: String,
    pub kind: Option<GuideKind>,
    pub unit: Option<String>,
}

/// Where a walk through areas goes on: after this area and id.
pub type Walk = (String, Uuid);

/// What lies in an area of a district, which is the district itself or lies in it.
#[derive(Clone, Debug)]
pub struct Placed {
    pub district: String,
    pub area: String,
}

/// The newest first, of an area, there also of one unit, and of a period.
#[derive(Clone, Debug)]
pub struct Newest {
    pub placed: Placed,
    pub unit: Option<String>,
    /// From this instant on, until before that one; none: all.
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Placed {
    /// The length of the codes of the areas one tier below: what counts are split by.
    pub fn below(&self) -> i32 {
        match self.area.len() {
            ..9 => 9,
            9..12 => 12,
            12.. => 15,
        }
    }

    pub fn contains(&self, area: &str) -> bool {
        area.starts_with(&self.area)
    }
}

/// Which cards are wanted: of a district, in an area of it, and only in this state or of this batch.
#[derive(Clone, Debug)]
pub struct Cards {
    pub district: String,
    pub area: String,
    pub state: Option<CardState>,
    pub batch: Option<Uuid>,
}

/// Where a page begins: after the forum held then, with this id.
pub type ForumCursor = (DateTime<Utc>, Uuid);
