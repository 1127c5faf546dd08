//! 座谈: said at a forum; whoever held it owes the answer, so no platform sends by it.

use super::{Door, OPEN};

pub(super) const DOOR: Door = Door { platforms: false, ..OPEN };
