//! The tree holds its own rules: what may stand where, who may know whom ([`rooms`]), how long a function may be ([`functions`]), and that
//! the page on the services names what there is ([`page`]).

mod functions;
mod page;
mod rooms;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use huying_tests::{SERVICES, world::root};

pub fn files(under: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != ".git" && name != ".tools" {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// Lines of code, without comments.
pub fn code(path: &Path) -> Vec<String> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
        .map(str::to_owned)
        .collect()
}

/// The files of a service's room: a folder, or one file where the service is small.
fn sources_of(service: &str, name: &str) -> Vec<PathBuf> {
    let path = root().join("services").join(service).join("src").join(name);
    if path.is_dir() { files(&path, ".rs") } else { vec![path.with_extension("rs")] }
}

fn assert_none(what: &str, paths: &[PathBuf], words: &[&str]) {
    for path in paths.iter().filter(|path| path.exists()) {
        for line in code(path) {
            let found = words.iter().find(|word| line.contains(**word));
            assert!(found.is_none(), "{}: {what}: {line}", path.display());
        }
    }
}

/// What breaks a rule is just what is known to.
fn assert_only(rule: &str, found: BTreeSet<String>, known: &[&str]) {
    let new: Vec<_> = found.iter().filter(|one| !known.contains(&one.as_str())).collect();
    let gone: Vec<_> = known.iter().filter(|one| !found.contains(**one)).collect();
    assert!(new.is_empty(), "{rule}. Not so: {new:#?}");
    assert!(gone.is_empty(), "{rule}. No exceptions any more, so take them off the list: {gone:#?}");
}

#[test]
fn the_top_level_holds_nothing_else() {
    let known = ["Cargo.toml", "Cargo.lock", "README.md", "proto", "services", "deploy", "tests", "target"];
    for entry in fs::read_dir(root()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(name.starts_with('.') || known.contains(&name.as_str()), "{name} stands at the top level");
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for under in ["proto/src", "services", "tests"] {
        for path in files(&root().join(under), ".rs") {
            assert!(
                fs::read_to_string(&path).unwrap().starts_with("//!"),
                "{} does not open with //!",
                path.display()
            );
        }
    }
}

#[test]
fn files_stay_small() {
    let mut lengths: Vec<usize> = Vec::new();
    let sources = files(&root().join("services"), ".rs");
    for path in sources.into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "src")) {
        let length = fs::read_to_string(&path).unwrap().lines().count();
        assert!(length <= 500, "{} has {length} lines", path.display());
        lengths.push(length);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 130, "the median file has {median} lines");
}

#[test]
fn sql_stands_in_the_store() {
    for service in SERVICES {
        for room in ["app", "domain", "grpc", "events"] {
            let words = ["sqlx::query", "select ", "insert into "];
            assert_none("SQL belongs into store/", &sources_of(service, room), &words);
        }
    }
}

/// There what is printed, or stands beside a bar, is made fit for a terminal.
#[test]
fn only_the_output_names_standard_output() {
    let mut sources = files(&root().join("services"), ".rs");
    sources.retain(|path| path.components().any(|part| part.as_os_str() == "src"));
    sources.retain(|path| !path.ends_with("huying/src/output.rs"));
    let words = ["stdout()", "io::stdout", "Stdout", "/dev/stdout"];
    assert_none("print by huying/src/output.rs", &sources, &words);
    let words = ["set_message(", "with_message(", "set_prefix(", "with_prefix("];
    assert_none("label a bar by huying/src/output.rs", &sources, &words);
}

#[test]
fn nothing_names_a_machine() {
    for ending in [".rs", ".toml", ".md", ".sh", ".yaml", ".proto", ".sql"] {
        for path in files(&root(), ending) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.contains("let words"));
            let words = ["/work/", "/root/", "../shared"];
            for line in lines.filter(|line| words.iter().any(|word| line.contains(word))) {
                assert!(path.ends_with("tidy.rs"), "{}: {line}", path.display());
            }
        }
    }
}
