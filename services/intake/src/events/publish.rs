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
        forum::{Forum, ForumChange},
        guide::{Guide, GuideChange},
        offer::{Offer, OfferChange},
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
        Forum::KIND => forum(entry),
        Offer::KIND => offer(entry),
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
        Change::Submitted { first_contact, submission, answer, closed, repeat, .. } => Event::new(
            ROOT,
            &pb::RequestSubmitted {
                request,
                location: Some(place::write(&submission.location)),
                content: submission.content,
                category: submission.category,
                source: submission.source,
                reporter_kind: submission
                    .reporter
                    .map_or(pb::ReporterKind::Unspecified, |reporter| convert::reporter_kind(reporter.kind()))
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
                title: submission.order.title,
                repeat_of: repeat.as_ref().map(|repeat| repeat.of.to_string()).unwrap_or_default(),
                repeats: repeat.map_or(0, |repeat| repeat.before),
            },
        ),
        Change::Supplemented { content } => Event::new(ROOT, &pb::RequestSupplemented { request, content }),
        Change::Joined { .. } => Event::new(ROOT, &pb::RequestJoined { request, joined }),
        Change::Withdrawn { reason } => Event::new(ROOT, &pb::RequestWithdrawn { request, reason }),
        Change::Progressed { text, .. } => Event::new(ROOT, &pb::RequestProgressed { request, text, case }),
        Change::Told { text, .. } => Event::new(ROOT, &pb::RequestProgressed { request, text, case }),
        Change::DutyMissed { unit, due_at, to, .. } => Event::new(
            ROOT,
            &pb::RequestDutyMissed {
                request,
                unit: unit.unwrap_or_default(),
                climbed_to: to.unwrap_or_default(),
                due_time: Some(timestamp(due_at)),
            },
        ),
        Change::ContactReplaced { from, to } => {
            Event::new(ROOT, &pb::RequestContactReplaced { request, from_unit: from, unit: to })
        }
        Change::Forgotten { .. } => Event::new(ROOT, &pb::RequestForgotten { request }),
        Change::Owed { .. } => {
            Event::new(ROOT, &pb::RequestProgressed { request, text: String::new(), case })
        }
        Change::Answered { answer, attempt } => {
            Event::new(ROOT, &pb::RequestAnswered { request, answer, case, attempt })
        }
        Change::Objected { reason, attempt, .. } => {
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

fn forum(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, about, .. } = entry.decode::<Forum>()?;
    let held = match change {
        ForumChange::Held(held) => held,
        ForumChange::Forgotten { .. } => {
            let (id, district) = (entry.head.aggregate.to_string(), entry.head.district.clone());
            return Event::new(ROOT, &pb::ForumParticipantForgotten { id, district });
        }
    };
    let requests = held.requests.iter();
    let requests = requests.map(|it| pb::ForumRequest { id: it.id.to_string(), number: it.number.clone() });
    Event::new(
        ROOT,
        &pb::ForumHeld {
            id: entry.head.aggregate.to_string(),
            district: held.district.clone(),
            area: held.area.clone(),
            kind: convert::forum::kind(held.kind).into(),
            host: held.host.clone(),
            hold_time: Some(timestamp(held.held_at)),
            participant_count: u32::try_from(about.participants).unwrap_or(u32::MAX),
            requests: requests.collect(),
            offers: held.offers.iter().map(ToString::to_string).collect(),
        },
    )
}

fn offer(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Offer>()?;
    let offer = Some(pb::OfferRef {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        area: about.area,
        kind: convert::offer::kind(about.kind).into(),
        side: convert::offer::side(about.side).into(),
        state: convert::offer::state(state).into(),
    });
    match change {
        OfferChange::Made { content, forum, .. } => {
            let forum = forum.map(|forum| forum.to_string()).unwrap_or_default();
            Event::new(ROOT, &pb::OfferMade { offer, party: content.party, title: content.title, forum })
        }
        OfferChange::Matched { with } => {
            let (counterpart, request) = convert::offer::answers(Some(with));
            Event::new(ROOT, &pb::OfferMatched { offer, counterpart, request })
        }
        OfferChange::Released => Event::new(ROOT, &pb::OfferReleased { offer }),
        OfferChange::Done { result, .. } => Event::new(ROOT, &pb::OfferCompleted { offer, result }),
        OfferChange::Withdrawn { reason } => Event::new(ROOT, &pb::OfferWithdrawn { offer, reason }),
        OfferChange::Rated { side, score, .. } => {
            Event::new(ROOT, &pb::OfferRated { offer, side: convert::offer::side(side).into(), score })
        }
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
