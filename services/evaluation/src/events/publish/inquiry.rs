//! What happened to inquiries, and that a case was inspected: which unit and which cases, nobody's name and nobody's words.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::{
    NAME,
    convert::inquiry as convert,
    domain::{
        inquiry::{Inquiry, InquiryAbout, InquiryChange, InquiryState},
        inspection::{Inspection, InspectionAbout, InspectionChange},
    },
};

pub(super) fn inquiry(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Inquiry>()?;
    let inquiry = Some(of_inquiry(entry, state, about));
    match change {
        InquiryChange::Opened(asked) => {
            let cases = asked.cases.iter().map(ToString::to_string).collect();
            let due_time = Some(instant::write(asked.due_at));
            Event::new(NAME, &pb::InquiryOpened { inquiry, cases, due_time })
        }
        InquiryChange::Claimed(claimed) => {
            let due_time = Some(instant::write(claimed.due_at));
            Event::new(NAME, &pb::InquiryClaimed { inquiry, due_time })
        }
        InquiryChange::Answered(answered) => {
            Event::new(NAME, &pb::InquiryAnswered { inquiry, answer: answered.number })
        }
        InquiryChange::Judged(judged) => {
            let (solved, due_time) = (judged.solved, judged.due_at.map(instant::write));
            Event::new(NAME, &pb::InquiryJudged { inquiry, solved, due_time })
        }
        InquiryChange::Missed { due_at } => {
            Event::new(NAME, &pb::InquiryMissed { inquiry, due_time: Some(instant::write(due_at)) })
        }
        InquiryChange::Withdrawn { note: _ } => Event::new(NAME, &pb::InquiryWithdrawn { inquiry }),
    }
}

pub(super) fn inspection(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state: _, about } = entry.decode::<Inspection>()?;
    let InspectionChange::Recorded(_) = change;
    let InspectionAbout { district, area, case, good } = about;
    let (id, case) = (entry.head.aggregate.to_string(), case.to_string());
    Event::new(NAME, &pb::InspectionRecorded { id, district, area, case, good })
}

fn of_inquiry(entry: &Entry, state: InquiryState, about: InquiryAbout) -> pb::InquiryRef {
    pb::InquiryRef {
        id: entry.head.aggregate.to_string(),
        district: about.district,
        area: about.area,
        unit: about.unit,
        state: convert::state(state).into(),
    }
}
