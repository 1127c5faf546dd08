//! Where something lies: [`Borders`] around a point, what is wrong with their rings ([`fault`]), the three [`datum`]s in which Chinese maps
//! give it, and what an [`address`] names.
//!
//! Guaranteed: no I/O, and no panic for any text or number, NaN included. Points are WGS 84 everywhere but in [`datum`]; distances are metres.

pub mod address;
mod borders;
pub mod datum;
mod ring;

pub use borders::{Borders, Part, metres};
pub use ring::{Fault, fault};
