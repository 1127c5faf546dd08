//! How a platform's columns become our fields: a TOML file for each platform.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use strum::{IntoStaticStr, VariantArray};

use crate::failure::wrong;

/// Ways of writing an instant that are always understood.
const TIMES: [&str; 4] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S"];
const DAYS: [&str; 2] = ["%Y-%m-%d", "%Y/%m/%d"];

/// What a row can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    ExternalId,
    Channel,
    Source,
    Content,
    Category,
    Address,
    Area,
    Lat,
    Lon,
    Datum,
    Name,
    Phone,
    SecondPhone,
    OnBehalfOf,
    ReporterAddress,
    ReporterKind,
    Type,
    Title,
    Urgent,
    PlatformDueTime,
    ComplainedOf,
    RelatedNumber,
    Repeated,
    CallTime,
    Taker,
    Anonymous,
    Confidential,
    AnswerWanted,
    CallbackWanted,
    Answer,
    SubmitTime,
    CloseTime,
}

impl Field {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A mapping as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default = "zone")]
    zone: String,
    sheet: Option<String>,
    #[serde(default)]
    times: Vec<String>,
    columns: BTreeMap<Field, String>,
    #[serde(default)]
    fixed: BTreeMap<Field, String>,
    #[serde(default)]
    values: BTreeMap<Field, BTreeMap<String, String>>,
    #[serde(default)]
    extensions: BTreeMap<String, String>,
}

fn zone() -> String {
    "Asia/Shanghai".to_owned()
}

/// A mapping.
#[derive(Debug)]
pub struct Map {
    written: Written,
    zone: Tz,
}

/// A mapping on a file: where each column stands.
pub struct Placed<'a> {
    map: &'a Map,
    columns: BTreeMap<Field, usize>,
    extensions: Vec<(&'a str, usize)>,
}

/// What is wrong with a row: in which column, or none; a reason for programs; and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub column: String,
    pub reason: String,
    pub text: String,
}

impl Map {
    /// Reads a mapping.
    ///
    /// # Errors
    /// It cannot be read, or does not say what it must.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text)
    }

    /// The same, from its text.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let written: Written =
            toml::from_str(text).map_err(|error| wrong(error.to_string(), "correct this line"))?;
        let zone = written.zone.parse().map_err(|_| {
            wrong(format!("zone '{}' is no time zone", written.zone), "write one such as Asia/Shanghai")
        })?;
        let says = |field| written.columns.contains_key(&field) || written.fixed.contains_key(&field);
        if let Some(field) = [Field::Channel, Field::Content].into_iter().find(|field| !says(*field)) {
            let what = format!("the mapping does not say where {} is", field.name());
            return Err(wrong(what, "add it under [columns] or [fixed]"));
        }
        Ok(Self { written, zone })
    }

    /// Which sheet of a workbook; none: the first.
    pub fn sheet(&self) -> Option<&str> {
        self.written.sheet.as_deref()
    }

    /// Finds its columns among those of a file.
    ///
    /// # Errors
    /// One is not there: its name, and those that are.
    pub fn on(&self, columns: &[String]) -> anyhow::Result<Placed<'_>> {
        let place = |column: &String| {
            columns.iter().position(|it| it == column).ok_or_else(|| {
                let what = format!("the file has no column '{column}'");
                wrong(what, format!("correct it in the mapping; the file has: {}", columns.join(", ")))
            })
        };
        let mut placed = Placed { map: self, columns: BTreeMap::new(), extensions: Vec::new() };
        for (field, column) in &self.written.columns {
            placed.columns.insert(*field, place(column)?);
        }
        for (key, column) in &self.written.extensions {
            placed.extensions.push((key, place(column)?));
        }
        Ok(placed)
    }

    /// What the platform calls a field: its column, else our own name.
    pub fn column(&self, field: Field) -> String {
        self.written.columns.get(&field).cloned().unwrap_or_else(|| field.name().to_owned())
    }

    /// An instant, as one of the ways says it; where only a day is said, that time of it.
    fn instant(&self, text: &str, of_day: NaiveTime) -> Option<DateTime<Utc>> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(at.to_utc());
        }
        let ways = || self.written.times.iter().map(String::as_str);
        let instant = ways().chain(TIMES).find_map(|way| NaiveDateTime::parse_from_str(text, way).ok());
        let day = || ways().chain(DAYS).find_map(|way| NaiveDate::parse_from_str(text, way).ok());
        let local = instant.or_else(|| day().map(|day| day.and_time(of_day)))?;
        self.zone.from_local_datetime(&local).earliest().map(|at| at.to_utc())
    }
}

