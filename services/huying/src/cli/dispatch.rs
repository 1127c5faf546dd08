//! `huying dispatch`: the called departments' side.

use clap::Subcommand;
use huying_proto::casework::v1::{
    AppointDispatchOfficerRequest, ArbitrateDispatchRequest, Dispatch, DispatchLeft, DispatchOrder,
    DispatchResponse, DispatchRuling, DispatchState, GetDispatchRequest, ListDispatchesRequest, Officer,
    ReleadDispatchRequest, RespondDispatchRequest, TakeBackDispatchRequest, WatchDispatchesRequest,
    dispatch_service_client::DispatchServiceClient,
};

use super::Session;
use super::case::clocks;
use super::page::Most;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

mod count;

/// Dispatches: what departments are called to do (街道呼叫、部门响应)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying dispatch list --unit DEP-yuanlin --state sent
  huying dispatch respond 0198c0de-… accept
  huying dispatch watch DEP-yuanlin")]
pub enum Command {
    /// Newest first
    #[command(after_help = "\
examples:
  huying dispatch list --unit DEP-jiaoguan
  huying dispatch list --unit DEP-jiaoguan --order due_first
  huying dispatch list --silent
  huying dispatch list --case 0198c0de-… -o json")]
    List {
        /// The called unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only this case's, by id
        #[arg(long, value_name = "ID", default_value = "")]
        case: String,
        /// Only this state
        #[arg(long, value_parser = words::parser::<DispatchState>())]
        state: Option<DispatchState>,
        /// Only those that wait for their arbiter because nobody reported in in time (逾期未报到)
        #[arg(long)]
        silent: bool,
        /// Only those that the person with this subject has in hand (承办人)
        #[arg(long, value_name = "SUBJECT", default_value = "")]
        officer: String,
        /// How the list goes; what is due first is a unit's
        #[arg(long, default_value = "newest", value_parser = words::parser::<DispatchOrder>())]
        order: DispatchOrder,
        #[command(flatten)]
        most: Most,
    },
    /// 报到, 完成 or 拒绝: the called department answers
    #[command(after_help = "\
examples:
  huying dispatch respond 0198c0de-… accept
  huying dispatch respond 0198c0de-… complete --note '已修剪完毕'
  huying dispatch respond 0198c0de-… decline --note '该处由市属单位养护'")]
    Respond {
        /// The dispatch's id
        id: String,
        /// What the department answers
        #[arg(value_parser = words::parser::<DispatchResponse>())]
        response: DispatchResponse,
        /// What was done, or why not; needed to complete or decline
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
        /// The unit acting; the called one if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// 指派承办人: who of the department's people has it in hand; without one, nobody any more
    #[command(after_help = "\
examples:
  huying dispatch appoint 0198c0de-… lihua --name 李华")]
    Appoint {
        /// The dispatch's id
        id: String,
        /// The subject of the officer's token
        officer: Option<String>,
        /// What the officer is called
        #[arg(long, default_value = "")]
        name: String,
    },
    /// 撤呼: the caller needs it no more, and nobody has answered yet
    #[command(after_help = "\
examples:
  huying dispatch take-back 0198c0de-… --reason '街道已自行处置'
  huying dispatch take-back 0198c0de-… --reason '改由区里协调' --unit D-420102")]
    TakeBack {
        /// The dispatch's id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The unit acting, the caller or the holder of the case; the caller if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// 改主责: give the lead to another open dispatch of the case
    #[command(after_help = "\
examples:
  huying dispatch relead 0198c0de-… --reason '以交通疏导为主'")]
    Relead {
        /// The id of the dispatch that is to lead
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The unit acting, the caller or the holder of the case; the caller if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Settle a dispatch that is declined, silent or not completed in time: it ends, or it is theirs after all
    #[command(after_help = "\
examples:
  huying dispatch arbitrate 0198c0de-… insist --reason '属其职责范围'
  huying dispatch arbitrate 0198c0de-… end --reason '由市属单位办理' --unit D-420102")]
    Arbitrate {
        /// The dispatch's id
        id: String,
        /// insist: sent again, binding; end: no longer wanted
        #[arg(value_parser = ["insist", "end"])]
        ruling: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// With end: the right unit was called all the same
        #[arg(long)]
        apt: bool,
        /// The unit acting; the superior of the one that called if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// 两头考核: how units answered what they were called for, and whom they called, by the dispatches sent in a period
    #[command(after_help = "\
examples:
  huying dispatch count --from 2026-01-01 --until 2027-01-01
  huying dispatch count --area 420102003 --from 2026-11-01 --until 2026-12-01 -o json")]
    Count(count::Count),
    /// A unit's dispatches as they change; goes on until it is ended
    #[command(after_help = "\
examples:
  huying dispatch watch DEP-yuanlin
  huying dispatch watch DEP-yuanlin --cursor 'AAAB…' -o json")]
    Watch {
        /// The called unit
        unit: String,
        /// Go on after the last answer received
        #[arg(long, value_name = "TEXT", default_value = "")]
        cursor: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let dispatch = match self {
            Self::List { unit, case, state, silent, officer, order, most } => {
                let state = state.unwrap_or(DispatchState::Unspecified).into();
                let district = client.district()?;
                let asked = ListDispatchesRequest {
                    district,
                    unit,
                    case,
                    state,
                    silent,
                    officer,
                    order: order.into(),
                    ..Default::default()
                };
                return list(session, &client, asked, most).await;
            }
            Self::Count(it) => return count::count(session, &client, it).await,
            Self::Watch { unit, cursor } => return watch(session, &client, unit, cursor).await,
            Self::Respond { id, response, note, unit } => {
                let dispatch = find(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.unit)).await?;
                let (version, response) = (dispatch.version, response.into());
                let request =
                    RespondDispatchRequest { request_id: request_id(), id, version, response, note };
                client.dispatches(&who)?.respond_dispatch(request).await?.into_inner()
            }
            Self::Appoint { id, officer, name } => {
                let dispatch = find(&client, &id).await?;
                let who = client.of_unit(&dispatch.unit).await?;
                let officer = officer.map(|subject| Officer { subject, name });
                let (version, request_id) = (dispatch.version, request_id());
                let request = AppointDispatchOfficerRequest { request_id, id, version, officer };
                client.dispatches(&who)?.appoint_dispatch_officer(request).await?.into_inner()
            }
            Self::TakeBack { id, reason, unit } => {
                let dispatch = find(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.called_by)).await?;
                let (version, request_id) = (dispatch.version, request_id());
                let request = TakeBackDispatchRequest { request_id, id, version, reason };
                client.dispatches(&who)?.take_back_dispatch(request).await?.into_inner()
            }
            Self::Relead { id, reason, unit } => {
                let dispatch = find(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.called_by)).await?;
                let (version, request_id) = (dispatch.version, request_id());
                let request = ReleadDispatchRequest { request_id, id, version, reason };
                client.dispatches(&who)?.relead_dispatch(request).await?.into_inner()
            }
            Self::Arbitrate { id, ruling, reason, apt, unit } => {
                let dispatch = find(&client, &id).await?;
                let who = arbiter(&client, &dispatch, unit).await?;
                let (version, insist) = (dispatch.version, ruling == "insist");
                let request =
                    ArbitrateDispatchRequest { request_id: request_id(), id, version, insist, reason, apt };
                client.dispatches(&who)?.arbitrate_dispatch(request).await?.into_inner()
            }
        };
        session.out.one(&dispatch, |dispatch| fields(&client, dispatch))
    }
}

async fn find(client: &Client, id: &str) -> anyhow::Result<Dispatch> {
    let request = GetDispatchRequest { id: id.to_owned() };
    Ok(client.dispatches(&client.reader()?)?.get_dispatch(request).await?.into_inner())
}

/// The superior of the unit that called; a unit at the top settles its own.
async fn arbiter(client: &Client, dispatch: &Dispatch, unit: Option<String>) -> anyhow::Result<Who> {
    if let Some(unit) = unit {
        return client.of_unit(&unit).await;
    }
    let caller = client.unit(&dispatch.called_by).await?;
    let above = if caller.superior.is_empty() { caller.code } else { caller.superior };
    client.of_unit(&above).await
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListDispatchesRequest,
    most: Most,
) -> anyhow::Result<()> {
    let dispatches = client.dispatches(&client.reader()?)?;
    let dispatches = most
        .collect(|page_size, page_token| {
            let (mut dispatches, filter) = (dispatches.clone(), filter.clone());
            async move {
                let page = ListDispatchesRequest { page_size, page_token, ..filter };
                let page = dispatches.list_dispatches(page).await?.into_inner();
                Ok((page.dispatches, page.next_page_token))
            }
        })
        .await?;
    session.out.list(
        &["number", "unit", "lead", "state", "called by", "sent", "task", "id"],
        &dispatches,
        |d| {
            vec![
                d.number.clone(),
                named(&d.unit, &d.unit_name),
                if d.lead { "主责".to_owned() } else { String::new() },
                state(d),
                named(&d.called_by, &d.called_by_name),
                client.when(d.send_time.as_ref()),
                d.task.chars().take(24).collect(),
                d.id.clone(),
            ]
        },
    )
}

fn fields(client: &Client, dispatch: &Dispatch) -> Vec<(&'static str, String)> {
    vec![
        ("number", dispatch.number.clone()),
        ("id", dispatch.id.clone()),
        ("case", dispatch.case.clone()),
        ("unit", named(&dispatch.unit, &dispatch.unit_name)),
        ("lead", if dispatch.lead { "yes 主责".to_owned() } else { String::new() }),
        ("state", dispatch.state().both()),
        ("binding", if dispatch.binding { "yes".to_owned() } else { String::new() }),
        ("silent", silences(dispatch)),
        ("officer", dispatch.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name))),
        ("called by", named(&dispatch.called_by, &dispatch.called_by_name)),
        ("arbiter", named(&dispatch.arbiter, &dispatch.arbiter_name)),
        ("task", dispatch.task.clone()),
        ("note", dispatch.note.clone()),
        ("ruling", dispatch.ruling.as_ref().map_or_else(String::new, |it| ruling(client, it))),
        ("category", dispatch.category.clone()),
        ("area", dispatch.area.clone()),
        ("address", dispatch.location.as_ref().map_or_else(String::new, |location| location.address.clone())),
        ("clocks", clocks(client, &dispatch.clocks)),
        ("sent", client.when(dispatch.send_time.as_ref())),
        ("version", dispatch.version.to_string()),
    ]
}

