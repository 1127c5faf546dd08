//! A street that solves what is easy and declines what is hard: its satisfaction is whole, and how much it declined stands beside it.

use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "declines",
    title: "A unit that declines what is hard: every reporter it asks is satisfied, and the figures show why",
    chinese: "难的都不受理：满意率百分之百，不予受理率也摆在旁边",
    place: JIANGAN,
    source: "why declined cases are counted in the open; the words are ours",
    minutes: 20,
    channel: Channel::Online,
    first_contact: None,
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
        Step::Resolve { answer: "已与隔壁商场谈好，早晚可借用错时车位六十个" },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "有地方停了" },
        Step::Later { days: 1, at: (9, 0), then: &[] },
        Step::Alike {
            calls: &[
                ("420102014", "台北街道", "小区停车难，停车位不够用，晚上回来没处停"),
                ("420102014", "台北街道", "医院旁边停车难，停车位不够用，看病的人没处停，门口堵成一团"),
                ("420102014", "台北街道", "学校门口停车难，停车位不够用，接送孩子的车没处停"),
            ],
        },
        Step::DeclineAlike {
            ground: "beyond_duty",
            answer: "停车位由产权单位自行解决，不属于街道职责，可向物业或医院、学校反映",
            by: "D-420102",
            reason: "依街道所报",
        },
        Step::Shows {
            unit: "S-420102014",
            count: ("declined", 3),
            rates: &[("satisfaction", 100.0), ("declined", 75.0)],
        },
    ],
};
