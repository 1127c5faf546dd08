//! Plays one tale, and sees to it that everything follows as told. The steps themselves are in the files beside this one.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use huying_chassis::clock::Clock as Time;
use huying_proto::casework::v1::{Case, Clock, Dispatch, GetCaseRequest, ListDispatchesRequest};
use huying_proto::evaluation::v1::{Inquiry, Topic};
use huying_proto::intake::v1::Request;
use huying_proto::routing::v1::Unit;
use tokio::time::{Instant, sleep};
use tonic::Code;

use super::Voice;
use super::join::Neighbour;
use super::screen::Screen;
use super::tale::{Step, Tale};
use crate::client::{Client, Who, request_id};
use crate::failure::{refused, wrong};
use crate::words::Word;

/// How long something that must follow may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// A person asks no more often than services let one.
const AGAIN: Duration = Duration::from_millis(30);
/// How often a step is decided, on the case as it is then.
const TRIES: u32 = 3;

/// What has become of a tale so far.
pub(super) struct Play<'a> {
    pub(super) client: &'a Client,
    pub(super) screen: Screen<'a>,
    pub(super) tale: &'a Tale,
    /// The story's own; none: that of whoever runs the services.
    pub(super) time: Option<&'a Time>,
    pub(super) reader: Who,
    pub(super) district: String,
    pub(super) units: BTreeMap<String, Unit>,
    pub(super) request: Request,
    pub(super) tracking_token: String,
    pub(super) case: Case,
    /// The newest first.
    pub(super) dispatches: Vec<Dispatch>,
    /// Whose requests were merged into the case.
    pub(super) neighbours: Vec<Neighbour>,
    /// Cases alike, each of its own.
    pub(super) alike: Vec<Case>,
    /// What is done about all of them; none: nothing yet.
    pub(super) topic: Topic,
    /// What a delegate asks; none: nothing yet.
    pub(super) inquiry: Inquiry,
    /// What the reporters are to be told.
    pub(super) answer: &'static str,
}

pub(super) async fn play(
    client: &Client,
    tale: &Tale,
    time: Option<&Time>,
    voice: Voice,
) -> anyhow::Result<()> {
    if tale.needs_clock() && time.is_none() {
        let fix = format!("leave out --here: `huying story play {}`", tale.name);
        return Err(wrong(format!("in the story {} days must pass, and here they do not", tale.name), fix));
    }
    let district = client.district()?;
    if district != tale.place.district {
        let fix = format!(
            "add --district {}, where deploy/profiles/{} is applied",
            tale.place.district, tale.place.folder
        );
        return Err(wrong(
            format!("the story {} plays in {}, not in {district}", tale.name, tale.place.district),
            fix,
        ));
    }
    let mut play = Play {
        client,
        screen: Screen::new(client, time, voice),
        tale,
        time,
        reader: client.reader()?,
        district,
        units: BTreeMap::new(),
        request: Request::default(),
        tracking_token: String::new(),
        case: Case::default(),
        dispatches: Vec::new(),
        neighbours: Vec::new(),
        alike: Vec::new(),
        topic: Topic::default(),
        inquiry: Inquiry::default(),
        answer: "",
    };
    let told = Box::pin(play.whole()).await;
    told.with_context(|| format!("the story {} is not as told (request {})", tale.name, play.request.number))
}

