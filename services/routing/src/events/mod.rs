//! What routing tells and what it hears.

pub mod consume;
pub mod publish;
