//! One arm per event, one use case each. Evaluation follows cases, and nothing else of casework; and requests of intake, which it counts (`requests.rs`).

use futures::{FutureExt, future::BoxFuture};
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::{ChangeSet, Heard},
};
use huying_proto::{
    casework::v1::{self as pb, events::CaseEvent as Event},
    common::v1 as common,
};
use huying_wire::{instant, limit, priority, solved, tier};
use serde::Deserialize;
use uuid::Uuid;

use super::{parts::parts, requests};
use crate::{
    app::App,
    domain::{
        callback::Resolved,
        change::Cause,
        figure::{
            Word,
            told::{Told, What},
        },
        parties::Party,
    },
};

/// What is followed.
pub const SOURCES: &[Source] = &[
    Source { service: "casework", root: "casework", kinds: &["case"], named_by: "id" },
    Source { service: "intake", root: "intake", kinds: &["request"], named_by: "id" },
];

/// Evaluation's reaction to what happens to cases and requests.
pub struct Cases {
    app: App,
}

impl Cases {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn react(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        if let Some(of_intake) = event.typed() {
            let heard = requests::heard(event, of_intake, self.app.now())?;
            return Ok(ChangeSet { heard, ..ChangeSet::default() });
        }
        Ok(ChangeSet { heard: self.counts(event)?, ..self.ask(event).await? })
    }

    /// What of it is counted. What a newer casework says in words that are not known here is let go, and nothing is held up by it.
    fn counts(&self, event: &CloudEvent) -> Result<Option<Heard>, Failure> {
        let Some(what) = What::of(&event.name) else { return Ok(None) };
        let Some(told) = serde_json::from_str(event.data.get()).ok().and_then(|it| told(event, what, it))
        else {
            tracing::warn!(event = event.name, case = %event.partitionkey, "it is not counted: what it says of its case cannot be read");
            return Ok(None);
        };
        Ok(Some(Heard { at: self.app.now(), body: serde_json::to_string(&Word::Case(told))? }))
    }

    /// Whether somebody is to be asked about it, or not any more.
    async fn ask(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        match event.typed().ok_or_else(|| Failure::unknown(event))? {
            // Where it is looked at on site first, its reporter is asked afterwards.
            Event::CaseResolved(data) => match data.decode()? {
                told if told.verifier.is_empty() && !is_part(&told) => {
                    self.app.open(resolved(event, told)?).await
                }
                _unverified_or_part => Ok(ChangeSet::default()),
            },
            Event::CaseVerified(data) => {
                let told = data
                    .decode()?
                    .resolved
                    .ok_or_else(|| Failure::Poison("the event does not say what was resolved".to_owned()))?;
                self.app.open(resolved(event, told)?).await
            }
            Event::CaseReopened(_) => self.app.cancel(event.partitionkey, Cause::Reopened).await,
            Event::CaseRequestWithdrawn(data) => {
                self.app.withdraw(event.partitionkey, uuid(&data.decode()?.request)?).await
            }
            // Struck off, it was judged. Withdrawn, it is asked about all the same if it had been resolved, looked at by then or not.
            Event::CaseClosed(data) => match data.decode()?.resolved {
                Some(told) if !is_part(&told) => self.app.open(resolved(event, told)?).await,
                Some(_) | None => Ok(ChangeSet::default()),
            },
            // Of declined cases nobody is asked, and they count in no rate.
            Event::CaseDeclined(_) => Ok(ChangeSet::default()),
            // On the way to a resolution, or of one that is asked about already.
            #[rustfmt::skip] // Several to a line.
            Event::CaseOpened(_) | Event::CaseAccepted(_) | Event::CaseNoted(_) | Event::CaseEscalated(_)
            | Event::CaseDelegated(_) | Event::CaseCalled(_) | Event::CaseLampTurned(_)
            | Event::CaseRecomputed(_) | Event::CaseAnswered(_) | Event::CaseJudged(_)
            | Event::CaseSupplemented(_) | Event::CaseApprovalAsked(_) | Event::CaseApprovalRuled(_)
            | Event::CaseExtended(_) | Event::CaseAttached(_) | Event::CaseAsked(_)
            | Event::CaseAnswerMissed(_) | Event::CaseReturned(_) | Event::CaseArbitrated(_)
            | Event::CaseArbitrationClimbed(_) | Event::CaseSupervised(_)
            | Event::CaseSupervisionAnswered(_) | Event::CaseSupervisionClimbed(_)
            | Event::CaseToldUpward(_) | Event::CaseIdled(_) | Event::CaseOfficerAppointed(_)
            | Event::CaseChargeTaken(_) | Event::CaseChargeReported(_) | Event::CaseChargeEnded(_)
            | Event::CaseSupervisionLapsed(_) | Event::CaseVerificationFailed(_)
            | Event::CaseVerificationClimbed(_) | Event::CaseMerged(_) | Event::CaseJoined(_)
            | Event::CaseUnmerged(_) | Event::CaseParted(_) | Event::CaseSplit(_) | Event::CaseSplitOff(_)
            | Event::CaseRecategorised(_) | Event::CaseRerouted(_) | Event::CaseCorrected(_)
            | Event::CaseSuspended(_) | Event::CaseSuspensionReviewed(_)
            | Event::CaseResumed(_) | Event::CaseConsulted(_) | Event::CaseGroupCalled(_)
            | Event::CaseGroupEnded(_) | Event::CaseDeliberated(_) | Event::CaseRelieved(_)
            | Event::CaseUnitReplaced(_) => Ok(ChangeSet::default()),
        }
    }
}

