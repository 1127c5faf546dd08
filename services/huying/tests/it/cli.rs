//! The command line: it is well formed, every command shows examples, and a wrong one ends with 64.

use clap::{Command, CommandFactory};
use huying::cli::Cli;
use huying::client::{Client, Reach};
use huying::failure::{Ending, report, wrong};
use huying::story::TALES;

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_has_examples() {
    fn walk(command: &Command, path: &str, missing: &mut Vec<String>) {
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !examples.contains("examples:\n  ") || !examples.contains("huying ") {
            missing.push(path.to_owned());
        }
        if command.get_about().is_none() {
            missing.push(format!("{path} (what it is)"));
        }
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            walk(sub, &format!("{path} {}", sub.get_name()), missing);
        }
    }
    let mut missing = Vec::new();
    walk(&Cli::command(), "huying", &mut missing);
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What the examples say can be typed.
#[test]
fn every_example_parses() {
    fn walk(command: &Command, wrong: &mut Vec<String>, seen: &mut usize) {
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        // A long one goes on in the next line, as a shell takes it.
        let examples = examples.split("\\\n").map(str::trim).collect::<Vec<_>>().join(" ");
        for line in examples.lines().map(str::trim).filter(|line| line.starts_with("huying ")) {
            // Behind two blanks stands what it is, behind a bar or an arrow another program.
            let typed =
                line.split(" | ").next().unwrap().split(" > ").next().unwrap().split("   ").next().unwrap();
            *seen += 1;
            if let Err(error) = Cli::command().try_get_matches_from(words(typed)) {
                wrong.push(format!("{typed}: {error}"));
            }
        }
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            walk(sub, wrong, seen);
        }
    }
    let (mut wrong, mut seen) = (Vec::new(), 0);
    walk(&Cli::command(), &mut wrong, &mut seen);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 60, "{seen}");
}

/// As a shell splits a line, as far as the examples go: single quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn what_cannot_be_typed_is_refused() {
    for typed in [
        "huying",
        "huying submit",
        "huying submit x --channel fax",
        "huying submit x --lat 30",
        "huying case call JA-1 --lead DEP-yuanlin",
        "huying case list --state asleep",
        "huying token --role mayor",
        "huying token --role officer --ttl 500d",
        "huying token --role officer --name ' '",
        "huying events tail --service casework --subject huying.x.v1.>",
        "huying --at mayor=http://127.0.0.1:1 doctor",
        "huying rates --from yesterday",
        "huying effect --month 2026",
        "huying evaluation simulate d --period 2026-Q5",
        "huying evaluation simulate d --period 2026-Q3 --from 2026-07-01 --to 2026-08-01",
        "huying evaluation simulate d --from 2026-07-01",
        "huying effect --until 2026-06",
        "huying dead-letters retry",
        "huying dead-letters dismiss 0198c0de-0000-7000-8000-000000000001",
        "huying log adopt --reason x",
        "huying log disown 0198c0de-0000-7000-8000-000000000001 --service mayor --reason x",
        "huying up --only mayor",
        "huying story",
        "huying story play",
        "huying story play z",
        "huying story play a --here --profiles deploy/profiles",
    ] {
        assert!(Cli::command().try_get_matches_from(words(typed)).is_err(), "{typed}");
    }
}

#[test]
fn attack_19_no_token_goes_to_another_machine_in_the_clear() {
    let data = tempfile::tempdir().unwrap();
    let opened = |url: &str, plaintext: bool| {
        let at = vec![("intake".to_owned(), url.to_owned())];
        let reach = Reach { data: data.path().to_owned(), at, plaintext, ..Reach::default() };
        Client::open(&reach).map(drop).map_err(|error| report(&error))
    };
    for url in ["http://intake:50051", "http://10.0.0.1:50051", "http://localhost.example", "http://[::]:1"] {
        let told = opened(url, false).expect_err(url);
        assert!(told.contains("what goes to intake would not be encrypted"), "{told}");
        assert_eq!(opened(url, true), Ok(()), "{url}: a mesh may encrypt it");
    }
    for url in ["http://127.0.0.1:50051", "http://localhost:1", "http://[::1]:1", "https://intake:50051"] {
        assert_eq!(opened(url, false), Ok(()), "{url}");
    }
    // NATS is reached by another way.
    let told = std::process::Command::new(env!("CARGO_BIN_EXE_huying"))
        .args(["events", "tail", "--nats", "nats://198.51.100.1:4222", "--data"])
        .arg(data.path())
        .output()
        .unwrap();
    let text = String::from_utf8(told.stderr).unwrap();
    assert!(text.contains("what goes to NATS would not be encrypted"), "{text}");
    assert_eq!(told.status.code(), Some(64));
}

#[test]
fn a_failure_says_what_to_do() {
    let error = wrong("no district is given", "add --district CODE").context("the list");
    assert_eq!(report(&error), "huying: the list: no district is given\n  do: add --district CODE\n");
    assert_eq!(Ending::of(&error).code(), 64);
    let status = huying_chassis::status::Problem::new(
        tonic::Code::FailedPrecondition,
        "STEP_NOT_ALLOWED",
        "the case is closed",
    )
    .allowed(["reopen"]);
    let error = anyhow::Error::from(tonic::Status::from(status));
    let told = report(&error);
    assert!(
        told.contains("the case is closed [FAILED_PRECONDITION STEP_NOT_ALLOWED]\n  allowed now: reopen"),
        "{told}"
    );
    assert_eq!(Ending::of(&error).code(), 1);
}

#[test]
fn the_stories_are_listed() {
    let list = |more: &[&str]| {
        let told = std::process::Command::new(env!("CARGO_BIN_EXE_huying"))
            .args(["story", "list"])
            .args(more)
            .output()
            .unwrap();
        assert!(told.status.success());
        String::from_utf8(told.stdout).unwrap()
    };
    let (table, lines) =
        (list(&[]), serde_json::from_str::<serde_json::Value>(&list(&["-o", "json"])).unwrap());
    for (place, tale) in TALES.iter().enumerate() {
        assert!(table.contains(tale.title) && table.contains(tale.chinese), "{table}");
        assert_eq!(
            (&lines[place]["name"], &lines[place]["moves_the_clock"]),
            (&tale.name.into(), &tale.needs_clock().into())
        );
        assert!(Cli::command().try_get_matches_from(["huying", "story", "play", tale.name]).is_ok());
    }
}
