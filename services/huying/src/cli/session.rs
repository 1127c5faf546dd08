//! What a command works with: a way to the services and a way to print.

use chrono::{DateTime, NaiveDate, Utc};

use crate::client::{Client, Reach};
use crate::output::{Format, Output};
use crate::services::NAMES;

pub struct Session {
    pub reach: Reach,
    pub out: Output,
}

impl Session {
    pub fn new(reach: Reach, format: Format) -> Self {
        Self { reach, out: Output::new(format) }
    }

    /// The services, as they are running now.
    ///
    /// # Errors
    /// See [`Client::open`].
    pub fn client(&self) -> anyhow::Result<Client> {
        Client::open(&self.reach)
    }
}

/// `service=url`
pub fn at(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((service, url)) if NAMES.contains(&service) && url.starts_with("http") => {
            Ok((service.to_owned(), url.to_owned()))
        }
        Some(_) | None => {
            Err(format!("write SERVICE=http://HOST:PORT, with one of {} as the service", NAMES.join(", ")))
        }
    }
}

/// What is typed of time: an instant, or a day, which begins when it does in the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Moment {
    pub fn at(self, client: &Client) -> DateTime<Utc> {
        match self {
            Self::Day(day) => client.begins(day),
            Self::Instant(at) => at,
        }
    }
}

/// A day or an instant as typed.
pub fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::Instant(at.to_utc()));
    }
    let day = text.parse().map(Moment::Day);
    day.map_err(|_| format!("'{text}' is no instant: write 2026-11-22 or 2026-11-22T08:00:00+08:00"))
}
