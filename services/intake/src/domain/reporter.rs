//! Who calls: as told, and as kept.

use std::fmt;

use huying_chassis::seal::Sealed;
use huying_words::phone::{Phone, phones};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReporterKind {
    Resident,
    Enterprise,
    Grassroots,
}

/// Who calls, as told. Personal: it is kept sealed, and is not shown in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    pub kind: ReporterKind,
    pub name: String,
    /// In the form of [`huying_words::phone`], or as given where it cannot be read.
    pub phone: String,
    /// Others, likewise; several stand apart by ` / `.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_phone: String,
    /// Whom this person speaks for; empty: for themselves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on_behalf_of: String,
    /// Where they live, or the firm is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// Who calls, as rows and entries have it. The serde form is kept for ever: only add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Kept {
    Sealed {
        /// What is told of them in events.
        kind: ReporterKind,
        /// A [`Reporter`].
        sealed: Sealed,
    },
    /// As told, before it is sealed; and as builds before this one kept it. No change with it can be drafted.
    Clear(Reporter),
}

impl Kept {
    pub fn kind(&self) -> ReporterKind {
        match self {
            Self::Sealed { kind, .. } | Self::Clear(Reporter { kind, .. }) => *kind,
        }
    }

    /// As told, where it is not sealed.
    pub fn clear(&self) -> Option<&Reporter> {
        match self {
            Self::Clear(reporter) => Some(reporter),
            Self::Sealed { .. } => None,
        }
    }

    pub fn is_clear(&self) -> bool {
        self.clear().is_some()
    }
}

impl Reporter {
    /// The phone by which they are told from others; none where none can be read: 不详, 无 and `139****0001` are many people's.
    pub fn number(&self) -> Option<String> {
        match phones(&self.phone).into_iter().next() {
            Some(Phone::Number(number)) => Some(number),
            Some(Phone::Unread(_)) | None => None,
        }
    }
}

impl fmt::Debug for Reporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reporter").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// As what the phone of one who joined was kept before such phones were sealed; none where there is no phone. Whether it tells them apart is
/// for [`Reporter::number`] to say.
pub fn phone_key(reporter: &Reporter) -> Option<String> {
    let digest = Sha256::digest(reporter.phone.as_bytes());
    let key = digest.iter().take(12).fold(String::new(), |key, byte| key + &format!("{byte:02x}"));
    (!reporter.phone.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_72_a_name_and_a_phone_are_not_shown() {
        let told = r#"{"kind":"resident","name":"某居民","phone":"+8613800138000","address":"二号楼"}"#;
        let kept: Kept = serde_json::from_str(told).unwrap();
        assert!(kept.is_clear(), "what builds before kept is read");
        let shown = format!("{kept:?}");
        assert!(!["某居民", "138", "二号楼"].iter().any(|it| shown.contains(it)), "{shown}");
    }
}
