//! Starting one service of this process: as often as asked, always at the same place.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use huying_chassis::config::TlsConfig;
use huying_chassis::seal::add_key;
use huying_chassis::service::{Running, Seams};
use huying_chassis::shutdown::Shutdown;
use tokio::net::TcpListener;

use crate::nats::Users;
use crate::run_file::Addresses;

use super::lock::private_directory;
use super::settings::{self, Filling, Surveyed};
use super::stack::Stack;
use super::{Options, ports};

/// What is needed to start any service, known before the first one starts.
pub(super) struct Plan {
    pub(super) options: Options,
    key_file: Option<PathBuf>,
    objects: PathBuf,
    seal_keys: PathBuf,
    databases: BTreeMap<String, String>,
    owners: BTreeMap<String, String>,
    nats_url: String,
    nats_users: Option<Users>,
    peers: BTreeMap<String, String>,
    places: BTreeMap<&'static str, Place>,
}

struct Place {
    surveyed: Surveyed,
    grpc: Door,
    admin: Door,
}

/// An address, kept from the beginning on so that nobody else takes it meanwhile.
struct Door {
    address: SocketAddr,
    /// For the first start.
    bound: Mutex<Option<TcpListener>>,
}

impl Door {
    fn new(bound: TcpListener) -> std::io::Result<Self> {
        Ok(Self { address: bound.local_addr()?, bound: Mutex::new(Some(bound)) })
    }

    async fn open(&self, name: &str) -> anyhow::Result<TcpListener> {
        let first = self.bound.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(listener) => Ok(listener),
            None => ports::bind(name, self.address, false).await,
        }
    }
}

impl Plan {
    /// Binds every listener, so that everyone knows where the others are.
    pub(super) async fn new(
        options: Options,
        stack: &Stack,
        local_key: bool,
        surveyed: Vec<Surveyed>,
    ) -> anyhow::Result<Self> {
        let (mut peers, mut places) = (BTreeMap::new(), BTreeMap::new());
        for surveyed in surveyed {
            let (name, settings) = (surveyed.service.name, &surveyed.settings);
            let fixed = |key| options.fixed_ports && !surveyed.names(key);
            let grpc = Door::new(ports::bind(name, settings.listen, fixed(ports::GRPC)).await?)?;
            let admin = Door::new(ports::admin(name, settings.admin_listen, fixed(ports::ADMIN)).await?)?;
            peers.insert(
                name.to_owned(),
                format!("{}://{}", scheme(settings.tls.is_on()), reachable(grpc.address)),
            );
            places.insert(name, Place { surveyed, grpc, admin });
        }
        for (name, url) in &options.peers {
            peers.entry(name.clone()).or_insert_with(|| url.clone());
        }
        let key_file = local_key.then(|| options.issuer_key());
        let (databases, nats_url) = (stack.databases.clone(), stack.nats_url.clone());
        let (nats_users, owners) = (stack.users.clone(), stack.owners.clone());
        let objects = options.data.join("objects");
        let objects = std::path::absolute(&objects).unwrap_or(objects);
        let seal_keys = seal_keys(&options.data)?;
        Ok(Self {
            options,
            key_file,
            objects,
            seal_keys,
            databases,
            owners,
            nats_url,
            nats_users,
            peers,
            places,
        })
    }

    /// How a service that runs is reached.
    pub(super) fn addresses(&self, name: &str, service: &Running) -> Addresses {
        let tls = self.places.get(name).map(|place| &place.surveyed.settings.tls);
        let admin = match tls.is_some_and(TlsConfig::covers_admin) {
            true => format!("https://{}", service.admin),
            false => service.admin.to_string(),
        };
        Addresses { grpc: format!("{}://{}", scheme(tls.is_some_and(TlsConfig::is_on)), service.grpc), admin }
    }

    pub(super) async fn launch(&self, name: &str, stop: Shutdown) -> anyhow::Result<Running> {
        let place = self.places.get(name).ok_or_else(|| anyhow::anyhow!("{name} has no place here"))?;
        let (listener, admin) = (place.grpc.open(name).await?, place.admin.open(name).await?);
        let seams = Seams {
            clock: self.options.clock.clone(),
            listener: Some(listener),
            admin: Some(admin),
            pace: self.options.pace,
        };
        let Surveyed { service, settings, .. } = &place.surveyed;
        let mut settings = settings.clone();
        settings::fill(
            &mut settings,
            &Filling {
                admin_listen: place.admin.address,
                database_url: self.databases.get(name).map(String::as_str),
                database_migrate_url: self.owners.get(name).map(String::as_str),
                nats_url: &self.nats_url,
                nats_key: self.nats_users.as_ref().map(|users| users.key_file(name)),
                objects: &self.objects,
                anchors: (self.options.anchors_key(), self.options.anchors(name)),
                seal_keys: &self.seal_keys,
                key_file: self.key_file.as_deref(),
                peers: &self.peers,
            },
        );
        service.start(settings, seams, stop).await
    }
}

const fn scheme(secure: bool) -> &'static str {
    if secure { "https" } else { "http" }
}

/// The file of keys that seal who called, made where there is none.
fn seal_keys(data: &Path) -> anyhow::Result<PathBuf> {
    let folder = data.join("keys");
    let path = std::path::absolute(folder.join("seal.keys"))?;
    if !path.exists() {
        private_directory(&folder)?;
        add_key(&path)?;
    }
    Ok(path)
}

/// An address that listens everywhere is reached here.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    address
}
