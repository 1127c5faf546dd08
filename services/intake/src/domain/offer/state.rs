//! Where something that is offered or needed stands, and what may happen there.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OfferState {
    /// 待对接: nothing answers it yet.
    Offered,
    /// 已对接.
    Matched,
    /// 已完成.
    Done,
    /// 已撤回.
    Withdrawn,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum OfferStep {
    /// What answers it was found.
    Match,
    /// What it was matched with was taken back.
    Release,
    Complete,
    Withdraw,
    /// A side says how it found it.
    Rate,
}

impl OfferState {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The steps that a caller may ask for now.
    pub fn allowed(self) -> Vec<&'static str> {
        [OfferStep::Match, OfferStep::Complete, OfferStep::Withdraw, OfferStep::Rate]
            .into_iter()
            .filter(|step| next(self, *step).is_some())
            .map(OfferStep::name)
            .collect()
    }
}

impl OfferStep {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Where a step leads; none where it is not allowed.
pub const fn next(state: OfferState, step: OfferStep) -> Option<OfferState> {
    use OfferState::{Done, Matched, Offered, Withdrawn};
    match (state, step) {
        (Offered, OfferStep::Match) => Some(Matched),
        (Offered, OfferStep::Withdraw) => Some(Withdrawn),
        (Offered, OfferStep::Release | OfferStep::Complete | OfferStep::Rate) => None,

        (Matched, OfferStep::Release) => Some(Offered),
        (Matched, OfferStep::Complete) => Some(Done),
        (Matched, OfferStep::Withdraw) => Some(Withdrawn),
        (Matched, OfferStep::Match | OfferStep::Rate) => None,

        (Done, OfferStep::Rate) => Some(Done),
        (Done, OfferStep::Match | OfferStep::Release | OfferStep::Complete | OfferStep::Withdraw) => None,

        (
            Withdrawn,
            OfferStep::Match
            | OfferStep::Release
            | OfferStep::Complete
            | OfferStep::Withdraw
            | OfferStep::Rate,
        ) => None,
    }
}
