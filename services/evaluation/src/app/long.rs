//! Long work over all rows of a district, told of while it goes on. One at a time in a process: each holds a connection and a snapshot.

use std::{future::Future, time::Duration};

use huying_chassis::status::Problem;
use tokio::sync::{
    mpsc::{self, Receiver, error::TrySendError},
    watch,
};
use tonic::Code;

use super::App;

/// When whoever finds another at work is to come again.
const COME_BACK: Duration = Duration::from_secs(10);

impl App {
    /// Does it, and says how far it is. It ends when nobody listens any more; whoever reads slowly misses a step and holds nothing up.
    /// `OVERLOADED` while another is at work here.
    pub(super) fn long<T: Send + 'static, F>(
        &self,
        so_far: impl Fn(i64) -> T + Send + 'static,
        work: impl FnOnce(Self, watch::Sender<i64>) -> F + Send + 'static,
    ) -> Receiver<Result<T, Problem>>
    where
        F: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let (answers, receiver) = mpsc::channel(1);
        let app = self.clone();
        tokio::spawn(async move {
            let Ok(_alone) = app.alone.clone().try_acquire_owned() else {
                let _ = answers.send(Err(busy())).await;
                return;
            };
            let (looked_at, mut told) = watch::channel(0);
            let work = work(app, looked_at);
            tokio::pin!(work);
            loop {
                tokio::select! {
                    done = &mut work => {
                        let _ = answers.send(done).await;
                        return;
                    }
                    Ok(()) = told.changed() => {
                        let so_far = so_far(*told.borrow_and_update());
                        if let Err(TrySendError::Closed(_)) = answers.try_send(Ok(so_far)) {
                            return;
                        }
                    }
                }
            }
        });
        receiver
    }
}

fn busy() -> Problem {
    let words = "all of a district is being looked at already";
    Problem::new(Code::Unavailable, "OVERLOADED", words).retry_after(COME_BACK)
}
