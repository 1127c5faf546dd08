//! The pages name only what there is: files, functions, golden files.

use std::{collections::BTreeSet, fs, path::Path};

use huying_tests::{SERVICES, world::root};
use serde_json::Value;

use super::files;

/// How a name ends that is a file's, also without a folder.
const ENDINGS: [&str; 4] = [".rs", ".proto", ".sql", ".toml"];

/// Written like a path, and none.
const NO_PATHS: [&str; 1] = ["Asia/Shanghai"];

#[test]
fn pages_name_files_that_there_are() {
    let there = files(&root(), "");
    let is_there = |name: &str| {
        // By its whole path, or by the end of a file's or a folder's.
        there.iter().flat_map(|file| file.ancestors()).any(|path| path.ends_with(name))
    };
    let services = files(&root().join("services"), "README.md");
    let mut gone = Vec::new();
    for page in services.into_iter().chain([root().join("README.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for name in text.lines().flat_map(spans).filter(|name| is_path(name) && !is_there(name)) {
            gone.push(format!("{} names {name}", page.display()));
        }
    }
    assert!(gone.is_empty(), "there is no such file:\n{}", gone.join("\n"));
}

/// A row of the walkthrough is a file, and functions in it.
#[test]
fn the_walkthrough_names_functions_that_there_are() {
    let mut walked = 0;
    for line in services_page().lines() {
        let mut cells = line.split('|').skip(1);
        let (Some(file), Some(functions)) = (cells.next(), cells.next()) else { continue };
        let Some(file) = spans(file).find(|name| name.ends_with(".rs") && name.contains("/src/")) else {
            continue;
        };
        let source = fs::read_to_string(root().join("services").join(file)).unwrap();
        for function in spans(functions) {
            let is_there = ["(", "<"].iter().any(|after| source.contains(&format!("fn {function}{after}")));
            assert!(is_there, "services/README.md names {function} in {file}, which has none");
            walked += 1;
        }
    }
    assert!(walked > 20, "the walkthrough names {walked} functions");
}

#[test]
fn the_page_lists_all_golden_files() {
    let mut listed = BTreeSet::new();
    for line in services_page().lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, service, kind, variants, _] = cells.as_slice() else { continue };
        for (variant, event) in spans(variants).filter_map(|span| span.split_once(" → ")) {
            let line = format!("{service} {kind}.{variant}.json → {event}");
            assert!(listed.insert(line.clone()), "twice: {line}");
        }
    }
    let mut there = BTreeSet::new();
    for service in SERVICES {
        for path in files(&root().join("services").join(service).join("tests/it/golden"), ".json") {
            let golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let event = golden["event"]["type"].as_str().unwrap().rsplit('.').next().unwrap();
            there.insert(format!("{service} {} → {event}", name(&path)));
        }
    }
    let unlisted: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(
        unlisted.is_empty() && gone.is_empty(),
        "services/README.md lacks {unlisted:#?} and lists {gone:#?}"
    );
}

fn services_page() -> String {
    fs::read_to_string(root().join("services/README.md")).unwrap()
}

/// What stands between backticks.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether it looks like a file of the tree, not a route, a pattern or a command.
fn is_path(name: &str) -> bool {
    let plain = !NO_PATHS.contains(&name)
        && !ENDINGS.contains(&name)
        && !name.starts_with('/')
        && !name.contains(|c: char| "<>*{}()$ …".contains(c));
    plain && (name.contains('/') || ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
