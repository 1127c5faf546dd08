//! What is kept of a text: all that can be seen, and what joins or chooses what is seen.
//!
//! Two kinds: *words* (what somebody tells, a note, a comment) keep their line ends, a *line* (a name, a title, an address, a code) is one.
//! Of both go control characters and those that no screen shows: they end a line on a terminal, turn its direction, or make two names look
//! alike. Who cannot be asked again is helped: theirs is removed ([`clean`], [`one_line`]). Who can, is told: [`unfit`], [`unfit_line`].

use std::borrow::Cow;

use crate::hidden::is_hidden;

/// A text to keep: each of the many line ends becomes `\n`, a tab a blank, and what is hidden goes. All else stays as received.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let (mut before, mut after_return) = (None, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let stays = match c {
            // The other half of \r\n.
            '\n' if after_return => None,
            _ if ends_line(c) => Some('\n'),
            '\t' => Some(' '),
            _ if is_hidden(before, c, rest.peek().copied()) => None,
            _ => Some(c),
        };
        kept.extend(stays);
        before = stays.or(before);
        after_return = c == '\r';
    }
    Cow::Owned(kept)
}

/// A text to keep in one line, such as an address or a name: as [`clean`], a blank for each line end, and none at its ends.
pub fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ").trim().to_owned()
}

/// The first character that words may not hold, and its place from 1 on.
pub fn unfit(text: &str) -> Option<(usize, char)> {
    first(text, |c| c == '\t' || ends_line(c))
}

/// The first character that a line may not hold, line ends and tabs among them, and its place from 1 on.
pub fn unfit_line(text: &str) -> Option<(usize, char)> {
    first(text, |_| false)
}

fn first(text: &str, may: impl Fn(char) -> bool) -> Option<(usize, char)> {
    let mut before = None;
    let mut rest = text.chars().enumerate().peekable();
    while let Some((n, c)) = rest.next() {
        if !may(c) && is_hidden(before, c, rest.peek().map(|(_, after)| *after)) {
            return Some((n + 1, c));
        }
        before = Some(c);
    }
    None
}

/// Whether a text says nothing: blanks, control characters and what no screen shows.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_unseen(c) || is_hidden(None, c, None))
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character stays wherever it stands: nearly all texts have no other.
fn is_plain(c: char) -> bool {
    c == '\n' || !(is_hidden(None, c, None) || ends_line(c))
}

/// Whether a character has no width: zero-width blanks and joiners, marks of direction, soft hyphens, variation selectors, fillers.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
