//! `LearningService`: a district's learned models, and what the next ones learn from.

use huying_chassis::{
    auth::{Caller, outside},
    log::{Meta, Versioned},
    page,
};
use huying_proto::routing::v1::{self as pb, learning_service_server::LearningService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, validate};
use crate::{convert, domain::route::Route};

#[tonic::async_trait]
impl LearningService for Rpc {
    async fn apply_model(
        &self,
        request: Request<pb::ApplyModelRequest>,
    ) -> Result<Response<pb::Model>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, district, of) = validate::apply_model(&request)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let model = self.app.apply_model(of, district, &request.model, &caller.reach, &meta).await?;
        Ok(Response::new(convert::model(request.district, of, model.as_deref())))
    }

    async fn get_model(&self, request: Request<pb::GetModelRequest>) -> Result<Response<pb::Model>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let of = validate::get_model(&request)?;
        caller.reach.within(&request.district)?;
        let model = self.app.model(of, &request.district).await?;
        Ok(Response::new(convert::model(request.district, of, model.as_deref())))
    }

    async fn list_examples(
        &self,
        request: Request<pb::ListExamplesRequest>,
    ) -> Result<Response<pb::ListExamplesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (after, size) = validate::list_examples(&request)?;
        if !caller.reach.governs(&request.district) {
            return Err(outside().into());
        }
        let routes = self.app.routes_after(after.unwrap_or(Uuid::nil()), size).await?;
        let own = |route: &&Route| route.submission.district == request.district;
        let show = |it: &Versioned<Route>| Some(&it.it).filter(own).and_then(convert::example);
        let (examples, next_page_token) = page::shown(routes.iter(), size, |last| last.id, show);
        Ok(Response::new(pb::ListExamplesResponse { examples, next_page_token }))
    }
}
