//! 改类.

use clap::Args;
use huying_proto::casework::v1::{Case, RecategoriseCaseRequest};

use super::{As, steps::held};
use crate::client::{Client, request_id};

/// Into which category.
#[derive(Args, Debug)]
pub struct Recategorise {
    #[command(flatten)]
    on: As,
    /// The code of the right category
    #[arg(long, value_name = "CODE")]
    category: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Recategorise {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Case> {
        let mut on = held(client, self.on).await?;
        let (request_id, id, version) = (request_id(), on.id, on.version);
        let (category, reason) = (self.category, self.reason);
        let request = RecategoriseCaseRequest { request_id, id, version, category, reason };
        Ok(on.cases.recategorise_case(request).await?.into_inner())
    }
}
