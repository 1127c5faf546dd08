//! What differs between two decisions on the same request, part by part, in words that can be compared: codes, tiers and limits, no instants.

use huying_terms::Limit;

use super::decision::{Part, Routing};

/// A part that differs; an empty text: undecided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub part: Part,
    pub before: String,
    pub after: String,
}

/// What differs, in the order of the parts.
pub fn between(before: &Routing, after: &Routing) -> Vec<Difference> {
    let pairs = Part::DECIDED.into_iter().zip(said(before)).zip(said(after));
    let differing = pairs.filter(|((_, before), after)| before != after);
    differing.map(|((part, before), after)| Difference { part, before, after }).collect()
}

/// What each part says, in the order of [`Part::DECIDED`]. Of what is undecided only area and category may be known.
fn said(routing: &Routing) -> [String; 8] {
    match routing {
        Routing::Decided(it) => [
            it.area.to_string(),
            it.category.clone(),
            it.tier.as_str().to_owned(),
            it.holder.clone(),
            it.departments.join(", "),
            it.priority.to_string(),
            limit(it.respond),
            limit(it.resolve),
        ],
        Routing::Queued { partial, .. } => {
            let mut said: [String; 8] = Default::default();
            let area = partial.area.as_ref().map(ToString::to_string);
            for (slot, known) in said.iter_mut().zip([area, partial.category.clone()]) {
                *slot = known.unwrap_or_default();
            }
            said
        }
    }
}

fn limit(limit: Limit) -> String {
    format!("{} {}", limit.amount, limit.kind.as_str())
}
