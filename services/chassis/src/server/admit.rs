//! What is let in, and when it begins to cost: ResourceExhausted with a time to come back for whoever has had enough, while the others go on.
//!
//! In this order: what the caller has at once (`CALLER_CALLS`, `CALLER_STREAMS`), their rate (`CALLER_RATE`), the message whole
//! (arrive.rs; of the room for unfinished ones each kind has its share, and one caller a part of that), and only then one of the places that
//! callers of their kind have (`OVERLOADED`). Calls and open streams are counted apart, so that idle watchers do not stop the work; a client's stream of messages takes its place before them, since it is read while it is worked on.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Code, Status};

use super::arrive::Arriving;
use super::body::Tail;
use super::guests::{Guest, Guests, Kind, Stream, Who};
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use super::room::Room;
use super::seats::places;
use super::visit::Visit;
use crate::config::{Limits, Share};
use crate::status::Problem;

const COME_BACK: Duration = Duration::from_millis(250);
/// Places of those who ask whether we are well.
const WATCHMEN: usize = 64;

#[derive(Clone)]
pub(super) struct Admit(Arc<Doors>);

struct Doors {
    guests: Arc<Guests>,
    arriving: Arriving,
    anonymous: Pool,
    watchmen: Pool,
    platforms: Pool,
    staff: Pool,
    services: Pool,
}

/// What callers of one kind have together.
struct Pool {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    /// Of messages that are not whole yet.
    room: Room,
}

/// What a call holds, a stream for as long as it lasts.
enum Held {
    Call { _own: OwnedSemaphorePermit, _place: Option<OwnedSemaphorePermit> },
    Stream { _own: Stream, _connection: Option<OwnedSemaphorePermit>, _place: OwnedSemaphorePermit },
}

impl Held {
    /// What is kept until the answer is read. A call's place is free once its answer is there; the caller's own is not, so that answers that
    /// nobody reads are no more than the calls that one caller may have at once.
    fn until_read(self) -> Self {
        match self {
            Self::Call { _own, .. } => Self::Call { _own, _place: None },
            Self::Stream { .. } => self,
        }
    }
}

impl Admit {
    pub(super) fn new(limits: &Limits, guests: Arc<Guests>) -> Self {
        let rules = &limits.admission;
        Self(Arc::new(Doors {
            guests,
            arriving: Arriving::new(limits),
            anonymous: Pool::of(&rules.anonymous, limits),
            // As much room as those without a token have, since nobody shows one for it.
            watchmen: Pool {
                calls: places(WATCHMEN),
                streams: places(WATCHMEN),
                room: Room::new(rules.room(&rules.anonymous)),
            },
            platforms: Pool::of(&rules.platforms, limits),
            staff: Pool::of(&rules.staff, limits),
            services: Pool::of(&rules.services, limits),
        }))
    }
}

impl Pool {
    fn of(share: &Share, limits: &Limits) -> Self {
        let part = |all: usize| places((all.saturating_mul(share.percent) / 100).max(1));
        Self {
            calls: part(limits.max_in_flight),
            streams: part(limits.max_streams),
            room: Room::new(limits.admission.room(share)),
        }
    }
}

impl Doors {
    async fn let_in(&self, rpc: Rpc, request: Request) -> Result<(Request, Held), Problem> {
        let who = Who::of(rpc, request.extensions());
        let guest = self.guests.of(&who);
        if rpc.streaming {
            self.let_stream_in(rpc, &who, &guest, request).await
        } else {
            self.let_call_in(rpc, &who, &guest, request).await
        }
    }

    async fn let_call_in(
        &self,
        rpc: Rpc,
        who: &Who,
        guest: &Guest,
        request: Request,
    ) -> Result<(Request, Held), Problem> {
        let own = guest
            .call()
            .ok_or_else(|| enough("CALLER_CALLS", "this caller has too many calls at once", COME_BACK))?;
        slowly(guest)?;
        let pool = self.pool(who.kind);
        let request = self.arriving.whole(rpc, [guest.room(), &pool.room], request).await?;
        // A busy server is not a dead one.
        if rpc.vital {
            return Ok((request, Held::Call { _own: own, _place: None }));
        }
        let place = place(&pool.calls, who.kind)?;
        Ok((request, Held::Call { _own: own, _place: Some(place) }))
    }

    async fn let_stream_in(
        &self,
        rpc: Rpc,
        who: &Who,
        guest: &Arc<Guest>,
        request: Request,
    ) -> Result<(Request, Held), Problem> {
        let too_many =
            |whose| enough("CALLER_STREAMS", format!("this {whose} has too many streams open"), COME_BACK);
        slowly(guest)?;
        let own = Arc::clone(guest).stream(rpc).ok_or_else(|| too_many("caller"))?;
        let connection = match Visit::of(request.extensions()) {
            Some(visit) => Some(visit.stream().ok_or_else(|| too_many("connection"))?),
            None => None,
        };
        let pool = self.pool(who.kind);
        let request = if rpc.client_streams {
            request
        } else {
            self.arriving.whole(rpc, [guest.room(), &pool.room], request).await?
        };
        let place = place(&pool.streams, who.kind)?;
        Ok((request, Held::Stream { _own: own, _connection: connection, _place: place }))
    }

    fn pool(&self, kind: Kind) -> &Pool {
        match kind {
            Kind::Anonymous => &self.anonymous,
            Kind::Watchman => &self.watchmen,
            Kind::Platform => &self.platforms,
            Kind::Staff => &self.staff,
            Kind::Service => &self.services,
        }
    }
}

impl Around for Admit {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let rpc = Rpc::of(request.extensions());
        match self.0.let_in(rpc, request).await {
            Ok((request, held)) => {
                let response = next.run(request).await;
                response.map(|body| Tail::new(body).holding(held.until_read()).body())
            }
            Err(problem) => Status::from(problem).into_http(),
        }
    }
}

fn slowly(guest: &Guest) -> Result<(), Problem> {
    guest.may_call().map_err(too_often)
}

/// They may again after this long.
pub(super) fn too_often(wait: Duration) -> Problem {
    enough("CALLER_RATE", "this caller calls too often", wait)
}

fn place(places: &Arc<Semaphore>, kind: Kind) -> Result<OwnedSemaphorePermit, Problem> {
    let whose = match kind {
        Kind::Anonymous => "callers without a token",
        Kind::Watchman => "health checks",
        Kind::Platform => "platforms",
        Kind::Staff => "staff",
        Kind::Service => "services",
    };
    Arc::clone(places).try_acquire_owned().map_err(|_| full(whose))
}

/// The places of these are all taken.
pub(super) fn full(of: &'static str) -> Problem {
    enough("OVERLOADED", "too much to do at the moment", COME_BACK).meta("of", of)
}

fn enough(reason: &'static str, what: impl Into<String>, wait: Duration) -> Problem {
    Problem::new(Code::ResourceExhausted, reason, what).retry_after(wait)
}
