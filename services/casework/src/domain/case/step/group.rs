//! 启动专项响应组: a street asks for a group that the profile has, and its chair grants it. The group's departments are called in the same
//! commit; from then on its chair commands them on this case, until the case closes or it is ended. A task force works likewise.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    approval::{ask, asked, not_asked},
    call::{at_street, callable, has_room, send_group},
    task_force::above_street,
};
use crate::domain::{
    approval::{Ask, AskKind},
    beside::Beside,
    case::{Case, Change, State, Summoned, holder},
    error::Error,
    group::{AtWork, Group, GroupKind, MOST_AT_WORK},
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Named, Unit},
};

/// The holder asks for it.
#[derive(Clone, Debug)]
pub struct AskGroup {
    /// The id of the approval that it becomes.
    pub approval: Uuid,
    /// The response group's code.
    pub group: String,
    /// What its departments are to do.
    pub task: String,
    pub reason: String,
    /// An id for each member's dispatch; as many as a group may have members.
    pub dispatches: Vec<Uuid>,
}

/// It was granted.
#[derive(Clone, Debug)]
pub struct CallGroup {
    pub group: Group,
    pub task: String,
    pub dispatches: Vec<Summoned>,
}

/// By its chair, the holder, or a street or the district above the case.
#[derive(Clone, Debug)]
pub struct EndGroup {
    pub group: String,
    pub reason: String,
}

/// The time of a task force is over.
#[derive(Clone, Copy, Debug)]
pub struct EndSpans;

/// A group is at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCalled {
    pub group: Group,
    pub task: String,
    /// The lead first.
    pub dispatches: Vec<Summoned>,
}

/// It commands no longer. What it called goes on, with the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEnded {
    pub code: String,
    pub name: String,
    /// Empty where its span was over.
    pub reason: String,
}

/// Where its departments can work.
pub(super) const AT: &[State] = &[State::Working, State::Waiting];

impl Step<Case> for AskGroup {
    const RULE: Rule<Case> = Rule::new("ask_group", &[State::Working], To::Same).by(holder).fits(may_ask);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let (_, dispatches) = self.called(case, known)?;
        has_room(case, dispatches.len())?;
        Ok(Decided::one(asked(self.approval, AskKind::CallGroup, &self.reason)))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let (group, dispatches) = self.called(case, known)?;
        let wanted = Ask::CallGroup { group: Box::new(group), task: self.task.clone(), dispatches };
        ask(case, self.approval, wanted, &self.reason, known)
    }
}

impl AskGroup {
    /// The group as it is to work on the case, and what its departments are to be sent. A department that holds the case is not called.
    fn called(&self, case: &Case, known: &dyn Known) -> Answer<(Group, Vec<Summoned>)> {
        let unknown = || Error::UnknownGroup { group: self.group.clone() };
        let wanted = known.profile().group(&self.group).ok_or_else(unknown)?;
        if case.group(&wanted.code).is_some() {
            return Err(Error::GroupAtWork { group: wanted.code.clone() }.into());
        }
        let called = wanted.members.iter().filter(|code| **code != case.holder.unit).cloned();
        let codes: Vec<String> = std::iter::once(wanted.chair.clone()).chain(called).collect();
        let (chair, members) = chaired(case, known.units(&case.district, &codes)?)?;
        let dispatches = summoned(&members, &self.dispatches);
        let (code, name) = (wanted.code.clone(), wanted.name.clone());
        let kind = GroupKind::Response;
        Ok((Group { code, kind, name, chair, members, until: None, cases: Vec::new() }, dispatches))
    }
}

/// The chair is the first of them; the others may all be called on the case.
pub(super) fn chaired(case: &Case, units: &[Unit]) -> Answer<(Holder, Vec<Named>)> {
    let Some((chair, members)) = units.split_first().filter(|(_, members)| !members.is_empty()) else {
        return Err(Error::UnitNotCallable { unit: case.holder.unit.clone() }.into());
    };
    members.iter().try_for_each(|unit| callable(case, unit, &case.holder))?;
    Ok((Holder::of(chair), members.iter().map(Named::of).collect()))
}

