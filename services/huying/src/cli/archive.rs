//! `huying archive`: 需求档案, what a household or an enterprise needs and what was done.

use clap::{Args, Subcommand};
use huying_proto::common::v1::PriorityKind;
use huying_proto::intake::v1::{
    Archive, ArchiveKind, Due, GetArchiveRequest, ListArchivesRequest, Need, NeedMet, OpenArchiveRequest,
    UpdateArchiveRequest, Visited,
};
use huying_wire::instant;
use huying_words::set_in;

use super::Session;
use super::page::{Most, head};
use super::session::{self, Moment};
use super::visit::looking;
use crate::client::{Client, request_id};
use crate::words::{self, Word};

/// Archives of households and enterprises: what they need, what was done, who visited (一户一档、一企一档)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying archive list --area 420102003002 --unvisited-since 2026-11-15
  huying archive show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001")]
pub enum Command {
    /// By area, as one walks
    #[command(after_help = "\
examples:
  huying archive list --area 420102003002
  huying archive list --unvisited-since 2026-11-15 --kind household
  huying archive list --key --unit S-420102003")]
    List {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only this kind
        #[arg(long, value_parser = words::parser::<ArchiveKind>())]
        kind: Option<ArchiveKind>,
        /// Only key enterprises (重点企业)
        #[arg(long)]
        key: bool,
        /// 漏访: only those that nobody visited from this day or instant on
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        unvisited_since: Option<Moment>,
        /// The unit that looks; a leader of the district if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// One archive
    #[command(after_help = "\
examples:
  huying archive show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d
  huying archive show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001")]
    Show {
        /// The archive's id
        id: String,
        /// The unit that looks, which sees who lives or works there if it keeps the archive; a leader of the district if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// 建档: of a household or an enterprise that nobody has visited yet
    #[command(after_help = "\
examples:
  huying archive open --unit G-420102003002001 --area 420102003002001 --kind household --address '二号楼 3-201' --priority living-alone
  huying archive open --unit S-420102003 --area 420102003 --kind enterprise --code 91420102X --name 某公司 --key")]
    Open(Opening),
    /// What is needed besides, and which needs are met
    #[command(after_help = "\
examples:
  huying archive update 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001 --need 装扶手
  huying archive update 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001 --met 1=巡诊点每周送药")]
    Update {
        /// The archive's id
        id: String,
        /// The unit acting
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// Something that is needed (repeat)
        #[arg(long, value_name = "TEXT")]
        need: Vec<String>,
        /// A need that is met, and what was done (repeat)
        #[arg(long, value_name = "NUMBER=TEXT", value_parser = met)]
        met: Vec<NeedMet>,
        /// Whether it is a key enterprise
        #[arg(long)]
        key: Option<bool>,
    },
}

#[derive(Debug, Args)]
pub struct Opening {
    /// The unit that keeps it
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// Where
    #[arg(long, value_name = "CODE")]
    area: String,
    /// Whom it is about
    #[arg(long, value_parser = words::parser::<ArchiveKind>())]
    kind: ArchiveKind,
    /// Who lives or works there
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// Where they live or work
    #[arg(long, value_name = "TEXT", default_value = "")]
    address: String,
    /// Their phone
    #[arg(long, value_name = "PHONE", default_value = "")]
    contact: String,
    /// What they are known by: a house's or an enterprise's code
    #[arg(long, value_name = "CODE", default_value = "")]
    code: String,
    /// Who lives there that goes first (repeat)
    #[arg(long, value_parser = words::parser::<PriorityKind>())]
    priority: Vec<PriorityKind>,
    /// A key enterprise (重点企业)
    #[arg(long)]
    key: bool,
}

fn met(text: &str) -> Result<NeedMet, String> {
    let read = text.split_once('=').and_then(|(number, met)| Some((number.parse().ok()?, met)));
    match read {
        Some((number, met)) if !met.is_empty() => Ok(NeedMet { number, met: met.to_owned() }),
        Some(_) | None => Err("write NUMBER=TEXT, such as 1=巡诊点每周送药".to_owned()),
    }
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        let archive = match self {
            Self::List { area, kind, key, unvisited_since, unit, most } => {
                let filter = ListArchivesRequest {
                    district,
                    area,
                    kind: kind.unwrap_or(ArchiveKind::Unspecified).into(),
                    key,
                    unvisited_since_time: unvisited_since.map(|at| instant::write(at.at(&client))),
                    ..Default::default()
                };
                return list(session, &client, unit, filter, most).await;
            }
            Self::Show { id, unit } => {
                let who = looking(&client, unit).await?;
                client.archives(&who)?.get_archive(GetArchiveRequest { id }).await?.into_inner()
            }
            Self::Open(it) => it.run(&client, district).await?,
            Self::Update { id, unit, need, met, key } => {
                let mut archives = client.archives(&client.of_unit(&unit).await?)?;
                let seen = archives.get_archive(GetArchiveRequest { id }).await?.into_inner();
                let Archive { id, version, .. } = seen;
                let request = UpdateArchiveRequest {
                    request_id: request_id(),
                    id,
                    version,
                    visited: None,
                    key,
                    needs: need,
                    met,
                };
                archives.update_archive(request).await?.into_inner()
            }
        };
        show(session, &client, &archive)
    }
}

impl Opening {
    async fn run(self, client: &Client, district: String) -> anyhow::Result<Archive> {
        let mut archives = client.archives(&client.of_unit(&self.unit).await?)?;
        let visited = Visited {
            name: self.name,
            address: self.address,
            contact: self.contact,
            code: self.code,
            priority: self.priority.into_iter().map(Into::into).collect(),
        };
        let request = OpenArchiveRequest {
            request_id: request_id(),
            district,
            area: self.area,
            kind: self.kind.into(),
            visited: Some(visited),
            key: self.key,
            unit: self.unit,
        };
        Ok(archives.open_archive(request).await?.into_inner())
    }
}

async fn list(
    session: &Session,
    client: &Client,
    unit: Option<String>,
    filter: ListArchivesRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut reader = client.archives(&looking(client, unit).await?)?;
    let archives = most
        .collect(async |page_size, page_token| {
            let page = ListArchivesRequest { page_size, page_token, ..filter.clone() };
            let page = reader.list_archives(page).await?.into_inner();
            Ok((page.archives, page.next_page_token))
        })
        .await?;
    head(session, client, "archives")?;
    let columns = ["area", "kind", "key", "visits", "last", "who", "unit", "id"];
    session.out.list(&columns, &archives, |it| {
        vec![
            it.area.clone(),
            it.kind().chinese().to_owned(),
            if it.key { "重点" } else { "" }.to_owned(),
            it.visits.to_string(),
            client.when(it.visit_time.as_ref()),
            it.visited.as_ref().map(|who| format!("{} {}", who.name, who.address)).unwrap_or_default(),
            it.unit.clone(),
            it.id.clone(),
        ]
    })
}

/// `走访计划 2026-11-30 missed`.
pub fn due(due: &Due) -> String {
    let missed = if due.missed { "missed 漏访" } else { "" };
    format!("{} {} {missed}", due.reason().chinese(), due.on).trim_end().to_owned()
}

pub fn show(session: &Session, client: &Client, archive: &Archive) -> anyhow::Result<()> {
    let need =
        |it: &Need| format!("{} {} {}", it.number, set_in(&it.text), set_in(&it.met)).trim_end().to_owned();
    let visited = archive.visited.clone().unwrap_or_default();
    let priority: Vec<_> = visited.priority().map(Word::chinese).collect();
    session.out.one(archive, |it| {
        vec![
            ("id", it.id.clone()),
            ("area", it.area.clone()),
            ("kind", it.kind().both()),
            (
                "who",
                [visited.name.clone(), visited.address.clone(), visited.contact.clone()]
                    .join(" ")
                    .trim()
                    .to_owned(),
            ),
            ("code", visited.code.clone()),
            ("first", priority.join(", ")),
            ("key", if it.key { "yes 重点企业" } else { "no" }.to_owned()),
            ("unit", it.unit.clone()),
            ("visitor", format!("{} {}", it.visitor_unit, it.visitor).trim().to_owned()),
            ("needs", it.needs.iter().map(need).collect::<Vec<_>>().join("\n")),
            ("visits", it.visits.to_string()),
            ("last", client.when(it.visit_time.as_ref())),
            ("requests", it.request_count.to_string()),
            ("due", it.dues.iter().map(due).collect::<Vec<_>>().join("\n")),
            ("version", it.version.to_string()),
        ]
    })
}
