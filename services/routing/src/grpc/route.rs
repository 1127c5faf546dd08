//! `RouteService`: what was decided on requests, and the queue of those that a person decides.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::routing::v1::{self as pb, route_service_server::RouteService};
use tonic::{Request, Response, Status};

use super::{Rpc, access, validate};
use crate::{
    app::triage::RouteName,
    convert,
    domain::{route::Route, wanted::Wanted},
};

impl Rpc {
    /// A route that the caller sees.
    pub(super) async fn seen(&self, caller: &Caller, name: &RouteName) -> Result<Versioned<Route>, Problem> {
        let route = self.app.route(name).await?.filter(|route| access::sees(caller, &route.it));
        route.ok_or_else(|| not_found(Route::KIND, name))
    }

    fn told(&self, route: &Versioned<Route>) -> Response<pb::Route> {
        Response::new(convert::route(route, self.app.log.now()))
    }
}

#[tonic::async_trait]
impl RouteService for Rpc {
    async fn get_route(&self, request: Request<pb::GetRouteRequest>) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let route = self.seen(&caller, &validate::route(&request.get_ref().request)?).await?;
        if access::knows_people(&caller, &route.it) {
            return Ok(self.told(&route));
        }
        Ok(self.told(&route).map(convert::without_people))
    }

    async fn list_triage(
        &self,
        request: Request<pb::ListTriageRequest>,
    ) -> Result<Response<pb::ListTriageResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let now = self.app.log.now();
        let wanted = validate::list_triage(&request, (&caller.subject, now))?;
        let within = caller.reach.within(&request.district)?.to_owned();
        let (app, size, wanted) = (&self.app, wanted.size, &Wanted { within, ..wanted });
        let read = |size| async move {
            let (routes, next) = app.triage_queue(&Wanted { size, ..wanted.clone() }).await?;
            Ok::<(Vec<_>, _), Problem>((
                routes.iter().map(|route| convert::route(route, now)).collect(),
                next,
            ))
        };
        let (routes, next) = page::fitted(size, read).await?;
        Ok(Response::new(pb::ListTriageResponse { routes, next_page_token: page::token(next) }))
    }

    async fn count_triage(
        &self,
        request: Request<pb::CountTriageRequest>,
    ) -> Result<Response<pb::CountTriageResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let wanted = validate::count_triage(&request, self.app.log.now())?;
        let within = caller.reach.within(&request.district)?.to_owned();
        Ok(Response::new(convert::counted(self.app.count_triage(&Wanted { within, ..wanted }).await?)))
    }

    async fn claim_triage(
        &self,
        request: Request<pb::ClaimTriageRequest>,
    ) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) = validate::in_hand(&request.request_id, &request.request)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let sees = |route: &Route| access::sees(&caller, route);
        Ok(self.told(&self.app.claim_triage(id, sees, &meta).await?))
    }

    async fn release_triage(
        &self,
        request: Request<pb::ReleaseTriageRequest>,
    ) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) = validate::in_hand(&request.request_id, &request.request)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let sees = |route: &Route| access::sees(&caller, route);
        Ok(self.told(&self.app.release_triage(id, sees, &meta).await?))
    }

    async fn correct_route(
        &self,
        request: Request<pb::CorrectRouteRequest>,
    ) -> Result<Response<pb::Route>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let asked = validate::correct_route(request.clone())?;
        let meta = Meta::asked(&caller, &request, asked.request_id, Some(asked.version));
        let sees = |route: &Route| access::sees(&caller, route);
        let correct = self.app.correct_route(asked.request, &asked.correction, &caller.reach, sees, &meta);
        Ok(self.told(&correct.await?))
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
        Ok(self.told(&decide.await?))
    }
}
