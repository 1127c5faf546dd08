//! Whether what was asked is solved, as whoever worked on it says.

use serde::{Deserialize, Serialize};

/// 是否解决.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Solved {
    Yes,
    Partly,
    No,
}
