//! PostgreSQL and NATS for what the settings do not name: given ones, else private ones.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use huying_chassis::bus::{Bus, connection};
use huying_chassis::config::NatsConfig;
use huying_chassis::shutdown::Shutdown;
use huying_embedded::{Listen, Logins, Nats, Postgres, let_through};

use crate::nats::{OPERATOR, Unit, Users, units};
use crate::services;

use super::say::Say;
use super::settings::Surveyed;
use super::{Options, READY_WITHIN};

/// Between looks whether the stream of dispatches is there.
const LOOK: Duration = Duration::from_millis(100);

/// The servers that belong to this start.
pub(super) struct Stack {
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    /// Of the private NATS, or of the given one.
    pub(super) users: Option<Users>,
    /// Of the services that have none of their own.
    pub(super) databases: BTreeMap<String, String>,
    /// The same for who owns them, of private ones.
    pub(super) owners: BTreeMap<String, String>,
    /// For the services that name none.
    pub(super) nats_url: String,
}

pub(super) async fn start(
    options: &Options,
    surveyed: &[Surveyed],
    called: impl Iterator<Item = Unit>,
    say: &Say,
) -> anyhow::Result<Stack> {
    let own_nats = surveyed.iter().find(|one| !one.settings.nats_url.is_empty());
    let nats_url = own_nats.map_or_else(String::new, |one| one.settings.nats_url.clone());
    if let Some(stores) = &options.stores {
        let (databases, nats_url) = (stores.databases.clone(), stores.nats_url.clone());
        let users = stores.nats_users.clone();
        let owners = BTreeMap::new();
        return Ok(Stack { postgres: None, nats: None, users, databases, owners, nats_url });
    }
    let without_database: Vec<&str> =
        surveyed.iter().filter(|one| !one.has_database()).map(|one| one.service.name).collect();
    let without_nats = surveyed.iter().any(|one| one.settings.nats_url.is_empty());
    say.doing("starting PostgreSQL and NATS");
    let users = without_nats.then(|| Users::open(&keys(options), called)).transpose()?;
    let (postgres, nats) = start_servers(options, !without_database.is_empty(), users.as_ref()).await?;
    let logins = match &postgres {
        Some(postgres) => ensure(postgres, &without_database).await?,
        None => BTreeMap::new(),
    };
    let owners = logins.iter().map(|(service, logins)| (service.clone(), logins.owner.clone())).collect();
    let databases = logins.into_iter().map(|(service, logins)| (service, logins.worker)).collect();
    let nats_url = nats.as_ref().map_or(nats_url, Nats::url);
    Ok(Stack { postgres, nats, users, databases, owners, nats_url })
}

/// A database for each, with a role that owns it and one for the service, made in turn: they touch the same catalogue.
async fn ensure(
    postgres: &Postgres,
    services: &[&str],
) -> Result<BTreeMap<String, Logins>, huying_embedded::Error> {
    let mut all = BTreeMap::new();
    for service in services {
        all.insert((*service).to_owned(), postgres.ensure_owned(&format!("huying_{service}")).await?);
    }
    Ok(all)
}

/// Where the private NATS's keys are. The run file is read from other directories.
fn keys(options: &Options) -> PathBuf {
    let folder = options.data.join("keys").join("nats");
    std::path::absolute(&folder).unwrap_or(folder)
}

async fn start_servers(
    options: &Options,
    postgres: bool,
    nats: Option<&Users>,
) -> Result<(Option<Postgres>, Option<Nats>), huying_embedded::Error> {
    let data = &options.data;
    let (postgres_dir, nats_dir) = (data.join("postgres"), data.join("nats"));
    let listen = if options.postgres_tcp { Listen::Loopback } else { Listen::Socket };
    match (postgres, nats) {
        // Together they also see to it that PostgreSQL's account can come there.
        (true, Some(users)) => {
            let stack = huying_embedded::Stack::start(data, users.accounts(), listen).await?;
            Ok((Some(stack.postgres), Some(stack.nats)))
        }
        (true, None) => {
            let_through(data).await?;
            Ok((Some(Postgres::start_on(&postgres_dir, listen).await?), None))
        }
        (false, Some(users)) => Ok((None, Some(Nats::start_for(&nats_dir, users.accounts()).await?))),
        (false, None) => Ok((None, None)),
    }
}

impl Stack {
    /// The private PostgreSQL's superuser: the address without the password, and where that is.
    pub(super) fn superuser(&self) -> Option<(String, PathBuf)> {
        self.postgres.as_ref().map(|postgres| (postgres.address("postgres"), postgres.password_file()))
    }

    /// Makes the consumers of the units that have users, once there is a stream of dispatches to read from.
    pub(super) async fn make_consumers(
        &self,
        running: &BTreeMap<&'static str, Shutdown>,
        say: &Say,
    ) -> anyhow::Result<()> {
        let owns = |name: &&str| services::named(name).is_some_and(|it| it.roots.contains(&units::DISPATCH));
        let (Some(users), true) = (&self.users, running.keys().any(owns)) else {
            return Ok(());
        };
        say.doing("making the consumers of departments");
        let nats = NatsConfig { key_file: Some(users.key_file(OPERATOR)), ..NatsConfig::default() };
        let bus = Bus::open(&self.nats_url, &nats, &connection(OPERATOR)).await?;
        let made = async {
            while units::make(bus.jetstream(), users.units()).await.is_err() {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(READY_WITHIN, made).await.is_err() {
            units::make(bus.jetstream(), users.units()).await?;
        }
        Ok(())
    }

    /// In order: NATS first, since nothing is lost with it.
    pub(super) async fn stop(&self) -> anyhow::Result<()> {
        if let Some(nats) = &self.nats {
            nats.stop().await?;
        }
        if let Some(postgres) = &self.postgres {
            postgres.stop().await?;
        }
        Ok(())
    }
}
