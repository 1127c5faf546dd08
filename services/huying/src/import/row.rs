//! A row as the request that it asks to take.
//!
//! Guaranteed: a call is not lost for a cell that need not be there. One that cannot be read is told, and kept as given.

use std::collections::{BTreeMap, HashMap};

use huying_proto::common::v1::{Datum, Location, Point};
use huying_proto::intake::v1::{
    Channel, Closed, Order, Reporter, ReporterKind, RequestType, SubmitRequestRequest,
};
use huying_wire::instant;
use pbjson_types::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::map::{Field, Placed, Wrong};
use crate::words::Word;

/// A time that is none, and degrees that are nowhere: intake drops them and flags the request.
const NO_TIME: Timestamp = Timestamp { seconds: 0, nanos: -1 };
const NOWHERE: f64 = 999.0;
/// What intake keeps among whatever else the door has: so many keys, of so many characters, and so many of each value.
const EXTENSIONS: usize = 32;
const KEY: usize = 64;
const VALUE: usize = 500;

/// The rows of a file that were seen by now, so that each is told from the others that say the same.
#[derive(Default)]
pub struct Ids(HashMap<[u8; 16], u32>);

impl Ids {
    /// The request id of the next row: by what it says and how many said the same before it. So a row that was taken stays taken, whatever is
    /// mended in others, in the mapping or in the order of columns.
    pub fn next(&mut self, district: &str, columns: &[String], row: &[String]) -> String {
        let said: BTreeMap<_, _> = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()).collect();
        let mut hash = Sha256::new();
        for text in
            [district].into_iter().chain(said.iter().flat_map(|(name, cell)| [name.as_str(), cell.as_str()]))
        {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        let same = self.0.entry(half(hash.clone())).or_default();
        hash.update(same.to_be_bytes());
        *same += 1;
        Uuid::new_v8(half(hash)).to_string()
    }
}

fn half(hash: Sha256) -> [u8; 16] {
    let whole: [u8; 32] = hash.finalize().into();
    whole.split_at(16).0.try_into().unwrap_or_default()
}

/// A row that is being read, and what could not be.
struct Reading<'a> {
    map: &'a Placed<'a>,
    row: &'a [String],
    unread: Vec<(Field, Wrong)>,
}

/// The request of a row, and what could not be read of it.
///
/// # Errors
/// The first thing that cannot be read of what must be there: the channel, and when it was closed and received.
pub fn request(
    map: &Placed<'_>,
    row: &[String],
    district: &str,
    request_id: String,
) -> Result<(SubmitRequestRequest, Vec<Wrong>), Wrong> {
    let channel = word::<Channel>(map, row, Field::Channel)?
        .ok_or_else(|| map.wrong(Field::Channel, "the row does not say its channel".to_owned()))?;
    let closed = closed(map, row)?;
    let mut it = Reading { map, row, unread: Vec::new() };
    let mut request = SubmitRequestRequest {
        guide: String::new(),
        guide_version: 0,
        request_id,
        district: district.to_owned(),
        channel: channel.into(),
        external_id: it.text(Field::ExternalId),
        source: it.text(Field::Source),
        reporter: it.reporter(),
        content: it.text(Field::Content),
        location: Some(it.location()),
        category: it.text(Field::Category),
        order: None,
        answer: it.text(Field::Answer),
        concerns: Vec::new(),
        closed,
    };
    request.order = Some(it.order());
    Ok((request, it.unread.into_iter().map(|(_, wrong)| wrong).collect()))
}

fn word<W: Word>(map: &Placed<'_>, row: &[String], field: Field) -> Result<Option<W>, Wrong> {
    let known: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
    let what = format!("word for it: translate it into one of {}", known.join(", "));
    map.read(row, field, &what, W::parse)
}

