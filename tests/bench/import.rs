//! Rows a second that an import of a platform's file takes, beside submissions of as many callers as it has rows under way, each in turn.

use std::{
    fmt::Write as _,
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::future::BoxFuture;
use huying::import::{AT_ONCE, Job, map::Map, send, table::Table as File};
use huying_proto::intake::v1::request_service_client::RequestServiceClient;
use huying_testing::Wire;
use huying_tests::people::DISTRICT;

use super::{
    Measure,
    followed::submissions,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::Window,
};

/// Rows for each second of the span: more than are taken in it.
const ROWS: u64 = 2_000;
/// Connections that the rows share, as those of the callers do.
const CONNECTIONS: usize = 4;

const MAP: &str = "\
[columns]
external_id = '工单编号'
content = '诉求内容'
area = '区划'
address = '地址'
[fixed]
channel = 'online'
";

pub struct Import {
    table: Table,
    files: u32,
}

impl Import {
    pub fn new() -> Self {
        let columns = [("rows/s", 0), ("submissions/s", 0), ("ratio", 2)];
        let title = "rows of an import a second, beside submissions of as many callers";
        Self { table: Table::new(title, "at once", &[&columns[..], &SURROUNDINGS].concat()), files: 0 }
    }

    async fn measure(&mut self, stage: &Stage) {
        stage.bar.set_message("submissions beside an import");
        let window = Window::open(stage).await;
        let started = window.started();
        let submitted = submissions(stage, AT_ONCE, started).await as f64 / started.elapsed().as_secs_f64();
        window.close(stage);
        settle(stage).await;

        stage.bar.set_message("an import");
        self.files += 1;
        let file = stage.world.bench.dir.path().join(format!("orders-{}.csv", self.files));
        fs::write(&file, orders(self.files, ROWS * stage.span.as_secs())).unwrap();
        let (map, file) = (Map::parse(MAP).unwrap(), File::open(&file, None).unwrap());
        let placed = map.on(&file.columns).unwrap();
        let job = Job { table: &file, map: &placed, district: DISTRICT, skip: 0, at_once: AT_ONCE };
        let platforms: Vec<RequestServiceClient<Wire>> =
            (0..CONNECTIONS).map(|_| stage.world.people().platform()).collect();
        let next = AtomicUsize::new(0);
        let window = Window::open(stage).await;
        let started = window.started();
        let mut rows = 0;
        send(
            &job,
            |request| {
                let next = next.fetch_add(1, Ordering::Relaxed);
                let mut platform = platforms[next % CONNECTIONS].clone();
                async move { platform.submit_request(request).await.map(drop) }
            },
            |done| {
                assert!(done.wrong.is_empty(), "{:?}", done.wrong);
                rows += 1;
                Ok(())
            },
        )
        .await
        .unwrap();
        let taken = f64::from(rows) / started.elapsed().as_secs_f64();
        let seen = window.close(stage);
        settle(stage).await;
        self.table.add(AT_ONCE, [&[taken, submitted, taken / submitted][..], &seen.surroundings()].concat());
    }
}

fn orders(file: u32, rows: u64) -> String {
    let mut text = "工单编号,诉求内容,区划,地址\n".to_owned();
    for n in 0..rows {
        writeln!(text, "{file}-{n},有车辆堵住楼栋出入口，请联系车主挪车,420102010002002,恒大双城").unwrap();
    }
    text
}

impl Measure for Import {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.table]
    }
}
