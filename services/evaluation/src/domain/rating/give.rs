//! Who may rate whom on a case, and how long.
//!
//! The case is as casework's events told it so far. Who stands above whom is told by the tiers at which they held it; a called unit stands beside
//! the line, above communities and streets.

use chrono::{DateTime, TimeDelta, Utc};
use huying_terms::Tier;
use uuid::Uuid;

use super::{Rated, RatingChange, RatingReason, Said};
use crate::domain::figure::course::Course;

/// How long after a case was resolved, or left the account, it may be rated.
pub const WINDOW: TimeDelta = TimeDelta::days(15);

/// What a unit says of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Who is rated.
    pub unit: String,
    pub said: Said,
    pub reasons: Vec<RatingReason>,
    pub comment: String,
}

/// A rating that may not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatingError {
    /// The rater, or whom it rates; empty: whoever asks has no unit.
    #[error("{unit:?} had no part in this case")]
    NoPart { unit: String },
    #[error("{unit} worked on this case and must not judge itself")]
    OwnWork { unit: String },
    #[error("{unit} did not work on this case above, or beside, the unit that rates")]
    NotAbove { unit: String },
    #[error("{unit} did not call the unit that judges the call")]
    NotCalled { unit: String },
    #[error("the case is not resolved")]
    NotResolved,
    #[error("the time to rate who worked on this case is over")]
    WindowOver,
    #[error("this unit has rated that one on this case")]
    Already,
}

impl Course {
    /// A unit says this of another that it worked with. Whether it has said so before is for the claim to tell.
    ///
    /// # Errors
    /// In this order: `NoPart` of the rater, `OwnWork`, `NoPart` of the other, `NotAbove` or `NotCalled`, `NotResolved`, `WindowOver`.
    pub fn rate(
        &self,
        case: Uuid,
        rater: Option<&str>,
        judged: &Judged,
        now: DateTime<Utc>,
    ) -> Result<RatingChange, RatingError> {
        let unit = judged.unit.as_str();
        let rater = rater.unwrap_or_default();
        let part = |of: &str| match self.had_part(of) {
            true => Ok(()),
            false => Err(RatingError::NoPart { unit: of.to_owned() }),
        };
        part(rater)?;
        if rater == unit {
            return Err(RatingError::OwnWork { unit: unit.to_owned() });
        }
        part(unit)?;
        let since = match judged.said {
            Said::Grassroots(_) if self.is_above(unit, rater) => self.resolved_at(),
            Said::Grassroots(_) => return Err(RatingError::NotAbove { unit: unit.to_owned() }),
            // One that came to nothing says most of whether calls are apt.
            Said::Aptness(_) if self.was_called(rater, unit) => self.resolved_at().or(self.end_at),
            Said::Aptness(_) => return Err(RatingError::NotCalled { unit: unit.to_owned() }),
        };
        if now >= since.ok_or(RatingError::NotResolved)? + WINDOW {
            return Err(RatingError::WindowOver);
        }
        Ok(RatingChange::Given(Box::new(Rated {
            case,
            number: self.number.clone(),
            district: self.district.clone(),
            area: self.area.clone(),
            category: self.category.clone(),
            attempt: self.attempt,
            rater: rater.to_owned(),
            unit: unit.to_owned(),
            tier: self.held(unit),
            said: judged.said,
            reasons: judged.reasons.clone(),
            comment: judged.comment.clone(),
        })))
    }

    /// Whether a unit worked on it above, or beside, one that held it: nobody below a street is rated by a tier below.
    fn is_above(&self, unit: &str, rater: &str) -> bool {
        let Some(own) = self.held(rater) else { return false };
        let higher = self.held(unit).is_some_and(|tier| tier > own.max(Tier::Community));
        higher || (self.came(unit) && own < Tier::District)
    }
}
