//! Rounds of interviews: drawn, handed out, recorded, closed and reported on.
//!
//! A round and all that is drawn for it commit together: 4,001 rows at most. There is no row to look at before, so it is drafted by hand,
//! as whatever begins at a door is.

use huying_chassis::{
    id,
    log::{Aggregate as _, AppendError, Decided, Draft, Log, Meta, Replay, Versioned},
    run::{Answering, Command, Decision, Halt, Question, RunError, Seen, on},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App, World,
    ask::ProfileOf,
    quota::{BEGIN_ROUND, HAND_OUT},
};
use crate::{
    domain::{
        interview::{Interview, InterviewChange, Interviewer, Outcome, Recorded},
        round::{
            Plan, Round, RoundChange, RoundError,
            change::Begun,
            report::{Report, report},
            share::{Shared, share},
        },
        rules::Said,
        verdict::By,
        wanted::{Interviews, Place, Placed},
    },
    store::Store,
};

/// Why something about a round came to nothing.
pub type RoundRefused = RunError<RoundError>;
type See = Seen<World, RoundError>;
type Stop = Halt<RoundError>;

impl App {
    /// Draws a sample and begins the round. The same command again gets the first answer.
    ///
    /// # Errors
    /// What the plan does not fit; `UNKNOWN_DISTRICT`, `QUOTA_SPENT`; the store is away.
    pub async fn begin_round(&self, plan: Plan, meta: &Meta) -> Result<Versioned<Round>, Problem>
    where
        RoundError: Into<Problem>,
    {
        if let Some(done) = self.begun_before(meta).await? {
            return Ok(done);
        }
        self.require_district(&plan.district).await?;
        let (profile, _) = self.profile_or_default(&plan.district).await?;
        let round = id::new();
        let population = plan.population.clone().in_zone(profile.calendar.zone);
        let plan = Plan { population, ..plan }.seeded(round);
        let (strata, drawn) = match self.store.draw(round, &plan).await? {
            Ok(sample) => sample,
            Err(refused) => return Err(self.explained(refused, &plan).await?.into()),
        };
        for it in &drawn {
            if let Err(why) = it.not_own_work((&meta.actor).into()) {
                return Err(why.into());
            }
        }
        self.quota_by_hand(BEGIN_ROUND, &plan.district, meta).await?;
        let now = self.log.now();
        let changes = [RoundChange::Begun(Box::new(Begun { plan, strata }))];
        let (first, begun) = drafted(Draft::new::<Round>(round, &changes, meta, now)?)?;
        // The first answers the command.
        let mut drafts = vec![first];
        for it in drawn {
            let changes = [InterviewChange::Drawn(Box::new(it))];
            drafts.push(drafted(Draft::new::<Interview>(id::new(), &changes, meta, now)?)?.0);
        }
        match self.log.append(drafts.into()).await {
            Ok(()) => Ok(begun),
            Err(AppendError::Replayed) => {
                self.begun_before(meta).await?.ok_or_else(|| AppendError::Replayed.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Too few, since there is no such unit: that is the better answer.
    async fn explained(&self, refused: RoundError, plan: &Plan) -> Result<RoundError, Problem> {
        let unit = &plan.population.unit;
        let none = matches!(refused, RoundError::PopulationTooSmall { there: 0, .. });
        if none && !unit.is_empty() && !self.store.knows_unit(&plan.district, unit).await? {
            return Ok(RoundError::UnknownUnit { unit: unit.clone() });
        }
        Ok(refused)
    }

    /// # Errors
    /// The store is away.
    pub async fn round(&self, id: Uuid) -> Result<Option<Versioned<Round>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Rounds, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn rounds(
        &self,
        within: &Placed,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Round>>, Problem> {
        let page = self.store.rounds(within, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&within.district).await?;
        }
        Ok(page)
    }

    /// # Errors
    /// The store is away.
    pub async fn interview(&self, id: Uuid) -> Result<Option<Versioned<Interview>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// # Errors
    /// The store is away.
    pub async fn interviews(
        &self,
        wanted: &Interviews,
        after: Option<Place>,
        size: i64,
    ) -> Result<Vec<Versioned<Interview>>, Problem> {
        Ok(self.store.interviews(wanted, after, size).await?)
    }

    /// What came of a round so far.
    ///
    /// # Errors
    /// The store is away.
    pub async fn round_report(&self, round: &Versioned<Round>) -> Result<Report, Problem> {
        let interviews = self.store.asked_in(round.id).await?;
        Ok(report(&round.it, interviews.iter().map(|it| &it.it)))
    }

    /// Ends a round.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn close_round(&self, id: Uuid, meta: &Meta) -> Result<Versioned<Round>, RoundRefused> {
        let close = on(id, |it: &Versioned<Round>, seen: &See| {
            let decided = it.it.close().map_err(Halt::Refused)?;
            not_own_work(seen.ask(AskedIn(id))?, seen)?;
            Ok(decided)
        });
        self.runner.run(&close, meta).await
    }

    /// Splits what waits among interviewers; tells what waits with each then, and what with nobody.
    ///
    /// # Errors
    /// The domain's, and the log's; `QUOTA_SPENT`.
    pub async fn hand_out(
        &self,
        handing: &HandingOut,
        meta: &Meta,
    ) -> Result<(Vec<usize>, usize), RoundRefused> {
        self.runner.run(&Handing { asked: handing, app: self }, meta).await
    }

    /// Somebody was asked, or could not be; and who is asked instead.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn record_interview(
        &self,
        recording: &Recording,
        meta: &Meta,
    ) -> Result<(Versioned<Interview>, Option<Versioned<Interview>>), RoundRefused> {
        self.runner.run(recording, meta).await
    }
}

/// All of a round that were asked or wait.
#[derive(Clone, Debug)]
struct AskedIn(Uuid);

impl Question<World> for AskedIn {
    type Answer = Vec<Versioned<Interview>>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(Store::new(log.pool().clone()).asked_in(self.0).await?) })
    }
}

