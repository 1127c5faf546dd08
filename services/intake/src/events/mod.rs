//! What intake says and hears.

pub mod consume;
pub mod publish;
