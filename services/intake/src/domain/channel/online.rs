//! 线上 (微邻里 and the like): residents write themselves, and most read the answer there.

use super::{Door, OPEN};

pub(super) const DOOR: Door = OPEN;
