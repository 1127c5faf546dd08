//! A request as somebody may see it: who called is opened for those alone who may speak to them, and masked for them too.

use std::collections::BTreeSet;

use huying_chassis::{
    auth::{Caller, Role},
    log::Versioned,
    seal::SealError,
    status::Problem,
};
use huying_proto::intake::v1 as pb;
use uuid::Uuid;

use super::access;
use crate::{
    app::{App, seal::Called},
    convert::{self, Sight},
    domain::request::Request as Stored,
};

/// What a caller sees of a request by itself; which one it repeats is told by [`repeated`].
pub(super) fn sight(caller: &Caller, it: &Stored) -> Sight {
    Sight {
        reporter: access::may_reach(caller, it),
        callback: access::knows_phone(caller, it),
        concerns: access::knows_concerns(caller, it),
        repeat: false,
    }
}

/// Which of the requests that these repeat the caller may be told of. That two have one phone says whose the one is to whoever knows it of the
/// other, so it is told to those alone who may speak to both reporters.
async fn repeated(
    app: &App,
    caller: &Caller,
    requests: &[&Versioned<Stored>],
) -> Result<BTreeSet<Uuid>, Problem> {
    let reached = requests.iter().filter(|it| access::may_reach(caller, &it.it));
    let of: BTreeSet<Uuid> = reached.filter_map(|it| Some(it.it.repeat.as_ref()?.of)).collect();
    if of.is_empty() {
        return Ok(of);
    }
    let of: Vec<Uuid> = of.into_iter().collect();
    let may_know = |it: &Stored| access::sees(caller, it) && access::may_reach(caller, it);
    let found = app.get_all(&of).await?;
    Ok(found.into_iter().filter(|it| may_know(&it.it)).map(|it| it.id).collect())
}

/// A request, as this caller may see it.
///
/// # Errors
/// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
pub(super) async fn shown(
    app: &App,
    caller: &Caller,
    request: &Versioned<Stored>,
) -> Result<pb::Request, Problem> {
    let called = match sight(caller, &request.it).reporter {
        true => app.reporter(request).await?,
        false => Called::Unsaid,
    };
    let repeated = repeated(app, caller, &[request]).await?;
    Ok(with(caller, request, called, &repeated))
}

/// Some of many, without their additions and without their progress, of which there may be much. One whose reporter does not open is shown without, so that the others are shown at all.
///
/// # Errors
/// `SEAL_KEY_MISSING`; the database is away.
pub(super) async fn listed(
    app: &App,
    caller: &Caller,
    requests: &[&Versioned<Stored>],
) -> Result<Vec<pb::Request>, Problem> {
    let is_reached = |it: &&&Versioned<Stored>| sight(caller, &it.it).reporter;
    let reached: Vec<_> = requests.iter().filter(is_reached).copied().collect();
    let mut called = app.reporters(&reached).await?.into_iter();
    let repeated = repeated(app, caller, &reached).await?;
    let mut all = Vec::with_capacity(requests.len());
    for request in requests {
        let called = match is_reached(&request) {
            true => or_unsaid(called.next())?,
            false => Called::Unsaid,
        };
        all.push(pb::Request {
            additions: Vec::new(),
            progress: Vec::new(),
            ..with(caller, request, called, &repeated)
        });
    }
    Ok(all)
}

fn or_unsaid(called: Option<Result<Called, SealError>>) -> Result<Called, Problem> {
    match called {
        None => Ok(Called::Unsaid),
        Some(Err(lost)) if lost.is_loss() => Ok(Called::Unsaid),
        Some(called) => Ok(called?),
    }
}

fn with(
    caller: &Caller,
    request: &Versioned<Stored>,
    called: Called,
    repeated: &BTreeSet<Uuid>,
) -> pb::Request {
    let sight = sight(caller, &request.it);
    let is_told = request.it.repeat.as_ref().is_some_and(|repeat| repeated.contains(&repeat.of));
    let sight = Sight { repeat: sight.reporter && is_told, ..sight };
    let shown = convert::request(request, sight, called_words(&called, &request.it));
    match caller.has(Role::Service) {
        true => pb::Request { platform: request.it.submission.platform.clone(), ..shown },
        false => shown,
    }
}

/// Of somebody who is forgotten only the kind is known.
fn called_words(called: &Called, it: &Stored) -> Option<pb::Reporter> {
    match called {
        Called::Unsaid => None,
        Called::Is(reporter) => Some(convert::person::reporter(reporter)),
        Called::Forgotten => it.submission.reporter.as_ref().map(|kept| pb::Reporter {
            kind: convert::reporter_kind(kept.kind()).into(),
            ..Default::default()
        }),
    }
}
