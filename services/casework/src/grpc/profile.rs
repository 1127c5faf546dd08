//! `ProfileService`: casework's part of a district's profile.

use huying_chassis::{auth::Caller, id, log::Meta, status::Problem};
use huying_proto::casework::v1::{self as pb, profile_service_server::ProfileService};
use tonic::{Request, Response, Status};

use super::{Rpc, validate};
use crate::app::ledger::served;

/// What would be refused of a profile, asked before it is sent.
///
/// # Errors
/// `BAD_FIELD`, naming each violation; `LEDGER_NOT_SERVED`.
pub fn check(profile: pb::CaseworkProfile) -> Result<(), Problem> {
    let request_id = id::new().to_string();
    let request = pb::ApplyProfileRequest { request_id, profile: Some(profile), dry_run: true };
    served(&validate::profile(request)?.1)
}

#[tonic::async_trait]
impl ProfileService for Rpc {
    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let dry_run = request.dry_run;
        let (request_id, part) = validate::profile(request.clone())?;
        served(&part)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let (outcome, swept) = self.app.apply_profile(part, dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
            changed: u32::try_from(swept.changed).unwrap_or(u32::MAX),
            unfinished: swept.unfinished,
        }))
    }
}
