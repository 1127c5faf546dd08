//! One validator for each message: what it gives back is well-formed.

use std::{collections::BTreeMap, ops::RangeInclusive, str::FromStr};

use chrono::NaiveDate;
use huying_chassis::{
    id,
    log::{Position, watch},
    status::Problem,
    validate::Violations,
};
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_terms::{Limit, LimitKind, Tier};
use huying_wire::{calendar, lamp, limit, tier};
use uuid::Uuid;

use super::{handling, ledger, lists, officer, successor};
use crate::{
    app::{attach::Upload, read::CaseName},
    convert,
    domain::{
        Approvals, AttachmentKind, AttachmentPolicy, Cases, CaseworkProfile, Dispatches, Evidence, Level,
        Order, Policies,
        case::step::{
            AskDecline, AskExtension, AskSuspension, Call, ReviewSuspension, Summons, Supervise, TakeCharge,
        },
        ladder::{Act, Rung},
        policies::{Granter, Ground},
        profile,
        supervision::AnswerTimes,
    },
};

/// Lengths of area codes: district, street, community, grid.
pub const AREA: [usize; 4] = [6, 9, 12, 15];
/// A district, or a town that has none above it.
pub const DISTRICT: [usize; 2] = [6, 9];

/// Characters of a reason, or a question.
pub const REASON: usize = 500;
/// Characters of a note, a task.
pub const WORDS: usize = 2000;
/// Characters of what the reporter is told in the end.
pub const ANSWER: usize = 8000;

/// Why, as it is kept.
pub fn reason(v: &mut Violations, reason: &str) -> String {
    v.text("reason", reason, 1..=REASON)
}

/// What the reporter is asked, as it is kept.
pub fn question(v: &mut Violations, question: &str) -> String {
    v.text("question", question, 1..=REASON)
}

/// What is to be read later, as it is kept.
pub fn words(v: &mut Violations, field: &str, words: &str) -> String {
    v.text(field, words, 1..=WORDS)
}

/// What the reporter is told in the end, as it is kept.
pub fn answer(v: &mut Violations, answer: &str) -> String {
    v.text("answer", answer, 1..=ANSWER)
}

pub fn call(request: &pb::CallDepartmentsRequest, v: &mut Violations) -> Call {
    let summons = summons(v, "summons", &request.summons, 1..=10);
    let respond = request.respond.and_then(|it| limit::check(v, "respond", Some(it)));
    let resolve = request.resolve.and_then(|it| limit::check(v, "resolve", Some(it)));
    Call { summons, respond, resolve }
}

/// Whom a field summons: so many, no unit twice, at most one in the lead.
pub fn summons(
    v: &mut Violations,
    field: &str,
    all: &[pb::Summons],
    count: RangeInclusive<usize>,
) -> Vec<Summons> {
    v.list_len(field, all.len(), count.clone());
    let mut summons: Vec<Summons> = Vec::new();
    for (n, one) in all.iter().take(*count.end()).enumerate() {
        let of = |what: &str| format!("{field}[{n}].{what}");
        v.token(&of("unit"), &one.unit, 1..=64);
        v.require(&of("unit"), summons.iter().all(|other| other.unit != one.unit), "is there twice");
        let (unit, task) = (one.unit.clone(), words(v, &of("task"), &one.task));
        let respond = one.respond.and_then(|it| limit::check(v, &of("respond"), Some(it)));
        let resolve = one.resolve.and_then(|it| limit::check(v, &of("resolve"), Some(it)));
        summons.push(Summons { dispatch: id::new(), unit, lead: one.lead, task, respond, resolve });
    }
    let leads = summons.iter().filter(|one| one.lead).count();
    v.require(field, leads <= 1, "must have at most one in the lead");
    summons
}

