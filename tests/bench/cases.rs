//! What a call costs with many cases there, beside what it costs with few: one caller, one call after the other.

use std::time::Duration;

use huying_tests::People;
use uuid::Uuid;

use super::{
    asked,
    clone::Clones,
    events::Events,
    life,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

/// Few cases, or a tenth of the many where that is less.
const FEW: u32 = 10_000;
/// What few and many are compared by.
pub const P99: &str = "p99 ms";

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

/// With few cases, and with many.
pub async fn measure(stage: &Stage, many: u32, rounds: u32) -> [Table; 2] {
    let (people, events) = (stage.world.people(), Events::listen(stage).await);
    stage.bar.set_message("cases to be cloned");
    let (originals, holder) = originals(&people, &events).await;
    settle(stage).await;
    let asking = Asking { stage, people, events, holder };
    let mut clones = Clones::of(originals);
    clones.grow(stage, FEW.min(many / 10)).await;
    let with_few = asking.rounds(rounds, &clones).await;
    clones.grow(stage, many).await;
    let with_many = asking.rounds(rounds, &clones).await;
    settle(stage).await;
    clones.unheard_of(stage).await;
    [with_few, with_many]
}

impl Asking<'_> {
    async fn rounds(&self, rounds: u32, clones: &Clones) -> Table {
        let there: i64 = sqlx::query_scalar("select count(*) from \"case\"")
            .fetch_one(self.stage.pool("casework"))
            .await
            .unwrap();
        let columns = [("calls", 0), ("p50 ms", 2), (P99, 2)];
        let title = format!("one caller, with {there} cases there");
        let mut table = Table::new(title, "call", &[&columns[..], &SURROUNDINGS].concat());
        let people = &self.people;
        for _ in 0..rounds {
            self.row(&mut table, "get", async || asked::get(people, clones.any()).await).await;
            for (name, list) in asked::lists(&self.holder) {
                self.row(&mut table, name, async || asked::list(people, list.clone()).await).await;
            }
            for (name, ledger) in asked::ledgers(&self.holder) {
                self.row(&mut table, name, async || asked::ledger(people, ledger.clone()).await).await;
            }
            self.row(&mut table, "count entered", async || asked::count(people).await).await;
            self.row(&mut table, "accept", async || asked::accept(people, &self.events).await).await;
        }
        table
    }

    /// One call after the other for the stage's span.
    async fn row(&self, table: &mut Table, name: &str, call: impl AsyncFn() -> Duration) {
        self.stage.bar.set_message(name.to_owned());
        let window = Window::open(self.stage).await;
        let mut times = Vec::new();
        while window.started().elapsed() < self.stage.span {
            times.push(call().await.as_secs_f64() * 1e3);
        }
        let seen = window.close(self.stage);
        let calls = times.len() as f64;
        table.add(name, [&[calls][..], &p50_p99(times), &seen.surroundings()].concat());
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
