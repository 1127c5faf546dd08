//! 请假: what an absence begins with.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    absence::{Absence, AbsenceKind, AbsenceState},
    error::Error,
    profile::CaseworkProfile,
    rule::{Happened, Rule},
};

/// Who is away, from when until when.
#[derive(Clone, Debug)]
pub struct Record {
    pub district: String,
    pub unit: String,
    pub subject: String,
    pub kind: AbsenceKind,
    pub from: DateTime<Utc>,
    /// Later, by no more than the longest absence.
    pub until: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub district: String,
    pub unit: String,
    pub subject: String,
    pub kind: AbsenceKind,
    #[serde(with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub until: DateTime<Utc>,
}

impl Record {
    /// What happens.
    ///
    /// # Errors
    /// The roster does not know the officer, or it is over already.
    pub fn decide(&self, profile: &CaseworkProfile, now: DateTime<Utc>) -> Result<Recorded, Error> {
        let Self { district, unit, subject, kind, from, until } = self.clone();
        if !profile.roster_of(&unit).any(|it| it.subject == subject) {
            return Err(Error::UnknownOfficer { unit, subject });
        }
        if until <= now {
            return Err(Error::AbsenceOver { until_at: until });
        }
        Ok(Recorded { district, unit, subject, kind, from, until })
    }
}

impl Recorded {
    pub(in crate::domain::absence) fn begin(&self, state: AbsenceState, stamp: &Stamp) -> Absence {
        let Self { district, unit, subject, kind, from, until } = self.clone();
        Absence { district, unit, subject, kind, state, from, until, recorded_at: stamp.at, ended_at: None }
    }
}

impl Happened<Absence> for Recorded {
    /// It begins; it never happens to one that is there.
    fn rule(&self) -> Option<Rule<Absence>> {
        None
    }

    fn fold(&self, _: &mut Absence, _: &Stamp) {}
}
