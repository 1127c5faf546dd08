//! `huying route`: why a request was decided as it was, and what another profile would decide.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Subcommand;
use huying_proto::routing::v1::{
    ExplainRouteRequest, PartCount, SimulateProfileRequest, SimulateProfileResponse, SimulatedRoute,
};
use huying_wire::instant;

use super::Session;
use super::session::{Moment, moment};
use crate::client::{Client, Who};
use crate::output::note;
use crate::profile::Profile;

mod show;

/// How many requests are decided anew for one answer.
const PAGE: i32 = 500;

/// Routes: why they are as they are, and what would change (研判)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying route explain JA-20261122-000001
  huying route simulate --profile deploy/profiles/jiangan")]
pub enum Command {
    /// Which words, places, rules and rows led to the decision, the next best, and what would be decided today
    #[command(after_help = "\
examples:
  huying route explain JA-20261122-000001
  huying route explain JA-20261122-000001 -o json")]
    Explain {
        /// The request's number or id
        request: String,
    },
    /// Decide the last month's requests by another profile, change nothing, and print what would differ
    #[command(after_help = "\
examples:
  huying route simulate --profile deploy/profiles/jiangan
  huying route simulate --profile deploy/profiles/jiangan --since 2026-11-01 -n 100
  huying route simulate --profile deploy/profiles/jiangan --requests 500 -o json")]
    Simulate {
        /// The folder of the profile to try
        #[arg(long, value_name = "DIR")]
        profile: PathBuf,
        /// The first day; 31 days ago if not given
        #[arg(long, value_name = "DAY", value_parser = moment)]
        since: Option<Moment>,
        /// How many requests to decide at most, from that day on
        #[arg(long, default_value_t = 20_000, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        requests: u32,
        /// How many of those that differ to show
        #[arg(long, short = 'n', default_value_t = 20, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(0..=1000))]
        limit: u32,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Explain { request } => {
                let client = session.client()?;
                let desk = Who::Desk { area: client.district()? };
                let explained = client.rules(&desk)?.explain_route(ExplainRouteRequest { request }).await?;
                show::explained(session, &client, &explained.into_inner()).await
            }
            Self::Simulate { profile, since, requests, limit } => {
                let profile = Profile::load(&profile)?;
                let client = session.client()?;
                let since_time = since.map(|since| instant::write(since.at(&client)));
                let asked = SimulateProfileRequest {
                    profile: Some(profile.routing),
                    since_time,
                    ..Default::default()
                };
                let simulated = simulate(&client, asked, requests, limit).await?;
                show::simulated(session, &client, &simulated).await
            }
        }
    }
}

/// Page after page, added up; of what differs as many as are wanted.
async fn simulate(
    client: &Client,
    mut asked: SimulateProfileRequest,
    requests: u32,
    limit: u32,
) -> anyhow::Result<SimulateProfileResponse> {
    let (requests, limit) = (i32::try_from(requests)?, usize::try_from(limit)?);
    let mut rules = client.rules(&Who::Operator)?;
    let (mut parts, mut routes) = (BTreeMap::<String, i32>::new(), Vec::<SimulatedRoute>::new());
    let mut all = SimulateProfileResponse::default();
    loop {
        asked.page_size = PAGE.min(requests - all.looked);
        let page = rules.simulate_profile(asked.clone()).await?.into_inner();
        all.looked += page.looked;
        all.changed += page.changed;
        all.undecided_before += page.undecided_before;
        all.undecided_after += page.undecided_after;
        page.parts.into_iter().for_each(|it| *parts.entry(it.part).or_default() += it.count);
        routes.extend(page.routes);
        routes.truncate(limit);
        asked.page_token = page.next_page_token;
        if asked.page_token.is_empty() || all.looked >= requests {
            break;
        }
    }
    if !asked.page_token.is_empty() {
        note(&format!("stopped at the first {requests}: for more add --requests"))?;
    }
    let parts = parts.into_iter().map(|(part, count)| PartCount { part, count }).collect();
    Ok(SimulateProfileResponse { parts, routes, ..all })
}
