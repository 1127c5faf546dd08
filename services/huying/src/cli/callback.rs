//! `huying callback`: asking reporters how it went.

use clap::Subcommand;
use huying_proto::evaluation::v1::{
    Callback, CallbackState, ListCallbacksRequest, RecordAttemptRequest, RecordVerdictRequest, Satisfaction,
    Verdict,
};

use super::Session;
use super::case::find;
use super::names::Names;
use super::page::{Most, head};
use super::short;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Callbacks: was the reporter contacted, is it solved, are they satisfied (回访)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying callback list --state pending
  huying callback verdict JA-20261122-000001 --satisfaction satisfied
  huying callback attempt JA-20261122-000001 --note '无人接听'")]
pub enum Command {
    /// The earliest due first
    #[command(after_help = "\
examples:
  huying callback list --state pending
  huying callback list --case JA-20261122-000001
  huying callback list --unit S-420102003 -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<CallbackState>())]
        state: Option<CallbackState>,
        /// Only those judging this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only this case's, by number or id
        #[arg(long, value_name = "NUMBER")]
        case: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// The reporter was reached and said this: solved and not unsatisfied passes, all else fails
    #[command(after_help = "\
examples:
  huying callback verdict JA-20261122-000001 --satisfaction satisfied --comment '处理得很快'
  huying callback verdict JA-20261122-000001 --unsolved --satisfaction unsatisfied")]
    Verdict {
        /// The number of the case that is asked about, or the callback's id
        #[arg(value_name = "NUMBER")]
        id: String,
        /// How satisfied
        #[arg(long, value_parser = words::parser::<Satisfaction>())]
        satisfaction: Satisfaction,
        /// The unit did not contact the reporter
        #[arg(long)]
        uncontacted: bool,
        /// It is not solved
        #[arg(long)]
        unsolved: bool,
        /// In the reporter's words
        #[arg(long, value_name = "TEXT", default_value = "")]
        comment: String,
    },
    /// Nobody was reached this time
    #[command(after_help = "\
examples:
  huying callback attempt JA-20261122-000001 --note '无人接听'")]
    Attempt {
        /// The number of the case that is asked about, or the callback's id
        #[arg(value_name = "NUMBER")]
        id: String,
        /// How it went
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let who = Who::Callback { area: client.district()? };
        let mut callbacks = client.callbacks(&who)?;
        let callback = match self {
            Self::List { state, unit, case, most } => {
                let case = match case {
                    Some(case) => find(&client, &client.reader()?, &case).await?.id,
                    None => String::new(),
                };
                let filter = ListCallbacksRequest {
                    district: client.district()?,
                    state: state.unwrap_or(CallbackState::Unspecified).into(),
                    unit,
                    case,
                    ..ListCallbacksRequest::default()
                };
                return list(session, &client, &who, filter, most).await;
            }
            Self::Verdict { id, satisfaction, uncontacted, unsolved, comment } => {
                let Callback { id, version, .. } = short::callback(&client, &who, &id).await?;
                let (contacted, solved) = (!uncontacted, !unsolved);
                let verdict = Some(Verdict { contacted, solved, satisfaction: satisfaction.into(), comment });
                let request = RecordVerdictRequest { request_id: request_id(), id, version, verdict };
                callbacks.record_verdict(request).await?.into_inner()
            }
            Self::Attempt { id, note } => {
                let Callback { id, version, .. } = short::callback(&client, &who, &id).await?;
                let request = RecordAttemptRequest { request_id: request_id(), id, version, note };
                callbacks.record_attempt(request).await?.into_inner()
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
    filter: ListCallbacksRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut callbacks = client.callbacks(who)?;
    let callbacks = most
        .collect(async |page_size, page_token| {
            let page = ListCallbacksRequest { page_size, page_token, ..filter.clone() };
            let page = callbacks.list_callbacks(page).await?.into_inner();
            Ok((page.callbacks, page.next_page_token))
        })
        .await?;
    let mut names = Names::new(client)?;
    names.learn_units(callbacks.iter().map(|it| &it.unit)).await?;
    head(session, client, "callbacks 回访")?;
    session.out.list(&["number", "state", "unit", "due", "tries", "answer"], &callbacks, |callback| {
        vec![
            callback.number.clone(),
            callback.state().chinese().to_owned(),
            names.beside(&callback.unit),
            client.when(callback.due_time.as_ref()),
            callback.tries.to_string(),
            callback.answer.chars().take(24).collect(),
        ]
    })
}

fn fields(client: &Client, names: &Names, callback: &Callback) -> Vec<(&'static str, String)> {
    let verdict = callback.verdict.as_ref();
    let yes = |yes: bool| if yes { "yes 是" } else { "no 否" }.to_owned();
    vec![
        ("number", callback.number.clone()),
        ("id", callback.id.clone()),
        ("state", callback.state().both()),
        ("unit", names.beside(&callback.unit)),
        ("attempt", callback.attempt.to_string()),
        ("tries", callback.tries.to_string()),
        ("answer", callback.answer.clone()),
        ("contacted", verdict.map_or_else(String::new, |verdict| yes(verdict.contacted))),
        ("told solved", callback.told_solved().both()),
        ("solved", verdict.map_or_else(String::new, |verdict| yes(verdict.solved))),
        ("satisfied", verdict.map_or_else(String::new, |verdict| verdict.satisfaction().both())),
        ("comment", verdict.map_or_else(String::new, |verdict| verdict.comment.clone())),
        ("due", client.when(callback.due_time.as_ref())),
        ("ended", client.when(callback.end_time.as_ref())),
        ("version", callback.version.to_string()),
    ]
}
