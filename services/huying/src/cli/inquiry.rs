//! `huying inquiry`: delegates pick cases, inspect them and ask in public; leaders claim and answer.

mod show;

use clap::{Args, Subcommand};
use huying_proto::evaluation::v1::{
    AnswerInquiryRequest, CallbackState, ClaimInquiryRequest, GetInquiryRequest, Inquiry, InquiryState,
    JudgeInquiryRequest, OpenInquiryRequest, RecordInspectionRequest, WithdrawInquiryRequest,
};

use super::Session;
use super::case::find;
use super::page::Most;
use crate::client::{Client, Who, request_id};
use crate::words;

/// Inquiries: a delegate asks in public, a leader claims it and answers (督评、问政)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying inquiry cases --state failed
  huying inquiry inspect JA-20261122-000001 '护栏只装了一半'
  huying inquiry open '为何三天两头又堵上' --unit S-420102003 JA-20261122-000001 JA-20261122-000007
  huying inquiry claim 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --office '副区长（分管城建）'
  huying inquiry board")]
pub enum Command {
    /// As a delegate: what reporters said of resolved cases, to pick cases from
    #[command(after_help = "\
examples:
  huying inquiry cases
  huying inquiry cases --state failed --unit S-420102003 -o json")]
    Cases {
        /// Only this state
        #[arg(long, value_parser = words::parser::<CallbackState>())]
        state: Option<CallbackState>,
        /// Only what judges this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[command(flatten)]
        most: Most,
    },
    /// As a delegate: record what you found at a case, once
    #[command(after_help = "\
examples:
  huying inquiry inspect JA-20261122-000001 '护栏只装了一半'
  huying inquiry inspect JA-20261122-000001 --good '护栏装好了，车进不来'")]
    Inspect {
        /// The number of the case, or its id
        #[arg(value_name = "NUMBER")]
        case: String,
        /// It is well done
        #[arg(long)]
        good: bool,
        /// What was found; name nobody
        text: String,
    },
    /// What delegates found, the newest first
    #[command(after_help = "\
examples:
  huying inquiry inspections
  huying inquiry inspections --case JA-20261122-000001")]
    Inspections {
        /// Only of this case, by number or id
        #[arg(long, value_name = "NUMBER")]
        case: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// As a delegate: ask a unit that worked on cases about them
    #[command(after_help = "\
examples:
  huying inquiry open '为何三天两头又堵上' --unit S-420102003 JA-20261122-000001
  huying inquiry open '老树谁来修' --unit DEP-yuanlin --area 420102003 JA-20261122-000001 JA-20261122-000007")]
    Open(Open),
    /// As a leader: answer for it from now on
    #[command(after_help = "\
examples:
  huying inquiry claim 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --office '副区长（分管城建）'")]
    Claim {
        /// The inquiry's id
        id: String,
        /// In which office, for anyone to read: not a name
        #[arg(long, value_name = "TEXT")]
        office: String,
    },
    /// As the leader who claimed it: answer, for anyone to read
    #[command(after_help = "\
examples:
  huying inquiry answer 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d '已加装护栏，每周巡查两次'")]
    Answer {
        /// The inquiry's id
        id: String,
        /// The answer; name nobody
        text: String,
    },
    /// As the delegate who opened it: whether the answer solves it
    #[command(after_help = "\
examples:
  huying inquiry judge 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --solved '到现场看过，车进不来了'
  huying inquiry judge 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d '护栏只装到楼口'")]
    Judge {
        /// The inquiry's id
        id: String,
        /// It is solved; otherwise it goes back to the leader
        #[arg(long)]
        solved: bool,
        /// Why; name nobody
        note: String,
    },
    /// As the delegate who opened it: take it back, before it is answered
    #[command(after_help = "\
examples:
  huying inquiry withdraw 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --note '问错了单位'")]
    Withdraw {
        /// The inquiry's id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// The newest first
    #[command(after_help = "\
examples:
  huying inquiry list
  huying inquiry list --state open --unit S-420102003 -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<InquiryState>())]
        state: Option<InquiryState>,
        /// Only of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[command(flatten)]
        most: Most,
    },
    /// How many stand where
    #[command(after_help = "\
