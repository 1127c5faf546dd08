//! The rules, tried out without I/O.

mod ages;
mod courses;
mod effects;
mod estimates;
mod hands;
mod inquiries;
mod interviews;
mod links;
mod lives;
mod periods;
mod postings;
mod profiles;
mod rates;
mod ratings;
mod rounds;
mod rules;
mod samples;
mod settled;
mod signs;
mod states;
mod topics;
mod trials;
mod tries;
mod verdicts;

use chrono::{DateTime, Duration, Utc};
use huying_chassis::log::{Actor, Stamp, fingerprint};
use huying_terms::{Solved, Tier};
use huying_testing::after;
use uuid::Uuid;

use super::{
    callback::{Beside, Callback, Resolved, Teller},
    change::{Change, Ended},
    parties::{Doer, Party},
    profile::EvaluationProfile,
    settle::{Judgement, Settled},
    verdict::{By, Satisfaction, Verdict},
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
        event: Uuid::from_u128(6),
        case: Uuid::from_u128(7),
        number: "JA-20261123-000001".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        holder: "community".into(),
        tier: Some(Tier::Community),
        units: vec!["community".into(), "parks".into()],
        parties: ["community", "grid", "parks"].map(party).into(),
        requests: vec![Uuid::from_u128(8)],
        attempt: 1,
        answer: "the tree is pruned".into(),
        solved: None,
        at: monday(),
    }
}

/// A unit that had part in the case, and the one officer who acted for it.
fn party(unit: &str) -> Party {
    let person = fingerprint(Uuid::from_u128(7), &format!("officer of {unit}"));
    Party { unit: unit.to_owned(), persons: vec![person] }
}

/// How a callback on a case of one request begins.
fn opened(by_default: bool) -> Change {
    let mut opened = Callback::open(&resolved(), &EvaluationProfile::default_of("420102"), by_default);
    assert_eq!(opened.len(), 1);
    opened.remove(0)
}

fn pending() -> Callback {
    after(None, &opened(false), &stamp(monday() + Duration::seconds(1))).unwrap()
}

/// Callback staff.
const CENTRE: Teller<'static> = somebody(By::Centre, Some("callbacks"));

/// Somebody of a unit who acted for none on the case.
const fn somebody(by: By, unit: Option<&str>) -> Teller<'_> {
    Teller { by, who: Doer { unit, subject: "somebody" } }
}

/// Nobody else is asked.
fn alone(now: DateTime<Utc>) -> Beside<'static> {
    Beside { now, others: &[] }
}

fn verdict(contacted: bool, solved: Solved, satisfaction: Satisfaction) -> Verdict {
    Verdict {
        contacted,
        told: None,
        solved,
        satisfaction,
        reasons: Vec::new(),
        answers: Vec::new(),
        comment: String::new(),
        by: By::Centre,
    }
}

/// That it settles its attempt so.
fn settling(judgement: Judgement) -> Ended {
    Ended { settles: Some(Settled { judgement, reasons: Vec::new() }) }
}
