//! 处置权限: who may dispose of it. The district's authority table is asked from the top, and the first row that fits category, condition
//! and how exactly the place is known counts; its last row fits everything.

use huying_terms::Tier;

use super::Case;
use crate::domain::{
    decision::{Authority, Part, Reason, Verifier},
    index::{Index, Read},
    profile::{AuthorityRule, Category, Condition, Says},
};

/// The row that counts.
pub(super) struct Ruled<'a> {
    rule: &'a AuthorityRule,
    /// The condition that it asks for, and the word that made it hold.
    because: Option<(&'a Condition, &'a str)>,
    pub says: &'a Says,
}

impl<'a> Ruled<'a> {
    /// None: the district has no table. `known_to` is how exactly the place is known; none: not at all yet.
    pub fn of(index: &'a Index, category: &Category, read: &'a Read, known_to: Option<Tier>) -> Option<Self> {
        index.authority_for(&category.code).find_map(|(rule, condition)| {
            let because = fits(index, (rule, condition), read, known_to).ok()?;
            Some(Self { rule, because, says: &rule.says })
        })
    }

    /// `（../common/authority.csv:12，内容提到“倒”，情形“倾斜”）`.
    pub fn row(&self) -> String {
        match self.because {
            Some((condition, word)) => {
                format!("（{}，内容提到“{word}”，情形“{}”）", self.rule.line, condition.name)
            }
            None => format!("（{}）", self.rule.line),
        }
    }

    /// As the decision keeps it.
    pub fn kept(&self) -> Authority {
        let AuthorityRule { line, condition, says, .. } = self.rule;
        let (line, condition, demands) = (line.clone(), condition.clone(), says.demands.clone());
        Authority { line, condition, disposes: says.disposes, demands }
    }
}

/// The rows that are asked, each with why it does not count; the last one does.
pub(super) fn asked<'a>(
    index: &'a Index,
    category: &Category,
    read: &Read,
    known_to: Option<Tier>,
) -> Vec<(&'a str, Option<String>)> {
    let mut asked = Vec::new();
    for (rule, condition) in index.authority_for(&category.code) {
        let why_not = fits(index, (rule, condition), read, known_to).err();
        let counts = why_not.is_none();
        asked.push((rule.line.as_str(), why_not));
        if counts {
            break;
        }
    }
    asked
}

/// The condition that a row asks for and the word that made it hold; or why the row does not fit.
fn fits<'a>(
    index: &'a Index,
    (rule, condition): (&AuthorityRule, Option<usize>),
    read: &'a Read,
    known_to: Option<Tier>,
) -> Result<Option<(&'a Condition, &'a str)>, String> {
    if let Some(tier) = rule.tier.filter(|tier| Some(*tier) != known_to) {
        return Err(format!("位置不是正好知道到{}", tier.chinese()));
    }
    let Some(at) = condition else { return Ok(None) };
    let because = index.condition_in(at, read).map(Some);
    because.ok_or_else(|| {
        let named = rule.condition.as_deref().and_then(|code| index.condition(code));
        format!("内容没有提到情形“{}”", named.map_or_else(String::new, |it| it.name.clone()))
    })
}

impl Case<'_> {
    /// Where it starts, by authority.
    pub(super) fn starts(&self) -> Tier {
        self.ruled.as_ref().map_or(self.category.authority, |ruled| ruled.says.starts)
    }

    /// Which row said so, and who may settle it.
    pub(super) fn by_row(&self) -> String {
        self.ruled.as_ref().map_or_else(String::new, |ruled| {
            format!("，{}以上有权处置{}", ruled.says.disposes.chinese(), ruled.row())
        })
    }

    /// In charge: by authority, else of the category.
    pub(super) fn lead(&self) -> Option<&String> {
        let ruled = self.ruled.as_ref().and_then(|ruled| ruled.says.lead.as_ref());
        ruled.or(self.category.lead.as_ref())
    }

    pub(super) fn joins(&self) -> &[String] {
        self.ruled.as_ref().map_or(&[], |ruled| &ruled.says.joins)
    }

    /// What must be there before it is resolved, said so that its holder knows from the start.
    pub(super) fn demands(&self, reasons: &mut Vec<Reason>) {
        let Some(demands) = self.ruled.as_ref().map(|ruled| &ruled.says.demands).filter(|it| !it.is_none())
        else {
            return;
        };
        let mut said = Vec::new();
        if !demands.evidence.is_empty() {
            said.push(format!("办结前要有佐证（{}）", demands.evidence.join("、")));
        }
        said.extend(demands.verified.as_ref().map(|verifier| match verifier {
            Verifier::Superior => "办结后由上一级现场核查".to_owned(),
            Verifier::Unit(code) => {
                format!("办结后由{}现场核查", self.index.unit(code).map_or(code, |unit| &unit.name))
            }
        }));
        reasons.push(Reason::new(Part::Tier, "demands", format!("按处置权限，{}", said.join("，"))));
    }
}
