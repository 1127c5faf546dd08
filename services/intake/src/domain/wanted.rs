//! What a list is asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{channel::Channel, state::State, submission::Flag};

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
