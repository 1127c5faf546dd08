//! What is kept of a text: all that can be seen.

use std::borrow::Cow;

/// A text to keep: each of the many line ends becomes `\n`, a tab a blank, and other control characters go. All else stays as received.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && (c.is_control() || ends_line(c))) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match c {
            // The other half of \r\n.
            '\n' if after_return => {}
            _ if ends_line(c) => kept.push('\n'),
            '\t' => kept.push(' '),
            _ if c.is_control() => {}
            _ => kept.push(c),
        }
        after_return = c == '\r';
    }
    Cow::Owned(kept)
}

/// A text to keep in one line, such as an address or a name: as [`clean`], a blank for each line end, and none at its ends.
pub fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ").trim().to_owned()
}

/// Whether a text says nothing: blanks, control characters and what no screen shows.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_unseen(c))
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character has no width: zero-width blanks and joiners, marks of direction, soft hyphens, variation selectors, fillers.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
