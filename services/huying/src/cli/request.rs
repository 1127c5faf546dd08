//! `huying request`: requests as intake keeps them.

use clap::Subcommand;
use huying_chassis::peers::Peer;
use huying_proto::intake::v1::{
    AddInformationRequest, AnswerRequestRequest, Channel, Flag, GetRequestRequest, JoinRequestRequest,
    ListAdditionsRequest, ListProgressRequest, ListRequestsRequest, RaiseObjectionRequest, Reporter, Request,
    RequestState, TellProgressRequest, WatchRequestsRequest, WatchRequestsResponse, WithdrawRequestRequest,
    request_service_client::RequestServiceClient,
};

use huying_proto::routing::v1::{ListTwinsRequest, twin_service_client::TwinServiceClient};

use super::Session;
use super::page::{Most, head};
use super::submit::fields;
use crate::client::{Client, Who, follow, request_id};
use crate::words::{self, Word};

/// Requests as received, and their answers
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying request list --state answering
  huying request answer JA-20261122-000001 --answer '路灯已修好'")]
pub enum Command {
    /// Newest first
    #[command(after_help = "\
examples:
  huying request list
  huying request list --state answering --owing-unit G-420102003002001
  huying request list --flag many_additions
  huying request list --external-id 20261122-7
  huying request list --climbed-to C-420102003002
  huying request list --channel hotline -n 200 -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<RequestState>())]
        state: Option<RequestState>,
        /// Only this door
        #[arg(long, value_parser = words::parser::<Channel>())]
        channel: Option<Channel>,
        /// Only those whose answer this unit still owes
        #[arg(long, value_name = "CODE", default_value = "")]
        owing_unit: String,
        /// Only those with this flag, such as many_additions
        #[arg(long, value_parser = words::parser::<Flag>())]
        flag: Option<Flag>,
        /// Only those with this number of the door
        #[arg(long, value_name = "TEXT", default_value = "")]
        external_id: String,
        /// Only those whose duty to tell the reporter was missed and climbed to this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        climbed_to: String,
        #[command(flatten)]
        most: Most,
    },
    /// What a unit took, or a platform sent, as it changes; goes on until you stop it
    #[command(after_help = "\
examples:
  huying request watch G-420102003002001
  huying request watch --door hotline -o json")]
    Watch {
        /// The unit that took them
        #[arg(required_unless_present = "door", default_value = "")]
        unit: String,
        /// Or the door by which this platform sent them
        #[arg(long, value_parser = words::parser::<Channel>(), conflicts_with = "unit")]
        door: Option<Channel>,
        /// Go on after the last answer received
        #[arg(long, value_name = "TEXT", default_value = "")]
        cursor: String,
    },
    /// One request
    #[command(after_help = "\
examples:
  huying request show JA-20261122-000001")]
    Show {
        /// The request's number or id
        id: String,
    },
    /// What its reporter said later, all of it, oldest first
    #[command(after_help = "\
examples:
  huying request additions JA-20261122-000001 -n 200")]
    Additions {
        /// The request's number or id
        id: String,
        #[command(flatten)]
        most: Most,
    },
    /// What its reporter may know of the work, all of it, oldest first
    #[command(after_help = "\
examples:
  huying request progress JA-20261122-000001 -n 200")]
    Progress {
        /// The request's number or id
        id: String,
        #[command(flatten)]
        most: Most,
    },
    /// Somebody has the same trouble and joins (我也遇到)
    #[command(after_help = "\
