//! Topics: opened, changed, given cases and measures that are done, put to the test, and judged by the clock.

use std::sync::Arc;

use chrono::NaiveDate;
use futures::future::BoxFuture;
use huying_chassis::{
    id,
    log::{Aggregate as _, AppendError, Decided, Draft, Log, Meta, Versioned},
    run::{Answering, Halt, Question, RunError, Seen, on},
    status::Problem,
    timer::Timer,
};
use huying_terms::Tz;
use uuid::Uuid;

use super::{
    App, World,
    ask::ProfileOf,
    quota::{CHANGE_TOPIC, OPEN_TOPIC},
};
use crate::{
    NAME,
    domain::{
        topic::{Days, Done, Opened, Planned, Policy, Topic, TopicChange, TopicError, measure},
        wanted::Topics,
    },
};

/// Why something about a topic came to nothing.
pub type TopicRefused = RunError<TopicError>;
type See = Seen<World, TopicError>;
type Stop = Halt<TopicError>;

/// A topic as it is asked for.
pub struct Opening {
    pub district: String,
    pub area: String,
    pub category: String,
    pub title: String,
    pub says: Saying,
}

/// What is said of a topic.
pub struct Saying {
    pub cause: String,
    pub policy: String,
    pub owner: String,
    pub measures: Vec<Planned>,
}

/// That a measure is done, and by which unit; none: by an office of its area.
pub struct Reporting {
    pub number: i32,
    pub note: String,
    pub unit: Option<String>,
}

