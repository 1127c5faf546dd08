//! One validator for each message: what it gives back is well-formed.

use std::collections::{BTreeMap, BTreeSet};

use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::{common::v1 as common, intake::v1 as pb};
use huying_terms::{Calendar, Limit, Location, Tz};
use huying_wire::{calendar, datum, limit, place};
use uuid::Uuid;

use crate::{
    convert,
    domain::{
        profile::{Channel, ChannelRule, Part},
        request::{Reporter, ReporterKind, Submission},
        wanted::Requests,
    },
};

/// Lengths of area codes: district, street, community, grid.
const AREA: [usize; 4] = [6, 9, 12, 15];
/// Most units of a profile, and most that have a successor.
const MOST_UNITS: usize = 20_000;
const MOST_SUCCESSORS: usize = 1000;

/// The submission and its request id. `platform`: the platform that sends it, whose numbers are its own.
pub fn submit(request: pb::SubmitRequestRequest, platform: String) -> Result<(Uuid, Submission), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &AREA[..2]);
    let channel = v.enum_value::<pb::Channel>("channel", request.channel).and_then(convert::channel_from);
    v.token("external_id", &request.external_id, 0..=64);
    v.text("source", &request.source, 0..=50);
    v.text("content", &request.content, 1..=4000);
    v.require("content", !request.content.trim().is_empty(), "must say something");
    v.token("category", &request.category, 0..=40);
    let reporter = request.reporter.and_then(|reporter| check_reporter(&mut v, reporter));
    let location = check_location(&mut v, request.location.unwrap_or_default());
    v.finish()?;
    let submission = Submission {
        district: request.district,
        channel: channel.unwrap_or(Channel::Online),
        external_id: request.external_id,
        source: request.source,
        platform,
        reporter,
        content: request.content,
        location,
        category: request.category,
    };
    Ok((request_id, submission))
}

fn check_reporter(v: &mut Violations, reporter: pb::Reporter) -> Option<Reporter> {
    let kind = v.enum_value::<pb::ReporterKind>("reporter.kind", reporter.kind)?;
    v.text("reporter.name", &reporter.name, 0..=50);
    if !reporter.phone.is_empty() {
        v.phone("reporter.phone", &reporter.phone);
    }
    let kind = match kind {
        pb::ReporterKind::Unspecified => return None,
        pb::ReporterKind::Resident => ReporterKind::Resident,
        pb::ReporterKind::Enterprise => ReporterKind::Enterprise,
        pb::ReporterKind::Grassroots => ReporterKind::Grassroots,
    };
    Some(Reporter { kind, name: reporter.name, phone: reporter.phone })
}

fn check_location(v: &mut Violations, location: common::Location) -> Location {
    v.text("location.address", &location.address, 0..=200);
    if !location.area.is_empty() {
        v.digits("location.area", &location.area, &AREA);
    }
    if let Some(point) = &location.point {
        v.coordinates("location.point", point.latitude, point.longitude);
    }
    place::read(location)
}

/// A step's request id and request, and its words.
pub fn step(
    request_id: &str,
    id: &str,
    field: &str,
    words: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<(Uuid, Uuid), Problem> {
    let mut v = Violations::new();
    let ids = (v.uuid("request_id", request_id), v.uuid("id", id));
    v.text(field, words, length);
    v.finish()?;
    Ok(ids)
}

pub fn get(request: &pb::GetRequestRequest) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", &request.id);
    v.finish()?;
    Ok(id)
}

pub fn track(request: &pb::TrackRequestRequest) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.token("number", &request.number, 1..=40);
    v.token("tracking_token", &request.tracking_token, 1..=40);
    v.finish()
}

pub fn list(request: &pb::ListRequestsRequest) -> Result<Requests, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &AREA[..2]);
    v.token("owing_unit", &request.owing_unit, 0..=64);
    let state = pb::RequestState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    let channel = pb::Channel::try_from(request.channel);
    v.require("channel", channel.is_ok(), "must be one of the named values");
    v.finish()?;
    Ok(Requests {
        district: request.district.clone(),
        state: state.ok().and_then(convert::state_from),
        channel: channel.ok().and_then(convert::channel_from),
        owing_unit: Some(request.owing_unit.clone()).filter(|unit| !unit.is_empty()),
    })
}

