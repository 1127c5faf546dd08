//! `huying audit`: who read names and phones, and reading them.

use clap::{Args, Subcommand};
use huying_chassis::peers::Peer;
use huying_proto::intake::v1::{
    GetContactRequest, GetOccupantRequest, GetParticipantsRequest, GetReporterRequest, GetRequestRequest,
    GetVisitedRequest, ListReadsRequest, Read, Reporter, Visited, person_service_client::PersonServiceClient,
};
use huying_wire::instant;
use uuid::Uuid;

use super::Session;
use super::page::{Most, head};
use super::session::{self, Moment};
use crate::client::{Client, Who};
use crate::words::Word;

/// Names and phones in full, each on record, and who read them
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying audit reads --request JA-20261122-000001
  huying audit reporter JA-20261122-000001 --unit G-420102003002001")]
pub enum Command {
    /// Who read names and phones in the district, the newest first
    #[command(after_help = "\
examples:
  huying audit reads --request JA-20261122-000001
  huying audit reads --subject officer:wang --from 2026-11-01 --to 2026-12-01
  huying audit reads --of 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d -o json")]
    Reads(Reads),
    /// Who called, in full; this is kept on record
    #[command(after_help = "\
examples:
  huying audit reporter JA-20261122-000001
  huying audit reporter JA-20261122-000001 --unit G-420102003002001")]
    Reporter(Whose),
    /// Who was visited, in full; this is kept on record
    #[command(after_help = "\
examples:
  huying audit visited 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001")]
    Visited(Whose),
    /// Who lives or works at an archive, in full; this is kept on record
    #[command(after_help = "\
examples:
  huying audit occupant 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit G-420102003002001")]
    Occupant(Whose),
    /// Who came to a forum, in full; this is kept on record
    #[command(after_help = "\
examples:
  huying audit participants 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit C-420102003002")]
    Participants(Whose),
    /// Whom to speak with about what is offered or needed, in full; this is kept on record
    #[command(after_help = "\
examples:
  huying audit contact 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --unit C-420102003002")]
    Contact(Whose),
}

#[derive(Args, Debug)]
pub struct Reads {
    /// Only of this request, by its number or id
    #[arg(long, value_name = "ID", default_value = "", conflicts_with = "of")]
    request: String,
    /// Only of this visit, archive, forum or offer, by its id
    #[arg(long, value_name = "ID", default_value = "")]
    of: String,
    /// Only by this subject
    #[arg(long, value_name = "TEXT", default_value = "")]
    subject: String,
    /// From this day or instant on
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    from: Option<Moment>,
    /// Until before this day or instant
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    to: Option<Moment>,
    #[command(flatten)]
    most: Most,
}

#[derive(Args, Debug)]
pub struct Whose {
    /// Of which: a request's number or id, else an id
    id: String,
    /// The unit that reads; the district's desk if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self {
            Self::Reads(reads) => reads.run(session, &client).await,
            Self::Reporter(whose) => {
                let mut persons = whose.persons(&client).await?;
                let id = of_request(&client, &whose.id).await?;
                let told = persons.get_reporter(GetReporterRequest { id }).await?.into_inner();
                session.out.one(&told, |told| {
                    let more = told.extensions.iter().map(|(key, value)| format!("{key}={value}"));
                    let more = more.collect::<Vec<_>>().join("\n");
                    let fields = told.reporter.as_ref().map(reporter).unwrap_or_default();
                    fields.into_iter().chain([("extensions", more)]).collect()
                })
            }
            Self::Visited(whose) => {
                let mut persons = whose.persons(&client).await?;
                let told = persons.get_visited(GetVisitedRequest { id: whose.id }).await?.into_inner();
                session.out.one(&told, |told| told.visited.as_ref().map(visited).unwrap_or_default())
            }
            Self::Occupant(whose) => {
                let mut persons = whose.persons(&client).await?;
                let told = persons.get_occupant(GetOccupantRequest { id: whose.id }).await?.into_inner();
                session.out.one(&told, |told| told.visited.as_ref().map(visited).unwrap_or_default())
            }
            Self::Contact(whose) => {
                let mut persons = whose.persons(&client).await?;
                let told = persons.get_contact(GetContactRequest { id: whose.id }).await?.into_inner();
                session.out.one(&told, |told| vec![("contact", told.contact.clone())])
            }
            Self::Participants(whose) => {
                let mut persons = whose.persons(&client).await?;
                let ask = GetParticipantsRequest { id: whose.id };
                let told = persons.get_participants(ask).await?.into_inner().participants;
                session.out.list(&["who", "name", "of", "phone"], &told, |it| {
                    vec![it.kind().both(), it.name.clone(), it.unit.clone(), it.phone.clone()]
                })
            }
        }
    }
}

impl Whose {
    async fn persons(&self, client: &Client) -> anyhow::Result<PersonServiceClient<Peer>> {
        let who = match &self.unit {
            Some(unit) => client.of_unit(unit).await?,
            None => Who::Desk { area: client.district()? },
        };
        client.persons(&who)
    }
}

impl Reads {
    async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let whose = match self.request.is_empty() {
            true => self.of,
            false => of_request(client, &self.request).await?,
        };
        let filter = ListReadsRequest {
            district: client.district()?,
            whose,
            subject: self.subject,
            from_time: self.from.map(|at| instant::write(at.at(client))),
            to_time: self.to.map(|at| instant::write(at.at(client))),
            ..Default::default()
        };
        let mut persons = client.persons(&Who::Operator)?;
        let reads = self
            .most
            .collect(async |page_size, page_token| {
                let page = ListReadsRequest { page_size, page_token, ..filter.clone() };
                let page = persons.list_reads(page).await?.into_inner();
                Ok((page.reads, page.next_page_token))
            })
            .await?;
        head(session, client, "reads 查阅记录")?;
        let columns = ["time", "subject", "roles", "unit", "of", "id", "rpc", "told"];
        session.out.list(&columns, &reads, |it| {
            vec![
                client.when(it.read_time.as_ref()),
                it.subject.clone(),
                it.roles.join(", "),
                it.unit.clone(),
                it.kind().chinese().to_owned(),
                it.whose.clone(),
                it.rpc.clone(),
                told(it),
            ]
        })
    }
}

/// The id of a request that is named by its number or its id.
async fn of_request(client: &Client, named: &str) -> anyhow::Result<String> {
    if Uuid::try_parse(named).is_ok() {
        return Ok(named.to_owned());
    }
    let get = GetRequestRequest { id: named.to_owned() };
    Ok(client.requests(&client.reader()?)?.get_request(get).await?.into_inner().id)
}

fn told(it: &Read) -> String {
    let told = [(it.name, "name 姓名"), (it.phone, "phone 电话"), (it.other, "other 其他")];
    told.iter().filter(|(holds, _)| *holds).map(|(_, what)| *what).collect::<Vec<_>>().join(", ")
}

fn reporter(it: &Reporter) -> Vec<(&'static str, String)> {
    vec![
        ("kind", it.kind().both()),
        ("name", it.name.clone()),
        ("phone", it.phone.clone()),
        ("second phone", it.second_phone.clone()),
        ("on behalf of", it.on_behalf_of.clone()),
        ("address", it.address.clone()),
    ]
}

fn visited(it: &Visited) -> Vec<(&'static str, String)> {
    vec![
        ("name", it.name.clone()),
        ("contact", it.contact.clone()),
        ("address", it.address.clone()),
        ("code", it.code.clone()),
    ]
}
