//! The second port, for those who run the service: `/metrics` for Prometheus, `/livez` (the process
//! answers), `/readyz` (everything it stands on is there; 503 naming what is not). What a service can do without for a while, such as NATS,
//! and how far its relay and its follower have come, is told in the same answer and makes it no less ready.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;
use tokio::sync::watch;

use super::door::Door;
use crate::gauges::Gauges;
use crate::shutdown::Shutdown;
use crate::telemetry::metrics_text;

type Named = watch::Sender<BTreeMap<String, bool>>;

/// Named conditions that parts of a service set while they hold. Ready: all of them hold. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness {
    conditions: Arc<Named>,
    connected: Arc<Named>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    pub fn new() -> Self {
        Self { conditions: Arc::default(), connected: Arc::default() }
    }

    /// A part says whether it is there; the first time makes it a condition.
    pub fn set(&self, name: &str, ready: bool) {
        note(&self.conditions, name, ready);
    }

    /// A part that is no condition says whether it is connected: only told, beside the answer.
    pub fn tell(&self, name: &str, connected: bool) {
        note(&self.connected, name, connected);
    }

    /// What is not there.
    pub fn missing(&self) -> Vec<String> {
        self.conditions.borrow().iter().filter(|(_, ready)| !**ready).map(|(name, _)| name.clone()).collect()
    }

    pub fn is_ready(&self) -> bool {
        self.conditions.borrow().values().all(|ready| *ready)
    }

    /// Resolves when everything is there.
    pub async fn ready(&self) {
        let mut changes = self.conditions.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = changes.wait_for(|conditions| conditions.values().all(|ready| *ready)).await;
    }

    pub(super) fn changes(&self) -> watch::Receiver<BTreeMap<String, bool>> {
        self.conditions.subscribe()
    }
}

#[derive(Clone)]
struct Shown {
    readiness: Readiness,
    gauges: Option<Gauges>,
    shutdown: Shutdown,
}

/// Serves until `ended` begins: later than the drain, so that it can still be watched. `shutdown` makes
/// `/readyz` say no.
pub async fn serve(
    door: Door,
    readiness: Readiness,
    gauges: Option<Gauges>,
    shutdown: Shutdown,
    ended: Shutdown,
) {
    let app = Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .with_state(Shown { readiness, gauges, shutdown });
    ended.unless(door.answer(app)).await;
}

/// What the process counts, and how this service stands now.
async fn metrics(State(shown): State<Shown>) -> impl IntoResponse {
    let standing = match &shown.gauges {
        Some(gauges) => gauges.text().await,
        None => String::new(),
    };
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics_text() + &standing)
}

async fn livez() -> impl IntoResponse {
    answer(StatusCode::OK, &json!({"alive": true}))
}

async fn readyz(State(shown): State<Shown>) -> impl IntoResponse {
    let draining = shown.shutdown.has_begun();
    let missing = shown.readiness.missing();
    let ready = missing.is_empty() && !draining;
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let connected = shown.readiness.connected.borrow().clone();
    let mut body = json!({"ready": ready, "draining": draining, "missing": missing, "connected": connected});
    if let Some(gauges) = &shown.gauges {
        body["standing"] = gauges.json().await;
    }
    answer(code, &body)
}

fn note(all: &Named, name: &str, holds: bool) {
    all.send_if_modified(|all| all.insert(name.to_owned(), holds) != Some(holds));
}

fn answer(code: StatusCode, body: &serde_json::Value) -> impl IntoResponse + use<> {
    (code, [(CONTENT_TYPE, "application/json")], body.to_string())
}
