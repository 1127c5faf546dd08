//! What casework hears, that is, the events it follows: one arm per event, one call each.

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::ChangeSet,
};
use huying_proto::{evaluation::v1 as evaluation, intake::v1 as intake, routing::v1 as routing};
use huying_wire::{instant, limit, place, priority, tier};
use uuid::Uuid;

use crate::{
    app::{App, follow::RequestName},
    domain::{Holder, Judgement, case::step::Opening},
};

/// What is followed.
pub const SOURCES: &[Source] = &[
    Source { service: "routing", root: "routing", kinds: &["route"] },
    Source { service: "intake", root: "intake", kinds: &["request"] },
    Source { service: "evaluation", root: "evaluation", kinds: &["callback"] },
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
                let decided = data.decode()?;
                let submitted = decided.route.as_ref().and_then(|route| route.submit_time);
                let (opening, decision) = opening(decided)?;
                // A limit that cannot be read is no limit: the fallback stands in.
                self.app
                    .open(
                        opening,
                        decision.respond.and_then(limit::read),
                        decision.resolve.and_then(limit::read),
                        submitted.as_ref().and_then(instant::read),
                    )
                    .await
            }
            // There is no case yet. A withdrawal is heard from intake.
            Event::RouteQueued(_) | Event::RouteWithdrawn(_) => Ok(ChangeSet::default()),
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
            Event::RequestSubmitted(_) | Event::RequestProgressed(_) | Event::RequestContactReplaced(_) => {
                Ok(ChangeSet::default())
            }
            // Told of another kind than requests, which is not followed.
            Event::IntakeProfileApplied(_) | Event::GuidePublished(_) | Event::GuideWithdrawn(_) => {
                Ok(ChangeSet::default())
            }
        }
    }

    async fn hear_evaluation(&self, event: evaluation::events::Event<'_>) -> Result<ChangeSet, Failure> {
        use evaluation::events::Event;

        match event {
            Event::CallbackPassed(data) => {
                let (case, attempt) = callback(data.decode()?.callback)?;
                self.app.judged(case, attempt, Judgement::Passed).await
            }
            Event::CallbackLapsed(data) => {
                let (case, attempt) = callback(data.decode()?.callback)?;
                self.app.judged(case, attempt, Judgement::Lapsed).await
            }
            Event::CallbackFailed(data) => {
                let (case, attempt) = callback(data.decode()?.callback)?;
                self.app.failed(case, attempt).await
            }
            // Nothing is judged yet, or there is nothing left to judge.
            Event::CallbackOpened(_)
            | Event::CallbackAttempted(_)
            | Event::CallbackCancelled(_)
            | Event::CallbackRecomputed(_) => Ok(ChangeSet::default()),
            // Told of another kind than callbacks, which is not followed.
            Event::EvaluationProfileApplied(_) => Ok(ChangeSet::default()),
        }
    }
}

fn opening(decided: routing::RouteDecided) -> Result<(Opening, routing::Decision), Failure> {
    let (Some(route), Some(decision)) = (decided.route, decided.decision) else {
        return Err(Failure::Poison("the event names no route, or no decision".into()));
    };
    let tier =
        tier::read(decision.tier()).ok_or_else(|| Failure::Poison("the decision names no tier".into()))?;
    if decision.holder.is_empty() {
        return Err(Failure::Poison("the decision names no holder".into()));
    }
    let area = if decision.area.is_empty() { route.district.clone() } else { decision.area.clone() };
    // A unit of a tier answers for the area of that tier. Where the known area is larger, it is the best that can be said.
    let held = area.get(..tier.code_len()).unwrap_or(&area).to_owned();
    let opening = Opening {
        request: parse(&route.request)?,
        number: route.number,
        district: route.district,
        category: decision.category.clone(),
        priority: priority::read(decision.priority()).unwrap_or_default(),
        holder: Holder { unit: decision.holder.clone(), name: String::new(), tier, area: held },
        departments: decision.departments.clone(),
        content: decided.content,
        location: place::read(decided.location.unwrap_or_default()),
        area,
    };
    Ok((opening, decision))
}

fn request(request: Option<intake::RequestRef>) -> Result<RequestName, Failure> {
    let request = request.ok_or_else(|| Failure::Poison("the event names no request".into()))?;
    Ok(RequestName { id: parse(&request.id)?, number: request.number, district: request.district })
}

fn callback(callback: Option<evaluation::CallbackRef>) -> Result<(Uuid, i32), Failure> {
    let callback = callback.ok_or_else(|| Failure::Poison("the event names no callback".into()))?;
    Ok((parse(&callback.case)?, callback.attempt))
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::Poison(format!("{id} is no UUID")))
}
