//! `huying approval`: the side of whoever rules on what holders ask for.

use clap::Subcommand;
use huying_proto::casework::v1::{
    Approval, ApprovalKind, ApprovalState, GrantApprovalRequest, ListApprovalsRequest, RefuseApprovalRequest,
};

use super::Session;
use super::case::{clocks, find, ground};
use super::names::{Names, named};
use super::page::{Most, head};
use super::short;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Approvals: what holders ask for and somebody above must allow (审批)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying approval list --state asked
  huying approval grant JA-20261122-000001 --reason '情况属实'")]
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
    /// What is asked for on a case, or was last
    #[command(after_help = "\
examples:
  huying approval show JA-20261122-000001
  huying approval show JA-20261122-000001 --kind suspend -o json")]
    Show(Which),
    /// 同意: what was asked for happens to the case
    #[command(after_help = "\
examples:
  huying approval grant JA-20261122-000001 --reason '情况属实'
  huying approval grant JA-20261122-000001 --kind extend --reason '情况属实'")]
    Grant(Ruling),
    /// 不同意: the case stays as it is
    #[command(after_help = "\
examples:
  huying approval refuse JA-20261122-000001 --reason '时限足够，请抓紧办理'")]
    Refuse(Ruling),
}

#[derive(Debug, clap::Args)]
pub struct Which {
    /// The number of the case that it is asked for, or the approval's id
    #[arg(value_name = "NUMBER")]
    id: String,
    /// What is asked for, where several things are
    #[arg(long, value_parser = words::parser::<ApprovalKind>())]
    kind: Option<ApprovalKind>,
}

#[derive(Debug, clap::Args)]
pub struct Ruling {
    #[command(flatten)]
    which: Which,
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
            Self::Show(it) => short::approval(&client, &it.id, it.kind).await?,
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
        let mut names = Names::new(&client)?;
        names.learn_units([&approval.asked_by, &approval.granter]).await?;
        head(session, &client, &approval.number)?;
        session.out.one(&approval, |approval| fields(&client, &names, approval))
    }
}

/// Who rules, on which approval at which version.
async fn ruled(client: &Client, ruling: &Ruling) -> anyhow::Result<(Who, String, i64)> {
    let approval = short::approval(client, &ruling.which.id, ruling.which.kind).await?;
    let who = client.of_unit(ruling.unit.as_deref().unwrap_or(&approval.granter)).await?;
    Ok((who, approval.id, approval.version))
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListApprovalsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut approvals = client.approvals(&client.reader()?)?;
    let found = most
        .collect(async |page_size, page_token| {
            let page = ListApprovalsRequest { page_size, page_token, ..filter.clone() };
            let page = approvals.list_approvals(page).await?.into_inner();
            Ok((page.approvals, page.next_page_token))
        })
        .await?;
    if session.out.is_json() {
        return session.out.list(&[], &found, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    names.learn_units(found.iter().flat_map(|it| [&it.asked_by, &it.granter])).await?;
    head(session, client, "approvals 审批")?;
    session.out.list(&["number", "kind", "asked by", "granter", "state", "asked", "reason"], &found, |it| {
        vec![
            it.number.clone(),
            it.kind().both(),
            names.beside(&it.asked_by),
            names.beside(&it.granter),
            it.state().chinese().to_owned(),
            client.when(it.ask_time.as_ref()),
            it.reason.chars().take(24).collect(),
        ]
    })
}

fn fields(client: &Client, names: &Names, approval: &Approval) -> Vec<(&'static str, String)> {
    let members = approval.members.iter().map(|it| named(&it.unit, &it.unit_name));
    vec![
        ("number", approval.number.clone()),
        ("id", approval.id.clone()),
        ("kind", approval.kind().both()),
        ("more", words::limit(approval.more.as_ref())),
        ("plan", approval.plan.clone()),
        ("review", approval.review_date.clone()),
        ("ground", ground(approval.ground.as_ref())),
        ("group", named(&approval.group, &approval.group_name)),
        ("task", approval.task.clone()),
        ("members", members.collect::<Vec<_>>().join(", ")),
        ("state", approval.state().both()),
        ("asked by", names.beside(&approval.asked_by)),
        ("reason", approval.reason.clone()),
        ("granter", names.beside(&approval.granter)),
        ("ruling", approval.ruling.clone()),
        ("clocks", clocks(client, &approval.clocks)),
        ("asked", client.when(approval.ask_time.as_ref())),
        ("version", approval.version.to_string()),
    ]
}
