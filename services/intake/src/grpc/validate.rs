//! One validator for each message: what it gives back is well-formed.

use std::collections::{BTreeMap, BTreeSet};

use huying_chassis::{
    log::{Position, watch},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::{common::v1 as common, intake::v1 as pb};
use huying_terms::{Calendar, Limit, Tz};
use huying_wire::{calendar, datum, instant, limit};
use uuid::Uuid;

use super::bond;
use crate::{
    convert,
    domain::{
        archive::{
            ArchiveKind,
            due::{FixedVisitor, Obliging, PLANS, Plan},
        },
        flood::Rate,
        profile::{ChannelRule, Part},
        submission::Flag,
        wanted::Requests,
    },
};

/// Lengths of a district's code: a town on its own has 9 digits.
pub const DISTRICT: [usize; 2] = [6, 9];
/// Lengths of an area's code.
pub const AREA: [usize; 4] = [6, 9, 12, 15];
/// Most units of a profile, and most that have a successor.
const MOST_UNITS: usize = 20_000;
const MOST_SUCCESSORS: usize = 1000;

/// A step's request id and request, and its words as they are kept.
pub fn step(
    (request_id, id): (&str, &str),
    field: &str,
    words: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<(Uuid, Uuid, String), Problem> {
    let mut v = Violations::heard();
    let (request_id, id) = (v.uuid("request_id", request_id), v.uuid("id", id));
    let words = v.text(field, words, length);
    v.finish()?;
    Ok((request_id, id, words))
}

pub fn named(id: &str) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", id);
    v.finish()?;
    Ok(id)
}

pub fn track(request: &pb::TrackRequestRequest) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.token("number", &request.number, 1..=40);
    v.token("tracking_token", &request.tracking_token, 1..=40);
    v.finish()
}

/// Which request, how many lines of it, and the version of the first.
pub fn lines(id: &str, page_size: i32, page_token: &str) -> Result<(Uuid, i64, i64), Problem> {
    Ok((named(id)?, page::size(page_size)?, page::cursor(page_token)?.unwrap_or(1)))
}

/// What is listed: for a platform what it sent, itself; else what [`access::narrow`](super::access::narrow) leaves of it. And which flag is asked for.
pub fn list(
    request: &pb::ListRequestsRequest,
    platform: String,
) -> Result<(Requests, Option<Flag>), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.token("owing_unit", &request.owing_unit, 0..=64);
    let state = pb::RequestState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    let channel = pb::Channel::try_from(request.channel);
    v.require("channel", channel.is_ok(), "must be one of the named values");
    let flag = pb::Flag::try_from(request.flag);
    v.require("flag", flag.is_ok(), "must be one of the named values");
    v.token("climbed_to", &request.climbed_to, 0..=64);
    let external_id = v.line("external_id", &request.external_id, 0..=64);
    let changed_since = request.changed_since_time.as_ref().map(instant::read);
    v.require("changed_since_time", changed_since != Some(None), "must be an instant");
    let only_own = changed_since.is_none() || !platform.is_empty();
    v.require("changed_since_time", only_own, "is for a platform, which asks for what it sent");
    v.finish()?;
    let wanted = Requests {
        platform: Some(platform).filter(|platform| !platform.is_empty()),
        changed_since: changed_since.flatten(),
        external_id: Some(external_id).filter(|number| !number.is_empty()),
        climbed_to: Some(request.climbed_to.clone()).filter(|unit| !unit.is_empty()),
        flag: None,
        within: None,
        own: None,
        held: None,
        district: request.district.clone(),
        state: state.ok().and_then(convert::state_from),
        channel: channel.ok().and_then(convert::channel_from),
        owing_unit: Some(request.owing_unit.clone()).filter(|unit| !unit.is_empty()),
    };
    Ok((wanted, flag.ok().and_then(convert::flag_from)))
}

/// Whose requests are watched, and from where on.
pub fn watch(request: &pb::WatchRequestsRequest) -> Result<Position, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.token("unit", &request.unit, 0..=64);
    let after = watch::resume(&mut v, "cursor", &request.cursor);
    v.finish()?;
    Ok(after)
}