impl Play<'_> {
    async fn whole(&mut self) -> anyhow::Result<()> {
        self.screen.title(self.tale.chinese, self.tale.title, self.tale.source)?;
        Box::pin(self.submit()).await?;
        Box::pin(self.routed()).await?;
        Box::pin(self.opened()).await?;
        for step in self.tale.steps {
            self.pass();
            Box::pin(self.take(*step)).await?;
            self.screen.rest().await;
        }
        Box::pin(self.closed()).await
    }

    /// What others did meanwhile, and lamps that turn, move the case on: whoever acts looks before they do, and again when it has moved.
    async fn take(&mut self, step: Step) -> anyhow::Result<()> {
        let mut tries = 1;
        loop {
            Box::pin(self.look()).await?;
            let Err(error) = Box::pin(self.step(step)).await else { return Ok(()) };
            let status = error.downcast_ref::<tonic::Status>();
            if tries == TRIES || !status.is_some_and(|status| status.code() == Code::Aborted) {
                return Err(error);
            }
            tries += 1;
        }
    }

    async fn step(&mut self, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Accept => Box::pin(self.accept()).await,
            Step::Note { text, public } => Box::pin(self.note(text, public)).await,
            Step::Escalate { reason, to, tier } => Box::pin(self.escalate(reason, to, tier)).await,
            Step::Return { reason, arbiter } => Box::pin(self.give_back(reason, arbiter)).await,
            Step::Arbitrate { reason, to, binds } => Box::pin(self.arbitrate(reason, to, binds)).await,
            Step::MayNot { step, reason } => Box::pin(self.may_not(step, reason)).await,
            Step::Call { tasks, respond, resolve } => Box::pin(self.call(tasks, respond, resolve)).await,
            Step::Consult { with, minutes, tasks } => Box::pin(self.consult(with, minutes, tasks)).await,
            Step::Join { homes, content, reason } => Box::pin(self.join(homes, content, reason)).await,
            Step::Respond { unit, response, note } => Box::pin(self.respond(unit, response, note)).await,
            Step::TakeBack { unit, reason } => Box::pin(self.take_back(unit, reason)).await,
            Step::Insist { unit, reason } => Box::pin(self.insist(unit, reason)).await,
            Step::Release { unit, reason, apt } => Box::pin(self.release(unit, reason, apt)).await,
            Step::AskGroup { group, task, reason } => Box::pin(self.ask_group(group, task, reason)).await,
            Step::AskSuspension { plan, days, reason } => {
                Box::pin(self.ask_suspension(plan, days, reason)).await
            }
            Step::Grant { by, reason } => Box::pin(self.grant(by, reason)).await,
            Step::Review { days, remark } => Box::pin(self.review(days, remark)).await,
            Step::Resume { reason } => Box::pin(self.resume(reason)).await,
            Step::TakeCharge { leader, plan } => Box::pin(self.take_charge(leader, plan)).await,
            Step::Report { text } => Box::pin(self.report(text)).await,
            Step::Supervise { by, level, reason } => Box::pin(self.supervise(by, level, reason)).await,
            Step::Answer { text } => Box::pin(self.answer_supervision(text)).await,
            Step::Later { days, at, then } => Box::pin(self.later(days, at, then)).await,
            Step::Resolve { answer } => Box::pin(self.resolve(answer)).await,
            Step::Tell => Box::pin(self.tell()).await,
            Step::Verdict { satisfaction, comment } => Box::pin(self.verdict(satisfaction, comment)).await,
            Step::Alike { calls } => Box::pin(self.alike(calls)).await,
            Step::OpenTopic { title, why, owner, measures } => {
                Box::pin(self.open_topic(title, why, owner, measures)).await
            }
            Step::Done { measure, note } => Box::pin(self.done(measure, note)).await,
            Step::DeclineAlike { ground, answer, by, reason } => {
                Box::pin(self.decline_alike((ground, answer), (by, reason))).await
            }
            Step::Shows { unit, count, rates } => Box::pin(self.shows(unit, count, rates)).await,
            Step::ResolveAlike { answer } => Box::pin(self.resolve_alike(answer)).await,
            Step::Test { days } => Box::pin(self.test(days)).await,
            Step::Judged { verdict, counts } => Box::pin(self.judged(verdict, counts)).await,
            Step::Inspect { good, text } => Box::pin(self.inspect(good, text)).await,
            Step::Inquire { unit, question } => Box::pin(self.inquire(unit, question)).await,
            Step::InquiryOverdue => Box::pin(self.inquiry_overdue()).await,
            Step::ClaimInquiry { office } => Box::pin(self.claim_inquiry(office)).await,
            Step::AnswerInquiry { text } => Box::pin(self.answer_inquiry(text)).await,
            Step::JudgeInquiry { solved, note } => Box::pin(self.judge_inquiry(solved, note)).await,
            Step::Fail { says, comment, to, tier } => Box::pin(self.fail(says, comment, (to, tier))).await,
        }
    }

    /// What each step on the case names: a fresh key, the case, its version.
    pub(super) fn named(&self) -> (String, String, i64) {
        (request_id(), self.case.id.clone(), self.case.version)
    }

    /// The case and its dispatches as they are now.
    pub(super) async fn look(&mut self) -> anyhow::Result<()> {
        let (id, district) = (self.case.id.clone(), self.district.clone());
        let request = GetCaseRequest { id: id.clone() };
        self.case = self.client.cases(&self.reader)?.get_case(request).await?.into_inner();
        if !self.case.dispatches.is_empty() {
            let request = ListDispatchesRequest { district, case: id, ..ListDispatchesRequest::default() };
            let found = self.client.dispatches(&self.reader)?.list_dispatches(request).await?;
            self.dispatches = found.into_inner().dispatches;
        }
        Ok(())
    }

    /// The step that the holder just did, with the clocks as they are now.
    pub(super) async fn follows(&mut self, what: &str) -> anyhow::Result<()> {
        let told = self.case.state().both();
        Box::pin(self.says(what, &told)).await?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    /// The holder does or says something.
    pub(super) async fn says(&mut self, what: &str, told: &str) -> anyhow::Result<()> {
        let place = Box::pin(self.place()).await?;
        self.screen.step(&place, what, told)
    }

    /// Somebody else does.
    pub(super) async fn other(&mut self, unit: &str, what: &str, told: &str) -> anyhow::Result<()> {
        let name = Box::pin(self.name(unit)).await?;
        self.screen.step(&name, what, told)
    }

    /// The holder, as people say it: its tier and its name.
    pub(super) async fn place(&mut self) -> anyhow::Result<String> {
        Box::pin(self.name(&self.case.holder.clone())).await
    }

    pub(super) async fn holder(&mut self) -> anyhow::Result<Who> {
        Box::pin(self.staff(&self.case.holder.clone())).await
    }

    pub(super) async fn staff(&mut self, code: &str) -> anyhow::Result<Who> {
        Ok(Who::of_unit(&Box::pin(self.unit(code)).await?))
    }

    pub(super) async fn name(&mut self, code: &str) -> anyhow::Result<String> {
        let unit = Box::pin(self.unit(code)).await?;
        Ok(format!("[{}] {}", unit.tier().chinese(), short(&unit.name)))
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

/// A unit's name without what it is called besides.
pub(super) fn short(name: &str) -> &str {
    name.split_once('（').map_or(name, |(name, _)| name)
}

pub(super) fn running(clocks: &[Clock]) -> Vec<Clock> {
    clocks.iter().filter(|clock| clock.stop_time.is_none()).cloned().collect()
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
