//! What routing's authority table (处置权限) demands of a case, besides what the profile demands of its category.

use serde::{Deserialize, Serialize};

use super::attachment::AttachmentKind;

/// Empty: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demands {
    /// What must be attached before it is resolved; at most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<AttachmentKind>,
    /// Who looks at it on site before anybody is told; none: nobody must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verifier>,
}

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verifier {
    /// The unit above the holder.
    Superior,
    Unit(String),
}

impl Demands {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Verifier {
    /// The unit that is named.
    pub fn unit(&self) -> Option<&String> {
        match self {
            Self::Superior => None,
            Self::Unit(unit) => Some(unit),
        }
    }
}
