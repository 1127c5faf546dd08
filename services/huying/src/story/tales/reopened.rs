//! A case that was called done twice and was not: it climbs a tier.

use huying_proto::common::v1::{Solved, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "reopened",
    title: "Two callbacks fail: worked again, then one tier up",
    chinese: "回访两次不通过：重办，再上一级",
    place: JIANGAN,
    source: "what a callback is for",
    minutes: 25,
    channel: Channel::Online,
    first_contact: None,
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "恒大双城B栋门口垃圾桶满了好几天没人清，味道进屋，苍蝇很多",
    address: "二七街道长建社区恒大双城B栋",
    area: "",
    category: "47678.5:e:06042",
    tier: Tier::Grid,
    holder: "G-420102010002002",
    top: Tier::Community,
    steps: &[
        Step::Accept,
        Step::Resolve { answer: "已通知保洁清运" },
        Step::Tell,
        Step::Fail {
            says: (Satisfaction::Unsatisfied, Solved::No, &[]),
            comment: "清了一只桶，旁边的还满着",
            to: "G-420102010002002",
            tier: Tier::Grid,
        },
        Step::Accept,
        Step::Resolve { answer: "所有桶已清空" },
        Step::Tell,
        Step::Fail {
            says: (Satisfaction::Unsatisfied, Solved::No, &[]),
            comment: "第二天又满了，没有解决",
            to: "C-420102010002",
            tier: Tier::Community,
        },
        Step::Accept,
        Step::Note {
            text: "社区约物业和保洁公司到现场，每天早晚各清一次", public: true
        },
        Step::Resolve {
            answer: "清运改为每天早晚两次，增设四只桶，社区每天查看，联系电话贴在桶边"
        },
        Step::Tell,
        Step::Later { days: 2, at: (10, 0), then: &[] },
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "这几天都干净" },
    ],
};
