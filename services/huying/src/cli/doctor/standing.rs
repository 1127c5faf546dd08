//! What a service says of itself at `/readyz`, looked through: what makes it no less ready, and yet is not well.

use serde_json::{Map, Value};

use super::{Finding, Look, finding};

/// An entry is published within a second, also after a restart of NATS.
const LONGEST_LAG: f64 = 5.0;
/// A follower compares its marks every few seconds.
const LONGEST_BEHIND: i64 = 60;
/// The tables are read when they are asked for.
const OLDEST: i64 = 5;

/// Over twice the time between two anchors, in which one takes in what was written right after the one before, and each replica's file gets it.
const ANCHORS_LATE: f64 = 120.0;

/// Days that a certificate has left, by the setting that names it; and from how many on it is to be renewed.
const CERTIFICATES: &str = "huying_certificate_days_left";
const RENEW: i64 = 14;

/// How many districts lack the holidays of a year: told by casework.
const CALENDARS: &str = "huying_calendar_missing_districts";

/// One finding each: NATS, publishing, following, the clock, the anchors, and the certificates, calendars and files where it has to do with them. None where the answer is not of that form.
pub(super) fn findings(name: &str, body: &str) -> Vec<Finding> {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let standing = &body["standing"];
    if standing.is_null() {
        return Vec::new();
    }
    let calendars = standing["own"][CALENDARS].as_object().map(|years| calendars(name, years));
    let always = [
        finding(&format!("{name} NATS"), connected(&body)),
        finding(&format!("{name} publishing"), publishing(standing)),
        finding(&format!("{name} following"), following(standing)),
        finding(&format!("{name} clock"), clock(standing)),
    ];
    let objects = body["connected"]["objects"].as_bool();
    let objects = objects.map(|there| finding(&format!("{name} files"), files(there)));
    let ends = standing["own"][CERTIFICATES].as_object().filter(|settings| !settings.is_empty());
    let ends = ends.map(|settings| finding(&format!("{name} certificates"), certificates(settings)));
    // A build before this one says nothing of them.
    let anchors = standing.get("anchors").map(|anchors| anchored(name, anchors));
    always.into_iter().chain(anchors).chain(ends).chain(objects).chain(calendars).collect()
}

/// Of whoever keeps files.
fn files(there: bool) -> Look {
    if there {
        return Ok("can be kept".to_owned());
    }
    Err((
        "cannot be kept: no store is set, or it cannot be written to or reached".to_owned(),
        "see service.objects of its settings, and who owns the directory; all else goes on without"
            .to_owned(),
    ))
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

fn anchored(name: &str, anchors: &Value) -> Finding {
    let what = format!("{name} anchors");
    if anchors.is_null() {
        return Finding {
            ok: true,
            what,
            found: "its log is not anchored".to_owned(),
            fix: Some(
                "name a key in anchors.key_file, and a file on another disk in anchors.file".to_owned(),
            ),
        };
    }
    finding(&what, anchors_kept(anchors))
}

fn anchors_kept(anchors: &Value) -> Look {
    let in_time = 2.0 * anchors["interval_seconds"].as_f64().unwrap_or(0.0) + ANCHORS_LATE;
    let places = anchors["places"].as_array().map(Vec::as_slice).unwrap_or_default();
    let late = places.iter().filter(|place| waiting(place) > in_time);
    let late: Vec<String> = late
        .map(|place| format!("{} for {:.0} s", place["place"].as_str().unwrap_or_default(), waiting(place)))
        .collect();
    if late.is_empty() {
        return Ok(format!("the log is anchored in {} places", places.len()));
    }
    Err((
        format!("entries are not anchored: {}", late.join(", ")),
        "its log says what stands in its way. file: is its disk there, writable, with room? stream: is NATS there? table: does the database answer?"
            .to_owned(),
    ))
}

fn certificates(settings: &Map<String, Value>) -> Look {
    let soon = settings.iter().filter(|(_, days)| whole(days) < RENEW);
    let soon: Vec<String> =
        soon.map(|(setting, days)| format!("{setting} in {} days", whole(days))).collect();
    if soon.is_empty() {
        let days = settings.values().map(whole).min().unwrap_or_default();
        return Ok(format!("good for {days} days and more"));
    }
    Err((
        format!("end soon, or have ended: {}", soon.join(", ")),
        "renew them, and move the new ones into their place".to_owned(),
    ))
}

fn waiting(place: &Value) -> f64 {
    place["waiting_seconds"].as_f64().unwrap_or(0.0)
}

/// No reason to call it unwell: the holidays of a year are announced late in the year before.
fn calendars(name: &str, years: &Map<String, Value>) -> Finding {
    let what = format!("{name} calendars");
    if years.is_empty() {
        return finding(&what, Ok("all festivals of the years that clocks run into are entered".to_owned()));
    }
    let missing: Vec<String> =
        years.iter().map(|(year, districts)| format!("{year} in {districts} districts")).collect();
    Finding {
        ok: true,
        what,
        found: format!("festivals are missing: {}", missing.join(", ")),
        fix: Some(
            "add them to calendar.toml when they are announced; huying profile apply names them".to_owned(),
        ),
    }
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
            "connected": { "nats": true, "objects": true },
            "standing": {
                "age_seconds": 0,
                "lag_seconds": 0.4,
                "unpublished": 2,
                "behind": [{ "source": "routing", "reconciled_seconds_ago": 3, "owed": 0 }],
                "anchors": {
                    "interval_seconds": 60,
                    "places": [{ "place": "table", "waiting_seconds": 50.0 }, { "place": "file", "waiting_seconds": 110.0 }],
                },
                "clock_held": false,
                "own": { "huying_calendar_missing_districts": {}, "huying_certificate_days_left": { "tls.ca_file": 900, "tls.cert_file": 14 } },
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
            unwell("/connected/objects", json!(false)),
            ["intake files: cannot be kept: no store is set, or it cannot be written to or reached"]
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
        assert_eq!(
            unwell("/standing/anchors/places/1/waiting_seconds", json!(250.4)),
            ["intake anchors: entries are not anchored: file for 250 s"]
        );
        assert_eq!(
            unwell("/standing/own/huying_certificate_days_left/tls.cert_file", json!(13)),
            ["intake certificates: end soon, or have ended: tls.cert_file in 13 days"]
        );
    }

    #[test]
    fn a_log_without_anchors_is_told_and_no_reason_to_be_unwell() {
        let mut body = well();
        body["standing"]["anchors"] = Value::Null;
        let told = findings("intake", &body.to_string());
        let anchors = told.iter().find(|finding| finding.what == "intake anchors").unwrap();
        assert!(anchors.ok && anchors.fix.is_some() && anchors.found.contains("not anchored"));
        body["standing"].as_object_mut().unwrap().remove("anchors");
        let told = findings("intake", &body.to_string());
        assert!(!told.iter().any(|finding| finding.what == "intake anchors"), "a build before says nothing");
    }

    #[test]
    fn years_without_festivals_are_told_and_no_reason_to_be_unwell() {
        let mut body = well();
        let told = |body: &Value| findings("casework", &body.to_string()).pop().unwrap();
        assert_eq!(told(&body).fix, None);
        body["standing"]["own"]["huying_calendar_missing_districts"] = json!({ "2027": 2 });
        let finding = told(&body);
        assert!(finding.ok && finding.fix.is_some());
        assert_eq!(
            (finding.what.as_str(), finding.found.as_str()),
            ("casework calendars", "festivals are missing: 2027 in 2 districts")
        );
    }
}
