//! Functions stay short. Read by their indentation: rustfmt, which `tests/run` holds, ends each where it begins.

use std::{collections::BTreeSet, fs};

use huying_tests::world::root;

use super::{assert_only, files};

const LONGEST: usize = 70;
const MEDIAN: usize = 10;

/// Tests that are longer still. A name leaves this list when its test has been split; none comes.
const LONGER: [&str; 2] = [
    "services/casework/tests/it/bad_input.rs every_bad_field_is_named",
    "services/routing/tests/it/service.rs the_directory_answers",
];

#[test]
fn functions_stay_short() {
    let (mut lengths, mut longer) = (Vec::new(), BTreeSet::new());
    for path in ["proto", "services", "tests"].iter().flat_map(|under| files(&root().join(under), ".rs")) {
        for (name, length) in functions(&fs::read_to_string(&path).unwrap()) {
            lengths.push(length);
            if length > LONGEST {
                longer.insert(format!("{} {name}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert_only(&format!("a function has at most {LONGEST} lines"), longer, &LONGER);
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(lengths.len() > 1000 && median <= MEDIAN, "the median of {} is {median} lines", lengths.len());
}

/// The functions of a source, each with its number of lines from its head to its last brace.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let functions = lines.iter().enumerate().filter_map(|(first, line)| {
        let name = named(line)?;
        if line.ends_with(['}', ';']) {
            return Some((name, 1));
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let ends = |line: &&str| {
            let rest = line.strip_prefix(indent).unwrap_or_default();
            rest.starts_with('}') || (rest.starts_with(')') && rest.ends_with(';'))
        };
        let rest = lines[first + 1..].iter().position(ends).unwrap_or(lines.len() - first - 2);
        Some((name, rest + 2))
    });
    functions.collect()
}

/// The name of the function whose head begins on this line.
fn named(line: &str) -> Option<String> {
    let before = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe"];
    let mut words = line.split_whitespace().skip_while(|word| before.contains(word));
    (words.next() == Some("fn")).then_some(())?;
    let name: String = words.next()?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}
