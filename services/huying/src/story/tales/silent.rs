//! A department that never answers, and what becomes of it.

use huying_proto::casework::v1::ClockKind;
use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{Lamp, LimitKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale, Then, limit};

pub(super) const TALE: Tale = Tale {
    name: "silent",
    title: "A department never answers: told upward, insisted on, ended",
    chinese: "部门两次不报到，上级裁定终止",
    place: JIANGAN,
    source: "what a street does when its call is met with silence",
    minutes: 5,
    channel: Channel::GridPatrol,
    first_contact: Some("G-420102017004002"),
    reporter: ReporterKind::Grassroots,
    concerns: &[],
    content: "小区门口路面积水，没过脚踝，老人出不了门，雨水口像是被落叶和泥堵死了",
    address: "后湖街道后湖苑社区",
    area: "420102017004002",
    category: "JA:e:10105",
    tier: Tier::Grid,
    holder: "G-420102017004002",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Escalate {
            reason: "积水深，网格没有排水设备", to: "C-420102017004", tier: Tier::Community
        },
        Step::Accept,
        Step::Escalate {
            reason: "雨水口和管网都堵，需要部门来疏通", to: "S-420102017", tier: Tier::Street
        },
        Step::Accept,
        Step::Call {
            tasks: &[("DEP-shuihu", "派泵车抽排积水，疏通管网"), ("DEP-chengguan", "清掏雨水口落叶和淤泥")],
            respond: Some(limit(LimitKind::UrgentHour, 1)),
            resolve: Some(limit(LimitKind::WorkDay, 1)),
        },
        Step::Respond { unit: "DEP-shuihu", response: Accept, note: "泵车已出发" },
        Step::Later {
            days: 0,
            at: (10, 20),
            then: &[Then::Theirs("DEP-chengguan", ClockKind::Respond, Lamp::Amber)],
        },
        Step::Later {
            days: 0,
            at: (10, 37),
            then: &[
                Then::Theirs("DEP-chengguan", ClockKind::Respond, Lamp::Red),
                Then::Silent("DEP-chengguan", 1),
                Then::Event("CaseToldUpward", "逾期未报到"),
                Then::Lamp(ClockKind::Resolve, Lamp::Amber),
                Then::Event("CaseSupervised", "时限将到"),
            ],
        },
        Step::Insist { unit: "DEP-chengguan", reason: "清掏雨水口归城管环卫，立即派人" },
        Step::Later {
            days: 0,
            at: (11, 1),
            then: &[
                Then::Lamp(ClockKind::Resolve, Lamp::Red),
                Then::Event("CaseSupervised", "时限已过"),
                Then::Event("CaseToldUpward", "时限已过"),
            ],
        },
        Step::Note { text: "水务先抽水，雨水口没人清，水退得慢", public: true },
        Step::Later {
            days: 0,
            at: (11, 35),
            then: &[Then::Theirs("DEP-chengguan", ClockKind::Respond, Lamp::Amber)],
        },
        Step::Later {
            days: 0,
            at: (11, 45),
            then: &[
                Then::Theirs("DEP-chengguan", ClockKind::Respond, Lamp::Red),
                Then::Silent("DEP-chengguan", 2),
                Then::Event("CaseToldUpward", "逾期未报到"),
            ],
        },
        Step::Release {
            unit: "DEP-chengguan",
            reason: "两次不报到，记录在案；街道叫得对，不再等",
            apt: true,
        },
        Step::Call {
            tasks: &[("DEP-jianshe", "调市政养护班组，清掏雨水口")],
            respond: Some(limit(LimitKind::UrgentHour, 1)),
            resolve: Some(limit(LimitKind::WorkDay, 1)),
        },
        Step::Respond { unit: "DEP-jianshe", response: Accept, note: "班组半小时内到" },
        Step::Respond { unit: "DEP-jianshe", response: Complete, note: "六个雨水口全部清掏" },
        Step::Respond { unit: "DEP-shuihu", response: Complete, note: "积水抽干，管网已疏通" },
        Step::Resolve {
            answer: "积水已抽干，雨水口已清掏，管网已疏通，雨天会有人巡查"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "当天就能出门了" },
    ],
};
