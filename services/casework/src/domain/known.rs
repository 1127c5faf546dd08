//! What a step may ask besides what it is taken on. An answer that is not here yet halts it; it is asked again when it is.

use chrono::{DateTime, Utc};
use huying_chassis::{log::Versioned, run::Halt};
use uuid::Uuid;

use huying_terms::Tier;

use super::{
    approval::Approval,
    case::{Case, step::Routed},
    dispatch::Dispatch,
    error::Error,
    parties::Parties,
    profile::CaseworkProfile,
    roster::Load,
    unit::{By, Holder, Unit},
};

/// An answer, or a halt until there is one.
pub type Answer<T> = Result<T, Halt<Error>>;

/// Whoever knows.
pub trait Known {
    /// The id of what the step is taken on.
    fn id(&self) -> Uuid;
    fn now(&self) -> DateTime<Utc>;
    /// Who asks; nobody, when an event or the clock is the cause.
    fn by(&self) -> &By;
    /// The profile of its district.
    fn profile(&self) -> &CaseworkProfile;
    /// The unit one tier above another; none when the directory knows none, or not the unit.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn above(&self, district: &str, unit: &str) -> Answer<Option<&Unit>>;
    /// The units of codes in a district, in their order.
    ///
    /// # Errors
    /// [`Halt::More`]; that one is unknown is told to the caller by whoever runs the step.
    fn units(&self, district: &str, codes: &[String]) -> Answer<&[Unit]>;
    /// Whether the directory knows a unit.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn knows(&self, district: &str, unit: &str) -> Answer<bool>;
    /// What routing says of a case in another category. That it knows no such category, or nobody for it, is told to the caller by
    /// whoever runs the step.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn routed(&self, case: &Case, category: &str) -> Answer<&Routed>;
    /// A case as it is now.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn case(&self, id: Uuid) -> Answer<&Case>;
    /// The dispatches of a case.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn dispatches(&self, case: &Case) -> Answer<Vec<(Uuid, &Dispatch)>>;
    /// Who had part in the case that the step is taken on, whenever: as its log and those of its dispatches, parts and joined cases tell.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn parties(&self, case: &Case) -> Answer<Parties>;
    /// What officers of a unit have in hand of what it holds, and who of them is away.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn loads(&self, district: &str, unit: &str, officers: &[String]) -> Answer<&[Load]>;
    /// An approval; it must be there.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn approval(&self, id: Uuid) -> Answer<&Approval>;
    /// The same knowledge, for a step on something else.
    fn on(&self, id: Uuid) -> Box<dyn Known + '_>;
}

/// The unit above one, where it stands higher; none when there is none.
///
/// # Errors
/// [`Halt::More`].
pub fn higher<'k>(known: &'k dyn Known, district: &str, than: &Holder) -> Answer<Option<&'k Unit>> {
    Ok(known.above(district, &than.unit)?.filter(|unit| unit.tier > than.tier))
}

/// The first unit above another that stands at a tier or higher; none when there is none.
///
/// # Errors
/// [`Halt::More`].
pub fn above_at<'k>(
    known: &'k dyn Known,
    district: &str,
    unit: &str,
    tier: Tier,
) -> Answer<Option<&'k Unit>> {
    let mut below = unit;
    // As many as there are tiers: a directory that goes in circles ends too.
    for _ in Tier::ALL {
        let Some(unit) = known.above(district, below)? else { return Ok(None) };
        if unit.tier >= tier {
            return Ok(Some(unit));
        }
        below = &unit.code;
    }
    Ok(None)
}

/// What is known without looking anything up.
#[derive(Clone, Copy)]
pub struct Glance<'a> {
    pub id: Uuid,
    pub now: DateTime<Utc>,
    /// Who looks.
    pub by: &'a By,
    pub profile: &'a CaseworkProfile,
    /// Those of the case, where they were looked up after all.
    pub dispatches: Option<&'a [Versioned<Dispatch>]>,
}

impl Known for Glance<'_> {
    fn id(&self) -> Uuid {
        self.id
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn by(&self) -> &By {
        self.by
    }

    fn profile(&self) -> &CaseworkProfile {
        self.profile
    }

    fn above(&self, _: &str, _: &str) -> Answer<Option<&Unit>> {
        Err(Halt::More)
    }

    fn units(&self, _: &str, _: &[String]) -> Answer<&[Unit]> {
        Err(Halt::More)
    }

    /// As far as the profile tells; one that names no units tells of none that it is gone.
    fn knows(&self, _: &str, unit: &str) -> Answer<bool> {
        Ok(!self.profile.lacks(unit))
    }

    fn routed(&self, _: &Case, _: &str) -> Answer<&Routed> {
        Err(Halt::More)
    }

    fn dispatches(&self, _: &Case) -> Answer<Vec<(Uuid, &Dispatch)>> {
        let dispatches = self.dispatches.ok_or(Halt::More)?;
        Ok(dispatches.iter().map(|dispatch| (dispatch.id, &dispatch.it)).collect())
    }

    fn case(&self, _: Uuid) -> Answer<&Case> {
        Err(Halt::More)
    }

    fn parties(&self, _: &Case) -> Answer<Parties> {
        Err(Halt::More)
    }

    fn loads(&self, _: &str, _: &str, _: &[String]) -> Answer<&[Load]> {
        Err(Halt::More)
    }

    fn approval(&self, _: Uuid) -> Answer<&Approval> {
        Err(Halt::More)
    }

    fn on(&self, id: Uuid) -> Box<dyn Known + '_> {
        Box::new(Glance { id, ..*self })
    }
}
