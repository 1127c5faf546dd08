//! 共性问题、一案一策: many cases of one cause, what is done about it, and whether it helped. Actors: leaders and desks open it, attach cases and
//! put it to the test; the units that have its measures report them; the clock judges.
//!
//! - [`measure`]: what is to be done. - [`change`]: what can happen. - [`judge`]: whether the stream dried up.
//!
//! Guaranteed: a measure that is done stays as it was reported; every judgement stays; what dried up or was withdrawn never changes.

pub mod change;
pub mod judge;
pub mod measure;

use chrono::{
    DateTime, NaiveDate, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::Decided;
use huying_terms::{Tz, worktime};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

pub use change::{Done, Opened, TopicAbout, TopicChange};
pub use judge::{Days, Judgement, Test, Verdict};
pub use measure::{Measure, Planned};

/// Most cases of a topic: their ids are in its row.
pub const CASES: usize = 1_000;
/// Most judgements that its row keeps, the newest. The log keeps all.
const JUDGEMENTS: usize = 20;

/// Where a topic stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TopicState {
    /// 治理中.
    Open,
    /// 观察中.
    Testing,
    /// 已断流.
    DriedUp,
    /// 已撤销.
    Withdrawn,
}

impl TopicState {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As stored; the same as serde's.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// 对策: what is said of a topic, and may be said anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub cause: String,
    pub policy: String,
    /// Whose it is.
    pub owner: String,
    /// In the order of their numbers.
    pub measures: Vec<Measure>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    pub district: String,
    /// The district, or a street in it.
    pub area: String,
    /// How the categories of its stream begin.
    pub category: String,
    pub title: String,
    /// The district's day on which it was opened.
    pub on: NaiveDate,
    #[serde(flatten)]
    pub says: Policy,
    /// The highest number that a measure ever had.
    pub numbered: i32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Uuid>,
    pub state: TopicState,
    /// The test that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// The oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<Judgement>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub end_at: Option<DateTime<Utc>>,
}

/// Why a topic says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    #[error("a topic that is {} cannot be {step}", .state.name())]
    NotAllowed { state: TopicState, step: &'static str },
    /// By their places in what was asked.
    #[error("{} of these are no cases of the topic's area", .places.len())]
    UnknownCases { places: Vec<usize> },
    #[error("it has {there} cases, and {more} more are too many: {CASES} at most")]
    TooManyCases { there: usize, more: usize },
    #[error("it has no measure of such a number that is to be done: {}", measure::listed(.numbers))]
    UnknownMeasures { numbers: Vec<i32> },
    #[error("{there} measures are too many: {} at most, those that are done included", measure::MOST)]
    TooManyMeasures { there: usize },
    /// Not done yet; none: there is no measure at all.
    #[error("these measures are not done, or there is none: {}", measure::listed(.numbers))]
    Outstanding { numbers: Vec<i32> },
    #[error("the measure is neither {unit}'s nor does {unit} own the topic")]
    NotTheirs { unit: String },
}

impl Topic {
    /// What is said of it anew: measures that are done stay, others are as `planned`.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownMeasures`, `TooManyMeasures`.
    pub fn change(
        &self,
        (cause, policy, owner): (&str, &str, &str),
        planned: &[Planned],
    ) -> Result<Decided<TopicChange>, TopicError> {
        self.is_open("changed")?;
        let measures = measure::replaced(&self.says.measures, self.numbered, planned)?;
        let says = Policy { cause: cause.into(), policy: policy.into(), owner: owner.into(), measures };
        if says == self.says {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(TopicChange::Changed(Box::new(says))))
    }

    /// Cases are attached, of which those in `known` are cases in its area.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCases`, `TooManyCases`.
    pub fn attach(&self, cases: &[Uuid], known: &[Uuid]) -> Result<Decided<TopicChange>, TopicError> {
        self.goes_on("given more cases")?;
        let places: Vec<usize> =
            cases.iter().enumerate().filter(|(_, id)| !known.contains(id)).map(|(n, _)| n).collect();
        if !places.is_empty() {
            return Err(TopicError::UnknownCases { places });
        }
        let mut more: Vec<Uuid> = Vec::new();
        for case in cases {
            if !self.cases.contains(case) && !more.contains(case) {
                more.push(*case);
            }
        }
        if self.cases.len() + more.len() > CASES {
            return Err(TopicError::TooManyCases { there: self.cases.len(), more: more.len() });
        }
        Ok(if more.is_empty() {
            Decided::AlreadyDone
        } else {
            Decided::one(TopicChange::CasesAttached { cases: more })
        })
    }

