//! Plays one tale, and sees to it that everything follows as told. The steps themselves are in `begin`,
//! `work` and `end`.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use huying_proto::casework::v1::{Case, Dispatch};
use huying_proto::intake::v1::Request;
use huying_proto::routing::v1::Unit;
use tokio::time::{Instant, sleep};
use tonic::Code;

use super::Voice;
use super::screen::Screen;
use super::tale::{Step, Tale};
use crate::client::{Client, Who};
use crate::failure::refused;
use crate::words::Word;

/// How long something that must follow may take.
const PATIENCE: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(15);

/// What has become of a tale so far.
pub(super) struct Play<'a> {
    pub(super) client: &'a Client,
    pub(super) screen: Screen<'a>,
    pub(super) tale: &'a Tale,
    pub(super) reader: Who,
    pub(super) district: String,
    pub(super) units: BTreeMap<String, Unit>,
    pub(super) request: Request,
    pub(super) tracking_token: String,
    pub(super) case: Case,
    pub(super) dispatches: Vec<Dispatch>,
}

pub(super) async fn play(client: &Client, tale: &Tale, voice: Voice) -> anyhow::Result<()> {
    let mut play = Play {
        client,
        screen: Screen::new(client, voice),
        tale,
        reader: client.reader()?,
        district: client.district()?,
        units: BTreeMap::new(),
        request: Request::default(),
        tracking_token: String::new(),
        case: Case::default(),
        dispatches: Vec::new(),
    };
    let told = Box::pin(play.whole()).await;
    told.with_context(|| format!("{} is not as told (request {})", tale.title, play.request.number))
}

impl Play<'_> {
    async fn whole(&mut self) -> anyhow::Result<()> {
        self.screen.title(self.tale.chinese, self.tale.title)?;
        Box::pin(self.submit()).await?;
        Box::pin(self.routed()).await?;
        Box::pin(self.opened()).await?;
        for step in self.tale.steps {
            Box::pin(self.step(*step)).await?;
        }
        Box::pin(self.closed()).await
    }

    async fn step(&mut self, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Accept => Box::pin(self.accept()).await,
            Step::Note { text, public } => Box::pin(self.note(text, public)).await,
            Step::Escalate { reason, to, tier } => Box::pin(self.escalate(reason, to, tier)).await,
            Step::Call { summons, respond, resolve } => Box::pin(self.call(summons, respond, resolve)).await,
            Step::Respond { unit, response, note } => Box::pin(self.respond(unit, response, note)).await,
            Step::Resolve => Box::pin(self.resolve()).await,
            Step::Tell => Box::pin(self.tell()).await,
            Step::Verdict { satisfaction, comment } => Box::pin(self.verdict(satisfaction, comment)).await,
        }
    }

    /// The step just done, with the clocks as they are now.
    pub(super) async fn follows(&mut self, what: &str) -> anyhow::Result<()> {
        let place = Box::pin(self.place()).await?;
        self.screen.step(None, &place, what, &self.case.state().both())?;
        self.screen.clocks(&running(&self.case))
    }

    /// The holder, as people say it: its tier and its name.
    pub(super) async fn place(&mut self) -> anyhow::Result<String> {
        let name = Box::pin(self.name(&self.case.holder.clone())).await?;
        Ok(format!("[{}] {name}", self.case.tier().chinese()))
    }

    pub(super) async fn holder(&mut self) -> anyhow::Result<Who> {
        Box::pin(self.staff(&self.case.holder.clone())).await
    }

    pub(super) async fn staff(&mut self, code: &str) -> anyhow::Result<Who> {
        Ok(Who::of_unit(&Box::pin(self.unit(code)).await?))
    }

    pub(super) async fn name(&mut self, code: &str) -> anyhow::Result<String> {
        Ok(Box::pin(self.unit(code)).await?.name)
    }

    pub(super) async fn unit(&mut self, code: &str) -> anyhow::Result<Unit> {
        if let Some(unit) = self.units.get(code) {
            return Ok(unit.clone());
        }
        let unit = Box::pin(self.client.unit(code)).await?;
        self.units.insert(code.to_owned(), unit.clone());
        Ok(unit)
    }
}

pub(super) fn running(case: &Case) -> Vec<huying_proto::casework::v1::Clock> {
    case.clocks.iter().filter(|clock| clock.stop_time.is_none()).cloned().collect()
}

/// What is not there yet is no failure.
pub(super) fn there<T>(asked: Result<tonic::Response<T>, tonic::Status>) -> anyhow::Result<Option<T>> {
    match asked {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// Asks until it is so, or the patience is over; `Err` inside says how it stands.
pub(super) async fn eventually<T, F>(what: &str, mut ask: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Result<T, String>>>,
{
    let end = Instant::now() + PATIENCE;
    loop {
        match ask().await? {
            Ok(it) => return Ok(it),
            Err(stands) if Instant::now() > end => {
                let fix = "`huying doctor` tells what is not well";
                return Err(refused(format!("{what} not within {} s: {stands}", PATIENCE.as_secs()), fix));
            }
            Err(_) => sleep(AGAIN).await,
        }
    }
}
