//! What intake hears, that is, the events it follows: one arm per event, one call each.

use std::sync::Arc;

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::ChangeSet,
};
use huying_proto::casework::v1::{self as pb, events::CaseEvent as Event};
use huying_wire::instant;
use uuid::Uuid;

use crate::{
    app::App,
    domain::request::{News, Party, Teller},
};

/// What is followed.
pub const SOURCES: &[Source] =
    &[Source { service: "casework", root: "casework", kinds: &["case"], named_by: "id" }];

/// What intake does about the events of cases.
pub struct Hears {
    pub app: Arc<App>,
}

impl Consumer for Hears {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        Box::pin(self.hear(event))
    }
}

impl Hears {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        let mut had = Had::default();
        let (case, news) = match event.typed().ok_or_else(|| Failure::unknown(event))? {
            Event::CaseOpened(data) => (data.decode()?.case, News::Opened),
            Event::CaseAccepted(data) => accepted(data.decode()?, &mut had),
            Event::CaseNoted(data) => match noted(data.decode()?, &mut had) {
                Some(told) => told,
                None => return Ok(ChangeSet::default()),
            },
            Event::CaseEscalated(data) => escalated(data.decode()?, &mut had),
            Event::CaseDelegated(data) => delegated(data.decode()?, &mut had),
            Event::CaseRerouted(data) => moved(data.decode()?.case, "已转有关单位办理"),
            Event::CaseCalled(data) => called(data.decode()?, &mut had),
            Event::CaseGroupCalled(data) => grouped(data.decode()?, &mut had),
            Event::CaseDeliberated(data) => moved(data.decode()?.case, "已召开协商议事会"),
            Event::CaseAsked(data) => asked(data.decode()?, &mut had),
            Event::CaseAnswerMissed(data) => moved(data.decode()?.case, "未等到补充，已继续办理"),
            Event::CaseSuspended(data) => moved(data.decode()?.case, "已列入难题挂账，将定期复查"),
            Event::CaseResumed(data) => moved(data.decode()?.case, "已恢复办理"),
            Event::CaseResolved(data) => done(data.decode()?, &mut had),
            Event::CaseVerified(data) => verified(data.decode()?, &mut had)?,
            Event::CaseVerificationFailed(data) => moved(data.decode()?.case, "核查未通过，已继续办理"),
            Event::CaseDeclined(data) => declined(data.decode()?),
            Event::CaseReopened(data) => reopened(data.decode()?),
            Event::CaseMerged(data) => return self.merged(data.decode()?).await,
            Event::CaseUnmerged(data) => moved(data.decode()?.case, "已撤销并案，单独办理"),
            Event::CaseClosed(data) => moved(data.decode()?.case, "已销号"),
            // Whoever holds it, or works on it, must not act for its reporter.
            Event::CaseConsulted(data) => met(data.decode()?, &mut had),
            Event::CaseReturned(data) => data.decode().map(|it| acted(it.case, it.by, &mut had))?,
            Event::CaseApprovalAsked(data) => data.decode().map(|it| acted(it.case, it.by, &mut had))?,
            Event::CaseSupervisionAnswered(data) => {
                data.decode().map(|it| acted(it.case, it.by, &mut had))?
            }
            Event::CaseOfficerAppointed(data) => data.decode().map(|it| acted(it.case, it.by, &mut had))?,
            Event::CaseArbitrated(data) => (data.decode()?.case, News::Held),
            Event::CaseCorrected(data) => {
                let corrected = data.decode()?;
                let went = !corrected.too_late && corrected.unit != corrected.from_unit;
                let news = if went { News::Moved("已转有关单位办理".to_owned()) } else { News::Held };
                (corrected.case, news)
            }
            Event::CaseRelieved(data) => (data.decode()?.case, News::Held),
            Event::CaseJoined(data) => (data.decode()?.case, News::Held),
            // Its clock runs to another instant.
            Event::CaseRecomputed(data) => (data.decode()?.case, News::Held),
            Event::CaseExtended(data) => (data.decode()?.case, News::Held),
            Event::CaseRecategorised(data) => (data.decode()?.case, News::Held),
            // Clocks and judgements are for the offices; answers and additions are the reporter's own.
            #[rustfmt::skip] // Several to a line.
            Event::CaseLampTurned(_) | Event::CaseAnswered(_)
            | Event::CaseParted(_) | Event::CaseSplit(_) | Event::CaseSplitOff(_)
            | Event::CaseRequestWithdrawn(_) | Event::CaseJudged(_) | Event::CaseSuspensionReviewed(_)
            | Event::CaseSupplemented(_) | Event::CaseApprovalRuled(_)
            | Event::CaseAttached(_)
            | Event::CaseArbitrationClimbed(_) | Event::CaseSupervised(_)
            | Event::CaseSupervisionClimbed(_) | Event::CaseToldUpward(_) | Event::CaseIdled(_)
            | Event::CaseChargeTaken(_) | Event::CaseChargeReported(_) | Event::CaseChargeEnded(_)
            | Event::CaseUnitReplaced(_) | Event::CaseSupervisionLapsed(_) | Event::CaseGroupEnded(_)
            | Event::CaseVerificationClimbed(_) => return Ok(ChangeSet::default()),
        };
        let case = case.ok_or_else(nameless)?;
        let due_at = Some(case.resolve_due_time.as_ref().and_then(instant::read));
        let Had { workers, parties } = had;
        let teller = Teller { case: parse(&case.id)?, holder: case.holder, due_at, workers, parties };
        self.app.hear(&teller, &all(&case.requests)?, &news).await
    }

    /// Its requests are another case's from now on. All that a request hears of its merges is on its own case's stream, so in order.
    async fn merged(&self, merged: pb::CaseMerged) -> Result<ChangeSet, Failure> {
        let into = merged.into.ok_or_else(nameless)?;
        let news = News::Moved(format!("已与同类诉求 {} 并案办理", into.number));
        let case = parse(&into.id)?;
        let Had { workers, parties } = Had::default();
        let teller = Teller { case, holder: String::new(), due_at: None, workers, parties };
        self.app.hear(&teller, &all(&merged.requests)?, &news).await
    }
}

