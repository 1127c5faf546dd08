//! How long a token may live: what it says is believed until it ends, so whoever is let go, or loses a token, is out soon.

use std::{collections::BTreeSet, time::Duration};

use super::Role;
use crate::config::AuthConfig;

/// The longest lives, by who bears the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lives {
    staff: Duration,
    service: Duration,
    /// Of whatever a local issuer signs, where that is said.
    local: Option<Duration>,
}

impl Default for Lives {
    fn default() -> Self {
        Self::new(&AuthConfig::default())
    }
}

impl Lives {
    pub(super) fn new(config: &AuthConfig) -> Self {
        Self {
            staff: Duration::from_secs(config.staff_life_s),
            service: Duration::from_secs(config.service_life_s),
            local: Some(config.local_life_s).filter(|life| *life != 0).map(Duration::from_secs),
        }
    }

    /// Of an issuer's tokens: with several roles the shortest of theirs, with none that of people.
    pub fn of(&self, roles: &BTreeSet<Role>) -> Duration {
        roles.iter().map(|role| self.of_role(*role)).min().unwrap_or(self.staff)
    }

    /// Of a local issuer's tokens.
    pub fn of_local(&self, roles: &BTreeSet<Role>) -> Duration {
        self.local.unwrap_or_else(|| self.of(roles))
    }

    fn of_role(&self, role: Role) -> Duration {
        match role {
            Role::Platform | Role::Service => self.service,
            Role::Officer
            | Role::Desk
            | Role::Department
            | Role::Leader
            | Role::Callback
            | Role::Operator
            | Role::Delegate => self.staff,
        }
    }
}
