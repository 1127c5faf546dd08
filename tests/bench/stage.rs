//! What every measurement stands on: the world, and ways to look into it from outside.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_nats::jetstream;
use huying_chassis::follow::Pace;
use huying_testing::{database_name, eventually, pki::Pki};
use huying_tests::{Options, SERVICES, World};
use indicatif::ProgressBar;
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::args::Args;

pub struct Stage {
    pub world: Arc<World>,
    pub nats: async_nats::Client,
    /// Of one measurement.
    pub span: Duration,
    pub bar: ProgressBar,
    pools: BTreeMap<&'static str, PgPool>,
    asides: BTreeMap<&'static str, String>,
}

impl Stage {
    pub async fn open(args: &Args, bar: ProgressBar) -> Self {
        bar.set_message("starting");
        // Followers pace themselves as in production: what idleness costs depends on it.
        let pace = Some(Pace::default());
        let pki = args.tls.then(Pki::new);
        let anchors = args.anchors;
        let world =
            World::open(Options { own_postgres: true, pace, pki, anchors, ..Options::default() }).await;
        let nats = world.bench.client().await;
        let mut asides = BTreeMap::new();
        for service in ["intake", "casework"] {
            asides.insert(service, copy_of(&world, service).await);
        }
        let mut pools = BTreeMap::new();
        for service in SERVICES {
            // Cloning is slow on purpose.
            let options: PgConnectOptions = world.database(service).parse().unwrap();
            let pool = PgPoolOptions::new().max_connections(2);
            let pool = pool.connect_with(options.disable_statement_logging()).await.unwrap();
            pools.insert(service, pool);
        }
        Self { world, nats, span: args.span(), bar, pools, asides }
    }

    /// A few connections to a service's database, for looking only.
    pub fn pool(&self, service: &str) -> &PgPool {
        &self.pools[service]
    }

    /// A database with the tables of intake or casework, that no service knows of: what is written there is not followed.
    pub fn aside(&self, service: &str) -> &str {
        &self.asides[service]
    }

    pub fn jetstream(&self) -> jetstream::Context {
        jetstream::new(self.nats.clone())
    }

    /// Leaves NATS before it ends.
    pub async fn close(self) {
        self.nats.drain().await.unwrap();
    }
}

/// Its name is none that processor time is told by: see `processes.rs`.
async fn copy_of(world: &World, service: &'static str) -> String {
    let name = format!("huying_aside_{service}");
    let postgres = world.postgres.as_ref().unwrap();
    let template = &database_name(&world.database(service));
    world.stop(service).await;
    eventually(&format!("nobody is connected to {service}'s database"), async || {
        postgres.create_from_template(&name, template).await.ok()
    })
    .await;
    world.start(service).await;
    postgres.url(&name)
}
