//! A policy briefing: the response group and its departments.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use crate::story::tale::{JIANGAN, Step, Tale};

pub(super) const TALE: Tale = Tale {
    name: "c",
    title: "An office park asks for a policy briefing; a response group answers",
    chinese: "专项响应组惠企上门",
    place: JIANGAN,
    source: "江岸区 Jiang'an: Tax, Investment and Approval came on site",
    minutes: 15,
    channel: Channel::Forum,
    first_contact: Some("D-420102"),
    reporter: ReporterKind::Enterprise,
    concerns: &[],
    content: "我们是写字楼园区运营方，希望为入驻企业办一场惠企政策宣讲，讲讲税收优惠、招商扶持和审批流程",
    address: "",
    area: "420102",
    category: "JA:m:09001",
    tier: Tier::District,
    holder: "RG-yingshang",
    top: Tier::District,
    steps: &[
        Step::Accept,
        Step::Note { text: "惠企服务响应组已与园区联系，商定上门时间", public: true },
        Step::Call {
            tasks: &[
                ("DEP-zhaoshang", "牵头上门，讲解招商扶持政策"),
                ("DEP-shuiwu", "讲解税收优惠政策"),
                ("DEP-shenpi", "讲解审批事项和流程"),
            ],
            respond: None,
            resolve: None,
        },
        Step::Respond { unit: "DEP-zhaoshang", response: Accept, note: "已对接园区" },
        Step::Respond { unit: "DEP-shuiwu", response: Accept, note: "派专人参加" },
        Step::Respond { unit: "DEP-shenpi", response: Accept, note: "派专人参加" },
        Step::Respond { unit: "DEP-shuiwu", response: Complete, note: "现场宣讲并答疑" },
        Step::Respond { unit: "DEP-shenpi", response: Complete, note: "现场宣讲并答疑" },
        Step::Respond {
            unit: "DEP-zhaoshang", response: Complete, note: "宣讲会已办，意见已收集"
        },
        Step::Resolve {
            answer: "响应组已组织税务、招商、审批部门上门宣讲，资料已发给入驻企业"
        },
        Step::Tell,
        Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "政策讲得明白" },
    ],
};
