//! Where the case starts and who holds it first; whom it concerns.

use huying_terms::{Tier, UnitKind};

use super::Case;
use crate::domain::{
    decision::{Part, Reason},
    profile::Unit,
};

/// Most departments a case names.
const DEPARTMENTS: usize = 10;

/// Where a case starts.
pub(super) struct Start<'a> {
    pub tier: Tier,
    pub unit: &'a Unit,
}

impl Case<'_> {
    /// The lowest tier that may dispose of it, but none below what is known of the place; there, whoever answers for it.
    pub(super) fn start(&self, reasons: &mut Vec<Reason>) -> Option<Start<'_>> {
        if let Some(unit) = self.holder {
            reasons.push(Reason::new(
                Part::Tier,
                "hand",
                format!("由{}承办，从{}办起", unit.name, unit.tier.chinese()),
            ));
            reasons.push(Reason::new(Part::Holder, "hand", format!("研判席指定由{}承办", unit.name)));
            return Some(Start { tier: unit.tier, unit });
        }
        let top = self.index.district.tier();
        let authority = self.starts().min(top);
        let tier = authority.max(self.area.tier()).min(top);
        let name = &self.category.name;
        reasons.push(if tier == authority {
            let text = format!("按处置权限，“{name}”从{}办起{}", tier.chinese(), self.by_row());
            Reason::new(Part::Tier, "authority", text)
        } else {
            let text = format!(
                "“{name}”本可从{}办起，但位置只知道到{}，从{}办起{}",
                authority.chinese(),
                self.area.tier().chinese(),
                tier.chinese(),
                self.by_row()
            );
            Reason::new(Part::Tier, "area", text)
        });
        // What starts at the top by authority is held by the department in charge. What only came up there because
        // its place is not known better stays with the command centre, which can still hand it down.
        if authority == top
            && let Some(lead) = self.lead().and_then(|code| self.index.unit(code))
        {
            reasons.push(Reason::new(Part::Holder, "lead", format!("“{name}”由{}牵头，直接承办", lead.name)));
            return Some(Start { tier, unit: lead });
        }
        self.post(tier, top, reasons)
    }

    /// Who answers for the area at a tier, or at the next above that has somebody.
    fn post(&self, from: Tier, top: Tier, reasons: &mut Vec<Reason>) -> Option<Start<'_>> {
        for tier in Tier::ALL.into_iter().filter(|tier| (from..=top).contains(tier)) {
            let kind = UnitKind::of(tier);
            let Some(area) = self.area.at(tier) else { continue };
            let place = self.index.area_name(&area);
            if let Some(unit) = self.index.post(kind, &area) {
                reasons.push(Reason::new(Part::Holder, "area", format!("{place}由{}负责", unit.name)));
                return Some(Start { tier, unit });
            }
            let text = format!("{place}没有设{}，由上一级承办", kind.chinese());
            reasons.push(Reason::new(Part::Tier, "vacant", text));
        }
        reasons.push(Reason::new(Part::Holder, "none", "各级都没有负责这个地方的单位，定不了"));
        None
    }

    /// The lead first, then who joins by authority, then the category's others; only those that can be called.
    pub(super) fn departments(&self, reasons: &mut Vec<Reason>) -> Vec<String> {
        let mut departments: Vec<&Unit> = Vec::new();
        for code in self.lead().into_iter().chain(self.joins()).chain(&self.category.departments) {
            let unit = self.index.unit(code).filter(|unit| unit.kind.is_callable());
            departments.extend(unit.filter(|unit| departments.iter().all(|known| known.code != unit.code)));
        }
        departments.truncate(DEPARTMENTS);
        let names: Vec<&str> = departments.iter().map(|unit| unit.name.as_str()).collect();
        reasons.push(if names.is_empty() {
            Reason::new(Part::Departments, "none", format!("“{}”没有登记相关部门", self.category.name))
        } else {
            let text = format!("“{}”涉及{}，需要时可以呼叫", self.category.name, names.join("、"));
            Reason::new(Part::Departments, "category", text)
        });
        departments.into_iter().map(|unit| unit.code.clone()).collect()
    }
}
