//! The one place where a change becomes an event. Nothing of who called goes out.

mod visits;

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Aggregate, Entry, Told},
    log_service::timestamp,
    profile::Profile,
};
use huying_proto::intake::v1 as pb;
use huying_wire::place;

use crate::{
    convert,
    domain::{
        archive::Archive,
        card::{Card, CardChange},
        change::{About, Change},
        guide::{Guide, GuideChange},
        profile::Part,
        request::Request,
        risk::Risk,
        state::State,
        visit::Visit,
    },
};

const ROOT: &str = "intake";

/// The event of a log entry.
///
/// # Errors
/// An entry of a kind, or with a change, that this build does not know.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    match entry.head.kind.as_str() {
        Request::KIND => request(entry),
        Guide::KIND => guide(entry),
        Visit::KIND => visits::visit(entry),
        Archive::KIND => visits::archive(entry),
        Risk::KIND => visits::risk(entry),
        Card::KIND => card(entry),
        Profile::<Part>::KIND => Event::new(
            ROOT,
            &pb::IntakeProfileApplied { district: entry.head.district.clone(), version: entry.head.version },
        ),
        other => Err(PublishError::unsayable(format!("{other} is no kind of intake's"))),
    }
}

fn request(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Request>()?;
    let request = Some(reference(entry, state, &about));
    let joined = about.joined;
    let case = about.case.map(|case| case.to_string()).unwrap_or_default();
    match change {
        Change::Submitted { first_contact, submission, answer, closed, .. } => Event::new(
            ROOT,
            &pb::RequestSubmitted {
                request,
                location: Some(place::write(&submission.location)),
                content: submission.content,
                category: submission.category,
                source: submission.source,
                reporter_kind: submission
                    .reporter
                    .map_or(pb::ReporterKind::Unspecified, |reporter| convert::reporter_kind(reporter.kind))
                    .into(),
                first_contact_unit: first_contact.unit.unwrap_or_default(),
                r#type: submission
                    .order
                    .kind
                    .map_or(pb::RequestType::Unspecified, convert::order::kind)
                    .into(),
                urgent: submission.order.urgent,
                platform_due_time: submission.order.platform_due_at.map(timestamp),
                answer,
                close_time: closed.map(|closed| timestamp(closed.closed_at)),
                concerns_priority_people: !submission.concerns.is_empty(),
            },
        ),
        Change::Supplemented { content } => Event::new(ROOT, &pb::RequestSupplemented { request, content }),
        Change::Joined { .. } => Event::new(ROOT, &pb::RequestJoined { request, joined }),
        Change::Withdrawn { reason } => Event::new(ROOT, &pb::RequestWithdrawn { request, reason }),
        Change::Progressed { text, .. } => Event::new(ROOT, &pb::RequestProgressed { request, text, case }),
        Change::ContactReplaced { from, to } => {
            Event::new(ROOT, &pb::RequestContactReplaced { request, from_unit: from, unit: to })
        }
        Change::Owed { .. } => {
            Event::new(ROOT, &pb::RequestProgressed { request, text: String::new(), case })
        }
        Change::Answered { answer, attempt } => {
            Event::new(ROOT, &pb::RequestAnswered { request, answer, case, attempt })
        }
        Change::Objected { reason, attempt } => {
            Event::new(ROOT, &pb::RequestObjected { request, reason, case, attempt })
        }
    }
}

fn guide(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Guide>()?;
    let guide = Some(pb::GuideRef {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        code: about.code,
        kind: convert::guide::kind(about.kind).into(),
        unit: about.unit,
        state: convert::guide::state(state).into(),
    });
    match change {
        GuideChange::Published { content, .. } => {
            Event::new(ROOT, &pb::GuidePublished { guide, title: content.title })
        }
        GuideChange::Withdrawn { reason } => Event::new(ROOT, &pb::GuideWithdrawn { guide, reason }),
    }
}

fn card(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Card>()?;
    let card = Some(pb::CardRef {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        kind: convert::card::kind(about.kind).into(),
        area: about.area,
        unit: about.unit,
        state: convert::card::state(state).into(),
    });
    match change {
        CardChange::Issued { print, .. } => {
            let replaces = print.replaces.map(|id| id.to_string()).unwrap_or_default();
            Event::new(ROOT, &pb::CardIssued { card, batch: print.batch.to_string(), replaces })
        }
        CardChange::Used { request } => {
            Event::new(ROOT, &pb::CardUsed { card, request: request.to_string() })
        }
        CardChange::Replaced { by, reason } => {
            Event::new(ROOT, &pb::CardReplaced { card, replaced_by: by.to_string(), reason })
        }
        CardChange::Revoked { reason } => Event::new(ROOT, &pb::CardRevoked { card, reason }),
    }
}

fn reference(entry: &Entry, state: State, about: &About) -> pb::RequestRef {
    pb::RequestRef {
        id: entry.head.aggregate.to_string(),
        number: about.number.clone(),
        district: entry.head.district.clone(),
        channel: convert::channel(about.channel).into(),
        state: convert::state(state).into(),
        submit_time: Some(timestamp(about.submitted_at)),
        external_id: about.external_id.clone(),
    }
}
