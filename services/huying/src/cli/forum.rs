//! `huying forum`: forums that were held, and what was called for and offered there.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use huying_proto::common::v1::{Location, PriorityKind};
use huying_proto::intake::v1::{
    CountForumsRequest, Forum, ForumCall, ForumKind, GetForumRequest, HoldForumRequest, ListForumsRequest,
    OfferContent, OfferKind, OfferSide, Participant, ParticipantKind, RequestType,
};
use huying_wire::instant;
use serde::{Deserialize, Deserializer, de};

use super::Session;
use super::page::Most;
use super::session::{self, Moment};
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Forums: where people are asked together (座谈、圆桌夜聊、民情夜市、党代表5号见)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying forum hold forum.toml --unit C-330205003001
  huying forum list --area 330205003
  huying forum count --from 2026-01-01 --until 2027-01-01")]
pub enum Command {
    /// Enter a forum that was held: its calls become requests that the host owes, its offers offers
    #[command(after_help = "\
examples:
  huying forum hold forum.toml --unit C-330205003001
A file says what was held, who came, what each called for and what was offered in turn:
  kind = \"round_table\"       # talk, round_table, night_market, delegate_day
  area = \"330205003001\"
  place = \"居民议事厅\"
  time = \"2026-11-20T19:00:00+08:00\"
  topic = \"停车\"
  [[participant]]
  kind = \"resident\"          # resident, enterprise, grassroots, delegate, resident_unit, officer
  name = \"…\"
  unit = \"1 幢\"
  phone = \"…\"
  [[call]]
  participant = 1            # 第几位；不写就是没说
  content = \"晚上没有地方停车\"
  type = \"suggestion\"
  concerns = [\"disabled\"]    # 重点人群
  [[offer]]
  kind = \"service\"           # service, need
  side = \"resident_unit\"     # resident_unit, community
  party = \"某中学\"
  title = \"周末开放操场\"")]
    Hold {
        /// A TOML file
        file: PathBuf,
        /// The unit that held it and owes the answers
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// Idempotency key (a UUID): the same one again gets the first answer
        #[arg(long, value_name = "UUID")]
        request_id: Option<String>,
    },
    /// One forum
    #[command(after_help = "\
examples:
  huying forum show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// Its id
        id: String,
    },
    /// Held last first
    #[command(after_help = "\
examples:
  huying forum list --kind night_market
  huying forum list --area 330205003 -n 200")]
    List {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only this kind
        #[arg(long, value_parser = words::parser::<ForumKind>())]
        kind: Option<ForumKind>,
        #[command(flatten)]
        most: Most,
    },
    /// How many were held in a period, who came, what was called for and offered
    #[command(after_help = "\
examples:
  huying forum count --from 2026-01-01 --until 2027-01-01
  huying forum count --area 330205003 --from 2026-11-01 --until 2026-12-01 -o json")]
    Count {
        /// Only those in this area
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

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        match self {
            Self::Hold { file, unit, request_id } => {
                hold(session, &client, (district, unit), &file, request_id).await
            }
            Self::Show { id } => {
                let mut reader = client.forums(&Who::Desk { area: district })?;
                one(session, &client, &reader.get_forum(GetForumRequest { id }).await?.into_inner())
            }
            Self::List { area, kind, most } => {
                let kind = kind.unwrap_or(ForumKind::Unspecified).into();
                list(session, &client, ListForumsRequest { district, area, kind, ..Default::default() }, most)
                    .await
            }
            Self::Count { area, from, until } => {
                let request = CountForumsRequest {
                    district,
                    area,
                    from_time: Some(instant::write(from.at(&client))),
                    to_time: Some(instant::write(until.at(&client))),
                };
                let mut reader = client.forums(&client.reader()?)?;
                let counted = reader.count_forums(request).await?.into_inner();
                session.out.list(&["kind", "forums", "people", "requests", "offers"], &counted.counts, |it| {
                    let counts = [it.forums, it.participants, it.requests, it.offers];
                    let counts = counts.iter().map(ToString::to_string);
                    std::iter::once(it.kind().chinese().to_owned()).chain(counts).collect()
                })
            }
        }
    }
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListForumsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut reader = client.forums(&client.reader()?)?;
    let forums = most
        .collect(async |page_size, page_token| {
            let page = ListForumsRequest { page_size, page_token, ..filter.clone() };
            let page = reader.list_forums(page).await?.into_inner();
            Ok((page.forums, page.next_page_token))
        })
        .await?;
    let heads = ["held", "kind", "area", "place", "host", "people", "requests", "offers", "id"];
    session.out.list(&heads, &forums, |it| {
        vec![
            client.when(it.hold_time.as_ref()),
            it.kind().chinese().to_owned(),
            it.area.clone(),
            it.place.clone(),
            it.host.clone(),
            it.participant_count.to_string(),
            it.requests.len().to_string(),
            it.offers.len().to_string(),
            it.id.clone(),
        ]
    })
}

