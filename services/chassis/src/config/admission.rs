//! What is let in: of connections, of unfinished messages, and of each kind of caller, alone and together. The keys are explained in
//! `config.default.toml`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a server takes from outside at once.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    pub reflection: bool,
    pub connections: usize,
    pub address_connections: usize,
    pub connection_calls: u32,
    pub connection_streams: usize,
    pub preface_ms: u64,
    pub keepalive_ms: u64,
    pub body_ms: u64,
    pub body_bytes: usize,
    pub anonymous: Share,
    pub platforms: Share,
    pub staff: Share,
    pub services: Share,
}

/// What callers of one kind get.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub percent: usize,
    pub caller_calls: usize,
    pub caller_streams: usize,
    pub rate: u32,
    pub burst: u32,
}

impl Admission {
    pub const fn preface(&self) -> Duration {
        Duration::from_millis(self.preface_ms)
    }

    pub const fn keepalive(&self) -> Duration {
        Duration::from_millis(self.keepalive_ms)
    }

    pub const fn body(&self) -> Duration {
        Duration::from_millis(self.body_ms)
    }

    /// How many bytes the unfinished messages of one kind of callers may have together.
    pub const fn room(&self, share: &Share) -> usize {
        self.body_bytes.saturating_mul(share.percent) / 100
    }

    fn shares(&self) -> [(&'static str, &Share); 4] {
        [
            ("anonymous", &self.anonymous),
            ("platforms", &self.platforms),
            ("staff", &self.staff),
            ("services", &self.services),
        ]
    }

    /// What is wrong with it, one sentence each, naming the key.
    pub(super) fn check(&self, wrong: &mut Vec<String>) {
        let mut within = |key: &str, value: u64, least: u64, most: u64| {
            if !(least..=most).contains(&value) {
                wrong.push(format!("limits.admission.{key} must be from {least} to {most}"));
            }
        };
        within("connections", self.connections as u64, 1, 1_000_000);
        within("address_connections", self.address_connections as u64, 1, 1_000_000);
        within("connection_calls", self.connection_calls.into(), 1, 1_000_000);
        within("connection_streams", self.connection_streams as u64, 1, 1_000_000);
        within("preface_ms", self.preface_ms, 1, 60_000);
        within("keepalive_ms", self.keepalive_ms, 10, 600_000);
        within("body_ms", self.body_ms, 1, 600_000);
        within("body_bytes", self.body_bytes as u64, 1024 * 1024, u32::MAX.into());
        for (kind, share) in self.shares() {
            within(&format!("{kind}.percent"), share.percent as u64, 1, 100);
            within(&format!("{kind}.caller_calls"), share.caller_calls as u64, 0, 1_000_000);
            within(&format!("{kind}.caller_streams"), share.caller_streams as u64, 0, 1_000_000);
            within(&format!("{kind}.burst"), share.burst.into(), 1, u32::MAX.into());
        }
        // More than all would let one kind take what is another's.
        if self.shares().iter().map(|(_, share)| share.percent).sum::<usize>() > 100 {
            wrong.push("limits.admission: the percent of all four together must be at most 100".to_owned());
        }
    }
}
