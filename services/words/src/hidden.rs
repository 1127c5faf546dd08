//! Which characters stand in a text without being seen in it, and which of them have their work there: joiners between emoji and in the
//! scripts that need them, and the selectors that choose how the character before them looks.

/// Whether a character, between these two, is none that a text may hold: control, format, direction, separators of lines, tags, and what is
/// no character at all. A joiner or a selector is one where it has nothing to join or to choose.
pub fn is_hidden(before: Option<char>, c: char, after: Option<char>) -> bool {
    let works = |left: fn(char) -> bool| before.is_some_and(left);
    match c {
        '\u{200d}' if works(|c| c == '\u{fe0f}' || is_picture(c)) => !after.is_some_and(is_picture),
        // In these scripts they say how letters are joined.
        '\u{200c}' | '\u{200d}' => !(works(is_joined) && after.is_some_and(is_joined)),
        '\u{180b}'..='\u{180f}' => !works(is_mongolian),
        '\u{fe00}'..='\u{fe0f}' => !works(is_chosen),
        '\u{e0100}'..='\u{e01ef}' => !works(is_ideograph),
        _ => c.is_control() || is_format(c),
    }
}

/// What has no look of its own; joiners and selectors aside.
fn is_format(c: char) -> bool {
    let is_none = u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    is_none
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A part of an emoji, after which a joiner may stand, or before.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// A letter of a script with joiners: from Arabic (Uyghur, Kazakh) to Sinhala, and Mongolian.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{dff}') || is_mongolian(c)
}

fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18aa}')
}

/// Something to be seen, of which a selector chooses how.
fn is_chosen(c: char) -> bool {
    !(c.is_whitespace() || is_hidden(None, c, None))
}

/// An ideograph, of which a selector chooses a form: names have them.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
