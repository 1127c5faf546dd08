//! Who is away, and how a unit's officers are. That one is back is a step like any other.

use huying_chassis::{
    id,
    log::{Aggregate as _, Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App,
    step::refused,
    world::{ProfileOf, See, World},
};
use crate::{
    domain::{Absence, Absences, Load, Page, Place, Refusal, Rostered, absence::step::Record, rule::Stop},
    store,
};

impl App {
    /// An officer is away. Whoever asks reaches the unit.
    ///
    /// # Errors
    /// `UNKNOWN_OFFICER`, `ABSENCE_OVER`.
    pub async fn record_absence(&self, it: &Record, meta: &Meta) -> Result<Versioned<Absence>, Problem> {
        Ok(self.runner.run(&Recording { id: id::new(), it }, meta).await?)
    }

    pub async fn absences(
        &self,
        absences: &Absences,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<Versioned<Absence>>, Problem> {
        Ok(store::absence::list(self.log.pool(), absences, after, size).await?)
    }

    /// The officers of a unit, in the roster's order, with what they have in hand.
    pub async fn officers(&self, district: &str, unit: &str) -> Result<Vec<(Rostered, Load)>, Problem> {
        let profile = self.profile(district).await?;
        let roster: Vec<Rostered> = profile.roster_of(unit).cloned().collect();
        let subjects: Vec<String> = roster.iter().map(|it| it.subject.clone()).collect();
        let of = (district, unit);
        let mut loads = store::load::of_unit(self.log.pool(), of, &subjects, self.log.now()).await?;
        let with_load = roster.into_iter().map(|it| {
            let at = loads.iter().position(|load| load.subject == it.subject);
            let load = at.map(|at| loads.swap_remove(at)).unwrap_or_default();
            (it, load)
        });
        Ok(with_load.collect())
    }
}

struct Recording<'a> {
    id: Uuid,
    it: &'a Record,
}

impl Command<World> for Recording<'_> {
    type Error = Refusal;
    type Answer = Versioned<Absence>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Absence>>, Stop> {
        let profile = seen.ask(ProfileOf(self.it.district.clone()))?;
        let recorded = self.it.decide(profile, seen.now()).map_err(refused)?;
        match seen.begin::<Absence>(self.id, &[recorded.into()])? {
            Some((draft, absence)) => Ok(Decision { drafts: vec![draft], answer: absence }),
            None => Err(Halt::NotFound { kind: Absence::KIND, id: self.id }),
        }
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Absence>, Stop> {
        Ok(seen.get::<Absence>(done.aggregate)?.clone())
    }
}
