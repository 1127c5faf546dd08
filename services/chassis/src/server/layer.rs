//! What a layer is here: an async function around the rest. Each file beside this one is one
//! [`Around`]; this file turns it into a tower layer, once for all.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::body::Body;
use tower::{Layer, Service};

pub(super) type Request = http::Request<Body>;
pub(super) type Response = http::Response<Body>;

/// What stands below a layer.
pub(super) trait Inner:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Inner for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// One layer. `self` is a cheap clone made for this call.
pub(super) trait Around: Clone + Send + Sync + 'static {
    fn around<S: Inner>(self, request: Request, next: Next<S>) -> impl Future<Output = Response> + Send;

    fn layer(self) -> Wrap<Self> {
        Wrap(self)
    }
}

/// The rest of the stack, for one call.
pub(super) struct Next<S>(S);

impl<S: Inner> Next<S> {
    pub(super) async fn run(mut self, request: Request) -> Response {
        match self.0.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

#[derive(Clone)]
pub(super) struct Wrap<A>(A);

impl<A: Clone, S> Layer<S> for Wrap<A> {
    type Service = Wrapped<A, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Wrapped { around: self.0.clone(), inner }
    }
}

#[derive(Clone)]
pub(super) struct Wrapped<A, S> {
    around: A,
    inner: S,
}

impl<A: Around, S: Inner> Service<Request> for Wrapped<A, S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The one that was polled ready is used up; a fresh clone takes its place.
        let fresh = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, fresh);
        let around = self.around.clone();
        Box::pin(async move { Ok(around.around(request, Next(ready)).await) })
    }
}
