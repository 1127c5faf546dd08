//! The three stories, as the district tells them; the words are ours, and nobody is named.

use huying_proto::casework::v1::DispatchResponse::{Accept, Complete};
use huying_proto::common::v1::{Limit, LimitKind, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

use super::tale::{Step, Tale};

pub const TALES: [Tale; 3] = [
    Tale {
        key: "a",
        title: "Story A: a car blocks the exit, and never leaves the grid",
        chinese: "故事 A：挪车，不出网格",
        channel: Channel::Online,
        first_contact: None,
        reporter: ReporterKind::Resident,
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
            Step::Resolve,
            Step::Tell,
            Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "很快就挪走了" },
        ],
        answer: "物业已通过门禁登记联系到车主，车已挪走，出入口恢复畅通",
    },
    Tale {
        key: "b",
        title: "Story B: a leaning tree climbs to the street, which calls two departments",
        chinese: "故事 B：街道呼叫、部门响应",
        channel: Channel::GridPatrol,
        first_contact: Some("G-420102003002001"),
        reporter: ReporterKind::Grassroots,
        content: "胜利街158号门前一棵大树倾斜，旁边管道施工路面变窄，公交车擦着树过，树边还有变压器，很危险",
        address: "一元街道同兴社区胜利街158号",
        area: "",
        category: "47678.5:e:04002",
        tier: Tier::Grid,
        holder: "G-420102003002001",
        top: Tier::Street,
        steps: &[
            Step::Accept,
            Step::Note { text: "网格员到现场核实，已拉警戒线", public: true },
            Step::Escalate {
                reason: "现场核实：树身倾斜，紧邻变压器，网格处置不了",
                to: "C-420102003002",
                tier: Tier::Community,
            },
            Step::Accept,
            Step::Escalate {
                reason: "社区研判：需要园林、交管部门会同处置，超出社区权限",
                to: "S-420102003",
                tier: Tier::Street,
            },
            Step::Accept,
            Step::Call {
                summons: &[
                    ("DEP-yuanlin", "当日现场勘查，制定修剪方案，排除险情"),
                    ("DEP-jiaoguan", "修剪前疏导交通，公交临时绕行"),
                ],
                respond: Some(limit(LimitKind::UrgentHour, 1)),
                resolve: Some(limit(LimitKind::WorkDay, 1)),
            },
            Step::Respond { unit: "DEP-jiaoguan", response: Accept, note: "已派人到场" },
            Step::Respond { unit: "DEP-yuanlin", response: Accept, note: "当日勘查" },
            Step::Respond {
                unit: "DEP-jiaoguan", response: Complete, note: "公交已绕行，现场交通有序"
            },
            Step::Note { text: "园林部门已勘查，明日修剪", public: true },
            Step::Respond {
                unit: "DEP-yuanlin", response: Complete, note: "倾斜枝干已修剪，支撑加固"
            },
            Step::Resolve,
            Step::Tell,
            Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "险情排除了，放心了" },
        ],
        answer: "园林部门已修剪加固，交管部门已恢复通行，险情排除",
    },
    Tale {
        key: "c",
        title: "Story C: an office park asks for a policy briefing; a response group answers",
        chinese: "故事 C：专项响应组惠企上门",
        channel: Channel::Forum,
        first_contact: Some("D-420102"),
        reporter: ReporterKind::Enterprise,
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
                summons: &[
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
            Step::Resolve,
            Step::Tell,
            Step::Verdict { satisfaction: Satisfaction::Satisfied, comment: "政策讲得明白" },
        ],
        answer: "响应组已组织税务、招商、审批部门上门宣讲，资料已发给入驻企业",
    },
];

const fn limit(kind: LimitKind, amount: u32) -> Limit {
    Limit { kind: kind as i32, amount }
}
