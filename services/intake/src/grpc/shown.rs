//! A request as somebody may see it: who called is opened for those alone who may speak to them, and masked for them too.

use huying_chassis::{
    auth::{Caller, Role},
    log::Versioned,
    seal::SealError,
    status::Problem,
};
use huying_proto::intake::v1 as pb;

use super::access;
use crate::{
    app::{App, seal::Called},
    convert::{self, Sight},
    domain::request::Request as Stored,
};

/// What a caller sees of a request.
pub(super) fn sight(caller: &Caller, it: &Stored) -> Sight {
    Sight {
        reporter: access::may_reach(caller, it),
        callback: access::knows_phone(caller, it),
        concerns: access::knows_concerns(caller, it),
    }
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
    Ok(with(caller, request, called))
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
    let mut all = Vec::with_capacity(requests.len());
    for request in requests {
        let called = match is_reached(&request) {
            true => or_unsaid(called.next())?,
            false => Called::Unsaid,
        };
        all.push(pb::Request {
            additions: Vec::new(),
            progress: Vec::new(),
            ..with(caller, request, called)
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

fn with(caller: &Caller, request: &Versioned<Stored>, called: Called) -> pb::Request {
    let shown = convert::request(request, sight(caller, &request.it), called_words(&called, &request.it));
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