pub fn extension(request: &pb::AskExtensionRequest, v: &mut Violations) -> AskExtension {
    let more = limit::check(v, "more", request.more);
    AskExtension {
        approval: id::new(),
        more: more.unwrap_or(Limit { kind: LimitKind::WorkDay, amount: 1 }),
        reason: reason(v, &request.reason),
    }
}

pub fn suspension(request: &pb::AskSuspensionRequest, v: &mut Violations) -> AskSuspension {
    AskSuspension {
        approval: id::new(),
        plan: words(v, "plan", &request.plan),
        review: date(v, "review_date", &request.review_date),
        reason: reason(v, &request.reason),
    }
}

pub fn review(request: &pb::ReviewSuspensionRequest, v: &mut Violations) -> ReviewSuspension {
    let remark = v.text("remark", &request.remark, 1..=REASON);
    ReviewSuspension { review: date(v, "review_date", &request.review_date), remark }
}

pub fn decline(request: &pb::AskDeclineRequest, v: &mut Violations) -> AskDecline {
    v.token("ground", &request.ground, 1..=64);
    let answer = answer(v, &request.answer);
    AskDecline { approval: id::new(), ground: request.ground.clone(), answer }
}

/// A day of the calendar; any where it is none, and then that is said.
fn date(v: &mut Violations, field: &str, text: &str) -> NaiveDate {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| date.to_string() == text);
    v.require(field, date.is_some(), "must be a day such as 2026-04-01");
    date.unwrap_or_default()
}

pub fn charge(request: &pb::TakeChargeRequest, v: &mut Violations) -> TakeCharge {
    let leader = v.line("leader", &request.leader, 1..=60);
    TakeCharge { leader, plan: words(v, "plan", &request.plan) }
}

pub fn supervise(request: &pb::SuperviseCaseRequest, v: &mut Violations) -> Supervise {
    let level = convert::level_from(request.level());
    v.require("level", level.is_some(), "must be one of the named values");
    Supervise { level: level.unwrap_or(Level::Urge), reason: reason(v, &request.reason) }
}

/// A district and a year.
pub fn supervised(request: &pb::CountSupervisedRequest) -> Result<(String, i32), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.range("year", request.year, 2000..=2100);
    v.finish()?;
    Ok((request.district.clone(), request.year))
}

pub fn case_name(id: &str) -> Result<CaseName, Problem> {
    if let Ok(id) = Uuid::from_str(id) {
        return Ok(CaseName::Id(id));
    }
    let mut v = Violations::new();
    v.token("id", id, 1..=40);
    v.finish()?;
    Ok(CaseName::Number(id.to_owned()))
}

pub fn named(id: &str) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", id);
    v.finish()?;
    Ok(id)
}

pub fn history(request: &pb::GetHistoryRequest) -> Result<(Uuid, i64), Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", &request.id);
    v.range("from_version", request.from_version, 0..=i64::MAX);
    v.finish()?;
    Ok((id, request.from_version.max(1)))
}

pub fn cases(request: &pb::ListCasesRequest) -> Result<Cases, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    let state = pb::CaseState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    let asked_tier = common::Tier::try_from(request.tier);
    v.require("tier", asked_tier.is_ok(), "must be one of the named values");
    v.token("holder", &request.holder, 0..=64);
    v.token("arbiter", &request.arbiter, 0..=64);
    v.token("verifier", &request.verifier, 0..=64);
    if !request.area.is_empty() {
        v.digits("area", &request.area, &AREA);
    }
    v.token("category", &request.category, 0..=40);
    let (order, span) = lists::order(&mut v, request);
    let officer = v.line("officer", &request.officer, 0..=128);
    let lamp = common::Lamp::try_from(request.lamp);
    v.require("lamp", lamp.is_ok(), "must be one of the named values");
    let outcome = pb::Outcome::try_from(request.outcome);
    v.require("outcome", outcome.is_ok(), "must be one of the named values");
    let cases = Cases {
        open: request.open,
        outcome: outcome.ok().and_then(convert::outcome::read),
        officer: given(&officer),
        lamp: lamp.ok().and_then(lamp::read),
        order,
        span,
        district: request.district.clone(),
        state: state.ok().and_then(convert::state_from),
        tier: asked_tier.ok().and_then(tier::read),
        holder: given(&request.holder),
        arbiter: given(&request.arbiter),
        verifier: given(&request.verifier),
        area: given(&request.area),
        within: None,
        category: given(&request.category),
        overdue: request.overdue,
        supervised: request.supervised,
        leader: given(&request.leader),
        hard: request.hard,
        led: false,
        whole: false,
    };
    v.require(
        "outcome",
        cases.outcome.is_none() || cases.may_be_closed(),
        "nothing that is open has an outcome",
    );
    v.finish()?;
    Ok(cases)
}

