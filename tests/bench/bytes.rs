//! What a life leaves behind: bytes of tables with their indexes, by service, and of the write-ahead log.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use huying_tests::SERVICES;

use super::{
    Measure,
    lives::lives,
    settle::settle,
    stage::Stage,
    table::{Column, SURROUNDINGS, Table},
    window::Window,
};

/// Lives at once: enough that groups form, as they do in use.
const AT_ONCE: usize = 16;

const SIZES: &str = "
    select case relname when 'log' then 'log' when 'followed' then 'marks' when 'unconfirmed' then 'marks'
                        when 'claim' then 'claims' when 'command' then 'commands'
                        else 'rows' end as what,
           sum(pg_total_relation_size(oid))::float8
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace group by what";
const WRITTEN_AHEAD: &str = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8";

/// What they are told by, in the order of the columns.
const PARTS: [&str; 5] = ["log", "rows", "marks", "claims", "commands"];

type Sizes = BTreeMap<String, f64>;

pub struct Bytes(Table);

impl Bytes {
    pub fn new() -> Self {
        let columns: Vec<Column> =
            ["all"].into_iter().chain(PARTS).chain(["WAL"]).map(|name| (name, 2)).collect();
        Self(Table::new(
            "KiB that a life leaves behind, indexes and dead rows counted, and the write-ahead log it makes",
            "database",
            &[&columns[..], &SURROUNDINGS].concat(),
        ))
    }

    async fn measure(&mut self, stage: &Stage) {
        stage.bar.set_message("bytes of whole lives");
        settle(stage).await;
        let (sizes, wal) = (sizes(stage).await, written_ahead(stage).await);
        let window = Window::open(stage).await;
        let lives = lives(stage, AT_ONCE, stage.span).await.len() as f64;
        settle(stage).await;
        let surroundings = window.close(stage).surroundings();
        let wal = (written_ahead(stage).await - wal) / 1024.0 / lives;
        let mut sum = vec![0.0; 1 + PARTS.len()];
        for ((service, before), after) in SERVICES.into_iter().zip(sizes).zip(self::sizes(stage).await) {
            let parts = PARTS.map(|what| {
                (after.get(what).unwrap_or(&0.0) - before.get(what).unwrap_or(&0.0)) / 1024.0 / lives
            });
            let figures: Vec<f64> = [parts.iter().sum()].into_iter().chain(parts).collect();
            sum.iter_mut().zip(&figures).for_each(|(sum, figure)| *sum += figure);
            self.0.add(service, [&figures[..], &[f64::NAN], &surroundings].concat());
        }
        self.0.add("all", [&sum[..], &[wal], &surroundings].concat());
    }
}

impl Measure for Bytes {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}

/// In the services' order.
async fn sizes(stage: &Stage) -> Vec<Sizes> {
    let mut all = Vec::with_capacity(SERVICES.len());
    for service in SERVICES {
        let sizes: Vec<(String, f64)> = sqlx::query_as(SIZES).fetch_all(stage.pool(service)).await.unwrap();
        all.push(sizes.into_iter().collect());
    }
    all
}

async fn written_ahead(stage: &Stage) -> f64 {
    sqlx::query_scalar(WRITTEN_AHEAD).fetch_one(stage.pool("casework")).await.unwrap()
}
