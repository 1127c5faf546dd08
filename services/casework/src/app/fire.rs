//! What is due by the clock: steps like any other, so firing twice is harmless.

use huying_chassis::{log::Meta, run, timer::Timer};
use uuid::Uuid;

use super::{App, step::caused, world::See};
use crate::{
    NAME,
    domain::{
        Approval, Case, Dispatch, Ruled, Step,
        case::step::{EndSpans, GoIdle},
        lamp::TurnLamps,
    },
};

impl App {
    /// Each with when it is due, by its row, and the step that is taken then; what a replaced profile leaves to do; and the accounts.
    pub fn timers(&self) -> Vec<Timer> {
        vec![
            self.timer::<Case, _>("due_at", TurnLamps),
            self.timer::<Dispatch, _>("due_at", TurnLamps),
            self.timer::<Approval, _>("due_at", TurnLamps),
            self.timer::<Case, _>("instant(body -> 'idle_at')", GoIdle),
            self.timer::<Case, _>("instant(body -> 'groups_end_at')", EndSpans),
            self.sweeper().timer(),
            self.count_accounts(),
        ]
    }

    fn timer<A: Ruled, S: Step<A> + Copy + 'static>(&self, due: &'static str, step: S) -> Timer {
        let command = move |id: Uuid| run::heard(move |seen: &See| caused::<A>(seen, id, &step));
        Timer::new::<A, _, _>(S::RULE.name, due, self.runner.clone(), Meta::of_service(NAME), command)
    }
}
