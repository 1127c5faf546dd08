//! `huying.routing.v1`: convert, call, convert.

pub mod access;
mod problem;
pub mod profile;
mod validate;

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::routing::v1::{self as pb, routing_service_server::RoutingService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::{app::App, convert, domain::route::Route};

/// The service on the wire.
pub struct Rpc {
    app: App,
}

impl Rpc {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// A route that the caller sees.
    async fn seen(&self, caller: &Caller, request: Uuid) -> Result<Versioned<Route>, Problem> {
        let route = self.app.route(request).await?.filter(|route| access::sees(caller, &route.it));
        route.ok_or_else(|| not_found(Route::KIND, request))
    }
}

/// How many of what is in memory.
fn count(size: i64) -> usize {
    usize::try_from(size).unwrap_or_default()
}

#[tonic::async_trait]
impl RoutingService for Rpc {
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
        let route = self.seen(&caller, decided.request).await?;
        access::within(&caller, &decided.triage.area)?;
        let meta = Meta::asked(&caller, &request, decided.request_id, Some(decided.version));
        Ok(Response::new(convert::route(&self.app.decide_triage(&route, &decided.triage, &meta).await?)))
    }

    async fn resolve_superior(
        &self,
        request: Request<pb::ResolveSuperiorRequest>,
    ) -> Result<Response<pb::Unit>, Status> {
        let request = request.into_inner();
        validate::unit(&request.district, "unit", &request.unit)?;
        Ok(Response::new(convert::unit(&self.app.superior(&request.district, &request.unit).await?)))
    }

    async fn resolve_units(
        &self,
        request: Request<pb::ResolveUnitsRequest>,
    ) -> Result<Response<pb::ResolveUnitsResponse>, Status> {
        let request = request.into_inner();
        validate::resolve_units(&request)?;
        let units = self.app.resolve(&request.district, &request.units).await?;
        Ok(Response::new(pb::ResolveUnitsResponse { units: units.iter().map(convert::unit).collect() }))
    }

    async fn get_unit(&self, request: Request<pb::GetUnitRequest>) -> Result<Response<pb::Unit>, Status> {
        let request = request.into_inner();
        validate::unit(&request.district, "code", &request.code)?;
        Ok(Response::new(convert::unit(&self.app.unit(&request.district, &request.code).await?)))
    }

    async fn list_units(
        &self,
        request: Request<pb::ListUnitsRequest>,
    ) -> Result<Response<pb::ListUnitsResponse>, Status> {
        let request = request.into_inner();
        let (filter, after, size) = validate::list_units(&request)?;
        let units = self.app.units(&request.district, &filter, &after, count(size)).await?;
        let next_page_token = page::next(&units, size, |last| last.code.clone());
        Ok(Response::new(pb::ListUnitsResponse {
            units: units.iter().map(convert::unit).collect(),
            next_page_token,
        }))
    }

    async fn get_area(&self, request: Request<pb::GetAreaRequest>) -> Result<Response<pb::Area>, Status> {
        let code = validate::area("code", &request.get_ref().code)?;
        Ok(Response::new(convert::area(&self.app.area(&code).await?)))
    }

    async fn list_areas(
        &self,
        request: Request<pb::ListAreasRequest>,
    ) -> Result<Response<pb::ListAreasResponse>, Status> {
        let (parent, after, size) = validate::list_areas(request.get_ref())?;
        let areas = self.app.areas(&parent, &after, count(size)).await?;
        let next_page_token = page::next(&areas, size, |last| last.code.to_string());
        Ok(Response::new(pb::ListAreasResponse {
            areas: areas.iter().map(convert::area).collect(),
            next_page_token,
        }))
    }

    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let apply = profile::apply(request.clone())?;
        let meta = Meta::asked(&caller, &request, apply.request_id, None);
        let outcome = self.app.profiles.apply(apply.directory, apply.dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
        }))
    }
}
