//! How lines are laid out: columns that stand in line by the width that a terminal gives each character, and text that goes on below itself.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A terminal of this width shows a story whole.
pub(super) const WIDTH: usize = 100;
/// What no line begins with.
const CLOSING: &str = "，。；：、！？）”】…";

/// Filled up to a width; a longer text keeps a gap behind it.
pub(super) fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(text.width()).max(2);
    format!("{text}{}", " ".repeat(gap))
}

/// Filled up with a rule to the whole width.
pub(super) fn ruled(text: &str, rule: char) -> String {
    let rest = WIDTH.saturating_sub(text.width() + 1);
    format!("{text} {}", rule.to_string().repeat(rest))
}

/// Broken into lines of a width: between words, and anywhere between wide characters.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        if !line.is_empty() && line.width() + piece.trim_end().width() > width {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(&piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What stays together: a word with the blank behind it, or a wide character with what must not begin a line.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut goes_on = false;
    for c in text.chars() {
        let wide = c.width() == Some(2);
        match pieces.last_mut() {
            Some(last) if CLOSING.contains(c) || (goes_on && !wide) || c == ' ' => last.push(c),
            Some(_) | None => pieces.push(c.to_string()),
        }
        goes_on = !wide && c != ' ';
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_stands_in_line() {
        assert_eq!(padded("网格", 8), "网格    ");
        assert_eq!(padded("grid", 8), "grid    ");
        assert_eq!(padded("一元街道办事处", 8), "一元街道办事处  ");
        assert_eq!(ruled("周一", '─').width(), WIDTH);
    }

    #[test]
    fn long_text_goes_on_below() {
        assert_eq!(wrapped("积水已抽干，雨水口已清掏", 10), ["积水已抽", "干，雨水口", "已清掏"]);
        assert_eq!(wrapped("told upward 告知上级", 13), ["told upward", "告知上级"]);
        assert_eq!(wrapped("", 14), [""]);
        for line in wrapped("街道叫得对 the call was apt，不再等 no longer waited for。", 20) {
            assert!(line.width() <= 22, "{line}");
        }
    }
}
