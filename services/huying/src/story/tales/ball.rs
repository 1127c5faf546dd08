//! 踢皮球: two departments, each of which says that it is the other's.

use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "ball",
    title: "A ball kicked between two departments: two returns, and a decision that binds",
    chinese: "踢皮球：两次退单，裁定有约束力",
    place: JIANGAN,
    source: "what every district knows",
    minutes: 12,
    channel: Channel::Forum,
    first_contact: Some("S-420102008"),
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "孩子放学后在校外托管点吃晚饭，不知道有没有手续，学校说管不了，老师让我们问别的部门，到底谁管",
    address: "",
    area: "420102008",
    category: "JA:m:04002",
    tier: Tier::District,
    holder: "DEP-jiaoyu",
    top: Tier::District,
    steps: &[
        Step::Return { reason: "托管点供餐归市场监管", arbiter: "D-420102" },
        Step::Arbitrate { reason: "先由市场监管去查", to: "DEP-shijian", binds: false },
        Step::Return { reason: "校外托管由教育部门牵头，不只是供餐", arbiter: "D-420102" },
        Step::Arbitrate {
            reason: "两次退单，到此为止：教育牵头，市场监管配合",
            to: "DEP-jiaoyu",
            binds: true,
        },
        Step::MayNot { step: "return", reason: "RETURNS_BIND" },
        Step::Accept,
        Step::Note { text: "教育局已会同市场监管上门检查托管点", public: true },
        Step::Resolve {
            answer: "托管点已停止供餐补办手续，教育局公布了证照齐全的托管点名单，今后由教育局管",
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Basically, comment: "总算知道该找谁了" },
    ],
};
