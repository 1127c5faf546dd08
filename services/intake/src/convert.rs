//! Between the domain and `huying.intake.v1`; the words that services share are `huying_wire`'s.

pub mod bond;
pub mod card;
pub mod forum;
pub mod guide;
pub mod offer;
pub mod order;
pub mod person;
pub mod visit;

use huying_chassis::{log::Versioned, log_service::timestamp, page, seal::Rotated};
use huying_proto::intake::v1 as pb;
use huying_wire::{place, priority_kind};

use crate::domain::{
    channel::Channel,
    profile::Index,
    request::{Bearer, FirstContact, Line, Request},
    state::State,
    submission::{Flag, ReporterKind},
};

pub fn channel(channel: Channel) -> pb::Channel {
    match channel {
        Channel::Online => pb::Channel::Online,
        Channel::GridPatrol => pb::Channel::GridPatrol,
        Channel::HomeVisit => pb::Channel::HomeVisit,
        Channel::Forum => pb::Channel::Forum,
        Channel::FromAbove => pb::Channel::FromAbove,
        Channel::Hotline => pb::Channel::Hotline,
        Channel::ServiceCard => pb::Channel::ServiceCard,
        Channel::ResidentQr => pb::Channel::ResidentQr,
        Channel::EnterpriseDesk => pb::Channel::EnterpriseDesk,
    }
}

/// None: unspecified.
pub fn channel_from(channel: pb::Channel) -> Option<Channel> {
    match channel {
        pb::Channel::Unspecified => None,
        pb::Channel::Online => Some(Channel::Online),
        pb::Channel::GridPatrol => Some(Channel::GridPatrol),
        pb::Channel::HomeVisit => Some(Channel::HomeVisit),
        pb::Channel::Forum => Some(Channel::Forum),
        pb::Channel::FromAbove => Some(Channel::FromAbove),
        pb::Channel::Hotline => Some(Channel::Hotline),
        pb::Channel::ServiceCard => Some(Channel::ServiceCard),
        pb::Channel::ResidentQr => Some(Channel::ResidentQr),
        pb::Channel::EnterpriseDesk => Some(Channel::EnterpriseDesk),
    }
}

pub fn state(state: State) -> pb::RequestState {
    match state {
        State::Submitted => pb::RequestState::Submitted,
        State::Handling => pb::RequestState::Handling,
        State::Answering => pb::RequestState::Answering,
        State::Answered => pb::RequestState::Answered,
        State::Withdrawn => pb::RequestState::Withdrawn,
    }
}

/// None: unspecified.
pub fn state_from(state: pb::RequestState) -> Option<State> {
    match state {
        pb::RequestState::Unspecified => None,
        pb::RequestState::Submitted => Some(State::Submitted),
        pb::RequestState::Handling => Some(State::Handling),
        pb::RequestState::Answering => Some(State::Answering),
        pb::RequestState::Answered => Some(State::Answered),
        pb::RequestState::Withdrawn => Some(State::Withdrawn),
    }
}

pub fn reporter_kind(kind: ReporterKind) -> pb::ReporterKind {
    match kind {
        ReporterKind::Resident => pb::ReporterKind::Resident,
        ReporterKind::Enterprise => pb::ReporterKind::Enterprise,
        ReporterKind::Grassroots => pb::ReporterKind::Grassroots,
    }
}

pub fn flag(flag: Flag) -> pb::Flag {
    match flag {
        Flag::NoCallback => pb::Flag::NoCallback,
        Flag::PointUnreadable => pb::Flag::PointUnreadable,
        Flag::UnknownSource => pb::Flag::UnknownSource,
        Flag::NoExternalId => pb::Flag::NoExternalId,
        Flag::ManyAdditions => pb::Flag::ManyAdditions,
        Flag::TimeUnreadable => pb::Flag::TimeUnreadable,
        Flag::UnusualType => pb::Flag::UnusualType,
        Flag::AnswerNotTaken => pb::Flag::AnswerNotTaken,
        Flag::FileUnreadable => pb::Flag::FileUnreadable,
        Flag::VisitFirst => pb::Flag::VisitFirst,
    }
}

/// None: unspecified.
pub fn flag_from(flag: pb::Flag) -> Option<Flag> {
    match flag {
        pb::Flag::Unspecified => None,
        pb::Flag::NoCallback => Some(Flag::NoCallback),
        pb::Flag::PointUnreadable => Some(Flag::PointUnreadable),
        pb::Flag::UnknownSource => Some(Flag::UnknownSource),
        pb::Flag::NoExternalId => Some(Flag::NoExternalId),
        pb::Flag::ManyAdditions => Some(Flag::ManyAdditions),
        pb::Flag::TimeUnreadable => Some(Flag::TimeUnreadable),
        pb::Flag::UnusualType => Some(Flag::UnusualType),
        pb::Flag::AnswerNotTaken => Some(Flag::AnswerNotTaken),
        pb::Flag::FileUnreadable => Some(Flag::FileUnreadable),
        pb::Flag::VisitFirst => Some(Flag::VisitFirst),
    }
}

pub fn addition(line: &Line) -> pb::Addition {
    pb::Addition { content: line.text.clone(), add_time: Some(timestamp(line.at)) }
}

