//! `huying dispatch`: the called departments' side.

use clap::Subcommand;
use huying_proto::casework::v1::{
    AppointDispatchOfficerRequest, ArbitrateDispatchRequest, Dispatch, DispatchLeft, DispatchOrder,
    DispatchResponse, DispatchRuling, DispatchState, ListDispatchesRequest, Officer, ReleadDispatchRequest,
    RespondDispatchRequest, TakeBackDispatchRequest, WatchDispatchesRequest, WatchDispatchesResponse,
    dispatch_service_client::DispatchServiceClient,
};

use super::Session;
use super::case::{clocks, find};
use super::names::{Names, named};
use super::page::{Most, head};
use super::short::{self, Shorts};
use crate::client::{Client, Who, follow, request_id};
use crate::words::{self, Word};

mod count;

/// Dispatches: what departments are called to do (街道呼叫、部门响应)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying dispatch list --unit DEP-yuanlin --state sent
  huying dispatch respond JA-20261122-000001/1 accept
  huying dispatch watch DEP-yuanlin")]
pub enum Command {
    /// Newest first
    #[command(after_help = "\
examples:
  huying dispatch list --unit DEP-jiaoguan
  huying dispatch list --unit DEP-jiaoguan --order due_first
  huying dispatch list --silent
  huying dispatch list --case JA-20261122-000001 -o json")]
    List {
        /// The called unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only this case's, by number or id
        #[arg(long, value_name = "NUMBER")]
        case: Option<String>,
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
    /// One dispatch, with its clocks and what was decided about it
    #[command(after_help = "\
examples:
  huying dispatch show JA-20261122-000001/1
  huying dispatch show JA-20261122-000001 -o json")]
    Show {
        /// Which: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
        id: String,
    },
    /// 报到, 完成 or 拒绝: the called department answers
    #[command(after_help = "\
examples:
  huying dispatch respond JA-20261122-000001/1 accept
  huying dispatch respond JA-20261122-000001/1 complete --note '已修剪完毕'
  huying dispatch respond JA-20261122-000001/1 decline --note '该处由市属单位养护'")]
    Respond {
        /// Which: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
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
  huying dispatch appoint JA-20261122-000001/1 lihua --name 李华")]
    Appoint {
        /// Which: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
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
  huying dispatch take-back JA-20261122-000001/1 --reason '街道已自行处置'
  huying dispatch take-back JA-20261122-000001/1 --reason '改由区里协调' --unit D-420102")]
    TakeBack {
        /// Which: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
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
  huying dispatch relead JA-20261122-000001/1 --reason '以交通疏导为主'")]
    Relead {
        /// Which is to lead: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
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
  huying dispatch arbitrate JA-20261122-000001/1 insist --reason '属其职责范围'
  huying dispatch arbitrate JA-20261122-000001/1 end --reason '由市属单位办理' --unit D-420102")]
    Arbitrate {
        /// Which: its case's number and which call on it, or its id
        #[arg(value_name = "NUMBER/N")]
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
                let case = match case {
                    Some(case) => find(&client, &client.reader()?, &case).await?.id,
                    None => String::new(),
                };
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
            Self::Show { id } => short::dispatch(&client, &id).await?,
            Self::Respond { id, response, note, unit } => {
                let dispatch = short::dispatch(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.unit)).await?;
                let (id, version, response) = (dispatch.id, dispatch.version, response.into());
                let request =
                    RespondDispatchRequest { request_id: request_id(), id, version, response, note };
                client.dispatches(&who)?.respond_dispatch(request).await?.into_inner()
            }
            Self::Appoint { id, officer, name } => {
                let dispatch = short::dispatch(&client, &id).await?;
                let who = client.of_unit(&dispatch.unit).await?;
                let officer = officer.map(|subject| Officer { subject, name });
                let (id, version, request_id) = (dispatch.id, dispatch.version, request_id());
                let request = AppointDispatchOfficerRequest { request_id, id, version, officer };
                client.dispatches(&who)?.appoint_dispatch_officer(request).await?.into_inner()
            }
            Self::TakeBack { id, reason, unit } => {
                let dispatch = short::dispatch(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.called_by)).await?;
                let (id, version, request_id) = (dispatch.id, dispatch.version, request_id());
                let request = TakeBackDispatchRequest { request_id, id, version, reason };
                client.dispatches(&who)?.take_back_dispatch(request).await?.into_inner()
            }
            Self::Relead { id, reason, unit } => {
                let dispatch = short::dispatch(&client, &id).await?;
                let who = client.of_unit(unit.as_deref().unwrap_or(&dispatch.called_by)).await?;
                let (id, version, request_id) = (dispatch.id, dispatch.version, request_id());
                let request = ReleadDispatchRequest { request_id, id, version, reason };
                client.dispatches(&who)?.relead_dispatch(request).await?.into_inner()
            }
            Self::Arbitrate { id, ruling, reason, apt, unit } => {
                let dispatch = short::dispatch(&client, &id).await?;
                let who = arbiter(&client, &dispatch, unit).await?;
                let (id, version, insist) = (dispatch.id, dispatch.version, ruling == "insist");
                let request =
                    ArbitrateDispatchRequest { request_id: request_id(), id, version, insist, reason, apt };
                client.dispatches(&who)?.arbitrate_dispatch(request).await?.into_inner()
            }
        };
        show(session, &client, &dispatch).await
    }
}

/// Its page, with the number that it goes by.
async fn show(session: &Session, client: &Client, dispatch: &Dispatch) -> anyhow::Result<()> {
    if session.out.is_json() {
        return session.out.one(dispatch, |_| Vec::new());
    }
    let number = Shorts::new(client).dispatch(dispatch).await?;
    let mut names = Names::new(client)?;
    names.learn_areas([&dispatch.area]).await?;
    names.learn_units(dispatch.ruling.iter().map(|it| &it.unit).chain(nameless(dispatch))).await?;
    head(session, client, &number)?;
    session.out.one(dispatch, |dispatch| fields(client, &names, (&number, dispatch)))
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
    let mut dispatches = client.dispatches(&client.reader()?)?;
    let dispatches = most
        .collect(async |page_size, page_token| {
            let page = ListDispatchesRequest { page_size, page_token, ..filter.clone() };
            let page = dispatches.list_dispatches(page).await?.into_inner();
            Ok((page.dispatches, page.next_page_token))
        })
        .await?;
    if session.out.is_json() {
        return session.out.list(&[], &dispatches, |_| Vec::new());
    }
    let (mut shorts, mut rows) = (Shorts::new(client), Vec::with_capacity(dispatches.len()));
    for it in &dispatches {
        rows.push((shorts.dispatch(it).await?, it));
    }
    let mut names = Names::new(client)?;
    names.learn_units(dispatches.iter().flat_map(nameless)).await?;
    head(session, client, "dispatches 呼叫")?;
    session.out.list(
        &["number", "unit", "lead", "state", "called by", "sent", "due", "task"],
        &rows,
        |(number, it)| {
            vec![
                number.clone(),
                names.or(&it.unit, &it.unit_name),
                if it.lead { "主责".to_owned() } else { String::new() },
                state(it),
                names.or(&it.called_by, &it.called_by_name),
                client.when(it.send_time.as_ref()),
                due(client, it),
                it.task.chars().take(24).collect(),
            ]
        },
    )
}

fn fields(
    client: &Client,
    names: &Names,
    (number, dispatch): (&str, &Dispatch),
) -> Vec<(&'static str, String)> {
    vec![
        ("number", number.to_owned()),
        ("id", dispatch.id.clone()),
        ("unit", names.or(&dispatch.unit, &dispatch.unit_name)),
        ("lead", if dispatch.lead { "yes 主责".to_owned() } else { String::new() }),
        ("state", dispatch.state().both()),
        ("binding", if dispatch.binding { "yes".to_owned() } else { String::new() }),
        ("silent", silences(dispatch)),
        ("officer", dispatch.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name))),
        ("called by", names.or(&dispatch.called_by, &dispatch.called_by_name)),
        ("arbiter", named(&dispatch.arbiter, &dispatch.arbiter_name)),
        ("task", dispatch.task.clone()),
        ("note", dispatch.note.clone()),
        ("ruling", dispatch.ruling.as_ref().map_or_else(String::new, |it| ruling(client, names, it))),
        ("category", dispatch.category.clone()),
        ("area", names.beside(&dispatch.area)),
        ("address", dispatch.location.as_ref().map_or_else(String::new, |location| location.address.clone())),
        ("clocks", clocks(client, &dispatch.clocks)),
        ("sent", client.when(dispatch.send_time.as_ref())),
        ("version", dispatch.version.to_string()),
    ]
}

