//! The events of cases: a line for each change, and what its event says besides the case.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told, fingerprint},
    log_service::timestamp,
};
use huying_proto::casework::v1 as pb;
use huying_terms::Clock;
use huying_wire::{lamp, limit, priority, solved, tier};

use super::{ROOT, due, group, merge, split, successor};
use crate::{
    convert,
    domain::{
        Case, CaseParty, Change, ClockKind, File, Holder, State,
        case::{
            CaseAbout,
            step::{
                AnswerMissed, Appointed, ApprovalAsked, ApprovalRuled, Arbitrated, ArbitrationClimbed, Asked,
                Called, Closed, Corrected, Declined, Delegated, Escalated, Extended, Judged, Noted, Opened,
                Recategorised, Rerouted, Resolved, Resumed, Returned, Supervised, SupervisionClimbed,
                Supplemented, Suspended, SuspensionReviewed, ToldUpward, VerificationClimbed,
                VerificationFailed, Verified,
            },
        },
        clocks::LampTurned,
        recompute::Recomputed,
    },
};

pub(super) type Said = Result<Event, PublishError>;
pub(super) type Ref = Option<pb::CaseRef>;

pub(super) fn publish(entry: &Entry) -> Said {
    let Told { change, state, about } = entry.decode::<Case>()?;
    let case = Some(case_ref(entry, state, about));
    match change {
        Change::Opened(it) => opened(case, &it),
        Change::Accepted(_) => Event::new(ROOT, &pb::CaseAccepted { case, by: by(entry) }),
        Change::Noted(it) => noted(case, entry, it),
        Change::Escalated(it) => escalated(case, entry, it),
        Change::Delegated(it) => delegated(case, entry, it),
        Change::Called(it) => called(case, entry, &it),
        Change::LampTurned(it) => lamp_turned(case, &it),
        Change::Resolved(it) => Event::new(ROOT, &resolution(case, it)),
        Change::Verified(it) => verified(case, entry, it),
        Change::VerificationFailed(it) => verification_failed(case, entry, it),
        Change::VerificationClimbed(it) => verification_climbed(case, it),
        Change::Answered(it) => Event::new(ROOT, &pb::CaseAnswered { case, request: it.request.to_string() }),
        Change::Judged(it) => judged(case, &it),
        Change::Reopened(it) => Event::new(ROOT, &pb::CaseReopened { case, reason: it.reason }),
        Change::Closed(it) => closed(case, it),
        Change::Attached(it) => attached(case, it.file),
        Change::Supplemented(it) => supplemented(case, &it),
        Change::ApprovalAsked(it) => approval_asked(case, entry, it),
        Change::ApprovalRuled(it) => approval_ruled(case, it),
        Change::Extended(it) => extended(case, it),
        Change::Recomputed(it) => recomputed(case, &it),
        Change::Asked(it) => asked(case, entry, it),
        Change::AnswerMissed(it) => answer_missed(case, &it),
        Change::Returned(it) => returned(case, entry, it),
        Change::Arbitrated(it) => arbitrated(case, it),
        Change::ArbitrationClimbed(it) => climbed(case, it),
        Change::Suspended(it) => suspended(case, it),
        Change::SuspensionReviewed(it) => suspension_reviewed(case, it),
        Change::Resumed(it) => resumed(case, it),
        Change::Declined(it) => declined(case, it),
        Change::Supervised(it) => supervised(case, entry, it),
        Change::SupervisionAnswered(_) => {
            Event::new(ROOT, &pb::CaseSupervisionAnswered { case, by: by(entry) })
        }
        Change::SupervisionClimbed(it) => harder(case, it),
        Change::ToldUpward(it) => told_upward(case, it),
        Change::Appointed(it) => appointed(case, entry, &it),
        Change::Idled(it) => Event::new(ROOT, &pb::CaseIdled { case, time: Some(timestamp(it.at)) }),
        Change::ChargeTaken(_) => Event::new(ROOT, &pb::CaseChargeTaken { case }),
        Change::ChargeReported(_) => Event::new(ROOT, &pb::CaseChargeReported { case }),
        Change::ChargeEnded(_) => Event::new(ROOT, &pb::CaseChargeEnded { case }),
        Change::SupervisionLapsed(_) => Event::new(ROOT, &pb::CaseSupervisionLapsed { case }),
        Change::Consulted(it) => group::consulted(case, entry, &it),
        Change::GroupCalled(it) => group::called(case, &it, entry.head.at),
        Change::GroupEnded(it) => group::ended(case, it),
        Change::Deliberated(it) => group::deliberated(case, &it),
        Change::Merged(it) => merge::merged(case, it),
        Change::Joined(it) => merge::joined(case, it),
        Change::Unmerged(it) => merge::unmerged(case, it),
        Change::Parted(it) => merge::parted(case, it),
        Change::RequestWithdrawn(it) => merge::request_withdrawn(case, &it),
        Change::Recategorised(it) => recategorised(case, it),
        Change::Rerouted(it) => rerouted(case, it),
        Change::WasSplit(it) => split::was_split(case, it),
        Change::SplitOff(it) => split::split_off(case, &it),
        Change::Corrected(it) => corrected(case, it),
        Change::Relieved(it) => successor::relieved(case, it),
        Change::Replaced(it) => {
            Event::new(ROOT, &pb::CaseUnitReplaced { case, successions: successor::all(it) })
        }
    }
}

