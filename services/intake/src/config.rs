//! Intake's own settings: none so far.

pub use huying_chassis::config::NoSettings as Own;
