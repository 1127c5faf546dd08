//! `RequestService`: taking requests, what is done for their reporters, and what is read of them.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::intake::v1::{self as pb, request_service_server::RequestService};
use prost::{Message, Name};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, access, validate};
use crate::{convert, domain::request::Request as Stored};

fn meta<M: Message + Name>(caller: &Caller, message: &M, request_id: Uuid) -> Meta {
    Meta::asked(caller, message, request_id, None)
}

impl Rpc {
    /// A request that the caller sees.
    async fn seen(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Stored>, Problem> {
        let found = self.app.get(id).await?.filter(|found| access::sees(caller, &found.it));
        found.ok_or_else(|| not_found(Stored::KIND, id))
    }

    /// The caller may act on this request for its reporter.
    async fn acting(&self, caller: &Caller, id: Uuid) -> Result<(), Problem> {
        access::act(caller, &self.seen(caller, id).await?.it)
    }
}

#[tonic::async_trait]
impl RequestService for Rpc {
    async fn submit_request(
        &self,
        request: Request<pb::SubmitRequestRequest>,
    ) -> Result<Response<pb::SubmitRequestResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let platform = access::platform(&caller);
        let (request_id, submission) = validate::submit(request.clone(), platform)?;
        caller.reach.within(&submission.district)?;
        access::door(&caller, submission.channel)?;
        let meta = meta(&caller, &request, request_id);
        let taken = self.app.submit(submission, |taken| access::sees(&caller, taken), &meta).await?;
        let tracking_token = taken.it.tracking_token.clone();
        Ok(Response::new(pb::SubmitRequestResponse {
            request: Some(convert::request(&taken, access::may_reach(&caller, &taken.it))),
            tracking_token,
        }))
    }

    async fn add_information(
        &self,
        request: Request<pb::AddInformationRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) =
            validate::step(&request.request_id, &request.id, "content", &request.content, 1..=2000)?;
        self.acting(&caller, id).await?;
        Ok(Response::new(convert::request(
            &self.app.add(id, &request.content, &meta(&caller, &request, request_id)).await?,
            true,
        )))
    }

    async fn withdraw_request(
        &self,
        request: Request<pb::WithdrawRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) =
            validate::step(&request.request_id, &request.id, "reason", &request.reason, 0..=500)?;
        self.acting(&caller, id).await?;
        Ok(Response::new(convert::request(
            &self.app.withdraw(id, &request.reason, &meta(&caller, &request, request_id)).await?,
            true,
        )))
    }

    async fn answer_request(
        &self,
        request: Request<pb::AnswerRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) =
            validate::step(&request.request_id, &request.id, "answer", &request.answer, 1..=2000)?;
        self.acting(&caller, id).await?;
        Ok(Response::new(convert::request(
            &self.app.answer(id, &request.answer, &meta(&caller, &request, request_id)).await?,
            true,
        )))
    }

    async fn raise_objection(
        &self,
        request: Request<pb::RaiseObjectionRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id) =
            validate::step(&request.request_id, &request.id, "reason", &request.reason, 1..=2000)?;
        self.acting(&caller, id).await?;
        Ok(Response::new(convert::request(
            &self.app.object(id, &request.reason, &meta(&caller, &request, request_id)).await?,
            true,
        )))
    }

    async fn get_request(
        &self,
        request: Request<pb::GetRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let found = self.seen(&caller, validate::get(request.get_ref())?).await?;
        Ok(Response::new(convert::request(&found, access::may_reach(&caller, &found.it))))
    }

    async fn list_requests(
        &self,
        request: Request<pb::ListRequestsRequest>,
    ) -> Result<Response<pb::ListRequestsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let filter = validate::list(&request)?;
        caller.reach.within(&filter.district)?;
        let size = page::size(request.page_size)?;
        let found = self.app.list(&filter, page::cursor(&request.page_token)?, size).await?;
        let next_page_token = page::next(&found, size, |last| (last.it.submitted_at, last.id));
        let seen = found.iter().filter(|found| access::sees(&caller, &found.it));
        let requests =
            seen.map(|found| convert::request(found, access::may_reach(&caller, &found.it))).collect();
        Ok(Response::new(pb::ListRequestsResponse { requests, next_page_token }))
    }

    async fn track_request(
        &self,
        request: Request<pb::TrackRequestRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let request = request.into_inner();
        validate::track(&request)?;
        let (found, until) = self.app.track(&request.number, &request.tracking_token).await?;
        Ok(Response::new(convert::track(&found.it, until)))
    }
}