impl Consumer for Cases {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        self.react(event).boxed()
    }
}

/// A part of a case has no reporter: its whole is asked about.
fn is_part(told: &pb::CaseResolved) -> bool {
    told.case.as_ref().is_some_and(|case| case.requests.is_empty())
}

/// What an event of a case says of it, whichever it is: each field has one name in all of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfCase {
    case: pb::CaseRef,
    respond_due_time: Option<pbjson_types::Timestamp>,
    #[serde(default)]
    verifier: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    priority: String,
    more: Option<common::Limit>,
    ground: Option<pb::DeclineGround>,
    by: Option<pb::CaseParty>,
}

/// None: it says too little.
fn told(event: &CloudEvent, what: What, of_case: OfCase) -> Option<Told> {
    let OfCase { case, respond_due_time, verifier, outcome, priority, more, ground, by } = of_case;
    // Nobody sent it up: the clock did.
    let what = if what == What::Escalated && by.is_none() { What::Climbed } else { what };
    let parts = parts(what, &event.data, &case.holder).unwrap_or_default();
    Some(Told {
        what,
        at: event.time,
        tier: tier::read(case.tier())?,
        opened_at: case.open_time.as_ref().and_then(instant::read).unwrap_or(event.time),
        due_at: case.resolve_due_time.as_ref().and_then(instant::read),
        respond_by: respond_due_time.as_ref().and_then(instant::read),
        to_be_verified: !verifier.is_empty(),
        withdrawn: outcome == pb::Outcome::Withdrawn.as_str_name(),
        request: case.requests.first().and_then(|id| Uuid::try_parse(id).ok()),
        priority: common::Priority::from_str_name(&priority).and_then(priority::read),
        more: more.and_then(limit::read),
        ground: ground.map(|it| it.code).unwrap_or_default(),
        area: area(&case),
        number: case.number,
        district: case.district,
        category: case.category,
        holder: case.holder,
        attempt: case.attempt,
        parts,
    })
}

/// A case whose place is not known more exactly lies somewhere in its district.
fn area(case: &pb::CaseRef) -> String {
    if case.area.is_empty() { case.district.clone() } else { case.area.clone() }
}

fn resolved(event: &CloudEvent, told: pb::CaseResolved) -> Result<Resolved, Failure> {
    let solved = solved::read(told.solved());
    let pb::CaseResolved { case, answer, units, parties, .. } = told;
    let case = case.ok_or_else(|| Failure::Poison("the event names no case".to_owned()))?;
    let requests = case.requests.iter().map(|id| uuid(id)).collect::<Result<_, _>>()?;
    Ok(Resolved {
        event: event.id,
        case: event.partitionkey,
        area: area(&case),
        tier: tier::read(case.tier()),
        number: case.number,
        district: case.district,
        category: case.category,
        holder: case.holder,
        units,
        parties: parties.into_iter().map(party).collect(),
        requests,
        attempt: case.attempt,
        answer,
        solved,
        at: event.time,
    })
}

fn party(told: pb::CaseParty) -> Party {
    Party { unit: told.unit, persons: told.persons }
}

fn uuid(text: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(text).map_err(|_| Failure::Poison(format!("a request's id is no UUID: {text:?}")))
}
