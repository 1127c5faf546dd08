//! What must hold of the common settings. Everything that is wrong is said at once, one sentence
//! each, naming the key; nothing is bound or connected before.

use huying_http::has_login;
use url::Url;

use super::{Config, ConfigError, Limits, plain::Plain, secrets};

impl<Own> Config<Own> {
    pub fn check(&self) -> Result<(), ConfigError> {
        let mut wrong = Vec::new();
        self.check_stores(&mut wrong);
        self.anchors.check(&mut wrong);
        self.auth.check(&mut wrong);
        self.check_peers(&mut wrong);
        wrong.extend(self.addresses().filter_map(|(key, url)| bad_address(&key, url)));
        self.tls.check(&mut wrong);
        wrong.extend(self.plain().filter(|plain| !plain.allowed).map(Plain::refused));
        self.check_telemetry(&mut wrong);
        check_limits(&self.limits, &mut wrong);
        if wrong.is_empty() { Ok(()) } else { Err(ConfigError::Wrong(wrong)) }
    }

    fn check_stores(&self, wrong: &mut Vec<String>) {
        let (url, migrate_url) = (self.database_url.expose(), self.database_migrate_url.expose());
        let is_url = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
        if !is_url(url) {
            wrong.push("database_url must be set: postgres://user:password@host:port/database".to_owned());
        }
        if !migrate_url.is_empty() && !is_url(migrate_url) {
            wrong.push(
                "database_migrate_url must be empty or postgres://user:password@host:port/database"
                    .to_owned(),
            );
        }
        if !(1..=500).contains(&self.database_pool) {
            wrong.push("database_pool must be from 1 to 500".to_owned());
        }
        wrong.extend(secrets::placeholder("database_url", url));
        wrong.extend(secrets::placeholder("database_migrate_url", migrate_url));
        wrong.extend(secrets::placeholder("nats_url", &self.nats_url));
        self.nats.check(&self.nats_url, wrong);
        if self.listen == self.admin_listen && self.listen.port() != 0 {
            wrong.push("listen and admin_listen must differ".to_owned());
        }
    }

    fn check_peers(&self, wrong: &mut Vec<String>) {
        for (name, url) in &self.peers {
            if url.starts_with("https://") && self.tls.ca_file.is_none() {
                wrong.push(format!("peers.{name} is https: tls.ca_file must name the signing authority"));
            }
        }
        if !self.peers.is_empty() && self.auth.token_file.is_none() && self.auth.key_file.is_none() {
            wrong
                .push("auth.token_file must be set: calls to peers need this service's own token".to_owned());
        }
    }

    fn check_telemetry(&self, wrong: &mut Vec<String>) {
        if !(0.0..=1.0).contains(&self.telemetry.sample_ratio) {
            wrong.push("telemetry.sample_ratio must be from 0 to 1".to_owned());
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.telemetry.log) {
            wrong.push(format!("telemetry.log is not a filter: {error}"));
        }
    }
}

/// What it holds stays untold: it may be a password.
fn bad_address(key: &str, url: &str) -> Option<String> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Some(format!("{key} must begin with http:// or https://"));
    }
    match url.parse::<Url>() {
        Ok(url) if has_login(&url) => Some(format!("{key} must not hold a user or a password")),
        Ok(_) => None,
        Err(error) => Some(format!("{key} is no address: {error}")),
    }
}

fn check_limits(limits: &Limits, wrong: &mut Vec<String>) {
    let mut within = |key: &str, value: u64, least: u64, most: u64| {
        if !(least..=most).contains(&value) {
            wrong.push(format!("limits.{key} must be from {least} to {most}"));
        }
    };
    within("max_message_bytes", limits.max_message_bytes as u64, 1024, 16 * 1024 * 1024);
    within("max_in_flight", limits.max_in_flight as u64, 1, 1_000_000);
    within("max_streams", limits.max_streams as u64, 1, 1_000_000);
    within("queue", limits.queue as u64, 1, 1_000_000);
    within("max_deadline_ms", limits.max_deadline_ms, 1, 3_600_000);
    within("default_deadline_ms", limits.default_deadline_ms, 1, limits.max_deadline_ms.max(1));
    within("drain_ms", limits.drain_ms, 0, 600_000);
    within("connection_age_s", limits.connection_age_s, 0, 86_400);
    limits.admission.check(wrong);
}
