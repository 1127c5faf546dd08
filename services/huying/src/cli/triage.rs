//! `huying triage`: what no rule could decide, and a person's decision.

use clap::Subcommand;
use huying_proto::common::v1::Priority;
use huying_proto::routing::v1::{DecideTriageRequest, Decision, GetRouteRequest, ListTriageRequest, Route};

use super::Session;
use super::page::{Most, head};
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// The triage desk: requests that no rule could decide (研判)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying triage list
  huying triage show 0198c0de-…
  huying triage decide 0198c0de-… --area 420102003002 --category 47678.5:e:04002")]
pub enum Command {
    /// Oldest first
    #[command(after_help = "\
examples:
  huying triage list
  huying triage list -o json")]
    List {
        #[command(flatten)]
        most: Most,
    },
    /// How one request was decided, by rules or by hand, and why
    #[command(after_help = "\
examples:
  huying triage show 0198c0de-0000-7000-8000-000000000001")]
    Show {
        /// The request's id
        request: String,
    },
    /// Decide one; what is left out is decided by the rules from the rest
    #[command(after_help = "\
examples:
  huying triage decide 0198c0de-… --area 420102003002 --category 47678.5:e:04002
  huying triage decide 0198c0de-… --area 420102 --category JA:m:09001 --holder RG-yingshang --priority high")]
    Decide {
        /// The request's id
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
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let desk = Who::Desk { area: client.district()? };
        let route = match self {
            Self::List { most } => return list(session, &client, &desk, most).await,
            Self::Show { request } => {
                client.routes(&desk)?.get_route(GetRouteRequest { request }).await?.into_inner()
            }
            Self::Decide { request, area, category, holder, priority } => {
                let mut routes = client.routes(&desk)?;
                let queued =
                    routes.get_route(GetRouteRequest { request: request.clone() }).await?.into_inner();
                let decision = DecideTriageRequest {
                    request_id: request_id(),
                    request,
                    version: queued.version,
                    area,
                    category,
                    holder,
                    priority: priority.unwrap_or(Priority::Unspecified).into(),
                };
                routes.decide_triage(decision).await?.into_inner()
            }
        };
        head(session, &client, &route.number)?;
        session.out.one(&route, |route| fields(&client, route))
    }
}

async fn list(session: &Session, client: &Client, desk: &Who, most: Most) -> anyhow::Result<()> {
    let (mut routes, district) = (client.routes(desk)?, client.district()?);
    let routes = most
        .collect(async |page_size, page_token| {
            let page = ListTriageRequest { district: district.clone(), page_size, page_token };
            let page = routes.list_triage(page).await?.into_inner();
            Ok((page.routes, page.next_page_token))
        })
        .await?;
    head(session, client, "triage 研判")?;
    session.out.list(&["number", "danger", "undecided", "since", "content", "request"], &routes, |route| {
        vec![
            route.number.clone(),
            dangers(route.decision.as_ref()),
            route.undecided.join(", "),
            client.when(route.update_time.as_ref()),
            route.content.chars().take(30).collect(),
            route.request.clone(),
        ]
    })
}

fn fields(client: &Client, route: &Route) -> Vec<(&'static str, String)> {
    let decision = route.decision.clone().unwrap_or_default();
    let reasons = decision.reasons.iter().map(|r| format!("{}: {} ({})", r.part, r.text, r.rule));
    let reasons = reasons.collect::<Vec<_>>().join("\n");
    vec![
        ("number", route.number.clone()),
        ("request", route.request.clone()),
        ("state", route.state().both()),
        ("danger", dangers(Some(&decision))),
        ("undecided", route.undecided.join(", ")),
        ("content", route.content.clone()),
        ("area", decision.area.clone()),
        ("category", decision.category.clone()),
        ("tier", decision.tier().both()),
        ("holder", decision.holder.clone()),
        ("departments", decision.departments.join(", ")),
        ("priority", decision.priority().both()),
        ("respond", clock(client, decision.respond.as_ref(), decision.respond_due_time.as_ref())),
        ("resolve", clock(client, decision.resolve.as_ref(), decision.resolve_due_time.as_ref())),
        ("why", reasons),
        ("decided by", route.decided_by.clone().unwrap_or_default().subject),
        ("version", route.version.to_string()),
    ]
}

/// The dangers to life that a request speaks of.
fn dangers(decision: Option<&Decision>) -> String {
    let both: Vec<String> = decision.iter().flat_map(|it| it.dangers()).map(Word::both).collect();
    both.join(", ")
}

fn clock(
    client: &Client,
    limit: Option<&huying_proto::common::v1::Limit>,
    due: Option<&pbjson_types::Timestamp>,
) -> String {
    let limit = words::limit(limit);
    if limit.is_empty() { limit } else { format!("{limit}, by {}", client.when(due)) }
}
