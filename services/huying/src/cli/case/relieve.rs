//! 改派, by a leader of the district or the unit named.

use clap::Args;
use huying_proto::casework::v1::{Case, RelieveCaseRequest};

use super::{As, steps::supervised};
use crate::client::{Client, request_id};

/// Whose it is now.
#[derive(Args, Debug)]
pub struct Relieve {
    #[command(flatten)]
    on: As,
    /// The unit to hold it
    #[arg(long, value_name = "CODE")]
    to: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Relieve {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Case> {
        let mut on = supervised(client, self.on).await?;
        let (request_id, id, version, unit, reason) = (request_id(), on.id, on.version, self.to, self.reason);
        let request = RelieveCaseRequest { request_id, id, version, unit, reason };
        Ok(on.cases.relieve_case(request).await?.into_inner())
    }
}
