//! What a story is made of.

use huying_proto::casework::v1::{ClockKind, DispatchResponse, SupervisionLevel};
use huying_proto::common::v1::{Lamp, Limit, LimitKind, PriorityKind, Solved, Tier};
use huying_proto::evaluation::v1::{Satisfaction, TopicVerdict};
use huying_proto::intake::v1::{Channel, ReporterKind};

/// A story: how it came in, where it must go, and what everyone then did.
#[derive(Debug)]
pub struct Tale {
    /// How it is called on the command line.
    pub name: &'static str,
    pub title: &'static str,
    pub chinese: &'static str,
    /// Among whose units it plays.
    pub place: Place,
    /// Where it was told, and what is set here.
    pub source: &'static str,
    /// Minutes from one step to the next, where the story has a clock of its own.
    pub minutes: i64,
    pub channel: Channel,
    /// Who took it and owes the answer; none: a platform.
    pub first_contact: Option<&'static str>,
    pub reporter: ReporterKind,
    /// 重点人群: whom it concerns, as the door says.
    pub concerns: &'static [PriorityKind],
    pub content: &'static str,
    pub address: &'static str,
    /// Where the door knows it; else the address must do.
    pub area: &'static str,
    /// What routing must decide.
    pub category: &'static str,
    pub tier: Tier,
    pub holder: &'static str,
    /// The highest tier that ever holds it.
    pub top: Tier,
    pub steps: &'static [Step],
}

impl Tale {
    /// Whether time must pass in it: it then plays on a clock of its own only.
    pub fn needs_clock(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Later { .. }))
    }
}

/// A place whose profile comes with the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its folder among the profiles.
    pub folder: &'static str,
    /// Its area code.
    pub district: &'static str,
    /// The number that is called there.
    pub hotline: &'static str,
}

pub(super) const JIANGAN: Place = Place { folder: "jiangan", district: "420102", hotline: "12345" };
pub(super) const JIANGBEI: Place = Place { folder: "jiangbei", district: "330205", hotline: "12345" };
pub(super) const HAISHU: Place = Place { folder: "haishu", district: "330203", hotline: "81890" };
pub(super) const XIAOSHAN: Place = Place { folder: "xiaoshan", district: "330109", hotline: "12345" };
pub(super) const SUNBU: Place = Place { folder: "sunbu", district: "341802107", hotline: "12345" };

/// A called unit, and its task.
pub type Task = (&'static str, &'static str);

/// 成因, 对策.
pub type Why = (&'static str, &'static str);

