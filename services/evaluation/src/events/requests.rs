//! What is counted of intake's requests: that they came. One arm per event.

use chrono::{DateTime, Utc};
use huying_chassis::{bus::CloudEvent, follow::Failure, log::Heard};
use huying_proto::intake::v1::{self as pb, events::Event};
use huying_wire::instant;

use crate::{
    convert::channel,
    domain::figure::{
        Word,
        received::{Received, Repeat},
    },
};

/// What of an event is counted; none: nothing.
///
/// # Errors
/// It cannot be read.
pub fn heard(event: &CloudEvent, of_intake: Event<'_>, now: DateTime<Utc>) -> Result<Option<Heard>, Failure> {
    match of_intake {
        Event::RequestSubmitted(data) => {
            let word = Word::Request(received(event, data.decode()?)?);
            Ok(Some(Heard { at: now, body: serde_json::to_string(&word)? }))
        }
        // It was received all the same, and what is done about it is the case's.
        Event::RequestWithdrawn(_)
        | Event::RequestSupplemented(_)
        | Event::RequestJoined(_)
        | Event::RequestProgressed(_)
        | Event::RequestDutyMissed(_)
        | Event::RequestContactReplaced(_)
        | Event::RequestForgotten(_)
        | Event::RequestObjected(_)
        | Event::RequestAnswered(_) => Ok(None),
        // Told of other kinds than requests, which are not followed.
        #[rustfmt::skip] // Several to a line.
        Event::IntakeProfileApplied(_) | Event::GuidePublished(_) | Event::GuideWithdrawn(_)
        | Event::VisitRecorded(_) | Event::ArchiveOpened(_) | Event::ArchiveVisited(_)
        | Event::ArchiveUpdated(_) | Event::ArchivePlanned(_) | Event::ArchiveObliged(_) | Event::VisitMissed(_)
        | Event::VisitForgotten(_) | Event::ArchiveForgotten(_) | Event::ForumParticipantForgotten(_)
        | Event::RiskOpened(_) | Event::RiskSettled(_)
        | Event::CardIssued(_) | Event::CardUsed(_) | Event::CardReplaced(_) | Event::CardRevoked(_)
        | Event::ForumHeld(_) | Event::OfferMade(_) | Event::OfferMatched(_) | Event::OfferReleased(_)
        | Event::OfferCompleted(_) | Event::OfferWithdrawn(_) | Event::OfferRated(_) => Ok(None),
    }
}

fn received(event: &CloudEvent, told: pb::RequestSubmitted) -> Result<Received, Failure> {
    let pb::RequestSubmitted { request, location, repeat_of, repeats, .. } = told;
    let request = request.ok_or_else(|| Failure::Poison("the event names no request".to_owned()))?;
    // Doors write what they like: a place that is no area of the district lies somewhere in it as far as is known here.
    let area = location.map(|it| it.area).filter(|area| is_area_of(&request.district, area));
    Ok(Received {
        area: area.unwrap_or_else(|| request.district.clone()),
        channel: channel::read(request.channel()),
        received_at: request.submit_time.as_ref().and_then(instant::read).unwrap_or(event.time),
        district: request.district,
        repeat: repeat_of.parse().ok().map(|of| Repeat { of, before: repeats }),
    })
}

/// A code of the district, or of a street, community or grid in it.
fn is_area_of(district: &str, area: &str) -> bool {
    let digits = area.bytes().all(|byte| byte.is_ascii_digit());
    digits && [6, 9, 12, 15].contains(&area.len()) && area.starts_with(district)
}
