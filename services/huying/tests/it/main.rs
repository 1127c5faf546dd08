//! The command, from outside: the profile loader and the command line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod authority;
mod cli;
mod command;
mod files;
mod hostile;
mod import;
mod inquiry;
mod keys;
mod learn;
mod ledgers;
mod model;
mod nats;
mod officers;
mod operator;
mod places;
mod profile;
mod reading;
mod report;
mod rounds;
mod route;
mod short;
mod successors;
mod topic;
mod topics;
mod trial;
mod up;
