//! What a service answers, told once: who may call it, its health and its reflection go by the names kept here.

use std::convert::Infallible;

use tonic::{body::Body, server::NamedService, service::Routes};
use tower::Service;

/// Generated servers, and the full names of their proto services.
#[derive(Default)]
pub struct Served {
    pub(crate) routes: Routes,
    pub(crate) names: Vec<&'static str>,
}

impl Served {
    /// One more.
    #[must_use]
    pub fn with<S>(mut self, server: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        Self { routes: self.routes.add_service(server), ..self }
    }
}