pub fn profile(profile: Option<pb::IntakeProfile>) -> Result<Part, Problem> {
    let profile = profile.unwrap_or_default();
    let mut v = Violations::new();
    v.digits("profile.district", &profile.district, &AREA[..2]);
    v.text("profile.name", &profile.name, 1..=50);
    v.require(
        "profile.prefix",
        (2..=6).contains(&profile.prefix.len()) && profile.prefix.bytes().all(|b| b.is_ascii_uppercase()),
        "must have 2 to 6 capital letters",
    );
    v.require(
        "profile.zone",
        profile.zone.parse::<Tz>().is_ok(),
        "must be an IANA time zone such as Asia/Shanghai",
    );
    v.list_len("profile.channels", profile.channels.len(), 1..=32);
    v.list_len("profile.categories", profile.categories.len(), 0..=5000);
    v.list_len("profile.areas", profile.areas.len(), 0..=50_000);
    v.list_len("profile.boundary", profile.boundary.len(), 0..=2000);
    v.require(
        "profile.boundary",
        profile.boundary.is_empty() || profile.boundary.len() >= 3,
        "must have at least 3 points, or none",
    );
    let mut channels = Vec::new();
    for (n, rule) in profile.channels.into_iter().enumerate() {
        channels.extend(check_channel(&mut v, n, rule, &channels));
    }
    profile.categories.iter().for_each(|code| v.token("profile.categories", code, 1..=40));
    for code in &profile.areas {
        v.digits("profile.areas", code, &AREA);
        v.require(
            "profile.areas",
            code.starts_with(&profile.district),
            format!("{code} lies outside {}", profile.district),
        );
    }
    profile
        .boundary
        .iter()
        .for_each(|point| v.coordinates("profile.boundary", point.latitude, point.longitude));
    let units = units(&mut v, profile.units);
    let successors = successors(&mut v, profile.successors, &units);
    let (calendar, objection) = objections(&mut v, profile.calendar.as_ref(), profile.objection);
    v.finish()?;
    Ok(Part {
        units,
        successors,
        calendar,
        objection,
        district: profile.district,
        name: profile.name,
        prefix: profile.prefix,
        zone: profile.zone,
        channels,
        categories: profile.categories,
        areas: profile.areas,
        boundary: profile.boundary.into_iter().map(place::point).collect(),
    })
}

/// When the place works, and how long a reporter may object; none: as the domain has it.
fn objections(
    v: &mut Violations,
    calendar: Option<&common::Calendar>,
    objection: Option<common::Limit>,
) -> (Option<Calendar>, Option<Limit>) {
    let calendar = calendar.and_then(|given| calendar::check(v, "profile.calendar", Some(given)));
    if let Some(Err(error)) = calendar.as_ref().map(Calendar::check) {
        v.add("profile.calendar", format!("must be usable: {error}"));
    }
    (calendar, objection.and_then(|given| limit::check(v, "profile.objection", Some(given))))
}

fn units(v: &mut Violations, units: Vec<String>) -> BTreeSet<String> {
    v.list_len("profile.units", units.len(), 0..=MOST_UNITS);
    units.iter().take(MOST_UNITS).for_each(|code| v.token("profile.units", code, 1..=64));
    units.into_iter().take(MOST_UNITS).collect()
}

/// Whoever goes on is there, and whoever is replaced is not.
fn successors(
    v: &mut Violations,
    successors: Vec<pb::Successor>,
    units: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    v.list_len("profile.successors", successors.len(), 0..=MOST_SUCCESSORS);
    let mut read = BTreeMap::new();
    for (n, it) in successors.into_iter().take(MOST_SUCCESSORS).enumerate() {
        let field = format!("profile.successors[{n}]");
        let right = !units.contains(&it.unit) && units.contains(&it.successor);
        v.require(&field, right, "must be no unit any more, with a successor that is one");
        v.require(&field, read.insert(it.unit, it.successor).is_none(), "is there twice");
    }
    read
}

fn check_channel(
    v: &mut Violations,
    n: usize,
    rule: pb::ChannelRule,
    before: &[ChannelRule],
) -> Option<ChannelRule> {
    let field = format!("profile.channels[{n}]");
    v.text(&field, &rule.name, 1..=50);
    v.list_len(&field, rule.sources.len(), 0..=50);
    rule.sources.iter().for_each(|source| v.text(&field, source, 1..=50));
    let datum = match rule.datum {
        0 => None,
        given => datum::check(v, &format!("{field}.datum"), given),
    };
    let channel = v.enum_value::<pb::Channel>(&field, rule.channel).and_then(convert::channel_from)?;
    v.require(&field, before.iter().all(|other| other.channel != channel), "is there twice");
    Some(ChannelRule {
        channel,
        name: rule.name,
        published: rule.published,
        external_id_required: rule.external_id_required,
        sources: rule.sources,
        datum,
    })
}