fn opened(case: Ref, it: &Opened) -> Said {
    let priority = priority::write(it.opening.priority).into();
    let respond_due_time = due(&it.clocks, ClockKind::Respond);
    let resolve_due_time = due(&it.clocks, ClockKind::Resolve);
    Event::new(ROOT, &pb::CaseOpened { case, priority, respond_due_time, resolve_due_time })
}

fn noted(case: Ref, entry: &Entry, it: Noted) -> Said {
    let text = if it.public { it.text } else { String::new() };
    Event::new(ROOT, &pb::CaseNoted { case, text, public: it.public, by: by(entry) })
}

fn escalated(case: Ref, entry: &Entry, it: Escalated) -> Said {
    Event::new(ROOT, &pb::CaseEscalated { case, from_unit: it.from, reason: it.reason, by: by(entry) })
}

fn delegated(case: Ref, entry: &Entry, it: Delegated) -> Said {
    Event::new(ROOT, &pb::CaseDelegated { case, from_unit: it.from, reason: it.reason, by: by(entry) })
}

fn recategorised(case: Ref, it: Recategorised) -> Said {
    let (priority, resolve) = (priority::write(it.priority).into(), due(&it.clocks, ClockKind::Resolve));
    let (from_category, reason) = (it.from, it.reason);
    Event::new(
        ROOT,
        &pb::CaseRecategorised { case, from_category, priority, resolve_due_time: resolve, reason },
    )
}

fn rerouted(case: Ref, it: Rerouted) -> Said {
    let respond_due_time = it.respond.due_at.map(timestamp);
    Event::new(ROOT, &pb::CaseRerouted { case, from_unit: it.from.unit, respond_due_time })
}

fn corrected(case: Ref, it: Corrected) -> Said {
    let applied = it.clocks.is_some();
    let clocks = it.clocks.unwrap_or_default();
    Event::new(
        ROOT,
        &pb::CaseCorrected {
            case,
            from_unit: it.from.unit,
            area: it.area,
            category: it.category,
            unit: it.to.unit,
            priority: priority::write(it.priority).into(),
            respond_due_time: due(&clocks, ClockKind::Respond),
            resolve_due_time: due(&clocks, ClockKind::Resolve),
            reason: it.reason,
            too_late: !applied,
        },
    )
}

fn called(case: Ref, entry: &Entry, it: &Called) -> Said {
    let units = it.dispatches.iter().map(|one| one.unit.clone()).collect();
    let dispatches = it.dispatches.iter().map(|one| one.dispatch.to_string()).collect();
    let called_by = entry.actor().unit.unwrap_or_default();
    Event::new(ROOT, &pb::CaseCalled { case, units, dispatches, called_by, by: by(entry) })
}

fn attached(case: Ref, file: File) -> Said {
    let kind = convert::attachment::kind(file.kind).into();
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    let attachment = file.id.to_string();
    Event::new(ROOT, &pb::CaseAttached { case, attachment, kind, media_type: file.media_type, size })
}

fn supplemented(case: Ref, it: &Supplemented) -> Said {
    Event::new(ROOT, &pb::CaseSupplemented { case, request: it.request.to_string() })
}

fn recomputed(case: Ref, it: &Recomputed) -> Said {
    Event::new(ROOT, &pb::CaseRecomputed { case, clocks: convert::clocks(&it.clocks) })
}