/// Who had part in a case of a round neither says who asks in it nor that it is over.
fn not_own_work(all: &[Versioned<Interview>], seen: &See) -> Result<(), Stop> {
    let by = (&seen.meta().actor).into();
    all.iter().try_for_each(|it| it.it.not_own_work(by)).map_err(Halt::Refused)
}

/// The next in reserve of a round's stratum.
#[derive(Clone, Debug)]
struct NextInReserve(Uuid, String);

impl Question<World> for NextInReserve {
    type Answer = Option<Versioned<Interview>>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(Store::new(log.pool().clone()).next_in_reserve(self.0, &self.1).await?) })
    }
}

/// Handing out what waits in a round.
pub struct HandingOut {
    pub round: Uuid,
    pub to: Vec<Interviewer>,
    /// These; empty: all that nobody has.
    pub chosen: Vec<Uuid>,
}

impl HandingOut {
    /// What is to be split, as it is now.
    fn shared(&self, all: &[Versioned<Interview>]) -> Shared {
        let waiting: Vec<(Uuid, &Interview)> =
            all.iter().filter(|it| it.it.waits("").is_ok()).map(|it| (it.id, &it.it)).collect();
        share(
            &waiting,
            |id, it| {
                if self.chosen.is_empty() { it.interviewer.is_none() } else { self.chosen.contains(&id) }
            },
            &self.to,
        )
    }

    /// What is named must wait in this round.
    fn found(&self, seen: &See, all: &[Versioned<Interview>]) -> Result<(), Stop> {
        for id in &self.chosen {
            let here = all.iter().find(|it| it.id == *id);
            let it = match here {
                Some(it) => it,
                None => seen
                    .find::<Interview>(*id)?
                    .filter(|it| it.it.drawn.round == self.round)
                    .ok_or(Halt::NotFound { kind: Interview::KIND, id: *id })?,
            };
            it.it.waits("handed out").map_err(Halt::Refused)?;
        }
        Ok(())
    }
}

/// The same, as a command.
struct Handing<'a> {
    asked: &'a HandingOut,
    app: &'a App,
}

