//! Who calls is sealed before anything of it is drafted, and opened for those alone who may see it; with what else the door has, which may
//! name them.

use std::collections::BTreeMap;

use huying_chassis::{
    log::{Aggregate, Log, Versioned},
    run::{Answering, Question},
    seal::{Fresh, KeyRow, Place, SealError, Sealed, Seals},
    status::Problem,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{App, World};
use crate::{
    domain::{
        Error,
        change::Change,
        personal::Personal,
        request::Request,
        submission::{Kept, Reporter, Submission},
        token,
    },
    store,
};

/// Where who calls stands in a request, what else the door has, and who joined.
const REPORTER: &str = "reporter";
const EXTENSIONS: &str = "extensions";
const JOINER: &str = "joiner";

/// What the secrets of receipts, and the hashes of phones, are for.
const TRACKING: &str = "tracking";
const JOINED: &str = "joined";
const CALLED: &str = "called";

/// The first change of a request with who calls, and what else the door has, sealed; and the key, which commits with it. None: nothing is to
/// be sealed.
pub(super) fn sealed(seals: &Seals, fresh: &Fresh, change: &mut Change) -> Result<Option<KeyRow>, SealError> {
    let Change::Submitted { submission, .. } = change else { return Ok(None) };
    let more = seal_in(fresh, (Request::KIND, EXTENSIONS), &mut submission.order.extensions)?;
    let Some(Kept::Clear(reporter)) = &submission.reporter else { return Ok(more.then(|| fresh.row(None))) };
    let sealed = fresh.seal(Request::KIND, REPORTER, reporter)?;
    let number = reporter.number();
    let row = fresh.row(number.map(|number| called(seals, &submission.district, &number)));
    submission.reporter = Some(Kept::Sealed { kind: reporter.kind, sealed });
    Ok(Some(row))
}

/// Seals something personal at a field of a kind, where it says anything and is not sealed; whether that was so.
pub(super) fn seal_in<T: Serialize + Default + PartialEq>(
    fresh: &Fresh,
    (kind, field): (&'static str, &'static str),
    it: &mut Personal<T>,
) -> Result<bool, SealError> {
    let Some(told) = it.told().filter(|told| **told != T::default()) else { return Ok(false) };
    *it = Personal::Sealed { sealed: fresh.seal(kind, field, told)? };
    Ok(true)
}

/// Who joins a request by a door, sealed; and the key.
pub(super) fn sealed_joiner(
    seals: &Seals,
    fresh: &Fresh,
    (request, door): (Uuid, &str),
    reporter: &Reporter,
) -> Result<(Kept, KeyRow), SealError> {
    let sealed = fresh.seal(Request::KIND, JOINER, reporter)?;
    let number = reporter.number();
    let row = fresh.row(number.map(|number| joined(seals, (request, door), &number)));
    Ok((Kept::Sealed { kind: reporter.kind, sealed }, row))
}

/// By what a phone that called in a district is found again.
pub(super) fn called(seals: &Seals, district: &str, number: &str) -> [u8; 32] {
    seals.hash(CALLED, &format!("{district}\n{number}"))
}

/// By what a phone that joined a request by a door is found there, and nowhere else.
fn joined(seals: &Seals, (request, door): (Uuid, &str), number: &str) -> [u8; 32] {
    seals.hash(JOINED, &format!("{request}\n{door}\n{number}"))
}

/// The same as builds kept it that counted each phone once, whichever door gave it: to be looked for by those alone who may know who is on it.
fn joined_before(seals: &Seals, request: Uuid, number: &str) -> [u8; 32] {
    seals.hash(JOINED, &format!("{request}\n{number}"))
}

/// Whether a phone is on a request already, as far as whoever joins it may know: joined by the same door, or as its reporter's.
#[derive(Clone, Debug)]
pub(super) struct OnIt(Uuid, Vec<Vec<u8>>);

impl OnIt {
    /// `reaches`: whether it is looked for as the reporter's too, and as that of somebody who joined by any door before doors were told apart.
    pub(super) fn new(
        seals: &Seals,
        request: &Versioned<Request>,
        (door, reaches): (&str, bool),
        number: &str,
    ) -> Self {
        let called = || called(seals, &request.it.submission.district, number);
        let reached = reaches.then(|| [called(), joined_before(seals, request.id, number)]);
        let joined = joined(seals, (request.id, door), number);
        Self(request.id, reached.into_iter().flatten().chain([joined]).map(|hash| hash.to_vec()).collect())
    }
}

impl Question<World> for OnIt {
    type Answer = bool;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, bool> {
        Box::pin(async { Ok(store::sealed::is_on_it(log.pool(), self.0, &self.1).await?) })
    }
}

/// Who called, as far as somebody may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// Nobody said.
    Unsaid,
    Is(Reporter),
    Forgotten,
}

impl App {
    /// The secret of a request's reporter; empty where it was given by keys that are here no more.
    pub fn tracking_token(&self, request: &Versioned<Request>) -> String {
        let kept = &request.it.tracking_token;
        if token::is_clear(kept) {
            return kept.clone();
        }
        let given = self.new_token(request.id);
        if token::is(kept, &given) { given } else { String::new() }
    }

    /// The secret of those who joined.
    pub fn joiner_token(&self, request: &Versioned<Request>) -> String {
        request.it.joiner_token().unwrap_or_else(|| self.seals.token(JOINED, request.id))
    }

    /// The secret that the reporter of a new request is given.
    pub(super) fn new_token(&self, request: Uuid) -> String {
        self.seals.token(TRACKING, request)
    }

