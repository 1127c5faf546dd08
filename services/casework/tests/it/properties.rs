//! What is always true of a case (life-of-a-case, 1, 2, 5, 6), whatever happens in whatever order.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    By, Called, Case, Change, Clocks, Dispatch, DispatchChange, Judgement, Limits, State, Step, Task, Unit,
    place::related, state::next,
};
use huying_chassis::log::{Aggregate, Decided};
use huying_testing::after;
use proptest::prelude::*;
use uuid::Uuid;

use super::fixture::{self as f, holder, profile};

#[derive(Clone, Copy, Debug)]
enum Command {
    Accept,
    Note,
    Escalate,
    Delegate(usize),
    Call,
    Respond(usize, u8),
    Arbitrate(usize, bool),
    Resolve,
    StrikeOff,
    Reopen,
    Answer,
    Judge(bool),
    Fail,
    Supplement,
    Withdraw,
    Tick,
    Wait(i64),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => Just(Command::Accept),
        1 => Just(Command::Note),
        2 => Just(Command::Escalate),
        2 => (0usize..6).prop_map(Command::Delegate),
        2 => Just(Command::Call),
        3 => (0usize..4, 0u8..3).prop_map(|(n, what)| Command::Respond(n, what)),
        1 => (0usize..4, any::<bool>()).prop_map(|(n, insist)| Command::Arbitrate(n, insist)),
        4 => Just(Command::Resolve),
        1 => Just(Command::StrikeOff),
        1 => Just(Command::Reopen),
        2 => Just(Command::Answer),
        2 => any::<bool>().prop_map(Command::Judge),
        1 => Just(Command::Fail),
        1 => Just(Command::Supplement),
        1 => prop_oneof![9 => Just(Command::Tick), 1 => Just(Command::Withdraw)],
        4 => Just(Command::Tick),
        4 => (1i64..3000).prop_map(Command::Wait),
    ]
}

fn targets() -> [Unit; 6] {
    use huying_casework::domain::UnitKind;
    use huying_terms::Tier;
    let abroad = f::unit("C-9", UnitKind::Community, Tier::Community, "990101002001");
    [f::grid(), f::community(), f::street(), f::district(), f::parks(), abroad]
}

/// One case with its dispatches, as the service would keep them.
struct World {
    now: DateTime<Utc>,
    case: Case,
    log: Vec<(Change, DateTime<Utc>)>,
    dispatches: Vec<(Uuid, Dispatch)>,
    dispatch_log: Vec<Vec<(DispatchChange, DateTime<Utc>)>>,
    ids: u128,
}

impl World {
    fn new(at: &Unit) -> Self {
        let (now, first) = (f::morning(), f::opened(at));
        let case = after(None, &first, &f::stamp(now)).unwrap();
        Self {
            now,
            case,
            log: vec![(first, now)],
            dispatches: Vec::new(),
            dispatch_log: Vec::new(),
            ids: 100,
        }
    }

