//! Starting one service of this process, as often as asked, always at the same place.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use huying_chassis::config::Config;
use huying_chassis::service::{Running, Seams};
use huying_chassis::shutdown::Shutdown;
use serde::de::DeserializeOwned;
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
        match name {
            huying_intake::NAME => {
                let (config, seams) = self.prepare(name, huying_intake::DEFAULTS).await?;
                Box::pin(huying_intake::start(config, seams, stop)).await
            }
            huying_routing::NAME => {
                let (config, seams) = self.prepare(name, huying_routing::DEFAULTS).await?;
                Box::pin(huying_routing::start(config, seams, stop)).await
            }
            huying_casework::NAME => {
                let (config, seams) = self.prepare(name, huying_casework::DEFAULTS).await?;
                Box::pin(huying_casework::start(config, seams, stop)).await
            }
            huying_evaluation::NAME => {
                let (config, seams) = self.prepare(name, huying_evaluation::DEFAULTS).await?;
                Box::pin(huying_evaluation::start(config, seams, stop)).await
            }
            other => anyhow::bail!("there is no service {other}"),
        }
    }

    async fn prepare<Own: DeserializeOwned>(
        &self,
        name: &'static str,
        defaults: &str,
    ) -> anyhow::Result<(Config<Own>, Seams)> {
        let place = self.places.get(name).ok_or_else(|| anyhow::anyhow!("{name} has no place here"))?;
        let mut config = settings::read::<Own>(name, defaults, &self.options)?;
        settings::fill(
            &mut config,
            &Filling {
                admin_listen: place.admin,
                database_url: self.databases.get(name).map(String::as_str),
                nats_url: &self.nats_url,
                key_file: self.key_file.as_deref(),
                peers: &self.peers,
            },
        );
        config.check()?;
        let first = place.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let listener = match first {
            Some(listener) => listener,
            None => ports::bind(name, place.grpc, false).await?,
        };
        let seams =
            Seams { clock: self.options.clock.clone(), listener: Some(listener), pace: self.options.pace };
        Ok((config, seams))
    }
}

/// An address that listens everywhere is reached here.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    address
}
