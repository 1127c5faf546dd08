//! Somebody rings the number on the card: whoever takes the phone is responsible to the end. A town with no district above it.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{PriorityKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{SUNBU, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "card",
    title: "A call to the cadre on the card: in a town of its own, whoever takes the phone sees it to the end",
    chinese: "一张服务卡，谁接电话谁负责到底",
    place: SUNBU,
    source: "孙埠镇 Sunbu: 13,731 service cards, whoever takes the phone is responsible to the end; the matter is set here",
    minutes: 20,
    channel: Channel::ServiceCard,
    first_contact: Some("G-341802107203002"),
    reporter: ReporterKind::Resident,
    concerns: &[PriorityKind::LivingAlone],
    content: "照着服务卡打电话给包村干部：家里老人独自住，门前路灯不亮好几天了，晚上出门怕摔",
    address: "正兴村",
    area: "341802107203002",
    category: "47678.5:e:01037",
    tier: Tier::Grid,
    holder: "G-341802107203002",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Note {
            text: "接电话的干部当晚上门看过，先给老人装了一盏感应灯", public: true
        },
        Step::Escalate {
            reason: "灯杆线路坏了，要镇里派人修", to: "C-341802107203", tier: Tier::Community
        },
        Step::Accept,
        Step::Escalate { reason: "村里修不了线路", to: "S-341802107", tier: Tier::Street },
        Step::MayNot { step: "escalate", reason: "AT_TOP_TIER" },
        Step::Accept,
        Step::Call { tasks: &[("DEP-zhifa", "换灯具，查线路")], respond: None, resolve: None },
        Step::Respond { unit: "DEP-zhifa", response: Accept, note: "下午就去" },
        Step::Respond { unit: "DEP-zhifa", response: Complete, note: "线路接好，灯都亮了" },
        Step::Resolve { answer: "门前的路灯和线路都修好了，感应灯留给老人用" },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "打一个电话，有人管到底" },
    ],
};