pub fn dispatches(request: &pb::ListDispatchesRequest) -> Result<Dispatches, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.token("unit", &request.unit, 0..=64);
    let case = given(&request.case).map(|case| v.uuid("case", &case));
    let state = pb::DispatchState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    let officer = v.line("officer", &request.officer, 0..=128);
    let order = pb::DispatchOrder::try_from(request.order);
    v.require("order", order.is_ok(), "must be one of the named values");
    v.finish()?;
    Ok(Dispatches {
        order: order.map_or(Order::Newest, convert::list::dispatch_order),
        officer: given(&officer),
        district: request.district.clone(),
        unit: given(&request.unit),
        case,
        state: state.ok().and_then(convert::dispatch_state_from),
        silent: request.silent,
        within: None,
    })
}

pub fn approvals(request: &pb::ListApprovalsRequest) -> Result<Approvals, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &DISTRICT);
    v.token("granter", &request.granter, 0..=64);
    v.token("asked_by", &request.asked_by, 0..=64);
    let case = given(&request.case).map(|case| v.uuid("case", &case));
    let state = pb::ApprovalState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values");
    v.finish()?;
    Ok(Approvals {
        district: request.district.clone(),
        granter: given(&request.granter),
        asked_by: given(&request.asked_by),
        case,
        state: state.ok().and_then(convert::approval_state_from),
        within: None,
    })
}

/// Whom a watch is of, and where it goes on.
pub fn watch(district: &str, unit: &str, cursor: &str) -> Result<Position, Problem> {
    let mut v = Violations::new();
    v.digits("district", district, &DISTRICT);
    v.token("unit", unit, 1..=64);
    let after = watch::resume(&mut v, "cursor", cursor);
    v.finish()?;
    Ok(after)
}

pub fn profile(request: pb::ApplyProfileRequest) -> Result<(Uuid, CaseworkProfile), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let profile = request.profile.unwrap_or_default();
    v.digits("profile.district", &profile.district, &DISTRICT);
    let top_tier = tier::check(&mut v, "profile.top_tier", profile.top_tier);
    let dispatch_respond = limit::check(&mut v, "profile.dispatch_respond", profile.dispatch_respond);
    let dispatch_resolve = limit::check(&mut v, "profile.dispatch_resolve", profile.dispatch_resolve);
    let calendar = calendar::check(&mut v, "profile.calendar", profile.calendar.as_ref());
    let policies = policies(&profile, &mut v);
    let evidence = evidence(&mut v, profile.evidence);
    let ledgers = ledger::definitions(&mut v, &profile.district, &profile.ledgers);
    let groups = profile.groups.into_iter().map(convert::group::response_from).collect();
    v.list_len("profile.required", profile.required.len(), 0..=profile::MOST_EVIDENCE);
    let required = convert::handling::required(&profile.required);
    v.list_len("profile.verification", profile.verification.len(), 0..=profile::MOST_EVIDENCE);
    let units = successor::units(&mut v, profile.units);
    let successors = successor::successors(&mut v, profile.successors);
    // What is missing is told above; the rest is checked all the same, so that everything is said at once.
    let missing = Limit { kind: LimitKind::WorkHour, amount: 1 };
    let part = CaseworkProfile {
        district: profile.district,
        top_tier: top_tier.unwrap_or(Tier::Street),
        calendar: calendar.unwrap_or_default(),
        amber_percent: profile.amber_percent,
        dispatch_respond: dispatch_respond.unwrap_or(missing),
        dispatch_resolve: dispatch_resolve.unwrap_or(missing),
        policies,
        attachments: attachments(profile.attachments),
        evidence,
        groups,
        required,
        verification: handling::verification(profile.verification),
        ledgers,
        units,
        successors,
        roster: officer::roster(&mut v, &profile.roster),
    };
    for (field, what) in part.check() {
        v.add(field, what);
    }
    v.finish()?;
    Ok((request_id, part))
}

