//! Who was visited, for those who may know it.

use huying_chassis::status::Problem;
use uuid::Uuid;

use crate::{
    app::App,
    domain::visit::{KeptVisited, Visited},
};

/// One of many: its id, whom it is about, and whether the caller may know that.
pub(super) type About<'a> = (Uuid, &'a KeptVisited, bool);

/// Whom each is about; none where the caller may not know it. What does not open is refused where it is asked for alone; among many it is
/// empty, so that the others are shown.
///
/// # Errors
/// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
pub(super) async fn whom(
    app: &App,
    kind: &'static str,
    all: &[About<'_>],
) -> Result<Vec<Option<Visited>>, Problem> {
    let known: Vec<_> = all.iter().filter(|it| it.2).map(|(id, kept, _)| (*id, *kept)).collect();
    let mut opened = app.visited(kind, &known).await?.into_iter();
    let mut whom = Vec::with_capacity(all.len());
    for (.., may_know) in all {
        let opened = if *may_know { opened.next() } else { None };
        whom.push(match opened {
            None => None,
            Some(Err(lost)) if lost.is_loss() && all.len() > 1 => Some(Visited::default()),
            Some(opened) => Some(opened?),
        });
    }
    Ok(whom)
}
