//! 入户走访: whoever visited brings it home and owes the answer, so no platform sends by it.

use super::{Door, OPEN};

pub(super) const DOOR: Door = Door { platforms: false, ..OPEN };
