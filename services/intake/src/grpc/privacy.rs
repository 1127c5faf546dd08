//! `PrivacyService`: forgetting who called, and who lives somewhere, and the keys that seal it.

use huying_chassis::{auth::Caller, log::Meta, page};
use huying_proto::intake::v1::{self as pb, privacy_service_server::PrivacyService};
use tonic::{Request, Response, Status};

use super::{Rpc, validate};
use crate::{
    convert,
    domain::{archive::Archive, request::Request as Stored},
};

/// Data keys wrapped anew in one call, where it does not say; and at most.
const STEP: i32 = 200;
const MOST: i32 = 1000;

#[tonic::async_trait]
impl PrivacyService for Rpc {
    async fn forget_reporter(
        &self,
        request: Request<pb::ForgetReporterRequest>,
    ) -> Result<Response<pb::ForgetReporterResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, reason) = validate::step(ids, "reason", &request.reason, 1..=500)?;
        let reaches = |it: &Stored| caller.reach.governs(&it.submission.district);
        let meta = Meta::asked(&caller, &request, request_id, None);
        let done = self.app.forget(id, &reason, reaches, &meta).await?;
        Ok(Response::new(convert::forgotten(&done)))
    }

    async fn forget_occupant(
        &self,
        request: Request<pb::ForgetOccupantRequest>,
    ) -> Result<Response<pb::ForgetOccupantResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, reason) = validate::step(ids, "reason", &request.reason, 1..=500)?;
        let reaches = |it: &Archive| caller.reach.governs(&it.place.district);
        let meta = Meta::asked(&caller, &request, request_id, None);
        let done = self.app.forget_occupant(id, &reason, reaches, &meta).await?;
        Ok(Response::new(pb::ForgetOccupantResponse { id: done.id.to_string(), version: done.version }))
    }

    async fn rotate_keys(
        &self,
        request: Request<pb::RotateKeysRequest>,
    ) -> Result<Response<pb::RotateKeysResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let request = request.into_inner();
        let at_most = page::size_within(request.at_most, STEP, MOST)?;
        let after = page::cursor(&request.page_token)?;
        let done = self.app.rotate_keys(after, at_most).await?;
        Ok(Response::new(convert::rotated(done)))
    }

    async fn list_keys(
        &self,
        request: Request<pb::ListKeysRequest>,
    ) -> Result<Response<pb::ListKeysResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let (names, used) = self.app.keys().await?;
        Ok(Response::new(pb::ListKeysResponse { names, used }))
    }
}
