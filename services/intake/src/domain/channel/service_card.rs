//! 便民服务卡: somebody phoned the cadre whom the card names, who notes it and is responsible to the end.

use super::{Door, OPEN};

pub(super) const DOOR: Door = OPEN;
