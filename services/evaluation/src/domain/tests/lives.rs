//! Any sequence of commands: a callback ends at most once, and its log gives it back.

use chrono::Duration;
use huying_testing::after;
use proptest::prelude::*;
use strum::VariantArray as _;

use super::{monday, pending, resolved, stamp};
use crate::domain::{
    callback::Callback,
    change::{Cause, Change},
    profile::EvaluationProfile,
    state::State,
    verdict::{Satisfaction, Verdict},
};

#[derive(Clone, Debug)]
enum Command {
    Judge(Verdict),
    Attempt,
    Lapse,
    Cancel(Cause),
}

fn command() -> impl Strategy<Value = Command> {
    let satisfaction = prop::sample::select(Satisfaction::VARIANTS);
    let verdict = (any::<bool>(), any::<bool>(), satisfaction, ".{0,8}").prop_map(
        |(contacted, solved, satisfaction, comment)| Verdict { contacted, solved, satisfaction, comment },
    );
    prop_oneof![
        2 => verdict.prop_map(Command::Judge),
        4 => Just(Command::Attempt),
        2 => Just(Command::Lapse),
        1 => prop::sample::select(vec![Cause::Reopened, Cause::Closed]).prop_map(Command::Cancel),
    ]
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
            let changes = match command {
                Command::Judge(verdict) => it.judge(verdict, None).map(|decided| decided.changes()).unwrap_or_default(),
                Command::Attempt => it.attempt("x".into()).map(|decided| decided.changes()).unwrap_or_default(),
                Command::Lapse => it.lapse(now).changes(),
                Command::Cancel(cause) => it.cancel(cause).changes(),
            };
            for change in changes {
                it = after(Some(it), &change, &stamp(now)).unwrap();
                log.push((change, now));
            }
            prop_assert!(!before.state.is_ended() || it == before);
            prop_assert_eq!(it.state.is_ended(), it.end_at.is_some());
            prop_assert_eq!(matches!(it.state, State::Passed | State::Failed), it.verdict.is_some());
        }
        let ends = log.iter().filter(|(change, _)| !matches!(change, Change::Attempted { .. })).count();
        prop_assert!(ends <= 1);
        prop_assert_eq!(it.tries as usize, log.len() - ends);

        let opened = Callback::open(resolved(), &EvaluationProfile::default_of("420102"), false);
        let mut replayed: Callback = after(None, &opened, &stamp(monday())).unwrap();
        for (change, at) in &log {
            let kept: Change = serde_json::from_str(&serde_json::to_string(change).unwrap()).unwrap();
            replayed = after(Some(replayed), &kept, &stamp(*at)).unwrap();
        }
        prop_assert_eq!(replayed, it);
    }
}
