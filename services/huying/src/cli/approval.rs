//! `huying approval`: the side of whoever rules on what holders ask for.

use clap::Subcommand;
use huying_proto::casework::v1::{
    Approval, ApprovalState, GetApprovalRequest, GrantApprovalRequest, ListApprovalsRequest,
    RefuseApprovalRequest,
};

use super::Session;
use super::case::{clocks, find, ground, named};
use super::page::Most;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Approvals: what holders ask for and somebody above must allow (审批)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying approval list --state asked
  huying approval grant 0198c0de-… --reason '情况属实'")]
pub enum Command {
    /// Newest first
    #[command(after_help = "\
examples:
  huying approval list --granter S-420102003 --state asked
  huying approval list --case JA-20261122-000001 -o json")]
    List {
        /// The unit that is to rule
        #[arg(long, value_name = "CODE", default_value = "")]
        granter: String,
        /// The unit that asks
        #[arg(long, value_name = "CODE", default_value = "")]
        asked_by: String,
        /// Only this case's, by number or id
        #[arg(long, value_name = "NUMBER")]
        case: Option<String>,
        /// Only this state
        #[arg(long, value_parser = words::parser::<ApprovalState>())]
        state: Option<ApprovalState>,
        #[command(flatten)]
        most: Most,
    },
    /// 同意: what was asked for happens to the case
    #[command(after_help = "\
examples:
  huying approval grant 0198c0de-… --reason '情况属实'")]
    Grant(Ruling),
    /// 不同意: the case stays as it is
    #[command(after_help = "\
examples:
  huying approval refuse 0198c0de-… --reason '时限足够，请抓紧办理'")]
    Refuse(Ruling),
}

#[derive(Debug, clap::Args)]
pub struct Ruling {
    /// The approval's id
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The unit acting; the one that is to rule if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let approval = match self {
            Self::List { granter, asked_by, case, state, most } => {
                let case = match case {
                    Some(case) => find(&client, &client.reader()?, &case).await?.id,
                    None => String::new(),
                };
                let filter = ListApprovalsRequest {
                    district: client.district()?,
                    granter,
                    asked_by,
                    case,
                    state: state.unwrap_or(ApprovalState::Unspecified).into(),
                    ..ListApprovalsRequest::default()
                };
                return list(session, &client, filter, most).await;
            }
            Self::Grant(it) => {
                let (who, id, version) = ruled(&client, &it).await?;
                let request =
                    GrantApprovalRequest { request_id: request_id(), id, version, reason: it.reason };
                client.approvals(&who)?.grant_approval(request).await?.into_inner()
            }
            Self::Refuse(it) => {
                let (who, id, version) = ruled(&client, &it).await?;
                let request =
                    RefuseApprovalRequest { request_id: request_id(), id, version, reason: it.reason };
                client.approvals(&who)?.refuse_approval(request).await?.into_inner()
            }
        };
        session.out.one(&approval, |approval| fields(&client, approval))
    }
}

/// Who rules, on which approval at which version.
async fn ruled(client: &Client, ruling: &Ruling) -> anyhow::Result<(Who, String, i64)> {
    let request = GetApprovalRequest { id: ruling.id.clone() };
    let approval = client.approvals(&client.reader()?)?.get_approval(request).await?.into_inner();
    let who = client.of_unit(ruling.unit.as_deref().unwrap_or(&approval.granter)).await?;
    Ok((who, approval.id, approval.version))
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListApprovalsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let approvals = client.approvals(&client.reader()?)?;
    let found = most
        .collect(|page_size, page_token| {
            let (mut approvals, filter) = (approvals.clone(), filter.clone());
            async move {
                let page = ListApprovalsRequest { page_size, page_token, ..filter };
                let page = approvals.list_approvals(page).await?.into_inner();
                Ok((page.approvals, page.next_page_token))
            }
        })
        .await?;
    session.out.list(
        &["number", "kind", "asked by", "granter", "state", "asked", "reason", "id"],
        &found,
        |it| {
            vec![
                it.number.clone(),
                it.kind().chinese().to_owned(),
                it.asked_by.clone(),
                it.granter.clone(),
                it.state().chinese().to_owned(),
                client.when(it.ask_time.as_ref()),
                it.reason.chars().take(24).collect(),
                it.id.clone(),
            ]
        },
    )
}

fn fields(client: &Client, approval: &Approval) -> Vec<(&'static str, String)> {
    let members = approval.members.iter().map(|it| named(&it.unit, &it.unit_name));
    vec![
        ("number", approval.number.clone()),
        ("id", approval.id.clone()),
        ("case", approval.case.clone()),
        ("kind", approval.kind().both()),
        ("more", words::limit(approval.more.as_ref())),
        ("plan", approval.plan.clone()),
        ("review", approval.review_date.clone()),
        ("ground", ground(approval.ground.as_ref())),
        ("group", named(&approval.group, &approval.group_name)),
        ("task", approval.task.clone()),
        ("members", members.collect::<Vec<_>>().join(", ")),
        ("state", approval.state().both()),
        ("asked by", approval.asked_by.clone()),
        ("reason", approval.reason.clone()),
        ("granter", approval.granter.clone()),
        ("ruling", approval.ruling.clone()),
        ("clocks", clocks(client, &approval.clocks)),
        ("asked", client.when(approval.ask_time.as_ref())),
        ("version", approval.version.to_string()),
    ]
}
