//! The work on a case: who holds it, what was done, what is owed. A step ([`step`]) looks at it and says what happened or why not; nothing else changes it.
//!
//! Guaranteed: one holder in every open state; every refusal says which steps are allowed now; a repeated event is *already done*.

pub mod change;
pub mod merged;
pub mod part;
pub mod refusal;
pub mod state;
pub mod step;
pub mod verification;

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, NaiveDate, Utc};
use huying_terms::{Location, Priority};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    approval::AskKind,
    attachment::Attachment,
    beside::Beside,
    clocks::{ClockKind, Clocks},
    demands::Demands,
    dispatch::Dispatch,
    error::Error,
    group::{AtWork, Group},
    handling::Handling,
    known::{Answer, Known},
    lamp::Clocked,
    policies::Ground,
    profile::CaseworkProfile,
    rule::{Rule, Ruled},
    supervision::{Pressed, Supervision},
    unit::{By, Holder, Officer, Sight},
};
pub use change::CaseAbout;
pub use merged::{CaseName, MergedInto};
pub use refusal::UnitRefusal;
pub use state::{Judgement, Outcome, State};
pub use step::Change;
pub use verification::Verification;

/// The first attempt that is not done again where it was. One failure may be a mistake, which whoever made it mends; a second one says that
/// it is beyond that unit.
const REOPENS_UPWARD_FROM: i32 = 2;

/// A case as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The number of the request it was opened on.
    pub number: String,
    /// The request it was opened on; unique, so that a request has one case. Of a part: its whole.
    pub opened_on: Uuid,
    pub district: String,
    pub area: String,
    pub category: String,
    pub priority: Priority,
    pub departments: Vec<String>,
    pub content: String,
    pub location: Location,
    pub state: State,
    pub holder: Holder,
    pub requests: Vec<CaseRequest>,
    pub clocks: Clocks,
    /// How many notes it has. What they say is in the log.
    pub notes: u32,
    /// The last one that the reporter reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_public_note: Option<Note>,
    pub answer: String,
    /// How this attempt was handled, where its holder said something of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Handling>,
    pub judgement: Option<Judgement>,
    pub outcome: Option<Outcome>,
    pub attempt: i32,
    pub dispatches: Vec<Summoned>,
    /// What is asked for and not ruled on yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Pending>,
    /// How often it was extended.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extensions: u32,
    /// Its files, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// While it waits: what the reporter was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Note>,
    /// Who is to decide whose it is, while it is returned and only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<Holder>,
    /// Which units handed it back, oldest first; as many as the profile lets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<UnitRefusal>,
    /// While it is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// The ground it was declined on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Ground>,
    /// In which leader's charge it is, or was when it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<step::Charge>,
    /// While it is merged: where its requests went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedInto>,
    /// What it was split into, in that order; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<part::PartOf>,
    /// What it is a part of. A part has no requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<CaseName>,
    /// How deep cases are merged into it: 1 where none of those has others itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub depth: u32,
    /// Routing has given it to another unit once, for the right category.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rerouted: bool,
    /// What presses its holder, or did last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervision: Option<Supervision>,
    #[serde(default, skip_serializing_if = "Pressed::never")]
    pub pressed: Pressed,
    /// 督办件: when it had its first notice or talk.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub supervised_at: Option<DateTime<Utc>>,
    /// The share of its time after which it is idle; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_percent: Option<u32>,
    /// When it will be, unless somebody takes a step before: what the timer looks for.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub idle_at: Option<DateTime<Utc>>,
    /// How many consultations were held on it. What they say is in the log.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub consultations: u32,
    /// The groups at work on it, until it closes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<AtWork>,
    /// The units that chaired a group that was ended, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chaired: Vec<String>,
    /// When the first of their spans ends: what a timer looks for.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "ts_microseconds_option")]
    pub groups_end_at: Option<DateTime<Utc>>,
    /// Who is to look at what was resolved; while it is resolved and nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<Holder>,
    /// What was found on site last, in this attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// The open meetings held on it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meetings: Vec<Uuid>,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option")]
    pub resolved_at: Option<DateTime<Utc>>,
    #[serde(default, with = "ts_microseconds_option")]
    pub closed_at: Option<DateTime<Utc>>,
    /// When the next lamp turns: what the timer looks for.
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    /// A running clock is red.
    pub overdue: bool,
    /// When it changed last; none in a row that was written before this was kept.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// Who of the holder's people has it in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<Officer>,
    /// When it was given to them; none in a row that was written before this was kept.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub appointed_at: Option<DateTime<Utc>>,
    /// What the triage desk used of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<step::DeskStay>,
    /// What the authority table demands of it.
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
}

