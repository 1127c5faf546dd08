//! Who calls, and who may call what.
//!
//! A caller shows a JWT; [`Authenticator`] (verify.rs) checks it and gives a [`Caller`]. What must hold of a token is in token.rs, how long it
//! may live in life.rs, where its keys come from in keys.rs and remote.rs, who is denied all the same in denied.rs. Each RPC's
//! contract says which roles may call it, and [`declared`] (access.rs) is the table of that;
//! [`check_complete`] compares it with the descriptor before a server starts, so that an RPC nobody
//! thought of cannot be reached.
//! [`Issuer`] mints tokens for a local installation; [`TokenSource`] holds a service's own token.
//! [`Reach`] (reach.rs) is how far a caller reaches, by area and unit; each service asks it about the area and unit of its own things.

mod access;
mod cache;
mod claims;
mod denied;
mod issuer;
mod keys;
mod life;
mod own;
mod reach;
mod remote;
mod token;
mod verify;
pub(crate) mod watched;

use std::collections::BTreeSet;
use std::sync::Arc;

use huying_proto::common::v1 as pb;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

pub(crate) use access::service_names;
pub use access::{check_complete, declared};
pub(crate) use issuer::signing_key;
pub use issuer::{Claims, Issuer, make_key};
pub use life::Lives;
pub use own::TokenSource;
pub use reach::{CITY, Reach, outside};
pub use remote::Pace;
pub use verify::Authenticator;

use crate::status::Problem;

/// What a caller is. One person or system may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// A hotline or app platform that submits for reporters.
    Platform,
    /// A grid officer or community cadre, working in a unit and an area.
    Officer,
    /// The command desk of a street or district: triage, delegate, call.
    Desk,
    /// Staff of a called department or response group.
    Department,
    /// A supervisor or district leader.
    Leader,
    /// Asks reporters how it went.
    Callback,
    /// Operations: profiles, dead letters.
    Operator,
    /// Another Huying service.
    Service,
    /// 督评代表 (两代表一委员): a delegate of an area, who is no unit's staff.
    Delegate,
}

impl Role {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As it stands in a token.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As the contracts say it.
    pub const fn declared(self) -> pb::Role {
        match self {
            Self::Platform => pb::Role::Platform,
            Self::Officer => pb::Role::Officer,
            Self::Desk => pb::Role::Desk,
            Self::Department => pb::Role::Department,
            Self::Leader => pb::Role::Leader,
            Self::Callback => pb::Role::Callback,
            Self::Operator => pb::Role::Operator,
            Self::Service => pb::Role::Service,
            Self::Delegate => pb::Role::Delegate,
        }
    }

    /// Those that a contract names.
    pub fn among(declared: &[pb::Role]) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|role| declared.contains(&role.declared()))
    }
}

/// What stands before a service's name in the subject of its token.
const SERVICE: &str = "service:";

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 64;
/// Of a subject, a unit, an area, a token's id.
const LONGEST_CLAIM: usize = 200;

/// A person's name as it is kept: without spaces around it, a line of 1 to 64 characters with nothing hidden in it. None: it is not one.
pub fn person(name: &str) -> Option<String> {
    let name = name.trim();
    is_line(name, LONGEST_NAME).then(|| name.to_owned())
}

/// Whether a claim can be kept and shown: a line with nothing hidden and no blanks around it, of at least one and at most so many characters.
fn is_line(claim: &str, most: usize) -> bool {
    let fits = (1..=most).contains(&claim.chars().count()) && claim.trim() == claim;
    fits && huying_words::unfit_line(claim).is_none() && !huying_words::is_blank(claim)
}

/// Whoever is at the other end, as their token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who issued the token: a subject means nothing without it.
    pub issuer: String,
    /// Who they are. Platforms are known by it and the issuer; for all others it is only for the record.
    pub subject: String,
    /// What the person is called, for histories; see [`person`].
    pub name: Option<String>,
    pub roles: BTreeSet<Role>,
    /// The area and the unit they work in.
    pub reach: Reach,
    /// The doors a platform may send by, as the services that have doors call them.
    pub doors: BTreeSet<String>,
    /// `jti`, for the audit trail.
    pub token_id: Option<String>,
}

impl Caller {
    /// Whether it has a role. That of a service only as one of them, by its subject: somebody else's token that names it gives nothing by it.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role) && (role != Role::Service || self.subject.starts_with(SERVICE))
    }

    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// Which of Huying's services it is: the subject of its token is `service:NAME`.
    pub fn service(&self) -> Option<&str> {
        self.subject.strip_prefix(SERVICE).filter(|_| self.has(Role::Service))
    }

    /// Whether it has one of these roles. As a service it has one where its name stands, or any name may.
    pub fn is_among(&self, roles: &[pb::Role], services: &[&str]) -> bool {
        let named = || self.service().is_some_and(|name| services.iter().any(|it| *it == name || *it == "*"));
        Role::among(roles).any(|role| self.has(role) && (role != Role::Service || named()))
    }

    /// Whoever calls an rpc that is open to anyone, known by what they hold: no issuer, no role, no reach.
    pub fn holding(what: String) -> Self {
        Self {
            issuer: String::new(),
            subject: what,
            name: None,
            roles: BTreeSet::new(),
            reach: Reach::default(),
            doors: BTreeSet::new(),
            token_id: None,
        }
    }

    /// The caller of this request. Missing only where the contract says that anyone may call; asking
    /// for it there is a bug.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Arc<Self>, Problem> {
        Self::in_extensions(request.extensions())
    }

    pub(crate) fn in_extensions(extensions: &http::Extensions) -> Result<Arc<Self>, Problem> {
        extensions
            .get::<Arc<Self>>()
            .cloned()
            .ok_or_else(|| Problem::bug(anyhow::anyhow!("an RPC open to anyone asked who calls")))
    }
}
