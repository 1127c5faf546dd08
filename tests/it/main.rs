//! The world tests: all services, real PostgreSQL and NATS, and everything that can go wrong with them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod answered;
mod answers;
mod asked;
mod attack_43;
mod attack_60;
mod backup;
mod callbacks;
mod called;
mod declined;
mod delegate;
mod disorder;
mod drain;
mod dump;
mod ends;
mod flat;
mod forged;
mod forgotten;
mod fresh_cluster;
mod hostile;
mod kill;
mod merged;
mod mutual;
mod nats_lost;
mod objected;
mod older_copy;
mod own_work;
mod reach;
mod recategorise;
mod relieved;
mod replicas;
mod split;
mod stories;
mod supply;
mod suspended;
mod task_force;
mod tidy;
mod trace;

use std::path::PathBuf;

use huying_tests::Options;

/// Services as processes that can be killed.
fn processes() -> Options {
    Options { node: Some(PathBuf::from(env!("CARGO_BIN_EXE_huying-node"))), ..Options::default() }
}
