//! Rounds, interviews and their figures in the contract's words.

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use super::verdict;
use crate::domain::{
    estimate::Estimate,
    interview::{Interview, InterviewState, Interviewer, Outcome},
    round::{
        Population, Round, RoundState, StrataBy, Stratum,
        report::{Figures, Report},
    },
};

pub fn round(Versioned { id, version, it, .. }: Versioned<Round>) -> pb::Round {
    let plan = it.plan;
    pb::Round {
        id: id.to_string(),
        population: Some(population(plan.population, &plan.district)),
        district: plan.district,
        name: plan.name,
        sample: count(plan.sample),
        seed: plan.seed,
        strata_by: strata_by(plan.strata_by).into(),
        strata: it.strata.into_iter().map(stratum).collect(),
        due_date: plan.due.to_string(),
        state: round_state(it.state).into(),
        begin_time: Some(instant::write(it.begun_at)),
        close_time: it.closed_at.map(instant::write),
        version,
    }
}

fn population(population: Population, district: &str) -> pb::Population {
    let Population { from, to, area, unit, category, from_at: _, until_at: _ } = population;
    let area = if area == district { String::new() } else { area };
    pb::Population { from_date: from.to_string(), to_date: to.to_string(), area, unit, category }
}

fn stratum(it: Stratum) -> pb::Stratum {
    pb::Stratum {
        key: it.key,
        population: it.population,
        sample: count(it.sample),
        reserve: count(it.reserve),
    }
}

pub fn interview(Versioned { id, version, it, .. }: Versioned<Interview>) -> pb::Interview {
    let drawn = it.drawn;
    let named = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    pb::Interview {
        id: id.to_string(),
        round: drawn.round.to_string(),
        district: drawn.district,
        callback: drawn.callback.to_string(),
        case: drawn.case.to_string(),
        number: drawn.number,
        attempt: drawn.attempt,
        area: drawn.area,
        unit: drawn.unit,
        stratum: drawn.stratum,
        place: drawn.place,
        state: interview_state(it.state).into(),
        interviewer: it.interviewer.map(interviewer),
        verdict: it.verdict.map(verdict),
        note: it.note,
        replaces: named(it.replaces),
        replaced_by: named(it.replaced_by),
        record_time: it.recorded_at.map(instant::write),
        version,
    }
}

pub fn interviewer(Interviewer { unit, subject }: Interviewer) -> pb::Interviewer {
    pb::Interviewer { unit, subject }
}

pub fn report(round: Versioned<Round>, report: Report) -> pb::RoundReport {
    pb::RoundReport {
        round: Some(self::round(round)),
        whole: Some(figures(report.whole)),
        strata: report.strata.into_iter().map(figures).collect(),
        covered: report.covered,
    }
}

fn figures(it: Figures) -> pb::RoundFigures {
    let counts = it.counts;
    pb::RoundFigures {
        key: it.key,
        population: it.population,
        sample: count(it.sample),
        waiting: count(counts.waiting),
        asked: count(counts.asked()),
        answered: count(counts.answered),
        refused: count(counts.refused),
        unreachable: count(counts.unreachable),
        standing_in: count(counts.standing_in),
        response_rate: counts.response(),
        contacted: it.contacted.map(estimate),
        solved: it.solved.map(estimate),
        satisfied: it.satisfied.map(estimate),
    }
}

fn estimate(it: Estimate) -> pb::Estimate {
    pb::Estimate { count: count(it.count), rate: it.rate, low: it.low, high: it.high }
}

/// What is bounded by a round's size.
pub fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub fn round_state(state: RoundState) -> pb::RoundState {
    match state {
        RoundState::Open => pb::RoundState::Open,
        RoundState::Closed => pb::RoundState::Closed,
    }
}

pub fn strata_by(by: StrataBy) -> pb::StrataBy {
    match by {
        StrataBy::None => pb::StrataBy::None,
        StrataBy::Unit => pb::StrataBy::Unit,
        StrataBy::Street => pb::StrataBy::Street,
        StrataBy::Community => pb::StrataBy::Community,
        StrataBy::Category => pb::StrataBy::Category,
    }
}

/// None for the unspecified one.
pub fn strata_asked(by: pb::StrataBy) -> Option<StrataBy> {
    match by {
        pb::StrataBy::Unspecified => None,
        pb::StrataBy::None => Some(StrataBy::None),
        pb::StrataBy::Unit => Some(StrataBy::Unit),
        pb::StrataBy::Street => Some(StrataBy::Street),
        pb::StrataBy::Community => Some(StrataBy::Community),
        pb::StrataBy::Category => Some(StrataBy::Category),
    }
}

pub fn interview_state(state: InterviewState) -> pb::InterviewState {
    match state {
        InterviewState::Reserve => pb::InterviewState::Reserve,
        InterviewState::Waiting => pb::InterviewState::Waiting,
        InterviewState::Answered => pb::InterviewState::Answered,
        InterviewState::Refused => pb::InterviewState::Refused,
        InterviewState::Unreachable => pb::InterviewState::Unreachable,
    }
}

/// None for the unspecified one.
pub fn interview_state_asked(state: pb::InterviewState) -> Option<InterviewState> {
    match state {
        pb::InterviewState::Unspecified => None,
        pb::InterviewState::Reserve => Some(InterviewState::Reserve),
        pb::InterviewState::Waiting => Some(InterviewState::Waiting),
        pb::InterviewState::Answered => Some(InterviewState::Answered),
        pb::InterviewState::Refused => Some(InterviewState::Refused),
        pb::InterviewState::Unreachable => Some(InterviewState::Unreachable),
    }
}

pub fn outcome(outcome: &Outcome) -> pb::InterviewOutcome {
    match outcome {
        Outcome::Answered(_) => pb::InterviewOutcome::Answered,
        Outcome::Refused => pb::InterviewOutcome::Refused,
        Outcome::Unreachable => pb::InterviewOutcome::Unreachable,
    }
}