impl Command<World> for Handing<'_> {
    type Error = RoundError;
    type Answer = (Vec<usize>, usize);

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        let round = &seen.expected::<Round>(self.asked.round)?.it;
        round.open().map_err(Halt::Refused)?;
        let all = seen.ask(AskedIn(self.asked.round))?;
        not_own_work(all, seen)?;
        self.asked.found(seen, all)?;
        let Shared { given, waiting, left } = self.asked.shared(all);
        let mut drafts = Vec::with_capacity(given.len());
        // Both in the order of the list.
        let mut rest = all.iter();
        for (id, to) in given {
            let Some(interview) = rest.find(|it| it.id == id) else { continue };
            let decided = interview.it.hand_out(to).map_err(Halt::Refused)?;
            drafts.extend(seen.draft(interview, decided)?.map(|(draft, _)| draft));
        }
        if !drafts.is_empty() {
            self.app.quota(HAND_OUT, &round.plan.district, seen)?;
        }
        Ok(Decision { drafts, answer: (waiting, left) })
    }

    /// What waits with each by now.
    fn again(&self, seen: &See, _: &Replay) -> Result<Self::Answer, Stop> {
        let all = seen.ask(AskedIn(self.asked.round))?;
        let waiting: Vec<&Interview> =
            all.iter().map(|it| &it.it).filter(|it| it.waits("").is_ok()).collect();
        let with =
            |one: &Interviewer| waiting.iter().filter(|it| it.interviewer.as_ref() == Some(one)).count();
        let left = waiting.iter().filter(|it| it.interviewer.is_none()).count();
        Ok((self.asked.to.iter().map(with).collect(), left))
    }
}

/// How asking somebody went, before what they say is held against what the profile asks.
pub enum Asked {
    Answered(Said),
    Refused,
    Unreachable,
}

/// Recording how asking somebody went.
pub struct Recording {
    pub interview: Uuid,
    pub outcome: Asked,
    pub note: String,
    /// Whether somebody is to be asked instead.
    pub replace: bool,
}

impl Recording {
    /// Who is asked instead, if anybody is left.
    fn instead<'a>(
        &self,
        seen: &'a See,
        interview: &Interview,
    ) -> Result<Option<&'a Versioned<Interview>>, Stop> {
        if !self.replace {
            return Ok(None);
        }
        let drawn = &interview.drawn;
        Ok(seen.ask(NextInReserve(drawn.round, drawn.stratum.clone()))?.as_ref())
    }

    fn decided(
        &self,
        seen: &See,
        interview: &Interview,
        instead: Option<Uuid>,
    ) -> Result<Decided<InterviewChange>, Stop> {
        let actor = &seen.meta().actor;
        let outcome = match &self.outcome {
            Asked::Answered(said) => {
                let profile = seen.ask(ProfileOf(interview.drawn.district.clone()))?;
                let verdict = profile.callbacks.read(said, By::Centre);
                Outcome::Answered(verdict.map_err(|why| Halt::Refused(why.into()))?)
            }
            Asked::Refused => Outcome::Refused,
            Asked::Unreachable => Outcome::Unreachable,
        };
        let note = self.note.clone();
        let recorded = Recorded { outcome, note, replaced_by: instead };
        interview.record(recorded, (&actor.subject, actor.unit.as_deref())).map_err(Halt::Refused)
    }
}

impl Command<World> for Recording {
    type Error = RoundError;
    type Answer = (Versioned<Interview>, Option<Versioned<Interview>>);

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        let interview = seen.expected::<Interview>(self.interview)?;
        seen.get::<Round>(interview.it.drawn.round)?.it.open().map_err(Halt::Refused)?;
        // Refused before anybody is looked for.
        let _ = self.decided(seen, &interview.it, None)?;
        let instead = self.instead(seen, &interview.it)?;
        let decided = self.decided(seen, &interview.it, instead.map(|it| it.id))?;
        let Some((draft, recorded)) = seen.draft(interview, decided)? else {
            return Ok(Decision::nothing((interview.clone(), None)));
        };
        let mut drafts = vec![draft];
        let mut replacement = None;
        if let Some(next) = instead {
            let called = next.it.call_up(self.interview, &interview.it).map_err(Halt::Refused)?;
            if let Some((draft, after)) = seen.draft(next, called)? {
                drafts.push(draft);
                replacement = Some(after);
            }
        }
        Ok(Decision { drafts, answer: (recorded, replacement) })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Self::Answer, Stop> {
        let interview = seen.get::<Interview>(self.interview)?.clone();
        let replacement = match interview.it.replaced_by {
            Some(id) => seen.find::<Interview>(id)?.cloned(),
            None => None,
        };
        Ok((interview, replacement))
    }
}

fn drafted<A>(drafted: Option<(Draft, Versioned<A>)>) -> Result<(Draft, Versioned<A>), Problem> {
    drafted.ok_or_else(|| Problem::bug(anyhow::anyhow!("a change drafts nothing")))
}
