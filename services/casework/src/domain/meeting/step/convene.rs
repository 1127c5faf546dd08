//! 召集: what a meeting begins with.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Stamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::Case,
    error::Error,
    meeting::{Item, MOST_OF_A_CASE, Meeting, MeetingState, Party},
    rule::{Happened, Rule},
};

/// What a meeting is called for.
#[derive(Clone, Debug)]
pub struct Convene {
    pub district: String,
    /// The district, or an area in it.
    pub area: String,
    pub place: String,
    pub title: String,
    pub agenda: Vec<String>,
    /// None twice.
    pub cases: Vec<Uuid>,
    /// Who is invited.
    pub parties: Vec<Party>,
    pub starts_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Convened {
    pub district: String,
    pub area: String,
    pub place: String,
    pub title: String,
    pub agenda: Vec<String>,
    /// Each with its number.
    pub cases: Vec<(Uuid, String)>,
    pub parties: Vec<Party>,
    #[serde(with = "ts_microseconds")]
    pub starts_at: DateTime<Utc>,
}

impl Convene {
    /// What happens, with its cases as they are, in their order.
    ///
    /// # Errors
    /// One of them is closed, lies in another district, or was deliberated on often enough.
    pub fn decide(&self, cases: &[&Case]) -> Result<Convened, Error> {
        for case in cases {
            if case.district != self.district {
                return Err(Error::OutsideArea);
            }
            if !case.state.is_open() {
                return Err(Error::StepNotAllowed { step: "convene", state: case.state.name() });
            }
            if case.meetings.len() >= MOST_OF_A_CASE {
                return Err(Error::TooManyMeetings { most: MOST_OF_A_CASE });
            }
        }
        let numbers = cases.iter().map(|case| case.number.clone());
        let it = self.clone();
        Ok(Convened {
            district: it.district,
            area: it.area,
            place: it.place,
            title: it.title,
            agenda: it.agenda,
            cases: it.cases.into_iter().zip(numbers).collect(),
            parties: it.parties,
            starts_at: it.starts_at,
        })
    }
}

impl Convened {
    pub(in crate::domain::meeting) fn begin(&self, state: MeetingState, stamp: &Stamp) -> Meeting {
        let it = self.clone();
        let item = |(case, number)| Item { case, number, outcome: None };
        Meeting {
            district: it.district,
            area: it.area,
            place: it.place,
            title: it.title,
            agenda: it.agenda,
            convener: stamp.actor.unit.clone(),
            state,
            items: it.cases.into_iter().map(item).collect(),
            parties: it.parties,
            minutes: String::new(),
            settled: 0,
            starts_at: it.starts_at,
            convened_at: stamp.at,
            recorded_at: None,
        }
    }
}

impl Happened<Meeting> for Convened {
    /// It begins; it never happens to a meeting that is there.
    fn rule(&self) -> Option<Rule<Meeting>> {
        None
    }

    fn fold(&self, _: &mut Meeting, _: &Stamp) {}

    fn words(&self) -> String {
        self.title.clone()
    }
}
