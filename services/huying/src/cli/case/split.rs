//! 拆单.

use clap::Args;
use huying_proto::casework::v1::{Case, CaseName, CasePart, SplitCaseRequest};

use super::{As, steps::held, task};
use crate::client::{Client, request_id};

/// Into what.
#[derive(Args, Debug)]
pub struct Split {
    #[command(flatten)]
    on: As,
    /// The unit to hold a part, and what is to be done (repeat)
    #[arg(long, value_name = "UNIT=TASK", value_parser = task, required = true)]
    part: Vec<(String, String)>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Split {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Case> {
        let mut on = held(client, self.on).await?;
        let parts = self.part.into_iter().map(|(unit, content)| CasePart { unit, content }).collect();
        let (request_id, id, version, reason) = (request_id(), on.id, on.version, self.reason);
        let request = SplitCaseRequest { request_id, id, version, parts, reason };
        Ok(on.cases.split_case(request).await?.into_inner())
    }
}

/// A number each.
pub(super) fn numbers<'a>(cases: impl IntoIterator<Item = &'a CaseName>) -> String {
    cases.into_iter().map(|case| case.number.as_str()).collect::<Vec<_>>().join(", ")
}