    /// A refusal or *already done* changes nothing; a change is logged and folded.
    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.case = after(Some(self.case.clone()), &change, &f::stamp(self.now)).unwrap();
            self.log.push((change, self.now));
        }
    }

    fn take_dispatch(&mut self, n: usize, changes: Vec<DispatchChange>) {
        for change in changes {
            let before = self.dispatches[n].1.clone();
            self.dispatches[n].1 = after(Some(before), &change, &f::stamp(self.now)).unwrap();
            self.dispatch_log[n].push((change, self.now));
        }
    }

    fn call(&mut self) {
        let before = self.case.clone();
        let called: Vec<Called> = [f::parks(), f::traffic()]
            .iter()
            .enumerate()
            .map(|(n, unit)| Called {
                dispatch: Uuid::from_u128(self.ids + n as u128),
                unit: unit.code.clone(),
                lead: n == 0,
            })
            .collect();
        let Ok(decided) = before.call(&holder(&before), &[f::parks(), f::traffic()], &called, &profile())
        else {
            return;
        };
        self.ids += 2;
        self.take(decided.changes());
        let limits = Limits { respond: profile().dispatch_respond, resolve: profile().dispatch_resolve };
        for one in called {
            let task = Task {
                case: Uuid::from_u128(3),
                number: before.number.clone(),
                district: before.district.clone(),
                unit: one.unit,
                caller: before.holder.clone(),
                lead: one.lead,
                task: "修剪".into(),
                category: before.category.clone(),
                area: before.area.clone(),
                location: before.location.clone(),
            };
            let sent = DispatchChange::Sent {
                task: Box::new(task),
                clocks: Clocks::start(limits, &profile(), self.now),
            };
            let dispatch = after(None, &sent, &f::stamp(self.now)).unwrap();
            self.dispatches.push((one.dispatch, dispatch));
            self.dispatch_log.push(vec![(sent, self.now)]);
        }
    }

    fn on_dispatch(
        &mut self,
        n: usize,
        decide: impl Fn(&Dispatch, &By, DateTime<Utc>) -> Option<Decided<DispatchChange>>,
    ) {
        if let Some((_, dispatch)) = self.dispatches.get(n) {
            let unit = f::in_unit(&dispatch.unit, f::DISTRICT, false);
            let decided = decide(dispatch, &unit, self.now);
            self.take_dispatch(n, decided.map(Decided::changes).unwrap_or_default());
        }
    }

    fn withdraw(&mut self) {
        let changes = self.case.withdraw(Uuid::from_u128(1), &profile(), self.now).changes();
        if !changes.is_empty() {
            self.take(changes);
            for n in 0..self.dispatches.len() {
                self.on_dispatch(n, |dispatch, _, now| Some(dispatch.end("撤回", &profile(), now)));
            }
        }
    }

    fn run(&mut self, command: Command) {
        let (case, profile, now) = (self.case.clone(), profile(), self.now);
        let by = holder(&case);
        let up = f::superior(case.holder.tier);
        let decided = match command {
            Command::Accept => case.accept(&by, &profile, now),
            Command::Note => case.note(&by, "在看", true, &profile),
            Command::Escalate => case.escalate(&by, &up, "难", &profile, now),
            Command::Delegate(n) => case.delegate(&by, &targets()[n], "近", &profile, now),
            Command::Resolve => case.resolve(&by, "好了", &self.dispatches, &profile, now),
            Command::StrikeOff => case.strike_off(&f::leader(f::DISTRICT), &profile),
            Command::Reopen => case.reopen(&f::leader(f::DISTRICT), Some(&up), "再办", &profile, now),
            Command::Answer => Ok(case.answer(Uuid::from_u128(1), case.attempt)),
            Command::Judge(passed) => {
                Ok(case.judge(case.attempt, if passed { Judgement::Passed } else { Judgement::Lapsed }))
            }
            Command::Fail => Ok(case.fail(case.attempt, Some(&up), "未解决", &profile, now)),
            Command::Supplement => Ok(case.supplement(Uuid::from_u128(1), "还有")),
            Command::Tick => {
                for n in 0..self.dispatches.len() {
                    self.on_dispatch(n, |dispatch, _, now| Some(dispatch.tick(now)));
                }
                Ok(case.tick(now))
            }
            Command::Wait(minutes) => {
                self.now += Duration::minutes(minutes);
                return;
            }
            Command::Withdraw => return self.withdraw(),
            Command::Call => return self.call(),
            Command::Respond(n, what) => {
                return self.on_dispatch(n, |dispatch, unit, now| match what {
                    0 => dispatch.accept(unit, "", &profile, now).ok(),
                    1 => dispatch.complete(unit, "修好", &profile, now).ok(),
                    _ => dispatch.decline(unit, "不归我们", &profile, now).ok(),
                });
            }
            Command::Arbitrate(n, insist) => {
                let above = f::in_unit("D-1", f::DISTRICT, true);
                return self.on_dispatch(n, |dispatch, _, now| {
                    if insist {
                        dispatch.insist(&above, "x", &profile, now).ok()
                    } else {
                        dispatch.release(&above, "x", &profile, now).ok()
                    }
                });
            }
        };
        self.take(decided.map(Decided::changes).unwrap_or_default());
    }

    /// 1, and what must fit together in every state.
    fn check(&self) {
        let case = &self.case;
        if case.state.is_open() {
            assert!(!case.holder.unit.is_empty());
            assert!(related(&case.holder.area, &case.area), "{} holds {}", case.holder.area, case.area);
        }
        let (respond, resolve) = (&case.clocks.respond, &case.clocks.resolve);
        let running = match case.state {
            State::Assigned => (true, true),
            State::Working => (false, true),
            State::Resolved | State::Closed => (false, false),
        };
        assert_eq!((respond.is_running(), resolve.is_running()), running, "{:?}", case.state);
        assert_eq!(case.state == State::Closed, case.outcome.is_some());
        if !case.state.is_open() || case.state == State::Resolved {
            assert!(
                self.dispatches.iter().all(|(_, dispatch)| dispatch.state.is_settled()),
                "{:?} waits for nobody",
                case.state
            );
            assert_eq!(case.due_at, None);
        }
    }

    /// 2: replaying what was written gives the row.
    fn check_replay(&self) {
        let replayed = replay::<Case>(&self.log);
        assert_eq!(replayed, serde_json::to_value(&self.case).unwrap());
        for ((_, dispatch), log) in self.dispatches.iter().zip(&self.dispatch_log) {
            assert_eq!(replay::<Dispatch>(log), serde_json::to_value(dispatch).unwrap());
        }
    }

    /// 5: each lamp of each deadline turns at most once, and only while its clock runs.
    fn check_lamps(&self) {
        let mut told = HashSet::new();
        let mut case: Option<Case> = None;
        for (change, at) in &self.log {
            if let (Change::LampTurned { clock, lamp, due_at }, Some(case)) = (change, &case) {
                let (_, running) = case.clocks.each().into_iter().find(|(kind, _)| kind == clock).unwrap();
                assert!(running.is_running() && running.due_at == Some(*due_at));
                assert!(
                    told.insert((format!("{clock:?}{lamp:?}"), running.started_at, *due_at)),
                    "{clock:?} {lamp:?} told twice"
                );
            }
            case = after(case, change, &f::stamp(*at));
        }
    }
}

fn replay<A: Aggregate>(log: &[(A::Change, DateTime<Utc>)]) -> serde_json::Value {
    let mut it: Option<A> = None;
    for (change, at) in log {
        let change: A::Change = serde_json::from_value(serde_json::to_value(change).unwrap()).unwrap();
        it = after(it, &change, &f::stamp(*at));
    }
    serde_json::to_value(it.unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_always_true(start in 0usize..5, commands in prop::collection::vec(command(), 1..60)) {
        let mut world = World::new(&targets()[start]);
        for command in commands {
            let before = world.case.clone();
            world.run(command);
            world.check();
            // 6: nothing leads out of closed but a reopening, and what changed is what the table says.
            if before.state != world.case.state {
                let step = Step::ALL.into_iter().find(|step| next(before.state, *step) == Some(world.case.state));
                prop_assert!(step.is_some());
                prop_assert!(before.state != State::Closed || world.case.attempt == before.attempt + 1);
            }
            prop_assert_eq!(world.case.tick(world.now).changes().len(), world.case.clocks.turns(world.now).len());
        }
        world.check_replay();
        world.check_lamps();
    }
}
