//! Who comes to a forum: as told, and as kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    request::is_false,
    submission::{Reporter, ReporterKind},
};

/// Who comes to a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantKind {
    Resident,
    Enterprise,
    Grassroots,
    /// 两代表一委员.
    Delegate,
    /// 驻区单位.
    ResidentUnit,
    Officer,
}

/// Who came, as told. Personal: it is kept sealed, and is not shown in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub kind: ParticipantKind,
    pub name: String,
    /// Of which firm, office or house.
    pub unit: String,
    /// As a reporter's.
    pub phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_phone: String,
}

/// Who came, as rows and entries have it. The serde form is kept for ever: only add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeptParticipant {
    /// As told, before it is sealed; and as builds before this one kept it. No forum with one can be drafted.
    Clear(Participant),
    Sealed {
        /// Who that is stands sealed in one place for all who came.
        kind: ParticipantKind,
        /// Nothing is known of them any more.
        #[serde(default, skip_serializing_if = "is_false")]
        forgotten: bool,
    },
}

impl ParticipantKind {
    /// What they are as a reporter.
    const fn reporter(self) -> ReporterKind {
        match self {
            Self::Resident | Self::Delegate => ReporterKind::Resident,
            Self::Enterprise => ReporterKind::Enterprise,
            Self::Grassroots | Self::ResidentUnit | Self::Officer => ReporterKind::Grassroots,
        }
    }
}

impl Participant {
    /// As the reporter of what they called for.
    pub fn reporter(&self) -> Reporter {
        Reporter {
            kind: self.kind.reporter(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            second_phone: self.second_phone.clone(),
            on_behalf_of: String::new(),
            address: self.unit.clone(),
        }
    }

    /// What is kept of them beside what is sealed.
    pub fn kept(&self) -> KeptParticipant {
        KeptParticipant::Sealed { kind: self.kind, forgotten: false }
    }

    /// Of whom nothing is known any more.
    pub fn forgotten(kind: ParticipantKind) -> Self {
        let nothing = String::new;
        Self { kind, name: nothing(), unit: nothing(), phone: nothing(), second_phone: nothing() }
    }
}

impl KeptParticipant {
    /// As told, where it is not sealed.
    pub fn told(&self) -> Option<&Participant> {
        match self {
            Self::Clear(told) => Some(told),
            Self::Sealed { .. } => None,
        }
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Participant").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_72_who_came_is_not_shown_and_what_builds_before_kept_is_read() {
        let kept = r#"{"kind":"resident","name":"某居民","unit":"二号楼","phone":"+8613800138000"}"#;
        let came: KeptParticipant = serde_json::from_str(kept).unwrap();
        assert_eq!(serde_json::to_string(&came).unwrap(), kept);
        let shown = format!("{came:?}");
        assert!(!["某居民", "138", "二号楼"].iter().any(|it| shown.contains(it)), "{shown}");
        let sealed = came.told().unwrap().kept();
        let kept = serde_json::to_string(&sealed).unwrap();
        assert_eq!(kept, r#"{"kind":"resident"}"#);
        assert_eq!(serde_json::from_str::<KeptParticipant>(&kept).unwrap(), sealed);
    }
}
