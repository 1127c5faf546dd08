//! `huying case`: what can be typed about cases. What it does is in `steps` and `show`.

use clap::{Args, Subcommand};
use huying_proto::casework::v1::SupervisionLevel;
use huying_proto::common::v1::Limit;

use super::Session;
use crate::words;

mod allowed;
mod batch;
mod files;
mod handling;
mod history;
mod list;
mod merge;
mod parse;
mod recategorise;
mod relieve;
mod show;
mod split;
mod steps;
mod together;
mod watch;

pub(super) use allowed::why_not;
use list::List;
use parse::{own_limit, task};
pub(super) use show::{clocks, find, ground, lamp};

/// Cases: what is being worked on, and the steps (理单)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying case list --state assigned --tier grid
  huying case show JA-20261122-000001
  huying case accept JA-20261122-000001
  huying case resolve JA-20261122-000001 --answer '车已挪走'")]
pub enum Command {
    /// Boards and inboxes: newest first, or what is due first, or by an instant
    #[command(after_help = "\
examples:
  huying case list --overdue
  huying case list --supervised
  huying case list --hard
  huying case list --outcome declined
  huying case list --holder S-420102003 --order due_first
  huying case list --lamp amber --order due_first
  huying case list --order updated --from 2026-11-27T08:00:00+08:00
  huying case list --state working --area 420102003 -n 200
  huying case list --holder S-420102003 -o json")]
    List(List),
    /// One case, with its clocks, notes and what may be done now
    #[command(after_help = "\
examples:
  huying case show JA-20261122-000001
  huying case show JA-20261122-000001 -o json | jq .clocks")]
    Show(Id),
    /// What a unit may do with a case, its dispatches and what is asked for on it now, and why not the rest
    #[command(after_help = "\
examples:
  huying case allowed JA-20261122-000001
  huying case allowed JA-20261122-000001 --unit S-420102003 -o json")]
    Allowed(As),
    /// Who did what, when, and why
    #[command(after_help = "\
examples:
  huying case history JA-20261122-000001")]
    History(Id),
    /// The cases that a unit holds, as they change and as they leave it; goes on until it is ended
    #[command(after_help = "\
examples:
  huying case watch S-420102003
  huying case watch S-420102003 --cursor '1764204000-812-97' -o json")]
    Watch {
        /// The holder
        unit: String,
        /// Go on after the last answer received
        #[arg(long, value_name = "TEXT", default_value = "")]
        cursor: String,
    },
    /// 佐证: add a file, such as a photo of what was done
    #[command(after_help = "\
examples:
  huying case attach JA-20261122-000001 处置后.jpg --kind after_photo
  huying case attach JA-20261122-000001 回执.pdf --kind document --unit DEP-yuanlin")]
    Attach(files::Attach),
    /// Fetch its files into a directory: NUMBER-KIND-ID with the ending of the type
    #[command(after_help = "\
examples:
  huying case fetch JA-20261122-000001
  huying case fetch JA-20261122-000001 --into /tmp --attachment 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Fetch(files::Fetch),
    /// 督办件: how many cases became supervised in a year
    #[command(after_help = "\
examples:
  huying case count-supervised 2026")]
    CountSupervised {
        /// The year
        #[arg(value_parser = clap::value_parser!(i32).range(2000..=2100))]
        year: i32,
    },
    /// 批量: one step on many cases, each with its own result
    #[command(
        subcommand,
        after_help = "\
examples:
  huying case batch accept JA-20261122-000001 JA-20261122-000002"
    )]
    Batch(batch::Batch),
    #[command(flatten)]
    Step(Step),
    #[command(flatten)]
    Together(together::Command),
}

/// What moves a case on.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// 签收: the holder takes it on
    #[command(after_help = "\
examples:
  huying case accept JA-20261122-000001
  huying case accept JA-20261122-000001 --unit G-420102003002001")]
    Accept(As),
    /// 告知进度: a public note reaches the reporter, an internal one never
    #[command(after_help = "\
examples:
  huying case note JA-20261122-000001 '已到现场查看' --public
  huying case note JA-20261122-000001 '需要园林部门会同处置'")]
    Note {
        #[command(flatten)]
        on: As,
        /// What to note
        text: String,
        /// The reporter reads it
        #[arg(long)]
        public: bool,
    },
    /// 指派承办人: who of the holder's people has it in hand; without one, nobody any more
    #[command(after_help = "\
