//! What objects are called.

use std::fmt;

/// Most characters of a name, and of one of its parts.
const LONGEST: usize = 512;
const LONGEST_PART: usize = 128;

/// Parts of letters, digits and hyphens with `/` between them: a path in a directory and a key in a bucket alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Of these parts, from the largest to the smallest; none where one is empty, too long, or has other characters.
    pub fn of(parts: &[&str]) -> Option<Self> {
        let plain = |part: &&str| {
            (1..=LONGEST_PART).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let name = parts.join("/");
        (!parts.is_empty() && parts.iter().all(plain) && name.len() <= LONGEST).then_some(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
