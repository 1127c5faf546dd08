//! `[triage]` of `policies.toml`: how long a claim at the triage desk holds, and whom what nobody minds is told to. How long the desk may take
//! is in `clocks.csv`.

use huying_proto::{common::v1::Tier, routing::v1 as routing};
use serde::Deserialize;
use toml::Spanned;

use super::clocks::Clocks;
use crate::words::Word;

/// 研判席.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriageToml {
    claim_minutes: Spanned<u32>,
    #[serde(default)]
    climb: Vec<ClimbToml>,
}

/// At which share of its time which tier is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClimbToml {
    percent: Spanned<u32>,
    tier: Spanned<String>,
}

/// Routing's rules, as far as they stand there; what is wrong is told with where it stands and what to do.
pub(super) fn read(
    toml: &TriageToml,
    mut wrong: impl FnMut(std::ops::Range<usize>, String, &str),
) -> routing::TriageRules {
    let minutes = &toml.claim_minutes;
    if !(1..=480).contains(minutes.get_ref()) {
        wrong(minutes.span(), "claim_minutes must be from 1 to 480".into(), "15 is usual");
    }
    let mut climbs: Vec<routing::TriageRung> = Vec::new();
    for ClimbToml { percent, tier } in &toml.climb {
        let least = climbs.last().map_or(100, |rung| rung.percent);
        if !(least + 1..=1000).contains(percent.get_ref()) {
            let what = format!("percent must be from {} to 1000", least + 1);
            wrong(percent.span(), what, "200 is red for as long again; each more than the one before");
        }
        let Some(known) = Tier::parse(tier.get_ref()) else {
            let what = format!("'{}' is no tier", tier.get_ref());
            wrong(tier.span(), what, "use grid, community, street or district");
            continue;
        };
        climbs.push(routing::TriageRung { percent: *percent.get_ref(), tier: known.into() });
    }
    routing::TriageRules { claim_minutes: *minutes.get_ref(), climbs, ..Default::default() }
}

/// With the times of `clocks.csv` and the share at which every lamp of the place turns amber.
pub(super) fn rules(
    rules: Option<routing::TriageRules>,
    amber_percent: u32,
    clocks: &Clocks,
) -> Option<routing::TriageRules> {
    let (limits, danger) = (clocks.triage(), clocks.triage_danger());
    match rules {
        Some(rules) => Some(routing::TriageRules { limits, danger, amber_percent, ..rules }),
        // Without either, routing's own.
        None if limits.is_empty() && danger.is_none() => None,
        None => Some(routing::TriageRules { limits, danger, amber_percent, ..Default::default() }),
    }
}
