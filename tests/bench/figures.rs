//! Figures: events of cases counted in a second, what a recount takes, and a scoreboard read with few cases there and with a hundred times as
//! many. The events are written where followers write them, of cases that no other service knows.

use std::time::Instant;

use futures::future::BoxFuture;
use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{GetRatesRequest, RecountRequest, rate_service_client::RateServiceClient};
use huying_tests::people::DISTRICT;
use sqlx::PgPool;

use super::{
    Measure,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

/// Cases there are at first; and how many times as many later.
const FEW: i64 = 10_000;
/// Scoreboards read at each.
const READ: usize = 200;

/// Four events of each case: opened, accepted, resolved, closed. 300 units in 141 communities of 17 streets, 200 categories, a year of days.
const HEARD: &str = "
    insert into heard (id, aggregate, version, at, body)
    select gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, version, now(),
           jsonb_build_object('what', what, 'at', opened + version * 3600000000, 'number', n::text, 'district', '420102',
               'area', '420102' || lpad((n % 17 + 1)::text, 3, '0') || lpad((n % 9 + 1)::text, 3, '0'), 'category', (n % 200)::text, 'tier', 'community',
               'holder', 'unit-' || n % 300, 'attempt', 1, 'opened_at', opened)
           || case when version < 3 then jsonb_build_object('due_at', opened + 86400000000) else '{}' end
      from generate_series($1::int8 + 1, $2::int8) as n
     cross join lateral (select 1700000000000000 + (n % 365) * 86400000000 as opened) as year
     cross join (values (1, 'opened'), (2, 'accepted'), (3, 'resolved'), (4, 'closed')) as life (version, what)
     order by n, version";

pub struct Figures {
    times: i64,
    counted: Table,
    read: Table,
}

impl Figures {
    pub fn new(cases: Option<u32>) -> Self {
        let counted = [("events", 0), ("events/s", 0), ("recount s", 1)];
        let read = [("p50 ms", 1), ("p99 ms", 1)];
        Self {
            times: cases.map_or(10, |cases| (i64::from(cases) / FEW).max(2)),
            counted: Table::new(
                "events of cases counted in a second",
                "cases",
                &[&counted[..], &SURROUNDINGS].concat(),
            ),
            read: Table::new("a month's scoreboard by unit", "cases", &[&read[..], &SURROUNDINGS].concat()),
        }
    }

    async fn measure(&mut self, stage: &Stage) {
        let pool = stage.pool("evaluation");
        let mut before: i64 =
            sqlx::query_scalar("select count(*) from course").fetch_one(pool).await.unwrap();
        for cases in [before + FEW, before + FEW * self.times] {
            stage.bar.set_message(format!("counting {cases} cases"));
            let window = Window::open(stage).await;
            let started = Instant::now();
            // No more at a time than would be heard while somebody counts.
            while before < cases {
                let upto = cases.min(before + FEW);
                sqlx::query(HEARD).bind(before).bind(upto).execute(pool).await.unwrap();
                // Whoever asks for a scoreboard counts.
                while left(pool).await {
                    self.board(stage).await;
                }
                before = upto;
            }
            let events = (FEW * 4) as f64 * if cases > FEW * 2 { (self.times - 1) as f64 } else { 1.0 };
            let taken = started.elapsed().as_secs_f64();
            let started = Instant::now();
            self.recount(stage).await;
            let recount = started.elapsed().as_secs_f64();
            let seen = window.close(stage);
            self.counted
                .add(cases as usize, [&[events, events / taken, recount][..], &seen.surroundings()].concat());

            stage.bar.set_message(format!("scoreboards of {cases} cases"));
            let window = Window::open(stage).await;
            let mut times = Vec::with_capacity(READ);
            for _ in 0..READ {
                let started = Instant::now();
                self.board(stage).await;
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
            let seen = window.close(stage);
            self.read.add(cases as usize, [&p50_p99(times)[..], &seen.surroundings()].concat());
        }
    }

    async fn board(&self, stage: &Stage) {
        let wire = stage.world.people().wire("evaluation", Role::Leader, None, Some(CITY));
        let request = GetRatesRequest {
            district: DISTRICT.into(),
            from_date: "2024-03-01".into(),
            to_date: "2024-04-01".into(),
            ..Default::default()
        };
        let board = RateServiceClient::new(wire).get_rates(request).await.unwrap().into_inner();
        assert!(board.total.is_some());
    }

    async fn recount(&self, stage: &Stage) {
        let wire = stage.world.people().wire("evaluation", Role::Operator, None, Some(CITY));
        let request = RecountRequest { district: DISTRICT.into(), check: true };
        let mut answers = RateServiceClient::new(wire).recount(request).await.unwrap().into_inner();
        let mut last = None;
        while let Some(answer) = answers.message().await.unwrap() {
            last = Some(answer);
        }
        assert_eq!(last.map(|it| (it.done, it.different)), Some((true, 0)));
    }
}

/// Whether anything is not counted.
async fn left(pool: &PgPool) -> bool {
    sqlx::query_scalar("select exists (select from heard)").fetch_one(pool).await.unwrap()
}

impl Measure for Figures {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.counted, &self.read]
    }
}
