//! Evaluation against a real PostgreSQL and a real NATS: its tables, its follower, its timer and its rpcs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alike;
mod appeals;
mod bounds;
mod bytes;
mod counting;
mod disorder;
mod effect;
mod follow;
mod golden;
mod inquiries;
mod inquiry_lives;
mod inquiry_store;
mod inspections;
mod jiangbei;
mod links;
mod overdue;
mod own_work;
mod quota;
mod rates;
mod ratings;
mod received;
mod refusals;
mod round_refusals;
mod round_store;
mod rounds;
mod several;
mod signs;
mod store;
mod support;
mod topic_store;
mod topics;
mod trials;
mod verdicts;
