//! Several units and two replicas take random steps on the same few cases and their dispatches at once. Nothing is lost or doubled,
//! whoever is faster, and what a caller was told by one replica to be allowed or not (GetAllowedSteps) is what the step comes to, unless
//! somebody else moved in between: the versions say so.

mod told;

use huying_casework::{
    app::{
        App,
        world::{KnownUnit, SuperiorOf, Units},
    },
    domain::{
        Approval, ApprovalState, Case, Dispatch, DispatchState, Level, State, Unit,
        approval::step::Grant,
        case::step::{
            Accept, Arbitrate, AskExtension, AskReporter, Delegate, Escalate, Note, Reopen, Resolve, Resume,
            Return, Supervise, TakeCharge,
        },
        dispatch::step as on_dispatch,
    },
};
use huying_chassis::{auth::Role, log::Versioned};
use huying_terms::{Limit, LimitKind};
use proptest::{collection::vec, prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use uuid::Uuid;

use super::{
    accounts::verified,
    fixture::{self as f, DISTRICT},
    support::{Town, call},
};
use told::{Hand, Taken};

/// Each of so many sequences has so many moves, by four hands at once.
const SEQUENCES: usize = 3;
const MOVES: usize = 240;
/// One of the grid's and two of the street's, which calls departments.
const CASES: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Move {
    Accept,
    Note,
    Escalate,
    Delegate,
    Return,
    Arbitrate,
    Call,
    Respond,
    Decline,
    Release,
    Extend,
    Grant,
    Ask,
    Resume,
    Resolve,
    Reopen,
    Press,
    Lead,
}

fn moves() -> impl Strategy<Value = (usize, Move)> {
    let step = prop_oneof![
        5 => Just(Move::Accept),
        3 => Just(Move::Note),
        2 => Just(Move::Escalate),
        1 => Just(Move::Delegate),
        1 => Just(Move::Return),
        2 => Just(Move::Arbitrate),
        3 => Just(Move::Call),
        5 => Just(Move::Respond),
        1 => Just(Move::Decline),
        2 => Just(Move::Release),
        2 => Just(Move::Extend),
        2 => Just(Move::Grant),
        1 => Just(Move::Ask),
        1 => Just(Move::Resume),
        2 => Just(Move::Resolve),
        2 => Just(Move::Reopen),
        1 => Just(Move::Press),
        1 => Just(Move::Lead),
    ];
    (0..CASES, step)
}

/// Each below the next.
fn offices() -> [Unit; 4] {
    [f::grid(), f::community(), f::street(), f::district()]
}

/// Who is above a unit; nobody is above the district.
fn above(unit: &Unit) -> Option<Unit> {
    let offices = offices();
    match offices.iter().position(|it| it == unit) {
        Some(n) => offices.get(n + 1).cloned(),
        None => Some(f::district()),
    }
}

/// A replica that knows who is above whom, and who the units are.
fn knowing(app: App) -> App {
    let departments = [f::parks(), f::traffic()];
    let mut runner = app.runner.clone();
    let district = || DISTRICT.to_owned();
    for unit in offices().iter().chain(&departments) {
        let (above, code) = (above(unit), || unit.code.clone());
        runner = runner.knowing(&SuperiorOf { district: district(), unit: code() }, above);
        runner = runner.knowing(&Units { district: district(), codes: vec![code()] }, vec![unit.clone()]);
        runner = runner.knowing(&KnownUnit { district: district(), unit: code() }, true);
    }
    let codes = departments.iter().map(|unit| unit.code.clone()).collect();
    runner = runner.knowing(&Units { district: district(), codes }, departments.to_vec());
    App { runner, ..app }
}

fn unit(code: &str) -> Unit {
    let units = offices().into_iter().chain([f::parks(), f::traffic()]);
    units.into_iter().find(|unit| unit.code == code).expect("one of the units here")
}

async fn take(app: &App, id: Uuid, what: Move) -> Taken {
    let Versioned { it: case, version, .. } = app.log.load::<Case>(id).await.unwrap().unwrap();
    let holder = unit(&case.holder.unit);
    let superior = f::caller(&[Role::Desk, Role::Leader], None, DISTRICT);
    let held = Hand { app, case: id, by: &f::by(&holder), unit: &holder };
    let above = Hand { by: &superior, unit: &f::district(), ..held };
    let (on, reason) = ((id, version), "x".to_owned());
    match what {
        Move::Accept => held.step::<Case, _>(on, &Accept).await,
        Move::Note => {
            let taken = held.step::<Case, _>(on, &Note { text: "在看".into(), public: false }).await;
            Taken { notes: taken.steps, ..taken }
        }
        Move::Escalate => held.step(on, &Escalate { reason }).await,
        Move::Delegate => held.step(on, &Delegate { unit: "G-1".into(), reason }).await,
        Move::Return => held.step(on, &Return { reason }).await,
        Move::Arbitrate => {
            let to = if version % 2 == 0 { f::parks() } else { f::street() };
            above.step(on, &Arbitrate { unit: to.code, binding: false, reason }).await
        }
        Move::Call => held.step(on, &call(&[f::parks(), f::traffic()], "修剪")).await,
        Move::Respond | Move::Decline | Move::Release => on_a_dispatch(&above, &case, what).await,
        Move::Extend => {
            let more = Limit { kind: LimitKind::UrgentHour, amount: 1 };
            held.step(on, &AskExtension { approval: Uuid::now_v7(), more, reason }).await
        }
        Move::Grant => grant(&above, &case).await,
        Move::Ask => held.step(on, &AskReporter { question: "几号楼".into() }).await,
        Move::Resume => held.step(on, &Resume { reason }).await,
        Move::Resolve => held.step(on, &Resolve { answer: "好了".into(), handling: None }).await,
        Move::Reopen => above.step(on, &Reopen { reason }).await,
        Move::Press => above.step(on, &Supervise { level: Level::Notice, reason }).await,
        Move::Lead => above.step(on, &TakeCharge { leader: "区领导".into(), plan: reason }).await,
    }
}

/// On the first that is not settled: by its department, or by whoever is above.
async fn on_a_dispatch(above: &Hand<'_>, case: &Case, what: Move) -> Taken {
    let open = dispatches(above.app, case).await.into_iter().find(|it| !it.it.state.is_settled());
    let Some(Versioned { id, version, it, .. }) = open else { return Taken::default() };
    let (on, note, department) = ((id, version), "好了".to_owned(), unit(&it.unit));
    let called = Hand { by: &f::by(&department), unit: &department, ..*above };
    if matches!(what, Move::Decline) {
        called.step(on, &on_dispatch::Decline { note }).await
    } else if matches!(what, Move::Release) {
        above.step(on, &on_dispatch::Release { reason: note, apt: true }).await
    } else if it.state == DispatchState::Sent {
        called.step(on, &on_dispatch::Accept { note }).await
    } else {
        called.step(on, &on_dispatch::Complete { note }).await
    }
}

async fn grant(above: &Hand<'_>, case: &Case) -> Taken {
    let Some(pending) = case.approvals.first() else { return Taken::default() };
    let approval = above.app.log.load::<Approval>(pending.approval).await.unwrap().unwrap();
    above.step::<Approval, _>((approval.id, approval.version), &Grant { reason: "属实".into() }).await
}

async fn dispatches(app: &App, case: &Case) -> Vec<Versioned<Dispatch>> {
    let loads = case.called().into_iter().map(|id| app.log.load::<Dispatch>(id));
    let loaded = futures::future::join_all(loads).await;
    loaded.into_iter().map(|it| it.unwrap().unwrap()).collect()
}

/// What several rows say of each other, once all hands rest.
async fn fits_together(app: &App, case: &Case) {
    let called = dispatches(app, case).await;
    let open: Vec<_> = called.iter().filter(|it| !it.it.state.is_settled()).collect();
    let leads = open.iter().filter(|it| it.it.lead).count();
    assert_eq!(leads, open.len().min(1), "one of those open leads");
    assert!(case.state.is_open() && !case.holder.unit.is_empty(), "nothing here closes a case");
    assert!(case.state != State::Resolved || open.is_empty(), "resolved, it waits for nobody");
    for pending in &case.approvals {
        let approval = app.log.load::<Approval>(pending.approval).await.unwrap().unwrap();
        assert_eq!(approval.it.state, ApprovalState::Asked);
    }
}

/// How many rows there are: of what is called and asked for, each once.
async fn rows(town: &Town) -> (i64, i64) {
    let sql = "select (select count(*) from dispatch), (select count(*) from approval)";
    sqlx::query_as(sql).fetch_one(&town.pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_hands_on_a_few_cases_lose_and_double_nothing() {
    let mut runner = TestRunner::deterministic();
    let mut all = (0, 0);
    for sequence in 0..SEQUENCES {
        let moves = vec(moves(), MOVES).new_tree(&mut runner).unwrap().current();
        let town = Town::open().await;
        let mut cases = Vec::new();
        for at in [f::grid(), f::street(), f::street()] {
            cases.push(town.case_at(&at).await.1.id.parse::<Uuid>().unwrap());
        }
        let replicas = [knowing(town.app.clone()), knowing(town.replica())];
        let hands = moves.chunks(MOVES / 4).zip(replicas.iter().cycle()).map(|(moves, app)| {
            let cases = &cases;
            async move {
                let mut taken = Taken::default();
                for (n, what) in moves {
                    taken.add(take(app, cases[*n], *what).await);
                }
                taken
            }
        });
        let hands = futures::future::join_all(hands).await;
        let sum = |of: fn(&Taken) -> u32| i64::from(hands.iter().map(of).sum::<u32>());
        assert!(sum(|it| it.steps) > 20 && sum(|it| it.late) > 0, "{sequence}: they met");
        assert!(sum(|it| it.told) > 100, "{sequence}: most were told what came of it");
        let (mut notes, mut called) = (0, 0);
        for id in &cases {
            let case = town.app.log.load::<Case>(*id).await.unwrap().unwrap().it;
            notes += i64::from(case.notes);
            called += case.dispatches.len() as i64;
            fits_together(&town.app, &case).await;
        }
        assert_eq!(notes, sum(|it| it.notes), "{sequence}: each note once");
        let (dispatches, approvals) = rows(&town).await;
        all = (all.0 + dispatches, all.1 + approvals);
        assert_eq!(called, dispatches, "{sequence}: each dispatch once");
        assert_eq!(verified(&town).await, [3, 3, 0], "{sequence}: as the log says");
    }
    assert!(all.0 > 0 && all.1 > 0, "departments and superiors were in it: {all:?}");
}
