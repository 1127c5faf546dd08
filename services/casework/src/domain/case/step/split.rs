//! 拆单: what has several sides is worked in several parts. Each part is a case of its own, with its own holder; the reporter hears of the
//! whole alone, which is resolved when its parts are done.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::place::{contains, related};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Coming, Opened, Opening, least_loaded};
use crate::domain::{
    beside::Beside,
    case::{
        Case, CaseName, Change, State, holder,
        part::{MOST_PARTS, PartOf, is_whole},
    },
    clocks::{ClockKind, Clocks},
    demands::Demands,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Unit},
};

#[derive(Clone, Debug)]
pub struct Split {
    pub parts: Vec<Part>,
    pub reason: String,
}

/// What one of the parts is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The id of the case that it becomes.
    pub case: Uuid,
    /// The code of the unit to hold it.
    pub unit: String,
    /// What is to be done.
    pub content: String,
}

/// What it is for the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasSplit {
    pub parts: Vec<PartOf>,
    pub reason: String,
}

/// What a part begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitOff {
    pub whole: CaseName,
    /// As of the whole, but for holder, number and content.
    pub opening: Box<Opening>,
    pub clocks: Clocks,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_percent: Option<u32>,
}

impl SplitOff {
    pub(in crate::domain::case) fn begin(&self, state: State, stamp: &Stamp) -> Case {
        let Self { whole, opening, clocks, idle_percent } = self.clone();
        let case = Opened { opening, clocks, idle_percent }.begin(state, stamp);
        Case { requests: Vec::new(), whole: Some(whole), ..case }
    }
}

impl Step<Case> for Split {
    const RULE: Rule<Case> =
        Rule::new("split", &[State::Working], To::Same).by(holder).fits(|case, _| Ok(may_split(case)?));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if case.parts.len() + self.parts.len() > MOST_PARTS {
            return Err(Error::TooManyParts { most: MOST_PARTS }.into());
        }
        for unit in self.units(case, known)? {
            if !contains(&case.holder.area, &unit.area) || !related(&unit.area, &case.area) {
                return Err(Error::UnitOutsideArea { unit: unit.code.clone() }.into());
            }
        }
        Ok(Decided::one(WasSplit { parts: self.named(case), reason: self.reason.clone() }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let parts = self.parts.iter().zip(self.named(case)).zip(self.units(case, known)?);
        let (mut begun, mut given) = (Vec::new(), Vec::new());
        for ((part, name), unit) in parts {
            let coming = Coming { district: &case.district, unit: &unit.code, before: None, given: &given };
            let officer = least_loaded(coming, known)?;
            let mut changes = vec![split_off(case, part, name.name.number, unit, known)];
            changes.extend(officer.clone().map(Into::into));
            given.extend(officer);
            begun.push(Beside::Case(part.case, changes));
        }
        Ok(begun)
    }
}

impl Split {
    fn units<'a>(&self, case: &Case, known: &'a dyn Known) -> Answer<&'a [Unit]> {
        let codes: Vec<String> = self.parts.iter().map(|part| part.unit.clone()).collect();
        known.units(&case.district, &codes)
    }

    /// Numbered on from those that there are.
    fn named(&self, case: &Case) -> Vec<PartOf> {
        let named = |(part, n): (&Part, usize)| PartOf {
            name: CaseName { case: part.case, number: format!("{}-{n}", case.number) },
            unit: part.unit.clone(),
        };
        self.parts.iter().zip(case.parts.len() + 1..).map(named).collect()
    }
}

fn may_split(case: &Case) -> Result<(), Error> {
    is_whole(case)?;
    if case.parts.len() >= MOST_PARTS { Err(Error::TooManyParts { most: MOST_PARTS }) } else { Ok(()) }
}

/// Due when the whole is, however late it is split.
fn split_off(case: &Case, part: &Part, number: String, unit: &Unit, known: &dyn Known) -> Change {
    let mut clocks = Clocks::default();
    let respond = case.clocks.anew(ClockKind::Respond, known.profile(), known.now());
    clocks.set(ClockKind::Respond, respond.as_ref());
    clocks.set(ClockKind::Resolve, case.clocks.get(ClockKind::Resolve));
    let opening = Opening {
        request: known.id(),
        number,
        district: case.district.clone(),
        area: case.area.clone(),
        category: case.category.clone(),
        priority: case.priority,
        holder: Holder::of(unit),
        departments: case.departments.clone(),
        content: part.content.clone(),
        location: case.location.clone(),
        desk: None,
        visit_first: false,
        demands: Demands::default(),
    };
    let whole = CaseName { case: known.id(), number: case.number.clone() };
    SplitOff { whole, opening: Box::new(opening), clocks, idle_percent: case.idle_percent }.into()
}

impl Happened<Case> for WasSplit {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Split::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.parts.extend(self.parts.iter().cloned());
    }

    fn words(&self) -> String {
        let numbers: Vec<&str> = self.parts.iter().map(|part| part.name.number.as_str()).collect();
        format!("→ {} {}", numbers.join(" "), self.reason)
    }
}

impl Happened<Case> for SplitOff {
    /// It begins; it never happens to a case that is there.
    fn rule(&self) -> Option<Rule<Case>> {
        None
    }

    fn fold(&self, _: &mut Case, _: &Stamp) {}

    fn words(&self) -> String {
        format!("← {}", self.whole.number)
    }
}
