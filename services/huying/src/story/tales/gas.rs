//! Twelve years without gas: a hundred homes, one case; community, company and street lay the pipe.

use huying_proto::casework::v1::ClockKind;
use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{Lamp, LimitKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGBEI, Step, Tale, Then, limit};

pub(super) const TALE: Tale = Tale {
    name: "gas",
    title: "Twelve years without gas: a hundred homes in one case, and the pipe is laid",
    chinese: "费市家园通气：一百户并成一件",
    place: JIANGBEI,
    source: "江北区 Jiangbei: Feishi Jiayuan in 庄桥街道, a hundred homes; what else was done is set here",
    minutes: 15,
    channel: Channel::HomeVisit,
    first_contact: Some("C-330205006008"),
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "小区十二年没通管道天然气，家家换煤气罐，楼上老人扛不动，盼着把管子接进来",
    address: "庄桥街道费市社区费市家园",
    area: "330205006008001",
    category: "JB:m:02003",
    tier: Tier::Grid,
    holder: "G-330205006008001",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Note { text: "网格员挨家问过，整个小区都没通", public: true },
        Step::Escalate {
            reason: "不是一户的事，要社区来牵头", to: "C-330205006008", tier: Tier::Community
        },
        Step::Accept,
        Step::Join {
            homes: 100,
            content: "我家也没通天然气，希望一起解决",
            reason: "同一小区、同一件事，一并办理，每户都要答复",
        },
        Step::Escalate {
            reason: "要挖路、要接干管，社区办不了", to: "S-330205006", tier: Tier::Street
        },
        Step::Accept,
        Step::Call {
            tasks: &[
                ("UT-ranqi", "入户勘测，接驳市政干管，铺设庭院管道并逐户通气"),
                ("DEP-jianshe", "办理占道开挖，安排路面恢复"),
            ],
            respond: None,
            resolve: Some(limit(LimitKind::WorkDay, 30)),
        },
        Step::Respond { unit: "UT-ranqi", response: Accept, note: "明天与社区一起入户勘测" },
        Step::Respond { unit: "DEP-jianshe", response: Accept, note: "开挖方案一并审" },
        Step::AskSuspension {
            plan: "社区登记到户，公司四周铺管，街道协调开挖和停车",
            days: 28,
            reason: "铺管要四周，短期办不完",
        },
        Step::Grant { by: "D-330205", reason: "铺管按周报进度" },
        Step::Later { days: 4, at: (16, 0), then: &[] },
        Step::Respond {
            unit: "DEP-jianshe", response: Complete, note: "开挖许可已发，错开早晚高峰"
        },
        Step::Later {
            days: 19,
            at: (9, 0),
            then: &[Then::Lamp(ClockKind::Review, Lamp::Amber), Then::Event("CaseSupervised", "时限将到")],
        },
        Step::Review { days: 10, remark: "庭院管已铺完，还差入户和点火，再看十天" },
        Step::Later { days: 5, at: (15, 0), then: &[] },
        Step::Respond {
            unit: "UT-ranqi", response: Complete, note: "一百零一户全部点火，已做气密检查"
        },
        Step::Resume { reason: "管道已通，恢复办理" },
        Step::Resolve {
            answer: "管道天然气已接进小区，一百零一户全部通气，路面已恢复，报修电话贴在各单元门口",
        },
        Step::Tell,
        Step::Verdict {
            satisfaction: Satisfaction::Satisfied, comment: "等了十二年，终于不用扛罐子了"
        },
    ],
};
