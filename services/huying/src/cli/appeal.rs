//! `huying appeal`: a judged unit says that a verdict is wrong, and somebody else decides.

use clap::Subcommand;
use huying_proto::evaluation::v1::{
    AppealGround, AppealState, Callback, DecideAppealRequest, ListAppealsRequest, LodgeAppealRequest,
};

use super::Session;
use super::names::Names;
use super::page::{Most, head};
use super::short;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Appeals of judged units against verdicts (申诉)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying appeal lodge JA-20261122-000001 --ground facts '当天已到场，有照片'
  huying appeal list --state open
  huying appeal decide JA-20261122-000001 --upheld '照片属实' --actor li")]
pub enum Command {
    /// Appeal as the unit that is judged, within 7 days after the callback failed
    #[command(after_help = "\
examples:
  huying appeal lodge JA-20261122-000001 --ground facts '当天已到场，有照片'
  huying appeal lodge 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --ground not-responsible '属供电公司管理'")]
    Lodge {
        /// The number of the case, or the callback's id
        #[arg(value_name = "NUMBER")]
        id: String,
        /// On what ground
        #[arg(long, value_parser = words::parser::<AppealGround>())]
        ground: AppealGround,
        /// Why
        text: String,
    },
    /// Decide as a leader, who neither took the verdict nor appealed: upheld, the verdict is in no rate any more and counted as excluded
    #[command(after_help = "\
examples:
  huying appeal decide JA-20261122-000001 --upheld '照片属实' --actor li
  huying appeal decide JA-20261122-000001 '照片不是当天的'")]
    Decide {
        /// The number of the case, or the callback's id
        #[arg(value_name = "NUMBER")]
        id: String,
        /// The unit is right; otherwise it is dismissed
        #[arg(long)]
        upheld: bool,
        /// Why
        decision: String,
    },
    /// The oldest first
    #[command(after_help = "\
examples:
  huying appeal list --state open
  huying appeal list --unit S-420102003 -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<AppealState>())]
        state: Option<AppealState>,
        /// Only those of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[command(flatten)]
        most: Most,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let leader = Who::Leader { area: client.district()? };
        let callback = match self {
            Self::List { state, unit, most } => {
                let district = client.district()?;
                let state = state.unwrap_or(AppealState::Unspecified).into();
                let filter = ListAppealsRequest { district, state, unit, ..Default::default() };
                return list(session, &client, &leader, filter, most).await;
            }
            Self::Lodge { id, ground, text } => {
                let Callback { id, version, unit, .. } = short::callback(&client, &leader, &id).await?;
                let ground = ground.into();
                let request = LodgeAppealRequest { request_id: request_id(), id, version, ground, text };
                let unit = client.of_unit(&unit).await?;
                client.appeals(&unit)?.lodge_appeal(request).await?.into_inner()
            }
            Self::Decide { id, upheld, decision } => {
                let Callback { id, version, .. } = short::callback(&client, &leader, &id).await?;
                let request = DecideAppealRequest { request_id: request_id(), id, version, upheld, decision };
                client.appeals(&leader)?.decide_appeal(request).await?.into_inner()
            }
        };
        let mut names = Names::new(&client)?;
        names.learn_units([&callback.unit]).await?;
        head(session, &client, &callback.number)?;
        session.out.one(&callback, |callback| fields(&client, &names, callback))
    }
}

async fn list(
    session: &Session,
    client: &Client,
    who: &Who,
    filter: ListAppealsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut appeals = client.appeals(who)?;
    let callbacks = most
        .collect(async |page_size, page_token| {
            let page = ListAppealsRequest { page_size, page_token, ..filter.clone() };
            let page = appeals.list_appeals(page).await?.into_inner();
            Ok((page.callbacks, page.next_page_token))
        })
        .await?;
    let mut names = Names::new(client)?;
    names.learn_units(callbacks.iter().map(|it| &it.unit)).await?;
    head(session, client, "appeals 申诉")?;
    session.out.list(&["number", "state", "unit", "ground", "why", "lodged", "id"], &callbacks, |callback| {
        let appeal = callback.appeal.clone().unwrap_or_default();
        vec![
            callback.number.clone(),
            appeal.state().chinese().to_owned(),
            names.beside(&callback.unit),
            appeal.ground().chinese().to_owned(),
            appeal.text.chars().take(24).collect(),
            client.when(appeal.lodge_time.as_ref()),
            callback.id.clone(),
        ]
    })
}

fn fields(client: &Client, names: &Names, callback: &Callback) -> Vec<(&'static str, String)> {
    let appeal = callback.appeal.clone().unwrap_or_default();
    vec![
        ("number", callback.number.clone()),
        ("id", callback.id.clone()),
        ("unit", names.beside(&callback.unit)),
        ("appeal", appeal.state().both()),
        ("ground", appeal.ground().both()),
        ("why", appeal.text),
        ("lodged", client.when(appeal.lodge_time.as_ref())),
        ("decision", appeal.decision),
        ("decided", client.when(appeal.decide_time.as_ref())),
        ("version", callback.version.to_string()),
    ]
}
