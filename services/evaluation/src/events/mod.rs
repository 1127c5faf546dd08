//! What evaluation hears and says.

pub mod consume;
pub mod publish;
mod requests;
