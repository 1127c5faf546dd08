//! Where a point lies: [`Borders`] around it, and the three [`datum`]s in which Chinese maps give it.
//!
//! Guaranteed: no I/O, and no panic for any number, NaN included. Points are WGS 84 everywhere but in [`datum`]; distances are metres.

mod borders;
pub mod datum;

pub use borders::{Borders, Part};
