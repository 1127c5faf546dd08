//! Several units and two replicas take random steps on the same few cases at once. Nothing is lost or doubled, whoever is faster, and what
//! was said to be allowed is refused only because somebody else was.

use huying_casework::{
    app::{
        App,
        world::{SuperiorOf, Units},
    },
    domain::{
        By, Case, Level, Step, Unit,
        case::step::{
            Accept, AskReporter, Delegate, Escalate, Note, Reopen, Resolve, Resume, Supervise, TakeCharge,
        },
    },
};
use huying_chassis::log::Versioned;
use proptest::{collection::vec, prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use tonic::Code;
use uuid::Uuid;

use super::{
    accounts::verified,
    fixture::{self as f, DISTRICT},
    support::{Town, meta},
};

/// Each of so many sequences has so many moves, by four hands at once.
const SEQUENCES: usize = 3;
const MOVES: usize = 160;
const CASES: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Move {
    Accept,
    Note,
    Escalate,
    Delegate,
    Ask,
    Resume,
    Resolve,
    Reopen,
    Press,
    Lead,
}

fn moves() -> impl Strategy<Value = (usize, Move)> {
    let step = prop_oneof![
        4 => Just(Move::Accept),
        3 => Just(Move::Note),
        2 => Just(Move::Escalate),
        2 => Just(Move::Delegate),
        1 => Just(Move::Ask),
        1 => Just(Move::Resume),
        2 => Just(Move::Resolve),
        2 => Just(Move::Reopen),
        1 => Just(Move::Press),
        1 => Just(Move::Lead),
    ];
    (0..CASES, step)
}

/// A replica that knows who is above whom, and who the units are.
fn knowing(app: App) -> App {
    let units = [f::grid(), f::community(), f::street(), f::district()];
    let mut runner = app.runner.clone();
    for pair in units.windows(2) {
        let [of, above] = pair else { continue };
        let asked = SuperiorOf { district: DISTRICT.into(), unit: of.code.clone() };
        runner = runner.knowing(&asked, Some(above.clone()));
        let asked = Units { district: DISTRICT.into(), codes: vec![of.code.clone()] };
        runner = runner.knowing(&asked, vec![of.clone()]);
    }
    App { runner, ..app }
}

fn holder(case: &Case) -> Unit {
    let units = [f::grid(), f::community(), f::street(), f::district()];
    units.into_iter().find(|unit| unit.code == case.holder.unit).expect("one of the units here holds it")
}

/// What a hand came to.
#[derive(Default)]
struct Taken {
    steps: u32,
    notes: u32,
    late: u32,
}

/// Takes a step, having looked before whether it may be taken.
async fn step<S: Step<Case>>(app: &App, id: Uuid, version: i64, (by, unit): (&By, &Unit), step: &S) -> Taken {
    let allowed = app.would::<Case, _>(id, by, step, &meta(unit, version)).await;
    match app.take::<Case, _>(id, by, step, &meta(unit, version)).await {
        Ok(_) => {
            // It may have been looked at just after the one before was overtaken, never said no to at this version.
            assert!(allowed.is_ok(), "taken, and refused before: {:?}", allowed.err());
            Taken { steps: 1, ..Taken::default() }
        }
        Err(why) if why.code() == Code::Aborted => Taken { late: 1, ..Taken::default() },
        Err(why) => {
            let expected = matches!(
                why.code(),
                Code::FailedPrecondition | Code::PermissionDenied | Code::InvalidArgument
            );
            assert!(expected, "{why}");
            assert!(allowed.is_err(), "said to be allowed, and refused: {why}");
            Taken::default()
        }
    }
}

async fn take(app: &App, id: Uuid, what: Move) -> Taken {
    let Versioned { it: case, version, .. } = app.log.load::<Case>(id).await.unwrap().unwrap();
    let unit = holder(&case);
    let (by, leader) = (f::by(&unit), f::leader(DISTRICT));
    let (held, above) = ((&by, &unit), (&leader, &f::district()));
    let reason = || "x".to_owned();
    match what {
        Move::Accept => step(app, id, version, held, &Accept).await,
        Move::Note => {
            let taken = step(app, id, version, held, &Note { text: "在看".into(), public: false }).await;
            Taken { notes: taken.steps, ..taken }
        }
        Move::Escalate => step(app, id, version, held, &Escalate { reason: reason() }).await,
        Move::Delegate => {
            step(app, id, version, held, &Delegate { unit: "G-1".into(), reason: reason() }).await
        }
        Move::Ask => step(app, id, version, held, &AskReporter { question: "几号楼".into() }).await,
        Move::Resume => step(app, id, version, held, &Resume { reason: reason() }).await,
        Move::Resolve => {
            step(app, id, version, held, &Resolve { answer: "好了".into(), handling: None }).await
        }
        Move::Reopen => step(app, id, version, above, &Reopen { reason: reason() }).await,
        Move::Press => {
            step(app, id, version, above, &Supervise { level: Level::Notice, reason: reason() }).await
        }
        Move::Lead => {
            step(app, id, version, above, &TakeCharge { leader: "区领导".into(), plan: reason() }).await
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_hands_on_a_few_cases_lose_and_double_nothing() {
    let mut runner = TestRunner::deterministic();
    for sequence in 0..SEQUENCES {
        let moves = vec(moves(), MOVES).new_tree(&mut runner).unwrap().current();
        let town = Town::open().await;
        let mut cases = Vec::new();
        for _ in 0..CASES {
            cases.push(town.case_at(&f::grid()).await.1.id.parse::<Uuid>().unwrap());
        }
        let replicas = [knowing(town.app.clone()), knowing(town.replica())];
        let hands = moves.chunks(MOVES / 4).zip(replicas.iter().cycle()).map(|(moves, app)| {
            let cases = &cases;
            async move {
                let mut taken = Taken::default();
                for (n, what) in moves {
                    let one = take(app, cases[*n], *what).await;
                    taken.steps += one.steps;
                    taken.notes += one.notes;
                    taken.late += one.late;
                }
                taken
            }
        });
        let hands = futures::future::join_all(hands).await;
        let sum = |of: fn(&Taken) -> u32| hands.iter().map(of).sum::<u32>();
        assert!(sum(|it| it.steps) > 20 && sum(|it| it.late) > 0, "{sequence}: they met");
        let mut notes = 0;
        for id in &cases {
            let case = town.app.log.load::<Case>(*id).await.unwrap().unwrap().it;
            notes += case.notes;
            assert!(!case.state.is_open() || !case.holder.unit.is_empty());
        }
        assert_eq!(notes, sum(|it| it.notes), "{sequence}: each note once");
        assert_eq!(verified(&town).await, [3, 3, 0], "{sequence}: as the log says");
    }
}
