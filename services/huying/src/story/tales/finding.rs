//! An evening visit finds something: the town calls a department, which reports in.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{Step, Tale, XIAOSHAN};

pub(super) const TALE: Tale = Tale {
    name: "finding",
    title: "What an evening visit finds is beyond the village: the town calls a department, which reports in",
    chinese: "夜访发现，镇里呼叫，部门报到",
    place: XIAOSHAN,
    source: "萧山区 Xiaoshan: visits by day and night, town calls, department reports in; the matter and the village are set here",
    minutes: 30,
    channel: Channel::HomeVisit,
    first_contact: Some("G-330109108200001"),
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "夜访时住户说，村口河水发臭发黑好几个月了，夏天不敢开窗",
    address: "衙前镇螺山村",
    area: "330109108200001",
    category: "47678.5:e:06026",
    tier: Tier::Street,
    holder: "S-330109108",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Note {
            text: "固定干部当晚到河边看过，拍了照，告诉住户由镇里办", public: true
        },
        Step::Call {
            tasks: &[("DEP-shuili", "查清排口，清淤换水"), ("DEP-huanjing", "取水样，查谁在倒")],
            respond: None,
            resolve: None,
        },
        Step::Respond { unit: "DEP-shuili", response: Accept, note: "明早到现场报到" },
        Step::Respond { unit: "DEP-huanjing", response: Accept, note: "一并到场取样" },
        Step::Respond {
            unit: "DEP-huanjing", response: Complete, note: "查到一家作坊往河里倒，已立案"
        },
        Step::Respond { unit: "DEP-shuili", response: Complete, note: "已清淤，引了活水" },
        Step::Resolve {
            answer: "河道已清淤换水，偷排的作坊已立案处理，村口装了探头"
        },
        Step::Tell,
        Step::Verdict {
            satisfaction: Satisfaction::Satisfied, comment: "上门问、当面答，晚上能开窗了"
        },
    ],
};