impl Placed<'_> {
    /// What a row says of a field, in our words; empty: nothing.
    ///
    /// # Errors
    /// The platform's word has no translation.
    pub fn text(&self, row: &[String], field: Field) -> Result<String, Wrong> {
        let written = &self.map.written;
        let cell = self.cell(row, field);
        if cell.is_empty() {
            return Ok(written.fixed.get(&field).cloned().unwrap_or_default());
        }
        match written.values.get(&field) {
            None => Ok(cell.to_owned()),
            Some(values) => values.get(cell).cloned().ok_or_else(|| {
                self.wrong(
                    field,
                    format!("'{cell}' has no translation: add it under [values.{}]", field.name()),
                )
            }),
        }
    }

    /// The same, read in a way; none: it says nothing.
    ///
    /// # Errors
    /// As [`text`](Self::text); it cannot be read so, which is to be `what`.
    pub fn read<T>(
        &self,
        row: &[String],
        field: Field,
        what: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        let text = self.text(row, field)?;
        if text.is_empty() {
            return Ok(None);
        }
        read(&text).map(Some).ok_or_else(|| self.wrong(field, format!("'{text}' is no {what}")))
    }

    /// A day that is said alone begins then, and what is closed is closed at its end.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn instant(&self, row: &[String], field: Field) -> Result<Option<DateTime<Utc>>, Wrong> {
        let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
        let of_day = if field == Field::CloseTime { last } else { NaiveTime::MIN };
        self.read(row, field, "time: say how it is written under times", |text| {
            self.map.instant(text, of_day)
        })
    }

    /// # Errors
    /// As [`read`](Self::read).
    pub fn holds(&self, row: &[String], field: Field) -> Result<Option<bool>, Wrong> {
        self.read(row, field, "yes or no", |text| match text {
            "true" | "是" | "1" => Some(true),
            "false" | "否" | "0" => Some(false),
            _ => None,
        })
    }

    /// What stands there, in the platform's words; empty: nothing.
    pub fn cell<'a>(&self, row: &'a [String], field: Field) -> &'a str {
        self.columns.get(&field).and_then(|at| row.get(*at)).map_or("", String::as_str)
    }

    /// Whatever else the door has.
    pub fn extensions(&self, row: &[String]) -> impl Iterator<Item = (String, String)> {
        let said =
            self.extensions.iter().filter_map(|(key, at)| Some(((*key).to_owned(), row.get(*at)?.clone())));
        said.filter(|(_, value)| !value.is_empty())
    }

    pub fn wrong(&self, field: Field, text: String) -> Wrong {
        Wrong { column: self.map.column(field), reason: "BAD_VALUE".to_owned(), text }
    }

    /// The platform's column for a field that intake names; empty: none.
    pub fn column_of(&self, path: &str) -> String {
        let last = path.rsplit('.').next().unwrap_or(path);
        let ours = match path {
            "reporter.address" => "reporter_address",
            "reporter.kind" => "reporter_kind",
            "location.point" => "lat",
            _ => last,
        };
        let field = Field::VARIANTS.iter().find(|field| field.name() == ours);
        field.map(|field| self.map.column(*field)).unwrap_or_default()
    }
}
