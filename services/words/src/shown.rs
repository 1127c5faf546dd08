//! A text from elsewhere, on a screen, in a log or in an answer that says what was wrong: what is hidden in it is told, and moves nothing.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::hidden::is_hidden;

/// In one line: `⏎` for a line end, a blank for a tab, `<U+202E>` for what is hidden.
pub fn shown(text: &str) -> Cow<'_, str> {
    told(text, |c| match c {
        '\n' => Some('⏎'),
        '\t' => Some(' '),
        _ => None,
    })
}

/// The same with the lines that the text has.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    told(text, |c| matches!(c, '\n' | '\t').then_some(c))
}

/// A text that stands under a line or among others: its further lines are set in, so that none looks like one of theirs.
pub fn set_in(text: &str) -> String {
    shown_lines(text).replace('\n', "\n    ")
}

/// At most so many characters of it, in one line; what is left out is told by `…`.
pub fn bounded(text: &str, most: usize) -> String {
    let mut rest = text.chars();
    let first: String = rest.by_ref().take(most).collect();
    let told = shown(&first);
    if rest.next().is_none() && told.chars().count() <= most {
        return told.into_owned();
    }
    told.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// JSON that says the same to a program: what is hidden can only stand in its strings, where it becomes `\u202e`.
pub fn shown_json(json: &str) -> Cow<'_, str> {
    if json.chars().all(|c| c == '\n' || !is_hidden(None, c, None)) {
        return Cow::Borrowed(json);
    }
    let mut told = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_hidden(None, c, None) {
            told.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(told, "\\u{unit:04x}");
        }
    }
    Cow::Owned(told)
}

fn told(text: &str, stands_for: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(None, c, None)) {
        return Cow::Borrowed(text);
    }
    let mut told = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        if let Some(other) = stands_for(c) {
            told.push(other);
        } else if c == '\r' && after == Some('\n') {
            // Its other half is told.
        } else if is_hidden(before, c, after) {
            let _ = write!(told, "<U+{:04X}>", u32::from(c));
        } else {
            told.push(c);
        }
        before = Some(c);
    }
    Cow::Owned(told)
}
