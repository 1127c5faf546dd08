//! The shared words come back from the wire as they went, and what a caller gets wrong is named by its field.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod calendar;
mod words;
