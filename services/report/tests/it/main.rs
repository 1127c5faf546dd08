//! The tests of the report, in one binary: what is written of a month, and that nothing breaks out of it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod any;
mod book;
mod bounds;
mod example;
mod hostile;
mod page;
mod plots;
mod said;
mod sound;
mod table;
