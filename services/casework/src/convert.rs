//! Between the domain and `huying.casework.v1`; the words that services share are `huying_wire`'s.

pub mod attachment;
mod demands;
pub mod group;
pub mod handling;
pub mod ledger;
pub mod list;
pub mod meeting;
pub mod merge;
pub mod officer;
pub mod outcome;
pub mod tally;

pub use demands::demands;

use chrono::{DateTime, Utc};
use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::casework::v1 as pb;
use huying_terms::Clock;
use huying_wire::{lamp, limit, place, priority, tier};

use crate::domain::{
    Approval, ApprovalState, Ask, AskKind, Case, ClockKind, Clocks, Dispatch, DispatchState, Judgement,
    Level, Note, Ruled as _, State,
    case::{
        Pending, Suspension, UnitRefusal, Verification,
        step::{Charge, DeskStay, Ruling},
    },
    dispatch::{
        assessment::{Assessment, Used},
        step::Ending,
    },
    known::Glance,
    ladder::{Act, At},
    policies::Ground,
    supervision::Supervision,
};

/// A case, with what whoever looks may do. Who is only called on it (not `whole`) sees of it what they work on: not what is private to
/// holder and desk, nor whom else it concerns.
pub fn case(case: &Versioned<Case>, whole: bool, known: &Glance<'_>) -> pb::Case {
    let (it, profile) = (&case.it, known.profile);
    let theirs = |unit: &str| whole || known.by.is(&it.district, unit);
    pb::Case {
        id: case.id.to_string(),
        number: it.number.clone(),
        district: it.district.clone(),
        area: it.area.clone(),
        category: it.category.clone(),
        priority: priority::write(it.priority).into(),
        state: state(it.state).into(),
        tier: tier::write(it.holder.tier).into(),
        holder: it.holder.unit.clone(),
        departments: it.departments.clone(),
        content: if whole { it.content.clone() } else { String::new() },
        location: Some(place::write(&it.location)),
        requests: it.requests.iter().filter(|_| whole).map(merge::request).collect(),
        clocks: clocks(&it.clocks),
        notes: if whole { count(it.notes) } else { 0 },
        last_public_note: it.last_public_note.as_ref().filter(|_| whole).map(note),
        answer: if whole || it.is_told() { it.answer.clone() } else { String::new() },
        judgement: judgement(it.judgement).into(),
        outcome: outcome::write(it.outcome).into(),
        attempt: it.attempt,
        open_time: Some(timestamp(it.opened_at)),
        resolve_time: it.resolved_at.map(timestamp),
        close_time: it.closed_at.map(timestamp),
        dispatches: list::dispatches(it, theirs),
        attachments: Vec::new(),
        missing_evidence: attachment::kinds(&it.missing_evidence(profile)),
        allowed_steps: it.allowed(known).into_iter().map(str::to_owned).collect(),
        version: case.version,
        approvals: it.approvals.iter().filter(|_| whole).map(pending).collect(),
        handling: it.handling.as_ref().map(|it| handling::write(it, whole)),
        required_handling: handling::fields(&it.required_handling(profile)),
        verifier: it.verifier.as_ref().map_or_else(String::new, |it| it.unit.clone()),
        verifier_name: it.verifier.as_ref().map_or_else(String::new, |it| it.name.clone()),
        verification: it.verification.as_ref().filter(|_| whole).map(verification),
        question: it.question.as_ref().filter(|_| whole).map(note),
        arbiter: it.arbiter.as_ref().map_or_else(String::new, |it| it.unit.clone()),
        arbiter_name: it.arbiter.as_ref().map_or_else(String::new, |it| it.name.clone()),
        refusals: it.refusals.iter().filter(|_| whole).map(refusal).collect(),
        binding: it.binds(),
        suspension: it.suspension.as_ref().map(|it| suspension(it, whole)),
        charge: it.charge.as_ref().filter(|_| whole).map(charge),
        declined: it.declined.as_ref().map(ground),
        parts: it.parts.iter().map(|part| merge::name(&part.name)).collect(),
        whole: it.whole.as_ref().map(merge::name),
        merged: it.merged.as_ref().map(merge::merged),
        supervision: it.supervision.as_ref().map(|it| supervision(it, whole)),
        extensions: count(it.extensions),
        urgings: count(it.pressed.urgings),
        notices: count(it.pressed.notices),
        talks: count(it.pressed.talks),
        consultations: count(it.consultations),
        groups: it.groups.iter().filter(|it| it.group.units().any(theirs)).map(group::at_work).collect(),
        meetings: it.meetings.iter().filter(|_| whole).map(ToString::to_string).collect(),
        desk: it.desk.as_ref().filter(|_| whole).map(desk_stay),
        ..list::standing(it, whole)
    }
}

