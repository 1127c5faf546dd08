//! Between the domain and the wire.

use chrono::{DateTime, SubsecRound as _, Utc};
use huying_chassis::log::{Actor, Versioned};
use huying_proto::{common::v1 as common, intake::v1 as intake, routing::v1 as pb};
use huying_terms::{Limit, LimitKind, Tier};

use crate::domain::{
    decision::{Decision, Location, Partial, Point, Reason, Submission},
    profile::{Area, Priority, Unit, UnitKind},
    route::Route,
    state::State,
};

pub use huying_chassis::log_service::timestamp;

pub fn state(state: State) -> pb::RouteState {
    match state {
        State::Queued => pb::RouteState::Queued,
        State::Decided => pb::RouteState::Decided,
        State::Withdrawn => pb::RouteState::Withdrawn,
    }
}

pub fn tier(tier: Tier) -> common::Tier {
    match tier {
        Tier::Grid => common::Tier::Grid,
        Tier::Community => common::Tier::Community,
        Tier::Street => common::Tier::Street,
        Tier::District => common::Tier::District,
    }
}

/// None: unspecified.
pub fn tier_from(tier: common::Tier) -> Option<Tier> {
    match tier {
        common::Tier::Unspecified => None,
        common::Tier::Grid => Some(Tier::Grid),
        common::Tier::Community => Some(Tier::Community),
        common::Tier::Street => Some(Tier::Street),
        common::Tier::District => Some(Tier::District),
    }
}

pub fn priority(priority: Priority) -> common::Priority {
    match priority {
        Priority::Normal => common::Priority::Normal,
        Priority::High => common::Priority::High,
        Priority::Urgent => common::Priority::Urgent,
    }
}

/// None: unspecified.
pub fn priority_from(priority: common::Priority) -> Option<Priority> {
    match priority {
        common::Priority::Unspecified => None,
        common::Priority::Normal => Some(Priority::Normal),
        common::Priority::High => Some(Priority::High),
        common::Priority::Urgent => Some(Priority::Urgent),
    }
}

pub fn unit_kind(kind: UnitKind) -> pb::UnitKind {
    match kind {
        UnitKind::GridTeam => pb::UnitKind::GridTeam,
        UnitKind::Community => pb::UnitKind::Community,
        UnitKind::Street => pb::UnitKind::Street,
        UnitKind::District => pb::UnitKind::District,
        UnitKind::Department => pb::UnitKind::Department,
        UnitKind::ResponseGroup => pb::UnitKind::ResponseGroup,
        UnitKind::Utility => pb::UnitKind::Utility,
    }
}

/// None: unspecified.
pub fn unit_kind_from(kind: pb::UnitKind) -> Option<UnitKind> {
    match kind {
        pb::UnitKind::Unspecified => None,
        pb::UnitKind::GridTeam => Some(UnitKind::GridTeam),
        pb::UnitKind::Community => Some(UnitKind::Community),
        pb::UnitKind::Street => Some(UnitKind::Street),
        pb::UnitKind::District => Some(UnitKind::District),
        pb::UnitKind::Department => Some(UnitKind::Department),
        pb::UnitKind::ResponseGroup => Some(UnitKind::ResponseGroup),
        pb::UnitKind::Utility => Some(UnitKind::Utility),
    }
}

pub fn limit(limit: Limit) -> common::Limit {
    let kind = match limit.kind {
        LimitKind::UrgentHour => common::LimitKind::UrgentHour,
        LimitKind::WorkHour => common::LimitKind::WorkHour,
        LimitKind::WorkDay => common::LimitKind::WorkDay,
        LimitKind::NaturalDay => common::LimitKind::NaturalDay,
    };
    common::Limit { kind: kind.into(), amount: limit.amount }
}

/// None: unspecified.
pub fn limit_kind_from(kind: common::LimitKind) -> Option<LimitKind> {
    match kind {
        common::LimitKind::Unspecified => None,
        common::LimitKind::UrgentHour => Some(LimitKind::UrgentHour),
        common::LimitKind::WorkHour => Some(LimitKind::WorkHour),
        common::LimitKind::WorkDay => Some(LimitKind::WorkDay),
        common::LimitKind::NaturalDay => Some(LimitKind::NaturalDay),
    }
}

