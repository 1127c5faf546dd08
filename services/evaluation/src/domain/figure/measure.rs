//! What is counted. Every figure is a sum of these; every rate one sum of them over another.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use super::By;

/// One thing that is counted. Its place in the list is its place in the table for ever: only add, at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    /// 受理: cases that were opened.
    Opened,
    /// 签收: cases that their first holder accepted.
    Accepted,
    /// 按时签收: of these, in time.
    AcceptedOnTime,
    /// 上报: steps one tier up that a holder took.
    Escalated,
    /// 退下: of these, sent down again, which tells how apt they were. Counted on the day of the step up, whenever it came down.
    SentBack,
    /// 交办: steps down.
    Delegated,
    /// 呼叫: calls on departments and groups.
    Called,
    /// 退件: cases that a holder said are not theirs.
    Returned,
    /// 办结: resolutions that stand, or stood until the case was reopened.
    Resolved,
    /// 超期办结: of these, after the time was over.
    ResolvedLate,
    /// 核查不通过: resolutions that were not so when somebody looked on site.
    Unverified,
    /// 返工: of the resolutions, those that were reopened. Counted for whoever had resolved the case, on the day of the resolution.
    Reopened,
    /// 销号: cases that left the account resolved.
    Settled,
    /// 按时: of these, with every resolution in time.
    OnTime,
    /// 一次办结: of these, never reopened, whether they had been resolved or declined, and never found undone on site.
    FirstTime,
    /// 自办结: of these, by the holder that had them first, without a step up and without a call.
    SelfSettled,
    /// 撤回: cases that left the account because their reporter took the request back before they were resolved.
    Withdrawn,
    /// 不予受理: cases that were declined on a listed ground.
    Declined,
    /// 并案: cases that went on in another.
    Merged,
    /// 在办: cases that are in the account, at the end of a period.
    Open,
    /// 超期在办: of these, those whose time to resolve is over and that are not resolved.
    OverdueOpen,
    /// 回访: callbacks that ended, however they did.
    Asked,
    /// 有效回访: of these, with a verdict.
    Valid,
    /// 已联系: valid ones whose reporter was contacted by the unit.
    Contacted,
    /// 已解决.
    Solved,
    /// 部分解决.
    Partly,
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    Basically,
    /// 不满意.
    Unsatisfied,
    /// 非常不满意.
    VeryUnsatisfied,
    /// 未联系上: nobody was reached until the window ended.
    Unreached,
    /// 拒访: the reporter was reached and would not answer.
    Refused,
    /// 已告知: valid ones whose reporter says that they were told the result.
    Told,
    /// 未告知: that they were not; who was not asked is neither.
    Untold,
    /// 来件: requests that were received, by whatever door.
    Requests,
    /// 剔除: callbacks whose verdict was struck out by an appeal. In no other measure.
    Excluded,
    /// 基层评价: ratings by units that stand below, counted for whoever is rated.
    GrassrootsRated,
    /// 基层满意: of these, satisfied or very satisfied.
    GrassrootsSatisfied,
    /// 基层基本满意.
    GrassrootsBasically,
    /// 呼叫评价: calls that the called unit judged, counted for whoever called.
    CallsJudged,
    /// 呼叫适当: of these, apt.
    CallsApt,
    /// 逾期上升: steps up that the clock took, since nobody had accepted the case in time.
    Climbed,
    /// 转出: cases that went into another unit's hands without having been handed back. Counted by unit and, where they left it, by tier: seen
    /// from the whole, nothing left.
    HandedOn,
    /// 退件改派: cases that went into another unit's hands since they were handed back: one more whichever way one looks, as the return is.
    Reassigned,
}

impl Measure {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// 经手: what a unit or a tier had in its hands in a period, whoever had it first: what went into other hands or ended with them, and what is
    /// there still. What goes and comes again is counted as often as it leaves.
    pub const IN_HAND: [Self; 7] = [
        Self::Settled,
        Self::HandedOn,
        Self::Reassigned,
        Self::Withdrawn,
        Self::Declined,
        Self::Merged,
        Self::Open,
    ];

    /// Its place in the table's list of counts.
    pub fn place(self) -> usize {
        self as usize
    }

    /// The word in profiles and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it counts that a case went into other hands.
    pub fn is_handed_on(self) -> bool {
        matches!(self, Self::HandedOn | Self::Reassigned)
    }

    /// Whether figures that are told by this have it.
    pub fn counts_by(self, by: By) -> bool {
        self != Self::HandedOn || matches!(by, By::Unit | By::Tier)
    }

    /// Whether it is a stock: what there is at the end of a period, whenever it came. All else is what happened in the period.
    pub fn is_stock(self) -> bool {
        matches!(self, Self::Open | Self::OverdueOpen)
    }
}

/// How many of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(Vec<i64>);

impl Counts {
    /// As the table has them: what a build before did not count is nothing.
    pub fn of(counts: Vec<i64>) -> Self {
        Self(counts)
    }

    pub fn get(&self, measure: Measure) -> i64 {
        self.0.get(measure.place()).copied().unwrap_or_default()
    }

    pub fn add(&mut self, measure: Measure, number: i64) {
        let place = measure.place();
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        if let Some(count) = self.0.get_mut(place) {
            *count += number;
        }
    }

    /// Adds those that `wanted` says.
    pub fn add_all(&mut self, other: &Self, wanted: impl Fn(Measure) -> bool) {
        for measure in Measure::ALL.iter().filter(|measure| wanted(**measure)) {
            match other.get(*measure) {
                0 => {}
                number => self.add(*measure, number),
            }
        }
    }

    /// Less so many.
    pub fn take(&mut self, other: &Self) {
        for measure in Measure::ALL {
            match other.get(*measure) {
                0 => {}
                number => self.add(*measure, -number),
            }
        }
    }

    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }

    /// As the table keeps them.
    pub fn as_slice(&self) -> &[i64] {
        &self.0
    }

    /// Those that are not nothing.
    pub fn told(&self) -> impl Iterator<Item = (Measure, i64)> + '_ {
        Measure::ALL.iter().map(|it| (*it, self.get(*it))).filter(|(_, number)| *number != 0)
    }
}
