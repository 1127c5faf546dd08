//! 并案 and its undoing.

use clap::Args;
use huying_proto::casework::v1::{Case, CaseRequest, MergeCaseRequest, MergedInto, UnmergeCaseRequest};

use super::{As, show, steps::held};
use crate::client::{Client, request_id};

/// Which becomes part of which.
#[derive(Args, Debug)]
pub struct Merge {
    #[command(flatten)]
    on: As,
    /// The number or id of the case that goes on
    #[arg(long, value_name = "NUMBER")]
    into: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Which is a case of its own after all.
#[derive(Args, Debug)]
pub struct Unmerge {
    #[command(flatten)]
    on: As,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Merge {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Case> {
        let into = show::find(client, &client.reader()?, &self.into).await?.id;
        let mut on = held(client, self.on).await?;
        let (request_id, id, version, reason) = (request_id(), on.id, on.version, self.reason);
        let request = MergeCaseRequest { request_id, id, version, into, reason };
        Ok(on.cases.merge_case(request).await?.into_inner())
    }
}

impl Unmerge {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Case> {
        let mut on = held(client, self.on).await?;
        let (request_id, id, version, reason) = (request_id(), on.id, on.version, self.reason);
        let request = UnmergeCaseRequest { request_id, id, version, reason };
        Ok(on.cases.unmerge_case(request).await?.into_inner())
    }
}

/// Where it went and when; nothing unless it is merged.
pub(super) fn merged(client: &Client, merged: Option<&MergedInto>) -> String {
    let line = |it: &MergedInto| {
        let into = it.into.as_ref().map_or("", |into| into.number.as_str());
        format!("→ {into}  {}", client.when(it.time.as_ref()))
    };
    merged.map_or_else(String::new, line)
}

/// One line each: its id, the number of the case that it came with, whether it is answered.
pub(super) fn requests(case: &Case) -> String {
    let line = |it: &CaseRequest| {
        let from = it.from.as_ref().map_or_else(String::new, |from| format!(" ← {}", from.number));
        format!("{}{from}{}", it.id, if it.answered { " 已答复" } else { "" })
    };
    case.requests.iter().map(line).collect::<Vec<_>>().join("\n")
}
