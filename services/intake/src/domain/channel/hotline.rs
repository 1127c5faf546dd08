//! 热线: a phone line's platform, or who sits at the phone.

use super::{Door, OPEN};

pub(super) const DOOR: Door = OPEN;
