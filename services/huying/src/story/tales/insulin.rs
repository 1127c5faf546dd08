//! One villager's insulin becomes touring health points: solved for one, then for all whose calls are like it, and nobody calls for it any more.

use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::{Satisfaction, TopicVerdict};
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{HAISHU, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "insulin",
    title: "A mountain villager gets no insulin at home: from one case, eighteen touring health points",
    chinese: "从一针胰岛素到十八个巡回医疗点",
    place: HAISHU,
    source: "海曙区 Haishu: a mountain villager, 18 touring health points, 7,500 visits; the villages, the units and the days are set here",
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
        Step::Resolve {
            answer: "镇卫生院已把这个月的胰岛素送到家，今后每月送药上门"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "不用再进城买药了" },
        Step::Later { days: 1, at: (9, 0), then: &[] },
        Step::Alike {
            calls: &[
                ("330203106260", "章水镇杖锡村", "老伴得了糖尿病，村里配不到胰岛素，看病买药要坐车进城"),
                (
                    "330203106218",
                    "章水镇大皎村",
                    "村里没有药房，配不到胰岛素，糖尿病人每个月都要进城看病买药",
                ),
                ("330203106262", "章水镇里梅村", "得了糖尿病，村里配不到胰岛素，下雪天进城看病买药更难"),
            ],
        },
        Step::OpenTopic {
            title: "山区慢病用药难",
            why: (
                "山区各村没有药房，镇卫生院离得远，慢病药只在城里配得到",
                "从解决一件事到解决一类事：巡回医疗点每周到村，慢病药在点上配、在点上报销",
            ),
            owner: "DEP-weijian",
            measures: &[
                (("DEP-weijian", "山区设十八个巡回医疗点，每周有车到，村里出房子"), 10),
                (("DEP-yibao", "巡回点开通医保结算，慢病药纳入长处方"), 10),
                (("DEP-jiaotong", "排出巡回车路线，雨雪天也能到"), 7),
            ],
        },
        Step::Later { days: 7, at: (10, 0), then: &[] },
        Step::Done { measure: 3, note: "十八个点连成三条线" },
        Step::Later { days: 1, at: (10, 0), then: &[] },
        Step::Done { measure: 2, note: "十八个点都能刷医保" },
        Step::Done { measure: 1, note: "十八个点都已开诊" },
        Step::ResolveAlike {
            answer: "村里设了巡回医疗点，每周有医生来，胰岛素和慢病药在点上就能配"
        },
        Step::Test { days: 14 },
        Step::Later { days: 15, at: (9, 0), then: &[] },
        Step::Judged { verdict: TopicVerdict::DriedUp, counts: (4, 0) },
    ],
};
