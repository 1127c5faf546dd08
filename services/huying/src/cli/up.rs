//! `huying up`: everything on this machine, until it is asked to stop.

use std::path::PathBuf;

use clap::Args;
use huying_chassis::auth::{Claims, Role};
use huying_chassis::shutdown::Shutdown;
use huying_chassis::telemetry;

use super::Session;
use crate::output::note;
use crate::services::NAMES;
use crate::story::{self, Voice};
use crate::up::{self, Options, Running, say::Say};

/// How long the token that is printed is good.
const TOKEN_LIFE: std::time::Duration = std::time::Duration::from_secs(8 * 3600);

/// Start everything on this machine: PostgreSQL, NATS and all services in one process
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying up --profile deploy/profiles/jiangan
  huying up --profile deploy/profiles/jiangan --stories --once
  huying up --data /var/lib/huying --only casework

settings: as for the single services, HUYING_<SERVICE>__KEY__SUBKEY=value or DIR/<service>.toml with --config DIR.
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
            fixed_ports: true,
            ..Options::at(&session.reach.data)
        };
        let mut settings = up::telemetry_of(&options)?;
        settings.log.clone_from(&self.log);
        let guard = telemetry::init("huying", &settings)?;
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
        let client = running.client(&session.reach.actor);
        if self.stories {
            for tale in story::PUBLISHED.iter().filter_map(|name| story::named(name)) {
                Box::pin(story::play(&client, tale, None, Voice::Aloud(std::time::Duration::ZERO))).await?;
            }
        }
        if !self.once {
            let district = running.run().districts.first().map(|district| district.code.clone());
            let claims = Claims::new(session.reach.actor.clone(), [Role::Leader, Role::Operator]);
            let claims = claims.city();
            let token = client.mint(&claims, TOKEN_LIFE.min(client.longest_life(&claims))).ok();
            session.out.text(&up::welcome(running, district.as_deref(), token.as_deref()))?;
            note("(Ctrl-C stops it in order)")?;
        }
        Ok(())
    }
}
