//! `DirectoryService`: the place's areas, units and categories, from memory.

use huying_chassis::{log::not_found, page};
use huying_proto::routing::v1::{self as pb, directory_service_server::DirectoryService};
use huying_terms::Priority;
use tonic::{Request, Response, Status};

use super::{Rpc, validate};
use crate::convert;

/// How many of what is in memory.
fn count(size: i64) -> usize {
    usize::try_from(size).unwrap_or_default()
}

#[tonic::async_trait]
impl DirectoryService for Rpc {
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

    async fn resolve_route(
        &self,
        request: Request<pb::ResolveRouteRequest>,
    ) -> Result<Response<pb::Decision>, Status> {
        let request = request.into_inner();
        let (content, at_least) = validate::resolve_route(&request)?;
        let pb::ResolveRouteRequest { district, area, category, .. } = request;
        let decision = self.app.routed(&district, &content, (area, category), at_least).await?;
        Ok(Response::new(convert::decision(&decision)))
    }

    async fn read_location(
        &self,
        request: Request<pb::ReadLocationRequest>,
    ) -> Result<Response<pb::ReadLocationResponse>, Status> {
        let request = request.into_inner();
        let location = validate::read_location(&request)?;
        let (reading, placed) = self.app.placed(&request.district, &location).await?;
        Ok(Response::new(convert::reading(reading, &placed)))
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
        let show = |it| Some(convert::unit(it));
        let (units, next_page_token) = page::shown(units.iter(), size, |last| last.code.clone(), show);
        Ok(Response::new(pb::ListUnitsResponse { units, next_page_token }))
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
        let show = |it| Some(convert::area(it));
        let (areas, next_page_token) = page::shown(areas.iter(), size, |last| last.code.to_string(), show);
        Ok(Response::new(pb::ListAreasResponse { areas, next_page_token }))
    }

    async fn get_category(
        &self,
        request: Request<pb::GetCategoryRequest>,
    ) -> Result<Response<pb::Category>, Status> {
        let request = request.into_inner();
        validate::category(&request)?;
        Ok(Response::new(convert::category(&self.app.category(&request.district, &request.code).await?)))
    }

    async fn list_categories(
        &self,
        request: Request<pb::ListCategoriesRequest>,
    ) -> Result<Response<pb::ListCategoriesResponse>, Status> {
        let request = request.into_inner();
        let (filter, after, size) = validate::list_categories(&request)?;
        let categories = self.app.categories(&request.district, &filter, &after, count(size)).await?;
        let show = |it| Some(convert::category(it));
        let (categories, next_page_token) =
            page::shown(categories.iter(), size, |last| last.code.clone(), show);
        let index = self.app.directory(&request.district).await?;
        let defaults = Priority::ALL.iter().filter(|_| request.page_token.is_empty());
        let defaults = defaults.filter_map(|it| index.default_limit(*it)).map(convert::default_limit);
        let defaults = defaults.collect();
        Ok(Response::new(pb::ListCategoriesResponse { categories, next_page_token, defaults }))
    }

    async fn get_grid_forces(
        &self,
        request: Request<pb::GetGridForcesRequest>,
    ) -> Result<Response<pb::GridForces>, Status> {
        let request = request.into_inner();
        let area = validate::area("area", &request.area)?;
        validate::district(&request.district)?;
        let index = self.app.directory(&request.district).await?;
        let known = index.area(&area).ok_or_else(|| not_found("area", &area))?;
        Ok(Response::new(convert::force::forces(&index, &known.code)))
    }
}
