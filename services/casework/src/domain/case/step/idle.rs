//! 久无进展: nobody took a step for a share of the time that the resolve clock spans, from its start to its deadline. Nights and weekends in
//! between are part of both. It is told once, until somebody takes a step again; a lamp, a pressing or a reporter's addition is none.

use chrono::{DateTime, Duration, Utc, serde::ts_microseconds};
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State},
    clocks::ClockKind,
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

/// Due by the row's `idle_at`.
#[derive(Clone, Copy, Debug)]
pub struct GoIdle;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idled {
    /// When it had lain still for that long.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl Step<Case> for GoIdle {
    const RULE: Rule<Case> = Rule::new("go_idle", &State::OPEN, To::Same);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(match case.idle_at.filter(|at| *at <= known.now()) {
            Some(at) => Decided::one(Idled { at }.into()),
            None => Decided::AlreadyDone,
        })
    }
}

impl Case {
    /// Somebody took a step: from now on it lies still.
    pub(in crate::domain::case) fn stir(&mut self, at: DateTime<Utc>) {
        let span = self.clocks.get(ClockKind::Resolve).and_then(span);
        let share = |(percent, span): (u32, Duration)| {
            let seconds = span.num_seconds().saturating_mul(percent.into()) / 100;
            at.checked_add_signed(Duration::try_seconds(seconds)?)
        };
        self.idle_at = self.idle_percent.zip(span).and_then(share);
    }
}

/// From a clock's start to its deadline, without the time in which it stood still; none while it does.
fn span(clock: &Clock) -> Option<Duration> {
    let ran: Duration = clock.runs.iter().map(|run| run.to - run.from).sum();
    Some(ran + (clock.due_at? - clock.running_since?))
}

impl Happened<Case> for Idled {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(GoIdle::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.idle_at = None;
    }

    fn stirs(&self) -> bool {
        false
    }
}
