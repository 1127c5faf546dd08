//! The decision: pure, from a directory, a submission and an instant; and it explains itself, part by part.
//!
//! - [`area`]: where it lies. - [`category`]: what it is about. - [`holder`]: at which tier it starts, who holds it, whom it concerns.
//! - [`authority`]: which row of 处置权限 counts, and what it says.
//! - [`learned`]: what the district's model says of it where no rule does. - [`danger`]: whether life is in danger.
//! - [`explain`]: how it came about, for people.
//! - [`raise`]: what becomes of a decision when danger is added.
//! - [`people`]: whether it concerns somebody who comes first. - [`units`]: whose business it may be.
//! - [`limits`]: how pressing it is and by when.
//!
//! Guaranteed: a decision has a reason for each of its parts; its holder answers for the area, or is a department, a group or a
//! utility; what is not decided is named, with the reasons why not.

pub mod area;
mod authority;
mod category;
mod danger;
pub mod explain;
mod holder;
mod learned;
mod limits;
mod people;
mod raise;
mod units;

use chrono::{DateTime, Utc};
use huying_terms::{AreaCode, Priority, Tier};

pub use self::raise::raise;
use self::{authority::Ruled, holder::Start, limits::Pressing};
use super::{
    Error,
    addition::{Addition, Told},
    danger::Danger,
    decision::{Asked, Decision, Demand, Part, Partial, Reason, Routing, Submission, Sureness, Triage},
    index::{Index, Read},
    learned::Memory,
    profile::{Category, Unit},
};

/// What was found of one part, and why; or only why not.
struct Found<T> {
    value: Option<T>,
    reasons: Vec<Reason>,
}

/// A case to be: where and about what is known.
struct Case<'a> {
    index: &'a Index,
    /// What it says.
    read: &'a Read,
    dangers: Vec<Danger>,
    /// When the first of them was known.
    endangered_at: DateTime<Utc>,
    area: AreaCode,
    category: &'a Category,
    /// The row of the authority table that counts; none: there is no table.
    ruled: Option<Ruled<'a>>,
    /// Chosen by a person.
    holder: Option<&'a Unit>,
    priority: Option<Priority>,
    /// What the platform that sent it demands.
    demand: Demand,
    /// Why somebody who comes first is concerned; none: nobody is.
    people: Option<people::Known>,
    /// When it was submitted: the time to resolve it counts from then on.
    since: DateTime<Utc>,
    now: DateTime<Utc>,
}

/// Decides by rules; what it is about, where they don't tell, by the district's model of categories if it has one. Where a person must, what is
/// known from before is put before them.
pub fn decide(index: &Index, memory: Memory<'_>, submission: &Submission, now: DateTime<Utc>) -> Routing {
    let said = submission.said();
    let read = index.read(&said.text());
    let by_rules = category::find(index, &read, &submission.given_category);
    let (category, learned) = learned::complete(index, memory.categories, said, by_rules);
    let starts = category
        .value
        .map(|it| Ruled::of(index, it, &read, None).map_or(it.authority, |row| row.says.starts));
    let placed = area::find(index, &submission.location, starts).recall(index, memory.past);
    let mut reasons = placed.reasons;
    reasons.extend(category.reasons);
    let dangers = danger::find(index, &read, &mut reasons);
    let priority = (!dangers.is_empty()).then_some(danger::PRIORITY);
    let partial = |reasons, dangers| Partial {
        area: placed.area.clone(),
        candidates: placed.candidates.clone(),
        without_point: placed.without_point,
        category: category.value.map(|it| it.code.clone()),
        priority,
        reasons,
        learned: learned.clone(),
        dangers,
        units: units::suggest(index, memory.units, said, placed.area.as_ref()),
    };
    let (Some(place), Some(about)) = (placed.area.clone(), category.value) else {
        let missing = [(Part::Area, placed.area.is_none()), (Part::Category, category.value.is_none())];
        let undecided = missing.into_iter().filter(|(_, missing)| *missing).map(|(part, _)| part).collect();
        return Routing::Queued { partial: partial(reasons, dangers), undecided };
    };
    let is_history = placed.sureness == Some(Sureness::High) && place.tier() <= Tier::Community;
    let case = Case {
        index,
        read: &read,
        dangers,
        endangered_at: submission.submitted_at,
        ruled: Ruled::of(index, about, &read, Some(place.tier())),
        area: place,
        category: about,
        holder: None,
        priority: None,
        demand: submission.demand,
        people: people::find(index, &read, submission.demand.priority_people),
        since: submission.submitted_at,
        now,
    };
    match case.decide_rest(&mut reasons) {
        Some(decision) => Routing::Decided(Box::new(Decision {
            learned,
            sureness: placed.sureness,
            without_point: placed.without_point,
            house: placed.house.filter(|_| is_history),
            ..decision
        })),
        None => {
            let partial = partial(std::mem::take(&mut reasons), case.dangers);
            Routing::Queued { partial, undecided: vec![Part::Holder] }
        }
    }
}

