//! Figures for screens, as they change.

use std::time::Duration;

use huying_chassis::{shutdown::Shutdown, status::Problem};
use tokio::{
    sync::mpsc::{self, Receiver},
    time::Instant,
};

use super::App;
use crate::{
    domain::{figure::board::Board, wanted::Rates},
    store::figure,
};

/// How soon it is told again where something was counted here, and where nothing was: another replica may have counted.
const SOON: Duration = Duration::from_secs(1);
const ELSEWHERE: Duration = Duration::from_secs(4);
/// When it is told again though nothing has changed.
const AGAIN: Duration = Duration::from_secs(10);

impl App {
    /// The rates of a period: at once, and whenever they change. It ends when nobody listens any more, or the service stops.
    pub fn watch_rates(&self, wanted: Rates, stop: Shutdown) -> Receiver<Result<Board, Problem>> {
        let (answers, receiver) = mpsc::channel(1);
        let app = self.clone();
        tokio::spawn(async move {
            let mut counted = app.counted.subscribe();
            let mut last: Option<(Board, Instant)> = None;
            loop {
                let told = match &last {
                    None => app.rates(&wanted).await,
                    Some(_) => app.counted_board(&wanted).await,
                };
                let is_new = match (&told, &last) {
                    (Ok(board), Some((before, at))) => !board.tells_as(before) || at.elapsed() >= AGAIN,
                    (Ok(_), None) | (Err(_), _) => true,
                };
                let failed = told.is_err();
                if is_new {
                    last = told.as_ref().ok().map(|board| (board.clone(), Instant::now()));
                    if answers.send(told).await.is_err() {
                        return;
                    }
                }
                let next = async {
                    tokio::time::sleep(SOON).await;
                    // Ends by itself too.
                    let _ = tokio::time::timeout(ELSEWHERE, counted.changed()).await;
                };
                if failed || stop.unless(next).await.is_none() || answers.is_closed() {
                    return;
                }
            }
        });
        receiver
    }

    /// What the leader has counted: a screen that looks counts nothing.
    async fn counted_board(&self, wanted: &Rates) -> Result<Board, Problem> {
        let now = self.now();
        let oldest = figure::oldest(self.log.pool()).await?;
        self.board(wanted, oldest.unwrap_or(now)).await
    }
}
