//! Intake as its callers see it: a real server, a real PostgreSQL, a real NATS.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod archives;
mod bad_input;
mod bonds;
mod card;
mod datum;
mod domain;
mod due;
mod duty;
mod flood;
mod flow;
mod follows;
mod forums;
mod given;
mod golden;
mod handbook;
mod history;
mod joined;
mod list;
mod objection;
mod offers;
mod orders;
mod own_work;
mod people;
mod platform;
mod risks;
mod samples;
mod store;
mod successors;
mod support;
mod trade;
mod twins;
mod verified;
mod visits;
