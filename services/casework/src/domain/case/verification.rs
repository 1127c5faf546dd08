//! 核查 as a case knows it: who is to look at what was resolved, and what was found last.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};

use super::{Case, part::parts};
use crate::domain::{
    attachment::Attachment,
    demands::Verifier,
    known::{Answer, Known},
    unit::{By, Holder, Unit},
    verification::VerificationDemand,
};

/// What was found on site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub passed: bool,
    pub finding: String,
    /// The unit of whoever looked; none: somebody without a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl Case {
    /// Whether somebody works in the unit that is to look at it.
    pub(super) fn is_verifier(&self, by: &By) -> bool {
        self.verifier.as_ref().is_some_and(|verifier| by.is(&self.district, &verifier.unit))
    }

    /// The units that worked on it: its holder, whoever was called on it, who chairs or chaired its groups, and whom its parts were given to.
    pub fn workers(&self) -> Vec<String> {
        let called = self.dispatches.iter().map(|called| called.unit.clone());
        let parts = self.parts.iter().map(|part| part.unit.clone());
        std::iter::once(self.holder.unit.clone()).chain(called).chain(self.chairs()).chain(parts).collect()
    }

    /// Who chairs its groups, or chaired them.
    pub(super) fn chairs(&self) -> impl Iterator<Item = String> + '_ {
        self.groups.iter().map(|it| it.group.chair.unit.clone()).chain(self.chaired.iter().cloned())
    }

    /// The same, and who holds its parts by now: they may have gone on since.
    ///
    /// # Errors
    /// [`huying_chassis::run::Halt::More`].
    pub fn all_workers(&self, known: &dyn Known) -> Answer<Vec<String>> {
        let holders = parts(self, known)?.into_iter().map(|(_, part)| part.holder.unit.clone());
        Ok(self.workers().into_iter().chain(holders).collect())
    }

    /// The same, and who had part in it before.
    fn ever_worked(&self, known: &dyn Known) -> Answer<Vec<String>> {
        let now = self.all_workers(known)?;
        Ok(now.into_iter().chain(known.parties(self)?.units).collect())
    }

    /// Whether somebody works in one of them.
    pub(super) fn is_worker(&self, by: &By) -> bool {
        self.workers().iter().any(|unit| by.is(&self.district, unit))
    }

    /// Whether somebody, or their unit, has added a photo since it was resolved.
    pub(super) fn has_photo_of(&self, by: &By) -> bool {
        let own = |it: &Attachment| match &it.by.unit {
            Some(unit) => by.is(&self.district, unit),
            None => it.by.subject == by.person,
        };
        let since = |it: &Attachment| self.resolved_at.is_some_and(|at| it.at >= at);
        self.attachments.iter().any(|it| it.file.kind.is_photo() && own(it) && since(it))
    }

    /// Who is to look at it once it is resolved, where the authority table or its category demands that; where nobody is above, those who answer for all of the
    /// holder's area. A part is looked at with its whole.
    ///
    /// # Errors
    /// [`huying_chassis::run::Halt::More`].
    pub(super) fn verified_by(&self, known: &dyn Known) -> Answer<Option<Holder>> {
        let by_category = VerificationDemand::of(&self.category, &known.profile().verification);
        let by_category = by_category.map(|demand| demand.unit.as_ref());
        let demanded = self.demands.verified.as_ref().map(Verifier::unit).or(by_category);
        let Some(unit) = demanded.filter(|_| self.whole.is_none()) else { return Ok(None) };
        let workers = self.ever_worked(known)?;
        let named = unit.filter(|unit| !workers.contains(unit));
        let unit = match named {
            Some(unit) => known.units(&self.district, std::slice::from_ref(unit))?.first(),
            None => self.unconcerned_above(&self.holder.unit, known)?,
        };
        Ok(Some(unit.map_or_else(|| self.holder.clone(), Holder::of)))
    }

    /// The first unit above another that has not worked on it; none when there is none.
    ///
    /// # Errors
    /// [`huying_chassis::run::Halt::More`].
    pub(super) fn unconcerned_above<'k>(&self, unit: &str, known: &'k dyn Known) -> Answer<Option<&'k Unit>> {
        let (workers, mut below) = (self.ever_worked(known)?, unit);
        // As many as there are tiers: a directory that goes in circles ends too.
        for _ in Tier::ALL {
            let Some(above) = known.above(&self.district, below)?.filter(|it| it.code != unit) else { break };
            if !workers.contains(&above.code) {
                return Ok(Some(above));
            }
            below = &above.code;
        }
        Ok(None)
    }
}
