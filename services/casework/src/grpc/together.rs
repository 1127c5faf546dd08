//! Reading what asks for several units on one case: a consultation, a response group, a task force.

use chrono::DateTime;
use huying_chassis::{id, validate::Violations};
use huying_proto::casework::v1 as pb;
use huying_wire::instant;
use uuid::Uuid;

use super::validate::{reason, summons, words};
use crate::domain::{
    case::step::{AskGroup, Call, Consult, EndGroup, FormTaskForce},
    group::{MOST_CASES, MOST_MEMBERS},
};

/// Most departments of a task force, and tasks of a consultation: as many as one call summons.
const MOST_CALLED: usize = 10;

pub fn consultation(request: &pb::HoldConsultationRequest, v: &mut Violations) -> Consult {
    let participants = units(v, "participants", &request.participants, MOST_MEMBERS);
    let minutes = words(v, "minutes", &request.minutes);
    let summons = summons(v, "tasks", &request.tasks, 0..=MOST_CALLED);
    Consult { participants, minutes, call: Call { summons, respond: None, resolve: None } }
}

pub fn response_group(request: &pb::AskResponseGroupRequest, v: &mut Violations) -> AskGroup {
    v.token("group", &request.group, 1..=64);
    AskGroup {
        approval: id::new(),
        group: request.group.clone(),
        task: words(v, "task", &request.task),
        reason: reason(v, &request.reason),
        dispatches: ids(MOST_MEMBERS),
    }
}

pub fn task_force(request: &pb::FormTaskForceRequest, v: &mut Violations) -> FormTaskForce {
    let name = v.line("name", &request.name, 1..=100);
    v.token("chair", &request.chair, 1..=64);
    let members = units(v, "members", &request.members, MOST_CALLED);
    v.require("members", !members.contains(&request.chair), "must not have the chair among them");
    v.list_len("other_cases", request.other_cases.len(), 0..=MOST_CASES - 1);
    let mut others: Vec<Uuid> = Vec::new();
    for (n, case) in request.other_cases.iter().take(MOST_CASES - 1).enumerate() {
        let field = format!("other_cases[{n}]");
        let other = v.uuid(&field, case);
        v.require(&field, !others.contains(&other) && *case != request.id, "is there twice");
        others.push(other);
    }
    let until = request.until_time.as_ref().and_then(instant::read);
    v.require("until_time", until.is_some(), "must be an instant");
    FormTaskForce {
        code: id::new().to_string(),
        name,
        chair: request.chair.clone(),
        dispatches: ids(members.len() * (others.len() + 1)),
        members,
        task: words(v, "task", &request.task),
        until: until.unwrap_or(DateTime::UNIX_EPOCH),
        others,
    }
}

pub fn end(request: &pb::EndGroupRequest, v: &mut Violations) -> EndGroup {
    v.token("group", &request.group, 1..=64);
    EndGroup { group: request.group.clone(), reason: reason(v, &request.reason) }
}

/// Codes of units, at least one, none twice.
fn units(v: &mut Violations, field: &str, units: &[String], most: usize) -> Vec<String> {
    v.list_len(field, units.len(), 1..=most);
    let mut read: Vec<String> = Vec::new();
    for (n, unit) in units.iter().take(most).enumerate() {
        let field = format!("{field}[{n}]");
        v.token(&field, unit, 1..=64);
        v.require(&field, !read.contains(unit), "is there twice");
        read.push(unit.clone());
    }
    read
}

fn ids(count: usize) -> Vec<Uuid> {
    std::iter::repeat_with(id::new).take(count).collect()
}
