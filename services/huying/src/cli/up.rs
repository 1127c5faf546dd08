//! `huying up`: everything on this machine, until it is asked to stop.

use std::path::PathBuf;

use clap::Args;
use huying_chassis::shutdown::Shutdown;
use huying_chassis::telemetry;

use super::Session;
use crate::output::note;
use crate::services::NAMES;
use crate::story::{self, Voice};
use crate::up::{self, Options, Running, say::Say};

/// Start everything on this machine: PostgreSQL, NATS and all services in one process
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying up --profile deploy/profiles/jiangan
  huying up --profile deploy/profiles/jiangan --stories --once --any-ports
  huying up --data /var/lib/huying --only casework

settings: as for the single services, HUYING_<SERVICE>__KEY__SUBKEY=value or DIR/<service>.toml with --config DIR.
A service listens on its well-known port (intake 50051 and 9091, and so on); one that is taken is said. HUYING_<SERVICE>__LISTEN and
__ADMIN_LISTEN choose another, port 0 any free one.
With HUYING_<SERVICE>__DATABASE_URL and HUYING_<SERVICE>__NATS_URL yours are used instead of private ones.")]
pub struct Up {
    /// A place's folder to apply (repeat for several)
    #[arg(long, value_name = "DIR")]
    profile: Vec<PathBuf>,
    /// Play the stories A, B and C when all is ready
    #[arg(long)]
    stories: bool,
    /// End when all is done, instead of serving on
    #[arg(long)]
    once: bool,
    /// Only these services; where the others are is set with HUYING_<SERVICE>__PEERS__<OTHER>
    #[arg(long, value_name = "SERVICE", value_parser = NAMES, num_args = 1..)]
    only: Vec<String>,
    /// Let services take any free ports in place of the well-known ones
    #[arg(long)]
    any_ports: bool,
    /// Let the private PostgreSQL listen on loopback too, not on its socket alone
    #[arg(long)]
    postgres_tcp: bool,
    /// Directory with <service>.toml files
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// What is logged, to standard error
    #[arg(long, value_name = "FILTER", env = "HUYING_LOG", default_value = "warn")]
    log: String,
}

impl Up {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        #[allow(
            clippy::disallowed_methods,
            reason = "the one place where the command reads the services' environment"
        )]
        let env: Vec<(String, String)> = std::env::vars().collect();
        let options = Options {
            profiles: self.profile.clone(),
            only: self.only.clone(),
            config: self.config.clone(),
            env,
            tls: session.reach.tls.clone(),
            fixed_ports: !self.any_ports,
            postgres_tcp: self.postgres_tcp,
            ..Options::at(&session.reach.data)
        };
        let (mut settings, tls) = up::telemetry_of(&options)?;
        settings.log.clone_from(&self.log);
        let guard = telemetry::init("huying", &settings, &tls)?;
        let stop = Shutdown::new();
        let signals = tokio::spawn(stop.clone().on_signals());
        let ended = Box::pin(self.live(session, options, stop)).await;
        signals.abort();
        guard.flush().await;
        ended
    }

    async fn live(self, session: &Session, options: Options, stop: Shutdown) -> anyhow::Result<()> {
        let say = Say::new();
        let Some(started) = stop.unless(Box::pin(up::start(options, &say, stop.clone()))).await else {
            return Ok(());
        };
        let running = started?;
        let told = match stop.unless(Box::pin(self.after(session, &running))).await {
            Some(told) => told,
            None => Ok(()),
        };
        if told.is_err() || self.once {
            stop.begin();
        }
        let served = Box::pin(running.serve(&say)).await;
        told.and(served)
    }

    /// What comes once everything is there.
    async fn after(&self, session: &Session, running: &Running) -> anyhow::Result<()> {
        if self.stories {
            let client = running.client(&session.reach.actor);
            for tale in story::PUBLISHED.iter().filter_map(|name| story::named(name)) {
                Box::pin(story::play(&client, tale, None, Voice::Aloud(std::time::Duration::ZERO))).await?;
            }
        }
        if !self.once {
            let district = running.run().districts.first().map(|district| district.code.clone());
            session.out.text(&up::welcome(running, district.as_deref()))?;
            note("(Ctrl-C stops it in order)")?;
        }
        Ok(())
    }
}
