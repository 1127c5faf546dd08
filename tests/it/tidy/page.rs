//! The page on the services names only what there is.

use std::{fs, path::PathBuf};

use huying_tests::world::root;

use super::files;

const ENDINGS: [&str; 3] = [".rs", ".sql", ".toml"];

#[test]
fn the_page_on_the_services_names_files_and_functions_that_there_are() {
    let page = fs::read_to_string(root().join("services/README.md")).unwrap();
    let there: Vec<PathBuf> = ENDINGS.iter().flat_map(|ending| files(&root(), ending)).collect();
    let mut walked = 0;
    for line in page.lines() {
        for name in spans(line).filter(|name| is_file(name)) {
            // By its path below the folder, or by the end of it.
            let is_there = there.iter().any(|path| path.ends_with(name));
            assert!(is_there, "services/README.md names {name}, which is not there: {line}");
        }
        // A row of the walkthrough: a file, and functions in it.
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

/// What stands between backticks.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn is_file(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && !name.contains(['<', '*', ' ', '{'])
}