/// Both ends of a call, where it does not name them itself.
fn nameless(it: &Dispatch) -> impl Iterator<Item = &String> {
    let ends = [(&it.unit, &it.unit_name), (&it.called_by, &it.called_by_name)];
    ends.into_iter().filter(|(_, name)| name.is_empty()).map(|(code, _)| code)
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
fn ruling(client: &Client, names: &Names, ruling: &DispatchRuling) -> String {
    let words = [ruling.reason.clone(), names.beside(&ruling.unit)].join("  ");
    format!("{}  {}", words.trim_end(), client.when(ruling.time.as_ref()))
}

async fn watch(session: &Session, client: &Client, unit: String, cursor: String) -> anyhow::Result<()> {
    let who = client.of_unit(&unit).await?;
    let peer = client.channel("casework", &who)?.open_ended();
    let dispatches = DispatchServiceClient::new(peer);
    let district = client.district()?;
    let open = async |cursor| {
        let request = WatchDispatchesRequest { district: district.clone(), unit: unit.clone(), cursor };
        Ok(dispatches.clone().watch_dispatches(request).await?.into_inner())
    };
    let mut shorts = Shorts::new(client);
    head(session, client, "dispatches 呼叫")?;
    follow(cursor, open, async |change: WatchDispatchesResponse| {
        let line = match (&change.dispatch, &change.left) {
            (Some(_), _) if session.out.is_json() => String::new(),
            (Some(it), _) => called(client, &shorts.dispatch(it).await?, it),
            (None, Some(left)) => gone(left),
            (None, None) => return Ok(()),
        };
        session.out.event(&change, |_| line.clone())
    })
    .await
}

fn called(client: &Client, number: &str, dispatch: &Dispatch) -> String {
    let due = Some(due(client, dispatch)).filter(|due| !due.is_empty());
    let due = due.map_or_else(String::new, |due| format!("  due {due}"));
    format!("{number}  {}  {}{due}", dispatch.state().both(), dispatch.task)
}

/// When the first running clock of it is red.
fn due(client: &Client, dispatch: &Dispatch) -> String {
    let running = dispatch.clocks.iter().filter(|clock| clock.stop_time.is_none());
    let due = running.filter_map(|clock| clock.due_time.as_ref());
    client.when(due.min_by_key(|at| (at.seconds, at.nanos)))
}

/// Its unit is no more.
fn gone(left: &DispatchLeft) -> String {
    format!("{}  → {}", left.number, named(&left.unit, &left.unit_name))
}
