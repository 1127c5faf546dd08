//! What an attempt at a case comes to, where several are asked about it.

use serde::{Deserialize, Serialize};

use super::{callback::Callback, state::State, verdict::Verdict};

/// Most reasons that are told on.
const REASONS: usize = 20;
/// How far a share may be from what it is meant to be: it is written with a few decimals.
const ROUNDING: f64 = 1e-9;

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Enough of those who were judged pass.
    Passed,
    /// Not enough can pass any more.
    Failed,
    /// Nobody was judged.
    Lapsed,
}

/// The same, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub judgement: Judgement,
    /// Where it failed: the texts of the reasons that were given, or else what was wrong; each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// That a callback is one of several that are asked about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Among {
    /// How many, itself counted.
    pub asked: u32,
    /// What share of those judged must pass.
    pub pass_share: f64,
}

/// What an attempt comes to when those who were asked about it are so; none while that is open.
pub fn judgement(states: impl IntoIterator<Item = State>, pass_share: f64) -> Option<Judgement> {
    let (mut passed, mut failed, mut pending) = (0u32, 0u32, 0u32);
    for state in states {
        match state {
            State::Passed => passed += 1,
            State::Failed => failed += 1,
            State::Pending => pending += 1,
            State::Lapsed | State::Cancelled | State::Refused | State::Spared => {}
        }
    }
    let passes = |good: u32| f64::from(good) + ROUNDING >= pass_share * f64::from(good + failed);
    if failed > 0 && !passes(passed + pending) {
        return Some(Judgement::Failed);
    }
    match (pending, passed + failed) {
        (0, 0) => Some(Judgement::Lapsed),
        (0, _) => Some(Judgement::Passed),
        (_, _) => None,
    }
}

impl Callback {
    /// What its attempt comes to when it ends so, beside the others that are asked about the attempt. None while that is open, or when one of
    /// them has settled it. Who took the request back has no say in it.
    pub(super) fn settles(
        &self,
        ended: State,
        verdict: Option<&Verdict>,
        others: &[&Self],
    ) -> Option<Settled> {
        if self.settles.is_some() || others.iter().any(|other| other.settles.is_some()) {
            return None;
        }
        let others = others.iter().filter(|other| !other.withdrawn);
        let own = (!self.withdrawn).then_some((ended, verdict));
        let share = self.opened.among.map_or(1.0, |among| among.pass_share);
        let states = others.clone().map(|other| other.state).chain(own.map(|(state, _)| state));
        let judgement = judgement(states, share)?;
        let failed = others.filter(|other| other.state == State::Failed);
        let verdicts = own.and_then(|(_, verdict)| verdict).into_iter();
        let verdicts = verdicts.chain(failed.filter_map(|other| other.verdict.as_ref()));
        let mut reasons: Vec<String> = Vec::new();
        for reason in verdicts.filter(|_| judgement == Judgement::Failed).flat_map(Verdict::why) {
            if reasons.len() < REASONS && !reasons.iter().any(|it| it == reason) {
                reasons.push(reason.to_owned());
            }
        }
        Some(Settled { judgement, reasons })
    }
}
