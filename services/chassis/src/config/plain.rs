//! What would go over the network for everybody on the way to read and change: what is not on this machine and not encrypted.
//!
//! Guaranteed: none of it does unless a setting says so, and then it is said at each start.

use huying_http::{is_here, is_host_here};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use super::Config;
use crate::bus::NatsAddress;

/// One connection, or kind of connections, that is not encrypted.
pub(super) struct Plain {
    what: String,
    fix: &'static str,
    /// A setting says that it may.
    pub(super) allowed: bool,
}

const LISTENER: &str = "set tls.cert_file and tls.key_file";
const ADDRESS: &str =
    "write https://, and name the authority of its certificate (tls.ca_file, or the ca_file beside it)";
const DATABASE: &str = "end database_url (and database_migrate_url) with ?sslmode=verify-full&sslrootcert=FILE, the PEM of the authority of its certificate";
const BUS: &str = "write tls:// in nats_url, and set nats.ca_file";

impl Plain {
    pub(super) fn refused(self) -> String {
        let Self { what, fix, .. } = self;
        format!(
            "{what} would not be encrypted: {fix}; or, where something else encrypts it, tls.plaintext = true"
        )
    }

    fn warning(self) -> String {
        format!(
            "{} is not encrypted, as a setting says: whoever is on the way reads and changes it",
            self.what
        )
    }
}

impl<Own> Config<Own> {
    /// What is not as safe as it could be, a sentence each. For the log, once at a start.
    pub fn warnings(&self) -> Vec<String> {
        self.plain().filter(|plain| plain.allowed).map(Plain::warning).collect()
    }

    /// Everything that leaves this machine unencrypted.
    pub(super) fn plain(&self) -> impl Iterator<Item = Plain> {
        let allowed = self.tls.plaintext;
        let plain = move |what: String, fix, is: bool| is.then_some(Plain { what, fix, allowed });
        let listens = !self.listen.ip().is_loopback() && !self.tls.is_on();
        let admin = !self.admin_listen.ip().is_loopback() && !self.tls.covers_admin();
        let admin = plain(format!("what admin_listen ({}) answers", self.admin_listen), LISTENER, admin)
            .map(|plain| Plain { allowed: plain.allowed || self.tls.admin_plaintext, ..plain });
        [
            plain(format!("what listen ({}) is told and answers", self.listen), LISTENER, listens),
            admin,
            plain(
                "what goes to PostgreSQL".to_owned(),
                DATABASE,
                [&self.database_url, &self.database_migrate_url]
                    .iter()
                    .any(|url| is_plain_database(url.expose())),
            ),
            plain("what goes to NATS".to_owned(), BUS, self.is_plain_bus()),
        ]
        .into_iter()
        .flatten()
        .chain(self.addresses().filter_map(move |(key, url)| {
            plain(format!("what goes to {key}"), ADDRESS, is_plain_address(url))
        }))
    }

    /// Every address of HTTP that the settings name, by its key.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (String, &str)> {
        let peers = self.peers.iter().map(|(name, url)| (format!("peers.{name}"), url.as_str()));
        let traces = self.telemetry.otlp_endpoint.iter();
        let traces = traces.map(|url| ("telemetry.otlp_endpoint".to_owned(), url.as_str()));
        let own = self.own_addresses.iter().map(|(key, url)| (key.clone(), url.as_str()));
        peers.chain(traces).chain(own)
    }

    /// TLS is spoken where the address asks for it, or where the settings say whom to trust.
    fn is_plain_bus(&self) -> bool {
        let secure = self.nats.ca_file.is_some() || self.nats.certificate_file.is_some();
        !secure && NatsAddress::parse(&self.nats_url).is_ok_and(|address| address.is_plain())
    }
}

/// What is no address is refused by itself.
fn is_plain_address(url: &str) -> bool {
    url.parse::<Url>().is_ok_and(|url| url.scheme() != "https" && !is_here(&url))
}

/// A socket is on this machine. What cannot be read is refused where it is used.
fn is_plain_database(url: &str) -> bool {
    if url.is_empty() {
        return false;
    }
    let Ok(options) = url.parse::<PgConnectOptions>() else { return false };
    let local = options.get_socket().is_some() || options.get_host().starts_with('/');
    // With anything less, whoever has another certificate of the same authority is taken for it.
    let verified = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    !local && !verified && !is_host_here(options.get_host())
}
