//! What the chained log costs a submission: with it anchored each second, sixty times as often as usual, beside the same without.
//!
//! Beside the intake that is called runs a second replica that nobody calls, and only that one anchors. With and without take turns within
//! seconds, in the order without, with, with, without: what changes slowly hits both alike, and the ratio of a round is nearer to the truth
//! than that of two runs. What came in turns without is anchored before one with is measured.

use std::time::{Duration, Instant};

use huying_chassis::{
    anchor::{self, Line},
    bus::Bus,
    log::{Position, read},
};

use super::{
    followed::submissions,
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::Window,
};

const CALLERS: usize = 64;
const TURNS: [bool; 4] = [false, true, true, false];
/// Between two looks whether all is anchored, and the longest wait.
const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(600);

/// The other services have been stopped: what it submits is not followed.
pub async fn measure(stage: &Stage, rounds: u32) -> Table {
    let columns = [("accepted/s", 0), ("beside", 3), ("cpu ms each", 3), ("cpu beside", 3)];
    let title = "submissions a second of 64 callers to intake alone (beside without: aim at least 0.97)";
    let mut table = Table::new(title, "anchored", &[&columns[..], &SURROUNDINGS].concat());
    for round in 0..rounds {
        stage.bar.set_message(format!("anchored each second, and not: {} of {rounds}", round + 1));
        // Calls, seconds, processor seconds.
        let mut sums = [[0.0; 3]; 2];
        let mut surroundings = [[0.0; 2]; 2];
        for anchored in TURNS {
            let address = stage.world.start_anchored("intake", anchored).await;
            if anchored {
                catch_up(stage).await;
            }
            let window = Window::open(stage).await;
            let calls = submissions(stage, CALLERS, window.started()).await as f64;
            let seen = window.close(stage);
            stage.world.stop(&format!("intake-{}", address.port())).await;
            let turn = [calls, seen.seconds, seen.used_by(|_| true).cpu.as_secs_f64()];
            let sum = &mut sums[usize::from(anchored)];
            sum.iter_mut().zip(turn).for_each(|(sum, figure)| *sum += figure);
            surroundings[usize::from(anchored)] = seen.surroundings();
        }
        let [without, with] = sums.map(|[calls, seconds, cpu]| (calls / seconds, cpu * 1e3 / calls));
        for (name, ours, around) in
            [("never", without, surroundings[0]), ("each second", with, surroundings[1])]
        {
            let figures = [ours.0, ours.0 / without.0, ours.1, ours.1 / without.1];
            table.add(name, [&figures[..], &around].concat());
        }
    }
    table
}

/// Waits until the replica beside has anchored all that is there.
async fn catch_up(stage: &Stage) {
    let started = Instant::now();
    loop {
        let mut connection = stage.pool("intake").acquire().await.unwrap();
        let end = read::end(&mut connection).await.unwrap();
        drop(connection);
        if anchored_until(stage).await == Some(end) {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "not anchored within {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// What the newest anchor on NATS says, where one comes to last.
async fn anchored_until(stage: &Stage) -> Option<Position> {
    let stream = stage.jetstream().get_stream(Bus::stream_name(&anchor::root("intake"))).await.ok()?;
    let last = stream.get_raw_message(stream.cached_info().state.last_sequence).await.ok()?;
    let line = Line::read(std::str::from_utf8(&last.payload).ok()?).ok()?;
    Some(line.says()?.until)
}