/// Who it was stands in the history: followers know again whoever was, and whoever of its holder said so. Where it came about by itself nobody has
/// done anything yet.
fn appointed(case: Ref, entry: &Entry, it: &Appointed) -> Said {
    let unit = case.as_ref().map(|case| case.holder.clone()).unwrap_or_default();
    let said = by(entry).filter(|by| by.unit == unit).map(|by| by.persons).unwrap_or_default();
    let officer = it.officer.as_ref().map(|officer| fingerprint(entry.head.aggregate, &officer.subject));
    let persons: Vec<String> = said.into_iter().chain(officer).collect();
    let by = (it.why.is_empty() && !persons.is_empty()).then_some(pb::CaseParty { unit, persons });
    Event::new(ROOT, &pb::CaseOfficerAppointed { case, appointed: it.officer.is_some(), by })
}

fn lamp_turned(case: Ref, it: &LampTurned) -> Said {
    let (clock, lamp) = (convert::clock_kind(it.clock).into(), lamp::write(it.lamp).into());
    Event::new(ROOT, &pb::CaseLampTurned { case, clock, lamp, due_time: Some(timestamp(it.due_at)) })
}

fn resolution(case: Ref, it: Resolved) -> pb::CaseResolved {
    let handling = it.handling.unwrap_or_default();
    let (verifier, verifier_name) = it.verifier.map(|it| (it.unit, it.name)).unwrap_or_default();
    pb::CaseResolved {
        case,
        answer: it.answer,
        units: it.units,
        parties: it.parties.into_iter().map(party).collect(),
        claim_true: handling.claim_true,
        contacted: handling.contacted,
        solved: handling.solved.map(|it| solved::write(it).into()).unwrap_or_default(),
        verifier,
        verifier_name,
        verify_due_time: it.verify.and_then(|clock| clock.due_at).map(timestamp),
    }
}

/// The unit that somebody acted for, and who that was.
pub(super) fn by(entry: &Entry) -> Option<pb::CaseParty> {
    let actor = entry.actor();
    let person = fingerprint(entry.head.aggregate, &actor.subject);
    actor.unit.map(|unit| pb::CaseParty { unit, persons: vec![person] })
}

fn party(it: CaseParty) -> pb::CaseParty {
    pb::CaseParty { unit: it.unit, persons: it.persons }
}

fn verified(case: Ref, entry: &Entry, it: Verified) -> Said {
    let (finding, unit) = (it.finding, entry.actor().unit.clone().unwrap_or_default());
    let resolved = Some(resolution(case.clone(), it.resolved));
    Event::new(ROOT, &pb::CaseVerified { case, finding, unit, resolved })
}

fn verification_failed(case: Ref, entry: &Entry, it: VerificationFailed) -> Said {
    let (finding, unit) = (it.finding, entry.actor().unit.clone().unwrap_or_default());
    let resolve_due_time = due(&it.clocks, ClockKind::Resolve);
    Event::new(ROOT, &pb::CaseVerificationFailed { case, finding, unit, resolve_due_time })
}

fn verification_climbed(case: Ref, it: VerificationClimbed) -> Said {
    Event::new(
        ROOT,
        &pb::CaseVerificationClimbed {
            case,
            from_unit: it.from.unit,
            from_unit_name: it.from.name,
            verifier: it.to.unit,
            verifier_name: it.to.name,
            verify_due_time: it.verify.and_then(|clock| clock.due_at).map(timestamp),
        },
    )
}

fn judged(case: Ref, it: &Judged) -> Said {
    Event::new(ROOT, &pb::CaseJudged { case, judgement: convert::judgement(Some(it.judgement)).into() })
}

fn closed(case: Ref, it: Closed) -> Said {
    let outcome = convert::outcome::write(Some(it.outcome)).into();
    let resolved = it.resolved.map(|it| resolution(case.clone(), *it));
    Event::new(ROOT, &pb::CaseClosed { case, outcome, resolved })
}

fn approval_asked(case: Ref, entry: &Entry, it: ApprovalAsked) -> Said {
    let (approval, kind) = (it.approval.to_string(), convert::approval_kind(it.kind).into());
    Event::new(ROOT, &pb::CaseApprovalAsked { case, approval, kind, reason: it.reason, by: by(entry) })
}

fn approval_ruled(case: Ref, it: ApprovalRuled) -> Said {
    let (approval, kind) = (it.approval.to_string(), convert::approval_kind(it.kind).into());
    let ruling = convert::ruled(it.ruling).into();
    Event::new(ROOT, &pb::CaseApprovalRuled { case, approval, kind, ruling, reason: it.reason })
}

fn extended(case: Ref, it: Extended) -> Said {
    let resolve_due_time = it.resolve.and_then(|clock| clock.due_at).map(timestamp);
    Event::new(ROOT, &pb::CaseExtended { case, more: Some(limit::write(it.more)), resolve_due_time })
}

