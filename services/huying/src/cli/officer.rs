//! `huying officer`: who of a unit's people is on duty, what they have in hand, and who is away.

use anyhow::ensure;
use clap::{Args, Subcommand};
use huying_chassis::clock::system_now;
use huying_proto::casework::v1::{
    Absence, AbsenceKind, EndAbsenceRequest, ListAbsencesRequest, ListOfficersRequest, RecordAbsenceRequest,
};
use huying_wire::instant;

use super::Session;
use super::names::named;
use super::page::{Most, head};
use super::session::{self, Moment};
use crate::client::{Client, request_id};
use crate::words::{self, Word};

/// Officers: who of a unit is on duty and least loaded gets the next case; who is away gets none (承办人、值班、请假)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying officer list DEP-jiaoguan
  huying officer absent DEP-jiaoguan jiaoguan-1 --kind training --until 2026-12-05
  huying officer back DEP-jiaoguan jiaoguan-1")]
pub enum Command {
    /// The unit's roster as it is now: who is on duty, who is away, and how many cases each has in hand
    #[command(after_help = "\
examples:
  huying officer list DEP-jiaoguan
  huying officer list DEP-jiaoguan -o json")]
    List {
        /// The unit
        #[arg(value_name = "UNIT")]
        unit: String,
    },
    /// Who of the unit is away, was, or will be; newest first
    #[command(after_help = "\
examples:
  huying officer absences DEP-jiaoguan --open
  huying officer absences DEP-jiaoguan --officer jiaoguan-1")]
    Absences {
        /// The unit
        #[arg(value_name = "UNIT")]
        unit: String,
        /// Only of this officer
        #[arg(long, value_name = "SUBJECT", default_value = "")]
        officer: String,
        /// Only what lasts, or is ahead
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        most: Most,
    },
    /// 请假: no case is given to the officer by itself until they are back
    #[command(after_help = "\
examples:
  huying officer absent DEP-jiaoguan jiaoguan-1 --kind training --until 2026-12-05
  huying officer absent DEP-jiaoguan jiaoguan-1 --kind leave --from 2026-12-20 --until 2027-01-03")]
    Absent {
        #[command(flatten)]
        who: Officer,
        /// Why
        #[arg(long, value_parser = words::parser::<AbsenceKind>())]
        kind: AbsenceKind,
        /// From this day or instant on; now if not given
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        from: Option<Moment>,
        /// Until before this day or instant
        #[arg(long, value_name = "TIME", value_parser = session::moment)]
        until: Moment,
    },
    /// 销假: the officer is back
    #[command(after_help = "\
examples:
  huying officer back DEP-jiaoguan jiaoguan-1
  huying officer back DEP-jiaoguan jiaoguan-1 --ahead")]
    Back {
        #[command(flatten)]
        who: Officer,
        /// What has not begun yet is off too
        #[arg(long)]
        ahead: bool,
    },
}

#[derive(Debug, Args)]
pub struct Officer {
    /// The officer's unit
    #[arg(value_name = "UNIT")]
    unit: String,
    /// The subject of the officer's token, as the roster has it
    #[arg(value_name = "SUBJECT")]
    subject: String,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let absences = match self {
            Self::List { unit } => return list(session, &client, unit).await,
            Self::Absences { unit, officer, open, most } => {
                let filter = ListAbsencesRequest { unit, subject: officer, open, ..Default::default() };
                asked(&client, filter, most).await?
            }
            Self::Absent { who, kind, from, until } => {
                let mut officers = client.officers(&client.of_unit(&who.unit).await?)?;
                let request = RecordAbsenceRequest {
                    request_id: request_id(),
                    district: client.district()?,
                    unit: who.unit,
                    subject: who.subject,
                    kind: kind.into(),
                    from_time: Some(instant::write(from.map_or_else(system_now, |from| from.at(&client)))),
                    until_time: Some(instant::write(until.at(&client))),
                };
                vec![officers.record_absence(request).await?.into_inner()]
            }
            Self::Back { who, ahead } => back(&client, who, ahead).await?,
        };
        shown(session, &client, &absences)
    }
}

async fn list(session: &Session, client: &Client, unit: String) -> anyhow::Result<()> {
    let mut officers = client.officers(&client.reader()?)?;
    let request = ListOfficersRequest { district: client.district()?, unit: unit.clone() };
    let found = officers.list_officers(request).await?.into_inner().officers;
    head(session, client, &unit)?;
    session.out.list(&["officer", "duty", "now", "open cases", "last given"], &found, |it| {
        let now = match (it.absent, it.on_duty) {
            (true, _) => "away 请假",
            (false, true) => "on duty 在岗",
            (false, false) => "off duty 不当班",
        };
        vec![
            it.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name)),
            if it.duty.is_empty() { "working time 工作时间".to_owned() } else { it.duty.clone() },
            now.to_owned(),
            it.open_cases.to_string(),
            client.when(it.appoint_time.as_ref()),
        ]
    })
}

async fn asked(client: &Client, filter: ListAbsencesRequest, most: Most) -> anyhow::Result<Vec<Absence>> {
    let mut officers = client.officers(&client.reader()?)?;
    let filter = ListAbsencesRequest { district: client.district()?, ..filter };
    most.collect(async |page_size, page_token| {
        let page = ListAbsencesRequest { page_size, page_token, ..filter.clone() };
        let page = officers.list_absences(page).await?.into_inner();
        Ok((page.absences, page.next_page_token))
    })
    .await
}

/// Ends what the officer is away for.
async fn back(client: &Client, who: Officer, ahead: bool) -> anyhow::Result<Vec<Absence>> {
    let Officer { unit, subject } = who;
    let filter = ListAbsencesRequest {
        unit: unit.clone(),
        subject: subject.clone(),
        open: true,
        ..Default::default()
    };
    let (mut officers, now) = (client.officers(&client.of_unit(&unit).await?)?, system_now());
    let mut ended = Vec::new();
    for absence in asked(client, filter, Most { limit: 200 }).await? {
        let begins = absence.from_time.as_ref().and_then(instant::read);
        if ahead || begins.is_some_and(|begins| begins <= now) {
            let Absence { id, version, .. } = absence;
            let request = EndAbsenceRequest { request_id: request_id(), id, version };
            ended.push(officers.end_absence(request).await?.into_inner());
        }
    }
    ensure!(!ended.is_empty(), "{subject} of {unit} is not away: see huying officer absences {unit} --open");
    Ok(ended)
}

fn shown(session: &Session, client: &Client, absences: &[Absence]) -> anyhow::Result<()> {
    head(session, client, "absences 请假")?;
    session.out.list(&["officer", "kind", "state", "from", "until", "back"], absences, |it| {
        vec![
            it.officer.as_ref().map_or_else(String::new, |it| named(&it.subject, &it.name)),
            it.kind().chinese().to_owned(),
            it.state().chinese().to_owned(),
            client.when(it.from_time.as_ref()),
            client.when(it.until_time.as_ref()),
            client.when(it.end_time.as_ref()),
        ]
    })
}
