//! A car blocks the way: settled in the grid.

use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "a",
    title: "A car blocks the exit, and it never leaves the grid",
    chinese: "挪车，不出网格",
    place: JIANGAN,
    source: "江岸区 Jiang'an: from report to done in 15 minutes",
    minutes: 3,
    channel: Channel::Online,
    first_contact: None,
    reporter: ReporterKind::Resident,
    concerns: &[],
    content: "恒大双城B栋楼下有辆小车堵住出入口，出不去，请帮忙联系车主挪车",
    address: "二七街道长建社区恒大双城B栋",
    area: "",
    category: "47678.5:e:09009",
    tier: Tier::Grid,
    holder: "G-420102010002002",
    top: Tier::Grid,
    steps: &[
        Step::Accept,
        Step::Note { text: "网格员已回复，马上联系物业", public: true },
        Step::Note { text: "物业按门禁登记找到车主，车主正下楼", public: true },
        Step::Note { text: "车已开走", public: false },
        Step::Resolve {
            answer: "物业已通过门禁登记联系到车主，车已挪走，出入口恢复畅通"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "很快就挪走了" },
    ],
};