    /// A measure is done on a day of the district, says somebody of a unit, or an office of its area.
    ///
    /// # Errors
    /// `NotTheirs`, `UnknownMeasures`, `NotAllowed`.
    pub fn report(&self, done: Done, unit: Option<&str>) -> Result<Decided<TopicChange>, TopicError> {
        let number = done.number;
        let found = self.says.measures.iter().find(|it| it.number == number);
        let measure = found.ok_or_else(|| TopicError::UnknownMeasures { numbers: vec![number] })?;
        if let Some(unit) = unit.filter(|unit| *unit != self.says.owner && *unit != measure.unit) {
            return Err(TopicError::NotTheirs { unit: unit.to_owned() });
        }
        if measure.done.is_some() {
            return Ok(Decided::AlreadyDone);
        }
        self.is_open("told that a measure is done")?;
        Ok(Decided::one(TopicChange::MeasureDone(done)))
    }

    /// Its stream is watched for so many days: from the one after its last measure was done, or after the test before.
    ///
    /// # Errors
    /// `NotAllowed`, `Outstanding`.
    pub fn test(&self, days: u64, zone: Tz) -> Result<Decided<TopicChange>, TopicError> {
        self.is_open("put to the test")?;
        let measures = &self.says.measures;
        let outstanding = measures.iter().filter(|it| it.done.is_none()).map(|it| it.number);
        let numbers: Vec<i32> = outstanding.collect();
        let last = measures.iter().filter_map(|it| Some(it.done.as_ref()?.on)).max();
        let Some(last) = last.filter(|_| numbers.is_empty()) else {
            return Err(TopicError::Outstanding { numbers });
        };
        let from = last.succ_opt().unwrap_or(NaiveDate::MAX);
        let from = self.judgements.last().map_or(from, |before| from.max(before.watched().to));
        let due_at = worktime::begins(zone, Days::from(from, days).to);
        Ok(Decided::one(TopicChange::Tested(Test { days, from, due_at })))
    }

    /// The days to compare, up to its opening and of the test that runs; none while none does.
    pub fn compared(&self) -> Option<(Days, Days)> {
        let test = self.test?;
        Some((Days::up_to(self.on, test.days), Days::from(test.from, test.days)))
    }

    /// The test is over, and so many cases came in the two times. Nothing while no test runs.
    pub fn judge(&self, before: i64, after: i64) -> Decided<TopicChange> {
        match self.test {
            Some(Test { days, from, due_at: _ }) => {
                let verdict = Verdict::of(before, after);
                Decided::one(TopicChange::Judged(judge::Judged { verdict, days, before, after, from }))
            }
            None => Decided::AlreadyDone,
        }
    }

    /// It is given up.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn withdraw(&self, note: &str) -> Result<Decided<TopicChange>, TopicError> {
        self.goes_on("withdrawn")?;
        Ok(Decided::one(TopicChange::Withdrawn { note: note.to_owned() }))
    }

    /// Whether a unit has to do with it.
    pub fn concerns(&self, unit: &str) -> bool {
        self.says.owner == unit || self.says.measures.iter().any(|it| it.unit == unit)
    }

    fn is_open(&self, step: &'static str) -> Result<(), TopicError> {
        match self.state {
            TopicState::Open => Ok(()),
            TopicState::Testing | TopicState::DriedUp | TopicState::Withdrawn => {
                Err(TopicError::NotAllowed { state: self.state, step })
            }
        }
    }

    fn goes_on(&self, step: &'static str) -> Result<(), TopicError> {
        match self.state {
            TopicState::Open | TopicState::Testing => Ok(()),
            TopicState::DriedUp | TopicState::Withdrawn => {
                Err(TopicError::NotAllowed { state: self.state, step })
            }
        }
    }
}
