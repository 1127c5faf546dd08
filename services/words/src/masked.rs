//! Names and phones where they need not be shown: enough to tell one from another, too little to call or to find somebody.

/// What stands behind a name's first character, however long the name is.
const REST: &str = "**";
/// The digits of a phone that stay, of one that has twice as many.
const LAST: usize = 4;

/// `王**`; nothing of nothing.
pub fn masked_name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}{REST}")).unwrap_or_default()
}

/// `+*********8000`: the last four digits, where there are eight. Of anything else nothing but blanks and punctuation. What is masked stays so.
pub fn masked_phone(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let is_shown = |c: char| c == ' ' || c.is_ascii_digit() || c.is_ascii_punctuation();
    if phone.contains('*') && digits <= LAST && phone.chars().all(is_shown) {
        return phone.to_owned();
    }
    let mut hidden = if digits >= 2 * LAST { digits - LAST } else { digits };
    let mask = |c: char| match c {
        c if c == ' ' || c.is_ascii_punctuation() => c,
        c if c.is_ascii_digit() && hidden == 0 => c,
        c => {
            hidden -= usize::from(c.is_ascii_digit());
            '*'
        }
    };
    phone.chars().map(mask).collect()
}
