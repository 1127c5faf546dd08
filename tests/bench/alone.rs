//! Submissions a second with intake and its relay alone, nobody following: as if every service had a machine of its own.

use super::{
    followed::{CALLERS, submissions},
    stage::Stage,
    table::{SURROUNDINGS, Table},
    window::Window,
};

/// The other services have been stopped: what it submits is not followed.
pub async fn measure(stage: &Stage, rounds: u32) -> Table {
    let mut table = Table::new(
        "submissions a second with intake and its relay alone",
        "callers",
        &[&[("accepted/s", 0)][..], &SURROUNDINGS].concat(),
    );
    for _ in 0..rounds {
        for callers in CALLERS {
            stage.bar.set_message(format!("submissions of {callers} callers, intake alone"));
            let window = Window::open(stage).await;
            let calls = submissions(stage, callers, window.started()).await as f64;
            let seen = window.close(stage);
            table.add(callers, [&[calls / seen.seconds][..], &seen.surroundings()].concat());
        }
    }
    table
}
