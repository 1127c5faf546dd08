//! `huying meeting`: open meetings of a place, what cases got out of them, and how many there were.

use anyhow::ensure;
use clap::{Args, Subcommand};
use huying_proto::casework::v1::{
    CancelMeetingRequest, ConveneMeetingRequest, CountMeetingsRequest, ListMeetingsRequest, Meeting,
    MeetingOutcome, MeetingState, Party, PartyKind, RecordMeetingRequest, StepAllowed,
};
use huying_wire::instant;

use super::Session;
use super::case::{find, why_not};
use super::names::Names;
use super::page::{Most, head};
use super::session::{self, Moment};
use super::short::{self, Shorts};
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Open meetings: residents, their committee, property manager, firms and units deliberate over cases (开放空间、睦邻议事会)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying meeting list --state convened
  huying meeting count --from 2026-01-01 --until 2027-01-01")]
pub enum Command {
    /// Newest first
    #[command(after_help = "\
examples:
  huying meeting list --area 420102003 --state held")]
    List {
        /// Only those of this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only this state
        #[arg(long, value_parser = words::parser::<MeetingState>())]
        state: Option<MeetingState>,
        #[command(flatten)]
        most: Most,
    },
    /// One meeting, with what each case got out of it
    #[command(after_help = "\
examples:
  huying meeting show JA-20261122-000001
  huying meeting show JA-20261122-000001/2")]
    Show {
        /// The number of a case that it is about, with which of several behind it; or its id
        #[arg(value_name = "NUMBER/N")]
        id: String,
    },
    /// 召集: about one or several cases
    #[command(after_help = "\
examples:
  huying meeting convene --title 睦邻议事会 --area 420102003002 --place 同兴社区二楼 --start 2026-11-28T19:00:00+08:00 \\
      --agenda 停车位怎么分 --case JA-20261122-000001 --party residents=12 --party property_manager:同兴物业=2")]
    Convene(Convening),
    /// 记录: it was held; say of each of its cases what it got out of it
    #[command(after_help = "\
examples:
  huying meeting record JA-20261122-000001 --minutes '按楼栋轮流' --settled JA-20261122-000001='划出十个车位' --party residents=15
  huying meeting record JA-20261122-000001 --minutes '再议' --open JA-20261122-000001='物业两周内拿方案' --party residents=15")]
    Record(Recording),
    /// 取消: it is not held
    #[command(after_help = "\
examples:
  huying meeting cancel JA-20261122-000001 --reason '暴雨，改期'")]
    Cancel {
        /// The number of a case that it is about, with which of several behind it; or its id
        #[arg(value_name = "NUMBER/N")]
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The unit acting; a leader of the district if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// How many were held in a period, and what they settled, by place
    #[command(after_help = "\
examples:
  huying meeting count --from 2026-01-01 --until 2027-01-01
  huying meeting count --area 420102003 --from 2026-11-01 --until 2026-12-01 -o json")]
    Count {
        /// Only those of this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// From this day or instant on
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        from: Moment,
        /// Until before this day or instant
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        until: Moment,
    },
}

#[derive(Debug, Args)]
pub struct Convening {
    /// What it is to be called
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// The area whose matter it is; the district if not given
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Where people come together
    #[arg(long, value_name = "TEXT")]
    place: String,
    /// When it begins
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    start: Moment,
    /// What is to be talked about (repeat)
    #[arg(long, value_name = "TEXT", required = true)]
    agenda: Vec<String>,
    /// A case that it is about, by number or id (repeat)
    #[arg(long = "case", value_name = "NUMBER", required = true)]
    cases: Vec<String>,
    /// Who is invited, and how many: residents=12, firm:NAME=2 (repeat)
    #[arg(long = "party", value_name = "KIND[:NAME]=PEOPLE", value_parser = party, required = true)]
    parties: Vec<Party>,
    /// The unit acting; a leader of the district if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

#[derive(Debug, Args)]
pub struct Recording {
    /// The number of a case that it is about, with which of several behind it; or its id
    #[arg(value_name = "NUMBER/N")]
    id: String,
    /// What was said and settled on
    #[arg(long, value_name = "TEXT")]
    minutes: String,
    /// A case that was settled, and what it got (repeat)
    #[arg(long, value_name = "NUMBER=TEXT", value_parser = outcome)]
    settled: Vec<(String, String)>,
    /// A case that was not, and what it got (repeat)
    #[arg(long, value_name = "NUMBER=TEXT", value_parser = outcome)]
    open: Vec<(String, String)>,
    /// Who came, and how many: residents=12, firm:NAME=2 (repeat)
    #[arg(long = "party", value_name = "KIND[:NAME]=PEOPLE", value_parser = party, required = true)]
    parties: Vec<Party>,
    /// The unit acting; a leader of the district if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

fn party(text: &str) -> Result<Party, String> {
    let wrong = || {
        let kinds = PartyKind::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        format!("'{text}' is no party: write KIND=PEOPLE or KIND:NAME=PEOPLE, with one of {kinds}")
    };
    let (who, people) = text.rsplit_once('=').ok_or_else(wrong)?;
    let (kind, name) = who.split_once(':').unwrap_or((who, ""));
    let kind = PartyKind::parse(kind).ok_or_else(wrong)?;
    Ok(Party { kind: kind.into(), name: name.to_owned(), people: people.parse().map_err(|_| wrong())? })
}

fn outcome(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((case, outcome)) if !case.is_empty() && !outcome.is_empty() => {
            Ok((case.to_owned(), outcome.to_owned()))
        }
        Some(_) | None => Err("write NUMBER=TEXT, such as JA-20261122-000001='划出十个车位'".to_owned()),
    }
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let meeting = match self {
            Self::List { area, state, most } => {
                let (district, state) =
                    (client.district()?, state.unwrap_or(MeetingState::Unspecified).into());
                let filter = ListMeetingsRequest { district, area, state, ..Default::default() };
                return list(session, &client, filter, most).await;
            }
            Self::Count { area, from, until } => {
                let (from_time, until_time) =
                    (Some(instant::write(from.at(&client))), Some(instant::write(until.at(&client))));
                let request =
                    CountMeetingsRequest { district: client.district()?, area, from_time, until_time };
                return count(session, &client, request).await;
            }
            Self::Show { id } => short::meeting(&client, &client.reader()?, &id).await?,
            Self::Convene(it) => Box::pin(it.run(&client)).await?,
            Self::Record(it) => Box::pin(it.run(&client)).await?,
            Self::Cancel { id, reason, unit } => {
                let who = acting(&client, unit).await?;
                let Meeting { id, version, .. } = short::meeting(&client, &who, &id).await?;
                let request = CancelMeetingRequest { request_id: request_id(), id, version, reason };
                client.meetings(&who)?.cancel_meeting(request).await?.into_inner()
            }
        };
        show(session, &client, &meeting).await
    }
}

impl Convening {
    async fn run(self, client: &Client) -> anyhow::Result<Meeting> {
        let who = acting(client, self.unit).await?;
        let mut cases = Vec::with_capacity(self.cases.len());
        for case in &self.cases {
            cases.push(find(client, &who, case).await?.id);
        }
        let request = ConveneMeetingRequest {
            request_id: request_id(),
            district: client.district()?,
            area: self.area,
            place: self.place,
            title: self.title,
            agenda: self.agenda,
            cases,
            parties: self.parties,
            start_time: Some(instant::write(self.start.at(client))),
        };
        Ok(client.meetings(&who)?.convene_meeting(request).await?.into_inner())
    }
}

impl Recording {
    async fn run(self, client: &Client) -> anyhow::Result<Meeting> {
        let who = acting(client, self.unit).await?;
        let Meeting { id, version, items, .. } = short::meeting(client, &who, &self.id).await?;
        let said = self.settled.into_iter().map(|it| (it, true));
        let mut outcomes = Vec::new();
        for ((name, outcome), settled) in said.chain(self.open.into_iter().map(|it| (it, false))) {
            let of = items.iter().find(|item| item.number == name || item.case == name);
            ensure!(of.is_some(), "the meeting is not about {name}: see huying meeting show");
            let case = of.map(|item| item.case.clone()).unwrap_or_default();
            outcomes.push(MeetingOutcome { case, outcome, settled });
        }
        let (request_id, parties, minutes) = (request_id(), self.parties, self.minutes);
        let request = RecordMeetingRequest { request_id, id, version, parties, minutes, outcomes };
        Ok(client.meetings(&who)?.record_meeting(request).await?.into_inner())
    }
}

/// The unit named, or a leader of the district.
async fn acting(client: &Client, unit: Option<String>) -> anyhow::Result<Who> {
    match unit {
        Some(unit) => client.of_unit(&unit).await,
        None => client.reader(),
    }
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListMeetingsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut meetings = client.meetings(&client.reader()?)?;
    let meetings = most
        .collect(async |page_size, page_token| {
            let page = ListMeetingsRequest { page_size, page_token, ..filter.clone() };
            let page = meetings.list_meetings(page).await?.into_inner();
            Ok((page.meetings, page.next_page_token))
        })
        .await?;
    if session.out.is_json() {
        return session.out.list(&[], &meetings, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    names.learn_areas(meetings.iter().map(|it| &it.area)).await?;
    let (mut shorts, mut rows) = (Shorts::new(client), Vec::with_capacity(meetings.len()));
    for it in &meetings {
        rows.push((shorts.meeting(it).await?, it));
    }
    head(session, client, "meetings 议事会")?;
    let header = ["number", "state", "area", "title", "starts", "cases", "settled"];
    session.out.list(&header, &rows, |(number, it)| {
        vec![
            number.clone(),
            it.state().chinese().to_owned(),
            names.beside(&it.area),
            it.title.clone(),
            client.when(it.start_time.as_ref()),
            it.items.len().to_string(),
            it.settled.to_string(),
        ]
    })
}

/// Its page, with the number that it goes by.
async fn show(session: &Session, client: &Client, meeting: &Meeting) -> anyhow::Result<()> {
    if session.out.is_json() {
        return session.out.one(meeting, |_| Vec::new());
    }
    let number = Shorts::new(client).meeting(meeting).await?;
    let mut names = Names::new(client)?;
    names.learn_areas([&meeting.area]).await?;
    names.learn_units([&meeting.convener]).await?;
    head(session, client, &number)?;
    session.out.one(meeting, |meeting| fields(client, &names, (&number, meeting)))
}

async fn count(session: &Session, client: &Client, request: CountMeetingsRequest) -> anyhow::Result<()> {
    let mut meetings = client.meetings(&client.reader()?)?;
    let counts = meetings.count_meetings(request).await?.into_inner().counts;
    let mut names = Names::new(client)?;
    names.learn_areas(counts.iter().map(|it| &it.area)).await?;
    session.out.list(&["area", "held", "cases", "settled"], &counts, |it| {
        vec![names.beside(&it.area), it.held.to_string(), it.cases.to_string(), it.settled.to_string()]
    })
}

fn fields(
    client: &Client,
    names: &Names,
    (number, meeting): (&str, &Meeting),
) -> Vec<(&'static str, String)> {
    let party =
        |it: &Party| format!("{} {} {}人", it.kind().chinese(), it.name, it.people).replace("  ", " ");
    let items = meeting.items.iter().map(|it| {
        let settled = match (it.outcome.is_empty(), it.settled) {
            (true, _) => "",
            (false, true) => "  [已解决]",
            (false, false) => "  [未解决]",
        };
        format!("{}  {}{settled}", it.number, it.outcome)
    });
    vec![
        ("number", number.to_owned()),
        ("title", meeting.title.clone()),
        ("id", meeting.id.clone()),
        ("state", meeting.state().both()),
        ("area", names.beside(&meeting.area)),
        ("place", meeting.place.clone()),
        ("starts", client.when(meeting.start_time.as_ref())),
        ("convener", names.beside(&meeting.convener)),
        ("agenda", meeting.agenda.join("\n")),
        ("cases", items.collect::<Vec<_>>().join("\n")),
        ("parties", meeting.parties.iter().map(party).collect::<Vec<_>>().join("\n")),
        ("minutes", meeting.minutes.clone()),
        ("recorded", client.when(meeting.record_time.as_ref())),
        ("may", meeting.steps.iter().map(may).collect::<Vec<_>>().join("\n")),
        ("version", meeting.version.to_string()),
    ]
}

/// A step, and why it may not be taken now, where that is so.
fn may(step: &StepAllowed) -> String {
    if step.allowed { step.step.clone() } else { format!("not {}: {}", step.step, why_not(step)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_read() {
        let firm = party("firm:甲公司=2").unwrap();
        assert_eq!((firm.kind(), firm.name.as_str(), firm.people), (PartyKind::Firm, "甲公司", 2));
        assert_eq!(party("residents=12").unwrap().name, "");
        for wrong in ["residents", "people=1", "firm:甲公司=x"] {
            assert!(party(wrong).is_err(), "{wrong}");
        }
    }
}