pub fn profile(profile: Option<pb::IntakeProfile>) -> Result<Part, Problem> {
    let profile = profile.unwrap_or_default();
    let mut v = Violations::new();
    v.digits("profile.district", &profile.district, &DISTRICT);
    let name = v.line("profile.name", &profile.name, 1..=50);
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
    let mut channels = Vec::new();
    for (n, rule) in profile.channels.into_iter().enumerate() {
        channels.extend(check_channel(&mut v, n, rule, &channels));
    }
    let units = units(&mut v, profile.units);
    let successors = successors(&mut v, profile.successors, &units);
    let unit_names = unit_names(&mut v, profile.unit_names);
    let superiors = superiors(&mut v, profile.superiors, &units);
    let platform_superior = superior(&mut v, profile.platform_superior, &units);
    let tell_every = within(&mut v, "profile.tell_every", profile.tell_every);
    let answer_within = within(&mut v, "profile.answer_within", profile.answer_within);
    let calendar = working_time(&mut v, profile.calendar.as_ref());
    let objection = within(&mut v, "profile.objection", profile.objection);
    let visit_plans = visit_plans(&mut v, profile.visit_plans);
    let obliged_visits = obliged_visits(&mut v, &profile.obliged_visits);
    let fixed_visitors = fixed_visitors(&mut v, &profile.district, profile.fixed_visitors, &units);
    let hotline = v.line("profile.hotline", &profile.hotline, 0..=50);
    let card_rate = rate(&mut v, "profile.card_rate", profile.card_rate);
    let card_url = card_url(&mut v, profile.card_url);
    let bonds = bond::bonds(&mut v, &profile.district, &profile.bonds, &units);
    v.finish()?;
    Ok(Part {
        visit_plans,
        obliged_visits,
        fixed_visitors,
        hotline,
        card_url,
        card_rate,
        bonds,
        units,
        successors,
        calendar,
        objection,
        tell_every,
        answer_within,
        superiors,
        platform_superior,
        unit_names,
        district: profile.district,
        name,
        prefix: profile.prefix,
        zone: profile.zone,
        channels,
    })
}

fn rate(v: &mut Violations, field: &str, rate: Option<pb::Rate>) -> Option<Rate> {
    let pb::Rate { minute, hour } = rate?;
    v.require(field, minute >= 1 && hour >= minute, "must be 1 or more a minute, and no less an hour");
    Some(Rate { minute, hour })
}

/// What stands before a card's code in print.
fn card_url(v: &mut Violations, url: String) -> String {
    let is_address = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    let plain = url.len() <= 200 && url.bytes().all(|byte| byte.is_ascii_graphic());
    let words = "must be an http or https address of at most 200 characters, such as https://h.example/c/";
    v.require("profile.card_url", url.is_empty() || (is_address && plain), words);
    url
}

/// When the place works; none: as the domain has it.
fn working_time(v: &mut Violations, calendar: Option<&common::Calendar>) -> Option<Calendar> {
    let calendar = calendar.and_then(|given| calendar::check(v, "profile.calendar", Some(given)));
    if let Some(Err(error)) = calendar.as_ref().map(Calendar::check) {
        v.add("profile.calendar", format!("must be usable: {error}"));
    }
    calendar
}

/// How long something may take; none: as the domain has it.
fn within(v: &mut Violations, field: &str, given: Option<common::Limit>) -> Option<Limit> {
    given.and_then(|given| limit::check(v, field, Some(given)))
}

fn visit_plans(v: &mut Violations, given: Vec<pb::VisitPlan>) -> Vec<Plan> {
    v.list_len("profile.visit_plans", given.len(), 0..=PLANS);
    let mut plans = Vec::new();
    for (n, it) in given.into_iter().take(PLANS).enumerate() {
        let field = |what: &str| format!("profile.visit_plans[{n}].{what}");
        let name = v.line(&field("name"), &it.name, 1..=50);
        let kind = v.enum_value::<pb::ArchiveKind>(&field("kind"), it.kind);
        let kind = kind.and_then(convert::visit::archive_kind_from).unwrap_or(ArchiveKind::Household);
        let may_be_key = !it.key || kind == ArchiveKind::Enterprise;
        v.require(&field("key"), may_be_key, "must be left out of what is about no enterprises");
        let days: BTreeSet<u32> = it.days.into_iter().take(32).collect();
        let are_days = !days.is_empty() && days.iter().all(|day| (1..=31).contains(day));
        v.require(&field("days"), are_days, "must be days of the month, from 1 to 31");
        plans.push(Plan { name, kind, key: it.key, days });
    }
    plans
}

