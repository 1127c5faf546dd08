//! A case that was struck off and came back: a delegate asks in public, nobody claims it in time, a leader does, and the second answer solves it.

use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "inquiry",
    title: "A delegate's inquiry: struck off, and dirty again; a leader claims it and answers twice",
    chinese: "代表督评、问政：销了号又脏了，区领导认领，两次公开答复",
    place: JIANGAN,
    source: "江北区 Jiangbei: a televised inquiry, problems shown in public, a leader claims each, 15 solved; place, units and words are set here",
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
    top: Tier::Grid,
    steps: &[
        Step::Accept,
        Step::Resolve { answer: "桶已清空，桶边已消杀" },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "清了" },
        Step::Later { days: 7, at: (9, 0), then: &[] },
        Step::Inspect { good: false, text: "销号一周，桶又满了两天，桶边没人消杀" },
        Step::Inquire { unit: "G-420102010002002", question: "清一次管几天？谁来天天管？" },
        Step::Later { days: 1, at: (10, 0), then: &[] },
        Step::InquiryOverdue,
        Step::ClaimInquiry { office: "副区长（分管城市管理）" },
        Step::AnswerInquiry { text: "已约保洁公司，改为每天清运一次" },
        Step::Later { days: 2, at: (9, 0), then: &[] },
        Step::JudgeInquiry { solved: false, note: "周末两天还是没人来" },
        Step::AnswerInquiry {
            text: "换了保洁公司，早晚各清运一次，周末不停，街道每周到场查看"
        },
        Step::Later { days: 6, at: (9, 0), then: &[] },
        Step::JudgeInquiry { solved: true, note: "周末去看过，桶是空的" },
    ],
};