impl App {
    /// Opens a topic. The same command again gets the first answer.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `QUOTA_SPENT`; the store is away.
    pub async fn open_topic(&self, opening: Opening, meta: &Meta) -> Result<Versioned<Topic>, Problem> {
        if let Some(done) = self.begun_before(meta).await? {
            return Ok(done);
        }
        self.require_district(&opening.district).await?;
        self.quota_by_hand(OPEN_TOPIC, &opening.district, meta).await?;
        let now = self.log.now();
        let on = now.with_timezone(&self.zone(&opening.district).await).date_naive();
        let Opening { district, area, category, title, says } = opening;
        let Saying { cause, policy, owner, measures } = says;
        let says = Policy { cause, policy, owner, measures: measure::first(&measures) };
        let opened = Opened { district, area, category, title, on, says };
        let changes = [TopicChange::Opened(Box::new(opened))];
        let drafted = Draft::new::<Topic>(id::new(), &changes, meta, now)?;
        let (draft, topic) =
            drafted.ok_or_else(|| Problem::bug(anyhow::anyhow!("a topic that is opened drafts nothing")))?;
        match self.log.append(draft.into()).await {
            Ok(()) => Ok(topic),
            Err(AppendError::Replayed) => {
                self.begun_before(meta).await?.ok_or_else(|| AppendError::Replayed.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// # Errors
    /// The store is away.
    pub async fn topic(&self, id: Uuid) -> Result<Option<Versioned<Topic>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Topics, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn topics(
        &self,
        wanted: &Topics,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Topic>>, Problem> {
        let page = self.store.topics(wanted, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&wanted.district).await?;
        }
        Ok(page)
    }

    /// # Errors
    /// The domain's, and the log's; `QUOTA_SPENT`.
    pub async fn change_topic(
        &self,
        id: Uuid,
        meta: &Meta,
        says: &Saying,
    ) -> Result<Versioned<Topic>, TopicRefused> {
        let Saying { cause, policy, owner, measures } = says;
        self.of_topic(id, meta, |it, seen| {
            let changed = it.change((cause, policy, owner), measures)?;
            if changed != Decided::AlreadyDone {
                self.quota(CHANGE_TOPIC, &it.district, seen)?;
            }
            Ok(changed)
        })
        .await
    }

    /// Attaches cases. What was heard of cases is counted first, so that one that was just opened is known.
    ///
    /// # Errors
    /// The domain's, and the log's; the store is away.
    pub async fn attach_cases(
        &self,
        id: Uuid,
        meta: &Meta,
        cases: &[Uuid],
    ) -> Result<Versioned<Topic>, TopicRefused> {
        self.catch_up().await.map_err(RunError::Unanswered)?;
        self.of_topic(id, meta, |it, seen| {
            let (district, area) = (it.district.clone(), it.area.clone());
            let known = seen.ask(CasesIn { cases: cases.to_vec(), district, area })?;
            Ok(it.attach(cases, known)?)
        })
        .await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn report_measure(
        &self,
        id: Uuid,
        meta: &Meta,
        done: &Reporting,
    ) -> Result<Versioned<Topic>, TopicRefused> {
        self.of_topic(id, meta, |it, seen| {
            let done_on = Done { number: done.number, on: today(seen, it)?, note: done.note.clone() };
            Ok(it.report(done_on, done.unit.as_deref())?)
        })
        .await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn test_topic(
        &self,
        id: Uuid,
        meta: &Meta,
        days: u64,
    ) -> Result<Versioned<Topic>, TopicRefused> {
        self.of_topic(id, meta, |it, seen| Ok(it.test(days, zone(seen, it)?)?)).await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn withdraw_topic(
        &self,
        id: Uuid,
        meta: &Meta,
        note: &str,
    ) -> Result<Versioned<Topic>, TopicRefused> {
        self.of_topic(id, meta, |it, _| Ok(it.withdraw(note)?)).await
    }

    async fn of_topic(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Topic, &See) -> Result<Decided<TopicChange>, Stop> + Send + Sync,
    ) -> Result<Versioned<Topic>, TopicRefused> {
        let step = on(id, |it: &Versioned<Topic>, seen: &See| decide(&it.it, seen));
        self.runner.run(&step, meta).await
    }

    /// Judges the topics whose tests are over.
    pub fn judging(&self) -> Timer {
        let app = self.clone();
        let fire = move |ids: Vec<Uuid>| {
            let app = app.clone();
            Box::pin(async move { app.judge_topics(ids).await }) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Timer::of_table(Topic::KIND, "judge", "due_at", Arc::new(fire))
    }

    /// Those that could not be judged, and why. While not all is counted that was known when they were due, none is.
    async fn judge_topics(&self, ids: Vec<Uuid>) -> Vec<(Uuid, String)> {
        let due = self.log.now();
        let why = match self.count().await {
            Ok(counted) if counted >= due => None,
            Ok(counted) => Some(format!("only what was known by {counted} is counted")),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = why {
            return ids.into_iter().map(|id| (id, why.clone())).collect();
        }
        let judge = |id| {
            on(id, |it: &Versioned<Topic>, seen: &See| {
                let topic = &it.it;
                let Some((before, after)) = topic.compared() else { return Ok(Decided::AlreadyDone) };
                let streams = (seen.ask(StreamOf::new(topic, before)), seen.ask(StreamOf::new(topic, after)));
                Ok(topic.judge(*streams.0?, *streams.1?))
            })
        };
        let judged = self.runner.each::<Topic, _>(ids, judge, &Meta::of_service(NAME)).await;
        judged.into_iter().filter_map(|(id, result)| Some((id, result.err()?.in_full()))).collect()
    }
}

impl From<TopicError> for Stop {
    fn from(why: TopicError) -> Self {
        Self::Refused(why)
    }
}

/// The zone of a topic's days.
fn zone(seen: &See, it: &Topic) -> Result<Tz, Stop> {
    Ok(seen.ask(ProfileOf(it.district.clone()))?.calendar.zone)
}

fn today(seen: &See, it: &Topic) -> Result<NaiveDate, Stop> {
    Ok(seen.now().with_timezone(&zone(seen, it)?).date_naive())
}

/// Which of these are cases of an area.
#[derive(Clone, Debug)]
pub(super) struct CasesIn {
    pub cases: Vec<Uuid>,
    pub district: String,
    pub area: String,
}

impl Question<World> for CasesIn {
    type Answer = Vec<Uuid>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.store.cases_in(&self.cases, (&self.district, &self.area)).await?) })
    }
}

/// How many cases came on some days of what a topic is about.
#[derive(Clone, Debug)]
struct StreamOf {
    district: String,
    area: String,
    category: String,
    days: Days,
}

impl StreamOf {
    fn new(topic: &Topic, days: Days) -> Self {
        let (district, area) = (topic.district.clone(), topic.area.clone());
        Self { district, area, category: topic.category.clone(), days }
    }
}

impl Question<World> for StreamOf {
    type Answer = i64;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        let of = (self.district.as_str(), self.area.as_str(), self.category.as_str());
        Box::pin(async move { Ok(world.store.stream(of, self.days).await?) })
    }
}