fn obliged_visits(v: &mut Violations, given: &[pb::ObligedVisit]) -> BTreeMap<Obliging, u32> {
    v.list_len("profile.obliged_visits", given.len(), 0..=Obliging::ALL.len());
    let mut read = BTreeMap::new();
    for (n, it) in given.iter().take(Obliging::ALL.len()).enumerate() {
        let field = format!("profile.obliged_visits[{n}]");
        v.range(&field, it.days, 0..=30);
        match convert::visit::obliging_from(it.reason()) {
            Some(what) => v.require(&field, read.insert(what, it.days).is_none(), "is there twice"),
            None => v.add(&field, "must say what obliges a visit, which is no plan"),
        }
    }
    read
}

fn fixed_visitors(
    v: &mut Violations,
    district: &str,
    given: Vec<pb::FixedVisitor>,
    units: &BTreeSet<String>,
) -> BTreeMap<String, FixedVisitor> {
    v.list_len("profile.fixed_visitors", given.len(), 0..=MOST_UNITS);
    let mut read = BTreeMap::new();
    for (n, it) in given.into_iter().take(MOST_UNITS).enumerate() {
        let field = |what: &str| format!("profile.fixed_visitors[{n}].{what}");
        v.digits(&field("area"), &it.area, &AREA);
        v.require(&field("area"), it.area.starts_with(district), "must lie in the district");
        v.token(&field("unit"), &it.unit, 1..=64);
        let is_known = units.is_empty() || units.contains(&it.unit);
        v.require(&field("unit"), is_known, "must be one of the units");
        let officer = v.line(&field("officer"), &it.officer, 0..=50);
        let visitor = FixedVisitor { unit: it.unit, officer };
        v.require(&field("area"), read.insert(it.area, visitor).is_none(), "is there twice");
    }
    read
}

fn units(v: &mut Violations, units: Vec<String>) -> BTreeSet<String> {
    v.list_len("profile.units", units.len(), 0..=MOST_UNITS);
    units.iter().take(MOST_UNITS).for_each(|code| v.token("profile.units", code, 1..=64));
    units.into_iter().take(MOST_UNITS).collect()
}

fn unit_names(v: &mut Violations, names: BTreeMap<String, String>) -> BTreeMap<String, String> {
    v.list_len("profile.unit_names", names.len(), 0..=MOST_UNITS);
    let mut named = BTreeMap::new();
    for (code, name) in names.into_iter().take(MOST_UNITS) {
        v.token("profile.unit_names", &code, 1..=64);
        let name = v.line("profile.unit_names", &name, 1..=100);
        named.insert(code, name);
    }
    named
}

/// The unit above each.
fn superiors(
    v: &mut Violations,
    given: BTreeMap<String, String>,
    units: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    v.list_len("profile.superiors", given.len(), 0..=MOST_UNITS);
    let above = given.into_iter().take(MOST_UNITS);
    above.filter_map(|(unit, above)| Some((superior(v, unit, units)?, superior(v, above, units)?))).collect()
}

fn superior(v: &mut Violations, unit: String, units: &BTreeSet<String>) -> Option<String> {
    v.token("profile.superiors", &unit, 0..=64);
    let is_known = unit.is_empty() || units.is_empty() || units.contains(&unit);
    v.require("profile.superiors", is_known, "must be units of the profile");
    Some(unit).filter(|unit| !unit.is_empty())
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
    let name = v.line(&field, &rule.name, 1..=50);
    v.list_len(&field, rule.sources.len(), 0..=50);
    let sources = rule.sources.iter().take(50).map(|source| v.line(&field, source, 1..=50)).collect();
    let datum = match rule.datum {
        0 => None,
        given => datum::check(v, &format!("{field}.datum"), given),
    };
    let door_rate = rate(v, &format!("{field}.door_rate"), rule.door_rate);
    let rate = rate(v, &format!("{field}.rate"), rule.rate);
    let channel = v.enum_value::<pb::Channel>(&field, rule.channel).and_then(convert::channel_from)?;
    v.require(&field, before.iter().all(|other| other.channel != channel), "is there twice");
    Some(ChannelRule {
        channel,
        name,
        published: rule.published,
        external_id_required: rule.external_id_required,
        sources,
        datum,
        rate,
        door_rate,
    })
}
