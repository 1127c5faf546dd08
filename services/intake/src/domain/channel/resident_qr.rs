//! 居民码 (善治码): somebody scanned a code at their door; a page sends it.

use super::{Door, OPEN};

pub(super) const DOOR: Door = OPEN;