examples:
  huying inquiry count
  huying inquiry count --unit S-420102003")]
    Count {
        /// Only of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
    },
    /// The public board, as anyone reads it without a token
    #[command(after_help = "\
examples:
  huying inquiry board
  huying inquiry board -n 10 -o json")]
    Board {
        #[command(flatten)]
        most: Most,
    },
    /// One inquiry with its answers
    #[command(
        visible_alias = "get",
        after_help = "\
examples:
  huying inquiry show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d"
    )]
    Show {
        /// Its id
        id: String,
    },
}

#[derive(Args, Debug)]
pub struct Open {
    /// What is asked; anyone reads it once it is answered: name nobody
    question: String,
    /// Who is asked: a unit that worked on each of the cases
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// The district or a street or community in it; the district if not given
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Cases, by number or id, 20 at most
    #[arg(required = true, value_name = "NUMBER")]
    cases: Vec<String>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let (leader, delegate) = (client.reader()?, Who::Delegate { area: client.district()? });
        let inquiry = match self {
            Self::Cases { state, unit, most } => {
                return show::cases(session, &client, &delegate, (state, unit), most).await;
            }
            Self::Inspect { case, good, text } => {
                let case = find(&client, &leader, &case).await?.id;
                let request = RecordInspectionRequest { request_id: request_id(), case, good, text };
                let found = client.delegates(&delegate)?.record_inspection(request).await?.into_inner();
                return show::inspection(session, &client, &found);
            }
            Self::Inspections { case, most } => {
                let case = match case {
                    Some(case) => find(&client, &leader, &case).await?.id,
                    None => String::new(),
                };
                return show::inspections(session, &client, case, most).await;
            }
            Self::List { state, unit, most } => {
                return show::list(session, &client, (state, unit), most).await;
            }
            Self::Count { unit } => return show::count(session, &client, unit).await,
            Self::Board { most } => return show::board(session, &client, most).await,
            Self::Show { id } => get(&client, id).await?,
            Self::Open(open) => open.run(&client, &delegate).await?,
            Self::Claim { id, office } => {
                let Inquiry { id, version, .. } = get(&client, id).await?;
                let request = ClaimInquiryRequest { request_id: request_id(), id, version, office };
                client.inquiries(&leader)?.claim_inquiry(request).await?.into_inner()
            }
            Self::Answer { id, text } => {
                let Inquiry { id, version, .. } = get(&client, id).await?;
                let request = AnswerInquiryRequest { request_id: request_id(), id, version, text };
                client.inquiries(&leader)?.answer_inquiry(request).await?.into_inner()
            }
            Self::Judge { id, solved, note } => {
                let Inquiry { id, version, .. } = get(&client, id).await?;
                let request = JudgeInquiryRequest { request_id: request_id(), id, version, solved, note };
                client.inquiries(&delegate)?.judge_inquiry(request).await?.into_inner()
            }
            Self::Withdraw { id, note } => {
                let Inquiry { id, version, .. } = get(&client, id).await?;
                let request = WithdrawInquiryRequest { request_id: request_id(), id, version, note };
                client.inquiries(&delegate)?.withdraw_inquiry(request).await?.into_inner()
            }
        };
        show::one(session, &client, &inquiry).await
    }
}

impl Open {
    async fn run(self, client: &Client, delegate: &Who) -> anyhow::Result<Inquiry> {
        let (reader, mut cases) = (client.reader()?, Vec::new());
        for number in &self.cases {
            cases.push(find(client, &reader, number).await?.id);
        }
        let request = OpenInquiryRequest {
            request_id: request_id(),
            district: client.district()?,
            area: self.area,
            unit: self.unit,
            cases,
            question: self.question,
        };
        Ok(client.inquiries(delegate)?.open_inquiry(request).await?.into_inner())
    }
}

async fn get(client: &Client, id: String) -> anyhow::Result<Inquiry> {
    let mut inquiries = client.inquiries(&client.reader()?)?;
    Ok(inquiries.get_inquiry(GetInquiryRequest { id }).await?.into_inner())
}
