//! What holds where a profile says nothing of rates.

use super::{
    Measure,
    rate::{Grade, Rate, Sum},
    standing::Rules,
};
use crate::domain::profile::Weights;

/// The usual rates, with these weights, and the usual grades. 三率 over valid callbacks and what a basically satisfied reporter counts are those
/// of one district's published code; the others are what hotlines are assessed by (GB/T 33357).
pub fn rules(weights: &Weights) -> Rules {
    use Measure as M;
    let satisfied = [(M::VerySatisfied, 1.0), (M::Satisfied, 1.0), (M::Basically, weights.basically)];
    let grassroots = [(M::GrassrootsSatisfied, 1.0), (M::GrassrootsBasically, weights.basically)];
    let valid = "未联系上、拒访、免回访、申诉剔除和重办后作废的不计";
    let settled = "撤回、并案和不予受理的不计，另行公布";
    // Over what was in a unit's hands, and not over what it had first: else one that declines what came up to it would have no rate.
    let in_hand = "没有经手过的不计";
    let mut rates = vec![
        rate("response", "响应率", &[(M::Contacted, 1.0)], &[M::Valid], valid),
        rate("resolution", "解决率", &[(M::Solved, 1.0)], &[M::Valid], valid),
        rate("satisfaction", "满意率", &satisfied, &[M::Valid], valid),
        rate("on_time", "按时办结率", &[(M::OnTime, 1.0)], &[M::Settled, M::OverdueOpen], settled),
        rate("rework", "返工率", &[(M::Reopened, 1.0)], &[M::Resolved], "没有办结过的不计"),
        rate("return", "退件率", &[(M::Returned, 1.0)], &M::IN_HAND, in_hand),
        rate("first_time", "一次办结率", &[(M::FirstTime, 1.0)], &[M::Settled], settled),
        rate("self_settled", "自办结率", &[(M::SelfSettled, 1.0)], &[M::Settled], settled),
        rate(
            "apt",
            "上报适当率",
            &[(M::Escalated, 1.0), (M::SentBack, -1.0)],
            &[M::Escalated],
            "没有上报过的不计",
        ),
        rate(
            "reach",
            "回访接通率",
            &[(M::Valid, 1.0), (M::Refused, 1.0)],
            &[M::Asked],
            "免回访、申诉剔除和重办后作废的不计",
        ),
        // Over those too that were taken away since nobody looked at them: else who ignores the hard ones has accepted all in time.
        rate(
            "accepted",
            "按时签收率",
            &[(M::AcceptedOnTime, 1.0)],
            &[M::Accepted, M::Climbed],
            "没有签收、也没有超时上升的不计",
        ),
        // What is left out of the others, in the open: who declines much, or appeals much, shows it here.
        rate("declined", "不予受理率", &[(M::Declined, 1.0)], &M::IN_HAND, in_hand),
        rate("withdrawn", "撤回率", &[(M::Withdrawn, 1.0)], &M::IN_HAND, in_hand),
        rate(
            "excluded",
            "申诉剔除率",
            &[(M::Excluded, 1.0)],
            &[M::Asked, M::Excluded],
            "免回访和重办后作废的不计",
        ),
        // The second kind of rater: what units say of those that they worked with.
        rate(
            "grassroots",
            "基层满意率",
            &grassroots,
            &[M::GrassrootsRated],
            "未评价的不计；诉求人的回访另计",
        ),
        rate("call_apt", "呼叫适当率", &[(M::CallsApt, 1.0)], &[M::CallsJudged], "未评价的不计"),
    ];
    let given = [weights.response, weights.resolution, weights.satisfaction];
    for (rate, weight) in rates.iter_mut().zip(given) {
        rate.weight = weight;
    }
    Rules { rates, grades: grades() }
}

fn rate(
    code: &str,
    name: &str,
    numerator: &[(Measure, f64)],
    denominator: &[Measure],
    exclusions: &str,
) -> Rate {
    Rate {
        code: code.to_owned(),
        name: name.to_owned(),
        numerator: Sum::from_iter(numerator.iter().copied()),
        denominator: denominator.iter().map(|measure| (*measure, 1.0)).collect(),
        exclusions: exclusions.to_owned(),
        weight: 0.0,
    }
}

fn grades() -> Vec<Grade> {
    let all = [("优秀", 0.9), ("良好", 0.8), ("合格", 0.6), ("不合格", 0.0)];
    all.map(|(name, from)| Grade { name: name.to_owned(), from }).to_vec()
}