/// One step, by the holder unless it says otherwise. Units are named by their codes.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// 签收.
    Accept,
    /// 告知进度.
    Note { text: &'static str, public: bool },
    /// 上报: and who must hold it then.
    Escalate { reason: &'static str, to: &'static str, tier: Tier },
    /// 退单: and who must decide.
    Return { reason: &'static str, arbiter: &'static str },
    /// 裁定, by the arbiter: who must hold it then, and whether the decision must bind.
    Arbitrate { reason: &'static str, to: &'static str, binds: bool },
    /// What the holder may not do now, and the reason it would be refused with.
    MayNot { step: &'static str, reason: &'static str },
    /// 呼叫: the first is in the lead, where nobody leads yet; limits as the caller sets them, else the profile's.
    Call { tasks: &'static [Task], respond: Option<Limit>, resolve: Option<Limit> },
    /// 会商: whose tasks are dispatches; the first is in the lead.
    Consult { with: &'static [&'static str], minutes: &'static str, tasks: &'static [Task] },
    /// 并案: so many homes ask for the same by the platform, and the holder merges what was opened on it into the case.
    Join { homes: u32, content: &'static str, reason: &'static str },
    /// 报到, 完成: by the called unit.
    Respond { unit: &'static str, response: DispatchResponse, note: &'static str },
    /// 撤呼, by the unit that called.
    TakeBack { unit: &'static str, reason: &'static str },
    /// What the caller's superior settles for a silent or declining unit: it stands and binds.
    Insist { unit: &'static str, reason: &'static str },
    /// The same: it ends; and whether the call was apt.
    Release { unit: &'static str, reason: &'static str, apt: bool },
    /// 启动专项响应组: and who must be called once its chair has granted it.
    AskGroup { group: &'static str, task: &'static str, reason: &'static str },
    /// 挂账: until a review in so many days.
    AskSuspension { plan: &'static str, days: u64, reason: &'static str },
    /// 同意, by whoever must rule on what was asked for last.
    Grant { by: &'static str, reason: &'static str },
    /// 复查, by the district: it stays suspended for so many days more.
    Review { days: u64, remark: &'static str },
    /// 恢复办理.
    Resume { reason: &'static str },
    /// 领办: the district's desk enters in whose charge it is, by office.
    TakeCharge { leader: &'static str, plan: &'static str },
    /// 领办进展.
    Report { text: &'static str },
    /// 督办, by a unit above.
    Supervise { by: &'static str, level: SupervisionLevel, reason: &'static str },
    /// 答复督办.
    Answer { text: &'static str },
    /// So many days later, at this hour and minute of the place's time; and what has come of it by itself.
    Later { days: i64, at: (u32, u32), then: &'static [Then] },
    /// 办结.
    Resolve { answer: &'static str },
    /// 答复: the first contact tells the reporter; a published answer reaches them by itself.
    Tell,
    /// 回访: every reporter who is asked is content, and it closes.
    Verdict { satisfaction: Satisfaction, comment: &'static str },
    /// 同类诉求: others call for the same, each in a place of their own: area, address, and what they say. Each becomes a case of its own.
    Alike { calls: &'static [(&'static str, &'static str, &'static str)] },
    /// 共性问题: the district's desk opens a topic on the case's category, with these measures of units within so many days, and attaches the
    /// case and those that are alike.
    OpenTopic { title: &'static str, why: Why, owner: &'static str, measures: &'static [(Task, u64)] },
    /// 措施完成: by the unit that was to do it.
    Done { measure: i32, note: &'static str },
    /// 不予受理: the holder asks it of all that are alike, on one of the place's grounds, and whoever must rule grants it.
    DeclineAlike { ground: &'static str, answer: &'static str, by: &'static str, reason: &'static str },
    /// 看板: what the district reads of a unit's month: its count and its rates, in percent, by their codes.
    Shows { unit: &'static str, count: (&'static str, i64), rates: &'static [(&'static str, f64)] },
    /// 办结: the holder accepts and resolves all that are alike.
    ResolveAlike { answer: &'static str },
    /// 观察: the stream is watched for so many days.
    Test { days: i32 },
    /// What the clock has judged, by how many came before and after.
    Judged { verdict: TopicVerdict, counts: (i64, i64) },
    /// 督评: a delegate has looked at the case.
    Inspect { good: bool, text: &'static str },
    /// 问政: the delegate asks a unit that worked on it.
    Inquire { unit: &'static str, question: &'static str },
    /// What the inquiry waits for was not done in time, as the clock has told.
    InquiryOverdue,
    /// 认领, by a leader of the district, in which office.
    ClaimInquiry { office: &'static str },
    /// 公开答复, by that leader.
    AnswerInquiry { text: &'static str },
    /// 评议, by the delegate who asked.
    JudgeInquiry { solved: bool, note: &'static str },
    /// 回访: the reporter is not, and why, by the codes of the place's reasons; who must hold it then.
    Fail { says: Says, comment: &'static str, to: &'static str, tier: Tier },
}

/// What a reporter says who is not content.
pub type Says = (Satisfaction, Solved, &'static [&'static str]);

/// What has come about by itself, because time has passed.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// A clock of the case turned to this lamp.
    Lamp(ClockKind, Lamp),
    /// A clock of a called unit did.
    Theirs(&'static str, ClockKind, Lamp),
    /// A called unit has not reported in, so often by now.
    Silent(&'static str, u32),
    /// The case's history has this event since then, and it says these words.
    Event(&'static str, &'static str),
}

pub(super) const fn limit(kind: LimitKind, amount: u32) -> Limit {
    Limit { kind: kind as i32, amount }
}
