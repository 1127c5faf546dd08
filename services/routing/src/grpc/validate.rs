//! One validator for each message: what it gives back is well-formed. The profile has its own file.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{page, status::Problem, validate::Violations};
use huying_place::datum::to_wgs84;
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_terms::{AreaCode, Datum, Location, Priority};
use huying_wire::{datum, instant, place, priority, unit_kind};
use uuid::Uuid;

use crate::{
    app::{
        look::{CategoryFilter, UnitFilter},
        triage::RouteName,
    },
    domain::{
        decision::{Part, Triage},
        desk::Correction,
        learned::Of,
        wanted::{Hands, Wanted},
    },
};

/// Lengths of area codes: district, street, community, grid. A town that has no district above it is named by its own nine.
const AREA: [usize; 4] = [6, 9, 12, 15];
pub const DISTRICT: [usize; 2] = [6, 9];

/// A route by its request's id or number.
pub fn route(request: &str) -> Result<RouteName, Problem> {
    if let Ok(id) = request.parse() {
        return Ok(RouteName::Id(id));
    }
    let mut v = Violations::new();
    v.token("request", request, 1..=40);
    v.finish()?;
    Ok(RouteName::Number(request.to_owned()))
}

/// What the queue is asked for, by whom and when; how far they reach is not known here.
pub fn list_triage(
    request: &pb::ListTriageRequest,
    (subject, now): (&str, DateTime<Utc>),
) -> Result<Wanted, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    let area = within(&mut v, &request.area);
    let hands = match pb::TriageHands::try_from(request.hands) {
        Ok(pb::TriageHands::Unspecified) => None,
        Ok(pb::TriageHands::Nobody) => Some(Hands::Nobody),
        Ok(pb::TriageHands::Mine) => Some(Hands::Of(subject.to_owned())),
        Err(_) => {
            v.add("hands", "must be one of the enumeration");
            None
        }
    };
    let undecided = Part::UNDECIDED.into_iter().find(|part| part.name() == request.undecided);
    v.require(
        "undecided",
        request.undecided.is_empty() || undecided.is_some(),
        "must be district, area, category or holder",
    );
    v.finish()?;
    Ok(Wanted {
        district: request.district.clone(),
        within: String::new(),
        area,
        hands,
        overdue: request.overdue,
        undecided,
        climbed: request.climbed,
        now,
        after: page::cursor(&request.page_token)?,
        size: page::size(request.page_size)?,
    })
}

/// What of the queue is counted.
pub fn count_triage(request: &pb::CountTriageRequest, now: DateTime<Utc>) -> Result<Wanted, Problem> {
    let (district, area) = (request.district.clone(), request.area.clone());
    list_triage(&pb::ListTriageRequest { district, area, ..Default::default() }, ("", now))
}

/// The area that a list is narrowed to.
fn within(v: &mut Violations, area: &str) -> Option<AreaCode> {
    if area.is_empty() {
        return None;
    }
    v.digits("area", area, &AREA);
    AreaCode::parse(area).ok()
}

/// Under which request id what is taken in hand, or given back.
pub fn in_hand(request_id: &str, request: &str) -> Result<(Uuid, Uuid), Problem> {
    let mut v = Violations::new();
    let ids = (v.uuid("request_id", request_id), v.uuid("request", request));
    v.finish()?;
    Ok(ids)
}

/// A correction, ready to be taken.
pub struct CorrectRoute {
    pub request_id: Uuid,
    pub request: Uuid,
    pub version: i64,
    pub correction: Correction,
}