/// What is absent is as usual.
fn policies(profile: &pb::CaseworkProfile, v: &mut Violations) -> Policies {
    let usual = Policies::default();
    v.list_len("profile.grants", profile.grants.len(), 0..=20);
    let mut grants = BTreeMap::new();
    for (n, grant) in profile.grants.iter().take(20).enumerate() {
        let kind = convert::approval_kind_from(grant.kind());
        v.require(&format!("profile.grants[{n}].kind"), kind.is_some(), "must be one of the named values");
        let granter = match tier::read(grant.tier()) {
            Some(tier) => Granter::Tier(tier),
            None if grant.chair => Granter::Chair,
            None => Granter::Superior,
        };
        let twice = kind.and_then(|kind| grants.insert(kind, granter)).is_some();
        v.require(&format!("profile.grants[{n}].kind"), !twice, "is there twice");
    }
    let mut limit_or = |field: &str, limit: Option<common::Limit>, usual| match limit {
        None => usual,
        given => limit::check(v, field, given).unwrap_or(usual),
    };
    Policies {
        grants,
        approve: limit_or("profile.approve", profile.approve, usual.approve),
        extensions: profile.extensions.unwrap_or(usual.extensions),
        longest_extension: limit_or(
            "profile.longest_extension",
            profile.longest_extension,
            usual.longest_extension,
        ),
        wait: limit_or("profile.wait", profile.wait, usual.wait),
        return_window: limit_or("profile.return_window", profile.return_window, usual.return_window),
        returns: profile.returns.unwrap_or(usual.returns),
        arbitrate: limit_or("profile.arbitrate", profile.arbitrate, usual.arbitrate),
        review: limit_or("profile.review", profile.review, usual.review),
        verify: limit_or("profile.verify", profile.verify, usual.verify),
        unmerge: limit_or("profile.unmerge", profile.unmerge, usual.unmerge),
        decline_grounds: grounds(profile, v).unwrap_or(usual.decline_grounds),
        ladder: ladder(&profile.ladder, v),
        idle_percent: Some(profile.idle_percent).filter(|percent| *percent > 0),
        supervision: profile.supervision.map_or(usual.supervision, |it| answer_times(it, v)),
    }
}

/// Each rung that can be read; what is wrong with them together the part says.
fn ladder(rungs: &[pb::Rung], v: &mut Violations) -> Vec<Rung> {
    v.list_len("profile.ladder", rungs.len(), 0..=20);
    let mut ladder = Vec::new();
    for (n, rung) in rungs.iter().take(20).enumerate() {
        let at = convert::ladder_at_from(rung.at());
        v.require(&format!("profile.ladder[{n}].at"), at.is_some(), "must be one of the named values");
        let clock = pb::ClockKind::try_from(rung.clock);
        v.require(&format!("profile.ladder[{n}].clock"), clock.is_ok(), "must be one of the named values");
        let acts: Option<Vec<Act>> = rung.steps().map(convert::ladder_step_from).collect();
        v.require(&format!("profile.ladder[{n}].steps"), acts.is_some(), "must be of the named values");
        if let (Some(at), Ok(clock), Some(acts)) = (at, clock, acts) {
            ladder.push(Rung { at, clock: convert::clock_kind_from(clock), acts });
        }
    }
    ladder
}

