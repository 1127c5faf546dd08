//! What a call costs with many cases there, beside what it costs with few: one caller, one call after the other.

use std::time::{Duration, Instant};

use huying_proto::casework::v1::{CaseState, GetCaseRequest, ListCasesRequest};
use huying_tests::{People, people::DISTRICT};
use uuid::Uuid;

use super::{
    call::again,
    clone::Clones,
    events::Events,
    life,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

/// Cases that are cloned, by how far they got: most are over. No clock of theirs turns within an hour.
const CLOSED: usize = 17;
const RESOLVED: usize = 1;
const WORKING: usize = 1;
const ASSIGNED: usize = 1;

/// Who asks, and about what.
struct Asking<'a> {
    stage: &'a Stage,
    people: People,
    events: Events,
    /// The unit that holds the cases.
    holder: String,
}

pub async fn measure(stage: &Stage, wanted: u32, rounds: u32) -> Table {
    let columns = [("calls", 0), ("p50 ms", 2), ("p99 ms", 2)];
    let mut table =
        Table::new("one caller, with so many cases there", "call", &[&columns[..], &SURROUNDINGS].concat());
    let (people, events) = (stage.world.people(), Events::listen(stage).await);
    stage.bar.set_message("cases to be cloned");
    let (originals, holder) = originals(&people, &events).await;
    settle(stage).await;
    let asking = Asking { stage, people, events, holder };
    let few = originals.clone();
    let original = || few[rand::random_range(0..few.len())].to_string();
    asking.rounds(&mut table, rounds, &original).await;
    let clones = Clones::of(stage, originals, wanted).await;
    asking.rounds(&mut table, rounds, &|| clones.any()).await;
    settle(stage).await;
    clones.unheard_of(stage).await;
    table
}

impl Asking<'_> {
    async fn rounds(&self, table: &mut Table, rounds: u32, any: &dyn Fn() -> String) {
        let there: i64 = sqlx::query_scalar("select count(*) from \"case\"")
            .fetch_one(self.stage.pool("casework"))
            .await
            .unwrap();
        let district = || ListCasesRequest { district: DISTRICT.into(), ..Default::default() };
        let closed = || ListCasesRequest { state: CaseState::Closed.into(), ..district() };
        let held = || ListCasesRequest { holder: self.holder.clone(), ..district() };
        for _ in 0..rounds {
            self.row(table, format!("get, {there}"), async || self.get(any()).await).await;
            self.row(table, format!("list district, {there}"), async || self.list(district()).await).await;
            self.row(table, format!("list state, {there}"), async || self.list(closed()).await).await;
            self.row(table, format!("list holder, {there}"), async || self.list(held()).await).await;
            self.row(table, format!("accept, {there}"), async || self.accept().await).await;
        }
    }

    /// One call after the other for the stage's span.
    async fn row(&self, table: &mut Table, name: String, call: impl AsyncFn() -> Duration) {
        self.stage.bar.set_message(name.clone());
        let window = Window::open(self.stage).await;
        let mut times = Vec::new();
        while window.started().elapsed() < self.stage.span {
            times.push(call().await.as_secs_f64() * 1e3);
        }
        let seen = window.close(self.stage);
        let calls = times.len() as f64;
        table.add(name, [&[calls][..], &p50_p99(times), &seen.surroundings()].concat());
    }

    async fn get(&self, id: String) -> Duration {
        let (leader, started) = (self.people.leader(), Instant::now());
        again(|| {
            let (mut leader, request) = (leader.clone(), GetCaseRequest { id: id.clone() });
            async move { leader.get_case(request).await }
        })
        .await;
        started.elapsed()
    }

    async fn list(&self, request: ListCasesRequest) -> Duration {
        let (leader, started) = (self.people.leader(), Instant::now());
        let page = again(|| {
            let (mut leader, request) = (leader.clone(), request.clone());
            async move { leader.list_cases(request).await }
        })
        .await;
        assert!(!page.cases.is_empty(), "a list has cases");
        started.elapsed()
    }

    /// Of a new case, so that those who follow know of it.
    async fn accept(&self) -> Duration {
        let opened = life::open(&self.people, &self.events).await;
        let started = Instant::now();
        life::accept(&self.people, &opened).await;
        started.elapsed()
    }
}

async fn originals(people: &People, events: &Events) -> (Vec<Uuid>, String) {
    let mut ids = Vec::new();
    let mut holder = String::new();
    for n in 0..CLOSED + RESOLVED + WORKING + ASSIGNED {
        let opened = life::open(people, events).await;
        ids.push(opened.id.parse().unwrap());
        if n >= ASSIGNED {
            let accepted = life::accept(people, &opened).await;
            if n >= ASSIGNED + WORKING {
                let asked = life::resolve(people, events, &accepted).await;
                if n >= ASSIGNED + WORKING + RESOLVED {
                    life::close(people, events, &opened.id, &asked).await;
                }
            }
        }
        holder = opened.holder;
    }
    (ids, holder)
}
