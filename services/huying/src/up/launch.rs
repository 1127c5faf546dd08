//! Starting one service of this process: by its name alone, or, as often as asked, always at the same place.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use huying_chassis::config::Config;
use huying_chassis::service::{Running, Seams};
use huying_chassis::shutdown::Shutdown;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpListener;

use super::settings::{self, Filling, Surveyed};
use super::stack::Stack;
use super::{Options, ports};

/// What is needed to start any service, known before the first one starts.
pub(super) struct Plan {
    pub(super) options: Options,
    key_file: Option<PathBuf>,
    databases: BTreeMap<String, String>,
    nats_url: String,
    peers: BTreeMap<String, String>,
    places: BTreeMap<&'static str, Place>,
}

struct Place {
    grpc: SocketAddr,
    admin: SocketAddr,
    /// Bound already, for the first start.
    listener: Mutex<Option<TcpListener>>,
}

impl Plan {
    /// Binds every listener, so that everyone knows where the others are.
    pub(super) async fn new(
        options: Options,
        stack: &Stack,
        local_key: bool,
        surveyed: &[Surveyed],
    ) -> anyhow::Result<Self> {
        let (mut peers, mut places) = (BTreeMap::new(), BTreeMap::new());
        for service in surveyed {
            let listener = ports::bind(service.name, service.listen, options.fixed_ports).await?;
            let grpc = listener.local_addr()?;
            let admin = ports::admin(service.name, service.admin_listen, options.fixed_ports).await?;
            peers.insert(service.name.to_owned(), format!("http://{}", reachable(grpc)));
            places.insert(service.name, Place { grpc, admin, listener: Mutex::new(Some(listener)) });
        }
        for (name, url) in &options.peers {
            peers.entry(name.clone()).or_insert_with(|| url.clone());
        }
        let key_file = local_key.then(|| options.issuer_key());
        let (databases, nats_url) = (stack.databases.clone(), stack.nats_url.clone());
        Ok(Self { options, key_file, databases, nats_url, peers, places })
    }

    pub(super) async fn launch(&self, name: &'static str, stop: Shutdown) -> anyhow::Result<Running> {
        let place = self.place(name)?;
        let first = place.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let listener = match first {
            Some(listener) => listener,
            None => ports::bind(name, place.grpc, false).await?,
        };
        let seams =
            Seams { clock: self.options.clock.clone(), listener: Some(listener), pace: self.options.pace };
        start(name, self, seams, stop).await
    }

    fn place(&self, name: &str) -> anyhow::Result<&Place> {
        self.places.get(name).ok_or_else(|| anyhow::anyhow!("{name} has no place here"))
    }
}

/// Whoever knows a service's settings, whatever its own keys are.
pub trait Configure: Sync {
    /// # Errors
    /// Settings that are refused.
    fn config<Own: DeserializeOwned + Serialize>(
        &self,
        name: &str,
        defaults: &str,
    ) -> anyhow::Result<Config<Own>>;
}

impl Configure for Plan {
    fn config<Own: DeserializeOwned>(&self, name: &str, defaults: &str) -> anyhow::Result<Config<Own>> {
        let mut config = settings::read::<Own>(name, defaults, &self.options)?;
        settings::fill(
            &mut config,
            &Filling {
                admin_listen: self.place(name)?.admin,
                database_url: self.databases.get(name).map(String::as_str),
                nats_url: &self.nats_url,
                key_file: self.key_file.as_deref(),
                peers: &self.peers,
            },
        );
        config.check()?;
        Ok(config)
    }
}

/// Starts the service of a name in this process.
///
/// # Errors
/// A name that is none, settings that are refused, or the service's own.
pub async fn start(
    name: &'static str,
    settings: &impl Configure,
    seams: Seams,
    stop: Shutdown,
) -> anyhow::Result<Running> {
    let starting = match name {
        huying_intake::NAME => {
            huying_intake::start(settings.config(name, huying_intake::DEFAULTS)?, seams, stop)
        }
        huying_routing::NAME => {
            huying_routing::start(settings.config(name, huying_routing::DEFAULTS)?, seams, stop)
        }
        huying_casework::NAME => {
            huying_casework::start(settings.config(name, huying_casework::DEFAULTS)?, seams, stop)
        }
        huying_evaluation::NAME => {
            huying_evaluation::start(settings.config(name, huying_evaluation::DEFAULTS)?, seams, stop)
        }
        other => anyhow::bail!("there is no service {other}"),
    };
    starting.await
}

/// An address that listens everywhere is reached here.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    address
}
