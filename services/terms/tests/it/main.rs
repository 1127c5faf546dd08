//! The tests of the terms, in one binary: golden cases on China's real 2026 calendar, and properties.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod area;
mod calendar;
mod clock;
mod golden;
mod place;
mod properties;
mod robust;
mod script;
mod wire;
mod world;
