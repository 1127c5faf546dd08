//! `ProfileService`: intake's part of a district's profile.

use huying_chassis::{auth::Caller, log::Meta, status::Problem, validate::Violations};
use huying_proto::intake::v1::{self as pb, profile_service_server::ProfileService};
use tonic::{Request, Response, Status};

use super::{Rpc, validate};

/// What would be refused of a profile, asked before it is sent.
///
/// # Errors
/// `BAD_FIELD`, naming each violation.
pub fn check(profile: pb::IntakeProfile) -> Result<(), Problem> {
    validate::profile(Some(profile)).map(drop)
}

#[tonic::async_trait]
impl ProfileService for Rpc {
    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let request_id = v.uuid("request_id", &request.request_id);
        v.finish()?;
        let part = validate::profile(request.profile.clone())?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let (outcome, swept) = self.app.apply_profile(part, request.dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
            changed: u32::try_from(swept.changed).unwrap_or(u32::MAX),
            unfinished: swept.unfinished,
        }))
    }
}