fn desk_stay(it: &DeskStay) -> pb::DeskStay {
    pb::DeskStay {
        queue_time: Some(timestamp(it.queued_at)),
        decide_time: Some(timestamp(it.decided_at)),
        used_seconds: it.used_seconds,
        percent: it.percent,
    }
}

fn verification(it: &Verification) -> pb::Verification {
    pb::Verification {
        passed: it.passed,
        finding: it.finding.clone(),
        unit: it.unit.clone().unwrap_or_default(),
        time: Some(timestamp(it.at)),
    }
}

fn pending(it: &Pending) -> pb::PendingApproval {
    pb::PendingApproval { id: it.approval.to_string(), kind: approval_kind(it.kind).into() }
}

fn refusal(it: &UnitRefusal) -> pb::UnitRefusal {
    pb::UnitRefusal {
        unit: it.unit.unit.clone(),
        unit_name: it.unit.name.clone(),
        reason: it.reason.clone(),
        time: Some(timestamp(it.at)),
        arbitration: it.arbitration.as_ref().map(|it| pb::Arbitration {
            unit: it.to.unit.clone(),
            unit_name: it.to.name.clone(),
            binding: it.binding,
            reason: it.reason.clone(),
            decided_by: it.by.clone().unwrap_or_default(),
            time: Some(timestamp(it.at)),
        }),
    }
}

fn charge(it: &Charge) -> pb::Charge {
    pb::Charge {
        leader: it.leader.clone(),
        plan: it.plan.clone(),
        since_time: Some(timestamp(it.since)),
        progress: it.progress.as_ref().map(|it| pb::ChargeProgress {
            text: it.text.clone(),
            unit: it.unit.clone(),
            time: Some(timestamp(it.at)),
        }),
    }
}

fn suspension(it: &Suspension, whole: bool) -> pb::Suspension {
    let words = |words: &str| if whole { words.to_owned() } else { String::new() };
    pb::Suspension {
        plan: words(&it.plan),
        review_date: it.review.to_string(),
        remark: words(&it.remark),
        suspend_time: Some(timestamp(it.since)),
    }
}

pub fn approval(approval: &Versioned<Approval>) -> pb::Approval {
    let it = &approval.it;
    let asked = match &it.ask {
        Ask::Extend { more } => pb::Approval { more: Some(limit::write(*more)), ..Default::default() },
        Ask::Suspend { plan, review } => {
            pb::Approval { plan: plan.clone(), review_date: review.to_string(), ..Default::default() }
        }
        Ask::Decline { ground: on } => pb::Approval { ground: Some(ground(on)), ..Default::default() },
        Ask::CallGroup { group: it, task, .. } => pb::Approval {
            group: it.code.clone(),
            group_name: it.name.clone(),
            task: task.clone(),
            members: group::members(&it.members),
            ..Default::default()
        },
    };

    pb::Approval {
        id: approval.id.to_string(),
        case: it.case.to_string(),
        number: it.number.clone(),
        district: it.district.clone(),
        area: it.area.clone(),
        kind: approval_kind((&it.ask).into()).into(),
        reason: it.reason.clone(),
        asked_by: it.asked_by.unit.clone(),
        granter: it.granter.unit.clone(),
        state: approval_state(it.state).into(),
        clocks: clocks(&it.clocks),
        ruling: it.ruling.clone(),
        ask_time: Some(timestamp(it.asked_at)),
        version: approval.version,
        ..asked
    }
}

