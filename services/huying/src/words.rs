//! The field's words for what is on the wire: what is typed, and what people read.
//!
//! Every enumeration a person may type or see is a [`Word`]: an English word in commands, a Chinese
//! one beside it in tables.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use huying_proto::casework::v1::{
    AbsenceKind, AbsenceState, ApprovalKind, ApprovalState, AttachmentKind, CaseOrder, CaseState, ClockKind,
    ContactMethod, DispatchOrder, DispatchResponse, DispatchState, GroupKind, HandlingField, LadderAt,
    LadderStep, LedgerColumn, LedgerSplit, MeetingState, Outcome, PartyKind, SupervisionLevel,
};
use huying_proto::common::v1::{Datum, Lamp, Limit, LimitKind, Priority, PriorityKind, Solved, Tier};
use huying_proto::evaluation::v1::{
    AppealGround, AppealState, AttemptJudgement, AttemptOutcome, CallbackBy, CallbackState, InquiryState,
    InterviewOutcome, InterviewState, RatingKind, RatingReason, RoundState, Satisfaction, SignKind, StrataBy,
    TopicState, TopicVerdict,
};
use huying_proto::intake::v1::{
    ArchiveKind, BondKind, BondLevel, BondObject, CardKind, CardState, Channel, Diary, DueReason,
    FindingKind, Flag, ForumKind, GuideKind, GuideState, OfferKind, OfferSide, OfferState, ParticipantKind,
    ReadKind, ReporterKind, RequestState, RequestType, RiskKind, RiskState, VisitedKind,
};
use huying_proto::log::v1::DeadLetterReason;
use huying_proto::routing::v1::{Danger, ForceKind, ModelOf, RouteState, Sureness, TriageHands, UnitKind};

/// A value of an enumeration that people type or read.
pub trait Word: Copy + Send + Sync + 'static {
    /// All that can be typed, with their words.
    const ALL: &'static [(&'static str, Self)];

    fn english(self) -> &'static str;
    fn chinese(self) -> &'static str;

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    }

    /// `working 办理中`; nothing where nothing is said.
    fn both(self) -> String {
        if self.chinese().is_empty() {
            return String::new();
        }
        format!("{} {}", self.english(), self.chinese())
    }
}

/// Reads a word on the command line; the known ones stand in the help.
pub fn parser<W: Word>() -> impl TypedValueParser<Value = W> {
    let words = W::ALL.iter().map(|(word, _)| *word);
    PossibleValuesParser::new(words).try_map(|word| W::parse(&word).ok_or("unknown word"))
}

macro_rules! words {
    ($type:ty { $($value:ident $english:literal $chinese:literal),+ $(,)? }) => {
        impl Word for $type {
            const ALL: &'static [(&'static str, Self)] = &[$(($english, <$type>::$value)),+];

            fn english(self) -> &'static str {
                match self {
                    Self::Unspecified => "-",
                    $(Self::$value => $english),+
                }
            }

            fn chinese(self) -> &'static str {
                match self {
                    Self::Unspecified => "",
                    $(Self::$value => $chinese),+
                }
            }
        }
    };
}