pub fn location(location: &Location) -> common::Location {
    common::Location {
        address: location.address.clone(),
        area: location.area.clone(),
        point: location
            .point
            .map(|point| common::Point { latitude: point.latitude, longitude: point.longitude }),
    }
}

pub fn actor(actor: &Actor) -> common::Actor {
    common::Actor { subject: actor.subject.clone(), unit: actor.unit.clone().unwrap_or_default() }
}

pub fn area(area: &Area) -> pb::Area {
    pb::Area {
        code: area.code.to_string(),
        name: area.name.clone(),
        tier: tier(area.tier).into(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

pub fn unit(unit: &Unit) -> pb::Unit {
    pb::Unit {
        code: unit.code.clone(),
        name: unit.name.clone(),
        kind: unit_kind(unit.kind).into(),
        tier: tier(unit.tier).into(),
        area: unit.area.to_string(),
        superior: unit.superior.clone().unwrap_or_default(),
        members: unit.members.clone(),
        chair: unit.chair.clone(),
        class: unit.class.clone(),
    }
}

fn reasons(reasons: &[Reason]) -> Vec<pb::Reason> {
    let reason = |it: &Reason| pb::Reason {
        part: it.part.name().to_owned(),
        rule: it.rule.clone(),
        text: it.text.clone(),
    };
    reasons.iter().map(reason).collect()
}

pub fn decision(it: &Decision) -> pb::Decision {
    pb::Decision {
        area: it.area.to_string(),
        category: it.category.clone(),
        tier: tier(it.tier).into(),
        holder: it.holder.clone(),
        departments: it.departments.clone(),
        priority: priority(it.priority).into(),
        respond: Some(limit(it.respond)),
        resolve: Some(limit(it.resolve)),
        respond_due_time: Some(timestamp(it.respond_due_at)),
        resolve_due_time: Some(timestamp(it.resolve_due_at)),
        reasons: reasons(&it.reasons),
    }
}

fn partial(it: &Partial) -> pb::Decision {
    pb::Decision {
        area: it.area.as_ref().map(ToString::to_string).unwrap_or_default(),
        category: it.category.clone().unwrap_or_default(),
        reasons: reasons(&it.reasons),
        ..pb::Decision::default()
    }
}

pub fn route(route: &Versioned<Route>) -> pb::Route {
    let Versioned { version, it, .. } = route;
    let submission = &it.submission;
    pb::Route {
        request: it.request.to_string(),
        number: submission.number.clone(),
        district: submission.district.clone(),
        state: state(it.state).into(),
        content: submission.content.clone(),
        location: Some(location(&submission.location)),
        decision: it.decision.as_ref().map(decision).or_else(|| it.partial.as_ref().map(partial)),
        undecided: it.undecided.iter().map(|part| part.name().to_owned()).collect(),
        decided_by: it.decided_by.as_ref().map(actor),
        update_time: Some(timestamp(it.updated_at)),
        version: *version,
    }
}

/// What intake says of a new request. None when the event lacks what every request has.
pub fn submission(event: intake::RequestSubmitted) -> Option<Submission> {
    let request = event.request?;
    let location = event.location.unwrap_or_default();
    Some(Submission {
        number: request.number,
        district: request.district,
        submitted_at: instant(&request.submit_time?)?,
        content: event.content,
        location: Location {
            address: location.address,
            area: location.area,
            point: location.point.as_ref().and_then(point_on_earth),
        },
        given_category: event.category,
    })
}

fn instant(time: &pbjson_types::Timestamp) -> Option<DateTime<Utc>> {
    let time = DateTime::from_timestamp(time.seconds, u32::try_from(time.nanos).ok()?)?;
    Some(time.trunc_subsecs(6))
}

/// What is no place on earth is no point: NaN could not even be kept.
fn point_on_earth(point: &common::Point) -> Option<Point> {
    let holds = (-90.0..=90.0).contains(&point.latitude) && (-180.0..=180.0).contains(&point.longitude);
    holds.then(|| Point::new(point.latitude, point.longitude))
}
