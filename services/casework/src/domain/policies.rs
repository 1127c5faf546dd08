//! What a place has settled for itself: who grants what, how often and how long. Each has a usual value, for a district that does not say.

use std::collections::{BTreeMap, BTreeSet};

use huying_terms::{Limit, LimitKind, Tier};
use serde::{Deserialize, Serialize};

use super::{
    approval::AskKind,
    clocks::ClockKind,
    ladder::{At, Rung},
    supervision::AnswerTimes,
};

/// Who rules on an approval, seen from the holder that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granter {
    /// The unit one tier above.
    Superior,
    /// The unit above that stands at this tier.
    Tier(Tier),
    /// The chair of the group that is asked for.
    Chair,
}

/// What a request may be declined on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    pub code: String,
    /// What people call it.
    pub name: String,
}

/// The six of the national rules: where nothing else is settled, a request may be declined on these.
const USUAL_GROUNDS: [(&str, &str); 6] = [
    ("emergency", "紧急警情火情病情，转 110、119、120"),
    ("statutory_route", "应走信访、诉讼、仲裁、复议等法定途径"),
    ("repeat", "重复反映且没有新事实"),
    ("secret", "涉及国家秘密、商业秘密或个人隐私"),
    ("beyond_duty", "不属于政府职责"),
    ("illegal", "违反法律法规"),
];

/// Most returns of a case that a profile may let: a case keeps each.
const MOST_RETURNS: u32 = 10;

/// As applied; what is not said is as usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policies {
    pub grants: BTreeMap<AskKind, Granter>,
    /// Until an approval climbs.
    pub approve: Limit,
    /// How often a case may be extended, and by how much at a time.
    pub extensions: u32,
    pub longest_extension: Limit,
    /// How long a reporter is waited for who was asked something.
    pub wait: Limit,
    /// From an assignment: until then the holder may return the case.
    pub return_window: Limit,
    /// How often a case may be returned; from then on every decision binds.
    pub returns: u32,
    /// Until an arbitration climbs.
    pub arbitrate: Limit,
    /// How long a suspended case goes without a review at most.
    pub review: Limit,
    /// Until a verification climbs.
    pub verify: Limit,
    /// From a merge: until then it may be undone.
    pub unmerge: Limit,
    /// Never empty, no code twice.
    pub decline_grounds: Vec<Ground>,
    #[serde(skip_serializing_if = "AnswerTimes::is_usual")]
    pub supervision: AnswerTimes,
    /// 到点做什么, from the first to the last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Rung>,
    /// The share of its time after which a case is idle; none: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_percent: Option<u32>,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            grants: BTreeMap::new(),
            approve: Limit { kind: LimitKind::WorkDay, amount: 1 },
            extensions: 2,
            longest_extension: Limit { kind: LimitKind::WorkDay, amount: 10 },
            wait: Limit { kind: LimitKind::NaturalDay, amount: 3 },
            return_window: Limit { kind: LimitKind::WorkHour, amount: 2 },
            returns: 2,
            arbitrate: Limit { kind: LimitKind::WorkHour, amount: 4 },
            review: Limit { kind: LimitKind::NaturalDay, amount: 30 },
            verify: Limit { kind: LimitKind::WorkDay, amount: 2 },
            unmerge: Limit { kind: LimitKind::NaturalDay, amount: 7 },
            decline_grounds: USUAL_GROUNDS
                .map(|(code, name)| Ground { code: code.to_owned(), name: name.to_owned() })
                .into(),
            supervision: AnswerTimes::default(),
            ladder: Vec::new(),
            idle_percent: None,
        }
    }
}

impl Policies {
    /// What is wrong with the ladder, each with its field.
    pub(super) fn check_ladder(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut add = |what: &str| wrong.push(("profile.ladder", what.to_owned()));
        for rung in &self.ladder {
            let of_lamp = matches!(rung.at, At::Amber | At::Red);
            let twice = rung.acts.iter().enumerate().any(|(n, act)| rung.acts[..n].contains(act));
            if !(1..=4).contains(&rung.acts.len()) || twice {
                add("a rung has 1 to 4 steps, none twice");
            }
            if rung.clock.is_some() && !of_lamp {
                add("only amber and red are a clock's");
            }
            let own = [None, Some(ClockKind::Respond), Some(ClockKind::Resolve), Some(ClockKind::Review)];
            if !own.contains(&rung.clock) {
                add(
                    "only respond, resolve and review are the ladder's clocks: the others climb by themselves",
                );
            }
            if rung.at == At::Idle && self.idle_percent.is_none() {
                add("a rung at idle needs idle_percent");
            }
        }
        if self.idle_percent.is_some_and(|percent| !(1..=99).contains(&percent)) {
            wrong.push(("profile.idle_percent", "must be from 1 to 99, or 0 for never".to_owned()));
        }
        wrong
    }

    pub fn granter(&self, kind: AskKind) -> Granter {
        self.grants.get(&kind).copied().unwrap_or_else(|| kind.usual_granter())
    }

    /// Everything that is wrong, each with its field.
    pub(super) fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if self.extensions > 10 {
            wrong.push(("profile.extensions", "must be from 0 to 10".to_owned()));
        }
        if self.returns > MOST_RETURNS {
            wrong.push(("profile.returns", format!("must be from 0 to {MOST_RETURNS}")));
        }
        let chaired =
            |(kind, granter): (&AskKind, &Granter)| *granter == Granter::Chair && *kind != AskKind::CallGroup;
        if self.grants.iter().any(chaired) {
            wrong.push(("profile.grants", "only a group has a chair to grant it".to_owned()));
        }
        let codes: BTreeSet<&str> = self.decline_grounds.iter().map(|ground| ground.code.as_str()).collect();
        if codes.len() < self.decline_grounds.len() {
            wrong.push(("profile.decline_grounds", "must have no code twice".to_owned()));
        }
        wrong
    }

    pub fn ground(&self, code: &str) -> Option<&Ground> {
        self.decline_grounds.iter().find(|ground| ground.code == code)
    }
}