/// How pressing what waits for a person is, as far as is known: in danger and under the platform's urgent lamp the most, else as its
/// category has it, or the most that any rule reads in its words.
pub fn so_far(index: &Index, submission: &Submission, partial: &Partial) -> Priority {
    if let Some(priority) = partial.priority.or(submission.demand.urgent.then_some(Priority::Urgent)) {
        return priority;
    }
    let category = partial.category.as_ref().and_then(|code| index.category(code));
    let read = index.read(&submission.said().text());
    let people = people::find(index, &read, submission.demand.priority_people).map(|_| people::PRIORITY);
    let rules = index.rules_in(&read).filter(|it| category.is_none_or(|own| own.code == it.rule.category));
    let raised = rules.filter_map(|it| it.rule.priority).max();
    category.map(|own| own.priority).max(raised).max(people).unwrap_or_default()
}

/// The dangers that a text speaks of, each with its reason.
pub fn dangers(index: &Index, text: &str, reasons: &mut Vec<Reason>) -> Vec<Danger> {
    danger::find(index, &index.read(text), reasons)
}

/// Decides as a person says; what they leave open, by the rules from what the request says. `since` is when it was submitted.
///
/// # Errors
/// Something the district does not know; a holder that does not answer for the area; nobody who does.
pub fn by_hand(
    index: &Index,
    asked: (&str, Demand),
    triage: &Triage,
    times: (DateTime<Utc>, DateTime<Utc>),
) -> Result<Decision, Error> {
    by_hand_after(index, asked, None, triage, times)
}

/// The same, after dangers were added.
///
/// # Errors
/// As [`by_hand`].
pub fn by_hand_after(
    index: &Index,
    (said, demand): (&str, Demand),
    told: Option<&Told>,
    triage: &Triage,
    (since, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Decision, Error> {
    let unknown_area = || Error::UnknownArea { area: triage.area.clone() };
    let area = index.known_area(&triage.area).ok_or_else(unknown_area)?.code.clone();
    let unknown_category = || Error::UnknownCategory { category: triage.category.clone() };
    let category = index.category(&triage.category).ok_or_else(unknown_category)?;
    let unit = |code: &String| index.unit(code).ok_or_else(|| Error::UnknownUnit { unit: code.clone() });
    let holder = triage.holder.as_ref().map(unit).transpose()?;
    if let Some(unit) = holder.filter(|unit| !unit.may_hold(&area)) {
        return Err(Error::UnitElsewhere { unit: unit.code.clone(), area: area.to_string() });
    }
    let read = index.read(said);
    let mut reasons = vec![
        Reason::new(Part::Area, "hand", format!("研判席定在{}", index.area_name(&area))),
        Reason::new(Part::Category, "hand", format!("研判席定为“{}”", category.name)),
    ];
    let mut dangers = danger::find(index, &read, &mut reasons);
    let endangered_at = told.filter(|_| dangers.is_empty()).map_or(since, |told| told.at);
    let added = told.map(|told| Addition::from(told).besides(&dangers)).unwrap_or_default();
    dangers.extend(added.dangers);
    reasons.extend(added.reasons);
    let no_holder = || Error::NoHolder { area: triage.area.clone() };
    let priority = triage.priority;
    let people = people::find(index, &read, demand.priority_people);
    let ruled = Ruled::of(index, category, &read, Some(area.tier()));
    let case = Case {
        index,
        read: &read,
        dangers,
        endangered_at,
        area,
        category,
        ruled,
        holder,
        priority,
        demand,
        people,
        since,
        now,
    };
    case.decide_rest(&mut reasons).ok_or_else(no_holder)
}

impl Case<'_> {
    /// Decides all that follows from area and category. None: nobody answers for it at any tier; the reasons say so.
    fn decide_rest(&self, reasons: &mut Vec<Reason>) -> Option<Decision> {
        let Start { tier, unit } = self.start(reasons)?;
        self.demands(reasons);
        let departments = self.departments(reasons);
        let Pressing { priority, respond, resolve } = self.pressing(reasons)?;
        Some(Decision {
            area: self.area.clone(),
            category: self.category.code.clone(),
            tier,
            holder: unit.code.clone(),
            departments,
            priority,
            respond: respond.limit,
            resolve: resolve.limit,
            respond_due_at: respond.due_at,
            resolve_due_at: resolve.due_at,
            reasons: std::mem::take(reasons),
            learned: Asked::default(),
            dangers: self.dangers.clone(),
            sureness: None,
            without_point: false,
            visit_first: self.people.is_some(),
            authority: self.ruled.as_ref().map(Ruled::kept),
            house: None,
        })
    }
}

/// Words in quotes, the first few, longest first; those that lie in another say nothing more.
fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 5;
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_unstable_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let mut telling: Vec<&str> = Vec::new();
    for word in words {
        if !telling.iter().any(|longer| longer.contains(word)) {
            telling.push(word);
        }
    }
    let more = if telling.len() > MOST { "等" } else { "" };
    let shown: Vec<String> = telling.iter().take(MOST).map(|word| format!("“{word}”")).collect();
    format!("{}{more}", shown.join("、"))
}
