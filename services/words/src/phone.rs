//! Phone numbers as people write them, brought into one form so that they can be called and compared.
//!
//! | what | its form |
//! |---|---|
//! | a mobile number | `+8613800138000` |
//! | a landline | `027-82345678`; without its area code `82345678` |
//! | a service number | `400-820-8820` |
//! | a short number | `12345`, `95588` |
//! | another country's | `+85223456789` |
//! | with an extension | `027-82345678 ext 801` |
//!
//! Words may stand before and behind a number (`手机：13800138000`, `13800138000（王先生）`): what says more than that it is one is kept beside it.

use crate::normal;

/// What may stand between two numbers.
const BETWEEN: &[char] = &['/', '／', '、', ',', '，', ';', '；', '|', '｜', '\\', '&', '或', '和'];
/// What may stand before an extension; the longer word first.
const EXTENDS: &[&str] = &["转接", "转", "分机号", "分机", "ext", "x", "#"];
/// What may stand between a number and the words around it.
const BESIDE: &[char] = &[
    '(', ')', '（', '）', '[', ']', '【', '】', '〔', '〕', '<', '>', '《', '》', '"', '“', '”', ':', '：',
    '.', '。', '·', '、', ',', '，', '-', '－', '—', '+', '＋',
];
/// Words that say no more than that a number is one.
const LABELS: &[&str] = &[
    "手机",
    "手机号",
    "手机号码",
    "电话",
    "电话号码",
    "联系电话",
    "联系方式",
    "联系人电话",
    "来电",
    "来电号码",
    "座机",
    "固话",
    "固定电话",
    "号码",
    "本人",
    "本机",
    "tel",
    "phone",
    "mobile",
];
/// Digits of the shortest number that may have words around it: fewer may be a house, or what is left of a masked one.
const AMONG_WORDS: usize = 7;

/// A number that a text gives, or words that stand beside one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phone {
    /// Can be called; in its one form.
    Number(String),
    /// Cannot be read, a masked one among them, or says whose the number is; as given.
    Unread(String),
}

impl Phone {
    /// The number, or what was given.
    pub fn text(self) -> String {
        match self {
            Self::Number(text) | Self::Unread(text) => text,
        }
    }
}

/// The numbers of a text, those that can be called first; the text itself where none can, nothing for a blank one. Nothing of what was
/// given is left out.
pub fn phones(text: &str) -> Vec<Phone> {
    if crate::is_blank(text) {
        return Vec::new();
    }
    if let Some(number) = one(text) {
        return vec![Phone::Number(number)];
    }
    let parts = || text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
    let by_blanks: Option<Vec<String>> = text.split_whitespace().map(one).collect();
    let mut read: Vec<Phone> = match by_blanks {
        Some(numbers) => numbers.into_iter().map(Phone::Number).collect(),
        None => among_words(text).unwrap_or_else(|| {
            let part = |part: &str| match one(part) {
                Some(number) => vec![Phone::Number(number)],
                None => among_words(part).unwrap_or_else(|| vec![Phone::Unread(part.to_owned())]),
            };
            parts().flat_map(part).collect()
        }),
    };
    read.sort_by_key(|phone| matches!(phone, Phone::Unread(_)));
    match read.first() {
        Some(Phone::Number(_)) => read,
        Some(Phone::Unread(_)) | None => vec![Phone::Unread(text.to_owned())],
    }
}

/// A number with words before or behind it, and those that say more than that it is one; none: this is something else.
fn among_words(text: &str) -> Option<Vec<Phone>> {
    let is_digit = |c: char| normal(c.encode_utf8(&mut [0; 4])).starts_with(|c: char| c.is_ascii_digit());
    let (first, last) = (text.find(is_digit)?, text.rfind(is_digit)?);
    let end = last + text[last..].chars().next()?.len_utf8();
    let abroad = text[..first].trim_end().ends_with(['+', '＋']);
    let dialled = &text[first..end];
    if dialled.chars().filter(|c| is_digit(*c)).count() < AMONG_WORDS {
        return None;
    }
    let number = one(&if abroad { format!("+{dialled}") } else { dialled.to_owned() })?;
    let around = [word(&text[..first])?, word(&text[end..])?];
    let words =
        around.into_iter().filter(|word| !word.is_empty() && !LABELS.contains(&normal(word).as_str()));
    let words = words.map(|word| Phone::Unread(word.to_owned()));
    Some([Phone::Number(number)].into_iter().chain(words).collect())
}