pub fn ground(ground: &Ground) -> pb::DeclineGround {
    pb::DeclineGround { code: ground.code.clone(), name: ground.name.clone() }
}

/// A case that a unit has no longer: which it was and where it went.
pub fn left(case: &Versioned<Case>) -> pb::CaseLeft {
    pb::CaseLeft {
        id: case.id.to_string(),
        number: case.it.number.clone(),
        holder: case.it.holder.unit.clone(),
        holder_name: case.it.holder.name.clone(),
        version: case.version,
    }
}

/// A dispatch that a unit has no longer: which it was and where it went.
pub fn dispatch_left(dispatch: &Versioned<Dispatch>) -> pb::DispatchLeft {
    pb::DispatchLeft {
        id: dispatch.id.to_string(),
        number: dispatch.it.number.clone(),
        unit: dispatch.it.unit.clone(),
        unit_name: dispatch.it.unit_name.clone(),
        version: dispatch.version,
    }
}

pub fn dispatch(dispatch: &Versioned<Dispatch>) -> pb::Dispatch {
    let it = &dispatch.it;
    pb::Dispatch {
        id: dispatch.id.to_string(),
        case: it.case.to_string(),
        number: it.number.clone(),
        district: it.district.clone(),
        unit: it.unit.clone(),
        called_by: it.caller.unit.clone(),
        lead: it.lead,
        task: it.task.clone(),
        category: it.category.clone(),
        area: it.area.clone(),
        location: Some(place::write(&it.location)),
        state: dispatch_state(it.state).into(),
        clocks: clocks(&it.clocks),
        note: it.note.clone(),
        binding: it.binding,
        send_time: Some(timestamp(it.sent_at)),
        version: dispatch.version,
        silent: it.silent,
        silences: it.silences,
        unit_name: it.unit_name.clone(),
        called_by_name: it.caller.name.clone(),
        arbiter: it.arbiter.as_ref().map_or_else(String::new, |it| it.unit.clone()),
        arbiter_name: it.arbiter.as_ref().map_or_else(String::new, |it| it.name.clone()),
        group: it.group.clone().unwrap_or_default(),
        officer: it.officer.as_ref().map(list::officer),
        ruling: it.ruling.as_ref().map(|it| ruling(&it.reason, it.unit.as_deref(), it.at)),
    }
}

/// What presses a holder; its words are for holder and desk.
fn supervision(it: &Supervision, whole: bool) -> pb::Supervision {
    let words = |text: &str| if whole { text.to_owned() } else { String::new() };
    pb::Supervision {
        level: level(it.level).into(),
        unit: it.unit.clone().unwrap_or_default(),
        reason: words(&it.reason),
        time: Some(timestamp(it.at)),
        answer: it.answer.as_ref().map(|it| pb::SupervisionAnswer {
            text: words(&it.text),
            unit: it.unit.clone(),
            time: Some(timestamp(it.at)),
        }),
    }
}