pub fn correct_route(request: pb::CorrectRouteRequest) -> Result<CorrectRoute, Problem> {
    let mut v = Violations::new();
    let ids = (v.uuid("request_id", &request.request_id), v.uuid("request", &request.request));
    v.range("version", request.version, 1..=i64::MAX);
    let reason = v.text("reason", &request.reason, 1..=500);
    within(&mut v, &request.area);
    v.token("category", &request.category, 0..=40);
    v.token("holder", &request.holder, 0..=64);
    let priority = match request.priority {
        0 => None,
        given => priority::check(&mut v, "priority", given),
    };
    let given = |it: String| Some(it).filter(|it| !it.is_empty());
    let (area, category, holder) = (given(request.area), given(request.category), given(request.holder));
    let changes = area.is_some() || category.is_some() || holder.is_some() || priority.is_some();
    v.require("area", changes, "say what is wrong: area, category, holder or priority");
    v.finish()?;
    Ok(CorrectRoute {
        request_id: ids.0,
        request: ids.1,
        version: request.version,
        correction: Correction { area, category, holder, priority, reason },
    })
}

/// A person's decision, ready to be taken.
pub struct DecideTriage {
    pub request_id: Uuid,
    pub request: Uuid,
    pub version: i64,
    pub triage: Triage,
}

pub fn decide_triage(request: pb::DecideTriageRequest) -> Result<DecideTriage, Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let id = v.uuid("request", &request.request);
    v.range("version", request.version, 1..=i64::MAX);
    v.digits("area", &request.area, &AREA);
    v.token("category", &request.category, 1..=40);
    v.token("holder", &request.holder, 0..=64);
    let priority = match request.priority {
        0 => None,
        given => priority::check(&mut v, "priority", given),
    };
    v.finish()?;
    Ok(DecideTriage {
        request_id,
        request: id,
        version: request.version,
        triage: Triage {
            area: request.area,
            category: request.category,
            holder: Some(request.holder).filter(|holder| !holder.is_empty()),
            priority,
        },
    })
}

/// A unit of a district.
pub fn unit(district: &str, field: &str, code: &str) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.digits("district", district, &DISTRICT);
    v.token(field, code, 1..=64);
    v.finish()
}

pub fn resolve_units(request: &pb::ResolveUnitsRequest) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.list_len("units", request.units.len(), 1..=50);
    for (at, unit) in request.units.iter().enumerate().take(50) {
        v.token(&format!("units[{at}]"), unit, 1..=64);
    }
    v.finish()
}

/// Where something is, as somebody says.
pub fn read_location(request: &pb::ReadLocationRequest) -> Result<Location, Problem> {
    let mut v = Violations::heard();
    v.digits("district", &request.district, &DISTRICT);
    let location = location(&mut v, request.location.clone().unwrap_or_default());
    v.finish()?;
    Ok(location)
}

/// A place as it is read now, its point in WGS 84.
pub fn location(v: &mut Violations, location: common::Location) -> Location {
    let address = v.line("location.address", &location.address, 0..=200);
    let area = v.line("location.area", &location.area, 0..=40);
    if let Some(point) = &location.point {
        v.coordinates("location.point", point.latitude, point.longitude);
    }
    let datum = location.point.and_then(|point| datum::read(point.datum())).unwrap_or(Datum::Wgs84);
    let location = place::read(location);
    let point = location.point.map(|point| to_wgs84(point, datum));
    Location { address, area, point, given: None }
}

/// What is asked, and how pressing it is at least.
pub fn resolve_route(request: &pb::ResolveRouteRequest) -> Result<(String, Option<Priority>), Problem> {
    let mut v = Violations::heard();
    v.digits("district", &request.district, &DISTRICT);
    v.digits("area", &request.area, &AREA);
    v.token("category", &request.category, 1..=40);
    let content = v.text("content", &request.content, 1..=8000);
    let at_least = match request.at_least {
        0 => None,
        given => priority::check(&mut v, "at_least", given),
    };
    v.finish()?;
    Ok((content, at_least))
}

