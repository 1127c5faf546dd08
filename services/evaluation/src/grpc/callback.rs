//! `CallbackService`: who is to be called back, and what they said.

use huying_chassis::{auth::Caller, log::not_found, page, status::Problem};
use huying_proto::evaluation::v1::{self as pb, callback_service_server::CallbackService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc,
    reach::{self, Bounds},
    validate,
};
use crate::{
    convert,
    domain::wanted::{Cursor, Filter, Scope},
};

/// The word for a callback in answers.
const CALLBACK: &str = "callback";

impl Rpc {
    /// A callback. One out of reach is answered as one that is not there.
    async fn within_reach(&self, caller: &Caller, id: Uuid) -> Result<pb::Callback, Problem> {
        let callback = self.app.get(id).await?.filter(|callback| reach::sees(caller, &callback.it));
        callback.map(convert::callback).ok_or_else(|| not_found(CALLBACK, id))
    }
}

#[tonic::async_trait]
impl CallbackService for Rpc {
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
}
