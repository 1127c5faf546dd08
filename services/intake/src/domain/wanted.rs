//! What a list is asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{channel::Channel, guide::GuideKind, state::State, submission::Flag};

/// Where a page begins: after the request submitted then, with this id.
pub type Cursor = (DateTime<Utc>, Uuid);

/// Which requests are wanted.
#[derive(Clone, Debug)]
pub struct Requests {
    pub district: String,
    pub state: Option<State>,
    pub channel: Option<Channel>,
    pub owing_unit: Option<String>,
    pub flag: Option<Flag>,
}

/// Which guides are wanted: of a district, and only of this kind or unit.
#[derive(Clone, Debug)]
pub struct Guides {
    pub district: String,
    pub kind: Option<GuideKind>,
    pub unit: Option<String>,
}
