//! What somebody tells of a visit, made ready to be kept.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::intake::v1 as pb;
use huying_wire::priority_kind;
use huying_words::phone::{Phone, phones};
use uuid::Uuid;

use super::{placed, submission, validate::DISTRICT};
use crate::{
    convert::{self, visit as words},
    domain::{
        channel::Channel,
        order::Order,
        risk::RiskKind,
        submission::{Received, Submission},
        visit::{FINDINGS, Finding, NEEDS, Record, TEAM, There, Visited, VisitedKind, Whom},
    },
};

/// How long ago a visit may have been that is recorded now, and how far ahead the visitor's clock may be.
const DAYS: i64 = 366;
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Kinds of people who come first.
const PRIORITY: usize = 10;

/// What is told, and its request id; who acts is left open.
pub fn read(request: pb::RecordVisitRequest, now: DateTime<Utc>) -> Result<(Uuid, Record), Problem> {
    let mut v = Violations::heard();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &DISTRICT);
    v.token("unit", &request.unit, 0..=64);
    let whom = whom(&mut v, &request);
    let diary = pb::Diary::try_from(request.diary);
    v.require("diary", diary.is_ok(), "must be one of the named values");
    v.list_len("team", request.team.len(), 1..=TEAM);
    let team = request.team.iter().take(TEAM).map(|one| v.line("team", one, 1..=100)).collect();
    let at = placed::instant(&mut v, "visit_time", request.visit_time.as_ref());
    let is_past = at.is_none_or(|at| at <= now + AHEAD && now - at <= TimeDelta::days(DAYS));
    v.require("visit_time", is_past, format!("must not lie ahead, nor more than {DAYS} days back"));
    let record = Record {
        district: request.district.clone(),
        whom,
        night: request.night,
        diary: diary.ok().and_then(words::diary_from),
        unit: None,
        team,
        notes: v.text("notes", &request.notes, 0..=8000),
        occasion: v.line("occasion", &request.occasion, 0..=100),
        at,
        needs: needs(&mut v, &request.needs),
        findings: findings(&mut v, &request.district, request.findings),
    };
    v.finish()?;
    Ok((request_id, record))
}

fn whom(v: &mut Violations, request: &pb::RecordVisitRequest) -> Whom {
    if !request.archive.is_empty() {
        let alone = request.area.is_empty() && request.kind == 0 && request.visited.is_none();
        v.require("archive", alone, "says who was visited: area, kind and visited must be left out");
        return Whom::Archive(v.uuid("archive", &request.archive));
    }
    let area = placed::area(v, &request.district, &request.area);
    let kind = v.enum_value::<pb::VisitedKind>("kind", request.kind).and_then(words::kind_from);
    let kind = kind.unwrap_or(VisitedKind::Household);
    let visited = visited(v, request.visited.as_ref(), kind);
    let needs_none = kind.archive().is_some() || request.needs.is_empty();
    v.require("needs", needs_none, "must be left out where there is no archive");
    Whom::There(There { area, kind, visited })
}

/// Who lives or works there, known by an address or a code where there is an archive.
pub fn visited(v: &mut Violations, given: Option<&pb::Visited>, kind: VisitedKind) -> Visited {
    let given = given.cloned().unwrap_or_default();
    let contact = v.line("visited.contact", &given.contact, 0..=500);
    v.list_len("visited.priority", given.priority.len(), 0..=PRIORITY);
    let mut priority = BTreeSet::new();
    for kind in given.priority.iter().take(PRIORITY) {
        priority.extend(priority_kind::check(v, "visited.priority", *kind));
    }
    let may = priority.is_empty() || kind == VisitedKind::Household;
    v.require("visited.priority", may, "must be left out of what is no household");
    let visited = Visited {
        name: v.line("visited.name", &given.name, 0..=100),
        address: v.line("visited.address", &given.address, 0..=200),
        contact: phones(&contact).into_iter().map(Phone::text).collect::<Vec<_>>().join(" / "),
        code: v.line("visited.code", &given.code, 0..=64),
        priority,
    };
    let known = kind.archive().is_none() || visited.known_by().is_some();
    v.require("visited.address", known, "must be given, or a code: by it the archive is found");
    visited
}

pub fn needs(v: &mut Violations, given: &[String]) -> Vec<String> {
    v.list_len("needs", given.len(), 0..=NEEDS);
    given.iter().take(NEEDS).map(|need| v.text("needs", need, 1..=500)).collect()
}

fn findings(v: &mut Violations, district: &str, given: Vec<pb::Finding>) -> Vec<Finding> {
    v.list_len("findings", given.len(), 0..=FINDINGS);
    let mut read = Vec::new();
    for (n, it) in given.into_iter().take(FINDINGS).enumerate() {
        let field = |what: &str| format!("findings[{n}].{what}");
        let content = v.text(&field("content"), &it.content, 1..=8000);
        let request_only = it.r#type == 0 && it.category.is_empty() && it.location.is_none();
        let kind = v.enum_value::<pb::FindingKind>(&field("kind"), it.kind);
        let kind = match kind.unwrap_or(pb::FindingKind::Request) {
            pb::FindingKind::Unspecified | pb::FindingKind::Request => {
                read.push(Finding::Request(Box::new(request(v, district, (n, &it), content))));
                continue;
            }
            pb::FindingKind::Conflict => RiskKind::Conflict,
            pb::FindingKind::HiddenDanger => RiskKind::HiddenDanger,
        };
        v.require(&field("kind"), request_only, "has type, category and location only as a request");
        read.push(Finding::Risk { kind, content });
    }
    read
}

/// A finding that is a request, whose reporter is whoever was visited.
fn request(v: &mut Violations, district: &str, (n, it): (usize, &pb::Finding), content: String) -> Received {
    let mut flags = BTreeSet::new();
    let category = v.line(&format!("findings[{n}].category"), &it.category, 0..=100);
    let location = submission::location(v, it.location.clone().unwrap_or_default(), &mut flags);
    let order = Order { kind: convert::order::kind_from(it.r#type()), ..Order::default() };
    let submission = Submission {
        district: district.to_owned(),
        channel: Channel::HomeVisit,
        external_id: String::new(),
        source: String::new(),
        platform: String::new(),
        reporter: None,
        content,
        location,
        category,
        order,
        concerns: BTreeSet::new(),
        card: None,
        forum: None,
        visit: None,
    };
    Received { submission, flags, answer: String::new(), guide: None, closed: None }
}
