//! Sending a profile to the four services: first what would differ, everywhere, then what differs.
//!
//! All four check their parts before the first one changes anything, so a profile that one of them
//! refuses changes nothing. Intake is last: no request comes in before the others know the place.

use std::time::Duration;

use huying_chassis::peers::Peer;
use huying_proto::{casework, evaluation, intake, routing};
use tonic::Request;

use crate::client::{Client, Who, request_id};
use crate::profile::Profile;

/// Large parts take their time.
const PATIENCE: Duration = Duration::from_secs(55);

/// What became of one service's part.
#[derive(Clone, Debug)]
pub struct Part {
    pub service: &'static str,
    /// The part's version after it.
    pub version: i64,
    /// A line each.
    pub differences: Vec<String>,
    /// What was under way and changed by it.
    pub changed: u32,
    /// The service goes on with what is under way by itself.
    pub unfinished: bool,
}

/// Compares, and unless it is only looked at, sends what differs.
///
/// # Errors
/// A service's refusal, with what it names.
pub async fn apply(client: &Client, profile: &Profile, dry_run: bool) -> anyhow::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for service in ["routing", "casework", "evaluation", "intake"] {
        parts.push(Box::pin(send(client, profile, service, true)).await?);
    }
    if dry_run {
        return Ok(parts);
    }
    for part in &mut parts {
        if !part.differences.is_empty() {
            *part = Box::pin(send(client, profile, part.service, false)).await?;
        }
    }
    Ok(parts)
}

async fn send(
    client: &Client,
    profile: &Profile,
    service: &'static str,
    dry_run: bool,
) -> anyhow::Result<Part> {
    let peer: Peer = client.channel(service, &Who::Operator)?.open_ended();
    let request_id = request_id();
    let quiet = |version, differences| Part { service, version, differences, changed: 0, unfinished: false };
    let part = match service {
        "routing" => {
            let profile = Some(profile.routing.clone());
            let request = patient(routing::v1::ApplyProfileRequest { request_id, profile, dry_run });
            let answer = routing::v1::profile_service_client::ProfileServiceClient::new(peer)
                .apply_profile(request)
                .await?
                .into_inner();
            let (changed, unfinished) = (answer.changed, answer.unfinished);
            Part { changed, unfinished, ..quiet(answer.version, answer.differences) }
        }
        "casework" => {
            let profile = Some(profile.casework.clone());
            let request = patient(casework::v1::ApplyProfileRequest { request_id, profile, dry_run });
            let answer = casework::v1::profile_service_client::ProfileServiceClient::new(peer)
                .apply_profile(request)
                .await?
                .into_inner();
            let (changed, unfinished) = (answer.changed, answer.unfinished);
            Part { changed, unfinished, ..quiet(answer.version, answer.differences) }
        }
        "evaluation" => {
            let profile = Some(profile.evaluation.clone());
            let request = patient(evaluation::v1::ApplyProfileRequest { request_id, profile, dry_run });
            let answer = evaluation::v1::profile_service_client::ProfileServiceClient::new(peer)
                .apply_profile(request)
                .await?
                .into_inner();
            let (changed, unfinished) = (answer.changed, answer.unfinished);
            Part { changed, unfinished, ..quiet(answer.version, answer.differences) }
        }
        _ => {
            let profile = Some(profile.intake.clone());
            let request = patient(intake::v1::ApplyProfileRequest { request_id, profile, dry_run });
            let answer = intake::v1::profile_service_client::ProfileServiceClient::new(peer)
                .apply_profile(request)
                .await?
                .into_inner();
            let (changed, unfinished) = (answer.changed, answer.unfinished);
            Part { changed, unfinished, ..quiet(answer.version, answer.differences) }
        }
    };
    Ok(part)
}

fn patient<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(PATIENCE);
    request
}
