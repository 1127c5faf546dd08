//! Waiting for events without asking: what the callers of a life wait for is told to them as it is published, which is after its commit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures::StreamExt;
use huying_chassis::bus::CloudEvent;
use huying_proto::{casework::v1::CaseOpened, evaluation::v1::CallbackOpened};
use tokio::{sync::oneshot, task::JoinSet};

use super::stage::Stage;

/// Longest wait for an event.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an event says that a caller goes on with.
pub struct Told {
    /// When it came.
    pub at: Instant,
    /// The aggregate it tells of, and its version.
    pub id: String,
    pub version: i64,
    /// Who holds the case; empty where the event is of no case.
    pub holder: String,
}

/// Events from now on, until this is dropped.
pub struct Events {
    /// By the case's number.
    pub opened: Board,
    /// By the case's id.
    pub asked: Board,
    /// By the case's id.
    pub closed: Board,
    _listening: JoinSet<()>,
}

/// Whoever comes first, the event or the one who waits for it, leaves word here.
#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<HashMap<String, Slot>>>);

enum Slot {
    Told(Told),
    Waiting(oneshot::Sender<Told>),
}

impl Events {
    pub async fn listen(stage: &Stage) -> Self {
        let mut listening = JoinSet::new();
        let opened = Board::default();
        listening.spawn(
            post(stage, "casework.v1.case_opened", opened.clone(), |event| {
                let case = event.decode::<CaseOpened>().unwrap().case.unwrap();
                (case.number, case.holder)
            })
            .await,
        );
        let asked = Board::default();
        listening.spawn(
            post(stage, "evaluation.v1.callback_opened", asked.clone(), |event| {
                (event.decode::<CallbackOpened>().unwrap().callback.unwrap().case, String::new())
            })
            .await,
        );
        let closed = Board::default();
        listening.spawn(
            post(stage, "casework.v1.case_closed", closed.clone(), |event| {
                (event.partitionkey.to_string(), String::new())
            })
            .await,
        );
        stage.nats.flush().await.unwrap();
        Self { opened, asked, closed, _listening: listening }
    }
}

/// Subscribes; the future posts what comes.
async fn post(
    stage: &Stage,
    event: &str,
    board: Board,
    key_and_holder: fn(&CloudEvent) -> (String, String),
) -> impl Future<Output = ()> + use<> {
    let mut messages = stage.nats.subscribe(format!("huying.{event}.>")).await.unwrap();
    async move {
        while let Some(message) = messages.next().await {
            let at = Instant::now();
            let event: CloudEvent = serde_json::from_slice(&message.payload).unwrap();
            let (key, holder) = key_and_holder(&event);
            let id = event.partitionkey.to_string();
            board.post(key, Told { at, id, version: event.sequence, holder });
        }
    }
}

impl Board {
    fn post(&self, key: String, told: Told) {
        let mut slots = self.0.lock().unwrap();
        match slots.remove(&key) {
            // One that waits no more needs no word.
            Some(Slot::Waiting(waiting)) => drop(waiting.send(told)),
            // Published twice: the first time counts.
            Some(Slot::Told(first)) => drop(slots.insert(key, Slot::Told(first))),
            None => drop(slots.insert(key, Slot::Told(told))),
        }
    }

    pub async fn wait(&self, key: &str) -> Told {
        let told = {
            let mut slots = self.0.lock().unwrap();
            match slots.remove(key) {
                Some(Slot::Told(told)) => return told,
                Some(Slot::Waiting(_)) | None => {
                    let (told, waiting) = oneshot::channel();
                    slots.insert(key.to_owned(), Slot::Waiting(told));
                    waiting
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, told).await;
        told.unwrap_or_else(|_| panic!("no event for {key} within {PATIENCE:?}")).unwrap()
    }
}
