//! What a door gives, made ready to be kept: only emptiness and size refuse; what cannot be read is flagged.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::{common::v1 as common, intake::v1 as pb};
use huying_terms::{Location, Point, PriorityKind};
use huying_wire::{instant, place, priority_kind};
use huying_words::phone::{Phone, phones};
use uuid::Uuid;

use super::{order, validate::DISTRICT};
use crate::{
    convert,
    domain::{
        channel::Channel,
        submission::{AnsweredFrom, Closed, Flag, Kept, Received, Reporter, ReporterKind, Submission},
    },
};

/// Characters of what is asked, and of an answer.
pub const CONTENT: usize = 8000;
/// Characters of an address, and of a code of an area or a category as a door gave it.
pub const ADDRESS: usize = 200;
const AREA: usize = 64;
const CATEGORY: usize = 100;
/// Characters of a name, and of phones as given.
const NAME: usize = 100;
pub const PHONE: usize = 500;
/// How far ahead a close time may lie that tells only the day: no longer than the day lasts.
const DAY: TimeDelta = TimeDelta::days(1);
/// Kinds of people that a request may concern.
const CONCERNS: usize = 10;

/// What came in, and its request id. `platform`: the platform that sends it, whose numbers are its own.
pub fn read(
    request: pb::SubmitRequestRequest,
    platform: String,
    now: DateTime<Utc>,
) -> Result<(Uuid, Received), Problem> {
    let mut v = Violations::heard();
    let mut flags = BTreeSet::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &DISTRICT);
    let channel = v.enum_value::<pb::Channel>("channel", request.channel).and_then(convert::channel_from);
    let submission = Submission {
        district: request.district,
        channel: channel.unwrap_or(Channel::Online),
        external_id: v.line("external_id", &request.external_id, 0..=64),
        source: v.line("source", &request.source, 0..=50),
        platform,
        content: v.text("content", &request.content, 1..=CONTENT),
        category: v.line("category", &request.category, 0..=CATEGORY),
        reporter: request.reporter.map(|given| Kept::Clear(reporter(&mut v, &given, &mut flags))),
        location: location(&mut v, request.location.unwrap_or_default(), &mut flags),
        order: order::read(&mut v, request.order.unwrap_or_default(), &mut flags),
        concerns: concerns(&mut v, "concerns", &request.concerns),
        visit: None,
        card: None,
        forum: None,
    };
    let answer = v.text("answer", &request.answer, 0..=CONTENT);
    let answer = Some(answer).filter(|answer| !huying_words::is_blank(answer)).unwrap_or_default();
    let guide = v.line("guide", &request.guide, 0..=64);
    let closed = request.closed.as_ref().and_then(|given| closed(&mut v, given, now));
    v.finish()?;
    let guide = AnsweredFrom { code: guide, version: request.guide_version };
    let guide = Some(guide).filter(|guide| !guide.code.is_empty());
    Ok((request_id, Received { submission, flags, answer, guide, closed }))
}

/// Who joins which request, and what they say.
pub fn joining(request: &pb::JoinRequestRequest) -> Result<(Uuid, Uuid, Option<Reporter>, String), Problem> {
    let mut v = Violations::heard();
    let (request_id, id) = (v.uuid("request_id", &request.request_id), v.uuid("id", &request.id));
    let content = v.text("content", &request.content, 0..=2000);
    let reporter = request.reporter.as_ref().map(|given| reporter(&mut v, given, &mut BTreeSet::new()));
    v.finish()?;
    Ok((request_id, id, reporter, content))
}

/// When it was settled: unlike other times, these are what a history is for.
fn closed(v: &mut Violations, given: &pb::Closed, now: DateTime<Utc>) -> Option<Closed> {
    let submitted_at = given.submit_time.as_ref().and_then(instant::read);
    let closed_at = given.close_time.as_ref().and_then(instant::read);
    v.require("closed.submit_time", submitted_at.is_some(), "must be there");
    v.require("closed.close_time", closed_at.is_some(), "must be there");
    // The end of a day that is not over counts as now.
    let closed_at = closed_at?;
    let closed_at = if closed_at < now + DAY { closed_at.min(now) } else { closed_at };
    let closed = Closed { submitted_at: submitted_at?, closed_at };
    let in_order = closed.submitted_at <= closed.closed_at && closed.closed_at <= now;
    v.require("closed.close_time", in_order, "must not come before submit_time, nor be in the future");
    Some(closed)
}

/// Whom it concerns; a kind that is not known counts for nothing.
pub fn concerns(v: &mut Violations, field: &str, given: &[i32]) -> BTreeSet<PriorityKind> {
    v.list_len(field, given.len(), 0..=CONCERNS);
    let known = given.iter().take(CONCERNS).filter_map(|it| common::PriorityKind::try_from(*it).ok());
    known.filter_map(priority_kind::read).collect()
}

/// Who calls. The first number that can be called comes first; nothing of what was given goes.
pub fn reporter(v: &mut Violations, given: &pb::Reporter, flags: &mut BTreeSet<Flag>) -> Reporter {
    let first = phones(&v.line("reporter.phone", &given.phone, 0..=PHONE));
    let second = phones(&v.line("reporter.second_phone", &given.second_phone, 0..=PHONE));
    let can_be_called = |phones: &[Phone]| phones.iter().any(|phone| matches!(phone, Phone::Number(_)));
    if !(first.is_empty() && second.is_empty() || can_be_called(&first) || can_be_called(&second)) {
        flags.insert(Flag::NoCallback);
    }
    let (phone, second_phone) = apart(first.into_iter().chain(second));
    Reporter {
        kind: match given.kind() {
            pb::ReporterKind::Unspecified | pb::ReporterKind::Resident => ReporterKind::Resident,
            pb::ReporterKind::Enterprise => ReporterKind::Enterprise,
            pb::ReporterKind::Grassroots => ReporterKind::Grassroots,
        },
        name: v.line("reporter.name", &given.name, 0..=NAME),
        phone,
        second_phone,
        on_behalf_of: v.line("reporter.on_behalf_of", &given.on_behalf_of, 0..=NAME),
        address: v.line("reporter.address", &given.address, 0..=ADDRESS),
    }
}

/// Somebody's phones as a text gives them: the first, and the others.
pub fn phone(v: &mut Violations, field: &str, given: &str) -> (String, String) {
    apart(phones(&v.line(field, given, 0..=PHONE)).into_iter())
}

/// The first number, and the others in one text.
fn apart(numbers: impl Iterator<Item = Phone>) -> (String, String) {
    let mut numbers = numbers.map(Phone::text);
    (numbers.next().unwrap_or_default(), numbers.collect::<Vec<_>>().join(" / "))
}

/// Where. What the area is worth, and whether the point lies here, is routing's to say.
pub fn location(v: &mut Violations, given: common::Location, flags: &mut BTreeSet<Flag>) -> Location {
    let address = v.line("location.address", &given.address, 0..=ADDRESS);
    let area = v.line("location.area", &given.area, 0..=AREA);
    let read = Location { address, area, ..place::read(given) };
    // Half a point: the other half is 0, which is in no district.
    let is_whole = |at: Point| (at.latitude == 0.0) == (at.longitude == 0.0);
    if read.point.is_none_or(|at| at.is_on_earth() && is_whole(at)) {
        return read;
    }
    flags.insert(Flag::PointUnreadable);
    Location { point: None, given: None, ..read }
}