/// A request on a case and whether its reporter has the answer of this attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRequest {
    pub id: Uuid,
    pub answered: bool,
    /// The merged case that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CaseName>,
    /// It concerns people who come first: a home visit comes before all else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visit_first: bool,
}

/// A note that the reporter reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    /// The unit that wrote it.
    pub unit: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// How a case is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// What is to be done meanwhile.
    pub plan: String,
    /// The day of the next review.
    pub review: NaiveDate,
    /// What the last review said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    #[serde(with = "ts_microseconds")]
    pub since: DateTime<Utc>,
}

/// A dispatch of a case and whom it went to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summoned {
    pub dispatch: Uuid,
    pub unit: String,
    /// Whether it was called to lead; who leads now is said by the dispatches.
    pub lead: bool,
}

/// An approval that nobody has ruled on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub approval: Uuid,
    pub kind: AskKind,
}

impl Ruled for Case {
    const STATES: &'static [State] = Self::EVERYWHERE;

    fn rules() -> &'static [Rule<Self>] {
        step::RULES
    }

    fn state(&self) -> State {
        self.state
    }

    fn state_name(&self) -> &'static str {
        self.state.name()
    }

    fn is_reached(&self, by: &By) -> bool {
        self.sight(by).is_some()
    }

    /// While it is merged: the one that has its requests. Of a part: its whole.
    fn case(&self) -> Option<Uuid> {
        self.merged.as_ref().map(|merged| &merged.into).or(self.whole.as_ref()).map(|it| it.case)
    }

    /// A holder who does not answer is pressed harder, a reporter is waited for no longer than the profile says, and what nobody
    /// arbitrates or verifies climbs; then the district's ladder is run; what was asked for lapses when it moves on, and what is over needs no answer.
    /// Where it comes to a unit, one of that unit's officers has it in hand.
    fn entails(&self, changes: &[Change], known: &dyn Known) -> Answer<(Vec<Change>, Vec<Beside>)> {
        let mut all = changes.to_vec();
        all.extend(step::missing_answer(self, changes, known));
        all.extend(step::climbing(self, changes, known)?);
        all.extend(step::unverified(self, changes, known)?);
        all.extend(step::climbs(self, changes, known)?);
        all.extend(step::ladder(self, &all, known)?);
        let (lapsed, beside) = step::lapsing(self, &all, known)?;
        all.extend(lapsed);
        all.extend(step::no_answer_needed(self, &all, known));
        all.extend(step::coming(self, &all, known)?);
        Ok((all.split_off(changes.len()), beside))
    }
}

impl Clocked for Case {
    fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    fn clocks_mut(&mut self) -> &mut Clocks {
        &mut self.clocks
    }
}

impl Case {
    const EVERYWHERE: &'static [State] = State::VARIANTS;

    /// How much of it somebody sees; none: it is as if there were none.
    pub fn sight(&self, by: &By) -> Option<Sight> {
        let decides = self.is_arbiter(by) || self.is_verifier(by) || self.chaired(by).is_some();
        if self.is_held(by) || decides || by.sees(&self.district, &self.area) {
            return Some(Sight::Whole);
        }
        self.has_called(by).then_some(Sight::Called)
    }

    /// Whether somebody works in the unit that holds it.
    pub fn is_held(&self, by: &By) -> bool {
        by.is(&self.district, &self.holder.unit)
    }

    /// Those of its files that somebody sees: a called department sees its own.
    pub fn seen_attachments<'a>(&'a self, by: &'a By) -> impl Iterator<Item = &'a Attachment> {
        let sight = self.sight(by);
        self.attachments.iter().filter(move |it| match sight {
            Some(Sight::Whole) => true,
            Some(Sight::Called) => it.by.unit.as_ref().is_some_and(|unit| by.is(&self.district, unit)),
            None => false,
        })
    }

    /// Whether somebody works in the unit that is to decide whose it is.
    fn is_arbiter(&self, by: &By) -> bool {
        self.arbiter.as_ref().is_some_and(|arbiter| by.is(&self.district, &arbiter.unit))
    }

    /// The group at work on it that somebody chairs.
    pub fn chaired(&self, by: &By) -> Option<&Group> {
        let mut groups = self.groups.iter().map(|it| &it.group);
        groups.find(|group| by.is(&self.district, &group.chair.unit))
    }

