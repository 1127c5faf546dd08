//! The one normal form in which words are looked for.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::{
    clean::{clean, is_unseen},
    simplified::simplified,
};

/// The normal form: Unicode's compatibility form (NFKC: full-width letters and digits are plain, 〇 stays, ， is a comma), simplified
/// characters for traditional ones, small letters, nothing that cannot be seen, and no blanks within a line but one between letters or digits
/// that it keeps apart (`3 5号` is not 35号). Lines stay lines, without empty ones.
pub fn normal(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    let mut apart = false;
    // First: NFKC makes blanks of a soft line end that `clean` knows for one.
    for c in clean(text).nfkc().filter(|c| !is_unseen(*c)) {
        if c == '\n' {
            apart = false;
            if !form.is_empty() && !form.ends_with('\n') {
                form.push('\n');
            }
        } else if c.is_whitespace() {
            apart = true;
        } else if !c.is_control() {
            let keeps_apart = apart && c.is_ascii_alphanumeric();
            if keeps_apart && form.ends_with(|last: char| last.is_ascii_alphanumeric()) {
                form.push(' ');
            }
            apart = false;
            form.extend(simplified(c).to_lowercase());
        }
    }
    form.truncate(form.trim_end_matches('\n').len());
    // A mark that stood behind a blank stands on a letter now.
    if is_nfc(&form) { form } else { form.nfc().collect() }
}
