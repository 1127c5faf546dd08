//! The leaning tree again: Traffic does not report in.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::casework::v1::{ClockKind, SupervisionLevel};
use huying_proto::common::v1::{Lamp, LimitKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale, Then, limit};

pub(super) const TALE: Tale = Tale {
    name: "late",
    title: "The leaning tree again, and Traffic is late: amber, red, urged",
    chinese: "交管逾期未报到，催办、督促到场",
    place: JIANGAN,
    source: "after story B, as it goes when a called department does not come",
    minutes: 4,
    channel: Channel::GridPatrol,
    first_contact: Some("G-420102003002001"),
    reporter: ReporterKind::Grassroots,
    concerns: &[],
    content: "胜利街158号门前一棵大树倾斜，旁边管道施工路面变窄，公交车擦着树过，树边还有变压器，很危险",
    address: "一元街道同兴社区胜利街158号",
    area: "",
    category: "47678.5:e:04002",
    tier: Tier::Grid,
    holder: "G-420102003002001",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Note { text: "网格员到现场核实，已拉警戒线", public: true },
        Step::Escalate {
            reason: "树身倾斜，紧邻变压器，网格处置不了",
            to: "C-420102003002",
            tier: Tier::Community,
        },
        Step::Accept,
        Step::Escalate { reason: "需要园林、交管会同处置", to: "S-420102003", tier: Tier::Street },
        Step::Accept,
        Step::Call {
            tasks: &[
                ("DEP-yuanlin", "当日现场勘查，修剪加固，排除险情"),
                ("DEP-jiaoguan", "修剪前疏导交通，公交临时绕行"),
            ],
            respond: Some(limit(LimitKind::UrgentHour, 1)),
            resolve: Some(limit(LimitKind::WorkDay, 1)),
        },
        Step::Respond {
            unit: "DEP-yuanlin", response: Accept, note: "已到现场，等交通疏导后作业"
        },
        Step::Later {
            days: 0,
            at: (10, 18),
            then: &[Then::Theirs("DEP-jiaoguan", ClockKind::Respond, Lamp::Amber)],
        },
        Step::Later {
            days: 0,
            at: (10, 30),
            then: &[
                Then::Theirs("DEP-jiaoguan", ClockKind::Respond, Lamp::Red),
                Then::Silent("DEP-jiaoguan", 1),
                Then::Event("CaseToldUpward", "逾期未报到"),
            ],
        },
        Step::Supervise {
            by: "D-420102",
            level: SupervisionLevel::Urge,
            reason: "交管未报到，险情还在，街道盯住现场",
        },
        Step::Answer { text: "社区已派人看护，过往行人绕行，已再次电话联系交管" },
        Step::Insist { unit: "DEP-jiaoguan", reason: "疏导交通是交管职责，一小时内到场" },
        Step::Respond { unit: "DEP-jiaoguan", response: Accept, note: "勤务已调整，警力到场" },
        Step::Note { text: "交管已到场，园林下午修剪", public: true },
        Step::Later { days: 0, at: (16, 0), then: &[] },
        Step::Respond {
            unit: "DEP-yuanlin", response: Complete, note: "倾斜枝干已修剪，支撑加固"
        },
        Step::Later {
            days: 0,
            at: (17, 10),
            then: &[
                Then::Theirs("DEP-jiaoguan", ClockKind::Resolve, Lamp::Amber),
                Then::Lamp(ClockKind::Resolve, Lamp::Amber),
                Then::Event("CaseSupervised", "时限将到"),
            ],
        },
        Step::Respond { unit: "DEP-jiaoguan", response: Complete, note: "作业结束，公交恢复原线" },
        Step::Resolve {
            answer: "大树已修剪加固，公交恢复通行，险情排除；交管到场迟了，区里已督促"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Basically, comment: "办得好，就是等得久" },
    ],
};
