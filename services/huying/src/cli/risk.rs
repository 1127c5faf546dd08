//! `huying risk`: 矛盾隐患台账.

use clap::Subcommand;
use huying_proto::intake::v1::{
    CountRisksRequest, GetRiskRequest, ListRisksRequest, OpenRiskRequest, Risk, RiskCount, RiskKind,
    SettleRiskRequest,
};

use super::Session;
use super::page::{Most, head, sum};
use crate::client::{Client, request_id};
use crate::words::{self, Word};

/// The ledger of conflicts and hidden dangers (矛盾隐患台账)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying risk list --area 420102003
  huying risk count")]
pub enum Command {
    /// Those that are open, or those that are settled; newest first
    #[command(after_help = "\
examples:
  huying risk list --kind conflict
  huying risk list --settled --of G-420102003002001")]
    List {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only this kind
        #[arg(long, value_parser = words::parser::<RiskKind>())]
        kind: Option<RiskKind>,
        /// Only of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        of: String,
        /// Those that are settled; else those that are open
        #[arg(long)]
        settled: bool,
        #[command(flatten)]
        most: Most,
    },
    /// One entry
    #[command(after_help = "\
examples:
  huying risk show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// The entry's id
        id: String,
    },
    /// Somebody noticed a conflict or a hidden danger
    #[command(after_help = "\
examples:
  huying risk open '楼道堆放液化气瓶' --kind hidden_danger --area 420102003002001 --unit G-420102003002001")]
    Open {
        /// What was noticed
        content: String,
        /// What it is about
        #[arg(long, value_parser = words::parser::<RiskKind>())]
        kind: RiskKind,
        /// Where
        #[arg(long, value_name = "CODE")]
        area: String,
        /// The unit that sees to it
        #[arg(long, value_name = "CODE")]
        unit: String,
    },
    /// 销账: it is settled
    #[command(after_help = "\
examples:
  huying risk settle 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --outcome '已搬走' --unit G-420102003002001")]
    Settle {
        /// The entry's id
        id: String,
        /// How
        #[arg(long, value_name = "TEXT")]
        outcome: String,
        /// The unit acting
        #[arg(long, value_name = "CODE")]
        unit: String,
    },
    /// How many there are and how many of them are settled, by area and kind
    #[command(after_help = "\
examples:
  huying risk count
  huying risk count --area 420102003 -o json")]
    Count {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        let risk = match self {
            Self::List { area, kind, of, settled, most } => {
                let kind = kind.unwrap_or(RiskKind::Unspecified).into();
                let filter =
                    ListRisksRequest { district, area, settled, kind, unit: of, ..Default::default() };
                return list(session, &client, filter, most).await;
            }
            Self::Count { area } => return count(session, &client, district, area).await,
            Self::Show { id } => {
                client.risks(&client.reader()?)?.get_risk(GetRiskRequest { id }).await?.into_inner()
            }
            Self::Open { content, kind, area, unit } => {
                let mut risks = client.risks(&client.of_unit(&unit).await?)?;
                let (request_id, kind) = (request_id(), kind.into());
                let request = OpenRiskRequest { request_id, district, area, kind, content, unit };
                risks.open_risk(request).await?.into_inner()
            }
            Self::Settle { id, outcome, unit } => {
                let mut risks = client.risks(&client.of_unit(&unit).await?)?;
                let Risk { id, version, .. } = risks.get_risk(GetRiskRequest { id }).await?.into_inner();
                let request = SettleRiskRequest { request_id: request_id(), id, version, outcome };
                risks.settle_risk(request).await?.into_inner()
            }
        };
        show(session, &client, &risk)
    }
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListRisksRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut reader = client.risks(&client.reader()?)?;
    let risks = most
        .collect(async |page_size, page_token| {
            let page = ListRisksRequest { page_size, page_token, ..filter.clone() };
            let page = reader.list_risks(page).await?.into_inner();
            Ok((page.risks, page.next_page_token))
        })
        .await?;
    head(session, client, "risks")?;
    session.out.list(&["opened", "area", "kind", "state", "unit", "content", "id"], &risks, |it| {
        vec![
            client.when(it.open_time.as_ref()),
            it.area.clone(),
            it.kind().chinese().to_owned(),
            it.state().chinese().to_owned(),
            it.unit.clone(),
            it.content.clone(),
            it.id.clone(),
        ]
    })
}

fn show(session: &Session, client: &Client, risk: &Risk) -> anyhow::Result<()> {
    session.out.one(risk, |it| {
        vec![
            ("id", it.id.clone()),
            ("area", it.area.clone()),
            ("kind", it.kind().both()),
            ("content", it.content.clone()),
            ("unit", it.unit.clone()),
            ("state", it.state().both()),
            ("opened", client.when(it.open_time.as_ref())),
            ("visit", it.visit.clone()),
            ("outcome", it.outcome.clone()),
            ("settled", client.when(it.settle_time.as_ref())),
            ("version", it.version.to_string()),
        ]
    })
}

async fn count(session: &Session, client: &Client, district: String, area: String) -> anyhow::Result<()> {
    let mut reader = client.risks(&client.reader()?)?;
    let request = CountRisksRequest { district, area, page_token: String::new() };
    let ask = async |page_token| {
        let answer =
            reader.count_risks(CountRisksRequest { page_token, ..request.clone() }).await?.into_inner();
        Ok((answer.counts, answer.next_page_token))
    };
    let same = |one: &RiskCount, two: &RiskCount| (&one.area, one.kind) == (&two.area, two.kind);
    let add = |sum: &mut RiskCount, it: &RiskCount| {
        sum.risks += it.risks;
        sum.settled += it.settled;
    };
    let counts = sum(ask, same, add).await?;
    head(session, client, "risks")?;
    session.out.list(&["area", "kind", "risks", "settled"], &counts, |it| {
        vec![it.area.clone(), it.kind().chinese().to_owned(), it.risks.to_string(), it.settled.to_string()]
    })
}
