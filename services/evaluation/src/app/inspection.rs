//! Inspections of delegates, and the cases that they pick from.

use std::collections::HashMap;

use huying_chassis::{
    auth::Reach,
    id,
    log::{Aggregate as _, Log, Meta, Replay, Versioned},
    run::{Answering, Command, Decision, Halt, Question, RunError, Seen},
    status::Problem,
};
use uuid::Uuid;

use super::{App, World, parties::HadPart};
use crate::domain::{
    callback::Callback,
    figure::course::Course,
    inspection::{Found, INSPECTION, Inspection, InspectionError},
    wanted::{Cursor, Filter, Inspections},
};

/// Why an inspection came to nothing.
pub type InspectionRefused = RunError<InspectionError>;
type See = Seen<World, InspectionError>;
type Stop = Halt<InspectionError>;

/// What a delegate says of a case.
pub struct Inspecting {
    pub case: Uuid,
    pub good: bool,
    pub text: String,
}

impl App {
    /// Records what a delegate found at a case that they reach. What was heard of cases is counted first.
    ///
    /// # Errors
    /// `NotFound` where they do not reach it or it is not known; the domain's, and the log's; the store is away.
    pub async fn record_inspection(
        &self,
        said: Inspecting,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<Versioned<Inspection>, InspectionRefused> {
        self.catch_up().await.map_err(RunError::Unanswered)?;
        self.runner.run(&Recording { id: id::new(), said, reach }, meta).await
    }

    /// Inspections, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn inspections(
        &self,
        wanted: &Inspections,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inspection>>, Problem> {
        let page = self.store.inspections(wanted, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&wanted.within.district).await?;
        }
        Ok(page)
    }

    /// A page of callbacks, the earliest due first, each with how many days its case was overdue until now.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn inspectable(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        size: i64,
    ) -> Result<Vec<(Versioned<Callback>, i64)>, Problem> {
        let page = self.list(filter, after, size).await?;
        let cases: Vec<Uuid> = page.iter().map(|it| it.it.opened.case).collect();
        let courses: HashMap<Uuid, Course> = self.store.courses_of(&cases).await?.into_iter().collect();
        let now = self.log.now();
        let late = |case: &Uuid| courses.get(case).map_or(0, |course| course.days_late(now));
        let each = page.into_iter().map(|it| {
            let late = late(&it.it.opened.case);
            (it, late)
        });
        Ok(each.collect())
    }
}

impl From<InspectionError> for Stop {
    fn from(why: InspectionError) -> Self {
        Self::Refused(why)
    }
}

/// A delegate has looked at a case.
struct Recording<'a> {
    id: Uuid,
    said: Inspecting,
    reach: &'a Reach,
}

impl Recording<'_> {
    /// The district and the area of the case, for who reaches it.
    fn place<'a>(&self, seen: &'a See) -> Result<&'a (String, String), Stop> {
        let id = self.said.case;
        let place = seen.ask(PlaceOf(id))?.as_ref();
        let reached = place.filter(|(district, area)| self.reach.sees(district, area));
        reached.ok_or(Halt::NotFound { kind: "case", id })
    }
}

impl Command<World> for Recording<'_> {
    type Error = InspectionError;
    type Answer = Versioned<Inspection>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        self.place(seen).map(drop)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Inspection>>, Stop> {
        let Inspecting { case, good, ref text } = self.said;
        let (district, area) = self.place(seen)?.clone();
        let (unit, subject) = (self.reach.unit_in(&district), seen.meta().actor.subject.clone());
        let had = seen.ask(HadPart { cases: vec![case], unit: unit.map(str::to_owned), subject })?;
        let before = *seen.ask(Inspected(Inspection::key(case, &seen.meta().actor)))?;
        let found = Found { district, area, case, good, text: text.clone() };
        let recorded = Inspection::record(found, !had.is_empty(), before)?;
        let begun = seen.begin::<Inspection>(self.id, &[recorded])?;
        let (draft, answer) = begun.ok_or(Halt::NotFound { kind: Inspection::KIND, id: self.id })?;
        Ok(Decision { drafts: vec![draft], answer })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Inspection>, Stop> {
        seen.get::<Inspection>(done.aggregate).cloned()
    }
}

/// The district and the area of a case.
#[derive(Clone, Debug)]
struct PlaceOf(Uuid);

impl Question<World> for PlaceOf {
    type Answer = Option<(String, String)>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.store.place_of(self.0).await?) })
    }
}

/// Whether somebody has inspected a case, by its key.
#[derive(Clone, Debug)]
struct Inspected(String);

impl Question<World> for Inspected {
    type Answer = Option<Uuid>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(log.claimed(INSPECTION, &self.0).await?) })
    }
}
