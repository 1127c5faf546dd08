//! A few cases with their dispatches and approvals, as the service would keep them: each with its log, and nothing changes but by it.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use huying_casework::domain::{
    Approval, ApprovalState, Beside, By, Case, CaseworkProfile, Change, Dispatch, Ruled, Step, Unit,
    case::step::{Opened, Routed},
    clocks::Clocks,
};
use huying_chassis::log::{Actor, Aggregate, Stamp};
use huying_testing::after;
use uuid::Uuid;

use super::{knows::Knows, told, town};
use crate::fixture as f;

/// The requests that the two cases are opened on.
pub const REQUESTS: [Uuid; 2] = [Uuid::from_u128(1), Uuid::from_u128(2)];

/// One of them as it is now, and what was written of it.
pub struct Kept<A: Aggregate> {
    pub id: Uuid,
    pub it: A,
    pub log: Vec<(A::Change, Stamp)>,
}

impl<A: Aggregate> Kept<A> {
    fn begun(id: Uuid, first: A::Change, stamp: &Stamp) -> Self {
        Self { id, it: after(None, &first, stamp).unwrap(), log: vec![(first, stamp.clone())] }
    }
}

/// Everything that there is.
pub struct World {
    pub now: DateTime<Utc>,
    pub profile: CaseworkProfile,
    /// What routing says of a case in another category.
    pub routed: Routed,
    /// Units that the directory does not know.
    pub gone: Vec<String>,
    /// Two with a request each, and the parts that they were split into.
    pub cases: Vec<Kept<Case>>,
    pub dispatches: Vec<Kept<Dispatch>>,
    pub approvals: Vec<Kept<Approval>>,
    /// The requests that were taken back.
    pub withdrawn: BTreeSet<Uuid>,
    /// The steps that somebody took, each after the kind of what it was taken on.
    pub taken: Vec<(&'static str, &'static str)>,
    ids: u128,
}

/// Where one sort of them is kept.
pub trait Keeps<A: Aggregate> {
    fn kept(&self) -> &Vec<Kept<A>>;
    fn kept_mut(&mut self) -> &mut Vec<Kept<A>>;
}

macro_rules! keeps {
    ($($of:ident in $field:ident),+) => {
        $(impl Keeps<$of> for World {
            fn kept(&self) -> &Vec<Kept<$of>> {
                &self.$field
            }

            fn kept_mut(&mut self) -> &mut Vec<Kept<$of>> {
                &mut self.$field
            }
        })+
    };
}
keeps!(Case in cases, Dispatch in dispatches, Approval in approvals);

impl World {
    pub fn new(at: &Unit, verified: bool) -> Self {
        let (now, profile) = (f::morning(), town::profile(verified));
        let open = |id, request, number: &str, at: &Unit| {
            let opening = Box::new(huying_casework::domain::case::step::Opening {
                number: number.into(),
                ..f::opening(request, at)
            });
            let clocks = Clocks::start(f::limits(), &profile, now);
            let opened = Opened { opening, clocks, idle_percent: profile.policies.idle_percent };
            Kept::begun(id, opened.into(), &f::stamp(now))
        };
        let first = open(f::CASE, REQUESTS[0], "SY-20260302-000001", at);
        let other = open(f::OTHER, REQUESTS[1], f::OTHER_NUMBER, &f::grid());
        Self {
            now,
            routed: f::routed(f::grid()),
            gone: Vec::new(),
            cases: vec![first, other],
            dispatches: Vec::new(),
            approvals: Vec::new(),
            withdrawn: BTreeSet::new(),
            taken: Vec::new(),
            ids: 100,
            profile,
        }
    }

    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids - 1)
    }

    /// So many days from today.
    pub fn day(&self, days: i64) -> NaiveDate {
        (self.now + Duration::days(days)).date_naive()
    }

    pub fn case(&self, id: Uuid) -> &Case {
        &self.get::<Case>(id).it
    }

    pub fn get<A: Aggregate>(&self, id: Uuid) -> &Kept<A>
    where
        Self: Keeps<A>,
    {
        self.kept().iter().find(|kept| kept.id == id).unwrap()
    }

    /// The dispatches of a case, in the order called.
    pub fn called(&self, case: &Case) -> Vec<&Kept<Dispatch>> {
        case.called().into_iter().map(|id| self.get::<Dispatch>(id)).collect()
    }

    /// What is asked for on a case and not ruled on.
    pub fn pending(&self, case: Uuid) -> Vec<Uuid> {
        let asked = |kept: &&Kept<Approval>| kept.it.case == case && kept.it.state == ApprovalState::Asked;
        self.approvals.iter().filter(asked).map(|kept| kept.id).collect()
    }

    /// Somebody asks for a step, or nobody does: an event or the clock is the cause. What is told of it beforehand agrees with it.
    pub fn take<A: Ruled, S: Step<A>>(&mut self, id: Uuid, by: &By, step: &S)
    where
        Self: Keeps<A>,
    {
        let knows = Knows::new(self, id, by);
        let it = &self.get::<A>(id).it;
        if let Some((changes, beside)) = told::agrees(it, &knows, step) {
            self.taken.push((A::KIND, S::RULE.name));
            self.happens::<A>(id, by, changes);
            self.beside(by, beside);
        }
    }

    fn beside(&mut self, by: &By, beside: Vec<Beside>) {
        for one in beside {
            match one {
                Beside::Case(id, changes) => self.happens::<Case>(id, by, changes),
                Beside::Dispatch(id, changes) => self.happens::<Dispatch>(id, by, changes),
                Beside::Approval(id, changes) => self.happens::<Approval>(id, by, changes),
            }
        }
    }

    /// Changes are logged and folded; where there is none yet, it begins with them.
    fn happens<A: Aggregate>(&mut self, id: Uuid, by: &By, changes: Vec<A::Change>)
    where
        Self: Keeps<A>,
    {
        let unit = by.reach.unit().map(str::to_owned);
        let subject = if by.person.is_empty() { "casework".to_owned() } else { by.person.clone() };
        let stamp = Stamp { actor: Actor { subject, unit, name: None }, ..f::stamp(self.now) };
        for change in changes {
            match self.kept_mut().iter_mut().find(|kept| kept.id == id) {
                Some(kept) => {
                    // Where the table does not let it happen, there is nothing after it.
                    kept.it = after(Some(kept.it.clone()), &change, &stamp).unwrap();
                    kept.log.push((change, stamp.clone()));
                }
                None => self.kept_mut().push(Kept::begun(id, change, &stamp)),
            }
        }
    }

    /// How many entries there are.
    pub fn written(&self) -> usize {
        let cases = self.cases.iter().map(|kept| kept.log.len());
        let dispatches = self.dispatches.iter().map(|kept| kept.log.len());
        cases.chain(dispatches).chain(self.approvals.iter().map(|kept| kept.log.len())).sum()
    }

    /// The entries of a case, for those who look at all of them.
    pub fn entries(&self, case: Uuid) -> &[(Change, Stamp)] {
        &self.get::<Case>(case).log
    }
}
