//! Nobody gets in who may not: its contract says which roles and which services an RPC is for, the token says
//! what the caller is, and the certificate it has shown, where it is asked for one, must not say otherwise. What is not in the table is not reachable, whatever the routes hold.
//!
//! Refusals are bounded too, by the address that they go to, over all of its connections: a token that is checked and found wrong costs as much as a good one.

use std::sync::Arc;

use http::HeaderMap;
use huying_proto::{access::Callers, common::v1 as pb};
use tonic::{Code, Status};

use super::admit::too_often;
use super::guests::Guests;
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use super::visit::Visit;
use crate::auth::{Authenticator, Caller, Role};
use crate::status::Problem;

#[derive(Clone)]
pub(super) struct Auth {
    authenticator: Arc<Authenticator>,
    guests: Arc<Guests>,
}

impl Auth {
    pub(super) fn new(authenticator: Arc<Authenticator>, guests: Arc<Guests>) -> Self {
        Self { authenticator, guests }
    }

    /// Who calls, when it matters; or why they may not.
    async fn admit(
        &self,
        rpc: Rpc,
        visit: Option<&Visit>,
        headers: &HeaderMap,
    ) -> Result<Option<Arc<Caller>>, Problem> {
        if !rpc.known {
            return Err(Problem::new(Code::Unimplemented, "UNKNOWN_METHOD", "there is no such RPC here"));
        }
        let Callers::Roles(roles) = rpc.callers else {
            return Ok(None);
        };
        let caller = self.authenticator.admit(headers).await?;
        if let Some(visit) = visit {
            visit.shown().is_of(&caller)?;
        }
        if caller.is_among(roles, rpc.services) { Ok(Some(caller)) } else { Err(not_allowed(rpc, roles)) }
    }

    /// Whoever goes on after too many refusals is told that alone, and in the end cut.
    fn refused(&self, visit: Option<&Visit>, problem: Problem) -> Problem {
        match self.guests.refused(visit) {
            Ok(()) => problem,
            Err(wait) => {
                if let Some(visit) = visit {
                    visit.fault();
                }
                too_often(wait)
            }
        }
    }
}

impl Around for Auth {
    async fn around<S: Inner>(self, mut request: Request, next: Next<S>) -> Response {
        let (rpc, visit) = (Rpc::of(request.extensions()), Visit::of(request.extensions()));
        match self.admit(rpc, visit, request.headers()).await {
            Ok(caller) => {
                if let Some(caller) = caller {
                    request.extensions_mut().insert(caller);
                }
                next.run(request).await
            }
            Err(problem) => Status::from(self.refused(visit, problem)).into_http(),
        }
    }
}

fn not_allowed(rpc: Rpc, roles: &[pb::Role]) -> Problem {
    let names: Vec<&str> = Role::among(roles).map(Role::name).collect();
    Problem::new(Code::PermissionDenied, "ROLE_NOT_ALLOWED", "none of the caller's roles may call this")
        .meta("method", rpc.name)
        .meta("roles", names.join(","))
        .meta("services", rpc.services.join(","))
}
