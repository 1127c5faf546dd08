//! `huying triage`: what can be typed about the desk. What it does to one request is here, how it is shown in `show`.

use clap::Subcommand;
use huying_proto::common::v1::Priority;
use huying_proto::routing::v1::{
    ClaimTriageRequest, CorrectRouteRequest, CountTriageRequest, DecideTriageRequest, GetRouteRequest,
    ListTriageRequest, ReleaseTriageRequest, Route, TriageHands,
};

use super::Session;
use super::page::Most;
use crate::client::{Client, Who, request_id};
use crate::words;

mod show;

pub(super) use show::suggestion;

/// The triage desk: requests that no rule could decide (研判)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying triage list
  huying triage show JA-20261122-000001
  huying triage claim JA-20261122-000001
  huying triage decide JA-20261122-000001 --area 420102003002 --category 47678.5:e:04002
  huying triage correct JA-20261122-000001 --area 420102010002 --reason '在长建社区'")]
pub enum Command {
    /// The most pressing first, then what is due first
    #[command(after_help = "\
examples:
  huying triage list
  huying triage list --overdue
  huying triage list --hands nobody --area 420102003
  huying triage list --undecided category -n 200
  huying triage list --climbed -o json")]
    List {
        /// Only what lies in this area, as far as is known
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only what nobody has in hand, or you have
        #[arg(long, value_parser = words::parser::<TriageHands>())]
        hands: Option<TriageHands>,
        /// Only what is past its due time
        #[arg(long)]
        overdue: bool,
        /// Only where this could not be decided: district, area, category or holder
        #[arg(long, value_name = "PART", default_value = "")]
        undecided: String,
        /// Only what was told to the tier above because nobody minded it
        #[arg(long)]
        climbed: bool,
        #[command(flatten)]
        most: Most,
    },
    /// How much waits, by street and by what is undecided
    #[command(after_help = "\
examples:
  huying triage count
  huying triage count --area 420102003 -o json")]
    Count {
        /// Only what lies in this area, as far as is known
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
    },
    /// How one request was decided, by rules or by hand, and why; or how it waits
    #[command(after_help = "\
examples:
  huying triage show JA-20261122-000001
  huying triage show 0198c0de-0000-7000-8000-000000000001")]
    Show {
        /// The request's number or id
        request: String,
    },
    /// Take one in hand, so that nobody else decides it meanwhile; again for longer
    #[command(after_help = "\
examples:
  huying triage claim JA-20261122-000001")]
    Claim {
        /// The request's number or id
        request: String,
    },
    /// Give one back to the others
    #[command(after_help = "\
examples:
  huying triage release JA-20261122-000001")]
    Release {
        /// The request's number or id
        request: String,
    },
    /// Decide one; what is left out is decided by the rules from the rest
    #[command(after_help = "\
examples:
  huying triage decide JA-20261122-000001 --area 420102003002 --category 47678.5:e:04002
  huying triage decide JA-20261122-000001 --area 420102 --category JA:m:09001 --holder RG-yingshang --priority high")]
    Decide {
        /// The request's number or id
        request: String,
        /// An area of the district
        #[arg(long, value_name = "CODE")]
        area: String,
        /// A category
        #[arg(long, value_name = "CODE")]
        category: String,
        /// The unit to hold it; by authority if not given
        #[arg(long, value_name = "CODE", default_value = "")]
        holder: String,
        /// How pressing; by category if not given
        #[arg(long, value_parser = words::parser::<Priority>())]
        priority: Option<Priority>,
    },
    /// Put another decision in a wrong one's place; its case follows while it is not resolved
    #[command(after_help = "\
examples:
  huying triage correct JA-20261122-000001 --area 420102010002 --reason '在长建社区'
  huying triage correct JA-20261122-000001 --category 47678.5:e:04002 --reason '是行道树'
  huying triage correct JA-20261122-000001 --holder DEP-chengguan --priority urgent --reason '已影响通行'")]
    Correct {
        /// The request's number or id
        request: String,
        /// Why the decision was wrong
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The right area; as it is if not given
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// The right category; as it is if not given
        #[arg(long, value_name = "CODE", default_value = "")]
        category: String,
        /// The unit to hold it; if not given by authority, or as it is where area and category are
        #[arg(long, value_name = "CODE", default_value = "")]
        holder: String,
        /// How pressing; if not given by category, or as it is where area and category are
        #[arg(long, value_parser = words::parser::<Priority>())]
        priority: Option<Priority>,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let desk = Who::Desk { area: client.district()? };
        let mut routes = client.routes(&desk)?;
        let route = match self {
            Self::List { area, hands, overdue, undecided, climbed, most } => {
                let asked = ListTriageRequest {
                    district: client.district()?,
                    area,
                    hands: hands.unwrap_or(TriageHands::Unspecified).into(),
                    overdue,
                    undecided,
                    climbed,
                    ..Default::default()
                };
                return list(session, &client, &desk, asked, most).await;
            }
            Self::Count { area } => {
                let asked = CountTriageRequest { district: client.district()?, area };
                let counted = routes.count_triage(asked).await?.into_inner();
                return show::counted(session, &client, &counted).await;
            }
            Self::Show { request } => find(&client, &desk, request).await?,
            Self::Claim { request } => {
                let request = find(&client, &desk, request).await?.request;
                let claim = ClaimTriageRequest { request_id: request_id(), request };
                routes.claim_triage(claim).await?.into_inner()
            }
            Self::Release { request } => {
                let request = find(&client, &desk, request).await?.request;
                let release = ReleaseTriageRequest { request_id: request_id(), request };
                routes.release_triage(release).await?.into_inner()
            }
            Self::Decide { request, area, category, holder, priority } => {
                let Route { request, version, .. } = find(&client, &desk, request).await?;
                let priority = priority.unwrap_or(Priority::Unspecified).into();
                let request_id = request_id();
                let decision =
                    DecideTriageRequest { request_id, request, version, area, category, holder, priority };
                routes.decide_triage(decision).await?.into_inner()
            }
            Self::Correct { request, reason, area, category, holder, priority } => {
                let Route { request, version, .. } = find(&client, &desk, request).await?;
                let (request_id, priority) = (request_id(), priority.unwrap_or(Priority::Unspecified).into());
                let correction = CorrectRouteRequest {
                    request_id,
                    request,
                    version,
                    reason,
                    area,
                    category,
                    holder,
                    priority,
                };
                routes.correct_route(correction).await?.into_inner()
            }
        };
        show::one(session, &client, &route).await
    }
}

/// The route of a request, by its number or id.
async fn find(client: &Client, who: &Who, request: String) -> anyhow::Result<Route> {
    Ok(client.routes(who)?.get_route(GetRouteRequest { request }).await?.into_inner())
}

async fn list(
    session: &Session,
    client: &Client,
    desk: &Who,
    asked: ListTriageRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut routes = client.routes(desk)?;
    let routes = most
        .collect(async |page_size, page_token| {
            let page = ListTriageRequest { page_size, page_token, ..asked.clone() };
            let page = routes.list_triage(page).await?.into_inner();
            Ok((page.routes, page.next_page_token))
        })
        .await?;
    show::list(session, client, &routes).await
}
