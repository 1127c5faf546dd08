//! Open meetings: convened at a door of their own, and looked up. Recording and calling off are steps like any other.

use huying_chassis::{
    id,
    log::{Aggregate as _, Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App,
    allowed::{Told, told},
    step::refused,
    world::{Knowing, ProfileOf, See, World},
};
use crate::{
    NAME,
    domain::{
        By, Case, Convene, Error, Meeting, MeetingCount, Meetings, Page, Period, Place, Refusal, Ruled as _,
        Sight, rule::Stop,
    },
    store,
};

impl App {
    /// Convenes a meeting about cases that the caller sees whole.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`, `NOT_FOUND` for a case out of reach, and what [`Convene::decide`] refuses.
    pub async fn convene(&self, it: &Convene, by: &By, meta: &Meta) -> Result<Versioned<Meeting>, Problem> {
        Ok(self.runner.run(&Convening { id: id::new(), it, by }, meta).await?)
    }

    /// A meeting, and what somebody may do with it. What is out of reach is answered as what is not there.
    pub async fn meeting(&self, id: Uuid, by: &By) -> Result<(Versioned<Meeting>, Told), Problem> {
        Ok(self.runner.run(&Looking { id, by }, &Meta::of_service(NAME)).await?)
    }

    pub async fn meetings(
        &self,
        meetings: &Meetings,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<Versioned<Meeting>>, Problem> {
        Ok(store::meeting::list(self.log.pool(), meetings, after, size).await?)
    }

    /// Those held in a period, by the areas next below the one asked for.
    pub async fn count_meetings(&self, period: &Period) -> Result<Vec<MeetingCount>, Problem> {
        Ok(store::meeting::count(self.log.pool(), period).await?)
    }
}

struct Convening<'a> {
    id: Uuid,
    it: &'a Convene,
    by: &'a By,
}

impl Command<World> for Convening<'_> {
    type Error = Refusal;
    type Answer = Versioned<Meeting>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        if !self.by.sees(&self.it.district, &self.it.area) {
            return Err(refused(Error::OutsideArea));
        }
        seen.all::<Case>(&self.it.cases)?;
        let whole = |case: &Case| case.sight(self.by) == Some(Sight::Whole);
        self.it.cases.iter().try_for_each(|id| seen.reached::<Case>(*id, whole))
    }

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Meeting>>, Stop> {
        let cases = seen.all::<Case>(&self.it.cases)?.into_iter().map(|case| &case.it);
        let convened = self.it.decide(&cases.collect::<Vec<_>>()).map_err(refused)?;
        match seen.begin::<Meeting>(self.id, &[convened.into()])? {
            Some((draft, meeting)) => Ok(Decision { drafts: vec![draft], answer: meeting }),
            None => Err(Halt::NotFound { kind: Meeting::KIND, id: self.id }),
        }
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Meeting>, Stop> {
        Ok(seen.get::<Meeting>(done.aggregate)?.clone())
    }
}

struct Looking<'a> {
    id: Uuid,
    by: &'a By,
}

impl Command<World> for Looking<'_> {
    type Error = Refusal;
    type Answer = (Versioned<Meeting>, Told);

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Meeting>(self.id, |meeting| meeting.is_reached(self.by))
    }

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        self.look(seen).map(Decision::nothing)
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Self::Answer, Stop> {
        self.look(seen)
    }
}

impl Looking<'_> {
    fn look(&self, seen: &See) -> Result<(Versioned<Meeting>, Told), Stop> {
        let meeting = seen.get::<Meeting>(self.id)?;
        let profile = seen.ask(ProfileOf(meeting.it.district.clone()))?;
        let known = Knowing { seen, id: meeting.id, by: self.by, profile, away: false };
        Ok((meeting.clone(), told(&meeting.it, &known)?))
    }
}
