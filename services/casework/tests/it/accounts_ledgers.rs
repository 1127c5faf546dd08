//! 四账 as the district has them on its ledgers: for each area what entered is worked on or settled, and what is supervised is in it,
//! after whatever happens to a case.

use std::collections::BTreeSet;

use huying_casework::domain::{
    Case,
    case::step::{Part, Split},
};
use huying_proto::casework::v1::{self as pb, CaseOrder, LedgerColumn, LedgerSplit, SupervisionLevel};
use uuid::Uuid;

use super::{
    decline,
    fixture::{self as f, STREET},
    ledger_calls::{self, applying, case_in, counting, desk},
    merge::{merge, unmerge},
    returns::{decide, kick},
    supervise::supervise,
    support::{Town, accept, fresh, meta, resolve},
    suspended::suspend,
    waiting,
};

/// Cases of two streets.
const STREETS: [&str; 2] = [STREET, "990101002"];
const ELSEWHERE: &str = "990101002001001";

/// 入账、理账、结账、督账: what Jiangan's definitions ask for (deploy/profiles/common/ledgers.toml).
fn four() -> Vec<pb::Ledger> {
    let columns = vec![LedgerColumn::Number.into()];
    let whole = |code: &str, split: LedgerSplit| pb::Ledger {
        code: code.into(),
        name: "账".into(),
        whole: true,
        split: split.into(),
        columns: columns.clone(),
        ..Default::default()
    };
    vec![
        whole("entered", LedgerSplit::Area),
        pb::Ledger { open: true, order: CaseOrder::DueFirst.into(), ..whole("working", LedgerSplit::Area) },
        pb::Ledger { state: pb::CaseState::Closed.into(), ..whole("settled", LedgerSplit::Area) },
        pb::Ledger { supervised: true, ..whole("supervised", LedgerSplit::Holder) },
    ]
}

/// Whether the accounts of the two streets are: entered, worked on, settled, supervised.
async fn accounts(town: &Town, after: &str, wanted: [[i64; 4]; 2]) {
    let mut desk = desk(town);
    for (street, wanted) in STREETS.into_iter().zip(wanted) {
        let mut counted = Vec::new();
        let mut listed = Vec::new();
        for ledger in ["entered", "working", "settled", "supervised"] {
            let count = pb::CountLedgerRequest { area: street.into(), ..counting(ledger) };
            let counts = desk.count_ledger(count).await.unwrap().into_inner().counts;
            counted.push(counts.iter().map(|it| it.cases).sum::<i64>());
            let list = pb::ListLedgerCasesRequest { area: street.into(), ..ledger_calls::asked(ledger) };
            listed.push(ledger_calls::all(&mut desk, list).await.into_iter().collect::<BTreeSet<_>>());
        }
        assert_eq!(counted, wanted, "{street}, {after}");
        assert_eq!(counted[0], counted[1] + counted[2], "{street}, {after}: entered = working + settled");
        let [entered, working, settled, supervised] = &listed[..] else { panic!("{listed:?}") };
        assert_eq!(listed.iter().map(|it| it.len() as i64).collect::<Vec<_>>(), counted, "{street}, {after}");
        assert!(working.is_disjoint(settled) && *entered == working | settled, "{street}, {after}");
        assert!(supervised.is_subset(entered), "{street}, {after}: supervised is in what entered");
    }
    // By the areas next below the district, in one answer.
    for (n, ledger) in ["entered", "working", "settled"].into_iter().enumerate() {
        let counts = desk.count_ledger(counting(ledger)).await.unwrap().into_inner().counts;
        let of = |street: &str| counts.iter().find(|it| it.of == street).map_or(0, |it| it.cases);
        assert_eq!(STREETS.map(of), wanted.map(|street| street[n]), "{ledger}, {after}");
    }
}