fn one(session: &Session, client: &Client, forum: &Forum) -> anyhow::Result<()> {
    let came = |it: &Participant| {
        format!("{} {} {} {}", it.kind().chinese(), it.name, it.unit, it.phone).trim().to_owned()
    };
    session.out.one(forum, |it| {
        vec![
            ("id", it.id.clone()),
            ("kind", it.kind().both()),
            ("area", it.area.clone()),
            ("place", it.place.clone()),
            ("held", client.when(it.hold_time.as_ref())),
            ("host", it.host.clone()),
            ("topic", it.topic.clone()),
            ("people", it.participant_count.to_string()),
            ("came", it.participants.iter().map(came).collect::<Vec<_>>().join("\n")),
            ("requests", it.requests.iter().map(|it| it.number.clone()).collect::<Vec<_>>().join(", ")),
            ("offers", it.offers.join(", ")),
        ]
    })
}

/// A forum as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    #[serde(deserialize_with = "word")]
    kind: ForumKind,
    area: String,
    place: String,
    time: toml::value::Datetime,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    participant: Vec<Came>,
    #[serde(default)]
    call: Vec<Called>,
    #[serde(default)]
    offer: Vec<Offered>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Came {
    #[serde(deserialize_with = "word")]
    kind: ParticipantKind,
    #[serde(default)]
    name: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    phone: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Called {
    #[serde(default)]
    participant: u32,
    content: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    area: String,
    #[serde(default, rename = "type", deserialize_with = "maybe")]
    kind: Option<RequestType>,
    #[serde(default)]
    category: String,
    #[serde(default)]
    concerns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offered {
    #[serde(deserialize_with = "word")]
    kind: OfferKind,
    #[serde(deserialize_with = "word")]
    side: OfferSide,
    party: String,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    contact: String,
}

fn word<'de, D: Deserializer<'de>, W: Word>(from: D) -> Result<W, D::Error> {
    let given = String::deserialize(from)?;
    W::parse(&given).ok_or_else(|| unknown::<W, D::Error>(&given))
}

fn maybe<'de, D: Deserializer<'de>, W: Word>(from: D) -> Result<Option<W>, D::Error> {
    word(from).map(Some)
}

fn unknown<W: Word, E: de::Error>(given: &str) -> E {
    let known: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
    E::custom(format!("'{given}' is none of {}", known.join(", ")))
}

impl Called {
    fn call(self) -> anyhow::Result<ForumCall> {
        let somewhere = !(self.address.is_empty() && self.area.is_empty());
        let concerns = self.concerns.iter().map(|given| {
            let known =
                || crate::failure::wrong(format!("'{given}' is no kind of people"), "correct this word");
            Ok(i32::from(PriorityKind::parse(given).ok_or_else(known)?))
        });
        Ok(ForumCall {
            participant: self.participant,
            concerns: concerns.collect::<anyhow::Result<_>>()?,
            content: self.content,
            location: somewhere.then_some(Location { address: self.address, area: self.area, point: None }),
            r#type: self.kind.unwrap_or(RequestType::Unspecified).into(),
            category: self.category,
        })
    }
}

async fn hold(
    session: &Session,
    client: &Client,
    (district, unit): (String, String),
    file: &Path,
    key: Option<String>,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let held: Held = toml::from_str(&text)
        .map_err(|error| crate::failure::wrong(error.to_string(), "correct this line"))?;
    let at = chrono::DateTime::parse_from_rfc3339(&held.time.to_string())
        .map_err(|_| crate::failure::wrong("time is no instant", "write it as 2026-11-20T19:00:00+08:00"))?;
    let came = |it: Came| Participant { kind: it.kind.into(), name: it.name, unit: it.unit, phone: it.phone };
    let offered = |it: Offered| OfferContent {
        kind: it.kind.into(),
        side: it.side.into(),
        party: it.party,
        title: it.title,
        text: it.text,
        contact: it.contact,
        until_time: None,
    };
    let request = HoldForumRequest {
        request_id: key.unwrap_or_else(request_id),
        district,
        area: held.area,
        kind: held.kind.into(),
        place: held.place,
        hold_time: Some(instant::write(at.to_utc())),
        host: unit.clone(),
        topic: held.topic,
        participants: held.participant.into_iter().map(came).collect(),
        calls: held.call.into_iter().map(Called::call).collect::<anyhow::Result<_>>()?,
        offers: held.offer.into_iter().map(offered).collect(),
    };
    let who = client.of_unit(&unit).await?;
    one(session, client, &client.forums(&who)?.hold_forum(request).await?.into_inner())
}
