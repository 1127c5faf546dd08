//! What a story is made of.

use huying_proto::casework::v1::DispatchResponse;
use huying_proto::common::v1::{Limit, Tier};
use huying_proto::evaluation::v1::Satisfaction;
use huying_proto::intake::v1::{Channel, ReporterKind};

/// A story: how it came in, where it must go, and what everyone then did.
#[derive(Debug)]
pub struct Tale {
    pub key: &'static str,
    pub title: &'static str,
    pub chinese: &'static str,
    pub channel: Channel,
    /// Who took it and owes the answer; none: a platform.
    pub first_contact: Option<&'static str>,
    pub reporter: ReporterKind,
    pub content: &'static str,
    pub address: &'static str,
    /// Where the door knows it; else the address must do.
    pub area: &'static str,
    /// What routing must decide.
    pub category: &'static str,
    pub tier: Tier,
    pub holder: &'static str,
    /// The highest tier that ever holds it.
    pub top: Tier,
    pub steps: &'static [Step],
    /// What the reporter is told.
    pub answer: &'static str,
}

/// One step, by the holder unless it says otherwise.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// 签收.
    Accept,
    /// 告知进度.
    Note { text: &'static str, public: bool },
    /// 上报: and who must hold it then.
    Escalate { reason: &'static str, to: &'static str, tier: Tier },
    /// 呼叫: the first is in the lead; limits as the caller sets them, else the profile's.
    Call { summons: &'static [(&'static str, &'static str)], respond: Option<Limit>, resolve: Option<Limit> },
    /// 报到, 完成: by the called unit.
    Respond { unit: &'static str, response: DispatchResponse, note: &'static str },
    /// 办结, with the story's answer.
    Resolve,
    /// 答复: the first contact tells the reporter; a published answer reaches them by itself.
    Tell,
    /// 回访.
    Verdict { satisfaction: Satisfaction, comment: &'static str },
}
