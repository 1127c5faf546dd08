//! 专班、帮帮团: a street, or a desk or leader above it, forms one for a case or a few of them, with a chair, departments and a span. It is a
//! group like any other: its departments are called at once, and its chair commands until the span ends.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    log::{Aggregate as _, Decided},
    run::Halt,
};
use huying_terms::{Tier, place::related};
use uuid::Uuid;

use super::{
    call::{has_room, send_group},
    group::{AT, GroupCalled, chaired, room_for_group, summoned},
};
use crate::domain::{
    beside::Beside,
    case::{Case, Change, Summoned},
    error::Error,
    group::{Group, GroupKind},
    known::{Answer, Known},
    rule::{Rule, Step, To},
    unit::By,
};

/// The longest span.
const MOST_DAYS: u32 = 366;
/// Digits of a street's area code.
const STREET: usize = 9;

#[derive(Clone, Debug)]
pub struct FormTaskForce {
    /// Its id, by which it is told from others.
    pub code: String,
    pub name: String,
    /// The unit that commands: of a street or above.
    pub chair: String,
    /// Its departments, none twice; the first leads.
    pub members: Vec<String>,
    pub task: String,
    pub until: DateTime<Utc>,
    /// The other cases that it is formed for, none twice.
    pub others: Vec<Uuid>,
    /// An id for each dispatch: of each member on each case.
    pub dispatches: Vec<Uuid>,
}

impl Step<Case> for FormTaskForce {
    const RULE: Rule<Case> = Rule::new("form_task_force", AT, To::Same).by(above_street).fits(room_for_group);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let now = known.now();
        if self.until <= now || self.until > now + TimeDelta::days(MOST_DAYS.into()) {
            return Err(Error::SpanNotAhead { most_days: MOST_DAYS }.into());
        }
        let (group, dispatches) = self.called(case, 0, known)?;
        Ok(Decided::one(GroupCalled { group, task: self.task.clone(), dispatches }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let (group, dispatches) = self.called(case, 0, known)?;
        let mut beside = send_group(case, &group, &self.task, &dispatches, known)?;
        for (n, id) in self.others.iter().enumerate() {
            let (other, on_other) = (known.case(*id)?, known.on(*id));
            open_to(other, *id, known)?;
            let (group, dispatches) = self.called(other, n + 1, known)?;
            beside.extend(send_group(other, &group, &self.task, &dispatches, &*on_other)?);
            let called = GroupCalled { group, task: self.task.clone(), dispatches };
            beside.push(Beside::Case(*id, vec![called.into()]));
        }
        Ok(beside)
    }
}

impl FormTaskForce {
    /// As it works on one of its cases, and what its departments are sent there.
    fn called(&self, case: &Case, nth: usize, known: &dyn Known) -> Answer<(Group, Vec<Summoned>)> {
        let codes: Vec<String> = std::iter::once(&self.chair).chain(&self.members).cloned().collect();
        let (chair, members) = chaired(case, known.units(&case.district, &codes)?)?;
        if chair.tier < Tier::Street || !related(&chair.area, &case.area) {
            return Err(Error::UnitMayNotChair { unit: chair.unit }.into());
        }
        let ids = self.dispatches.iter().skip(nth * members.len()).copied();
        let dispatches = summoned(&members, &ids.collect::<Vec<_>>());
        has_room(case, dispatches.len())?;
        let (code, name, until) = (self.code.clone(), self.name.clone(), Some(self.until));
        let cases = std::iter::once(known.id()).chain(self.others.iter().copied()).collect();
        Ok((Group { code, kind: GroupKind::TaskForce, name, chair, members, until, cases }, dispatches))
    }
}

/// Whether it may be formed for another case as well. One out of reach is as if there were none.
fn open_to(other: &Case, id: Uuid, known: &dyn Known) -> Answer<()> {
    if above_street(other, known.by()).is_err() {
        return Err(Halt::NotFound { kind: Case::KIND, id });
    }
    FormTaskForce::RULE.allows(other, known.by(), known)
}

/// A street or above that holds the case, or an office whose area holds the case's street.
pub(super) fn above_street(case: &Case, by: &By) -> Result<(), Error> {
    let street = case.area.get(..STREET).unwrap_or(&case.area);
    let holds = case.is_held(by) && case.holder.tier >= Tier::Street;
    if holds || by.sees(&case.district, street) { Ok(()) } else { Err(Error::OutsideArea) }
}
