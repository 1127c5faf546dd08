//! How wide a text is, and how it is made to fit. Chinese characters are all one em wide, so no font is needed to know it well enough.

use huying_words::{clean, is_unseen};
use unicode_width::UnicodeWidthChar as _;

/// Latin letters and digits, in em.
const LATIN: f64 = 0.58;

/// A text in one line, without what no screen shows: nothing in it turns the direction of what follows. Nor what XML does not know.
pub fn seen(text: &str) -> String {
    let known = |c: &char| !is_unseen(*c) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    clean(text).chars().map(|c| if c == '\n' { ' ' } else { c }).filter(known).collect()
}

/// As [`seen`], without blanks at its ends.
pub fn shown(text: &str) -> String {
    seen(text).trim().to_owned()
}

/// Its width in em.
pub fn width(text: &str) -> f64 {
    text.chars().map(wide).sum()
}

fn wide(c: char) -> f64 {
    match c.width() {
        Some(2..) => 1.0,
        Some(1) => LATIN,
        Some(0) | None => 0.0,
    }
}

/// At most so many characters, with an ellipsis for the rest.
pub fn cut(text: &str, most: usize) -> String {
    let text = shown(text);
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// At most so many em, with an ellipsis for the rest.
pub fn within(text: &str, most: f64) -> String {
    lines(text, most, 1).pop().unwrap_or_default()
}

/// At most so many lines of so many em, with an ellipsis for the rest. What fits is spread evenly: 其他城市 and 管理问题.
pub fn lines(text: &str, most: f64, count: usize) -> Vec<String> {
    let text = shown(text);
    let needed = (width(&text) / most).ceil();
    if needed > 1.0 && needed <= count as f64 {
        let even = broken(&text, (width(&text) / needed).ceil(), count);
        if even.len() as f64 <= needed && (width(&text) / needed).ceil() <= most {
            return even;
        }
    }
    broken(&text, most, count)
}

fn broken(text: &str, most: f64, count: usize) -> Vec<String> {
    let (mut lines, mut line, mut wide_so_far) = (Vec::new(), String::new(), 0.0);
    for c in text.chars() {
        if wide_so_far + wide(c) > most && !line.is_empty() {
            if lines.len() + 1 == count {
                while wide_so_far + 1.0 > most {
                    let Some(last) = line.pop() else { break };
                    wide_so_far -= wide(last);
                }
                line.push('…');
                break;
            }
            lines.push(std::mem::take(&mut line));
            wide_so_far = 0.0;
        }
        line.push(c);
        wide_so_far += wide(c);
        // Marks that take no room may pile up without end.
        if line.chars().count() > MOST {
            line.push('…');
            break;
        }
    }
    lines.push(line);
    lines
}

/// What a line holds at most, in characters.
const MOST: usize = 200;
