//! What a rating adds to the figures, for the unit that is rated, on the day it was given. Reporters' callbacks are counted apart.

use chrono_tz::Tz;

use super::{Measure, Posting};
use crate::domain::{
    rating::{Rated, Rating, Said},
    verdict::Satisfaction,
};

/// What it adds.
pub fn postings(rating: &Rating, zone: Tz) -> Vec<Posting> {
    let day = rating.rated_at.with_timezone(&zone).date_naive();
    let Rated { area, category, unit, tier, said, .. } = &rating.rated;
    let post = |measure| Posting {
        day,
        area: area.clone(),
        category: category.clone(),
        unit: unit.clone(),
        tier: *tier,
        channel: None,
        measure,
        number: 1,
    };
    measures(*said).iter().copied().map(post).collect()
}

fn measures(said: Said) -> &'static [Measure] {
    match said {
        Said::Grassroots(Satisfaction::VerySatisfied | Satisfaction::Satisfied) => {
            &[Measure::GrassrootsRated, Measure::GrassrootsSatisfied]
        }
        Said::Grassroots(Satisfaction::Basically) => {
            &[Measure::GrassrootsRated, Measure::GrassrootsBasically]
        }
        Said::Grassroots(Satisfaction::Unsatisfied | Satisfaction::VeryUnsatisfied) => {
            &[Measure::GrassrootsRated]
        }
        Said::Aptness(true) => &[Measure::CallsJudged, Measure::CallsApt],
        Said::Aptness(false) => &[Measure::CallsJudged],
    }
}
