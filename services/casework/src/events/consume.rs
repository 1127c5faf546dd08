//! What casework hears, that is, the events it follows: one arm per event, one call each.

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::{Actor, ChangeSet},
};
use huying_proto::{
    common::v1 as common,
    evaluation::v1::{self as evaluation, AttemptJudgement},
    intake::v1 as intake,
    routing::v1 as routing,
};
use huying_terms::Limit;
use huying_wire::{instant, limit, place, priority, tier};
use pbjson_types::Timestamp;
use uuid::Uuid;

use crate::{
    app::{App, follow::RequestName, open::Times},
    convert::demands,
    domain::{
        Holder, Judgement, Priority,
        case::step::{Correct, Endanger, Opening},
        profile::{FALLBACK_RESOLVE, FALLBACK_RESPOND},
    },
};

/// What is followed.
pub const SOURCES: &[Source] = &[
    Source { service: "routing", root: "routing", kinds: &["route"], named_by: "request" },
    Source { service: "intake", root: "intake", kinds: &["request"], named_by: "id" },
    Source { service: "evaluation", root: "evaluation", kinds: &["callback"], named_by: "id" },
];

/// What casework does about the events of routes, requests and callbacks.
pub struct Hears {
    pub app: App,
}

impl Consumer for Hears {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        Box::pin(self.hear(event))
    }
}

