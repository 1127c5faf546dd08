//! A village without a clinic: a leader takes it in charge and convenes a consultation.

use huying_proto::casework::v1::ClockKind;
use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{Lamp, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGBEI, Step, Tale, Then};

pub(super) const TALE: Tale = Tale {
    name: "clinic",
    title: "A village without medicine: led by a leader, settled in a consultation",
    chinese: "半浦村看病难：领导领办，部门会商",
    place: JIANGBEI,
    source: "江北区 Jiangbei: Banpu village in 慈城镇, touring and cloud clinics came; the dates are set here",
    minutes: 20,
    channel: Channel::HomeVisit,
    first_contact: Some("C-330205103236"),
    reporter: ReporterKind::Grassroots,
    concerns: &[],
    content: "村里老人多，看病要坐一个多小时车，常用药买不到，附近没有诊所，盼着医生能到村里来",
    address: "慈城镇半浦村",
    area: "330205103236",
    category: "JB:m:05001",
    tier: Tier::District,
    holder: "DEP-weijian",
    top: Tier::District,
    steps: &[
        Step::Accept,
        Step::TakeCharge { leader: "区委书记", plan: "三周内让村里人就近看上病、配上药" },
        Step::Consult {
            with: &["D-330205", "S-330205103", "C-330205103236"],
            minutes: "书记召集会商：巡回医疗车每周进村，云诊室设在村委会，常用药进村，医保当场结算，村里出房子和水电",
            tasks: &[
                ("DEP-yibao", "云诊室开通医保结算，慢病药纳入长处方"),
                ("DEP-minzheng", "排出独居、行动不便老人名单，上门代配药"),
            ],
        },
        Step::Respond { unit: "DEP-yibao", response: Accept, note: "本周开通" },
        Step::Respond { unit: "DEP-minzheng", response: Accept, note: "与社区一起走访" },
        Step::Later { days: 1, at: (16, 0), then: &[] },
        Step::Report {
            text: "巡回医疗车第一次进村，看了四十多人；云诊室设备已装好"
        },
        Step::Respond {
            unit: "DEP-minzheng", response: Complete, note: "名单三十一人，结对代配药"
        },
        Step::Later {
            days: 1,
            at: (15, 0),
            then: &[Then::Theirs("DEP-yibao", ClockKind::Resolve, Lamp::Amber)],
        },
        Step::Respond {
            unit: "DEP-yibao", response: Complete, note: "云诊室已能刷医保，慢病药可开三个月"
        },
        Step::Report { text: "云诊室开诊，每周二、五有医生，常用药柜补齐" },
        Step::Resolve {
            answer: "巡回医疗车每周进村，村委会云诊室周二、周五开诊，常用药和慢病药在村里就能配，医保当场结算",
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "再不用起大早赶车配药了" },
    ],
};
