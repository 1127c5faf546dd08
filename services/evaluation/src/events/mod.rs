//! What evaluation hears and says.

pub mod consume;
mod parts;
pub mod publish;
mod requests;
