//! Several units on one case: consultations, response groups and task forces.

use clap::Subcommand;
use huying_proto::casework::v1::{
    AskResponseGroupRequest, EndGroupRequest, FormTaskForceRequest, HoldConsultationRequest,
};

use super::super::{
    Session,
    session::{Moment, moment},
};
use super::{As, show, steps, task};
use crate::client::{Client, Who, request_id};

/// What several units do on a case together.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 会商: units met about it; their minutes are kept, and what each is to do is called at once
    #[command(after_help = "\
examples:
  huying case consult JA-20261122-000001 --with DEP-weijian --with S-420102003 --minutes '每周二巡诊，云诊室由卫健局布设'
  huying case consult JA-20261122-000001 --with DEP-weijian --minutes '设巡诊点' --lead DEP-weijian='每周二巡诊' --co DEP-yibao='开通结算'")]
    Consult {
        #[command(flatten)]
        on: As,
        /// A unit that took part (repeat)
        #[arg(long = "with", value_name = "CODE", required = true)]
        participants: Vec<String>,
        /// What was said and settled on
        #[arg(long, value_name = "TEXT")]
        minutes: String,
        /// The department in the lead, and its task
        #[arg(long, value_name = "UNIT=TASK", value_parser = task)]
        lead: Option<(String, String)>,
        /// Another department, and its task (repeat)
        #[arg(long, value_name = "UNIT=TASK", value_parser = task)]
        co: Vec<(String, String)>,
    },
    /// 启动专项响应组: the holder asks for a response group; its chair grants it and commands
    #[command(after_help = "\
examples:
  huying case ask-group JA-20261122-000001 --group RG-yingshang --task '上门宣讲政策' --reason '涉及税务招商审批'
  huying approval list --case JA-20261122-000001")]
    AskGroup {
        #[command(flatten)]
        on: As,
        /// The response group
        #[arg(long, value_name = "CODE")]
        group: String,
        /// What its departments are to do
        #[arg(long, value_name = "TEXT")]
        task: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 专班、帮帮团: a street, or who is above it, forms a task force for a case or a few of them
    #[command(after_help = "\
examples:
  huying case task-force JA-20261122-000001 --name 肥市佳园通气专班 --chair S-420102003 --member UT-ranqi --member DEP-jianshe \\
      --task '查勘、铺设管道' --until 2026-12-31T17:30:00+08:00
  huying case task-force JA-20261122-000001 --also JA-20261122-000002 --name 老楼专班 --chair D-420102 --member DEP-fangguan \\
      --task '逐楼排查' --until 2026-12-31T17:30:00+08:00")]
    TaskForce {
        #[command(flatten)]
        on: As,
        /// Another case that it is formed for (repeat)
        #[arg(long, value_name = "NUMBER")]
        also: Vec<String>,
        /// What people are to call it
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// The unit that commands
        #[arg(long, value_name = "CODE")]
        chair: String,
        /// A department of it; the first leads (repeat)
        #[arg(long = "member", value_name = "CODE", required = true)]
        members: Vec<String>,
        /// What they are to do
        #[arg(long, value_name = "TEXT")]
        task: String,
        /// When its span ends, with the offset from UTC
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: Moment,
    },
    /// A group is at work on it no longer; what it called goes on with the holder
    #[command(after_help = "\
examples:
  huying case end-group JA-20261122-000001 --group RG-yingshang --reason '企业已满意'")]
    EndGroup {
        #[command(flatten)]
        on: As,
        /// Its code, as the case shows it
        #[arg(long, value_name = "CODE")]
        group: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// A case as somebody who acts on it found it.
struct On {
    who: Who,
    id: String,
    version: i64,
}

/// As the holder, or the unit named.
async fn held(client: &Client, on: As) -> anyhow::Result<On> {
    let case = show::find(client, &client.reader()?, &on.id).await?;
    let who = client.of_unit(on.unit.as_deref().unwrap_or(&case.holder)).await?;
    Ok(On { who, id: case.id, version: case.version })
}

impl Command {
    pub async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let case = match self {
            Self::Consult { on, participants, minutes, lead, co } => {
                let (tasks, request_id) = (steps::summons(lead, co, &[], &[])?, request_id());
                let On { who, id, version } = held(client, on).await?;
                let request =
                    HoldConsultationRequest { request_id, id, version, participants, minutes, tasks };
                client.cases(&who)?.hold_consultation(request).await?.into_inner().case
            }
            Self::AskGroup { on, group, task, reason } => {
                let (On { who, id, version }, request_id) = (held(client, on).await?, request_id());
                let request = AskResponseGroupRequest { request_id, id, version, group, task, reason };
                Some(client.cases(&who)?.ask_response_group(request).await?.into_inner())
            }
            Self::TaskForce { on, also, name, chair, members, task, until } => {
                let mut other_cases = Vec::with_capacity(also.len());
                for number in also {
                    other_cases.push(show::find(client, &client.reader()?, &number).await?.id);
                }
                let (On { who, id, version }, request_id) = (held(client, on).await?, request_id());
                let until_time = Some(huying_wire::instant::write(until.at(client)));
                let request = FormTaskForceRequest {
                    request_id,
                    id,
                    version,
                    name,
                    chair,
                    members,
                    task,
                    until_time,
                    other_cases,
                };
                client.cases(&who)?.form_task_force(request).await?.into_inner().case
            }
            Self::EndGroup { on, group, reason } => {
                let (On { who, id, version }, request_id) = (held(client, on).await?, request_id());
                let request = EndGroupRequest { request_id, id, version, group, reason };
                Some(client.cases(&who)?.end_group(request).await?.into_inner())
            }
        };
        show::print(session, client, &case.unwrap_or_default()).await
    }
}
