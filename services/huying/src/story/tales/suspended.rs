//! Work that takes long: suspended with a plan, reviewed, resumed.

use huying_proto::casework::v1::ClockKind;
use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{Lamp, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale, Then};

pub(super) const TALE: Tale = Tale {
    name: "suspended",
    title: "A lift for an old building: suspended, reviewed, overdue, resumed",
    chinese: "加装电梯：挂账、复查、恢复办理",
    place: JIANGAN,
    source: "a hard case, on the district's list until it is done",
    minutes: 10,
    channel: Channel::HomeVisit,
    first_contact: Some("C-420102014003"),
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "老小区改造，七楼老人上下楼太难，楼里住户都同意加装电梯，申请半年了没有动静",
    address: "台北街道和美社区",
    area: "420102014003",
    category: "JA:m:01003",
    tier: Tier::Community,
    holder: "C-420102014003",
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Escalate {
            reason: "要迁燃气和电力管线，社区办不了", to: "S-420102014", tier: Tier::Street
        },
        Step::Accept,
        Step::Note {
            text: "街道已会同设计单位看过现场，先迁管线再装电梯", public: true
        },
        Step::AskSuspension {
            plan: "燃气管线十一月底前迁改，随后加装电梯施工",
            days: 18,
            reason: "管线迁改要排工期，短期办不完",
        },
        Step::Grant { by: "D-420102", reason: "按期复查，不能挂了不管" },
        Step::Later {
            days: 15,
            at: (9, 0),
            then: &[Then::Lamp(ClockKind::Review, Lamp::Amber), Then::Event("CaseSupervised", "时限将到")],
        },
        Step::Review { days: 10, remark: "燃气已迁完，电力还差一段，再给十天" },
        Step::Later {
            days: 8,
            at: (10, 0),
            then: &[Then::Lamp(ClockKind::Review, Lamp::Amber), Then::Event("CaseSupervised", "时限将到")],
        },
        Step::Later {
            days: 2,
            at: (14, 30),
            then: &[
                Then::Lamp(ClockKind::Review, Lamp::Red),
                Then::Event("CaseSupervised", "时限已过"),
                Then::Event("CaseToldUpward", "时限已过"),
            ],
        },
        Step::Resume { reason: "复查逾期；管线已迁完，恢复办理" },
        Step::Call {
            tasks: &[("DEP-fangguan", "三天内进场施工，公示工期")], respond: None, resolve: None
        },
        Step::Respond { unit: "DEP-fangguan", response: Accept, note: "施工队已落实" },
        Step::Later { days: 3, at: (11, 0), then: &[] },
        Step::Respond {
            unit: "DEP-fangguan", response: Complete, note: "已进场，工期四十五天，已公示"
        },
        Step::Resolve {
            answer: "管线已迁完，电梯已进场施工，工期四十五天，进度贴在单元门口"
        },
        Step::Tell,
        Step::Verdict {
            satisfaction: Satisfaction::Satisfied, comment: "看到机器进场，心里踏实了"
        },
    ],
};
