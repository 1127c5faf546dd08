//! A row as the request that it asks to take.

use huying_proto::common::v1::{Datum, Location, Point};
use huying_proto::intake::v1::{
    Channel, Closed, Order, Reporter, ReporterKind, RequestType, SubmitRequestRequest,
};
use huying_wire::instant;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::map::{Field, Placed, Wrong};
use crate::words::Word;

/// The request of a row of a file. Its request id follows from both: the same row of the same file is the same command.
///
/// # Errors
/// The first thing that cannot be read.
pub fn request(
    map: &Placed<'_>,
    row: &[String],
    district: &str,
    (digest, line): (&[u8; 32], usize),
) -> Result<SubmitRequestRequest, Wrong> {
    let text = |field| map.text(row, field);
    let channel = word::<Channel>(map, row, Field::Channel)?
        .ok_or_else(|| map.wrong(Field::Channel, "the row does not say its channel".to_owned()))?;
    Ok(SubmitRequestRequest {
        guide: String::new(),
        guide_version: 0,
        request_id: request_id(digest, line),
        district: district.to_owned(),
        channel: channel.into(),
        external_id: text(Field::ExternalId)?,
        source: text(Field::Source)?,
        reporter: reporter(map, row)?,
        content: text(Field::Content)?,
        location: Some(location(map, row)?),
        category: text(Field::Category)?,
        order: Some(order(map, row)?),
        answer: text(Field::Answer)?,
        concerns: Vec::new(),
        closed: closed(map, row)?,
    })
}

fn request_id(digest: &[u8; 32], line: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(digest);
    hash.update(line.to_be_bytes());
    let whole: [u8; 32] = hash.finalize().into();
    let (half, _) = whole.split_at(16);
    Uuid::new_v8(half.try_into().unwrap_or_default()).to_string()
}

fn word<W: Word>(map: &Placed<'_>, row: &[String], field: Field) -> Result<Option<W>, Wrong> {
    let known: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
    let what = format!("word for it: translate it into one of {}", known.join(", "));
    map.read(row, field, &what, W::parse)
}

fn reporter(map: &Placed<'_>, row: &[String]) -> Result<Option<Reporter>, Wrong> {
    let text = |field| map.text(row, field);
    let reporter = Reporter {
        kind: word::<ReporterKind>(map, row, Field::ReporterKind)?
            .unwrap_or(ReporterKind::Unspecified)
            .into(),
        name: text(Field::Name)?,
        phone: text(Field::Phone)?,
        second_phone: text(Field::SecondPhone)?,
        on_behalf_of: text(Field::OnBehalfOf)?,
        address: text(Field::ReporterAddress)?,
    };
    Ok(Some(reporter).filter(|reporter| *reporter != Reporter::default()))
}

fn location(map: &Placed<'_>, row: &[String]) -> Result<Location, Wrong> {
    let degrees = |field| map.read(row, field, "number of degrees", |text| text.parse::<f64>().ok());
    let (latitude, longitude) = (degrees(Field::Lat)?, degrees(Field::Lon)?);
    let datum = word::<Datum>(map, row, Field::Datum)?.unwrap_or(Datum::Unspecified).into();
    let point = latitude.zip(longitude).map(|(latitude, longitude)| Point { latitude, longitude, datum });
    let (address, area) = (map.text(row, Field::Address)?, map.text(row, Field::Area)?);
    Ok(Location { address, area, point })
}

fn order(map: &Placed<'_>, row: &[String]) -> Result<Order, Wrong> {
    let text = |field| map.text(row, field);
    let holds = |field| map.holds(row, field);
    let at = |field| Ok::<_, Wrong>(map.instant(row, field)?.map(instant::write));
    Ok(Order {
        r#type: word::<RequestType>(map, row, Field::Type)?.unwrap_or(RequestType::Unspecified).into(),
        title: text(Field::Title)?,
        urgent: holds(Field::Urgent)?.unwrap_or(false),
        platform_due_time: at(Field::PlatformDueTime)?,
        complained_of: text(Field::ComplainedOf)?,
        related_number: text(Field::RelatedNumber)?,
        repeated: holds(Field::Repeated)?.unwrap_or(false),
        call_time: at(Field::CallTime)?,
        taker: text(Field::Taker)?,
        anonymous: holds(Field::Anonymous)?.unwrap_or(false),
        confidential: holds(Field::Confidential)?.unwrap_or(false),
        answer_wanted: holds(Field::AnswerWanted)?,
        callback_wanted: holds(Field::CallbackWanted)?,
        attachments: Vec::new(),
        extensions: map.extensions(row).collect(),
    })
}

/// What was settled before it came here: it says when it was closed.
fn closed(map: &Placed<'_>, row: &[String]) -> Result<Option<Closed>, Wrong> {
    let Some(closed) = map.instant(row, Field::CloseTime)? else { return Ok(None) };
    let submitted = map.instant(row, Field::SubmitTime)?.or(map.instant(row, Field::CallTime)?);
    let submitted = submitted.ok_or_else(|| {
        map.wrong(Field::SubmitTime, "what is closed must say when it was received".to_owned())
    })?;
    Ok(Some(Closed {
        submit_time: Some(instant::write(submitted)),
        close_time: Some(instant::write(closed)),
    }))
}
