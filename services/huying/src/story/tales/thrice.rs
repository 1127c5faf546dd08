//! A reporter who is not satisfied, three times: each time with a reason, and each time it is worked on again, higher from the second on.

use huying_proto::common::v1::{Solved, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "thrice",
    title: "Unsatisfied three times: the same holder, then the community, then the street",
    chinese: "三次不满意：原单位重办，升到社区，再升到街道",
    place: JIANGAN,
    source: "what a callback is for; the words are ours",
    minutes: 20,
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
    top: Tier::Street,
    steps: &[
        Step::Accept,
        Step::Resolve { answer: "已通知保洁清运" },
        Step::Tell,
        Step::Fail {
            says: (Satisfaction::Unsatisfied, Solved::No, &["not_true"]),
            comment: "说清了，根本没人来过",
            to: "G-420102010002002",
            tier: Tier::Grid,
        },
        Step::Accept,
        Step::Resolve { answer: "桶已清空，现场看过" },
        Step::Tell,
        Step::Fail {
            says: (Satisfaction::Unsatisfied, Solved::Partly, &["returned", "slow"]),
            comment: "清了一只桶，第二天又满了，苍蝇还在",
            to: "C-420102010002",
            tier: Tier::Community,
        },
        Step::Accept,
        Step::Resolve { answer: "物业每天清运一次，桶边已消杀" },
        Step::Tell,
        Step::Fail {
            says: (Satisfaction::VeryUnsatisfied, Solved::Partly, &["unsolved"]),
            comment: "还是两天才来一趟，桶边没人消杀",
            to: "S-420102010",
            tier: Tier::Street,
        },
        Step::Accept,
        Step::Note {
            text: "街道约物业、社区和保洁公司到现场，换保洁公司，排出早晚两次的表", public: true
        },
        Step::Resolve {
            answer: "早晚各清运一次、每周消杀两次，街道每周到场查看，负责人电话贴在桶边"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::VerySatisfied, comment: "这回彻底干净了" },
    ],
};