fn count(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub fn ruling(reason: &str, unit: Option<&str>, at: DateTime<Utc>) -> pb::DispatchRuling {
    pb::DispatchRuling {
        reason: reason.to_owned(),
        unit: unit.unwrap_or_default().to_owned(),
        time: Some(timestamp(at)),
    }
}

pub fn assessment(it: &Assessment) -> pb::DispatchAssessment {
    let used = |used: &Used| pb::ClockUse { seconds: used.seconds, lamp: lamp::write(used.lamp).into() };
    pb::DispatchAssessment {
        respond: it.respond.as_ref().map(used),
        resolve: it.resolve.as_ref().map(used),
        silences: it.silences,
        call: match it.apt {
            None => pb::CallAptness::Unspecified,
            Some(true) => pb::CallAptness::Apt,
            Some(false) => pb::CallAptness::NotApt,
        }
        .into(),
    }
}

fn note(note: &Note) -> pb::Note {
    pb::Note { text: note.text.clone(), unit: note.unit.clone(), time: Some(timestamp(note.at)) }
}

pub fn clocks(clocks: &Clocks) -> Vec<pb::Clock> {
    clocks.each().map(|(kind, clock)| one_clock(kind, clock)).collect()
}

fn one_clock(kind: ClockKind, clock: &Clock) -> pb::Clock {
    pb::Clock {
        kind: clock_kind(kind).into(),
        limit: Some(limit::write(clock.limit)),
        start_time: Some(timestamp(clock.started_at)),
        due_time: clock.due_at.map(timestamp),
        lamp: lamp::write(clock.shown()).into(),
        stop_time: clock.stopped_at.map(timestamp),
    }
}

pub fn state(state: State) -> pb::CaseState {
    match state {
        State::Assigned => pb::CaseState::Assigned,
        State::Working => pb::CaseState::Working,
        State::Returned => pb::CaseState::Returned,
        State::Suspended => pb::CaseState::Suspended,
        State::Waiting => pb::CaseState::Waiting,
        State::Resolved => pb::CaseState::Resolved,
        State::Closed => pb::CaseState::Closed,
    }
}

pub fn state_from(state: pb::CaseState) -> Option<State> {
    match state {
        pb::CaseState::Unspecified => None,
        pb::CaseState::Assigned => Some(State::Assigned),
        pb::CaseState::Working => Some(State::Working),
        pb::CaseState::Returned => Some(State::Returned),
        pb::CaseState::Suspended => Some(State::Suspended),
        pb::CaseState::Waiting => Some(State::Waiting),
        pb::CaseState::Resolved => Some(State::Resolved),
        pb::CaseState::Closed => Some(State::Closed),
    }
}

pub fn dispatch_state(state: DispatchState) -> pb::DispatchState {
    match state {
        DispatchState::Sent => pb::DispatchState::Sent,
        DispatchState::Accepted => pb::DispatchState::Accepted,
        DispatchState::Done => pb::DispatchState::Done,
        DispatchState::Declined => pb::DispatchState::Declined,
        DispatchState::Ended => pb::DispatchState::Ended,
    }
}

pub fn dispatch_state_from(state: pb::DispatchState) -> Option<DispatchState> {
    match state {
        pb::DispatchState::Unspecified => None,
        pb::DispatchState::Sent => Some(DispatchState::Sent),
        pb::DispatchState::Accepted => Some(DispatchState::Accepted),
        pb::DispatchState::Done => Some(DispatchState::Done),
        pb::DispatchState::Declined => Some(DispatchState::Declined),
        pb::DispatchState::Ended => Some(DispatchState::Ended),
    }
}

pub fn ending(ending: Option<Ending>) -> pb::DispatchEnding {
    match ending {
        None => pb::DispatchEnding::Unspecified,
        Some(Ending::TakenBack) => pb::DispatchEnding::TakenBack,
        Some(Ending::Released) => pb::DispatchEnding::Released,
        Some(Ending::CaseClosed) => pb::DispatchEnding::CaseClosed,
    }
}

pub fn clock_kind(kind: ClockKind) -> pb::ClockKind {
    match kind {
        ClockKind::Respond => pb::ClockKind::Respond,
        ClockKind::Resolve => pb::ClockKind::Resolve,
        ClockKind::Wait => pb::ClockKind::Wait,
        ClockKind::Review => pb::ClockKind::Review,
        ClockKind::Approve => pb::ClockKind::Approve,
        ClockKind::Arbitrate => pb::ClockKind::Arbitrate,
        ClockKind::Reply => pb::ClockKind::Reply,
        ClockKind::Verify => pb::ClockKind::Verify,
    }
}

/// Unspecified is any.
pub fn clock_kind_from(kind: pb::ClockKind) -> Option<ClockKind> {
    match kind {
        pb::ClockKind::Unspecified => None,
        pb::ClockKind::Respond => Some(ClockKind::Respond),
        pb::ClockKind::Resolve => Some(ClockKind::Resolve),
        pb::ClockKind::Approve => Some(ClockKind::Approve),
        pb::ClockKind::Reply => Some(ClockKind::Reply),
        pb::ClockKind::Wait => Some(ClockKind::Wait),
        pb::ClockKind::Review => Some(ClockKind::Review),
        pb::ClockKind::Arbitrate => Some(ClockKind::Arbitrate),
        pb::ClockKind::Verify => Some(ClockKind::Verify),
    }
}

pub fn ladder_at_from(at: pb::LadderAt) -> Option<At> {
    match at {
        pb::LadderAt::Unspecified => None,
        pb::LadderAt::Amber => Some(At::Amber),
        pb::LadderAt::Red => Some(At::Red),
        pb::LadderAt::Idle => Some(At::Idle),
        pb::LadderAt::Silent => Some(At::Silent),
        pb::LadderAt::Late => Some(At::Late),
    }
}

pub fn ladder_step_from(step: pb::LadderStep) -> Option<Act> {
    match step {
        pb::LadderStep::Unspecified => None,
        pb::LadderStep::UrgeHolder => Some(Act::UrgeHolder),
        pb::LadderStep::TellSuperior => Some(Act::TellSuperior),
        pb::LadderStep::Escalate => Some(Act::Escalate),
        pb::LadderStep::Supervise => Some(Act::Supervise),
    }
}

pub fn level(level: Level) -> pb::SupervisionLevel {
    match level {
        Level::Urge => pb::SupervisionLevel::Urge,
        Level::Notice => pb::SupervisionLevel::Notice,
        Level::Talk => pb::SupervisionLevel::Talk,
    }
}

pub fn level_from(level: pb::SupervisionLevel) -> Option<Level> {
    match level {
        pb::SupervisionLevel::Unspecified => None,
        pb::SupervisionLevel::Urge => Some(Level::Urge),
        pb::SupervisionLevel::Notice => Some(Level::Notice),
        pb::SupervisionLevel::Talk => Some(Level::Talk),
    }
}

pub fn approval_kind(kind: AskKind) -> pb::ApprovalKind {
    match kind {
        AskKind::Extend => pb::ApprovalKind::Extend,
        AskKind::Suspend => pb::ApprovalKind::Suspend,
        AskKind::Decline => pb::ApprovalKind::Decline,
        AskKind::CallGroup => pb::ApprovalKind::CallGroup,
    }
}

pub fn approval_kind_from(kind: pb::ApprovalKind) -> Option<AskKind> {
    match kind {
        pb::ApprovalKind::Unspecified => None,
        pb::ApprovalKind::Extend => Some(AskKind::Extend),
        pb::ApprovalKind::Suspend => Some(AskKind::Suspend),
        pb::ApprovalKind::Decline => Some(AskKind::Decline),
        pb::ApprovalKind::CallGroup => Some(AskKind::CallGroup),
    }
}

pub fn approval_state(state: ApprovalState) -> pb::ApprovalState {
    match state {
        ApprovalState::Asked => pb::ApprovalState::Asked,
        ApprovalState::Granted => pb::ApprovalState::Granted,
        ApprovalState::Refused => pb::ApprovalState::Refused,
        ApprovalState::Lapsed => pb::ApprovalState::Lapsed,
    }
}

pub fn approval_state_from(state: pb::ApprovalState) -> Option<ApprovalState> {
    match state {
        pb::ApprovalState::Unspecified => None,
        pb::ApprovalState::Asked => Some(ApprovalState::Asked),
        pb::ApprovalState::Granted => Some(ApprovalState::Granted),
        pb::ApprovalState::Refused => Some(ApprovalState::Refused),
        pb::ApprovalState::Lapsed => Some(ApprovalState::Lapsed),
    }
}

pub fn ruled(ruling: Ruling) -> pb::ApprovalState {
    match ruling {
        Ruling::Granted => pb::ApprovalState::Granted,
        Ruling::Refused => pb::ApprovalState::Refused,
        Ruling::Lapsed => pb::ApprovalState::Lapsed,
    }
}

pub fn judgement(judgement: Option<Judgement>) -> pb::Judgement {
    match judgement {
        None => pb::Judgement::Unspecified,
        Some(Judgement::Passed) => pb::Judgement::Passed,
        Some(Judgement::Lapsed) => pb::Judgement::Lapsed,
    }
}
