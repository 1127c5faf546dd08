//! What a callback adds to the figures: how it ended, and what its reporter said.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use huying_terms::Solved;

use super::{Channel, Measure, Posting};
use crate::domain::{
    callback::Callback,
    state::State,
    verdict::{Satisfaction, Verdict},
};

/// What it adds, on the day it ended; `channel` is the door of its request, as far as that is known. One that is to be asked still, is spared, or whose case moved on before, adds nothing.
/// One whose unit appealed and was right adds that alone.
pub fn postings(callback: &Callback, channel: Option<Channel>, zone: Tz) -> Vec<Posting> {
    let Some(end) = callback.end_at else { return Vec::new() };
    if callback.is_excluded() {
        return vec![Posting { channel, ..posting(callback, end, zone, Measure::Excluded) }];
    }
    let ended: &[Measure] = match callback.state {
        State::Pending | State::Cancelled | State::Spared => &[],
        State::Refused => &[Measure::Asked, Measure::Refused],
        State::Lapsed => &[Measure::Asked, Measure::Unreached],
        State::Passed | State::Failed => &[Measure::Asked, Measure::Valid],
    };
    let said = callback.verdict.as_ref().map(said).unwrap_or_default();
    ended
        .iter()
        .copied()
        .chain(said)
        .map(|measure| Posting { channel, ..posting(callback, end, zone, measure) })
        .collect()
}

fn posting(callback: &Callback, end: DateTime<Utc>, zone: Tz, measure: Measure) -> Posting {
    let opened = &callback.opened;
    Posting {
        day: end.with_timezone(&zone).date_naive(),
        area: opened.area.clone(),
        category: opened.category.clone(),
        unit: opened.unit.clone(),
        tier: opened.tier,
        channel: None,
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
