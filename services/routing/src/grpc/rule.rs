//! `RuleService`: why a request is decided as it is, and what another profile would decide.

use huying_chassis::{
    auth::{Caller, outside},
    log::{Aggregate as _, not_found},
    page,
};
use huying_proto::routing::v1::{self as pb, rule_service_server::RuleService};
use tonic::{Request, Response, Status};

use super::{Rpc, access, profile, validate};
use crate::{convert, domain::route::Route};

#[tonic::async_trait]
impl RuleService for Rpc {
    async fn explain_route(
        &self,
        request: Request<pb::ExplainRouteRequest>,
    ) -> Result<Response<pb::RouteExplanation>, Status> {
        let caller = Caller::of(&request)?;
        let name = validate::route(&request.get_ref().request)?;
        let route = self.seen(&caller, &name).await?;
        // Who is only concerned is not told whom it is about.
        if !access::knows_people(&caller, &route.it) {
            return Err(not_found(Route::KIND, &name).into());
        }
        let explained = self.app.explain(&route.it).await?;
        Ok(Response::new(convert::explained(&route, self.app.log.now(), explained)))
    }

    async fn simulate_profile(
        &self,
        request: Request<pb::SimulateProfileRequest>,
    ) -> Result<Response<pb::SimulateProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        // Who may not is told so before a large profile is read.
        let district = request.profile.as_ref().map(|it| it.district.as_str()).unwrap_or_default();
        if !caller.reach.governs(district) {
            return Err(outside().into());
        }
        let (since, size) = validate::simulate(&request, self.app.log.now())?;
        let other = profile::read(request.profile.unwrap_or_default())?;
        let (simulated, next) = self.app.simulate(other, &caller.reach, since, size).await?;
        let mut told = convert::simulated(simulated);
        told.routes.truncate(page::fitting(&told.routes, page::BYTES));
        Ok(Response::new(pb::SimulateProfileResponse { next_page_token: page::token(next), ..told }))
    }
}
