//! What Health v1 says: Serving for "" and for each service while everything the service stands on is
//! ready, NotServing otherwise and from the moment a stop begins.

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::HealthReporter;

use super::admin::Readiness;
use crate::auth;
use crate::shutdown::Shutdown;

/// Tells when NotServing has been said for the last time.
pub(super) struct Watched(watch::Receiver<bool>);

impl Watched {
    pub(super) async fn not_serving(mut self) {
        // The task that says it cannot be gone before it has.
        let _ = self.0.wait_for(|said| *said).await;
    }
}

pub(super) fn names(descriptor: &[u8], served: &[&str]) -> Vec<String> {
    if served.is_empty() {
        return auth::service_names(descriptor);
    }
    served.iter().map(|name| (*name).to_owned()).collect()
}

pub(super) fn start(
    names: &[String],
    readiness: Readiness,
    shutdown: Shutdown,
) -> (HealthServer<impl Health>, Watched) {
    let (reporter, server) = tonic_health::server::health_reporter();
    let (said, watched) = watch::channel(false);
    let names: Vec<String> = names.iter().cloned().chain([String::new()]).collect();
    tokio::spawn(async move {
        shutdown.unless(report(&reporter, &names, readiness)).await;
        say(&reporter, &names, false).await;
        said.send_replace(true);
    });
    (server, Watched(watched))
}

async fn report(reporter: &HealthReporter, names: &[String], readiness: Readiness) {
    let mut changes = readiness.changes();
    loop {
        let ready = readiness.is_ready();
        say(reporter, names, ready).await;
        if changes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

async fn say(reporter: &HealthReporter, names: &[String], ready: bool) {
    let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
    for name in names {
        reporter.set_service_status(name, status).await;
    }
}
