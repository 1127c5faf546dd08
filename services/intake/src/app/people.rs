//! Who came to a forum is sealed before anything of it is drafted, and opened for those alone who may see them. All are sealed together, by one
//! key; where one of them is forgotten, that key is destroyed and the others are sealed by another.

use huying_chassis::{
    log::{Aggregate as _, AppendError, Draft, Versioned},
    run::Halt,
    seal::{Fresh, KeyRow, Place, SealError, Sealed, Seals},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App, See,
    visited::{new_key, opened},
};
use crate::domain::{
    Error,
    forum::{Forum, Held, KeptParticipant, Participant},
};

/// Where who came stands in a forum.
const PEOPLE: &str = "people";

fn place(forum: Uuid) -> Place {
    Place { kind: Forum::KIND, id: forum, field: PEOPLE }
}

fn sealed(fresh: &Fresh, people: &[Participant]) -> Result<Sealed, SealError> {
    fresh.seal(Forum::KIND, PEOPLE, &people)
}

fn told(came: &[KeptParticipant]) -> Vec<Participant> {
    came.iter().filter_map(KeptParticipant::told).cloned().collect()
}

/// What forgets whoever made a request at a forum; none: the forum does not know who that was.
pub(super) fn forgetting(
    seen: &See,
    seals: &Seals,
    (forum, request): (Uuid, Uuid),
    reason: &str,
) -> Result<Option<Draft>, Halt<Error>> {
    let forum = seen.get::<Forum>(forum)?;
    let (Some(at), Some(before)) = (forum.it.caller(request), &forum.it.people) else { return Ok(None) };
    let mut people: Vec<Participant> =
        opened::<Vec<Participant>>(seen, seals, place(forum.id), before)?.clone();
    let key = new_key(seen, seals, forum.id)?;
    if let Some(caller) = people.get_mut(at) {
        *caller = Participant::forgotten(caller.kind);
    }
    let sealed = sealed(key, &people).map_err(|error| Halt::Draft(AppendError::Bug(error.to_string())))?;
    let drafted = seen.draft(forum, forum.it.forget(at, sealed, reason))?;
    Ok(drafted.map(|(draft, _)| draft.forgetting().with_key(Some(key.row(None)))))
}

impl App {
    /// Seals who came; gives the key, which commits with it. None: nobody did.
    pub(super) async fn seal_people(&self, forum: Uuid, held: &mut Held) -> Result<Option<KeyRow>, Problem> {
        let people = told(&held.participants);
        if people.is_empty() {
            return Ok(None);
        }
        let fresh = self.seals.fresh(forum).await?;
        held.people = Some(sealed(&fresh, &people)?);
        held.participants = people.iter().map(Participant::kept).collect();
        Ok(Some(fresh.row(None)))
    }

    /// Who came, in their order.
    ///
    /// # Errors
    /// `SEAL_BROKEN`, `SEAL_KEY_MISSING`.
    pub async fn people(&self, forum: &Versioned<Forum>) -> Result<Vec<Participant>, Problem> {
        let opened = self.open_now(place(forum.id), forum, |forum| forum.people.as_ref()).await?;
        Ok(opened.unwrap_or_else(|| told(&forum.it.participants)))
    }
}
