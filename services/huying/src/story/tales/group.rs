//! A firm's request needs more than one department: the street asks for a response group.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "group",
    title: "A firm's request goes to a response group: asked for, granted, commanded by its chair",
    chinese: "企业诉求，启动专项响应组",
    place: JIANGAN,
    source: "江岸区 Jiang'an: 13 groups in 5 classes, started by a street, commanded by their chair",
    minutes: 15,
    channel: Channel::Forum,
    first_contact: Some("S-420102014"),
    reporter: ReporterKind::Enterprise,
    concerns: &[],
    content: "园区停车难，停车位不够用，员工和访客没处停，早晚大门口堵成一团",
    address: "台北街道",
    area: "420102014",
    category: "JA:m:03004",
    tier: Tier::Street,
    holder: "S-420102014",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Note {
            text: "街道已上门了解：缺车位两百个，出入口与公交站太近", public: true
        },
        Step::AskGroup {
            group: "RG-jiaotong",
            task: "一个月内拿出停车和出入口方案，能改的先改",
            reason: "涉及交管、城管、建设、公交，街道协调不动",
        },
        Step::Grant { by: "RG-jiaotong", reason: "同意启动，由组长单位调度" },
        Step::TakeBack { unit: "DEP-gongan", reason: "不涉及治安，不用来" },
        Step::Respond { unit: "DEP-jiaoguan", response: Accept, note: "牵头，明天现场会" },
        Step::Respond { unit: "DEP-chengguan", response: Accept, note: "可腾出边角地" },
        Step::Respond { unit: "DEP-jianshe", response: Accept, note: "看出入口改造" },
        Step::Respond { unit: "UT-gongjiao", response: Accept, note: "研究站台移位" },
        Step::Respond {
            unit: "DEP-chengguan", response: Complete, note: "边角地划出错时车位一百二十个"
        },
        Step::Respond {
            unit: "DEP-jianshe", response: Complete, note: "出入口拓宽方案已定，随路面维修施工"
        },
        Step::Respond { unit: "UT-gongjiao", response: Complete, note: "站台南移三十米" },
        Step::Respond {
            unit: "DEP-jiaoguan", response: Complete, note: "早晚高峰单进单出，标线已画"
        },
        Step::Resolve {
            answer: "新增错时车位一百二十个，公交站台南移，高峰单进单出，出入口随路面维修拓宽"
        },
        Step::Tell,
        Step::Verdict {
            satisfaction: Satisfaction::Satisfied,
            comment: "几家单位一次到齐，省得我们一家家跑",
        },
    ],
};
