//! What is promised of addresses, borders and datums.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod address;
mod borders;
mod datum;
mod rings;
