//! How slow the disk is just now: every durable figure hangs on it, and it may change tenfold within minutes.

use std::{fs::File, os::unix::fs::FileExt, path::Path, time::Instant};

use super::table::p50_p99;

/// Each writes one page of PostgreSQL's log and waits for the disk.
const WRITES: usize = 200;
const PAGE: usize = 8192;

/// The median time of an fdatasync in a directory, in milliseconds.
pub async fn fdatasync(dir: &Path) -> f64 {
    let path = dir.join("fdatasync");
    tokio::task::spawn_blocking(move || write_and_sync(&path)).await.unwrap()
}

fn write_and_sync(path: &Path) -> f64 {
    let file = File::create(path).unwrap();
    // As with PostgreSQL's log, the file has its size before: only the data is to be written.
    file.write_all_at(&[0; PAGE], 0).unwrap();
    file.sync_all().unwrap();
    let mut once = |_| {
        let started = Instant::now();
        file.write_all_at(&[1; PAGE], 0).unwrap();
        file.sync_data().unwrap();
        started.elapsed().as_secs_f64() * 1e3
    };
    let [median, _] = p50_p99((0..WRITES).map(&mut once).collect());
    std::fs::remove_file(path).unwrap();
    median
}
