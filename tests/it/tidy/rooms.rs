//! Who may know whom: between the rooms of a service, and between the crates.

use std::{collections::BTreeSet, fs, path::Path};

use huying_tests::{SERVICES, world::root};

use super::{assert_none, code, files, sources_of};

/// What each room of a service may name besides itself; `main.rs` and `lib.rs` wire all of them.
const ROOMS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    // The domain's words and the contract's, for both that speak to the outside.
    ("convert", &["domain"]),
    ("store", &["domain"]),
    ("app", &["domain", "store", "directory"]),
    ("events", &["domain", "app", "convert"]),
    ("grpc", &["domain", "app", "convert"]),
    // Casework's way to ask routing.
    ("directory", &["domain", "convert"]),
];

/// What each crate may build on besides the services, each of which is [`OF_A_SERVICE`]. `services/huying` and the tests know everybody.
const CRATES: [(&str, &[&str]); 13] = [
    ("proto", &[]),
    ("services/terms", &[]),
    ("services/words", &[]),
    ("services/place", &["terms", "words"]),
    ("services/learn", &["words"]),
    ("services/report", &["words"]),
    ("services/topics", &["words"]),
    ("services/http", &[]),
    ("services/objects", &["http"]),
    ("services/wire", &["proto", "chassis", "terms"]),
    ("services/embedded", &[]),
    ("services/chassis", &["proto", "words", "http", "embedded", "testing"]),
    ("services/testing", &["proto", "chassis", "embedded"]),
];
const OF_A_SERVICE: &[&str] = &[
    "proto", "chassis", "terms", "words", "place", "learn", "topics", "wire", "objects", "embedded",
    "testing",
];
/// For tests alone: no program may have them in it, but for `services/huying`.
const FOR_TESTS: [&str; 2] = ["embedded", "testing"];

/// What the chassis may know of the contracts: nothing of the business.
const CONTRACTS_OF_THE_CHASSIS: [&str; 7] =
    ["DESCRIPTORS", "access", "common", "events", "head", "knows", "log"];

#[test]
fn rooms_know_only_what_lies_below() {
    let mut upward = BTreeSet::new();
    for service in SERVICES {
        let source = root().join("services").join(service).join("src");
        for path in files(&source, ".rs") {
            let within = path.strip_prefix(&source).unwrap();
            let room = within.components().next().unwrap().as_os_str().to_string_lossy();
            let Some((room, below)) = ROOMS.iter().find(|(name, _)| *name == room.trim_end_matches(".rs"))
            else {
                continue;
            };
            assert_stays(&path, within);
            for name in named(&code(&path).join("\n"), "crate") {
                let other = name.split("::").next().unwrap();
                if other != *room && is_room(other) && !below.contains(&other) {
                    upward.insert(format!("{service}/src/{}: {}", within.display(), module(&name)));
                }
            }
        }
    }
    assert!(upward.is_empty(), "domain ← store ← app ← grpc, events ← lib ← main. Not so: {upward:#?}");
}

/// The room and the module in it that are named.
fn module(name: &str) -> String {
    let modules = name.split("::").take(2).filter(|part| part.starts_with(char::is_lowercase));
    modules.collect::<Vec<_>>().join("::")
}

fn is_room(name: &str) -> bool {
    name == "config" || ROOMS.iter().any(|(room, _)| *room == name)
}

/// No way out of a room but by its name.
fn assert_stays(path: &Path, within: &Path) {
    let parts = within.components().count();
    let is_top = parts == 1 || (parts == 2 && within.ends_with("mod.rs"));
    for line in code(path) {
        let leaves = line.contains("super::super::")
            || (is_top && line.contains("super::") && line != "use super::*;");
        assert!(!leaves, "{}: say crate:: for another room: {line}", path.display());
    }
}

#[test]
fn domains_are_pure() {
    for service in SERVICES {
        assert_none(
            "a domain does no I/O",
            &sources_of(service, "domain"),
            &["async ", "sqlx", "tonic", "prost", "huying_proto", "Utc::now", "rand::", "tokio"],
        );
    }
}

#[test]
fn crates_build_only_on_what_lies_below() {
    let services = SERVICES.map(|service| (format!("services/{service}"), OF_A_SERVICE));
    for (of, may) in CRATES.map(|(of, may)| (of.to_owned(), may)).into_iter().chain(services) {
        let mut section = String::new();
        for line in fs::read_to_string(root().join(&of).join("Cargo.toml")).unwrap().lines() {
            if line.starts_with('[') {
                section = line.to_owned();
            }
            let Some((name, _)) = line.strip_prefix("huying-").and_then(|rest| rest.split_once(['.', ' ']))
            else {
                continue;
            };
            assert!(may.contains(&name), "{of} may not build on {name}");
            let is_for_tests = FOR_TESTS.contains(&name) && of != "services/testing";
            assert!(
                !is_for_tests || section == "[dev-dependencies]",
                "{of} may use {name} in its tests alone"
            );
        }
    }
}

#[test]
fn the_chassis_knows_no_word_of_the_business() {
    let chassis = files(&root().join("services/chassis/src"), ".rs");
    assert_none("a call whose trace nobody takes makes no span: say debug_span!", &chassis, &["info_span!"]);
    for path in chassis {
        for name in named(&code(&path).join("\n"), "huying_proto") {
            let first = name.split("::").next().unwrap();
            assert!(CONTRACTS_OF_THE_CHASSIS.contains(&first), "{}: huying_proto::{name}", path.display());
        }
    }
}

/// What a source names below a root, such as `crate`, in imports and elsewhere.
fn named(code: &str, below: &str) -> Vec<String> {
    let root = format!("{below}::");
    let whole = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let places = code.match_indices(&root).filter(|(at, _)| whole(*at));
    places.flat_map(|(at, _)| spread(&code[at + root.len()..])).collect()
}

/// The paths of an import, its groups taken apart: `a::{b, c::d}` names `a::b` and `a::c::d`.
fn spread(tree: &str) -> Vec<String> {
    let tree = tree.trim_start();
    if let Some(group) = tree.strip_prefix('{') {
        return branches(group)
            .into_iter()
            .filter(|branch| !branch.trim().is_empty())
            .flat_map(spread)
            .collect();
    }
    let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
    match tree[end..].strip_prefix("::") {
        Some(rest) => spread(rest).into_iter().map(|below| format!("{}::{below}", &tree[..end])).collect(),
        None => vec![tree[..end].to_owned()],
    }
}

/// What stands between the commas of a group, up to its last brace.
fn branches(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut branches) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                branches.push(&group[from..at]);
                break;
            }
            ',' if depth == 0 => {
                branches.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    branches
}
