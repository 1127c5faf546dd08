//! What is promised of borders and datums.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod borders;
mod datum;
