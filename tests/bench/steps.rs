//! Steps a second, and the time that one takes. The step is an internal note of a case's holder: it changes one row, writes one entry, and
//! those who follow casework let it go. Each caller has a case of its own, opened and accepted before, and waits for each answer. Beside it
//! `pgbench` updates a case's row and inserts an entry, in a copy of casework's empty database.

use std::{sync::Arc, time::Instant};

use futures::future::{BoxFuture, join_all};
use huying_proto::casework::v1::Case;
use huying_tests::{People, world::key};
use serde_json::Value;
use sqlx::{Connection, PgConnection, types::Json};
use uuid::Uuid;

use super::{
    Measure,
    events::Events,
    life,
    pgbench::{self, Script},
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

/// Callers at once: one tells the time of a step alone.
const CALLERS: [usize; 2] = [1, 64];
/// Connections that the callers share, for the unit that holds the cases.
const CONNECTIONS: usize = 4;

const SCRIPT: &str = include_str!("step.sql");
/// A case's row and its last entry, whole.
const ORIGINAL: &str = "
    select to_jsonb(c), to_jsonb(l) from \"case\" c join log l on l.aggregate = c.id and l.version = c.version where c.id = $1";
/// A row and an entry of it for each client: their ids are the clients' numbers.
const ROWS: &str = "
    insert into \"case\" (id, version, shape, hash, body)
    select lpad(to_hex(n), 32, '0')::uuid, r.version, r.shape, r.hash, r.body
      from generate_series(0, $2 - 1) n, jsonb_populate_record(null::\"case\", $1) r";
const ENTRIES: &str = "
    insert into log
    select r.* from generate_series(0, $2 - 1) n,
           jsonb_populate_record(null::log, $1 || jsonb_build_object('aggregate', lpad(to_hex(n), 32, '0')::uuid)) r";

pub struct Steps {
    steps: Table,
    limit: Table,
}

impl Steps {
    pub fn new() -> Self {
        let columns = [("steps/s", 0), ("followed/s", 0), ("p50 ms", 2), ("p99 ms", 2), ("cpu ms each", 2)];
        Self {
            steps: Table::new(
                "steps a second (a holder's internal note on an accepted case), and the time of one",
                "callers",
                &[&columns[..], &SURROUNDINGS].concat(),
            ),
            limit: pgbench::table(
                "pgbench updating a case's row and inserting its entry, with one statement",
            ),
        }
    }

    async fn measure(&mut self, stage: &Stage) {
        for callers in CALLERS {
            stage.bar.set_message(format!("steps of {callers} callers"));
            // Others each time: what one person noted in a day is counted with each note.
            let people = |n| People::named(stage.world.clone(), &format!("{}-{n}", key()));
            let people: Vec<_> = (0..CONNECTIONS).map(people).collect();
            let cases = accepted(stage, &people, callers).await;
            settle(stage).await;
            let window = Window::open(stage).await;
            let started = window.started();
            let times = steps(stage, &people, &cases, started).await;
            let lasted = started.elapsed().as_secs_f64();
            let followed = settle(stage).await.duration_since(started).as_secs_f64();
            let seen = window.close(stage);
            let steps = times.len() as f64;
            let each = seen.used_by(|_| true).cpu.as_secs_f64() * 1e3 / steps;
            let [p50, p99] = p50_p99(times);
            let figures = [steps / lasted, steps / followed, p50, p99, each];
            self.steps.add(callers, [&figures[..], &seen.surroundings()].concat());

            let database = stage.aside("casework");
            put_rows(stage, database, &cases[0].id, callers).await;
            let script = Script { name: "step.sql", sql: SCRIPT, database };
            self.limit.add(callers, pgbench::run(stage, script, callers).await);
        }
    }
}

impl Measure for Steps {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.steps, &self.limit]
    }
}

/// So many new cases, each accepted by its holder.
async fn accepted(stage: &Stage, people: &[People], cases: usize) -> Vec<Case> {
    let events = Arc::new(Events::listen(stage).await);
    join_all((0..cases).map(|n| {
        let (people, events) = (people[n % people.len()].clone(), events.clone());
        async move { life::accept(&people, &life::open(&people, &events).await).await }
    }))
    .await
}

/// One caller for each case, one step after the other for the stage's span. The milliseconds of each.
async fn steps(stage: &Stage, people: &[People], cases: &[Case], started: Instant) -> Vec<f64> {
    let span = stage.span;
    let callers = cases.iter().zip(people.iter().cycle()).map(|(case, people)| {
        let (mut case, people) = (case.clone(), people.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < span {
                let began = Instant::now();
                case = life::note(&people, &case).await;
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            times
        })
    });
    join_all(callers).await.into_iter().flat_map(Result::unwrap).collect()
}

/// A case's row and last entry for each client, and nothing else.
async fn put_rows(stage: &Stage, database: &str, case: &str, clients: usize) {
    let case: Uuid = case.parse().unwrap();
    let (row, entry): (Json<Value>, Json<Value>) =
        sqlx::query_as(ORIGINAL).bind(case).fetch_one(stage.pool("casework")).await.unwrap();
    let mut connection = PgConnection::connect(database).await.unwrap();
    sqlx::raw_sql("truncate \"case\", log").execute(&mut connection).await.unwrap();
    for (statement, of) in [(ROWS, row), (ENTRIES, entry)] {
        sqlx::query(statement).bind(of).bind(clients as i32).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}