words!(Tier { Grid "grid" "网格", Community "community" "社区", Street "street" "街道", District "district" "区" });
words!(Priority { Normal "normal" "一般", High "high" "重点", Urgent "urgent" "紧急" });
words!(PriorityKind {
    LivingAlone "living-alone" "独居老人",
    Disabled "disabled" "残疾人",
    LeftBehindChild "left-behind-child" "留守儿童",
    InNeed "in-need" "困难群众",
    SeriouslyIll "seriously-ill" "重病",
});
words!(Lamp { Green "green" "绿灯", Amber "amber" "黄灯", Red "red" "红灯" });
words!(LimitKind {
    UrgentMinute "urgent_minute" "紧急分钟",
    UrgentHour "urgent_hour" "紧急工作时",
    WorkHour "work_hour" "工作时",
    WorkDay "work_day" "工作日",
    NaturalDay "natural_day" "自然日",
});
words!(RequestType {
    Consultation "consultation" "咨询",
    Help "help" "求助",
    Complaint "complaint" "投诉",
    Report "report" "举报",
    Suggestion "suggestion" "建议",
    Praise "praise" "表扬",
});
words!(Flag {
    NoCallback "no_callback" "无法回拨",
    PointUnreadable "point_unreadable" "坐标无效",
    UnknownSource "unknown_source" "来源不明",
    NoExternalId "no_external_id" "缺工单号",
    ManyAdditions "many_additions" "补充过多",
    TimeUnreadable "time_unreadable" "时间无效",
    UnusualType "unusual_type" "类型不符",
    AnswerNotTaken "answer_not_taken" "随件答复未采用",
    FileUnreadable "file_unreadable" "附件无效",
    VisitFirst "visit_first" "上门优先",
});
words!(Channel {
    Online "online" "线上",
    GridPatrol "grid_patrol" "网格巡查",
    HomeVisit "home_visit" "入户走访",
    Forum "forum" "座谈",
    FromAbove "from_above" "上级交办",
    Hotline "hotline" "热线",
    ServiceCard "service_card" "便民服务卡",
    ResidentQr "resident_qr" "居民码",
    EnterpriseDesk "enterprise_desk" "企业服务台",
});
words!(ReadKind {
    Request "request" "诉求",
    Visit "visit" "走访",
    Archive "archive" "档案",
    Forum "forum" "座谈",
    Offer "offer" "双向对接",
});
words!(ReporterKind { Resident "resident" "居民", Enterprise "enterprise" "企业", Grassroots "grassroots" "基层单位" });
words!(CardKind { ServiceCard "service_card" "便民服务卡", ResidentQr "resident_qr" "善治码" });
words!(CardState { Valid "valid" "有效", Replaced "replaced" "已换发", Revoked "revoked" "已作废" });
words!(ForceKind {
    Police "police" "公安",
    CityManagement "city_management" "城管",
    MarketSupervision "market_supervision" "市场监管",
    PropertyManager "property_manager" "物业",
    Water "water" "供水",
    Power "power" "供电",
    Gas "gas" "供气",
    Volunteer "volunteer" "志愿者",
    PartyMember "party_member" "党员",
    Cadre "cadre" "干部",
    Emergency "emergency" "应急",
});
words!(BondKind { Contact "contact" "联系", Adoption "adoption" "领办", Pairing "pairing" "结对" });
words!(BondLevel {
    District "district" "区领导",
    DepartmentHead "department_head" "部门主要负责人",
    MiddleRank "middle_rank" "部门中层",
    Street "street" "街镇干部",
});
words!(BondObject {
    Enterprise "enterprise" "企业",
    Project "project" "项目",
    Talent "talent" "人才",
    Grassroots "grassroots" "基层单位",
    Household "household" "重点户",
    Town "town" "镇街",
});
words!(ForumKind {
    Talk "talk" "座谈",
    RoundTable "round_table" "圆桌夜聊",
    NightMarket "night_market" "民情夜市",
    DelegateDay "delegate_day" "党代表5号见",
});
words!(ParticipantKind {
    Resident "resident" "居民",
    Enterprise "enterprise" "企业",
    Grassroots "grassroots" "基层单位",
    Delegate "delegate" "两代表一委员",
    ResidentUnit "resident_unit" "驻区单位",
    Officer "officer" "干部",
});
words!(OfferKind { Service "service" "服务", Need "need" "需求" });
words!(OfferSide { ResidentUnit "resident_unit" "驻区单位", Community "community" "社区" });
words!(OfferState {
    Offered "offered" "待对接",
    Matched "matched" "已对接",
    Done "done" "已完成",
    Withdrawn "withdrawn" "已撤回",
});
words!(GuideKind { Policy "policy" "政策", Service "service" "服务事项", Unit "unit" "单位" });
words!(GuideState { Published "published" "已发布", Withdrawn "withdrawn" "已撤下" });
words!(VisitedKind {
    Household "household" "居民户",
    Enterprise "enterprise" "企业",
    GrassrootsUnit "grassroots_unit" "基层单位",
    Project "project" "项目",
    Talent "talent" "人才",
});
words!(Diary { Resident "resident" "民情日记", Enterprise "enterprise" "企情日记", Grassroots "grassroots" "社情日记" });
words!(FindingKind { Request "request" "诉求", Conflict "conflict" "矛盾", HiddenDanger "hidden_danger" "隐患" });
words!(ArchiveKind { Household "household" "一户一档", Enterprise "enterprise" "一企一档" });
words!(DueReason {
    Plan "plan" "走访计划",
    MajorLabourDispute "major_labour_dispute" "重大劳资纠纷",
    SafetyAccident "safety_accident" "安全事故",
    MajorEventInvitation "major_event_invitation" "重大活动邀请",
});
words!(RiskKind { Conflict "conflict" "矛盾", HiddenDanger "hidden_danger" "隐患" });
words!(RiskState { Open "open" "在账", Settled "settled" "销账" });
words!(RequestState {
    Submitted "submitted" "已接单",
    Handling "handling" "办理中",
    Answering "answering" "待答复",
    Answered "answered" "已答复",
    Withdrawn "withdrawn" "已撤回",
});
words!(UnitKind {
    GridTeam "grid_team" "网格工作队",
    Community "community" "社区",
    Street "street" "街道",
    District "district" "区",
    Department "department" "部门",
    ResponseGroup "response_group" "专项响应组",
    Utility "utility" "公用企业",
});
words!(Danger {
    Gas "gas" "燃气泄漏",
    Trapped "trapped" "人员被困",
    Suicide "suicide" "轻生",
    Violence "violence" "暴力伤害",
    Collapse "collapse" "坍塌",
    Electricity "electricity" "触电漏电",
    Fire "fire" "起火爆炸",
    Drowning "drowning" "溺水",
    Poisoning "poisoning" "中毒",
    Fall "fall" "坠落",
    Injury "injury" "伤病",
    Alone "alone" "无人照看或失联",
});
words!(Datum { Wgs84 "wgs84" "WGS 84", Gcj02 "gcj02" "国测局", Bd09 "bd09" "百度" });
words!(Sureness { Low "low" "存疑", Fair "fair" "较有把握", High "high" "有把握" });
words!(TriageHands { Nobody "nobody" "无人认领", Mine "mine" "本人认领" });
words!(ModelOf { Category "category" "事项", Unit "unit" "承办单位" });
words!(RouteState { Queued "queued" "待研判", Decided "decided" "已研判", Withdrawn "withdrawn" "已撤回", History "history" "历史件" });
words!(CaseState {
    Assigned "assigned" "待签收",
    Working "working" "办理中",
    Returned "returned" "退单待裁",
    Suspended "suspended" "挂账",
    Waiting "waiting" "待补充",
    Resolved "resolved" "办结待评",
    Closed "closed" "销号",
});
words!(CaseOrder {
    Newest "newest" "最新在前",
    DueFirst "due_first" "先到期在前",
    Updated "updated" "按更新时间",
    Opened "opened" "按立案时间",
    Resolved "resolved" "按办结时间",
});
words!(LedgerSplit {
    Area "area" "区域",
    Holder "holder" "承办单位",
    Leader "leader" "领办领导",
    Arbiter "arbiter" "裁定单位",
    Verifier "verifier" "核查单位",
    Category "category" "类别",
    State "state" "状态",
    Outcome "outcome" "结果",
});
words!(LedgerColumn {
    Number "number" "编号",
    Area "area" "区域",
    Category "category" "类别",
    Priority "priority" "重要程度",
    Content "content" "诉求内容",
    Address "address" "地址",
    State "state" "状态",
    Tier "tier" "层级",
    Holder "holder" "承办单位",
    Officer "officer" "承办人",
    Leader "leader" "领办领导",
    Plan "plan" "办理方案",
    Measures "measures" "措施",
    Progress "progress" "进展",
    Review "review" "复查日期",
    Lamp "lamp" "亮灯",
    Due "due" "最近时限",
    RespondDue "respond_due" "签收时限",
    ResolveDue "resolve_due" "办结时限",
    Opened "opened" "立案时间",
    Resolved "resolved" "办结时间",
    Closed "closed" "销号时间",
    Attempt "attempt" "办理次数",
    Supervision "supervision" "督办",
    Outcome "outcome" "结果",
    Answer "answer" "公开答复",
    Solved "solved" "是否解决",
    Ground "ground" "不予受理理由",
});
words!(DispatchOrder { Newest "newest" "最新在前", DueFirst "due_first" "先到期在前" });
words!(AttachmentKind {
    BeforePhoto "before_photo" "处置前照片",
    AfterPhoto "after_photo" "处置后照片",
    Recording "recording" "录音录像",
    Document "document" "文书",
});
words!(Solved { Yes "yes" "已解决", Partly "partly" "部分解决", No "no" "未解决" });
words!(ContactMethod { Phone "phone" "电话", Visit "visit" "上门", Message "message" "书面", Other "other" "其他" });
words!(HandlingField {
    ClaimTrue "claim_true" "诉求属实",
    BeyondDuty "beyond_duty" "超职责",
    Contacted "contacted" "是否联系",
    ContactName "contact_name" "联系对象",
    ContactPhone "contact_phone" "联系电话",
    ContactMethod "contact_method" "联系方式",
    ContactTime "contact_time" "联系时间",
    Solved "solved" "是否解决",
    UnsolvedReason "unsolved_reason" "未解决原因",
    WorkDone "work_done" "办理情况",
});
words!(Outcome { StruckOff "struck_off" "销号", Withdrawn "withdrawn" "撤回", Declined "declined" "不予受理", Merged "merged" "并案" });
words!(ClockKind { Respond "respond" "签收时限", Resolve "resolve" "办结时限", Wait "wait" "补充时限", Review "review" "复查时限", Approve "approve" "审批时限", Arbitrate "arbitrate" "裁定时限", Reply "reply" "督办答复时限", Verify "verify" "核查时限" });
words!(DispatchState {
    Sent "sent" "已派",
    Accepted "accepted" "已报到",
    Done "done" "已完成",
    Declined "declined" "已拒绝",
    Ended "ended" "已终止",
});
words!(LadderAt { Amber "amber" "黄灯", Red "red" "红灯", Idle "idle" "久无进展", Silent "silent" "逾期未报到", Late "late" "逾期未办结" });
words!(LadderStep {
    UrgeHolder "urge_holder" "催办",
    TellSuperior "tell_superior" "告知上级",
    Escalate "escalate" "上报",
    Supervise "supervise" "督办单",
});
words!(SupervisionLevel { Urge "urge" "催办", Notice "notice" "督办单", Talk "talk" "约谈" });
words!(ApprovalKind { Extend "extend" "延期", Suspend "suspend" "挂账", Decline "decline" "不予受理", CallGroup "call_group" "启动专项响应组" });
words!(AbsenceKind { Leave "leave" "休假", Sick "sick" "病假", Training "training" "培训", Other "other" "其他" });
words!(AbsenceState { Recorded "recorded" "已登记", Ended "ended" "已销假" });
words!(MeetingState { Convened "convened" "已召集", Held "held" "已召开", Cancelled "cancelled" "已取消" });
words!(PartyKind {
    Residents "residents" "居民",
    OwnersCommittee "owners_committee" "业主委员会",
    PropertyManager "property_manager" "物业企业",
    Firm "firm" "企业",
    Unit "unit" "责任单位",
});
words!(GroupKind { Response "response" "专项响应组", TaskForce "task_force" "专班" });
words!(ApprovalState {
    Asked "asked" "待批",
    Granted "granted" "同意",
    Refused "refused" "不同意",
    Lapsed "lapsed" "失效",
});
words!(DispatchResponse { Accept "accept" "报到", Complete "complete" "完成", Decline "decline" "拒绝" });
words!(CallbackState {
    Pending "pending" "待回访",
    Passed "passed" "通过",
    Failed "failed" "不通过",
    Lapsed "lapsed" "逾期未联系上",
    Cancelled "cancelled" "取消",
    Refused "refused" "拒绝回访",
    Spared "spared" "免回访",
});
words!(AppealGround {
    Facts "facts" "事实不符",
    NotResponsible "not-responsible" "非本单位职责",
    Unreasonable "unreasonable" "诉求不合理",
    Mistaken "mistaken" "评价对象有误",
});
words!(AppealState { Open "open" "待裁决", Upheld "upheld" "申诉成立", Dismissed "dismissed" "申诉不成立" });
words!(RatingKind { Grassroots "grassroots" "基层评部门", Aptness "aptness" "呼叫适当" });
words!(RatingReason {
    Slow "slow" "响应慢",
    Shifted "shifted" "推诿扯皮",
    Unsettled "unsettled" "未办实",
    Absent "absent" "未到场",
    NotResponsible "not-responsible" "非本部门职责",
    Unneeded "unneeded" "基层可自行处置",
    Unclear "unclear" "情况不清",
    Other "other" "其他",
});
words!(RoundState { Open "open" "进行中", Closed "closed" "已结束" });
words!(TopicState {
    Open "open" "治理中",
    Testing "testing" "观察中",
    DriedUp "dried_up" "已断流",
    Withdrawn "withdrawn" "已撤销",
});
words!(TopicVerdict { DriedUp "dried_up" "断流", Less "less" "减少", NotLess "not_less" "未减少" });
words!(InquiryState {
    Open "open" "待认领",
    Claimed "claimed" "已认领",
    Answered "answered" "已答复",
    Solved "solved" "已解决",
    Unsolved "unsolved" "未解决",
    Withdrawn "withdrawn" "已撤回",
});
words!(SignKind { Surge "surge" "突增", Ageing "ageing" "积压", Repeat "repeat" "反复诉求" });
words!(StrataBy {
    None "none" "不分层",
    Unit "unit" "按单位",
    Street "street" "按街道",
    Community "community" "按社区",
    Category "category" "按类别",
});
words!(InterviewState {
    Reserve "reserve" "备选",
    Waiting "waiting" "待访",
    Answered "answered" "已访",
    Refused "refused" "拒访",
    Unreachable "unreachable" "未联系上",
});
words!(InterviewOutcome { Answered "answered" "已访", Refused "refused" "拒访", Unreachable "unreachable" "未联系上" });
words!(CallbackBy {
    Centre "centre" "回访中心",
    FirstContact "first_contact" "首问单位",
    Link "link" "自动链接",
    Platform "platform" "平台",
});
words!(AttemptJudgement { Passed "passed" "通过", Failed "failed" "不通过", Lapsed "lapsed" "无人评价" });
words!(AttemptOutcome { Unreachable "unreachable" "未联系上", Refused "refused" "拒绝回访" });
words!(DeadLetterReason { Poison "poison" "无法应用", Stuck "stuck" "久试不成", Diverged "diverged" "历史分叉" });
words!(Satisfaction {
    VerySatisfied "very-satisfied" "非常满意",
    Satisfied "satisfied" "满意",
    Basically "basically" "基本满意",
    Unsatisfied "unsatisfied" "不满意",
    VeryUnsatisfied "very-unsatisfied" "非常不满意",
});

/// `2紧急工作时`; nothing where there is none.
pub fn limit(limit: Option<&Limit>) -> String {
    limit.map_or_else(String::new, |limit| format!("{}{}", limit.amount, limit.kind().chinese()))
}

/// `4:work_hour` as typed.
///
/// # Errors
/// Anything else.
pub fn parse_limit(text: &str) -> Result<Limit, String> {
    let wrong =
        || format!("'{text}' is no limit: write AMOUNT:KIND, such as 4:work_hour, 1:urgent_hour, 3:work_day");
    let (amount, kind) = text.split_once(':').ok_or_else(wrong)?;
    let (amount, kind) = (amount.parse().map_err(|_| wrong())?, LimitKind::parse(kind).ok_or_else(wrong)?);
    Ok(Limit { kind: kind.into(), amount })
}
