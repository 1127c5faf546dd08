//! What a command works with: a way to the services and a way to print.

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

/// `HH:MM-MM-DD` is for people: this is a day or an instant as typed.
pub fn instant(text: &str) -> Result<chrono::DateTime<chrono::Utc>, String> {
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let day = text.parse::<chrono::NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    day.map(|at| at.and_utc())
        .ok_or_else(|| format!("'{text}' is no instant: write 2026-11-22 or 2026-11-22T08:00:00+08:00"))
}