/// Each with its id; the first leads.
pub(super) fn summoned(members: &[Named], ids: &[Uuid]) -> Vec<Summoned> {
    let each = members.iter().zip(ids).enumerate();
    each.map(|(n, (it, id))| Summoned { dispatch: *id, unit: it.unit.clone(), lead: n == 0 }).collect()
}

fn may_ask(case: &Case, known: &dyn Known) -> Answer<()> {
    not_asked(case, AskKind::CallGroup)?;
    at_street(case, known)?;
    room_for_group(case, known)
}

pub(super) fn room_for_group(case: &Case, _: &dyn Known) -> Answer<()> {
    has_room(case, 1)?;
    if case.groups.len() < MOST_AT_WORK {
        Ok(())
    } else {
        Err(Error::TooManyGroups { most: MOST_AT_WORK }.into())
    }
}

impl Step<Case> for CallGroup {
    /// As it was asked for and granted.
    const RULE: Rule<Case> = Rule::new("call_group", AT, To::Same).fits(room_for_group);

    fn decide(&self, case: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        has_room(case, self.dispatches.len())?;
        let Self { group, task, dispatches } = self.clone();
        Ok(Decided::one(GroupCalled { group, task, dispatches }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        send_group(case, &self.group, &self.task, &self.dispatches, known)
    }
}

impl Step<Case> for EndGroup {
    const RULE: Rule<Case> =
        Rule::new("end_group", &State::OPEN, To::Same).by(|_, _| Ok(())).fits(|case, known| {
            let first = case.groups.first().ok_or(Error::NoGroup)?;
            let mut groups = case.groups.iter().map(|it| &it.group);
            let may = groups.any(|group| may_end(case, group, known).is_ok());
            if may { Ok(()) } else { Ok(may_end(case, &first.group, known)?) }
        });

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let group = case.group(&self.group).ok_or(Error::UnknownGroup { group: self.group.clone() })?;
        may_end(case, group, known)?;
        Ok(Decided::one(ended(group, &self.reason)))
    }

    /// A task force ends on all of its cases.
    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let mut beside = Vec::new();
        let cases = case.group(&self.group).map_or(&[][..], |group| &group.cases);
        for id in cases.iter().filter(|id| **id != known.id()) {
            if let Some(group) = known.case(*id)?.group(&self.group) {
                beside.push(Beside::Case(*id, vec![ended(group, &self.reason)]));
            }
        }
        Ok(beside)
    }
}

fn may_end(case: &Case, group: &Group, known: &dyn Known) -> Result<(), Error> {
    let by = known.by();
    let chairs = by.is(&case.district, &group.chair.unit);
    if chairs || case.is_held(by) || above_street(case, by).is_ok() {
        Ok(())
    } else {
        Err(Error::NotChair { chair: group.chair.unit.clone() })
    }
}

fn ended(group: &Group, reason: &str) -> Change {
    GroupEnded { code: group.code.clone(), name: group.name.clone(), reason: reason.to_owned() }.into()
}

impl Step<Case> for EndSpans {
    const RULE: Rule<Case> = Rule::new("end_spans", &State::OPEN, To::Same);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let groups = case.groups.iter().map(|it| &it.group);
        let over = groups.filter(|group| group.until.is_some_and(|until| until <= known.now()));
        let ended: Vec<Change> = over.map(|group| ended(group, "")).collect();
        Ok(if ended.is_empty() { Decided::AlreadyDone } else { Decided::Done(ended) })
    }
}

impl Happened<Case> for GroupCalled {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(CallGroup::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        case.dispatches.extend(self.dispatches.iter().cloned());
        case.groups.push(AtWork { group: self.group.clone(), since: stamp.at });
    }

    fn words(&self) -> String {
        let members: Vec<&str> = self.group.members.iter().map(Named::shown).collect();
        format!("{}（{}）：{}", self.group.name, members.join("、"), self.task)
    }

    fn called(&self) -> Vec<Uuid> {
        self.dispatches.iter().map(|it| it.dispatch).collect()
    }
}

impl Happened<Case> for GroupEnded {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(EndSpans::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        for ended in case.groups.extract_if(.., |it| it.group.code == self.code) {
            let chair = ended.group.chair.unit;
            if !case.chaired.contains(&chair) {
                case.chaired.push(chair);
            }
        }
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.reason).trim_end().to_owned()
    }
}
