//! 网格巡查: a grid team, or the system it reports by, saw something.

use super::{Door, OPEN};

pub(super) const DOOR: Door = OPEN;
