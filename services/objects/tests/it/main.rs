//! The stores, each held to the same: a directory, and an S3 that checks signatures, in this process.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod emulator;
mod files;
mod kept;
mod media;
mod settings;
mod tls;
