//! Looking up the place: areas, units and categories. All from memory; the directory is no secret among those who work in it.

use std::sync::Arc;

use huying_chassis::{log::not_found, status::Problem};
use huying_terms::{AreaCode, Priority, Tier, UnitKind};

use super::App;
use crate::domain::{
    Error, decide,
    decision::{Decision, Demand, Triage},
    index::Index,
    profile::{Area, Category, Unit},
};

/// What units are asked for.
pub struct UnitFilter {
    pub kind: Option<UnitKind>,
    pub area: Option<AreaCode>,
}

/// What categories are asked for; an empty text means all.
pub struct CategoryFilter {
    /// A part of the name, or of the group's.
    pub name: String,
    /// In charge of it, or concerned.
    pub unit: String,
}

impl App {
    /// The unit above: who takes a case that is escalated.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `UNKNOWN_UNIT`, `NO_SUPERIOR` at the top.
    pub async fn superior(&self, district: &str, code: &str) -> Result<Unit, Problem> {
        let index = self.directory(district).await?;
        Ok(index.superior(code)?.clone())
    }

    /// Units by their codes, in the order asked.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `UNKNOWN_UNIT` naming each that is not there.
    pub async fn resolve(&self, district: &str, codes: &[String]) -> Result<Vec<Unit>, Problem> {
        let index = self.directory(district).await?;
        let unknown: Vec<&str> =
            codes.iter().map(String::as_str).filter(|code| index.unit(code).is_none()).collect();
        if !unknown.is_empty() {
            return Err(Error::UnknownUnit { unit: unknown.join(", ") }.into());
        }
        Ok(codes.iter().filter_map(|code| index.unit(code)).cloned().collect())
    }

    /// What the rules come to for a matter of a category in an area, no less pressing than `at_least`.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `UNKNOWN_AREA`, `UNKNOWN_CATEGORY`, `NO_HOLDER`.
    pub async fn routed(
        &self,
        district: &str,
        content: &str,
        (area, category): (String, String),
        at_least: Option<Priority>,
    ) -> Result<Decision, Problem> {
        let (index, now) = (self.directory(district).await?, self.log.now());
        let matter = Triage { area, category, holder: None, priority: None };
        let decision = decide::by_hand(&index, (content, Demand::default()), &matter, (now, now))?;
        if at_least.is_none_or(|least| decision.priority >= least) {
            return Ok(decision);
        }
        Ok(decide::by_hand(
            &index,
            (content, Demand::default()),
            &Triage { priority: at_least, ..matter },
            (now, now),
        )?)
    }

    /// One unit.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `NOT_FOUND`.
    pub async fn unit(&self, district: &str, code: &str) -> Result<Unit, Problem> {
        let index = self.directory(district).await?;
        index.unit(code).cloned().ok_or_else(|| not_found("unit", code))
    }

    /// Units after a code, by code.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `UNKNOWN_AREA`.
    pub async fn units(
        &self,
        district: &str,
        filter: &UnitFilter,
        after: &str,
        size: usize,
    ) -> Result<Vec<Unit>, Problem> {
        let index = self.directory(district).await?;
        if let Some(area) = filter.area.as_ref().filter(|area| index.area(area).is_none()) {
            return Err(Error::UnknownArea { area: area.to_string() }.into());
        }
        let wanted = |unit: &&Unit| {
            filter.kind.is_none_or(|kind| kind == unit.kind)
                && filter.area.as_ref().is_none_or(|area| area.contains(&unit.area))
        };
        Ok(index.units_after(after).filter(wanted).take(size).cloned().collect())
    }

    /// One area, of whatever district.
    ///
    /// # Errors
    /// `NOT_FOUND`, also where no profile is applied.
    pub async fn area(&self, code: &AreaCode) -> Result<Area, Problem> {
        let index = self.directory_of(code).await?;
        let area = index.as_ref().and_then(|index| index.area(code));
        area.cloned().ok_or_else(|| not_found("area", code))
    }

    /// The areas right below one, after a code, by code.
    ///
    /// # Errors
    /// `UNKNOWN_AREA`, also where no profile is applied.
    pub async fn areas(&self, parent: &AreaCode, after: &str, size: usize) -> Result<Vec<Area>, Problem> {
        let unknown = || Problem::from(Error::UnknownArea { area: parent.to_string() });
        let index = self.directory_of(parent).await?.ok_or_else(unknown)?;
        index.area(parent).ok_or_else(unknown)?;
        Ok(index.areas_below(parent, after).take(size).cloned().collect())
    }

    /// One category.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `NOT_FOUND`.
    pub async fn category(&self, district: &str, code: &str) -> Result<Category, Problem> {
        let index = self.directory(district).await?;
        index.category(code).cloned().ok_or_else(|| not_found("category", code))
    }

    /// Categories after a code, by code.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `UNKNOWN_UNIT`.
    pub async fn categories(
        &self,
        district: &str,
        CategoryFilter { name, unit }: &CategoryFilter,
        after: &str,
        size: usize,
    ) -> Result<Vec<Category>, Problem> {
        let index = self.directory(district).await?;
        if !unit.is_empty() && index.unit(unit).is_none() {
            return Err(Error::UnknownUnit { unit: unit.clone() }.into());
        }
        let wanted = |it: &&Category| {
            (it.name.contains(name) || it.major.contains(name))
                && (unit.is_empty()
                    || it.lead.iter().chain(&it.departments).any(|concerned| concerned == unit))
        };
        Ok(index.categories_after(after).filter(wanted).take(size).cloned().collect())
    }

    /// The directory that an area lies in: its district's, or, of a town that has none above it, its street's.
    async fn directory_of(&self, code: &AreaCode) -> Result<Option<Arc<Index>>, Problem> {
        for tier in [Tier::District, Tier::Street] {
            let Some(top) = code.at(tier) else { continue };
            match self.directory(top.as_str()).await {
                Ok(index) => return Ok(Some(index)),
                Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(None)
    }
}
