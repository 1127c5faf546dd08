//! What a step is told in that place: by the rows as they are, and by its directory.

use std::cell::OnceCell;

use chrono::{DateTime, Utc};
use huying_casework::domain::{
    Approval, By, Case, CaseworkProfile, Dispatch, Known, Load, Parties, Unit, case::step::Routed,
    known::Answer,
};
use uuid::Uuid;

use super::{model::World, town};

pub struct Knows<'a> {
    world: &'a World,
    id: Uuid,
    by: &'a By,
    above: [OnceCell<(String, Option<Unit>)>; 8],
    units: OnceCell<Vec<Unit>>,
}

impl<'a> Knows<'a> {
    pub fn new(world: &'a World, id: Uuid, by: &'a By) -> Self {
        Self { world, id, by, above: Default::default(), units: OnceCell::new() }
    }
}

impl Known for Knows<'_> {
    fn id(&self) -> Uuid {
        self.id
    }

    fn now(&self) -> DateTime<Utc> {
        self.world.now
    }

    fn by(&self) -> &By {
        self.by
    }

    fn profile(&self) -> &CaseworkProfile {
        &self.world.profile
    }

    fn above(&self, _: &str, code: &str) -> Answer<Option<&Unit>> {
        let free = |cell: &&OnceCell<(String, Option<Unit>)>| cell.get().is_none_or(|it| it.0 == code);
        let cell = self.above.iter().find(free).unwrap();
        Ok(cell.get_or_init(|| (code.to_owned(), town::above(code))).1.as_ref())
    }

    fn units(&self, _: &str, codes: &[String]) -> Answer<&[Unit]> {
        let units = self.units.get_or_init(|| codes.iter().map(|code| town::unit(code)).collect());
        assert!(units.iter().map(|unit| &unit.code).eq(codes), "a step asks for the same ones");
        Ok(units)
    }

    fn knows(&self, _: &str, unit: &str) -> Answer<bool> {
        Ok(!self.world.gone.iter().any(|gone| gone == unit))
    }

    fn routed(&self, _: &Case, _: &str) -> Answer<&Routed> {
        Ok(&self.world.routed)
    }

    fn case(&self, id: Uuid) -> Answer<&Case> {
        Ok(self.world.case(id))
    }

    fn dispatches(&self, case: &Case) -> Answer<Vec<(Uuid, &Dispatch)>> {
        Ok(self.world.called(case).into_iter().map(|kept| (kept.id, &kept.it)).collect())
    }

    /// Nobody is on a roster there.
    fn loads(&self, _: &str, _: &str, _: &[String]) -> Answer<&[Load]> {
        Ok(&[])
    }

    /// The units of the case as it is, and who acted on it, its parts and its dispatches.
    fn parties(&self, case: &Case) -> Answer<Parties> {
        let cases = std::iter::once(self.id).chain(case.part_ids());
        let on_cases = cases.flat_map(|id| self.world.entries(id)).map(|entry| &entry.1);
        let on_dispatches = self.world.called(case).into_iter().flat_map(|kept| &kept.log);
        let acted = on_cases.chain(on_dispatches.map(|entry| &entry.1)).map(|stamp| stamp.actor.clone());
        let acted = acted.filter_map(|actor| Some((actor.unit?, actor.subject))).collect();
        Ok(Parties { units: case.workers().into_iter().collect(), acted })
    }

    fn approval(&self, id: Uuid) -> Answer<&Approval> {
        Ok(&self.world.get::<Approval>(id).it)
    }

    fn on(&self, id: Uuid) -> Box<dyn Known + '_> {
        Box::new(Knows::new(self.world, id, self.by))
    }
}
