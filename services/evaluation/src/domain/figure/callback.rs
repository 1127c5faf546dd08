//! What a callback adds to the figures: how it ended, and what its reporter said.

use chrono::NaiveDate;
use chrono_tz::Tz;
use huying_terms::Solved;

use super::{Channel, Measure, Posting};
use crate::domain::{
    callback::Callback,
    state::State,
    verdict::{Satisfaction, Verdict},
};

/// What others say of what a callback asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The door of its request; none: not known.
    pub channel: Option<Channel>,
    /// Where its case stands now; none: nothing is counted of the case yet, and the callback stands where its attempt did.
    pub place: Option<Place>,
}

/// By which area and category a case is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub area: String,
    pub category: String,
}

/// What it adds, on the day it ended. One that is to be asked still, is spared, or whose case moved on before, adds nothing.
/// One whose unit appealed and was right adds that alone.
pub fn postings(callback: &Callback, known: &Known, zone: Tz) -> Vec<Posting> {
    let Some(end) = callback.end_at else { return Vec::new() };
    let posting = |measure| posting(callback, known, end.with_timezone(&zone).date_naive(), measure);
    if callback.is_excluded() {
        return vec![posting(Measure::Excluded)];
    }
    let ended: &[Measure] = match callback.state {
        State::Pending | State::Cancelled | State::Spared => &[],
        State::Refused => &[Measure::Asked, Measure::Refused],
        State::Lapsed => &[Measure::Asked, Measure::Unreached],
        State::Passed | State::Failed => &[Measure::Asked, Measure::Valid],
    };
    let said = callback.verdict.as_ref().map(said).unwrap_or_default();
    ended.iter().copied().chain(said).map(posting).collect()
}

fn posting(callback: &Callback, known: &Known, day: NaiveDate, measure: Measure) -> Posting {
    let opened = &callback.opened;
    let place = known.place.as_ref();
    Posting {
        day,
        area: place.map_or(&opened.area, |it| &it.area).clone(),
        category: place.map_or(&opened.category, |it| &it.category).clone(),
        unit: opened.unit.clone(),
        tier: opened.tier,
        channel: known.channel,
        measure,
        number: 1,
    }
}

fn said(verdict: &Verdict) -> Vec<Measure> {
    let satisfied = match verdict.satisfaction {
        Satisfaction::VerySatisfied => Measure::VerySatisfied,
        Satisfaction::VeryUnsatisfied => Measure::VeryUnsatisfied,
        Satisfaction::Satisfied => Measure::Satisfied,
        Satisfaction::Basically => Measure::Basically,
        Satisfaction::Unsatisfied => Measure::Unsatisfied,
    };
    let contacted = verdict.contacted.then_some(Measure::Contacted);
    let solved = match verdict.solved {
        Solved::Yes => Some(Measure::Solved),
        Solved::Partly => Some(Measure::Partly),
        Solved::No => None,
    };
    let told = verdict.told.map(|told| if told { Measure::Told } else { Measure::Untold });
    [contacted, told, solved, Some(satisfied)].into_iter().flatten().collect()
}
