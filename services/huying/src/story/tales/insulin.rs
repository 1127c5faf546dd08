//! One villager's insulin becomes eighteen touring health points.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{HAISHU, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "insulin",
    title: "A mountain villager gets no insulin at home: from one case, eighteen touring health points",
    chinese: "从一针胰岛素到十八个巡回医疗点",
    place: HAISHU,
    source: "海曙区 Haishu: a mountain villager, 18 touring health points, 7,500 visits; the village and the units are set here",
    minutes: 20,
    channel: Channel::HomeVisit,
    first_contact: Some("C-330203106245"),
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "家在山里，得了糖尿病，村里配不到胰岛素，每个月要坐两个多小时车进城看病买药",
    address: "章水镇李家坑村",
    area: "330203106245",
    category: "HS:m:05001",
    tier: Tier::District,
    holder: "DEP-weijian",
    top: Tier::District,
    steps: &[
        Step::Accept,
        Step::Note {
            text: "先由镇卫生院送药上门，这个月的胰岛素已送到家", public: true
        },
        Step::Consult {
            with: &["D-330203", "S-330203106", "C-330203106245"],
            minutes: "从一件事看到一类事：山区各村都配不到，定十八个巡回医疗点，每周有车到，村里出房子",
            tasks: &[
                ("DEP-yibao", "巡回点开通医保结算，慢病药纳入长处方"),
                ("DEP-jiaotong", "排出巡回车路线，雨雪天也能到"),
            ],
        },
        Step::Respond { unit: "DEP-yibao", response: Accept, note: "各点一并开通" },
        Step::Respond { unit: "DEP-jiaotong", response: Accept, note: "路线两天内排好" },
        Step::Respond { unit: "DEP-jiaotong", response: Complete, note: "十八个点连成三条线" },
        Step::Respond { unit: "DEP-yibao", response: Complete, note: "十八个点都能刷医保" },
        Step::Resolve {
            answer: "村里设了巡回医疗点，每周有医生来，胰岛素和慢病药在点上就能配；山区十八个点同样开诊",
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "不用再进城买药了" },
    ],
};
