//! Figures: what is counted in a second of cases, requests and callbacks, what a recount takes, and a scoreboard read with few cases there and
//! with a hundred times as many. It is written where followers and the log write it, of cases that no other service knows.

use std::time::Instant;

use futures::future::BoxFuture;
use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{
    GetRatesRequest, GetRatesResponse, RecountRequest, rate_service_client::RateServiceClient,
};
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

/// Of each case that it was opened, accepted, resolved and closed, its request, and a callback.
const EACH: i64 = 6;

/// A case: 300 units in 141 communities of 17 streets, 200 categories, a year of days.
macro_rules! cases {
    () => {
        " from generate_series($1::int8 + 1, $2::int8) as n
     cross join lateral (select 1700000000000000 + (n % 365) * 86400000000 as opened, lpad(to_hex(n), 12, '0') as hex,
                                '420102' || lpad((n % 17 + 1)::text, 3, '0') || lpad((n % 9 + 1)::text, 3, '0') as area) as course"
    };
}

const HEARD: &str = concat!(
    "insert into heard (id, aggregate, version, at, body)
    select gen_random_uuid(), ('00000000-0000-4000-8000-' || hex)::uuid, version, now(),
           jsonb_build_object('what', what, 'at', opened + version * 3600000000, 'number', n::text, 'district', '420102',
               'area', area, 'category', (n % 200)::text, 'tier', 'community', 'holder', 'unit-' || n % 300, 'attempt', 1,
               'opened_at', opened, 'request', '00000000-0000-4000-9000-' || hex)
           || case when version < 3 then jsonb_build_object('due_at', opened + 86400000000) else '{}' end",
    cases!(),
    " cross join (values (1, 'opened'), (2, 'accepted'), (3, 'resolved'), (4, 'closed')) as life (version, what)
     order by n, version"
);
const RECEIVED: &str = concat!(
    "insert into heard (id, aggregate, version, at, body)
    select gen_random_uuid(), ('00000000-0000-4000-9000-' || hex)::uuid, 1, now(),
           jsonb_build_object('district', '420102', 'area', area, 'received_at', opened,
               'channel', (array['hotline', 'online', 'grid_patrol'])[n % 3 + 1])",
    cases!()
);
/// In the shape of callbacks that have ended.
const CALLBACKS: &str = concat!(
    "insert into callback (id, version, shape, hash, body)
    select ('00000000-0000-4000-a000-' || hex)::uuid, 1, 5, sha256(''),
           jsonb_build_object('case', '00000000-0000-4000-8000-' || hex, 'number', n::text, 'district', '420102', 'area', area,
               'category', (n % 200)::text, 'unit', 'unit-' || n % 300, 'tier', 'community', 'worked', jsonb_build_array('unit-' || n % 300),
               'requests', jsonb_build_array('00000000-0000-4000-9000-' || hex), 'request', '00000000-0000-4000-9000-' || hex,
               'attempt', 1, 'answer', '', 'resolve_at', opened + 10800000000, 'due_at', opened + 604800000000, 'tries', 0,
               'state', 'passed', 'end_at', opened + 86400000000,
               'verdict', jsonb_build_object('contacted', true, 'solved', true, 'satisfaction', 'satisfied'))",
    cases!()
);

pub struct Figures {
    times: i64,
    counted: Table,
    read: Table,
}

impl Figures {
    pub fn new(cases: Option<u32>) -> Self {
        let counted = [("counted", 0), ("a second", 0), ("recount s", 1)];
        let read = [("p50 ms", 1), ("p99 ms", 1), ("p99 beside", 2)];
        Self {
            times: cases.map_or(10, |cases| (i64::from(cases) / FEW).max(2)),
            counted: Table::new(
                "events of cases, requests and callbacks counted in a second",
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
        let mut few = None;
        for cases in [before + FEW, before + FEW * self.times] {
            stage.bar.set_message(format!("counting {cases} cases"));
            let window = Window::open(stage).await;
            let (first, started) = (before, Instant::now());
            // No more at a time than would be heard while somebody counts.
            while before < cases {
                let upto = cases.min(before + FEW);
                for rows in [RECEIVED, HEARD, CALLBACKS] {
                    sqlx::query(rows).bind(before).bind(upto).execute(pool).await.unwrap();
                }
                // Whoever asks for a scoreboard counts, and may have no time to count all of it.
                while left(pool).await {
                    let _ = self.board(stage).await;
                }
                before = upto;
            }
            let events = ((cases - first) * EACH) as f64;
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
                let board = self.board(stage).await.unwrap();
                assert!(board.total.is_some());
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
            let seen = window.close(stage);
            let [p50, p99] = p50_p99(times);
            let beside = p99 / *few.get_or_insert(p99);
            self.read.add(cases as usize, [&[p50, p99, beside][..], &seen.surroundings()].concat());
        }
    }

    async fn board(&self, stage: &Stage) -> Result<GetRatesResponse, tonic::Status> {
        let wire = stage.world.people().wire("evaluation", Role::Leader, None, Some(CITY));
        let request = GetRatesRequest {
            district: DISTRICT.into(),
            from_date: "2024-03-01".into(),
            to_date: "2024-04-01".into(),
            ..Default::default()
        };
        Ok(RateServiceClient::new(wire).get_rates(request).await?.into_inner())
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
    let left = "select exists (select from heard)
        or exists (select from callback where (case when version <> counted_version then end_at end) is not null)";
    sqlx::query_scalar(left).fetch_one(pool).await.unwrap()
}

impl Measure for Figures {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.counted, &self.read]
    }
}
