//! What a problem looks like to whoever gets it.

use std::time::Duration;

use anyhow::anyhow;
use huying_chassis::config::ConfigError;
use huying_chassis::exit::{Exit, Unavailable};
use huying_chassis::status::{Problem, reason};
use tonic::{Code, Status};
use tonic_types::StatusExt;

#[test]
fn every_detail_can_be_read_back() {
    let status = Status::from(
        Problem::new(Code::FailedPrecondition, "STEP_NOT_ALLOWED", "not now")
            .meta("state", "closed")
            .field("content", "must have 1 to 4000 characters")
            .allowed(["reopen", "strike_off"])
            .resource("case", "JA-20261121-000123")
            .retry_after(Duration::from_secs(3)),
    );
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("STEP_NOT_ALLOWED", "huying"));
    assert_eq!(
        (info.metadata["state"].as_str(), info.metadata["allowed"].as_str()),
        ("closed", "reopen,strike_off")
    );
    assert_eq!(details.bad_request().unwrap().field_violations[0].field, "content");
    let steps: Vec<&str> =
        details.precondition_failure().unwrap().violations.iter().map(|step| step.subject.as_str()).collect();
    assert_eq!(steps, ["reopen", "strike_off"]);
    assert_eq!(details.resource_info().unwrap().resource_name, "JA-20261121-000123");
    assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(3)));
    assert_eq!(reason(&status).as_deref(), Some("STEP_NOT_ALLOWED"));
}

#[test]
fn a_bug_keeps_its_text_to_itself() {
    let problem = Problem::bug(anyhow!("relation \"request\" does not exist").context("appending"));
    let status = Status::from(problem);
    assert_eq!(status.code(), Code::Internal);
    let shown = format!("{status:?}");
    assert!(!shown.contains("relation") && !shown.contains("appending"), "{shown}");
    let info = status.get_details_error_info().unwrap();
    assert!(status.message().contains(&info.metadata["request_id"]));
}

#[test]
fn many_violations_stay_bounded() {
    let problem = (0..500).fold(Problem::new(Code::InvalidArgument, "BAD_FIELD", "many"), |problem, n| {
        problem.field(format!("items[{n}]"), "is wrong")
    });
    assert_eq!(Status::from(problem).get_details_bad_request().unwrap().field_violations.len(), 32);
}

/// What comes from elsewhere is repeated in part, and shown; whatever it is, the whole fits into the headers that clients take.
#[test]
fn attack_47_a_status_is_bounded_and_moves_nothing() {
    let hostile = "汉\u{202e}\u{1b}[2J\r\nforged: line".repeat(1000);
    let mut problem =
        Problem::new(Code::InvalidArgument, "BAD_FIELD", hostile.clone()).resource("case", hostile.clone());
    for n in 0..100 {
        problem =
            problem.field(format!("{n}{hostile}"), hostile.clone()).meta(format!("fact{n}"), hostile.clone());
    }
    let status = Status::from(problem.allowed((0..200).map(|n| format!("step {n}"))));
    let said: usize = status
        .clone()
        .into_http::<String>()
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 32)
        .sum();
    assert!(said < 15 * 1024, "{said} bytes of headers");
    let details = status.get_error_details();
    let bad = details.bad_request().unwrap();
    assert!(!bad.field_violations.is_empty());
    let texts = bad.field_violations.iter().flat_map(|it| [it.field.clone(), it.description.clone()]);
    let info = details.error_info().unwrap();
    assert_eq!(info.reason, "BAD_FIELD");
    for text in texts.chain(info.metadata.values().cloned()).chain([status.message().to_owned()]) {
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text}");
    }
    assert!(status.message().starts_with("汉<U+202E><U+001B>[2J⏎forged: line"), "{}", status.message());
}

#[test]
fn exit_codes_tell_whose_fault_it_is() {
    assert_eq!(Exit::of(&ConfigError::wrong("no").into()).code(), 64);
    assert_eq!(Exit::of(&anyhow::Error::from(ConfigError::wrong("no")).context("starting")).code(), 64);
    assert_eq!(Exit::of(&anyhow!("refused").context(Unavailable("NATS"))).code(), 69);
    assert_eq!(Exit::of(&anyhow::Error::from(sqlx::Error::PoolTimedOut).context("starting")).code(), 69);
    assert_eq!(Exit::of(&anyhow!("what?")).code(), 70);
    assert_eq!(Exit::Done.code(), 0);
}