    /// The group at work on it with that code.
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().map(|it| &it.group).find(|group| group.code == code)
    }

    /// Whether the next reopening goes one tier up, unless it is at the top already.
    pub fn reopens_upward(&self, profile: &CaseworkProfile) -> bool {
        self.attempt >= REOPENS_UPWARD_FROM && self.holder.tier < profile.top_tier
    }

    /// The same, with an approval ruled on.
    pub(super) fn without(&self, approval: Uuid) -> Self {
        let mut case = self.clone();
        case.approvals.retain(|pending| pending.approval != approval);
        case
    }

    /// The ids of its dispatches.
    pub fn called(&self) -> Vec<Uuid> {
        self.dispatches.iter().map(|called| called.dispatch).collect()
    }

    /// The ids of what is asked for and not ruled on.
    pub fn asked(&self) -> Vec<Uuid> {
        self.approvals.iter().map(|pending| pending.approval).collect()
    }

    /// The ids of its parts.
    pub fn part_ids(&self) -> Vec<Uuid> {
        self.parts.iter().map(|part| part.name.case).collect()
    }

    /// What its holder has not answered yet.
    pub fn unanswered(&self) -> Option<&Supervision> {
        self.supervision.as_ref().filter(|supervision| supervision.answer.is_none())
    }

    fn request_ids(&self) -> Vec<Uuid> {
        self.requests.iter().map(|request| request.id).collect()
    }

    fn has(&self, request: Uuid) -> bool {
        self.requests.iter().any(|one| one.id == request)
    }

    /// Whether a home visit comes first, for one of its requests.
    pub fn visit_first(&self) -> bool {
        self.requests.iter().any(|request| request.visit_first)
    }

    /// Whether its answer is public: a reporter has been told this attempt's.
    pub fn is_told(&self) -> bool {
        self.requests.iter().any(|request| request.answered)
    }

    fn is_answered_and_judged(&self) -> bool {
        self.judgement.is_some() && self.requests.iter().all(|request| request.answered)
    }

    fn has_called(&self, by: &By) -> bool {
        self.dispatches.iter().any(|called| by.is(&self.district, &called.unit))
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Whether the time of a clock is up with these changes.
fn turns_red(changes: &[Change], clock: ClockKind) -> bool {
    changes.iter().any(|change| matches!(change, Change::LampTurned(it) if it.is_red(clock)))
}

/// Only the unit that holds it.
fn holder(case: &Case, by: &By) -> Result<(), Error> {
    if case.is_held(by) { Ok(()) } else { Err(Error::NotHolder { holder: case.holder.unit.clone() }) }
}

/// The holder, or a department called on it, whatever became of that.
fn holder_or_called(case: &Case, by: &By) -> Result<(), Error> {
    if case.has_called(by) { Ok(()) } else { holder(case, by) }
}

/// The holder, or a department of which a dispatch on it is still open: one that is done or let go reads on, and writes no more.
fn holder_or_at_work(case: &Case, known: &dyn Known) -> Answer<()> {
    let by = known.by();
    let at_work = |it: &Dispatch| !it.state.is_settled() && by.is(&it.district, &it.unit);
    if case.is_held(by) || known.dispatches(case)?.into_iter().any(|(_, it)| at_work(it)) {
        Ok(())
    } else {
        Ok(holder(case, by)?)
    }
}

/// Whether somebody's area lies strictly above the holder's.
fn is_strictly_above(case: &Case, by: &By) -> bool {
    let area = &case.holder.area;
    by.sees(&case.district, area) && !by.reach.is_area(area)
}

/// Somebody whose area lies strictly above the holder's, or who stands for the whole district; never the holder itself.
fn above_holder(case: &Case, by: &By) -> Result<(), Error> {
    let stands_above = by.reach.governs(&case.district) || is_strictly_above(case, by);
    let may = by.sees(&case.district, &case.area) && stands_above && !case.is_held(by);
    if may { Ok(()) } else { Err(Error::NotAboveHolder { holder: case.holder.unit.clone() }) }
}

/// The holder, or the chair of a group at work on it.
fn holder_or_chair(case: &Case, by: &By) -> Result<(), Error> {
    if case.chaired(by).is_some() { Ok(()) } else { holder(case, by) }
}

/// The holder, or somebody above it.
fn holder_or_above(case: &Case, by: &By) -> Result<(), Error> {
    if above_holder(case, by).is_ok() { Ok(()) } else { holder(case, by) }
}

/// A desk or leader whose area holds it.
fn above(case: &Case, by: &By) -> Result<(), Error> {
    if by.sees(&case.district, &case.area) { Ok(()) } else { Err(Error::OutsideArea) }
}

/// The holder, or an office that stands for the whole district.
fn holder_or_district(case: &Case, by: &By) -> Result<(), Error> {
    if by.sees(&case.district, &case.district) { Ok(()) } else { holder(case, by) }
}

/// Somebody above the holder; of what the district itself holds, whoever stands for the whole district.
fn reviewer(case: &Case, by: &By) -> Result<(), Error> {
    let may = by.sees(&case.district, &case.district) || (is_strictly_above(case, by) && !case.is_held(by));
    if may { Ok(()) } else { Err(Error::NotAboveHolder { holder: case.holder.unit.clone() }) }
}
