//! The rules, tried out without I/O.

mod courses;
mod estimates;
mod interviews;
mod lives;
mod profiles;
mod rates;
mod rounds;
mod states;
mod verdicts;

use chrono::{DateTime, Duration, Utc};
use huying_chassis::log::{Actor, Stamp};
use huying_terms::Tier;
use huying_testing::after;
use uuid::Uuid;

use super::{
    callback::{Callback, Resolved},
    profile::EvaluationProfile,
};

/// A Monday morning at nine in Wuhan.
fn monday() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn stamp(at: DateTime<Utc>) -> Stamp {
    Stamp { id: Uuid::from_u128(1), at, actor: Actor::service("evaluation") }
}

fn resolved() -> Resolved {
    Resolved {
        case: Uuid::from_u128(7),
        number: "JA-20261123-000001".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        holder: "community".into(),
        tier: Some(Tier::Community),
        units: vec!["community".into(), "parks".into()],
        requests: vec![Uuid::from_u128(8)],
        attempt: 1,
        answer: "the tree is pruned".into(),
        solved: None,
        at: monday(),
    }
}

fn pending() -> Callback {
    let opened = Callback::open(resolved(), &EvaluationProfile::default_of("420102"), false);
    after(None, &opened, &stamp(monday() + Duration::seconds(1))).unwrap()
}
