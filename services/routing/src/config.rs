//! Routing's own settings: none so far. What differs from place to place is the district's profile.

pub use huying_chassis::config::NoSettings as Own;
