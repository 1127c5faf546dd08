//! Who had part in cases, asked by whatever they must leave to others.

use huying_chassis::{
    log::{Log, Meta},
    run::{Answering, Halt, Question},
};
use uuid::Uuid;

use super::{See, World};
use crate::domain::{callback::Callback, error::Error, parties::Doer};

/// In which of these cases somebody, for a unit or for none, had part, as far as evaluation knows of them.
#[derive(Clone, Debug)]
pub(super) struct HadPart {
    pub cases: Vec<Uuid>,
    pub unit: Option<String>,
    pub subject: String,
}

impl Question<World> for HadPart {
    type Answer = Vec<Uuid>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        let by = Doer { unit: self.unit.as_deref(), subject: &self.subject };
        Box::pin(async move { Ok(world.store.had_part(&self.cases, by).await?) })
    }
}

/// Whoever had part in a case says nothing of it. A callback tells who had; where a build before opened it, what else is known of its case does.
pub(super) fn not_own_work(seen: &See, it: &Callback, meta: &Meta) -> Result<(), Halt<Error>> {
    it.not_own_work((&meta.actor).into())?;
    let Some(unit) = meta.actor.unit.clone().filter(|_| it.opened.parties.is_empty()) else { return Ok(()) };
    let (cases, subject) = (vec![it.opened.case], meta.actor.subject.clone());
    match seen.ask(HadPart { cases, unit: Some(unit.clone()), subject })?.as_slice() {
        [] => Ok(()),
        [..] => Err(Halt::Refused(Error::OwnWork { unit })),
    }
}
