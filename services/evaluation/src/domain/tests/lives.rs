//! Any sequence of commands: a callback ends at most once, and its log gives it back.

use chrono::{DateTime, Duration, Utc};
use huying_terms::Solved;
use huying_testing::after;
use proptest::prelude::*;
use strum::VariantArray as _;

use super::{CENTRE, alone, monday, opened, pending, stamp};
use crate::domain::{
    callback::Callback,
    change::{Cause, Change},
    state::State,
    verdict::{By, Satisfaction, Verdict},
};

#[derive(Clone, Debug)]
enum Command {
    Judge(Verdict),
    Attempt,
    Refuse,
    Link,
    Lapse,
    Cancel(Cause),
}

fn command() -> impl Strategy<Value = Command> {
    let satisfaction = prop::sample::select(Satisfaction::VARIANTS);
    let solved = prop::sample::select(vec![Solved::Yes, Solved::Partly, Solved::No]);
    let by = prop::sample::select(vec![By::Centre, By::Link, By::Platform]);
    let told = prop::option::of(any::<bool>());
    let verdict = (any::<bool>(), told, solved, satisfaction, ".{0,8}", by).prop_map(
        |(contacted, told, solved, satisfaction, comment, by)| Verdict {
            told,
            comment,
            by,
            ..super::verdict(contacted, solved, satisfaction)
        },
    );
    prop_oneof![
        2 => verdict.prop_map(Command::Judge),
        4 => Just(Command::Attempt),
        1 => Just(Command::Refuse),
        1 => Just(Command::Link),
        2 => Just(Command::Lapse),
        1 => prop::sample::select(vec![Cause::Reopened, Cause::Closed]).prop_map(Command::Cancel),
    ]
}

fn decided(it: &Callback, command: Command, now: DateTime<Utc>) -> Vec<Change> {
    let decided = match command {
        Command::Judge(verdict) => it.judge(verdict, CENTRE, alone(now)),
        Command::Attempt => it.attempt("x".into(), CENTRE, 5, alone(now)),
        Command::Refuse => it.refuse("x".into(), CENTRE, alone(now)),
        Command::Link => it.issue_link("00ff".into(), CENTRE, now),
        Command::Lapse => Ok(it.lapse(alone(now))),
        Command::Cancel(cause) => Ok(it.cancel(cause)),
    };
    decided.map(|decided| decided.changes()).unwrap_or_default()
}

proptest! {
    #[test]
    fn it_ends_at_most_once_and_replays(commands in prop::collection::vec((command(), 0i64..72), 0..24)) {
        let mut it = pending();
        let mut now = monday();
        let mut log = Vec::new();
        for (command, hours) in commands {
            now += Duration::hours(hours);
            let before = it.clone();
            let changes = decided(&it, command, now);
            for change in changes {
                it = after(Some(it), &change, &stamp(now)).unwrap();
                log.push((change, now));
            }
            prop_assert!(!before.state.is_ended() || it == before);
            prop_assert_eq!(it.state.is_ended(), it.end_at.is_some());
            prop_assert_eq!(matches!(it.state, State::Passed | State::Failed), it.verdict.is_some());
        }
        let goes_on = |change: &Change| matches!(change, Change::Attempted { .. } | Change::LinkIssued(_));
        prop_assert!(log.iter().filter(|(change, _)| !goes_on(change)).count() <= 1);
        let tried = log.iter().filter(|(change, _)| matches!(change, Change::Attempted { .. })).count();
        prop_assert!(it.tries <= 5 && it.tries as usize <= tried);
        // Whatever ends it but the case's own doing settles the attempt that it alone is asked about.
        prop_assert_eq!(it.settles.is_some(), it.state.is_ended() && it.state != State::Cancelled);

        let mut replayed: Callback = after(None, &opened(false), &stamp(monday())).unwrap();
        for (change, at) in &log {
            let kept: Change = serde_json::from_str(&serde_json::to_string(change).unwrap()).unwrap();
            replayed = after(Some(replayed), &kept, &stamp(*at)).unwrap();
        }
        prop_assert_eq!(replayed, it);
    }
}
