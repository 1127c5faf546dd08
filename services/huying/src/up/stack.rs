//! PostgreSQL and NATS for what the settings do not name: given ones, else private ones.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use huying_embedded::{Nats, Postgres};

use super::Options;
use super::say::Say;
use super::settings::Surveyed;

/// The servers that belong to this start.
pub(super) struct Stack {
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    /// Of the services that have none of their own.
    pub(super) databases: BTreeMap<String, String>,
    /// For the services that name none.
    pub(super) nats_url: String,
}

pub(super) async fn start(options: &Options, surveyed: &[Surveyed], say: &Say) -> anyhow::Result<Stack> {
    let own_nats = surveyed.iter().find(|one| !one.settings.nats_url.is_empty());
    let nats_url = own_nats.map_or_else(String::new, |one| one.settings.nats_url.clone());
    if let Some(stores) = &options.stores {
        let (databases, nats_url) = (stores.databases.clone(), stores.nats_url.clone());
        return Ok(Stack { postgres: None, nats: None, databases, nats_url });
    }
    let without_database: Vec<&str> =
        surveyed.iter().filter(|one| !one.has_database()).map(|one| one.service.name).collect();
    let without_nats = surveyed.iter().any(|one| one.settings.nats_url.is_empty());
    say.doing("starting PostgreSQL and NATS");
    let (postgres, nats) = start_servers(options, !without_database.is_empty(), without_nats).await?;
    let databases = match &postgres {
        Some(postgres) => ensure(postgres, &without_database).await?,
        None => BTreeMap::new(),
    };
    let nats_url = nats.as_ref().map_or(nats_url, Nats::url);
    Ok(Stack { postgres, nats, databases, nats_url })
}

async fn start_servers(
    options: &Options,
    postgres: bool,
    nats: bool,
) -> Result<(Option<Postgres>, Option<Nats>), huying_embedded::Error> {
    let data = &options.data;
    let (postgres_dir, nats_dir) = (data.join("postgres"), data.join("nats"));
    match (postgres, nats) {
        // Together they also see to it that PostgreSQL's account can come there.
        (true, true) => {
            let stack = huying_embedded::Stack::start(data).await?;
            Ok((Some(stack.postgres), Some(stack.nats)))
        }
        (true, false) => Ok((Some(Postgres::start(&postgres_dir).await?), None)),
        (false, true) => Ok((None, Some(Nats::start(&nats_dir).await?))),
        (false, false) => Ok((None, None)),
    }
}

async fn ensure(
    postgres: &Postgres,
    services: &[&str],
) -> Result<BTreeMap<String, String>, huying_embedded::Error> {
    let each = services.iter().map(|service| async move {
        let database = format!("huying_{service}");
        postgres.ensure_database(&database).await?;
        Ok(((*service).to_owned(), postgres.url(&database)))
    });
    Ok(try_join_all(each).await?.into_iter().collect())
}

impl Stack {
    pub(super) fn postgres_port(&self) -> Option<u16> {
        self.postgres.as_ref().map(Postgres::port)
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
