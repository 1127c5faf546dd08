//! Who is let in no more though a token of theirs is good: tokens by `jti`, bearers by `sub`, a line each in a file that an operator or
//! the issuer's own program writes.

use std::{collections::HashSet, path::Path, time::Duration};

use super::{Caller, watched::Held};

pub(super) struct Denied(Held<List>);

#[derive(Debug, Default, PartialEq, Eq)]
struct List {
    tokens: HashSet<String>,
    subjects: HashSet<String>,
}

impl Denied {
    /// A list that is named must be there: without it, everybody on it would be let in.
    pub(super) fn open(path: &Path, every: Duration) -> Result<Self, String> {
        Held::open(path, every, parse).map(Self)
    }

    pub(super) fn has(&self, caller: &Caller) -> bool {
        let list = self.0.now();
        list.subjects.contains(&caller.subject)
            || caller.token_id.as_ref().is_some_and(|id| list.tokens.contains(id))
    }

    pub(super) fn stale(&self) -> Duration {
        self.0.stale()
    }
}

/// One line that is none makes the whole of it unusable: a list that is half understood lets in whom it should keep out.
fn parse(text: &str) -> Result<List, String> {
    let mut list = List::default();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once(char::is_whitespace).map(|(kind, value)| (kind, value.trim())) {
            Some(("jti", id)) => list.tokens.insert(id.to_owned()),
            Some(("sub", subject)) => list.subjects.insert(subject.to_owned()),
            Some(_) | None => {
                return Err(format!("line {} is neither \"jti ID\" nor \"sub SUBJECT\"", number + 1));
            }
        };
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_lines_of_tokens_and_subjects_and_nothing_else() {
        let list = parse("# gone since Monday\n\nsub officer-1\n  jti\t0199-7 \nsub 王 秀英\r\n").unwrap();
        assert_eq!(list.subjects, ["officer-1", "王 秀英"].map(str::to_owned).into());
        assert_eq!(list.tokens, ["0199-7".to_owned()].into());
        assert_eq!(parse("").unwrap(), List::default());
        for wrong in ["sub", "officer-1", "subject officer-1", "jti ", "sub a\nJTI b"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
