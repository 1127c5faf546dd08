//! What casework says ([`publish`]) and hears ([`consume`]).

pub mod consume;
pub mod publish;