impl Reading<'_> {
    /// What was read; none: it says nothing, or cannot be read.
    fn optional<T>(&mut self, field: Field, read: Result<Option<T>, Wrong>) -> Option<T> {
        read.unwrap_or_else(|wrong| {
            self.unread.push((field, wrong));
            None
        })
    }

    /// The same, or what stands for what cannot be read.
    fn or<T>(&mut self, field: Field, read: Result<Option<T>, Wrong>, unread: T) -> Option<T> {
        let before = self.unread.len();
        let found = self.optional(field, read);
        if self.unread.len() > before { Some(unread) } else { found }
    }

    /// In our words, or as it stands there.
    fn text(&mut self, field: Field) -> String {
        let as_given = self.map.cell(self.row, field).to_owned();
        let read = self.map.text(self.row, field).map(Some);
        self.or(field, read, as_given).unwrap_or_default()
    }

    fn word<W: Word>(&mut self, field: Field) -> Option<W> {
        self.optional(field, word(self.map, self.row, field))
    }

    fn holds(&mut self, field: Field) -> Option<bool> {
        self.optional(field, self.map.holds(self.row, field))
    }

    /// Whether somebody is not to be named: who says something else than yes or no means yes.
    fn hides(&mut self, field: Field) -> bool {
        self.or(field, self.map.holds(self.row, field), true).unwrap_or(false)
    }

    fn at(&mut self, field: Field) -> Option<Timestamp> {
        let read = self.map.instant(self.row, field).map(|at| at.map(instant::write));
        self.or(field, read, NO_TIME)
    }

    fn degrees(&mut self, field: Field) -> Option<f64> {
        let read = self.map.read(self.row, field, "number of degrees", |text| text.parse::<f64>().ok());
        self.or(field, read, NOWHERE)
    }

    fn reporter(&mut self) -> Option<Reporter> {
        let reporter = Reporter {
            kind: self.word(Field::ReporterKind).unwrap_or(ReporterKind::Unspecified).into(),
            name: self.text(Field::Name),
            phone: self.text(Field::Phone),
            second_phone: self.text(Field::SecondPhone),
            on_behalf_of: self.text(Field::OnBehalfOf),
            address: self.text(Field::ReporterAddress),
        };
        Some(reporter).filter(|reporter| *reporter != Reporter::default())
    }

    /// A point in a datum that cannot be read is nowhere: it would lie some hundred metres off.
    fn location(&mut self) -> Location {
        let (latitude, longitude) = (self.degrees(Field::Lat), self.degrees(Field::Lon));
        let before = self.unread.len();
        let datum = self.word(Field::Datum).unwrap_or(Datum::Unspecified).into();
        let latitude = latitude.map(|latitude| if self.unread.len() > before { NOWHERE } else { latitude });
        let point = latitude.zip(longitude).map(|(latitude, longitude)| Point { latitude, longitude, datum });
        Location { address: self.text(Field::Address), area: self.text(Field::Area), point }
    }

    /// Last: what could not be read until then is kept as given, among whatever else the door has.
    fn order(&mut self) -> Order {
        let mut order = Order {
            r#type: self.word(Field::Type).unwrap_or(RequestType::Unspecified).into(),
            title: self.text(Field::Title),
            urgent: self.holds(Field::Urgent).unwrap_or(false),
            platform_due_time: self.at(Field::PlatformDueTime),
            complained_of: self.text(Field::ComplainedOf),
            related_number: self.text(Field::RelatedNumber),
            repeated: self.holds(Field::Repeated).unwrap_or(false),
            call_time: self.at(Field::CallTime),
            taker: self.text(Field::Taker),
            anonymous: self.hides(Field::Anonymous),
            confidential: self.hides(Field::Confidential),
            answer_wanted: self.holds(Field::AnswerWanted),
            callback_wanted: self.holds(Field::CallbackWanted),
            attachments: Vec::new(),
            extensions: self.map.extensions(self.row).collect(),
        };
        for (field, wrong) in &self.unread {
            let given: String = self.map.cell(self.row, *field).chars().take(VALUE).collect();
            let column: String = wrong.column.chars().take(KEY).collect();
            if !given.is_empty() && order.extensions.len() < EXTENSIONS {
                order.extensions.entry(column).or_insert(given);
            }
        }
        order
    }
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
