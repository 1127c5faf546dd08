//! Many steps in one call.

use clap::Subcommand;
use huying_proto::casework::v1::{
    AcceptCaseRequest, AddNoteRequest, BatchStep, BatchStepsRequest, DelegateCaseRequest,
    batch_result::Result as Went, batch_step::Step,
};

use super::super::Session;
use super::show;
use crate::client::{Client, request_id};
use crate::words::Word;

/// Which step is taken on all.
#[derive(Debug, Subcommand)]
pub enum Batch {
    /// 批量签收
    #[command(after_help = "\
examples:
  huying case batch accept JA-20261122-000001 JA-20261122-000002")]
    Accept {
        /// The cases' numbers or ids, 1 to 100
        #[arg(required = true, num_args = 1..=100)]
        ids: Vec<String>,
    },
    /// 批量告知进度
    #[command(after_help = "\
examples:
  huying case batch note --text '已安排现场查看' --public JA-20261122-000001 JA-20261122-000002")]
    Note {
        /// The cases' numbers or ids, 1 to 100
        #[arg(required = true, num_args = 1..=100)]
        ids: Vec<String>,
        /// What to note
        #[arg(long)]
        text: String,
        /// The reporter reads it
        #[arg(long)]
        public: bool,
    },
    /// 批量交办
    #[command(after_help = "\
examples:
  huying case batch delegate --to C-420102003002 --reason '社区可以处置' JA-20261122-000001 JA-20261122-000002")]
    Delegate {
        /// The cases' numbers or ids, 1 to 100
        #[arg(required = true, num_args = 1..=100)]
        ids: Vec<String>,
        /// The unit to hold them
        #[arg(long, value_name = "CODE")]
        to: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl Batch {
    /// As the holder of the first; what another unit holds is refused.
    pub(super) async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let (Self::Accept { ids } | Self::Note { ids, .. } | Self::Delegate { ids, .. }) = &self;
        let (reader, mut cases) = (client.reader()?, Vec::with_capacity(ids.len()));
        for id in ids {
            cases.push(show::find(client, &reader, id).await?);
        }
        let Some(first) = cases.first() else { return Ok(()) };
        let mut service = client.cases(&client.of_unit(&first.holder).await?)?;
        let steps = cases.iter().map(|case| self.step(case.id.clone(), case.version));
        let steps = steps.map(|step| BatchStep { step: Some(step) }).collect();
        let answer = service.batch_steps(BatchStepsRequest { steps }).await?.into_inner();
        let rows: Vec<_> = cases.iter().zip(&answer.results).collect();
        if session.out.is_json() {
            return session.out.list(&[], &answer.results, |_| Vec::new());
        }
        session.out.list(&["number", "went", "why"], &rows, |(case, result)| match &result.result {
            Some(Went::Case(after)) => vec![case.number.clone(), after.state().both(), String::new()],
            Some(Went::Refusal(it)) => vec![case.number.clone(), it.reason.clone(), it.message.clone()],
            None => vec![case.number.clone(), String::new(), String::new()],
        })
    }

    fn step(&self, id: String, version: i64) -> Step {
        let request_id = request_id();
        match self {
            Self::Accept { .. } => Step::Accept(AcceptCaseRequest { request_id, id, version }),
            Self::Note { text, public, .. } => {
                let (text, public) = (text.clone(), *public);
                Step::Note(AddNoteRequest { request_id, id, version, text, public })
            }
            Self::Delegate { to, reason, .. } => {
                let (unit, reason) = (to.clone(), reason.clone());
                Step::Delegate(DelegateCaseRequest { request_id, id, version, unit, reason })
            }
        }
    }
}
