//! Between the domain and `huying.routing.v1`; the words that services share are `huying_wire`'s.

mod rule;

pub use rule::{explained, simulated};

pub mod force;

use chrono::{DateTime, Utc};
use huying_chassis::log::Versioned;
use huying_place::address::{Mention, Reading};
use huying_proto::{common::v1 as common, intake::v1 as intake, routing::v1 as pb};
use huying_terms::{AreaCode, Location, Point};
use huying_wire::{actor, instant, lamp, limit, place, priority, tier, unit_kind};

use crate::domain::{
    danger::Danger,
    decide::area::Placed,
    decision::{
        Authority, Decision, Demand, Guess, LEARNED, PEOPLE, Part, Partial, Reason, Submission, Suggestion,
        Sureness, Verifier,
    },
    desk::Claim,
    learned::{Classifier, Of},
    profile::{Area, Category, DefaultLimit, Unit},
    route::Route,
    state::State,
    wanted::Counted,
};

pub fn state(state: State) -> pb::RouteState {
    match state {
        State::Queued => pb::RouteState::Queued,
        State::Decided => pb::RouteState::Decided,
        State::Withdrawn => pb::RouteState::Withdrawn,
        State::History => pb::RouteState::History,
    }
}

pub fn area(area: &Area) -> pb::Area {
    pb::Area {
        code: area.code.to_string(),
        name: area.name.clone(),
        tier: tier::write(area.tier).into(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        former_codes: area.former_codes.iter().map(ToString::to_string).collect(),
        former_names: area.former_names.clone(),
    }
}

pub fn unit(unit: &Unit) -> pb::Unit {
    pb::Unit {
        code: unit.code.clone(),
        name: unit.name.clone(),
        kind: unit_kind::write(unit.kind).into(),
        tier: tier::write(unit.tier).into(),
        area: unit.area.to_string(),
        superior: unit.superior.clone().unwrap_or_default(),
        members: unit.members.clone(),
        chair: unit.chair.clone(),
        class: unit.class.clone(),
    }
}

pub fn category(category: &Category) -> pb::Category {
    pb::Category {
        code: category.code.clone(),
        name: category.name.clone(),
        standard: category.standard.clone(),
        major: category.major.clone(),
        authority: tier::write(category.authority).into(),
        lead: category.lead.clone().unwrap_or_default(),
        departments: category.departments.clone(),
        priority: priority::write(category.priority).into(),
        respond: category.respond.map(limit::write),
        resolve: category.resolve.map(limit::write),
        scopes: category.scopes.clone(),
    }
}

pub fn default_limit(it: &DefaultLimit) -> pb::DefaultLimit {
    pb::DefaultLimit {
        priority: priority::write(it.priority).into(),
        respond: Some(limit::write(it.respond)),
        resolve: Some(limit::write(it.resolve)),
    }
}

fn authority(it: &Authority) -> pb::Authority {
    let verified = it.demands.verified.as_ref();
    let verifier = verified.map(|verifier| match verifier {
        Verifier::Superior => String::new(),
        Verifier::Unit(code) => code.clone(),
    });
    let demands = pb::Demands {
        evidence: it.demands.evidence.clone(),
        verified: verified.is_some(),
        verifier: verifier.unwrap_or_default(),
    };
    pb::Authority {
        line: it.line.clone(),
        condition: it.condition.clone().unwrap_or_default(),
        disposes: tier::write(it.disposes).into(),
        demands: Some(demands).filter(|_| !it.demands.is_none()),
    }
}

pub fn reasons(reasons: &[Reason]) -> Vec<pb::Reason> {
    let reason = |it: &Reason| pb::Reason {
        part: it.part.name().to_owned(),
        rule: it.rule.clone(),
        text: it.text.clone(),
    };
    reasons.iter().map(reason).collect()
}

fn guesses(guesses: &[Guess]) -> Vec<pb::Guess> {
    let guess = |it: &Guess| pb::Guess { category: it.category.clone(), confidence: it.confidence };
    guesses.iter().map(guess).collect()
}

fn suggested(units: &[Suggestion]) -> Vec<pb::SuggestedUnit> {
    let unit = |it: &Suggestion| pb::SuggestedUnit { unit: it.unit.clone(), confidence: it.confidence };
    units.iter().map(unit).collect()
}

/// The model of a district; of one that has none, nothing but the district and of what.
pub fn model(district: String, of: Of, it: Option<&Classifier>) -> pb::Model {
    let of = match of {
        Of::Category => pb::ModelOf::Category,
        Of::Unit => pb::ModelOf::Unit,
    };
    let Some(it) = it else { return pb::Model { district, of: of.into(), ..pb::Model::default() } };
    pb::Model {
        district,
        of: of.into(),
        model: it.version.clone(),
        examples: it.model.examples(),
        categories: u32::try_from(it.model.labels().len()).unwrap_or(u32::MAX),
        macro_f1: f64::from(it.model.macro_f1()),
    }
}

pub fn decision(it: &Decision) -> pb::Decision {
    pb::Decision {
        area: it.area.to_string(),
        category: it.category.clone(),
        tier: tier::write(it.tier).into(),
        holder: it.holder.clone(),
        departments: it.departments.clone(),
        priority: priority::write(it.priority).into(),
        respond: Some(limit::write(it.respond)),
        resolve: Some(limit::write(it.resolve)),
        respond_due_time: Some(instant::write(it.respond_due_at)),
        resolve_due_time: Some(instant::write(it.resolve_due_at)),
        reasons: reasons(&it.reasons),
        guesses: guesses(&it.learned.guesses),
        model: it.learned.model.clone().unwrap_or_default(),
        dangers: dangers(&it.dangers),
        sureness: it.sureness.map_or(pb::Sureness::Unspecified, sureness).into(),
        candidates: Vec::new(),
        suggested_units: Vec::new(),
        visit_first: it.visit_first,
        authority: it.authority.as_ref().map(authority),
    }
}

/// Dangers in the contract's words.
pub fn dangers(dangers: &[Danger]) -> Vec<i32> {
    dangers.iter().map(|it| danger(*it).into()).collect()
}

/// A danger in the contract's words.
pub fn danger(danger: Danger) -> pb::Danger {
    match danger {
        Danger::Gas => pb::Danger::Gas,
        Danger::Trapped => pb::Danger::Trapped,
        Danger::Suicide => pb::Danger::Suicide,
        Danger::Violence => pb::Danger::Violence,
        Danger::Collapse => pb::Danger::Collapse,
        Danger::Electricity => pb::Danger::Electricity,
        Danger::Fire => pb::Danger::Fire,
        Danger::Drowning => pb::Danger::Drowning,
        Danger::Poisoning => pb::Danger::Poisoning,
        Danger::Fall => pb::Danger::Fall,
        Danger::Injury => pb::Danger::Injury,
        Danger::Alone => pb::Danger::Alone,
    }
}

pub fn sureness(it: Sureness) -> pb::Sureness {
    match it {
        Sureness::Low => pb::Sureness::Low,
        Sureness::Fair => pb::Sureness::Fair,
        Sureness::High => pb::Sureness::High,
    }
}

/// What was read of a location, and what it comes to.
pub fn reading(reading: Reading, placed: &Placed) -> pb::ReadLocationResponse {
    let codes = |areas: &[AreaCode]| areas.iter().map(ToString::to_string).collect();
    let mention = |it: Mention| pb::Mention { name: it.name, area: it.area.to_string(), former: it.former };
    let road = reading.road.unwrap_or_default();
    pb::ReadLocationResponse {
        text: reading.text,
        mentions: reading.mentions.into_iter().map(mention).collect(),
        elsewhere: reading.elsewhere,
        road_areas: codes(&road.areas),
        road: road.name,
        number: road.number,
        building: reading.building,
        area: placed.area.as_ref().map(ToString::to_string).unwrap_or_default(),
        sureness: placed.sureness.map_or(pb::Sureness::Unspecified, sureness).into(),
        candidates: codes(&placed.candidates),
        reasons: reasons(&placed.reasons),
    }
}

/// Where a decided request lies, as it is told on.
pub fn located(location: &Location, decision: &Decision) -> common::Location {
    let location = place::write(location);
    common::Location { point: location.point.filter(|_| !decision.without_point), ..location }
}

fn partial(it: &Partial) -> pb::Decision {
    pb::Decision {
        area: it.area.as_ref().map(ToString::to_string).unwrap_or_default(),
        category: it.category.clone().unwrap_or_default(),
        priority: it.priority.map_or(0, |known| priority::write(known).into()),
        reasons: reasons(&it.reasons),
        guesses: guesses(&it.learned.guesses),
        model: it.learned.model.clone().unwrap_or_default(),
        dangers: dangers(&it.dangers),
        candidates: it.candidates.iter().map(ToString::to_string).collect(),
        suggested_units: suggested(&it.units),
        ..pb::Decision::default()
    }
}

/// A route as it stands at an instant: a claim that has lapsed is none.
pub fn route(route: &Versioned<Route>, now: DateTime<Utc>) -> pb::Route {
    let Versioned { version, it, .. } = route;
    let (wait, clock) = (it.wait.as_ref(), it.wait.as_ref().map(|wait| &wait.clock));
    let submission = &it.submission;
    pb::Route {
        request: it.request.to_string(),
        number: submission.number.clone(),
        district: submission.district.clone(),
        state: state(it.state).into(),
        content: submission.content.clone(),
        location: Some(place::write(&submission.location)),
        decision: it.decision.as_ref().map(decision).or_else(|| it.partial.as_ref().map(partial)),
        undecided: it.undecided.iter().map(|part| part.name().to_owned()).collect(),
        decided_by: it.decided_by.clone().map(actor::write),
        update_time: Some(instant::write(it.updated_at)),
        version: *version,
        queue_time: it.queued_at().map(instant::write),
        priority: wait.map(|wait| priority::write(wait.priority)).unwrap_or_default().into(),
        lamp: clock.map(|clock| lamp::write(clock.shown())).unwrap_or_default().into(),
        due_time: clock.and_then(|clock| clock.due_at).map(instant::write),
        claim: it.claimed(now).map(claim),
        climbed_to: wait.and_then(|wait| wait.climbed_to.clone()).unwrap_or_default(),
        correction: it.correction.clone().unwrap_or_default(),
        title: submission.title.clone(),
    }
}

/// Without what it says of people who come first.
pub fn without_people(route: pb::Route) -> pb::Route {
    let decision = route.decision.map(|it| pb::Decision {
        visit_first: false,
        reasons: it.reasons.into_iter().filter(|it| it.rule != PEOPLE).collect(),
        ..it
    });
    pb::Route { decision, ..route }
}

fn claim(it: &Claim) -> pb::TriageClaim {
    pb::TriageClaim { actor: Some(actor::write(it.by.clone())), expire_time: Some(instant::write(it.until)) }
}

pub fn counted(it: Counted) -> pb::CountTriageResponse {
    let counts =
        |of: Vec<(String, i64)>| of.into_iter().map(|(key, count)| pb::TriageCount { key, count }).collect();
    pb::CountTriageResponse {
        waiting: it.waiting,
        overdue: it.overdue,
        claimed: it.claimed,
        areas: counts(it.areas),
        undecided: counts(it.undecided),
        more: it.more,
    }
}

/// What a route teaches. None: it waits or was taken back, nobody knows what it is about, or a model told it.
pub fn example(route: &Route) -> Option<pb::Example> {
    let (category, unit, reasons) = match (route.state, &route.decision, &route.partial) {
        (State::Decided, Some(it), _) => (&it.category, business_of(it), &it.reasons),
        (State::History, _, Some(it)) => (it.category.as_ref()?, "", &it.reasons),
        (State::Decided | State::History | State::Queued | State::Withdrawn, ..) => return None,
    };
    let rule =
        reasons.iter().rev().filter(|it| it.part == Part::Category).map(|it| it.rule.as_str()).next()?;
    let said = route.submission.said();
    (rule != LEARNED).then(|| pb::Example {
        request: route.request.to_string(),
        title: said.title.to_owned(),
        content: said.content.to_owned(),
        category: category.clone(),
        unit: unit.to_owned(),
        rule: rule.to_owned(),
    })
}

/// Whose business it was. Who holds it because it answers for the place needs no learning: then the first department concerned, if there is one.
fn business_of(decision: &Decision) -> &str {
    let holder = decision.reasons.iter().rev().find(|it| it.part == Part::Holder);
    let by_place = holder.is_some_and(|it| it.rule == "holder.area");
    decision.departments.first().filter(|_| by_place).unwrap_or(&decision.holder)
}

/// What intake says of a new request. None when the event lacks what every request has. What is no place on earth is no point: NaN could
/// not even be kept.
pub fn submission(event: intake::RequestSubmitted) -> Option<Submission> {
    let request = event.request?;
    let location = place::read(event.location.unwrap_or_default());
    Some(Submission {
        number: request.number,
        district: request.district,
        submitted_at: instant::read(&request.submit_time?)?,
        content: event.content,
        title: event.title,
        location: Location { point: location.point.filter(|it| it.is_on_earth()).map(rounded), ..location },
        given_category: event.category,
        demand: Demand {
            urgent: event.urgent,
            due_at: event.platform_due_time.as_ref().and_then(instant::read),
            priority_people: event.concerns_priority_people,
        },
    })
}

fn rounded(point: Point) -> Point {
    Point::new(point.latitude, point.longitude)
}