/// What is open moves about, and the accounts stay as they are.
#[tokio::test]
async fn what_is_worked_on_is_so_wherever_it_stands() {
    let town = Town::without_profile().await;
    town.operator().apply_profile(applying(four(), false)).await.unwrap();
    accounts(&town, "before all", [[0; 4]; 2]).await;
    let here = case_in(&town, &f::street(), f::GRID).await;
    accounts(&town, "one opened", [[1, 1, 0, 0], [0; 4]]).await;
    let there = case_in(&town, &f::parks(), ELSEWHERE).await;
    let worked_on = [[1, 1, 0, 0], [1, 1, 0, 0]];
    accounts(&town, "one of each street opened", worked_on).await;
    let mut street = town.of(&f::street());
    let here = street.accept_case(accept(&here)).await.unwrap().into_inner();
    accounts(&town, "accepted", worked_on).await;
    let here = suspend(&town, &here).await;
    assert_eq!(here.state(), pb::CaseState::Suspended);
    accounts(&town, "suspended", worked_on).await;
    let (id, version) = (here.id, here.version);
    let resume = pb::ResumeCaseRequest { request_id: fresh(), id, version, reason: "完工".into() };
    let here = street.resume_case(resume).await.unwrap().into_inner();
    let here = street.ask_reporter(waiting::ask_of(&here)).await.unwrap().into_inner();
    assert_eq!(here.state(), pb::CaseState::Waiting);
    accounts(&town, "waits for its reporter", worked_on).await;

    let returned = kick(&town, &there, &f::parks()).await;
    assert_eq!(returned.state(), pb::CaseState::Returned);
    accounts(&town, "returned", worked_on).await;
    let there = decide(&town, &returned, &f::traffic()).await;
    accounts(&town, "arbitrated", worked_on).await;
    town.desk().supervise_case(supervise(&there, SupervisionLevel::Urge)).await.unwrap();
    accounts(&town, "urged, which alone makes no supervised item", worked_on).await;
    let there = town.case(&there.id).await;
    town.desk().supervise_case(supervise(&there, SupervisionLevel::Notice)).await.unwrap();
    accounts(&town, "supervised", [[1, 1, 0, 0], [1, 1, 0, 1]]).await;
}

#[tokio::test]
async fn whatever_closes_settles_and_whatever_opens_again_is_worked_on() {
    let town = Town::without_profile().await;
    town.operator().apply_profile(applying(four(), false)).await.unwrap();
    let there = case_in(&town, &f::parks(), ELSEWHERE).await;
    let there = town.desk().supervise_case(supervise(&there, SupervisionLevel::Notice)).await.unwrap();
    let there = there.into_inner();
    town.withdrawn(there.requests[0].id.parse().unwrap()).await;
    town.case_when("it is withdrawn", &there.id, |it| it.outcome() == pb::Outcome::Withdrawn).await;
    let there = [1, 0, 1, 1];
    accounts(&town, "withdrawn, and was supervised", [[0; 4], there]).await;

    let (request, into) = town.accepted(&f::street()).await;
    let other = case_in(&town, &f::grid(), f::GRID).await;
    let mut grid = town.of(&f::grid());
    let merged = grid.merge_case(merge(&other, &into)).await.unwrap().into_inner();
    accounts(&town, "merged", [[2, 1, 1, 0], there]).await;
    let other = grid.unmerge_case(unmerge(&merged)).await.unwrap().into_inner();
    accounts(&town, "un-merged", [[2, 2, 0, 0], there]).await;
    let approval = decline::asked_in(&town, &other, &f::grid(), "statutory_route").await;
    accounts(&town, "asked to be declined", [[2, 2, 0, 0], there]).await;
    decline::granted_by_the_district(&town, &other, &approval).await;
    accounts(&town, "declined", [[2, 1, 1, 0], there]).await;

    let whole = parted(&town, &town.case(&into.id).await).await;
    accounts(&town, "split, and the whole alone counts", [[2, 1, 1, 0], there]).await;
    let part = town.case(&whole.parts[0].number).await;
    let part = grid.accept_case(accept(&part)).await.unwrap().into_inner();
    let part = grid.resolve_case(resolve(&part)).await.unwrap().into_inner();
    assert_eq!(part.outcome(), pb::Outcome::StruckOff);
    accounts(&town, "its part is done", [[2, 1, 1, 0], there]).await;
    let whole = town.of(&f::street()).resolve_case(resolve(&town.case(&whole.id).await)).await.unwrap();
    let whole = whole.into_inner();
    accounts(&town, "resolved, and not struck off", [[2, 1, 1, 0], there]).await;
    town.passed(&whole).await;
    town.answered(request, &whole).await;
    let closed = town.case_when("it is struck off", &whole.id, |it| it.outcome() == pb::Outcome::StruckOff);
    let closed = closed.await;
    accounts(&town, "struck off", [[2, 0, 2, 0], there]).await;
    let (id, version) = (closed.id, closed.version);
    let reopen = pb::ReopenCaseRequest { request_id: fresh(), id, version, reason: "又坏了".into() };
    town.desk().reopen_case(reopen).await.unwrap();
    accounts(&town, "reopened", [[2, 1, 1, 0], there]).await;
}

/// The street gives a part of its case to the grid.
async fn parted(town: &Town, whole: &pb::Case) -> pb::Case {
    let part = Part { case: Uuid::now_v7(), unit: "G-1".into(), content: "清理楼道".into() };
    let split = Split { parts: vec![part], reason: "两个方面".into() };
    let (id, street) = (whole.id.parse().unwrap(), f::street());
    let app = town.knowing_units(&[f::grid()]);
    app.take::<Case, _>(id, &f::by(&street), &split, &meta(&street, whole.version)).await.unwrap();
    town.case(&whole.id).await
}