fn first_contact(first: &FirstContact) -> pb::FirstContact {
    pb::FirstContact {
        unit: first.unit.clone().unwrap_or_default(),
        subject: first.subject.clone(),
        published: first.published,
        discharge_time: first.discharged_at.map(timestamp),
        due_time: first.due_at.map(timestamp),
        missed: first.missed,
        climbed_to: first.climbed_to.clone().unwrap_or_default(),
    }
}

pub fn progress(line: &Line) -> pb::Progress {
    pb::Progress { text: line.text.clone(), time: Some(timestamp(line.at)) }
}

/// Who is shown what of a request.
#[derive(Clone, Copy)]
pub struct Sight {
    /// Who calls, masked.
    pub reporter: bool,
    /// That they cannot be called.
    pub callback: bool,
    /// Whom it concerns, where they come first.
    pub concerns: bool,
    /// Which request it repeats.
    pub repeat: bool,
}

impl Sight {
    /// The flags of a request that somebody is shown.
    pub fn flags(self, request: &Request) -> impl Iterator<Item = Flag> {
        let shown = move |flag: &Flag| match flag {
            Flag::NoCallback => self.callback,
            Flag::VisitFirst => self.concerns,
            Flag::PointUnreadable
            | Flag::UnknownSource
            | Flag::NoExternalId
            | Flag::ManyAdditions
            | Flag::TimeUnreadable
            | Flag::UnusualType
            | Flag::AnswerNotTaken
            | Flag::FileUnreadable => true,
        };
        request.flags.iter().copied().filter(shown)
    }
}

/// A request, as far as somebody is shown it, with who called.
pub fn request(request: &Versioned<Request>, sight: Sight, reporter: Option<pb::Reporter>) -> pb::Request {
    let Versioned { id, version, it, .. } = request;
    let submission = &it.submission;
    let repeat = it.repeat.as_ref().filter(|_| sight.repeat);
    pb::Request {
        id: id.to_string(),
        number: it.number.clone(),
        district: submission.district.clone(),
        channel: channel(submission.channel).into(),
        external_id: submission.external_id.clone(),
        source: submission.source.clone(),
        reporter,
        forget_time: it.forgotten_at.map(timestamp),
        content: submission.content.clone(),
        location: Some(place::write(&submission.location)),
        category: submission.category.clone(),
        state: state(it.state).into(),
        first_contact: Some(first_contact(&it.first_contact)),
        submit_time: Some(timestamp(it.submitted_at)),
        additions: it.additions.iter().map(addition).collect(),
        addition_count: it.older_additions + u32::try_from(it.additions.len()).unwrap_or(u32::MAX),
        flags: sight.flags(it).map(|it| flag(it).into()).collect(),
        progress: it.progress.iter().map(progress).collect(),
        update_time: Some(timestamp(it.changed_at())),
        unit: it.holder().unwrap_or_default().to_owned(),
        due_time: it.due_at.map(timestamp),
        answer: it.answer.clone(),
        joined: it.joined,
        repeat_of: repeat.map(|repeat| repeat.of.to_string()).unwrap_or_default(),
        repeats: repeat.map_or(0, |repeat| repeat.before),
        guide: it.guide.as_ref().map(|guide| guide.code.clone()).unwrap_or_default(),
        guide_version: it.guide.as_ref().map_or(0, |guide| guide.version),
        order: (!submission.order.is_empty()).then(|| order::write(&submission.order)),
        case: it.case.map(|case| case.to_string()).unwrap_or_default(),
        concerns: submission
            .concerns
            .iter()
            .filter(|_| sight.concerns)
            .map(|it| priority_kind::write(*it).into())
            .collect(),
        visit: submission.visit.map(|visit| visit.to_string()).unwrap_or_default(),
        close_time: it.closed_at.map(timestamp),
        card: submission.card.map(|card| card.to_string()).unwrap_or_default(),
        // Only for services.
        platform: String::new(),
        version: *version,
    }
}

/// What the reporter may see, or somebody who joined. The answer shows once it is given, and until when it may be objected to.
pub fn track(request: &Request, bearer: Bearer, profile: &Index) -> pb::Track {
    let is_worked_on = request.state == State::Handling;
    let name = request.holder().and_then(|unit| profile.unit_names.get(unit));
    pb::Track {
        unit: name.filter(|_| is_worked_on).cloned().unwrap_or_default(),
        due_time: request.due_at.filter(|_| is_worked_on).map(timestamp),
        number: request.number.clone(),
        state: state(request.state).into(),
        submit_time: Some(timestamp(request.submitted_at)),
        progress: request
            .progress
            .iter()
            .filter(|line| bearer == Bearer::Reporter || !line.own)
            .map(progress)
            .collect(),
        answer: if request.state == State::Answered { request.answer.clone() } else { String::new() },
        object_until_time: request.object_until(profile).map(timestamp),
    }
}

/// How far the data keys are wrapped by the newest key.
pub fn rotated(done: Rotated) -> pb::RotateKeysResponse {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    pb::RotateKeysResponse {
        newest: done.newest,
        rewrapped: number(done.rewrapped),
        left: done.left,
        next_page_token: page::token(done.next),
        unopened: number(done.unopened),
        missing: done.missing,
    }
}

/// Of whom nothing is known any more, and since when.
pub fn forgotten(request: &Versioned<Request>) -> pb::ForgetReporterResponse {
    let Versioned { id, version, it, .. } = request;
    pb::ForgetReporterResponse {
        id: id.to_string(),
        number: it.number.clone(),
        version: *version,
        forget_time: it.forgotten_at.map(timestamp),
    }
}