/// What is said in Chinese, or by a label; none: it is something else, such as what masks digits.
fn word(text: &str) -> Option<&str> {
    let word = text.trim_matches(|c: char| c.is_whitespace() || BESIDE.contains(&c));
    let is_masked = word.contains(['某', '〇']);
    let is_said = |c: char| {
        matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
            || c.is_whitespace()
            || BESIDE.contains(&c)
    };
    let is_word = word.chars().all(is_said) && !is_masked;
    (is_word || LABELS.contains(&normal(word).as_str())).then_some(word)
}

/// One number, in its form; none: it cannot be read as one.
fn one(text: &str) -> Option<String> {
    let plain =
        normal(text).chars().filter(|c| !c.is_whitespace() && *c != '.').map(dash).collect::<String>();
    let (number, extension) = match EXTENDS.iter().find_map(|word| plain.split_once(word)) {
        Some((number, extension)) => (number, Some(extension.trim_matches([':', '-']))),
        None => (plain.as_str(), None),
    };
    let number = number.trim_end_matches('-');
    let Some(extension) = extension else { return whole(number).or_else(|| hyphened(number)) };
    extended(&whole(number)?, extension)
}

/// The many dashes are one.
fn dash(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '~' => '-',
        other => other,
    }
}

/// An extension behind a last hyphen: `027-82345678-801`.
fn hyphened(text: &str) -> Option<String> {
    let (number, extension) = text.rsplit_once('-')?;
    extended(&whole(number)?, extension)
}

/// Short numbers have no extensions.
fn extended(number: &str, extension: &str) -> Option<String> {
    let fits = (1..=8).contains(&extension.len()) && is_digits(extension) && number.len() >= 7;
    fits.then(|| format!("{number} ext {extension}"))
}

/// A number without extension: digits, with hyphens and brackets between them.
fn whole(text: &str) -> Option<String> {
    match text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
        Some(abroad) => {
            let digits = digits(&abroad.replace("(0)", ""))?;
            match digits.strip_prefix("86") {
                Some(here) => domestic(here).or_else(|| domestic(&format!("0{here}"))),
                None => ((7..=15).contains(&digits.len()) && !digits.starts_with('0'))
                    .then(|| format!("+{digits}")),
            }
        }
        None => {
            let digits = digits(text)?;
            let here = digits.strip_prefix("86").filter(|here| mobile(here).is_some());
            domestic(here.unwrap_or(&digits))
        }
    }
}

/// Its digits alone; none where anything else stands there, or it begins or ends with a hyphen.
fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | '(' | ')')).collect();
    (is_digits(&digits) && !text.contains("--")).then_some(digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn domestic(digits: &str) -> Option<String> {
    mobile(digits).or_else(|| service(digits)).or_else(|| landline(digits)).or_else(|| local(digits))
}

/// A 0 may stand before it, as for a call from another town.
fn mobile(digits: &str) -> Option<String> {
    let number = digits.strip_prefix('0').unwrap_or(digits);
    let fits = number.len() == 11
        && number.starts_with('1')
        && matches!(number.as_bytes().get(1), Some(b'3'..=b'9'));
    fits.then(|| format!("+86{number}"))
}

fn service(digits: &str) -> Option<String> {
    let fits = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    fits.then(|| format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]))
}

/// With its area code: 010 and 02x have three digits, others four. Behind it a line, or a short number of that town.
fn landline(digits: &str) -> Option<String> {
    let code = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return None,
    };
    let (area, line) = (digits.get(..code)?, digits.get(code..)?);
    let is_line = matches!(line.len(), 7 | 8) && matches!(line.as_bytes().first(), Some(b'2'..=b'9'));
    let is_short = line.len() == 5 && matches!(line.as_bytes().first(), Some(b'1' | b'9'));
    (is_line || is_short).then(|| format!("{area}-{line}"))
}

/// A line of this town, or a short number.
fn local(digits: &str) -> Option<String> {
    let fits = match (digits.len(), digits.as_bytes().first()) {
        (7 | 8, Some(first)) => (b'2'..=b'9').contains(first),
        (3..=6, Some(first)) => matches!(first, b'1' | b'9'),
        _ => false,
    };
    fits.then(|| digits.to_owned())
}
