//! What is asked of casework about its cases, and how long each answer takes.

use std::time::{Duration, Instant};

use huying_proto::casework::v1::{
    CaseOrder, CaseState, CountLedgerRequest, GetCaseRequest, ListCasesRequest, ListLedgerCasesRequest,
};
use huying_tests::{
    People,
    people::{DISTRICT, GRID},
};
use tonic::{Response, Status};

use super::{call::again, events::Events, life};

/// Lists newest first, and the boards: what is due first, and what changed since. One unit holds all the cases.
pub fn lists(holder: &str) -> Vec<(&'static str, ListCasesRequest)> {
    let district = || ListCasesRequest { district: DISTRICT.into(), ..Default::default() };
    let unit = || ListCasesRequest { holder: holder.into(), ..district() };
    let street = || ListCasesRequest { area: GRID[..9].into(), ..district() };
    let ordered = |order: CaseOrder, list| ListCasesRequest { order: order.into(), ..list };
    vec![
        ("list district", district()),
        ("list state", ListCasesRequest { state: CaseState::Closed.into(), ..district() }),
        ("list unit", unit()),
        ("list street", street()),
        ("due first, district", ordered(CaseOrder::DueFirst, district())),
        ("due first, unit", ordered(CaseOrder::DueFirst, unit())),
        ("due first, street", ordered(CaseOrder::DueFirst, street())),
        ("updated, district", ordered(CaseOrder::Updated, district())),
    ]
}

/// Ledgers of Jiang'an: what is open by what is due first, the same of one unit with the departments' measures, and what is over.
pub fn ledgers(holder: &str) -> Vec<(&'static str, ListLedgerCasesRequest)> {
    let ledger = |code: &str, of: &str| ListLedgerCasesRequest {
        district: DISTRICT.into(),
        ledger: code.into(),
        of: of.into(),
        ..Default::default()
    };
    vec![
        ("ledger problems", ledger("problems", "")),
        ("ledger implementation, unit", ledger("implementation", holder)),
        ("ledger settled", ledger("settled", "")),
    ]
}

pub async fn get(people: &People, id: String) -> Duration {
    let (leader, request) = (people.leader(), GetCaseRequest { id });
    let call = || {
        let (mut leader, request) = (leader.clone(), request.clone());
        async move { leader.get_case(request).await }
    };
    timed(call).await.1
}

pub async fn list(people: &People, request: ListCasesRequest) -> Duration {
    let leader = people.leader();
    let call = || {
        let (mut leader, request) = (leader.clone(), request.clone());
        async move { leader.list_cases(request).await }
    };
    let (page, time) = timed(call).await;
    assert!(!page.cases.is_empty(), "a list has cases");
    time
}

pub async fn ledger(people: &People, request: ListLedgerCasesRequest) -> Duration {
    let ledgers = people.ledgers();
    let call = || {
        let (mut ledgers, request) = (ledgers.clone(), request.clone());
        async move { ledgers.list_ledger_cases(request).await }
    };
    let (page, time) = timed(call).await;
    assert!(!page.cases.is_empty(), "a ledger has cases");
    time
}

/// One answer of counts of all cases. It looks at ten thousand at most: with fewer there, it costs less.
pub async fn count(people: &People) -> Duration {
    let request =
        CountLedgerRequest { district: DISTRICT.into(), ledger: "entered".into(), ..Default::default() };
    let ledgers = people.ledgers();
    let call = || {
        let (mut ledgers, request) = (ledgers.clone(), request.clone());
        async move { ledgers.count_ledger(request).await }
    };
    let (answer, time) = timed(call).await;
    assert!(!answer.counts.is_empty(), "cases are counted");
    time
}

/// Of a new case, so that those who follow know of it.
pub async fn accept(people: &People, events: &Events) -> Duration {
    let opened = life::open(people, events).await;
    let started = Instant::now();
    life::accept(people, &opened).await;
    started.elapsed()
}

async fn timed<T, F: Future<Output = Result<Response<T>, Status>>>(call: impl Fn() -> F) -> (T, Duration) {
    let started = Instant::now();
    let answer = again(call).await;
    (answer, started.elapsed())
}
