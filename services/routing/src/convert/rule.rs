//! What rules come to, in the contract's words.

use chrono::{DateTime, Utc};
use huying_chassis::log::Versioned;
use huying_proto::routing::v1 as pb;
use huying_wire::instant;

use super::{decision, partial, reading};
use crate::domain::{
    decide::explain::{Asked, Explanation, Weighed},
    decision::Routing,
    difference::Difference,
    index::Hit,
    route::Route,
    simulation::Simulated,
};

/// A route, and how it comes about by a profile that was applied then.
pub fn explained(
    route: &Versioned<Route>,
    now: DateTime<Utc>,
    (it, applied_at): (Explanation, Option<DateTime<Utc>>),
) -> pb::RouteExplanation {
    let (today, undecided) = match &it.today {
        Routing::Decided(it) => (decision(it), Vec::new()),
        Routing::Queued { partial: it, undecided } => {
            (partial(it), undecided.iter().map(|part| part.name().to_owned()).collect())
        }
    };
    pb::RouteExplanation {
        route: Some(super::route(route, now)),
        words: it.words.iter().map(word).collect(),
        categories: it.categories.into_iter().map(weighed).collect(),
        location: Some(reading(it.reading, &it.placed)),
        rows: it.rows.into_iter().map(asked).collect(),
        profile_apply_time: applied_at.map(instant::write),
        profile_changed: applied_at.is_some_and(|at| at > route.it.updated_at),
        today: Some(today),
        undecided,
        differences: differences(it.differences),
    }
}

fn word(hit: &Hit) -> pb::FoundWord {
    let (place, standing): (&str, &str) = (hit.place.into(), hit.standing.into());
    pb::FoundWord { text: hit.said.clone(), place: place.into(), standing: standing.into() }
}

fn weighed(Weighed { category, name, weight, words }: Weighed) -> pb::WeighedCategory {
    pb::WeighedCategory { category, name, weight, words }
}

fn asked(Asked { line, why_not }: Asked) -> pb::AskedRow {
    pb::AskedRow { line, why_not: why_not.unwrap_or_default() }
}

fn differences(differences: Vec<Difference>) -> Vec<pb::RouteDifference> {
    let told =
        |Difference { part, before, after }| pb::RouteDifference { part: part.name().into(), before, after };
    differences.into_iter().map(told).collect()
}

/// What differs among some requests.
pub fn simulated(it: Simulated) -> pb::SimulateProfileResponse {
    let parts = it.parts.into_iter();
    let routes = it.routes.into_iter().map(|(request, number, changed)| pb::SimulatedRoute {
        request: request.to_string(),
        number,
        differences: differences(changed),
    });
    pb::SimulateProfileResponse {
        looked: it.looked,
        changed: it.changed,
        parts: parts.map(|(part, count)| pb::PartCount { part: part.name().into(), count }).collect(),
        undecided_before: it.undecided.0,
        undecided_after: it.undecided.1,
        routes: routes.collect(),
        next_page_token: String::new(),
    }
}