/// What units are asked for, after which, how many.
pub fn list_units(request: &pb::ListUnitsRequest) -> Result<(UnitFilter, String, i64), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    let kind = match request.kind {
        0 => None,
        given => unit_kind::check(&mut v, "kind", given),
    };
    if !request.area.is_empty() {
        v.digits("area", &request.area, &AREA);
    }
    v.finish()?;
    let filter = UnitFilter { kind, area: AreaCode::parse(&request.area).ok() };
    let after = page::cursor::<String>(&request.page_token)?.unwrap_or_default();
    Ok((filter, after, page::size(request.page_size)?))
}

pub fn area(field: &str, code: &str) -> Result<AreaCode, Problem> {
    let mut v = Violations::new();
    let parsed = AreaCode::parse(code);
    if let Err(error) = &parsed {
        v.add(field, error.to_string());
    }
    v.finish()?;
    parsed.map_err(Problem::bug)
}

/// Which areas are asked for, after which, how many.
pub fn list_areas(request: &pb::ListAreasRequest) -> Result<(AreaCode, String, i64), Problem> {
    let parent = area("parent", &request.parent)?;
    let after = page::cursor::<String>(&request.page_token)?.unwrap_or_default();
    Ok((parent, after, page::size(request.page_size)?))
}

/// An apply of a model: its id, its district and what it tells. The model itself is read where it is kept.
pub fn apply_model(request: &pb::ApplyModelRequest) -> Result<(Uuid, AreaCode, Of), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &DISTRICT);
    let of = model_of(&mut v, request.of);
    v.finish()?;
    Ok((request_id, area("district", &request.district)?, of))
}

/// Of what a model is asked for.
pub fn get_model(request: &pb::GetModelRequest) -> Result<Of, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    let of = model_of(&mut v, request.of);
    v.finish()?;
    Ok(of)
}

fn model_of(v: &mut Violations, given: i32) -> Of {
    let of = pb::ModelOf::try_from(given);
    v.require("of", of.is_ok(), "must be one of the enumeration");
    match of.unwrap_or_default() {
        pb::ModelOf::Unspecified | pb::ModelOf::Category => Of::Category,
        pb::ModelOf::Unit => Of::Unit,
    }
}

/// Behind which route a page begins, and how many are looked at.
pub fn list_examples(request: &pb::ListExamplesRequest) -> Result<(Option<Uuid>, i64), Problem> {
    district(&request.district)?;
    Ok((page::cursor(&request.page_token)?, page::size(request.page_size)?))
}

/// Where a span of requests begins or goes on, and how many of them are decided anew.
pub fn simulate(
    request: &pb::SimulateProfileRequest,
    now: DateTime<Utc>,
) -> Result<((i64, Uuid), i64), Problem> {
    let size = page::size_within(request.page_size, 500, 1000)?;
    let mut v = Violations::new();
    let since = match &request.since_time {
        None => Some(now - TimeDelta::days(31)),
        Some(since) => instant::read(since),
    };
    v.require("since_time", since.is_some_and(|since| since <= now), "must be an instant that is over");
    v.finish()?;
    // The instant itself is within: nothing has the nil id.
    let first = since.map_or(0, |since| since.timestamp_micros());
    Ok((page::cursor(&request.page_token)?.unwrap_or((first, Uuid::nil())), size))
}

/// Which categories are asked for, after which, how many.
pub fn list_categories(
    request: &pb::ListCategoriesRequest,
) -> Result<(CategoryFilter, String, i64), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    let name = v.line("name", &request.name, 0..=40);
    v.token("unit", &request.unit, 0..=64);
    v.finish()?;
    let filter = CategoryFilter { name, unit: request.unit.clone() };
    let after = page::cursor::<String>(&request.page_token)?.unwrap_or_default();
    Ok((filter, after, page::size(request.page_size)?))
}

/// A category of a district.
pub fn category(request: &pb::GetCategoryRequest) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.token("code", &request.code, 1..=40);
    v.finish()
}

pub fn district(code: &str) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.digits("district", code, &DISTRICT);
    v.finish()
}
