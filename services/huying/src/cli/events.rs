//! `huying events tail`: what is said on the bus, as it is said. Changes nothing there: the consumers
//! are ephemeral and end with the command.

use std::path::PathBuf;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::OrderedConfig;
use async_nats::jetstream::{self, stream::Stream};
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use futures::{StreamExt, stream::select_all};
use huying_chassis::bus::{Bus, CloudEvent, NatsAddress, connection, inbox};
use huying_chassis::config::NatsConfig;
use serde_json::{Map, Value};

use super::Session;
use crate::client::Client;
use crate::failure::{unavailable, wrong};
use crate::nats::OPERATOR;
use crate::output::note;
use crate::run_file::RunFile;
use crate::services;

/// How much of an event's data one line shows.
const WIDEST: usize = 120;

/// Events on the bus
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying events tail
  huying events tail --service casework -o json")]
pub enum Command {
    /// Print events as they come; goes on until it is ended
    #[command(after_help = "\
examples:
  huying events tail
  huying events tail --service casework --all
  huying events tail --subject 'huying.casework.v1.case_escalated.>' --count 1
  huying events tail --service dispatch -o json | jq .data")]
    Tail {
        /// Only what this service says (dispatch: what departments hear)
        #[arg(long, value_parser = PossibleValuesParser::new(services::roots()))]
        service: Option<String>,
        /// Only these subjects, NATS wildcards allowed
        #[arg(long, value_name = "SUBJECT", conflicts_with = "service")]
        subject: Option<String>,
        /// From the oldest that is kept, not only new ones
        #[arg(long)]
        all: bool,
        /// End after so many
        #[arg(long, value_name = "COUNT")]
        count: Option<usize>,
        #[command(flatten)]
        at: At,
    },
}

/// Where NATS is, and who asks.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct At {
    /// Where NATS is, without a login; the data directory's if not given
    #[arg(long, value_name = "URL", env = "HUYING_NATS_URL")]
    nats: Option<String>,
    /// File with the seed of the operator's user there; the data directory's if NATS is
    #[arg(long, value_name = "FILE", env = "HUYING_NATS_KEY_FILE")]
    nats_key: Option<PathBuf>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let Self::Tail { service, subject, all, count, at } = self;
        let jetstream = at.connect(session).await?;
        let roots = roots(service.as_deref(), subject.as_deref())?;
        let mut tails = Vec::new();
        for root in roots {
            let name = Bus::stream_name(root);
            let Ok(stream) = jetstream.get_stream(&name).await else {
                note(&format!("there is no stream {name} yet: nothing of {root} was ever said"))?;
                continue;
            };
            tails.push(tail(&stream, subject.clone().unwrap_or_default(), all).await?);
        }
        let client = session.client()?;
        let mut events = select_all(tails).take(count.unwrap_or(usize::MAX));
        while let Some(message) = events.next().await {
            let message = message.map_err(|error| {
                unavailable(
                    format!("NATS does not go on: {error}"),
                    "`huying doctor` tells whether it runs; start again",
                )
            })?;
            let event: CloudEvent = serde_json::from_slice(&message.payload)?;
            session.out.event(&event, |event| line(&client, &message.subject, event))?;
        }
        Ok(())
    }
}

impl At {
    /// A connection that may look at everything.
    pub(super) async fn connect(self, session: &Session) -> anyhow::Result<jetstream::Context> {
        let given = self.nats.is_some();
        let (url, key_file) = match self.nats {
            Some(url) => (Some(url), self.nats_key),
            None => {
                let run = RunFile::read(&session.reach.data)?;
                run.map_or((None, None), |run| (run.nats_url, self.nats_key.or(run.nats_key_file)))
            }
        };
        let url = url.ok_or_else(|| {
            unavailable(
                "it is not known where NATS is",
                "start `huying up`, name its data directory with --data, or give --nats URL",
            )
        })?;
        let address =
            NatsAddress::parse(&url).map_err(|bad| wrong(bad.to_string(), "give --nats nats://host:port"))?;
        session.reach.encrypts(address.is_plain(), "NATS")?;
        if given && address.logs_in() {
            return Err(wrong(
                "--nats holds a login, and every account of this machine sees what a command is given",
                "leave it out, and give --nats-key FILE with the operator's seed",
            ));
        }
        // Whom to trust is for services too, which may speak TLS where NATS does not.
        let ca_file = session.reach.tls.ca_file.clone().filter(|_| url.contains("tls://"));
        let options = address
            .options_with(&NatsConfig { key_file, ca_file, ..NatsConfig::default() })
            .map_err(|bad| wrong(format!("{bad:#}"), "give --nats-key FILE with the operator's seed"))?;
        let inbox = inbox(&connection(OPERATOR));
        let client =
            options.custom_inbox_prefix(inbox).connect(address.servers()).await.map_err(|error| {
                unavailable(
                    format!("NATS does not let us in at {address}: {error}"),
                    "`huying doctor` tells whether it runs; give --nats-key FILE with the operator's seed",
                )
            })?;
        Ok(jetstream::new(client))
    }
}

/// A filter names one root, or all.
fn roots(service: Option<&str>, filter: Option<&str>) -> anyhow::Result<Vec<&'static str>> {
    let chosen = match (service, filter) {
        (Some(service), _) => Some(service),
        (None, Some(filter)) => match filter.split('.').collect::<Vec<_>>()[..] {
            ["huying", root, ..] if root != "*" => Some(root),
            ["huying", ..] => None,
            _ => {
                return Err(wrong(
                    format!("no subject is like '{filter}'"),
                    "write huying.<service>.v1.<event>.<district>, * and > allowed",
                ));
            }
        },
        (None, None) => None,
    };
    let roots: Vec<&str> =
        services::roots().filter(|root| chosen.is_none_or(|chosen| chosen == *root)).collect();
    if roots.is_empty() {
        return Err(wrong(
            "no service says such subjects",
            format!("the second word is one of: {}", services::roots().collect::<Vec<_>>().join(", ")),
        ));
    }
    Ok(roots)
}

async fn tail(
    stream: &Stream,
    filter_subject: String,
    all: bool,
) -> anyhow::Result<jetstream::consumer::pull::Ordered> {
    let deliver_policy = if all { DeliverPolicy::All } else { DeliverPolicy::New };
    let config = OrderedConfig { filter_subject, deliver_policy, ..OrderedConfig::default() };
    Ok(stream.create_consumer(config).await?.messages().await?)
}

fn line(client: &Client, subject: &str, event: &CloudEvent) -> String {
    let time = client.local(event.time, "%H:%M:%S%.3f");
    let text: String = brief(event.data.get()).chars().take(WIDEST).collect();
    format!("{time}  {subject}  #{}  {text}", event.sequence)
}

/// The values that are words or numbers, the thing's number first.
fn brief(data: &str) -> String {
    let Ok(fields) = serde_json::from_str::<Map<String, Value>>(data) else {
        return data.to_owned();
    };
    let number = fields.values().find_map(|field| field.get("number")?.as_str());
    let number = number.map(str::to_owned).into_iter();
    let said = fields.iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some(format!("{name}={text}")),
        Value::Number(number) => Some(format!("{name}={number}")),
        Value::Bool(yes) => Some(format!("{name}={yes}")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    });
    number.chain(said).collect::<Vec<_>>().join("  ")
}
