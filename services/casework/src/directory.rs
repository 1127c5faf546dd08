//! Asking routing who is above and who is who: the one place where casework calls another service. Read-only, so repeated while routing
//! is Unavailable; the caller's deadline goes along.

use huying_chassis::{
    peers::{self, Peer},
    status::{self, Problem},
};
use huying_proto::routing::v1::{self as pb, directory_service_client::DirectoryServiceClient};
use huying_terms::Priority;
use huying_wire::{limit, priority, tier, unit_kind};
use tonic::{Code, Response, Status};

use crate::{
    convert::demands,
    domain::{Unit, case::step::Routed},
};

/// Routing, as casework sees it.
#[derive(Clone)]
pub struct Directory {
    peer: Peer,
}

/// A matter, as routing is asked whose it is.
#[derive(Clone, Debug)]
pub struct Matter {
    pub district: String,
    pub area: String,
    pub category: String,
    pub content: String,
    /// It is no less pressing than this.
    pub at_least: Priority,
}

/// What routing says of something a caller named, and in which field of casework's own request that is.
const NAMED: [(&str, &str); 3] =
    [("UNKNOWN_UNIT", "unit"), ("UNKNOWN_CATEGORY", "category"), ("NO_HOLDER", "category")];

/// Why routing gave no unit.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It does not know what was named, or nobody for it.
    #[error("{words}")]
    Unknown { reason: &'static str, field: &'static str, words: String },
    /// Nobody is above, or the district's directory is not applied.
    #[error("{0}")]
    Nobody(String),
    /// It cannot be asked now.
    #[error("routing does not answer: {0}")]
    Away(String),
    /// An answer that makes no sense to us.
    #[error("routing answers {0}")]
    Strange(String),
}

impl Directory {
    pub fn new(peer: Peer) -> Self {
        Self { peer }
    }

    /// The unit one tier above.
    pub async fn superior(&self, district: &str, unit: &str) -> Result<Unit, DirectoryError> {
        let request = pb::ResolveSuperiorRequest { district: district.to_owned(), unit: unit.to_owned() };
        let answer = self.ask(request, |mut routing, it| async move { routing.resolve_superior(it).await });
        read(answer.await?)
    }

    /// The units for codes, in their order.
    pub async fn units(&self, district: &str, units: &[String]) -> Result<Vec<Unit>, DirectoryError> {
        let request = pb::ResolveUnitsRequest { district: district.to_owned(), units: units.to_vec() };
        let answer = self.ask(request, |mut routing, it| async move { routing.resolve_units(it).await });
        let found: Vec<Unit> = answer.await?.units.into_iter().map(read).collect::<Result<_, _>>()?;
        let as_asked =
            found.len() == units.len() && found.iter().zip(units).all(|(unit, code)| unit.code == *code);
        if as_asked { Ok(found) } else { Err(DirectoryError::Strange("other units than asked for".into())) }
    }

    /// Whose a matter is, and how pressing.
    pub async fn routed(&self, matter: &Matter) -> Result<Routed, DirectoryError> {
        let request = pb::ResolveRouteRequest {
            district: matter.district.clone(),
            area: matter.area.clone(),
            category: matter.category.clone(),
            content: matter.content.clone(),
            at_least: priority::write(matter.at_least).into(),
        };
        let answer = self.ask(request, |mut routing, it| async move { routing.resolve_route(it).await });
        let decision = answer.await?;
        let demands = demands(decision.authority.clone());
        let holder = std::slice::from_ref(&decision.holder);
        let unit = self.units(&matter.district, holder).await?.into_iter().next();
        let limits = (decision.respond.and_then(limit::read), decision.resolve.and_then(limit::read));
        match (unit, limits, priority::read(decision.priority())) {
            (Some(unit), (Some(respond), Some(resolve)), Some(priority)) => {
                Ok(Routed { unit, departments: decision.departments, priority, respond, resolve, demands })
            }
            _ => Err(DirectoryError::Strange("a decision without holder, priority or limits".into())),
        }
    }

    /// One call, repeated while routing is away.
    async fn ask<R: Clone, A, F: Future<Output = Result<Response<A>, Status>>>(
        &self,
        request: R,
        call: impl Fn(DirectoryServiceClient<Peer>, R) -> F,
    ) -> Result<A, DirectoryError> {
        let answer = peers::retry(|| call(DirectoryServiceClient::new(self.peer.clone()), request.clone()));
        Ok(Box::pin(answer).await?.into_inner())
    }
}

impl From<Status> for DirectoryError {
    fn from(status: Status) -> Self {
        let words = status.message().to_owned();
        let reason = status::reason(&status).unwrap_or_default();
        if let Some((reason, field)) = NAMED.into_iter().find(|(named, _)| *named == reason) {
            return Self::Unknown { reason, field, words };
        }
        match status.code() {
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::ResourceExhausted => {
                Self::Away(words)
            }
            Code::NotFound | Code::FailedPrecondition | Code::InvalidArgument => Self::Nobody(words),
            Code::Ok
            | Code::Unknown
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::Internal
            | Code::DataLoss
            | Code::Unauthenticated => Self::Strange(format!("{:?} {reason}: {words}", status.code())),
        }
    }
}

impl From<DirectoryError> for Problem {
    fn from(error: DirectoryError) -> Self {
        let words = error.to_string();
        match error {
            DirectoryError::Unknown { reason, field, .. } => {
                Self::new(Code::InvalidArgument, reason, words.clone()).field(field, words)
            }
            DirectoryError::Nobody(_) => Self::new(Code::FailedPrecondition, "NO_SUCH_UNIT_ABOVE", words),
            DirectoryError::Away(_) => Self::new(Code::Unavailable, "ROUTING_UNAVAILABLE", words)
                .retry_after(std::time::Duration::from_secs(1)),
            DirectoryError::Strange(_) => Self::bug(anyhow::anyhow!(words)),
        }
    }
}

fn read(unit: pb::Unit) -> Result<Unit, DirectoryError> {
    match (unit_kind::read(unit.kind()), tier::read(unit.tier())) {
        (Some(kind), Some(tier)) => {
            Ok(Unit { code: unit.code, name: unit.name, kind, tier, area: unit.area })
        }
        _ => Err(DirectoryError::Strange(format!("a unit {} without kind or tier", unit.code))),
    }
}