/// A level without a limit asks for no answer.
fn answer_times(times: pb::AnswerTimes, v: &mut Violations) -> AnswerTimes {
    let mut limit = |level: &str, limit: Option<common::Limit>| {
        limit.and_then(|it| limit::check(v, &format!("profile.supervision.{level}"), Some(it)))
    };
    AnswerTimes {
        urge: limit("urge", times.urge),
        notice: limit("notice", times.notice),
        talk: limit("talk", times.talk),
    }
}

/// What an upload's first message says; whether the bytes that came with it are few enough is told beside.
pub fn upload(request: &pb::UploadAttachmentRequest, few: bool) -> Result<(Uuid, Upload), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let case = v.uuid("case", &request.case);
    let kind = v.enum_value::<pb::AttachmentKind>("kind", request.kind);
    let name = v.line("name", &request.name, 1..=200);
    v.require("name", !name.contains(['/', '\\']), "must not have / or \\");
    v.range("size", request.size, 1..=i64::MAX);
    let mut sha256 = [0; 32];
    let is_digest = hex::decode_to_slice(&request.sha256, &mut sha256).is_ok();
    v.require("sha256", is_digest, "must have 64 hexadecimal digits");
    v.require("chunk", few, "must have at most 262144 bytes");
    v.finish()?;
    let kind = kind.and_then(convert::attachment::kind_from).unwrap_or(AttachmentKind::Document);
    let size = u64::try_from(request.size).unwrap_or(0);
    Ok((request_id, Upload { case, kind, name, size, sha256 }))
}

/// An upload's other messages.
pub fn chunk(request: &pb::UploadAttachmentRequest, most: usize) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.list_len("chunk", request.chunk.len(), 1..=most);
    v.finish()
}

pub fn download(request: &pb::DownloadAttachmentRequest) -> Result<(Uuid, Uuid), Problem> {
    let mut v = Violations::new();
    let (case, id) = (v.uuid("case", &request.case), v.uuid("id", &request.id));
    v.finish()?;
    Ok((case, id))
}

fn attachments(policy: Option<pb::AttachmentPolicy>) -> AttachmentPolicy {
    policy.map_or_else(AttachmentPolicy::default, |policy| AttachmentPolicy {
        most: policy.most,
        largest: u64::try_from(policy.largest).unwrap_or(0),
        media_types: policy.media_types,
    })
}

fn evidence(v: &mut Violations, evidence: Vec<pb::Evidence>) -> Vec<Evidence> {
    let mut kinds = |n: usize, kinds: &[i32]| {
        let field = format!("profile.evidence[{n}].kinds");
        let known = kinds.iter().take(8).filter_map(|kind| v.enum_value::<pb::AttachmentKind>(&field, *kind));
        known.filter_map(convert::attachment::kind_from).collect()
    };
    let numbered = evidence.into_iter().enumerate().take(profile::MOST_EVIDENCE + 1);
    numbered.map(|(n, it)| Evidence { kinds: kinds(n, &it.kinds), category: it.category }).collect()
}

fn grounds(profile: &pb::CaseworkProfile, v: &mut Violations) -> Option<Vec<Ground>> {
    v.list_len("profile.decline_grounds", profile.decline_grounds.len(), 0..=20);
    let mut grounds = Vec::new();
    for (n, ground) in profile.decline_grounds.iter().take(20).enumerate() {
        v.token(&format!("profile.decline_grounds[{n}].code"), &ground.code, 1..=64);
        let name = v.line(&format!("profile.decline_grounds[{n}].name"), &ground.name, 1..=200);
        grounds.push(Ground { code: ground.code.clone(), name });
    }
    Some(grounds).filter(|grounds| !grounds.is_empty())
}

pub fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
