//! Traditional characters and the simplified one of each. One by one: for comparing that is enough, and a text keeps its length.

use std::sync::LazyLock;

/// Two lines: traditional characters in the order of their numbers, and under each the simplified one. The pairs are those of China's list
/// of standard characters (通用规范汉字表, 2013), the common variants, and the radicals that PDFs have for whole characters; what is a standard character of its own in everyday words is not
/// among them. No kept-up crate has such a table without a dictionary of words or an old hash map beside it.
const PAIRS: &str = include_str!("simplified.txt");

static TABLE: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut lines = PAIRS.lines();
    let (traditional, simplified) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    traditional.chars().zip(simplified.chars()).collect()
});

/// The simplified character; the same where there is none.
pub(crate) fn simplified(c: char) -> char {
    if !('\u{2e80}'..='\u{9fff}').contains(&c) {
        return c;
    }
    let found = TABLE.binary_search_by_key(&c, |(traditional, _)| *traditional);
    found.ok().and_then(|at| TABLE.get(at)).map_or(c, |(_, simplified)| *simplified)
}
