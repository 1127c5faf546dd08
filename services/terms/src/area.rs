//! Area codes: the national statistical codes, where a prefix is an ancestor.
//!
//! District 6 digits, street 9, community 12, grid 15. A code is validated once, when it is made or
//! deserialised; afterwards it can be trusted. It says nothing about whether the area exists: that is
//! the directory's to know. A town that has no district above it begins at 9 digits; its
//! [`AreaCode::parent`] then names a code no profile has.
//!
//! Codes sort as text, so every area stands directly before all that lies in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::tier::Tier;

/// The code of a district, street, community or grid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

/// Why a text is no area code. It never repeats the text, which may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// Something else than 0–9 in it.
    #[error("an area code has digits only")]
    NotDigits,
    /// No tier has a code this long.
    #[error("an area code has 6, 9, 12 or 15 digits, not {0}")]
    Length(usize),
}

impl AreaCode {
    /// Validates a text; nothing is trimmed or repaired.
    pub fn parse(text: &str) -> Result<AreaCode, AreaError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AreaError::NotDigits);
        }
        match tier_of(text.len()) {
            Some(_) => Ok(AreaCode(text.to_owned())),
            None => Err(AreaError::Length(text.len())),
        }
    }

    /// Reads a code as it is published: 6, 9, 12 or 15 digits, of which groups of three zeros at the end stand for nothing more exact
    /// (`420102001000` is a street, `420102000000` a district).
    pub fn published(text: &str) -> Result<AreaCode, AreaError> {
        let mut code = AreaCode::parse(text)?;
        while let Some(shorter) =
            code.0.strip_suffix("000").filter(|shorter| tier_of(shorter.len()).is_some())
        {
            code = AreaCode(shorter.to_owned());
        }
        Ok(code)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn tier(&self) -> Tier {
        // The length was checked when the code was made: the default is never reached.
        tier_of(self.0.len()).unwrap_or(Tier::District)
    }

    /// The area one tier up; a district has none.
    pub fn parent(&self) -> Option<AreaCode> {
        self.tier().up().and_then(|tier| self.at(tier))
    }

    /// Whether `other` is this area or lies in it.
    pub fn contains(&self, other: &AreaCode) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The district the area lies in; a district lies in itself.
    pub fn district(&self) -> AreaCode {
        self.at(Tier::District).unwrap_or_else(|| self.clone())
    }

    /// The area of that tier this one lies in (or is); nothing for a tier below its own.
    pub fn at(&self, tier: Tier) -> Option<AreaCode> {
        self.0.get(..tier.code_len()).map(|prefix| AreaCode(prefix.to_owned()))
    }
}

fn tier_of(len: usize) -> Option<Tier> {
    Tier::ALL.into_iter().find(|tier| tier.code_len() == len)
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for AreaCode {
    type Err = AreaError;

    fn from_str(text: &str) -> Result<AreaCode, AreaError> {
        AreaCode::parse(text)
    }
}

impl TryFrom<String> for AreaCode {
    type Error = AreaError;

    fn try_from(text: String) -> Result<AreaCode, AreaError> {
        AreaCode::parse(&text)
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        code.0
    }
}