examples:
  huying case appoint JA-20261122-000001 wangxiuying --name 王秀英
  huying case appoint JA-20261122-000001
  huying case list --holder S-420102003 --officer wangxiuying --order due_first")]
    Appoint {
        #[command(flatten)]
        on: As,
        /// The subject of the officer's token
        officer: Option<String>,
        /// What the officer is called
        #[arg(long, default_value = "")]
        name: String,
    },
    /// 上报: one tier up
    #[command(after_help = "\
examples:
  huying case escalate JA-20261122-000001 --reason '超出社区处置权限'")]
    Escalate {
        #[command(flatten)]
        on: As,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 交办: to a unit of a tier below, in the holder's area
    #[command(after_help = "\
examples:
  huying case delegate JA-20261122-000001 --to C-420102003002 --reason '社区可以处置'")]
    Delegate {
        #[command(flatten)]
        on: As,
        /// The unit to hold it
        #[arg(long, value_name = "CODE")]
        to: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 退单: not theirs, says the holder; somebody above decides whose it is
    #[command(after_help = "\
examples:
  huying case return JA-20261122-000001 --reason '井盖产权属供水公司'
  huying case list --arbiter D-420102")]
    Return {
        #[command(flatten)]
        on: As,
        /// Why it is not theirs
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 裁定: whose a returned case is, by its arbiter or somebody above
    #[command(after_help = "\
examples:
  huying case arbitrate JA-20261122-000001 --to UT-gongshui --reason '供水井盖由产权单位负责'
  huying case arbitrate JA-20261122-000001 --to DEP-shuihu --binding --reason '权属不清的由水务牵头'")]
    Arbitrate {
        #[command(flatten)]
        on: As,
        /// The unit to hold it; the one that returned it is then bound
        #[arg(long, value_name = "CODE")]
        to: String,
        /// That unit may not return it
        #[arg(long)]
        binding: bool,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 呼叫、加派: a street or district summons departments, one in the lead, or adds further ones
    #[command(after_help = "\
examples:
  huying case call JA-20261122-000001 --lead DEP-yuanlin='现场勘查、修剪' --co DEP-jiaoguan='疏导交通'
  huying case call JA-20261122-000001 --lead DEP-zhaoshang=宣讲政策 --respond 2:urgent_hour --resolve 3:work_day
  huying case call JA-20261122-000001 --co DEP-chengguan='清运枝叶'
  huying case call JA-20261122-000001 --lead DEP-yuanlin=修剪 --co DEP-jiaoguan=疏导 --resolve-of DEP-jiaoguan=4:urgent_hour")]
    Call {
        #[command(flatten)]
        on: As,
        /// The department in the lead, and its task; needed unless one leads already
        #[arg(long, value_name = "UNIT=TASK", value_parser = task, required_unless_present = "co")]
        lead: Option<(String, String)>,
        /// Another department, and its task (repeat)
        #[arg(long, value_name = "UNIT=TASK", value_parser = task)]
        co: Vec<(String, String)>,
        /// Time to report in; the profile's if not given
        #[arg(long, value_name = "AMOUNT:KIND", value_parser = words::parse_limit)]
        respond: Option<Limit>,
        /// Time to complete; the profile's if not given
        #[arg(long, value_name = "AMOUNT:KIND", value_parser = words::parse_limit)]
        resolve: Option<Limit>,
        /// One department's own time to report in (repeat)
        #[arg(long, value_name = "UNIT=AMOUNT:KIND", value_parser = own_limit)]
        respond_of: Vec<(String, Limit)>,
        /// One department's own time to complete (repeat)
        #[arg(long, value_name = "UNIT=AMOUNT:KIND", value_parser = own_limit)]
        resolve_of: Vec<(String, Limit)>,
    },
    /// 并案: what is one matter becomes one case; the requests go to the other one, and this one closes
    #[command(after_help = "\
examples:
  huying case merge JA-20261122-000002 --into JA-20261122-000001 --reason '同一处燃气管道'
  huying case merge JA-20261122-000002 --into JA-20261122-000001 --reason '重复反映' --unit S-420102003")]
    Merge(merge::Merge),
    /// 撤销并案: two matters after all; the case that was merged is worked by itself again
    #[command(after_help = "\
examples:
  huying case unmerge JA-20261122-000002 --reason '不是同一栋楼'")]
    Unmerge(merge::Unmerge),
    /// 拆单: what has several sides is worked in parts, each with its own holder; the whole is resolved once its parts are
    #[command(after_help = "\
examples:
  huying case split JA-20261122-000001 --part G-420102003002001='清理楼道' --part C-420102003002='联系物业' --reason '两个方面'
  huying case show JA-20261122-000001-1")]
    Split(split::Split),
    /// 改类: the category is another; routing says whose it is then, and by when
    #[command(after_help = "\
examples:
  huying case recategorise JA-20261122-000001 --category 47678.5:c --reason '是绿化，不是环卫'
  huying case recategorise JA-20261122-000001 --unit S-420102010 --category 47678.5:c --reason '是绿化，不是环卫'")]
    Recategorise(recategorise::Recategorise),
    /// 延期: the holder asks for more time before it is up; whoever is above grants it
    #[command(after_help = "\
examples:
  huying case extend JA-20261122-000001 --more 3:work_day --reason '管线图纸尚未调到'
  huying approval list --case JA-20261122-000001")]
    Extend {
        #[command(flatten)]
        on: As,
        /// So much more, in the measure of the case's own limit
        #[arg(long, value_name = "AMOUNT:KIND", value_parser = words::parse_limit)]
        more: Limit,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 补充: the holder asks the reporter something; the case waits for the answer, and its clock stands still
    #[command(after_help = "\
examples:
  huying case ask JA-20261122-000001 '请说明是几号楼几单元'
  huying request show JA-20261122-000001")]
    Ask {
        #[command(flatten)]
        on: As,
        /// What the reporter reads
        question: String,
    },
    /// 挂账: the holder asks that work which takes long be suspended; the district grants it
    #[command(after_help = "\
examples:
  huying case suspend JA-20261122-000001 --plan '等待管网改造，四月开工' --review 2026-12-20 --reason '管网改造未到工期'
  huying approval list --case JA-20261122-000001")]
    Suspend {
        #[command(flatten)]
        on: As,
        /// What is to be done meanwhile
        #[arg(long, value_name = "TEXT")]
        plan: String,
        /// The day on which somebody above looks at it again
        #[arg(long, value_name = "YYYY-MM-DD")]
        review: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 复查: somebody above lets a suspended case stay so until another day
    #[command(after_help = "\
examples:
  huying case review JA-20261122-000001 --next 2027-01-19 --remark '按计划推进'")]
    Review {
        #[command(flatten)]
        on: As,
        /// The day of the next review
        #[arg(long, value_name = "YYYY-MM-DD")]
        next: String,
        /// What was found
        #[arg(long, value_name = "TEXT")]
        remark: String,
    },
    /// 恢复办理: the holder, or the district, takes a suspended case up again
    #[command(after_help = "\
examples:
  huying case resume JA-20261122-000001 --reason '管网改造已完工'")]
    Resume {
        #[command(flatten)]
        on: As,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 不予受理: the holder asks that it be declined; the district grants it
    #[command(after_help = "\
examples:
  huying case decline JA-20261122-000001 --ground statutory_route --answer '涉及劳动争议，请向区劳动人事争议仲裁委员会申请仲裁'
  huying approval list --case JA-20261122-000001")]
    Decline {
        #[command(flatten)]
        on: As,
        /// One of the profile's grounds, such as emergency, statutory_route, repeat, secret, beyond_duty, illegal
        #[arg(long, value_name = "CODE")]
        ground: String,
        /// What the reporter is told: why, and where to turn
        #[arg(long, value_name = "TEXT")]
        answer: String,
    },
    /// 督办: somebody above presses the holder; without an answer in time it climbs by itself
    #[command(after_help = "\
examples:
  huying case supervise JA-20261122-000001 --reason '已催两次，请说明进展'
  huying case supervise JA-20261122-000001 --level notice --reason '群众反映强烈' --unit D-420102")]
    Supervise {
        #[command(flatten)]
        on: As,
        /// How hard
        #[arg(long, value_parser = words::parser::<SupervisionLevel>(), default_value = "urge")]
        level: SupervisionLevel,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 答复督办: the holder answers whoever presses
    #[command(after_help = "\
examples:
  huying case answer-supervision JA-20261122-000001 '周五前完成开挖，已安排值守'")]
    AnswerSupervision {
        #[command(flatten)]
        on: As,
        /// The answer
        text: String,
    },
    /// 领办: a leader takes a hard case into their own charge
    #[command(after_help = "\
examples:
  huying case take-charge JA-20261122-000001 --leader 王书记 --plan '会同燃气公司年内改造管网'")]
    TakeCharge {
        #[command(flatten)]
        on: As,
        /// The leader's name
        #[arg(long, value_name = "NAME")]
        leader: String,
        /// What they will see done
        #[arg(long, value_name = "TEXT")]
        plan: String,
    },
    /// 领办进展: how a case in a leader's charge gets on
    #[command(after_help = "\
examples:
  huying case report-charge JA-20261122-000001 '已完成入户勘查'")]
    ReportCharge {
        #[command(flatten)]
        on: As,
        /// How
        text: String,
    },
    /// 结束领办: it is in nobody's charge any more
    #[command(after_help = "\
examples:
  huying case end-charge JA-20261122-000001 --reason '已转常态办理'")]
    EndCharge {
        #[command(flatten)]
        on: As,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 办结: the holder reports it done
    #[command(after_help = "\
examples:
  huying case resolve JA-20261122-000001 --answer '车已挪走，出口已畅通'
  huying case resolve JA-20261122-000001 --answer '已修剪一侧，其余待停电后修剪' --claim-true yes --contacted yes \\
    --contact-method phone --solved partly --unsolved-reason '须停电作业' --work-done '会同供电公司现场勘查'")]
    Resolve {
        #[command(flatten)]
        on: As,
        /// What the reporter is told
        #[arg(long, value_name = "TEXT")]
        answer: String,
        #[command(flatten)]
        handling: handling::HandlingArgs,
    },
    /// 核查: its verifier, or somebody above, looked on site; a photo of theirs comes before
    #[command(after_help = "\
examples:
  huying case list --verifier S-420102001
  huying case attach JA-20261122-000001 --unit S-420102001 --kind after_photo 现场.jpg
  huying case verify JA-20261122-000001 --finding '井盖已更换，路面平整' --passed
  huying case verify JA-20261122-000001 --finding '井盖仍松动' --failed")]
    Verify {
        #[command(flatten)]
        on: As,
        /// What was found
        #[arg(long, value_name = "TEXT")]
        finding: String,
        /// It is done
        #[arg(long, required_unless_present = "failed")]
        passed: bool,
        /// It is not done, and is worked on again
        #[arg(long, conflicts_with = "passed")]
        failed: bool,
    },
    /// 改派: the unit that holds it is no more; somebody above names another
    #[command(after_help = "\
examples:
  huying case relieve JA-20261122-000001 --to S-420102003 --reason '社区已撤并'")]
    Relieve(relieve::Relieve),
    /// 重办: a supervisor sends it back to work
    #[command(after_help = "\
examples:
  huying case reopen JA-20261122-000001 --reason '现场复查没有解决'")]
    Reopen {
        #[command(flatten)]
        on: As,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 销号: by hand, where evaluation has passed and every request is answered
    #[command(after_help = "\
examples:
  huying case strike-off JA-20261122-000001")]
    StrikeOff(As),
}

#[derive(Args, Debug)]
pub struct Id {
    /// The case's number or id
    id: String,
}

/// A step on a case, by somebody.
#[derive(Args, Debug)]
pub struct As {
    /// The case's number or id
    id: String,
    /// The unit acting; the case's holder if not given, or its arbiter or verifier where it arbitrates or looks
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self {
            Self::List(list) => show::list(session, &client, list).await,
            Self::Show(Id { id }) => show::show(session, &client, &id).await,
            Self::Allowed(on) => allowed::allowed(session, &client, on).await,
            Self::History(Id { id }) => history::history(session, &client, &id).await,
            Self::CountSupervised { year } => show::count_supervised(session, &client, year).await,
            Self::Watch { unit, cursor } => watch::watch(session, &client, unit, cursor).await,
            Self::Attach(attach) => Box::pin(attach.run(session, &client)).await,
            Self::Fetch(fetch) => Box::pin(fetch.run(session, &client)).await,
            Self::Batch(batch) => Box::pin(batch.run(session, &client)).await,
            Self::Step(step) => Box::pin(steps::run(session, &client, step)).await,
            Self::Together(it) => Box::pin(it.run(session, &client)).await,
        }
    }
}