impl Hears {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        if let Some(of_routing) = event.typed() {
            self.hear_routing(of_routing).await
        } else if let Some(of_intake) = event.typed() {
            self.hear_intake(of_intake).await
        } else if let Some(of_evaluation) = event.typed() {
            self.hear_evaluation(of_evaluation).await
        } else {
            Err(Failure::unknown(event))
        }
    }

    async fn hear_routing(&self, event: routing::events::Event<'_>) -> Result<ChangeSet, Failure> {
        use routing::events::Event;

        match event {
            Event::RouteDecided(data) => {
                let (opening, times) = opening(data.decode()?)?;
                self.app.open(opening, times).await
            }
            Event::RouteCorrected(data) => self.app.corrected(&correction(data.decode()?)?).await,
            Event::RouteDangerTold(data) => match danger(data.decode()?)? {
                Some(step) => self.app.endangered(&step).await,
                // It waits at the desk: there is no case yet.
                None => Ok(ChangeSet::default()),
            },
            // There is no case yet, or there will be none. A withdrawal is heard from intake.
            Event::RouteQueued(_)
            | Event::RouteKept(_)
            | Event::RouteWithdrawn(_)
            | Event::RouteLampTurned(_)
            | Event::RouteClimbed(_)
            | Event::RouteClaimed(_)
            | Event::RouteRecomputed(_)
            | Event::RouteReleased(_) => Ok(ChangeSet::default()),
            // Told of other kinds than routes, which are not followed.
            Event::DirectoryApplied(_) | Event::ModelApplied(_) => Ok(ChangeSet::default()),
        }
    }

    async fn hear_intake(&self, event: intake::events::Event<'_>) -> Result<ChangeSet, Failure> {
        use intake::events::Event;

        match event {
            Event::RequestAnswered(data) => {
                let answered = data.decode()?;
                self.app.answered(request(answered.request)?.id, answered.attempt).await
            }
            Event::RequestSupplemented(data) => {
                let added = data.decode()?;
                self.app.supplemented(&request(added.request)?, &added.content).await
            }
            Event::RequestObjected(data) => {
                let objected = data.decode()?;
                self.app.objected(request(objected.request)?.id, objected.attempt, &objected.reason).await
            }
            Event::RequestWithdrawn(data) => self.app.withdrawn(&request(data.decode()?.request)?).await,
            // A case is opened by its route, and progress is what casework itself has said.
            Event::RequestSubmitted(_)
            | Event::RequestProgressed(_)
            | Event::RequestDutyMissed(_)
            | Event::RequestContactReplaced(_)
            | Event::RequestForgotten(_)
            | Event::RequestJoined(_) => Ok(ChangeSet::default()),
            // Told of other kinds than requests, which are not followed.
            #[rustfmt::skip] // Several to a line.
            Event::IntakeProfileApplied(_) | Event::GuidePublished(_) | Event::GuideWithdrawn(_)
            | Event::VisitRecorded(_) | Event::ArchiveOpened(_) | Event::ArchiveVisited(_)
            | Event::ArchiveUpdated(_) | Event::ArchivePlanned(_) | Event::ArchiveObliged(_) | Event::VisitMissed(_)
            | Event::VisitForgotten(_) | Event::ArchiveForgotten(_) | Event::ForumParticipantForgotten(_)
            | Event::RiskOpened(_) | Event::RiskSettled(_)
            | Event::CardIssued(_) | Event::CardUsed(_) | Event::CardReplaced(_) | Event::CardRevoked(_)
            | Event::ForumHeld(_) | Event::OfferMade(_) | Event::OfferMatched(_) | Event::OfferReleased(_)
            | Event::OfferCompleted(_) | Event::OfferWithdrawn(_) | Event::OfferRated(_) => Ok(ChangeSet::default()),
        }
    }

    async fn hear_evaluation(&self, event: evaluation::events::Event<'_>) -> Result<ChangeSet, Failure> {
        use evaluation::events::Event;

        match event {
            Event::CallbackPassed(data) => {
                let it = data.decode()?;
                self.settle(settled(it.callback, it.settles, AttemptJudgement::Passed)?).await
            }
            Event::CallbackLapsed(data) => {
                let it = data.decode()?;
                self.settle(settled(it.callback, it.settles, AttemptJudgement::Lapsed)?).await
            }
            Event::CallbackFailed(data) => {
                let it = data.decode()?;
                self.settle(settled(it.callback, it.settles, AttemptJudgement::Failed)?).await
            }
            Event::CallbackRefused(data) => {
                let it = data.decode()?;
                self.settle(settled(it.callback, it.settles, AttemptJudgement::Lapsed)?).await
            }
            Event::CallbackWithdrawn(data) => {
                let it = data.decode()?;
                self.settle(settled(it.callback, it.settles, AttemptJudgement::Unspecified)?).await
            }
            // Nothing is judged yet, or there is nothing to judge.
            Event::CallbackOpened(_)
            | Event::CallbackAttempted(_)
            | Event::CallbackLinkIssued(_)
            | Event::CallbackSpared(_)
            | Event::CallbackCancelled(_)
            | Event::CallbackRecomputed(_) => Ok(ChangeSet::default()),
            // An appeal moves rates, not the case.
            Event::CallbackAppealed(_) | Event::CallbackAppealDecided(_) => Ok(ChangeSet::default()),
            // Told of another kind than callbacks, which is not followed.
            Event::EvaluationProfileApplied(_)
            | Event::RoundBegun(_)
            | Event::RoundClosed(_)
            | Event::InterviewDrawn(_)
            | Event::InterviewCalledUp(_)
            | Event::InterviewHandedOut(_)
            | Event::InterviewRecorded(_)
            | Event::TopicOpened(_)
            | Event::TopicChanged(_)
            | Event::TopicCasesAttached(_)
            | Event::TopicMeasureReported(_)
            | Event::TopicTested(_)
            | Event::TopicJudged(_)
            | Event::TopicWithdrawn(_)
            | Event::InspectionRecorded(_)
            | Event::InquiryOpened(_)
            | Event::InquiryClaimed(_)
            | Event::InquiryAnswered(_)
            | Event::InquiryJudged(_)
            | Event::InquiryMissed(_)
            | Event::InquiryWithdrawn(_)
            | Event::SignRaised(_)
            | Event::UnitRated(_) => Ok(ChangeSet::default()),
        }
    }

    /// What evaluation says of an attempt; nothing while others of it are asked.
    async fn settle(&self, settled: Option<Settled>) -> Result<ChangeSet, Failure> {
        let Some(Settled { case, attempt, judgement, reasons }) = settled else {
            return Ok(ChangeSet::default());
        };
        match judgement {
            AttemptJudgement::Passed => self.app.judged(case, attempt, Judgement::Passed).await,
            AttemptJudgement::Lapsed => self.app.judged(case, attempt, Judgement::Lapsed).await,
            AttemptJudgement::Failed => self.app.failed(case, attempt, reasons).await,
            AttemptJudgement::Unspecified => {
                Err(Failure::Poison("the event does not say what the attempt came to".into()))
            }
        }
    }
}

/// What a decision says of the case to be. A limit that cannot be read is no limit: the fallback stands in.
struct Said {
    area: String,
    holder: Holder,
    priority: Priority,
    respond: Limit,
    resolve: Limit,
}

