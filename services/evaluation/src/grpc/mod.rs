//! `huying.evaluation.v1.EvaluationService`: convert, call, convert.

mod problem;
mod profile;
pub mod reach;
pub mod validate;

use huying_chassis::{
    auth::Caller,
    log::{Meta, not_found},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, evaluation_service_server::EvaluationService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::{
    app::App,
    convert,
    domain::wanted::{Cursor, Filter, Period, Scope},
};
use reach::Bounds;

/// The word for a callback in answers.
const CALLBACK: &str = "callback";

/// The service's face.
pub struct Rpc {
    app: App,
}

impl Rpc {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// A callback. One out of reach is answered as one that is not there.
    async fn within_reach(&self, caller: &Caller, id: Uuid) -> Result<pb::Callback, Problem> {
        let callback = self.app.get(id).await?.filter(|callback| reach::sees(caller, &callback.it));
        callback.map(convert::callback).ok_or_else(|| not_found(CALLBACK, id))
    }
}

#[tonic::async_trait]
impl EvaluationService for Rpc {
    async fn get_callback(
        &self,
        request: Request<pb::GetCallbackRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::get_callback(&request.into_inner())?;
        Ok(Response::new(self.within_reach(&caller, id).await?))
    }

    async fn list_callbacks(
        &self,
        request: Request<pb::ListCallbacksRequest>,
    ) -> Result<Response<pb::ListCallbacksResponse>, Status> {
        let caller = Caller::of(&request)?;
        let list = validate::list_callbacks(request.into_inner())?;
        let Bounds { area, unit } = Bounds::of(&caller, &list.district, &list.unit)?;
        let scope = list.case.map_or_else(|| reach::scope(&area, &unit), Scope::Case);
        let filter = Filter { scope, district: list.district, area, unit, state: list.state };
        let page = self.app.list(&filter, list.after, list.size).await?;
        let next_page_token =
            page::next(&page, list.size, |last| Cursor { lapse_at: last.it.opened.due_at, id: last.id });
        let callbacks = page.into_iter().map(convert::callback).collect();
        Ok(Response::new(pb::ListCallbacksResponse { callbacks, next_page_token }))
    }

    async fn record_verdict(
        &self,
        request: Request<pb::RecordVerdictRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, verdict) = validate::record_verdict(request.clone())?;
        self.within_reach(&caller, step.id).await?;
        let judged = self.app.judge(step.id, &step.meta(&caller, &request), &verdict).await;
        Ok(Response::new(convert::callback(judged.map_err(Problem::from)?)))
    }

    async fn record_attempt(
        &self,
        request: Request<pb::RecordAttemptRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, note) = validate::record_attempt(request.clone())?;
        self.within_reach(&caller, step.id).await?;
        let attempted = self.app.attempt(step.id, &step.meta(&caller, &request), &note).await;
        Ok(Response::new(convert::callback(attempted.map_err(Problem::from)?)))
    }

    async fn get_rates(
        &self,
        request: Request<pb::GetRatesRequest>,
    ) -> Result<Response<pb::GetRatesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let asked = validate::get_rates(request.into_inner())?;
        let Bounds { area, unit } = Bounds::of(&caller, &asked.district, &asked.unit)?;
        let period = Period { area, unit, ..asked };
        let (total, units) = self.app.rates(&period).await?;
        let units = units.into_iter().map(convert::rates).collect();
        Ok(Response::new(pb::GetRatesResponse { total: Some(convert::rates(total)), units }))
    }

    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (part, dry_run, request_id) = profile::apply_profile(request.clone())?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let outcome = self.app.apply_profile(part, dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
        }))
    }
}
