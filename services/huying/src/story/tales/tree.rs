//! A leaning tree: grid, community, street, two departments.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{LimitKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale, limit};

pub(super) const TALE: Tale = Tale {
    name: "b",
    title: "A leaning tree climbs to the street, which calls two departments",
    chinese: "街道呼叫、部门响应",
    place: JIANGAN,
    source: "江岸区 Jiang'an: 158 Shengli Street, danger removed the next day",
    minutes: 10,
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
            reason: "现场核实：树身倾斜，紧邻变压器，网格处置不了",
            to: "C-420102003002",
            tier: Tier::Community,
        },
        Step::Accept,
        Step::Escalate {
            reason: "社区研判：需要园林、交管部门会同处置，超出社区权限",
            to: "S-420102003",
            tier: Tier::Street,
        },
        Step::Accept,
        Step::Call {
            tasks: &[
                ("DEP-yuanlin", "当日现场勘查，制定修剪方案，排除险情"),
                ("DEP-jiaoguan", "修剪前疏导交通，公交临时绕行"),
            ],
            respond: Some(limit(LimitKind::UrgentHour, 1)),
            resolve: Some(limit(LimitKind::WorkDay, 1)),
        },
        Step::Respond { unit: "DEP-jiaoguan", response: Accept, note: "已派人到场" },
        Step::Respond { unit: "DEP-yuanlin", response: Accept, note: "当日勘查" },
        Step::Respond {
            unit: "DEP-jiaoguan", response: Complete, note: "公交已绕行，现场交通有序"
        },
        Step::Note { text: "园林部门已勘查，明日修剪", public: true },
        Step::Respond {
            unit: "DEP-yuanlin", response: Complete, note: "倾斜枝干已修剪，支撑加固"
        },
        Step::Resolve { answer: "园林部门已修剪加固，交管部门已恢复通行，险情排除" },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "险情排除了，放心了" },
    ],
};