/// Who had part in the case, as far as the event tells.
#[derive(Default)]
struct Had {
    workers: Vec<String>,
    parties: Vec<Party>,
}

impl Had {
    fn by(&mut self, party: Option<pb::CaseParty>) {
        self.parties.extend(party.map(|it| Party { unit: it.unit, persons: it.persons }));
    }

    fn take(&mut self, told: &pb::CaseResolved) {
        self.workers.clone_from(&told.units);
        told.parties.iter().for_each(|party| self.by(Some(party.clone())));
    }
}

/// What is for the offices alone: the reporter is told nothing, and who did it must not act for them.
fn acted(case: Option<pb::CaseRef>, by: Option<pb::CaseParty>, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(by);
    (case, News::Held)
}

/// Nothing of a note for the offices alone: there are many of them, and each would be an entry here.
fn noted(told: pb::CaseNoted, had: &mut Had) -> Option<(Option<pb::CaseRef>, News)> {
    told.public.then(|| {
        had.by(told.by);
        (told.case, News::Moved(told.text))
    })
}

fn asked(told: pb::CaseAsked, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(told.by);
    (told.case, News::Asked(format!("请补充：{}", told.question)))
}

fn accepted(told: pb::CaseAccepted, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(told.by);
    moved(told.case, "责任单位已签收")
}

fn escalated(told: pb::CaseEscalated, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(told.by);
    moved(told.case, "已上报上一级办理")
}

fn delegated(told: pb::CaseDelegated, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(told.by);
    moved(told.case, "已交办")
}

fn called(told: pb::CaseCalled, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.by(told.by);
    had.workers = told.units;
    moved(told.case, "已呼叫有关部门到场")
}

/// With its chair, and its departments.
fn grouped(told: pb::CaseGroupCalled, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    let group = told.group.unwrap_or_default();
    let members = group.members.into_iter().map(|member| member.unit);
    had.workers.extend([group.chair].into_iter().chain(members));
    moved(told.case, "已组织有关部门联合办理")
}

fn met(told: pb::CaseConsulted, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.workers = told.units;
    acted(told.case, told.by, had)
}

/// Where it is looked at on site first, its reporter is told afterwards.
fn done(told: pb::CaseResolved, had: &mut Had) -> (Option<pb::CaseRef>, News) {
    had.take(&told);
    match told.verifier.is_empty() {
        true => resolved(told),
        false => moved(told.case, "已办结，正在核查"),
    }
}

fn verified(told: pb::CaseVerified, had: &mut Had) -> Result<(Option<pb::CaseRef>, News), Failure> {
    let nothing = || Failure::Poison("the event does not say what was resolved".into());
    let told = told.resolved.ok_or_else(nothing)?;
    had.take(&told);
    Ok(resolved(told))
}

fn moved(case: Option<pb::CaseRef>, words: &str) -> (Option<pb::CaseRef>, News) {
    (case, News::Moved(words.to_owned()))
}

fn resolved(told: pb::CaseResolved) -> (Option<pb::CaseRef>, News) {
    let attempt = told.case.as_ref().map_or(0, |case| case.attempt);
    (told.case, News::Settled { answer: told.answer, attempt })
}

fn declined(told: pb::CaseDeclined) -> (Option<pb::CaseRef>, News) {
    let attempt = told.case.as_ref().map_or(0, |case| case.attempt);
    let ground = told.ground.unwrap_or_default().name;
    let answer = format!("不予受理（{ground}）：{}", told.answer);
    (told.case, News::Settled { answer, attempt })
}

fn reopened(reopened: pb::CaseReopened) -> (Option<pb::CaseRef>, News) {
    let attempt = reopened.case.as_ref().map_or(0, |case| case.attempt);
    (reopened.case, News::Reopened { attempt })
}

fn nameless() -> Failure {
    Failure::Poison("the event names no case".into())
}

fn all(ids: &[String]) -> Result<Vec<Uuid>, Failure> {
    ids.iter().map(|id| parse(id)).collect()
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::Poison(format!("{id} is no UUID")))
}
