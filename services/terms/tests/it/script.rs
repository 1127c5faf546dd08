//! Properties of clocks, over random scripts of steps and ticks.

use chrono::{DateTime, Duration, Utc};
use huying_terms::{Calendar, Clock, Lamp, Limit};
use proptest::prelude::*;

use crate::properties::{any_calendar, any_instant, any_limit, any_time};

#[derive(Clone, Debug)]
enum Step {
    Pause,
    Resume,
    Extend(Limit),
    Stop,
    Tick,
}

fn any_script() -> impl Strategy<Value = Vec<(Duration, Step)>> {
    let step = prop_oneof![
        4 => Just(Step::Pause),
        5 => Just(Step::Resume),
        2 => any_limit().prop_map(Step::Extend),
        1 => Just(Step::Stop),
        8 => Just(Step::Tick),
    ];
    // Mostly short waits, so that clocks are met before, between and after their lamps.
    let wait = (0_i64..30 * 3_600_000_000).prop_map(Duration::microseconds);
    prop::collection::vec((wait, step), 0..24)
}

/// What fired since the last deadline was set.
#[derive(Default)]
struct Fired {
    amber: u32,
    red: u32,
}

impl Fired {
    fn tick(&mut self, clock: &mut Clock, at: DateTime<Utc>) -> Result<(), TestCaseError> {
        let (running, announced) = (clock.is_running(), clock.next_due());
        match clock.tick(at) {
            Some(Lamp::Amber) => self.amber += 1,
            Some(Lamp::Red) => self.red += 1,
            Some(Lamp::Green) => prop_assert!(false, "green does not fire"),
            None => {
                prop_assert!(announced.is_none_or(|(due, _)| due > at), "what is due fires");
                return Ok(());
            }
        }
        prop_assert!(running, "fired while standing still");
        prop_assert!(announced.is_some_and(|(due, _)| due <= at), "fired unannounced");
        prop_assert!(self.amber <= 1 && self.red <= 1, "fired twice");
        prop_assert!(self.red == 0 || clock.next_due().is_none(), "nothing comes after red");
        Ok(())
    }
}

fn play(
    c: &Calendar,
    clock: &mut Clock,
    script: Vec<(Duration, Step)>,
) -> Result<DateTime<Utc>, TestCaseError> {
    let mut at = clock.started_at;
    let mut fired = Fired::default();
    for (wait, step) in script {
        at += wait;
        let (before, lamp) = (clock.used_at(c, at), clock.lamp(at));
        match step {
            Step::Pause => clock.pause(c, at),
            Step::Resume => clock.resume(c, at),
            Step::Stop => clock.stop(c, at),
            Step::Tick => fired.tick(clock, at)?,
            Step::Extend(limit) => {
                if !clock.is_stopped() && clock.limit != limit {
                    fired = Fired::default();
                }
                clock.extend(c, limit, at);
                continue;
            }
        }
        prop_assert_eq!(clock.used_at(c, at), before, "a step uses no time");
        prop_assert_eq!(clock.lamp(at), lamp, "a step changes no lamp");
        prop_assert_eq!(clock.is_running(), clock.due_at.is_some());
        let json = serde_json::to_string(&*clock).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Clock>(&json).unwrap(), &*clock);
    }
    Ok(at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn lamps_fire_once_and_never_while_standing(
        c in any_calendar(), limit in any_limit(), from in any_instant(), script in any_script(),
    ) {
        let mut clock = Clock::start(&c, limit, from);
        let at = play(&c, &mut clock, script)?;
        // However it was treated: if it runs, it is due when its limit is used up.
        if let Some(due) = clock.due_at.filter(|due| *due >= at) {
            prop_assert_eq!(clock.used_at(&c, due), clock.limit.length(&c));
        }
        if clock.is_running() {
            prop_assert_eq!(clock.remaining(&c, at) <= Duration::zero(), clock.lamp(at) == Lamp::Red);
        }
    }

    #[test]
    fn a_pause_of_no_time_changes_nothing(
        c in any_calendar(), limit in any_limit(), from in any_instant(), cuts in prop::collection::vec(any_time(), 1..6),
    ) {
        let whole = Clock::start(&c, limit, from);
        let mut cut = whole.clone();
        let mut at = from;
        for wait in cuts {
            at += wait;
            cut.pause(&c, at);
            cut.resume(&c, at);
            prop_assert_eq!((cut.amber_at, cut.due_at), (whole.amber_at, whole.due_at));
            prop_assert_eq!(cut.used_at(&c, at), whole.used_at(&c, at));
        }
        prop_assert!(cut.runs.len() <= 1);
    }

    #[test]
    fn another_calendar_is_as_if_it_had_always_been(
        old in any_calendar(), new in any_calendar(), limit in any_limit(), from in any_instant(), script in any_script(),
    ) {
        let same = |c: &Calendar| {
            let mut clock = Clock::start(c, limit, from);
            let mut at = from;
            for (wait, step) in &script {
                at += *wait;
                match step {
                    Step::Pause => clock.pause(c, at),
                    Step::Resume => clock.resume(c, at),
                    Step::Stop | Step::Tick | Step::Extend(_) => {}
                }
            }
            clock
        };
        let mut clock = same(&old);
        clock.recompute(&new, clock.amber_percent);
        prop_assert_eq!(&clock, &same(&new));
        let once = clock.clone();
        clock.recompute(&new, clock.amber_percent);
        prop_assert_eq!(clock, once, "again changes nothing");
    }

    #[test]
    fn extending_there_and_back_changes_nothing(
        c in any_calendar(), limit in any_limit(), other in any_limit(), from in any_instant(), wait in any_time(),
    ) {
        let whole = Clock::start(&c, limit, from);
        let mut there = whole.clone();
        there.extend(&c, other, from + wait);
        prop_assert_eq!(there.due_at, Clock::start(&c, other, from).due_at);
        there.extend(&c, limit, from + wait * 2);
        prop_assert_eq!((there.amber_at, there.due_at), (whole.amber_at, whole.due_at));
    }
}
