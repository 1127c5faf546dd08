//! Something personal, as rows and entries have it: sealed.

use std::fmt;

use huying_chassis::seal::Sealed;
use serde::{Deserialize, Serialize};

/// The serde form is kept for ever: only add.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Personal<T> {
    Sealed {
        /// A `T`.
        sealed: Sealed,
    },
    /// As told, before it is sealed; and as builds before this one kept it. Where it says anything, no change with it can be drafted.
    Clear(T),
}

impl<T: Default + PartialEq> Personal<T> {
    /// Whether it says something in the clear.
    pub fn is_clear(&self) -> bool {
        self.told().is_some_and(|told| *told != T::default())
    }

    /// Whether it says something, sealed or not.
    pub fn is_said(&self) -> bool {
        self.sealed().is_some() || self.is_clear()
    }
}

impl<T> Personal<T> {
    /// As it is sealed, where it is.
    pub fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Sealed { sealed } => Some(sealed),
            Self::Clear(_) => None,
        }
    }

    /// As told, where it is not sealed.
    pub fn told(&self) -> Option<&T> {
        match self {
            Self::Clear(told) => Some(told),
            Self::Sealed { .. } => None,
        }
    }
}

impl<T: Default> Default for Personal<T> {
    fn default() -> Self {
        Self::Clear(T::default())
    }
}

impl<T> From<T> for Personal<T> {
    fn from(told: T) -> Self {
        Self::Clear(told)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sealed { sealed } => sealed.fmt(f),
            Self::Clear(_) => f.write_str("[personal]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_builds_before_kept_is_read_and_not_shown() {
        for kept in [r#""总务处 82345678""#, r#""""#] {
            let contact: Personal<String> = serde_json::from_str(kept).unwrap();
            assert_eq!((contact.is_clear(), contact.sealed()), (kept.len() > 2, None));
            assert_eq!(serde_json::to_string(&contact).unwrap(), kept, "and written as it was");
            assert!(!format!("{contact:?}").contains('8'));
        }
        let kept = r#"{"sealed":"二级","联系人":"李四"}"#;
        let extensions: Personal<BTreeMap<String, String>> = serde_json::from_str(kept).unwrap();
        assert_eq!(extensions.told().unwrap()["sealed"], "二级", "a key of a door's own");
        assert!(!format!("{extensions:?}").contains("李四"));
    }

    #[test]
    fn what_is_sealed_is_kept_as_such() {
        let kept = r#"{"sealed":{"v":1,"key":"00000000-0000-0000-0000-000000000001","nonce":"AA==","ciphertext":"AA=="}}"#;
        let sealed: Personal<String> = serde_json::from_str(kept).unwrap();
        assert_eq!((sealed.sealed().is_some(), sealed.is_clear(), sealed.is_said()), (true, false, true));
        assert_eq!(serde_json::to_string(&sealed).unwrap(), kept);
    }
}
