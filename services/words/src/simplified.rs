//! Traditional characters and the simplified one of each. One by one: for comparing that is enough, and a text keeps its length.

use std::sync::LazyLock;

/// Two lines: traditional characters in the order of their numbers, and under each the simplified one. The pairs are those of China's list
/// of standard characters (通用规范汉字表, 2013), the common variants, and the radicals that PDFs have for whole characters; what is a standard character of its own in everyday words is not
/// among them. No kept-up crate has such a table without a dictionary of words or an old hash map beside it.
const PAIRS: &str = include_str!("simplified.txt");

/// Where characters begin that have a simplified one, and where they end.
const FIRST: char = '\u{2e80}';
const LAST: char = '\u{9fff}';

/// Of each character between the bounds, the simplified one: most texts are read whole, so finding one must cost nothing.
static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = (FIRST..=LAST).collect();
    let mut lines = PAIRS.lines();
    let (traditional, simplified) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    for (traditional, simplified) in traditional.chars().zip(simplified.chars()) {
        if let Some(place) = place(traditional).and_then(|at| table.get_mut(at)) {
            *place = simplified;
        }
    }
    table
});

/// The simplified character; the same where there is none.
pub(crate) fn simplified(c: char) -> char {
    place(c).and_then(|at| TABLE.get(at)).copied().unwrap_or(c)
}

fn place(c: char) -> Option<usize> {
    (u32::from(c)).checked_sub(u32::from(FIRST)).map(|at| at as usize)
}
