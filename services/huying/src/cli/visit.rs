//! `huying visit`: who was visited, what was found, and who was not visited.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use huying_proto::common::v1::PriorityKind;
use huying_proto::intake::v1::{
    ArchiveKind, CountVisitsRequest, Coverage, DueReason, Finding, FindingKind, Found, GetArchiveRequest,
    GetCoverageRequest, GetVisitRequest, ListVisitsDueRequest, ListVisitsRequest, ObligeVisitRequest,
    Receipt, RecordVisitRequest, RequestType, Visit, VisitCount, Visited, VisitedKind,
};
use huying_wire::instant;

use super::Session;
use super::archive;
use super::page::{Most, head, sum};
use super::session::{self, Moment};
use crate::client::{Client, Who, request_id};
use crate::output::note;
use crate::words::{self, Word};

/// Visits to households and enterprises, what they find, and who was not visited (民情双访、走访)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying visit list --area 420102003
  huying visit count --from 2026-11-01
  huying visit coverage --since 2026-11-15")]
pub enum Command {
    /// 记录: a visit with its findings; requests and entries of the ledger of risks are made of them
    #[command(after_help = "\
examples:
  huying visit record --unit G-420102003002001 --area 420102003002001 --kind household --name 某居民 --address '二号楼 3-201' \\
      --contact 13800138000 --team 网格员某 --night --request '楼道灯不亮' --danger '楼道堆放液化气瓶' --need 送药上门
  huying visit record --unit G-420102003002001 --archive 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --team 网格员某 --conflict '两户为排水争吵'")]
    Record(Box<Recording>),
    /// Newest first
    #[command(after_help = "\
examples:
  huying visit list --area 420102003 --kind enterprise
  huying visit list --of G-420102003002001 --from 2026-11-01 --until 2026-12-01")]
    List {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only to these
        #[arg(long, value_parser = words::parser::<VisitedKind>())]
        kind: Option<VisitedKind>,
        /// Only of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        of: String,
        /// From this day or instant on
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        from: Option<Moment>,
        /// Until before this day or instant
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        until: Option<Moment>,
        #[command(flatten)]
        most: Most,
    },
    /// One visit, with what became of its findings
    #[command(after_help = "\
examples:
  huying visit show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d
  huying visit show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001")]
    Show {
        /// The visit's id
        id: String,
        /// The unit that looks, which sees who was visited if it went there; a leader of the district if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// How many there were and what they found, by area and by whom they were to
    #[command(after_help = "\
examples:
  huying visit count --from 2026-01-01 --until 2027-01-01
  huying visit count --area 420102003 -o json")]
    Count {
        /// Only those in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// From this day or instant on
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        from: Option<Moment>,
        /// Until before this day or instant
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        until: Option<Moment>,
    },
    /// 待访: whom somebody has to visit, what is due first before what is due later
    #[command(after_help = "\
examples:
  huying visit due --area 420102003
  huying visit due --kind enterprise --until 2026-12-01 --unit S-420102003")]
    Due {
        /// Only in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only these
        #[arg(long, value_parser = words::parser::<ArchiveKind>())]
        kind: Option<ArchiveKind>,
        /// Those due before this day or instant; those missed by now, if not given
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        until: Option<Moment>,
        /// The unit that looks; a leader of the district if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// 必访: something happened that obliges a visit
    #[command(after_help = "\
examples:
  huying visit oblige 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --reason safety_accident --on 2026-11-27 --unit S-420102003")]
    Oblige {
        /// The archive's id
        archive: String,
        /// What happened
        #[arg(long, value_parser = words::parser::<DueReason>())]
        reason: DueReason,
        /// On which day
        #[arg(long, value_name = "DAY")]
        on: NaiveDate,
        /// The unit that says so
        #[arg(long, value_name = "CODE")]
        unit: String,
    },
    /// 走村不漏户: how many have an archive, how many of them were visited and how many were not
    #[command(after_help = "\
examples:
  huying visit coverage --since 2026-11-15
  huying visit coverage --area 420102003 --since 2026-11-01 -o json
Who was not visited: huying archive list --unvisited-since 2026-11-15")]
    Coverage {
        /// Only in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Visited from this day or instant on; ever, if not given
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        since: Option<Moment>,
    },
}

#[derive(Debug, Args)]
pub struct Recording {
    /// The visiting unit
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// The archive of whom was visited; else say who and where
    #[arg(long, value_name = "ID", conflicts_with_all = ["area", "kind", "name", "address", "contact", "code", "priority"])]
    archive: Option<String>,
    /// Where
    #[arg(long, value_name = "CODE", required_unless_present = "archive")]
    area: Option<String>,
    /// Whom it was to
    #[arg(long, value_parser = words::parser::<VisitedKind>(), required_unless_present = "archive")]
    kind: Option<VisitedKind>,
    /// Who was visited
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
    /// In the evening
    #[arg(long)]
    night: bool,
    /// Who went (repeat)
    #[arg(long, value_name = "NAME", required = true)]
    team: Vec<String>,
    /// What was said
    #[arg(long, value_name = "TEXT", default_value = "")]
    notes: String,
    /// On what occasion
    #[arg(long, value_name = "TEXT", default_value = "")]
    occasion: String,
    /// When; now if not given
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    when: Option<Moment>,
    /// 诉求: something asked for (repeat)
    #[arg(long, value_name = "TEXT")]
    request: Vec<String>,
    /// What kind of requests they are
    #[arg(long = "type", value_parser = words::parser::<RequestType>())]
    kind_of_request: Option<RequestType>,
    /// 矛盾: a conflict that was noticed (repeat)
    #[arg(long, value_name = "TEXT")]
    conflict: Vec<String>,
    /// 隐患: a hidden danger that was noticed (repeat)
    #[arg(long, value_name = "TEXT")]
    danger: Vec<String>,
    /// Something that is needed, for the archive (repeat)
    #[arg(long, value_name = "TEXT")]
    need: Vec<String>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        match self {
            Self::Record(it) => Box::pin(it.run(session, &client, district)).await,
            Self::List { area, kind, of, from, until, most } => {
                let filter = ListVisitsRequest {
                    district,
                    area,
                    kind: kind.unwrap_or(VisitedKind::Unspecified).into(),
                    unit: of,
                    from_time: from.map(|at| instant::write(at.at(&client))),
                    until_time: until.map(|at| instant::write(at.at(&client))),
                    ..Default::default()
                };
                list(session, &client, filter, most).await
            }
            Self::Show { id, unit } => {
                let who = looking(&client, unit).await?;
                let visit = client.visits(&who)?.get_visit(GetVisitRequest { id }).await?.into_inner();
                show(session, &client, &visit, &[])
            }
            Self::Count { area, from, until } => {
                let request = CountVisitsRequest {
                    district,
                    area,
                    from_time: from.map(|at| instant::write(at.at(&client))),
                    until_time: until.map(|at| instant::write(at.at(&client))),
                    page_token: String::new(),
                };
                count(session, &client, request).await
            }
            Self::Due { area, kind, until, unit, most } => {
                let filter = ListVisitsDueRequest {
                    district,
                    area,
                    kind: kind.unwrap_or(ArchiveKind::Unspecified).into(),
                    until_time: until.map(|at| instant::write(at.at(&client))),
                    ..Default::default()
                };
                due(session, &client, unit, filter, most).await
            }
            Self::Oblige { archive, reason, on, unit } => {
                let mut archives = client.archives(&client.of_unit(&unit).await?)?;
                let seen = archives.get_archive(GetArchiveRequest { id: archive }).await?.into_inner();
                let request = ObligeVisitRequest {
                    request_id: request_id(),
                    id: seen.id,
                    version: seen.version,
                    reason: reason.into(),
                    on: on.to_string(),
                };
                archive::show(session, &client, &archives.oblige_visit(request).await?.into_inner())
            }
            Self::Coverage { area, since } => {
                let since_time = since.map(|at| instant::write(at.at(&client)));
                let request = GetCoverageRequest { district, area, since_time, page_token: String::new() };
                coverage(session, &client, request).await
            }
        }
    }
}

/// The unit that looks, or a leader of the district.
pub async fn looking(client: &Client, unit: Option<String>) -> anyhow::Result<Who> {
    match unit {
        Some(unit) => client.of_unit(&unit).await,
        None => client.reader(),
    }
}

impl Recording {
    async fn run(self, session: &Session, client: &Client, district: String) -> anyhow::Result<()> {
        let who = client.of_unit(&self.unit).await?;
        let kind = self.kind_of_request.unwrap_or(RequestType::Unspecified).into();
        let of = |kind: FindingKind, texts: Vec<String>| {
            texts.into_iter().map(move |content| Finding { kind: kind.into(), content, ..Default::default() })
        };
        let requests = of(FindingKind::Request, self.request).map(|it| Finding { r#type: kind, ..it });
        let conflicts = of(FindingKind::Conflict, self.conflict);
        let dangers = of(FindingKind::HiddenDanger, self.danger);
        let visited = Visited {
            name: self.name,
            address: self.address,
            contact: self.contact,
            code: self.code,
            priority: self.priority.into_iter().map(Into::into).collect(),
        };
        let request = RecordVisitRequest {
            request_id: request_id(),
            district,
            visited: self.archive.is_none().then_some(visited),
            archive: self.archive.unwrap_or_default(),
            area: self.area.unwrap_or_default(),
            kind: self.kind.unwrap_or(VisitedKind::Unspecified).into(),
            night: self.night,
            diary: 0,
            unit: self.unit,
            team: self.team,
            notes: self.notes,
            occasion: self.occasion,
            visit_time: self.when.map(|at| instant::write(at.at(client))),
            findings: requests.chain(conflicts).chain(dangers).collect(),
            needs: self.need,
        };
        let recorded = client.visits(&who)?.record_visit(request).await?.into_inner();
        show(session, client, &recorded.visit.unwrap_or_default(), &recorded.receipts)
    }
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListVisitsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut reader = client.visits(&client.reader()?)?;
    let visits = most
        .collect(async |page_size, page_token| {
            let page = ListVisitsRequest { page_size, page_token, ..filter.clone() };
            let page = reader.list_visits(page).await?.into_inner();
            Ok((page.visits, page.next_page_token))
        })
        .await?;
    head(session, client, "visits")?;
    session.out.list(
        &["time", "area", "kind", "night", "unit", "occasion", "found", "id"],
        &visits,
        |visit| {
            vec![
                client.when(visit.visit_time.as_ref()),
                visit.area.clone(),
                visit.kind().chinese().to_owned(),
                if visit.night { "夜访" } else { "" }.to_owned(),
                visit.unit.clone(),
                visit.occasion.clone(),
                visit.found.len().to_string(),
                visit.id.clone(),
            ]
        },
    )
}

fn show(session: &Session, client: &Client, visit: &Visit, receipts: &[Receipt]) -> anyhow::Result<()> {
    let found = |it: &Found| format!("{} {} {}", it.kind().both(), it.number, it.id);
    let Visited { name, address, contact, .. } = visit.visited.clone().unwrap_or_default();
    let visited = [name, address, contact].join(" ").trim().to_owned();
    session.out.one(visit, |visit| {
        vec![
            ("id", visit.id.clone()),
            ("time", client.when(visit.visit_time.as_ref())),
            ("area", visit.area.clone()),
            ("kind", visit.kind().both()),
            ("visited", visited.clone()),
            ("night", if visit.night { "yes 夜访" } else { "no" }.to_owned()),
            ("diary", visit.diary().both()),
            ("unit", visit.unit.clone()),
            ("team", visit.team.join(", ")),
            ("occasion", visit.occasion.clone()),
            ("notes", visit.notes.clone()),
            ("found", visit.found.iter().map(found).collect::<Vec<_>>().join("\n")),
            ("archive", visit.archive.clone()),
            ("needs without room", visit.unkept_needs.join("\n")),
        ]
    })?;
    for Receipt { number, tracking_token } in receipts {
        note(&format!("{number} is tracked with {tracking_token}"))?;
    }
    Ok(())
}

async fn count(session: &Session, client: &Client, request: CountVisitsRequest) -> anyhow::Result<()> {
    let mut reader = client.visits(&client.reader()?)?;
    let ask = async |page_token| {
        let answer =
            reader.count_visits(CountVisitsRequest { page_token, ..request.clone() }).await?.into_inner();
        Ok((answer.counts, answer.next_page_token))
    };
    let same = |one: &VisitCount, two: &VisitCount| (&one.area, one.kind) == (&two.area, two.kind);
    let add = |sum: &mut VisitCount, it: &VisitCount| {
        sum.visits += it.visits;
        sum.nights += it.nights;
        sum.findings += it.findings;
        sum.requests += it.requests;
        sum.risks += it.risks;
    };
    let counts = sum(ask, same, add).await?;
    head(session, client, "visits")?;
    session.out.list(&["area", "kind", "visits", "nights", "findings", "requests", "risks"], &counts, |it| {
        vec![
            it.area.clone(),
            it.kind().chinese().to_owned(),
            it.visits.to_string(),
            it.nights.to_string(),
            it.findings.to_string(),
            it.requests.to_string(),
            it.risks.to_string(),
        ]
    })
}

async fn due(
    session: &Session,
    client: &Client,
    unit: Option<String>,
    filter: ListVisitsDueRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut reader = client.archives(&looking(client, unit).await?)?;
    let archives = most
        .collect(async |page_size, page_token| {
            let page = ListVisitsDueRequest { page_size, page_token, ..filter.clone() };
            let page = reader.list_visits_due(page).await?.into_inner();
            Ok((page.archives, page.next_page_token))
        })
        .await?;
    head(session, client, "visits due")?;
    let columns = ["due", "area", "kind", "last visit", "who", "unit", "archive"];
    session.out.list(&columns, &archives, |it| {
        vec![
            it.dues.iter().map(archive::due).collect::<Vec<_>>().join("; "),
            it.area.clone(),
            it.kind().chinese().to_owned(),
            client.when(it.visit_time.as_ref()),
            it.visited.as_ref().map(|who| format!("{} {}", who.name, who.address)).unwrap_or_default(),
            it.unit.clone(),
            it.id.clone(),
        ]
    })
}

async fn coverage(session: &Session, client: &Client, request: GetCoverageRequest) -> anyhow::Result<()> {
    let mut reader = client.archives(&client.reader()?)?;
    let ask = async |page_token| {
        let answer =
            reader.get_coverage(GetCoverageRequest { page_token, ..request.clone() }).await?.into_inner();
        Ok((answer.coverage, answer.next_page_token))
    };
    let same = |one: &Coverage, two: &Coverage| (&one.area, one.kind) == (&two.area, two.kind);
    let add = |sum: &mut Coverage, it: &Coverage| {
        sum.archives += it.archives;
        sum.visited += it.visited;
        sum.not_visited += it.not_visited;
    };
    let all = sum(ask, same, add).await?;
    head(session, client, "coverage")?;
    session.out.list(&["area", "kind", "archives", "visited", "not visited"], &all, |it| {
        vec![
            it.area.clone(),
            it.kind().chinese().to_owned(),
            it.archives.to_string(),
            it.visited.to_string(),
            it.not_visited.to_string(),
        ]
    })
}
