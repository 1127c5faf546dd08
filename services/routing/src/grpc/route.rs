//! `RouteService`: what was decided on requests, and the queue of those that a person decides.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::routing::v1::{self as pb, route_service_server::RouteService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, access, validate};
use crate::{convert, domain::route::Route};

impl Rpc {
    /// A route that the caller sees.
    async fn seen(&self, caller: &Caller, request: Uuid) -> Result<Versioned<Route>, Problem> {
        let route = self.app.route(request).await?.filter(|route| access::sees(caller, &route.it));
        route.ok_or_else(|| not_found(Route::KIND, request))
    }
}

#[tonic::async_trait]
impl RouteService for Rpc {
    async fn get_route(&self, request: Request<pb::GetRouteRequest>) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let route = self.seen(&caller, validate::get_route(request.get_ref())?).await?;
        Ok(Response::new(convert::route(&route)))
    }

    async fn list_triage(
        &self,
        request: Request<pb::ListTriageRequest>,
    ) -> Result<Response<pb::ListTriageResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (after, size) = validate::list_triage(&request)?;
        let within = caller.reach.within(&request.district)?;
        let routes = self.app.triage_queue(&request.district, within, after, size).await?;
        let next_page_token = page::next(&routes, size, |last| (last.it.submission.submitted_at, last.id));
        Ok(Response::new(pb::ListTriageResponse {
            routes: routes.iter().map(convert::route).collect(),
            next_page_token,
        }))
    }

    async fn decide_triage(
        &self,
        request: Request<pb::DecideTriageRequest>,
    ) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let decided = validate::decide_triage(request.clone())?;
        let meta = Meta::asked(&caller, &request, decided.request_id, Some(decided.version));
        let sees = |route: &Route| access::sees(&caller, route);
        let decide = self.app.decide_triage(decided.request, &decided.triage, &caller.reach, sees, &meta);
        Ok(Response::new(convert::route(&decide.await?)))
    }
}
