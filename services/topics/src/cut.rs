//! A text in words.

use std::sync::LazyLock;

use huying_words::normal;
use jieba_rs::Jieba;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// What a code before one of these makes the name of an area: A3区.
const AREAS: [char; 4] = ['省', '市', '区', '县'];

/// Gives each word of the first `most` characters of a text, in order; an empty one where something else than letters and digits stands, so
/// that no phrase goes on across it.
pub(crate) fn words(text: &str, most: usize, each: &mut dyn FnMut(&str)) {
    // A text that came in words has a blank for each second or third character, and the normal form has none.
    let end = text.char_indices().nth(2 * most).map_or(text.len(), |(end, _)| end);
    let form = normal(&text[..end]);
    let seen: Vec<char> = form.chars().filter(|c| !matches!(c, '·' | '.')).take(most).collect();
    let (mut part, mut at) = (String::new(), 0);
    while let Some(c) = seen.get(at) {
        match code(&seen, at) {
            Some(end) => {
                cut(&mut part, each);
                each(&seen[at..end].iter().collect::<String>());
                at = end;
            }
            None => {
                part.push(*c);
                at += 1;
            }
        }
    }
    cut(&mut part, each);
}

/// Which share of the words that people write everywhere this one is, by the dictionary; 0 to 1.
pub(crate) fn share(word: &str) -> f32 {
    // The dictionary counts sixty million words.
    if JIEBA.has_word(word) { JIEBA.suggest_freq(word) as f32 / 6e7 } else { 0.0 }
}

fn cut(part: &mut String, each: &mut dyn FnMut(&str)) {
    for token in JIEBA.cut(part, true) {
        each(if token.word.chars().all(char::is_alphanumeric) { token.word } else { "" });
    }
    part.clear();
}

/// Where an area's code that begins here ends, behind its 区. A digit first is none: 3区 of an estate.
fn code(seen: &[char], from: usize) -> Option<usize> {
    let goes_on = from.checked_sub(1).is_some_and(|before| seen[before].is_ascii_alphanumeric());
    if goes_on || !seen[from].is_ascii_alphabetic() {
        return None;
    }
    let length = seen[from..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    let is_area = seen.get(from + length).is_some_and(|c| AREAS.contains(c));
    is_area.then_some(from + length + 1)
}

#[cfg(test)]
mod tests {
    use super::words;

    fn cut(text: &str, most: usize) -> Vec<String> {
        let mut all = Vec::new();
        words(text, most, &mut |word| all.push(word.to_owned()));
        all
    }

    #[test]
    fn words_are_those_of_the_normal_form() {
        assert_eq!(cut("水泵噪音，擾民", 100), ["水泵", "噪音", "", "扰民"]);
        assert_eq!(cut("水 泵 噪音", 100), ["水泵", "噪音"]);
    }

    #[test]
    fn a_code_of_an_area_stands_for_itself() {
        assert_eq!(cut("Ａ２区路灯", 100), ["a2区", "路灯"]);
        assert_eq!(cut("", 100), [""; 0]);
    }

    #[test]
    fn a_text_is_read_to_its_bound() {
        let long = "灯".repeat(1000);
        assert_eq!(cut(&long, 40).concat().chars().count(), 40);
    }
}
