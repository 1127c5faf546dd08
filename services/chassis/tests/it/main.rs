//! The chassis, tested through its public items: one binary, one module per part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod admin;
mod admit;
mod admit_message;
mod auth;
mod auth_denied;
mod auth_remote;
mod auth_rsa;
mod auth_token;
mod bounds;
mod clock;
mod clock_keeper;
mod config;
mod connection;
mod db;
mod page;
mod pattern;
mod peers;
mod probe;
mod seal_rotate;
mod server;
mod server_end;
mod status;
mod tls;
mod tls_ends;
mod validate;