examples:
  huying request join JA-20261122-000001 --phone 13900000000 --content '我家门口也不亮'
  huying request join JA-20261122-000001 --unit G-420102003002001")]
    Join {
        /// The request's number or id
        id: String,
        /// Their phone: nobody is counted twice
        #[arg(long, value_name = "NUMBER", default_value = "")]
        phone: String,
        /// What they say of it
        #[arg(long, value_name = "TEXT", default_value = "")]
        content: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Requests that may be about the same matter (相似诉求), the likeliest first
    #[command(after_help = "\
examples:
  huying request twins JA-20261122-000001
  huying request twins JA-20261122-000001 --days 7 -o json")]
    Twins {
        /// The request's number or id
        request: String,
        /// How many days before or after it
        #[arg(long, default_value_t = 30)]
        days: i32,
    },
    /// Say that the reporter was told how it goes: the first contact's interval begins anew
    #[command(after_help = "\
examples:
  huying request tell JA-20261122-000001 --text '配件已到，明天上午安装'
  huying request tell JA-20261122-000001 --text '已电话告知进展' --unit C-420102003002")]
    Tell {
        /// The request's number or id
        id: String,
        /// What the reporter was told
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Say that the reporter was told the answer: discharges the first contact's duty
    #[command(after_help = "\
examples:
  huying request answer JA-20261122-000001 --answer '树已修剪，险情排除'
  huying request answer JA-20261122-000001 --answer '已电话告知' --unit G-420102003002001")]
    Answer {
        /// The request's number or id
        id: String,
        /// What the reporter was told
        #[arg(long, value_name = "TEXT")]
        answer: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// The reporter takes it back: its case closes. Never by the unit that holds the case: the desk does it then
    #[command(after_help = "\
examples:
  huying request withdraw JA-20261122-000001 --reason '已自行解决'
  huying request withdraw JA-20261122-000001 --unit D-420102")]
    Withdraw {
        /// The request's number or id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// The reporter does not accept the answer: it is worked on again. Never by the unit that holds the case: the desk does it then
    #[command(after_help = "\
examples:
  huying request object JA-20261122-000001 --reason '三楼的灯还是不亮'
  huying request object JA-20261122-000001 --reason '三楼的灯还是不亮' --unit D-420102")]
    Object {
        /// The request's number or id
        id: String,
        /// What the reporter says against the answer
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Add what the reporter says later
    #[command(after_help = "\
examples:
  huying request add JA-20261122-000001 '今天又断了两根树枝'")]
    Add {
        /// The request's number or id
        id: String,
        /// What is added
        content: String,
        /// The unit acting; the first contact if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let request = match self {
            Self::Watch { unit, door, cursor } => return watch(session, &client, (unit, door), cursor).await,
            Self::List { state, channel, owing_unit, flag, external_id, climbed_to, most } => {
                let filter = ListRequestsRequest {
                    state: state.unwrap_or(RequestState::Unspecified).into(),
                    channel: channel.unwrap_or(Channel::Unspecified).into(),
                    owing_unit,
                    external_id,
                    climbed_to,
                    flag: flag.unwrap_or(Flag::Unspecified).into(),
                    ..ListRequestsRequest::default()
                };
                return list(session, &client, filter, most).await;
            }
            Self::Additions { id, most } => {
                let id = show(&client, &id).await?.id;
                return additions(session, &client, id, most).await;
            }
            Self::Progress { id, most } => {
                let id = show(&client, &id).await?.id;
                return progress(session, &client, id, most).await;
            }
            Self::Twins { request, days } => return twins(session, &client, request, days).await,
            Self::Join { id, phone, content, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let reporter = (!phone.is_empty()).then(|| Reporter { phone, ..Reporter::default() });
                let request =
                    JoinRequestRequest { request_id: request_id(), id: id.clone(), reporter, content };
                requests.join_request(request).await?;
                show(&client, &id).await?
            }
            Self::Show { id } => show(&client, &id).await?,
            Self::Tell { id, text, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let request = TellProgressRequest { request_id: request_id(), id, text };
                requests.tell_progress(request).await?.into_inner()
            }
            Self::Answer { id, answer, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let request = AnswerRequestRequest { request_id: request_id(), id, answer };
                requests.answer_request(request).await?.into_inner()
            }
            Self::Withdraw { id, reason, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let request = WithdrawRequestRequest { request_id: request_id(), id, reason };
                requests.withdraw_request(request).await?.into_inner()
            }
            Self::Object { id, reason, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let request = RaiseObjectionRequest { request_id: request_id(), id, reason };
                requests.raise_objection(request).await?.into_inner()
            }
            Self::Add { id, content, unit } => {
                let (mut requests, id) = acting(&client, &id, unit).await?;
                let request = AddInformationRequest { request_id: request_id(), id, content };
                requests.add_information(request).await?.into_inner()
            }
        };
        head(session, &client, &request.number)?;
        session.out.one(&request, |request| fields(&client, request))
    }
}

pub(super) async fn show(client: &Client, id: &str) -> anyhow::Result<Request> {
    let request = GetRequestRequest { id: id.to_owned() };
    Ok(client.requests(&client.reader()?)?.get_request(request).await?.into_inner())
}

/// The calls of whoever may speak for the reporter, the unit that took it or else the district's desk; and the request's id.
async fn acting(
    client: &Client,
    id: &str,
    unit: Option<String>,
) -> anyhow::Result<(RequestServiceClient<Peer>, String)> {
    let request = show(client, id).await?;
    let unit = unit.unwrap_or_else(|| request.first_contact.unwrap_or_default().unit);
    let who = match unit.is_empty() {
        true => Who::Desk { area: client.district()? },
        false => client.of_unit(&unit).await?,
    };
    Ok((client.requests(&who)?, request.id))
}

async fn twins(session: &Session, client: &Client, request: String, days: i32) -> anyhow::Result<()> {
    let mut routing = TwinServiceClient::new(client.channel("routing", &client.reader()?)?);
    let twins = routing.list_twins(ListTwinsRequest { request, days, size: 0 }).await?.into_inner().twins;
    head(session, client, "twins 相似诉求")?;
    session.out.list(&["number", "likeness", "state", "submitted", "area", "content", "id"], &twins, |twin| {
        vec![
            twin.number.clone(),
            format!("{:.0} %", twin.likeness * 100.0),
            twin.state().both(),
            client.when(twin.submit_time.as_ref()),
            twin.area.clone(),
            twin.content.clone(),
            twin.request.clone(),
        ]
    })
}

async fn watch(
    session: &Session,
    client: &Client,
    (unit, door): (String, Option<Channel>),
    cursor: String,
) -> anyhow::Result<()> {
    let who = match door {
        Some(door) => Who::Platform { area: client.district()?, door: door.english() },
        None => client.of_unit(&unit).await?,
    };
    let requests = RequestServiceClient::new(client.channel("intake", &who)?.open_ended());
    let district = client.district()?;
    let open = async |cursor| {
        let request = WatchRequestsRequest { district: district.clone(), unit: unit.clone(), cursor };
        Ok(requests.clone().watch_requests(request).await?.into_inner())
    };
    head(session, client, "requests 诉求")?;
    follow(cursor, open, async |change: WatchRequestsResponse| {
        let line = match (&change.request, &change.left) {
            (Some(it), _) => format!("{}  {}  {}", it.number, it.state().both(), it.content),
            (None, Some(left)) => format!("{}  → another unit", left.number),
            (None, None) => return Ok(()),
        };
        session.out.event(&change, |_| line.clone())
    })
    .await
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListRequestsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut requests = client.requests(&client.reader()?)?;
    let filter = ListRequestsRequest { district: client.district()?, ..filter };
    let requests = most
        .collect(async |page_size, page_token| {
            let page = ListRequestsRequest { page_size, page_token, ..filter.clone() };
            let page = requests.list_requests(page).await?.into_inner();
            Ok((page.requests, page.next_page_token))
        })
        .await?;
    head(session, client, "requests 诉求")?;
    session.out.list(&["number", "state", "channel", "submitted", "content", "id"], &requests, |request| {
        vec![
            request.number.clone(),
            request.state().chinese().to_owned(),
            request.channel().chinese().to_owned(),
            client.when(request.submit_time.as_ref()),
            request.content.chars().take(30).collect(),
            request.id.clone(),
        ]
    })
}

async fn additions(session: &Session, client: &Client, id: String, most: Most) -> anyhow::Result<()> {
    let mut requests = client.requests(&client.reader()?)?;
    let additions = most
        .collect(async |page_size, page_token| {
            let page = ListAdditionsRequest { id: id.clone(), page_size, page_token };
            let page = requests.list_additions(page).await?.into_inner();
            Ok((page.additions, page.next_page_token))
        })
        .await?;
    head(session, client, "additions 补充")?;
    session.out.list(&["added", "content"], &additions, |addition| {
        vec![client.when(addition.add_time.as_ref()), addition.content.clone()]
    })
}

async fn progress(session: &Session, client: &Client, id: String, most: Most) -> anyhow::Result<()> {
    let mut requests = client.requests(&client.reader()?)?;
    let lines = most
        .collect(async |page_size, page_token| {
            let page = ListProgressRequest { id: id.clone(), page_size, page_token };
            let page = requests.list_progress(page).await?.into_inner();
            Ok((page.progress, page.next_page_token))
        })
        .await?;
    head(session, client, "progress 进展")?;
    session
        .out
        .list(&["time", "text"], &lines, |line| vec![client.when(line.time.as_ref()), line.text.clone()])
}
