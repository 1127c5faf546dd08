//! What is counted, as people call it, and how a rate is made of it.

use huying_evaluation::domain::figure::Measure;
use huying_proto::evaluation::v1::Term;

/// A sum in words: 非常满意＋满意＋0.9×基本满意.
pub fn sum(terms: &[Term]) -> String {
    let mut said = String::new();
    for term in terms {
        let sign = if term.worth < 0.0 { "−" } else { "＋" };
        if !said.is_empty() || term.worth < 0.0 {
            said.push_str(sign);
        }
        let worth = term.worth.abs();
        if worth != 1.0 {
            said.push_str(&format!("{worth}×"));
        }
        match term.measure.parse() {
            Ok(measure) => said.push_str(word(measure)),
            Err(_) => said.push_str(&term.measure),
        }
    }
    said
}

fn word(measure: Measure) -> &'static str {
    match measure {
        Measure::Opened => "受理",
        Measure::Accepted => "签收",
        Measure::AcceptedOnTime => "按时签收",
        Measure::Escalated => "上报",
        Measure::SentBack => "上报后退下",
        Measure::Delegated => "交办",
        Measure::Called => "呼叫",
        Measure::Returned => "退件",
        Measure::Resolved => "答复办结",
        Measure::ResolvedLate => "超期答复办结",
        Measure::Unverified => "现场核查不通过",
        Measure::Reopened => "重办",
        Measure::Settled => "办结",
        Measure::OnTime => "按时办结",
        Measure::FirstTime => "一次办结",
        Measure::SelfSettled => "自办结",
        Measure::Withdrawn => "撤回",
        Measure::Declined => "不予受理",
        Measure::Merged => "并案",
        Measure::Open => "期末在办",
        Measure::OverdueOpen => "期末逾期未结",
        Measure::Asked => "回访",
        Measure::Valid => "有效回访",
        Measure::Contacted => "已联系",
        Measure::Solved => "已解决",
        Measure::Partly => "部分解决",
        Measure::VerySatisfied => "非常满意",
        Measure::Satisfied => "满意",
        Measure::Basically => "基本满意",
        Measure::Unsatisfied => "不满意",
        Measure::VeryUnsatisfied => "非常不满意",
        Measure::Unreached => "未联系上",
        Measure::Refused => "拒访",
        Measure::Told => "已告知",
        Measure::Untold => "未告知",
        Measure::Requests => "来件",
        Measure::Excluded => "申诉剔除",
        Measure::GrassrootsRated => "基层评价",
        Measure::GrassrootsSatisfied => "基层满意",
        Measure::GrassrootsBasically => "基层基本满意",
        Measure::CallsJudged => "呼叫评价",
        Measure::Climbed => "超时自动上升",
        Measure::HandedOn => "转出",
        Measure::Reassigned => "退件改派",
        Measure::CallsApt => "呼叫适当",
    }
}
