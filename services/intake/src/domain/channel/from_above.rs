//! 上级交办: the mayor's hotline, the message board, leaders' instructions. It says which; each source has numbers of its own.

use super::{Door, OPEN};

pub(super) const DOOR: Door = Door { sources: true, ..OPEN };