fn asked(case: Ref, entry: &Entry, it: Asked) -> Said {
    let answer_due_time = due(&it.clocks, ClockKind::Wait);
    Event::new(ROOT, &pb::CaseAsked { case, question: it.question, answer_due_time, by: by(entry) })
}

fn answer_missed(case: Ref, it: &AnswerMissed) -> Said {
    Event::new(ROOT, &pb::CaseAnswerMissed { case, resolve_due_time: due(&it.clocks, ClockKind::Resolve) })
}

fn returned(case: Ref, entry: &Entry, it: Returned) -> Said {
    let arbitrate_due_time = due(&it.clocks, ClockKind::Arbitrate);
    let Holder { unit: arbiter, name: arbiter_name, .. } = it.arbiter;
    let (reason, by) = (it.reason, by(entry));
    Event::new(ROOT, &pb::CaseReturned { case, reason, arbiter, arbiter_name, arbitrate_due_time, by })
}

fn arbitrated(case: Ref, it: Arbitrated) -> Said {
    Event::new(
        ROOT,
        &pb::CaseArbitrated {
            case,
            from_unit: it.from.unit,
            from_unit_name: it.from.name,
            unit_name: it.to.name,
            binding: it.binding,
            reason: it.reason,
            respond_due_time: due(&it.clocks, ClockKind::Respond),
            resolve_due_time: due(&it.clocks, ClockKind::Resolve),
        },
    )
}

fn climbed(case: Ref, it: ArbitrationClimbed) -> Said {
    Event::new(
        ROOT,
        &pb::CaseArbitrationClimbed {
            case,
            from_unit: it.from.unit,
            from_unit_name: it.from.name,
            arbiter: it.to.unit,
            arbiter_name: it.to.name,
            arbitrate_due_time: it.arbitrate.and_then(|clock| clock.due_at).map(timestamp),
        },
    )
}

fn suspended(case: Ref, it: Suspended) -> Said {
    Event::new(ROOT, &pb::CaseSuspended { case, plan: it.plan, review_date: it.review.to_string() })
}

fn suspension_reviewed(case: Ref, it: SuspensionReviewed) -> Said {
    let review_date = it.review.to_string();
    Event::new(ROOT, &pb::CaseSuspensionReviewed { case, review_date, remark: it.remark })
}

fn resumed(case: Ref, it: Resumed) -> Said {
    let resolve_due_time = due(&it.clocks, ClockKind::Resolve);
    Event::new(ROOT, &pb::CaseResumed { case, reason: it.reason, resolve_due_time })
}

fn declined(case: Ref, it: Declined) -> Said {
    let ground = Some(convert::ground(&it.ground));
    Event::new(ROOT, &pb::CaseDeclined { case, ground, answer: it.answer })
}

fn supervised(case: Ref, entry: &Entry, it: Supervised) -> Said {
    let level = convert::level(it.level).into();
    let unit = entry.actor().unit.clone().unwrap_or_default();
    let reply_due_time = reply_due(it.reply);
    Event::new(ROOT, &pb::CaseSupervised { case, level, unit, reason: it.reason, reply_due_time })
}

fn harder(case: Ref, it: SupervisionClimbed) -> Said {
    let (from, level) = (convert::level(it.from).into(), convert::level(it.to).into());
    let (superior, superior_name) = it.superior.map(|it| (it.unit, it.name)).unwrap_or_default();
    let reply_due_time = reply_due(it.reply);
    Event::new(
        ROOT,
        &pb::CaseSupervisionClimbed { case, from, level, superior, superior_name, reply_due_time },
    )
}

fn told_upward(case: Ref, it: ToldUpward) -> Said {
    let (superior, superior_name) = it.superior.map(|it| (it.unit, it.name)).unwrap_or_default();
    Event::new(ROOT, &pb::CaseToldUpward { case, superior, superior_name, reason: it.reason })
}

fn reply_due(reply: Option<Clock>) -> Option<pbjson_types::Timestamp> {
    reply.and_then(|clock| clock.due_at).map(timestamp)
}

fn case_ref(entry: &Entry, state: State, about: CaseAbout) -> pb::CaseRef {
    pb::CaseRef {
        id: entry.head.aggregate.to_string(),
        number: about.number,
        district: about.district,
        area: about.area,
        category: about.category,
        state: convert::state(state).into(),
        tier: tier::write(about.tier).into(),
        holder: about.holder,
        requests: about.requests.iter().map(ToString::to_string).collect(),
        attempt: about.attempt,
        open_time: Some(timestamp(about.opened_at)),
        resolve_due_time: about.resolve_due_at.map(timestamp),
    }
}
