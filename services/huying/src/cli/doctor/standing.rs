//! What a service says of itself at `/readyz`, looked through: what makes it no less ready, and yet is not well.

use serde_json::Value;

use super::{Finding, Look, finding};

/// An entry is published within a second, also after a restart of NATS.
const LONGEST_LAG: f64 = 5.0;
/// A follower compares its marks every few seconds.
const LONGEST_BEHIND: i64 = 60;
/// The tables are read when they are asked for.
const OLDEST: i64 = 5;

/// One finding each: NATS, publishing, following, the clock. None where the answer is not of that form.
pub(super) fn findings(name: &str, body: &str) -> Vec<Finding> {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let standing = &body["standing"];
    if standing.is_null() {
        return Vec::new();
    }
    vec![
        finding(&format!("{name} NATS"), connected(&body)),
        finding(&format!("{name} publishing"), publishing(standing)),
        finding(&format!("{name} following"), following(standing)),
        finding(&format!("{name} clock"), clock(standing)),
    ]
}

fn connected(body: &Value) -> Look {
    match body["connected"]["nats"].as_bool() {
        Some(true) => Ok("connected".to_owned()),
        Some(false) | None => Err((
            "not connected: what changes is kept, and published later".to_owned(),
            "is NATS there, and is nats_url right? see nats/server.log in the data directory".to_owned(),
        )),
    }
}

fn publishing(standing: &Value) -> Look {
    let (lag, waiting) = (standing["lag_seconds"].as_f64().unwrap_or(0.0), whole(&standing["unpublished"]));
    let age = whole(&standing["age_seconds"]);
    if age > OLDEST {
        return Err((
            format!("not known: its tables were read {age} s ago"),
            "does the database answer? see postgres/server.log in the data directory".to_owned(),
        ));
    }
    if lag > LONGEST_LAG {
        return Err((
            format!("{waiting} entries wait, the oldest for {lag:.0} s"),
            "is NATS there and has its disk space? does an old transaction hold them back? do others lead?"
                .to_owned(),
        ));
    }
    Ok(format!("{waiting} entries wait, the oldest for {lag:.1} s"))
}

fn following(standing: &Value) -> Look {
    let sources = standing["behind"].as_array().map(Vec::as_slice).unwrap_or_default();
    let late = sources.iter().filter(|one| whole(&one["reconciled_seconds_ago"]) > LONGEST_BEHIND);
    let late: Vec<String> = late
        .map(|one| {
            let source = one["source"].as_str().unwrap_or_default();
            format!("{source} for {} s ({} owed)", whole(&one["reconciled_seconds_ago"]), whole(&one["owed"]))
        })
        .collect();
    if late.is_empty() {
        return Ok(format!("{} sources, all caught up with", sources.len()));
    }
    Err((
        format!("not caught up with {}", late.join(", ")),
        "does the source answer? see what is said of it above".to_owned(),
    ))
}

fn clock(standing: &Value) -> Look {
    if standing["clock_held"].as_bool() == Some(true) {
        return Err((
            "the database's clock has leapt: timers wait until it is sure what time it is".to_owned(),
            "put the clock of the database's machine right; timers go on a minute later".to_owned(),
        ));
    }
    Ok("goes right".to_owned())
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn well() -> Value {
        json!({
            "ready": true,
            "connected": { "nats": true },
            "standing": {
                "age_seconds": 0,
                "lag_seconds": 0.4,
                "unpublished": 2,
                "behind": [{ "source": "routing", "reconciled_seconds_ago": 3, "owed": 0 }],
                "clock_held": false,
            },
        })
    }

    /// What is not well, when one thing is not as it should be.
    fn unwell(place: &str, value: Value) -> Vec<String> {
        let mut body = well();
        *body.pointer_mut(place).unwrap() = value;
        let bad = findings("intake", &body.to_string()).into_iter().filter(|finding| !finding.ok);
        bad.map(|finding| format!("{}: {}", finding.what, finding.found)).collect()
    }

    #[test]
    fn what_is_not_well_is_named() {
        assert_eq!(unwell("/ready", json!(true)), Vec::<String>::new());
        assert_eq!(
            unwell("/connected/nats", json!(false)),
            ["intake NATS: not connected: what changes is kept, and published later"]
        );
        assert_eq!(
            unwell("/standing/lag_seconds", json!(7.4)),
            ["intake publishing: 2 entries wait, the oldest for 7 s"]
        );
        assert_eq!(
            unwell("/standing/age_seconds", json!(20)),
            ["intake publishing: not known: its tables were read 20 s ago"]
        );
        assert_eq!(
            unwell("/standing/behind/0/reconciled_seconds_ago", json!(90)),
            ["intake following: not caught up with routing for 90 s (0 owed)"]
        );
        assert_eq!(
            unwell("/standing/clock_held", json!(true)),
            ["intake clock: the database's clock has leapt: timers wait until it is sure what time it is"]
        );
    }
}
