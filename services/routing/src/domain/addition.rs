//! 补充: what the reporter adds is read for danger to life, and for nothing else. Who waits is before all else from then on; of what was
//! decided its case is told. A danger that somebody spoke of before changes nothing.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Decided;
use huying_terms::Priority;
use serde::{Deserialize, Serialize};

use super::{
    change::Change,
    danger::Danger,
    decide,
    decision::{Part, Reason},
    desk::Wait,
    index::Index,
    route::Route,
    state::{Step, next},
};

/// Dangers that additions speak of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub dangers: Vec<Danger>,
    /// When the first was heard of: what a danger is given counts from then on.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// What an addition says.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    pub dangers: Vec<Danger>,
    /// One for each, in the words that were found.
    pub reasons: Vec<Reason>,
}

impl Addition {
    pub fn read(index: &Index, text: &str) -> Self {
        let mut reasons = Vec::new();
        let dangers = decide::dangers(index, text, &mut reasons);
        let added = |it: Reason| Reason { text: format!("补充{}", it.text), ..it };
        Self { dangers, reasons: reasons.into_iter().map(added).collect() }
    }

    /// What it says that is not known yet.
    #[must_use]
    pub fn besides(&self, known: &[Danger]) -> Self {
        let both = self.dangers.iter().zip(&self.reasons).filter(|(danger, _)| !known.contains(danger));
        let (dangers, reasons) = both.map(|(danger, reason)| (*danger, reason.clone())).unzip();
        Self { dangers, reasons }
    }
}

impl From<&Told> for Addition {
    fn from(told: &Told) -> Self {
        let reason = |danger: &Danger| {
            let text = format!("补充的内容可能危及生命（{}）", danger.chinese());
            Reason::new(Part::Danger, danger.name(), text)
        };
        Self { dangers: told.dangers.clone(), reasons: told.dangers.iter().map(reason).collect() }
    }
}

impl Route {
    /// Something was added to it.
    pub fn add(&self, index: &Index, addition: &Addition, now: DateTime<Utc>) -> Decided<Change> {
        let addition = addition.besides(self.dangers());
        if addition.dangers.is_empty() || next(self.state, Step::Endanger).is_none() {
            return Decided::AlreadyDone;
        }
        let Some(before) = &self.decision else {
            let wait = Box::new(self.endangered(index, now));
            let Addition { dangers, reasons } = addition;
            return Decided::one(Change::DangerTold { dangers, reasons, wait });
        };
        let since = self.submission.submitted_at;
        match decide::raise(index, before, &addition, (since, now)) {
            Some((decision, limits)) => {
                let (dangers, decision) = (addition.dangers, Box::new(decision));
                Decided::one(Change::DangerRaised { dangers, decision, limits })
            }
            None => Decided::AlreadyDone,
        }
    }

    /// How it waits from now on: as pressing as can be, unless it is due sooner as it is.
    fn endangered(&self, index: &Index, now: DateTime<Utc>) -> Wait {
        let area = self.partial.as_ref().and_then(|partial| partial.area.as_ref());
        let anew = Wait::begin(Some(index), (Priority::Urgent, true), area, now);
        match &self.wait {
            Some(before) if before.clock.due_at <= anew.clock.due_at => {
                Wait { priority: Priority::Urgent, ..before.clone() }
            }
            before => Wait { since: self.queued_at(), ..anew.carried(before.as_ref()) },
        }
    }

    /// All that somebody has spoken of.
    fn dangers(&self) -> &[Danger] {
        let decided = self.decision.as_ref().map(|it| it.dangers.as_slice());
        decided.or_else(|| Some(self.partial.as_ref()?.dangers.as_slice())).unwrap_or_default()
    }

    /// Additions speak of these, too.
    pub(super) fn tell(&mut self, dangers: &[Danger], at: DateTime<Utc>) {
        self.told.get_or_insert_with(|| Told { dangers: Vec::new(), at }).dangers.extend(dangers);
    }
}