fn said(decision: &routing::Decision, district: &str) -> Result<Said, Failure> {
    let tier =
        tier::read(decision.tier()).ok_or_else(|| Failure::Poison("the decision names no tier".into()))?;
    if decision.holder.is_empty() {
        return Err(Failure::Poison("the decision names no holder".into()));
    }
    let area = if decision.area.is_empty() { district.to_owned() } else { decision.area.clone() };
    // A unit of a tier answers for the area of that tier. Where the known area is larger, it is the best that can be said.
    let held = area.get(..tier.code_len()).unwrap_or(&area).to_owned();
    Ok(Said {
        area,
        holder: Holder { unit: decision.holder.clone(), name: String::new(), tier, area: held },
        priority: priority::read(decision.priority()).unwrap_or_default(),
        respond: decision.respond.and_then(limit::read).unwrap_or(FALLBACK_RESPOND),
        resolve: decision.resolve.and_then(limit::read).unwrap_or(FALLBACK_RESOLVE),
    })
}

fn opening(decided: routing::RouteDecided) -> Result<(Opening, Times), Failure> {
    let (route, decision) = decision(decided.route, decided.decision)?;
    let Said { area, holder, priority, respond, resolve } = said(&decision, &route.district)?;
    let read = |time: Option<Timestamp>| time.as_ref().and_then(instant::read);
    let times = Times {
        respond,
        resolve,
        submitted_at: read(route.submit_time),
        at_desk: read(decided.queue_time).zip(read(decided.decide_time)),
    };
    let opening = Opening {
        request: parse(&route.request)?,
        number: route.number,
        district: route.district,
        category: decision.category,
        priority,
        holder,
        departments: decision.departments,
        visit_first: decision.visit_first,
        content: decided.content,
        location: place::read(decided.location.unwrap_or_default()),
        area,
        desk: None,
        demands: demands(decision.authority),
    };
    Ok((opening, times))
}

fn correction(corrected: routing::RouteCorrected) -> Result<Correct, Failure> {
    let (route, decision) = decision(corrected.route, corrected.decision)?;
    let Said { area, holder, priority, respond, resolve } = said(&decision, &route.district)?;
    Ok(Correct {
        request: parse(&route.request)?,
        area,
        moves: holder.unit != corrected.from_holder,
        holder,
        category: decision.category,
        departments: decision.departments,
        priority,
        respond,
        resolve,
        reason: corrected.reason,
        demands: demands(decision.authority),
        by: corrected.corrected_by.map(actor),
    })
}

/// Who did something at another service, as its events say.
fn actor(by: common::Actor) -> Actor {
    Actor { subject: by.subject, unit: Some(by.unit).filter(|unit| !unit.is_empty()), name: None }
}

/// What was added to a request that is decided.
fn danger(told: routing::RouteDangerTold) -> Result<Option<Endanger>, Failure> {
    if told.decision.is_none() {
        return Ok(None);
    }
    let (route, decision) = decision(told.route, told.decision)?;
    let reasons = decision.reasons.iter().filter(|it| it.part == "danger").map(|it| it.text.as_str());
    Ok(Some(Endanger {
        request: parse(&route.request)?,
        respond: told.respond.and_then(limit::read).unwrap_or(FALLBACK_RESPOND),
        resolve: told.resolve.and_then(limit::read).unwrap_or(FALLBACK_RESOLVE),
        reason: reasons.collect::<Vec<_>>().join("；"),
    }))
}

fn decision(
    route: Option<routing::RouteRef>,
    decision: Option<routing::Decision>,
) -> Result<(routing::RouteRef, routing::Decision), Failure> {
    let none = || Failure::Poison("the event names no route, or no decision".into());
    route.zip(decision).ok_or_else(none)
}

fn request(request: Option<intake::RequestRef>) -> Result<RequestName, Failure> {
    let request = request.ok_or_else(|| Failure::Poison("the event names no request".into()))?;
    Ok(RequestName { id: parse(&request.id)?, number: request.number, district: request.district })
}

/// What an attempt at a case came to.
struct Settled {
    case: Uuid,
    attempt: i32,
    judgement: AttemptJudgement,
    reasons: Vec<String>,
}

/// What an ended callback settles. One of an older build stands for the whole case, so what it ended as does.
fn settled(
    callback: Option<evaluation::CallbackRef>,
    settles: Option<evaluation::Settlement>,
    ended: AttemptJudgement,
) -> Result<Option<Settled>, Failure> {
    let callback = callback.ok_or_else(|| Failure::Poison("the event names no callback".into()))?;
    let (judgement, reasons) = match settles {
        Some(settles) => (settles.judgement(), settles.reasons),
        None if callback.request.is_empty() => (ended, Vec::new()),
        None => return Ok(None),
    };
    Ok(Some(Settled { case: parse(&callback.case)?, attempt: callback.attempt, judgement, reasons }))
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::Poison(format!("{id} is no UUID")))
}