    /// Seals who calls, and what else the door has, in the first change of a request; gives the key, which commits with it.
    pub(super) async fn seal(&self, id: Uuid, change: &mut Change) -> Result<Option<KeyRow>, Problem> {
        // Where there is nothing to seal there is no key.
        let Change::Submitted { submission, .. } = &change else { return Ok(None) };
        if !submission.is_clear() {
            return Ok(None);
        }
        let fresh = self.seals.fresh(id).await?;
        Ok(sealed(&self.seals, &fresh, change)?)
    }

    /// Whether an order is the one that was taken, who calls included; of whom nothing is known any more where they were forgotten.
    pub(super) async fn is_same(
        &self,
        submission: &Submission,
        first: &Versioned<Request>,
    ) -> Result<bool, Problem> {
        if !submission.is_same(&first.it.submission) {
            return Ok(false);
        }
        let is_same = match self.reporter(first).await? {
            Called::Forgotten => return Ok(true),
            Called::Unsaid => submission.told_by().is_none(),
            Called::Is(reporter) => submission.told_by() == Some(&reporter),
        };
        Ok(is_same && submission.order.extensions.told() == Some(&self.extensions(first).await?))
    }

    /// What else the door had of a request.
    ///
    /// # Errors
    /// `FORGOTTEN`, `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
    pub async fn extensions(
        &self,
        request: &Versioned<Request>,
    ) -> Result<BTreeMap<String, String>, Problem> {
        let place = Place { kind: Request::KIND, id: request.id, field: EXTENSIONS };
        let opened = self.open_now(place, request, extensions_in).await?;
        let told = request.it.submission.order.extensions.told().cloned();
        told.or(opened).ok_or_else(|| Error::Forgotten.into())
    }

    /// What is sealed in a row; none: nothing, or nothing any more. Where it was forgotten since the row was read, the row as it is now counts.
    pub(super) async fn open_now<T: DeserializeOwned, A: Aggregate>(
        &self,
        place: Place,
        row: &Versioned<A>,
        sealed: fn(&A) -> Option<&Sealed>,
    ) -> Result<Option<T>, Problem> {
        let Some(kept) = sealed(&row.it) else { return Ok(None) };
        let opened = self.seals.open::<T>(&[(place, kept)]).await?.pop();
        let opened = opened.unwrap_or(Err(SealError::Missing));
        if !matches!(opened, Err(SealError::Missing)) {
            return Ok(Some(opened.map_err(|error| error.told(place))?));
        }
        let now = self.log.load::<A>(row.id).await?;
        let Some(kept) = now.as_ref().and_then(|now| sealed(&now.it)) else { return Ok(None) };
        Ok(Some(self.seals.open_one(place, kept).await?))
    }

    /// Who made a request.
    ///
    /// # Errors
    /// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
    pub async fn reporter(&self, request: &Versioned<Request>) -> Result<Called, Problem> {
        let called = self.reporters(&[request]).await?.pop();
        Ok(called.unwrap_or(Ok(Called::Unsaid))?)
    }

    /// Who made each of these requests, in their order.
    ///
    /// # Errors
    /// The database is away.
    pub async fn reporters(
        &self,
        requests: &[&Versioned<Request>],
    ) -> Result<Vec<Result<Called, SealError>>, Problem> {
        let mut opened = self.open(requests).await?;
        let lost = requests.iter().zip(&opened).filter(|(_, it)| matches!(it, Err(SealError::Missing)));
        let lost: Vec<Uuid> = lost.map(|(request, _)| request.id).collect();
        if !lost.is_empty() {
            // Forgotten since the row was read, or its key is gone without that.
            let now = self.log.load_all::<Request>(&lost).await?;
            let is_forgotten = |id| now.iter().any(|it| it.id == id && it.it.forgotten_at.is_some());
            for (request, opened) in requests.iter().zip(&mut opened) {
                if matches!(opened, Err(SealError::Missing)) && is_forgotten(request.id) {
                    *opened = Ok(Called::Forgotten);
                }
            }
        }
        let told = requests.iter().zip(opened);
        Ok(told.map(|(request, it)| it.map_err(|error| error.told(place(request)))).collect())
    }

    async fn open(
        &self,
        requests: &[&Versioned<Request>],
    ) -> Result<Vec<Result<Called, SealError>>, Problem> {
        let wanted: Vec<(Place, &Sealed)> =
            requests.iter().filter_map(|request| Some((place(request), sealed_in(&request.it)?))).collect();
        let mut opened = self.seals.open::<Reporter>(&wanted).await?.into_iter();
        let called = |request: &&Versioned<Request>| match &request.it.submission.reporter {
            _ if request.it.forgotten_at.is_some() => Ok(Called::Forgotten),
            None => Ok(Called::Unsaid),
            Some(Kept::Clear(reporter)) => Ok(Called::Is(reporter.clone())),
            Some(Kept::Sealed { .. }) => opened.next().unwrap_or(Err(SealError::Missing)).map(Called::Is),
        };
        Ok(requests.iter().map(called).collect())
    }
}

/// What else a door had, where it is to be opened.
fn extensions_in(request: &Request) -> Option<&Sealed> {
    request.submission.order.extensions.sealed().filter(|_| request.forgotten_at.is_none())
}

/// What is to be opened of a request; none: nothing, or nothing any more.
fn sealed_in(request: &Request) -> Option<&Sealed> {
    match &request.submission.reporter {
        Some(Kept::Sealed { sealed, .. }) if request.forgotten_at.is_none() => Some(sealed),
        Some(Kept::Sealed { .. } | Kept::Clear(_)) | None => None,
    }
}

fn place(request: &Versioned<Request>) -> Place {
    Place { kind: Request::KIND, id: request.id, field: REPORTER }
}
