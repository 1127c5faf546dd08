//! Lists of words kept as plain text: a line is a list's name and its words, a name may have several lines, and `#` begins a comment.

/// Each word with the name of its list.
pub fn lists(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        words.map(move |word| (name, word))
    })
}