/// A code and what people call it.
fn named(code: &str, name: &str) -> String {
    format!("{code} {name}").trim_end().to_owned()
}

/// Where it is, and whether its department is silent.
fn state(dispatch: &Dispatch) -> String {
    let silent = if dispatch.silent { " 逾期未报到" } else { "" };
    format!("{}{silent}", dispatch.state().chinese())
}

fn silences(dispatch: &Dispatch) -> String {
    match (dispatch.silent, dispatch.silences) {
        (false, 0) => String::new(),
        (true, times) => format!("yes 逾期未报到, {times} in all"),
        (false, times) => format!("before, {times} in all"),
    }
}

/// Why, by which unit, and when.
fn ruling(client: &Client, ruling: &DispatchRuling) -> String {
    let words = [ruling.reason.as_str(), ruling.unit.as_str()].join("  ");
    format!("{}  {}", words.trim_end(), client.when(ruling.time.as_ref()))
}

async fn watch(session: &Session, client: &Client, unit: String, cursor: String) -> anyhow::Result<()> {
    let who = client.of_unit(&unit).await?;
    let peer = client.channel("casework", &who)?.open_ended();
    let mut dispatches = DispatchServiceClient::new(peer);
    let request = WatchDispatchesRequest { district: client.district()?, unit, cursor };
    let mut changes = dispatches.watch_dispatches(request).await?.into_inner();
    while let Some(change) = changes.message().await? {
        let line = match (&change.dispatch, &change.left) {
            (Some(dispatch), _) => called(client, dispatch),
            (None, Some(left)) => gone(left),
            (None, None) => continue,
        };
        session.out.event(&change, |_| line.clone())?;
    }
    Ok(())
}

fn called(client: &Client, dispatch: &Dispatch) -> String {
    let clock = dispatch.clocks.iter().find(|clock| clock.stop_time.is_none());
    let due =
        clock.map_or_else(String::new, |clock| format!("  due {}", client.when(clock.due_time.as_ref())));
    let Dispatch { number, id, task, .. } = dispatch;
    format!("{number}  {}  {id}  {task}{due}", dispatch.state().both())
}

/// Its unit is no more.
fn gone(left: &DispatchLeft) -> String {
    format!("{}  {}  → {} {}", left.number, left.id, left.unit, left.unit_name).trim_end().to_owned()
}
