//! The second port, for those who run the service: `/metrics` for Prometheus, `/livez` (the process
//! answers), `/readyz` (everything it stands on is there; 503 naming what is not).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::shutdown::Shutdown;
use crate::telemetry::metrics_text;

/// Named conditions that parts of a service set while they hold. Ready: all of them hold. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<watch::Sender<BTreeMap<String, bool>>>);

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(BTreeMap::new())))
    }

    /// A part says whether it is there; the first time makes it a condition.
    pub fn set(&self, name: &str, ready: bool) {
        self.0.send_if_modified(|conditions| conditions.insert(name.to_owned(), ready) != Some(ready));
    }

    /// What is not there.
    pub fn missing(&self) -> Vec<String> {
        self.0.borrow().iter().filter(|(_, ready)| !**ready).map(|(name, _)| name.clone()).collect()
    }

    pub fn is_ready(&self) -> bool {
        self.0.borrow().values().all(|ready| *ready)
    }

    /// Resolves when everything is there.
    pub async fn ready(&self) {
        let mut changes = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = changes.wait_for(|conditions| conditions.values().all(|ready| *ready)).await;
    }

    pub(super) fn changes(&self) -> watch::Receiver<BTreeMap<String, bool>> {
        self.0.subscribe()
    }
}

#[derive(Clone)]
struct Shown {
    readiness: Readiness,
    shutdown: Shutdown,
}

/// Serves until `ended` begins: later than the drain, so that it can still be watched. `shutdown` makes
/// `/readyz` say no.
pub async fn serve(
    listener: TcpListener,
    readiness: Readiness,
    shutdown: Shutdown,
    ended: Shutdown,
) -> anyhow::Result<()> {
    let app = Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .with_state(Shown { readiness, shutdown });
    // Dropping it cuts keep-alive connections, which would otherwise hold a stop.
    ended.unless(async move { axum::serve(listener, app).await }).await.transpose()?;
    Ok(())
}

async fn metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics_text())
}

async fn livez() -> impl IntoResponse {
    answer(StatusCode::OK, &json!({"alive": true}))
}

async fn readyz(State(shown): State<Shown>) -> impl IntoResponse {
    let draining = shown.shutdown.has_begun();
    let missing = shown.readiness.missing();
    let ready = missing.is_empty() && !draining;
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(code, &json!({"ready": ready, "draining": draining, "missing": missing}))
}

fn answer(code: StatusCode, body: &serde_json::Value) -> impl IntoResponse + use<> {
    (code, [(CONTENT_TYPE, "application/json")], body.to_string())
}
