//! Looking up topics, the cases that may be attached to them, and their streams.

use huying_chassis::{db::asked, log::Versioned};
use uuid::Uuid;

use super::Store;
use crate::domain::{
    figure::Measure,
    topic::{Days, Topic, TopicState},
    wanted::{TopicScope, Topics},
};

// $1 the district, $2 the scope's key, $3 states, $4 an area prefix, $5 the last id of the page before, $6 the page's size. One short range
// of the index for each state.
macro_rules! topics {
    ($found:literal) => {
        concat!(
            "select page.id, page.version, page.shape, page.hash, page.body
               from unnest($3::text[]) as wanted (state)
              cross join lateral (
                    select t.id, t.version, t.shape, t.hash, t.body from topic t
                     where t.district = $1 and ",
            $found,
            " and t.state = wanted.state and starts_with(t.area, $4) and t.id < $5
                     order by t.id desc limit $6) as page
              order by page.id desc limit $6"
        )
    };
}

pub(crate) const BY_DISTRICT: &str = topics!("t.district = $2");
pub(crate) const BY_AREA: &str = topics!("t.area = $2");
pub(crate) const BY_OWNER: &str = topics!("t.owner = $2");

// Of these, cases in an area: by their ids, and never by the index of districts, which would read all of one.
pub(crate) const CASES_IN: &str = "select id from course where id = any ($1) and body ->> 'district' = $2 and starts_with(body ->> 'area', $3)";

// One count of all categories that begin so, over days: by figure_pkey. $1 district, $2 area, $3 and $4 days, $5 prefix, $6 which count.
pub(crate) const STREAM: &str = "
    select coalesce(sum(counts[$6]), 0)::int8 from figure
     where district = $1 and by = 'category' and scope = $2 and span = 'day' and day >= $3 and day < $4 and starts_with(key, $5)";

impl Store {
    /// Topics, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn topics(
        &self,
        wanted: &Topics,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Topic>>, sqlx::Error> {
        let states: Vec<&str> = match wanted.state {
            Some(state) => vec![state.name()],
            None => TopicState::ALL.iter().map(|state| state.name()).collect(),
        };
        let (statement, key) = match &wanted.scope {
            TopicScope::District => (BY_DISTRICT, &wanted.district),
            TopicScope::Area(area) => (BY_AREA, area),
            TopicScope::Owner(unit) => (BY_OWNER, unit),
        };
        sqlx::query_as(statement)
            .bind(&wanted.district)
            .bind(key)
            .bind(states)
            .bind(&wanted.within)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }

    /// Which of these are cases of a district that lie in an area of it.
    ///
    /// # Errors
    /// The database is away.
    pub async fn cases_in(
        &self,
        cases: &[Uuid],
        (district, area): (&str, &str),
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        sqlx::query_scalar(CASES_IN).bind(cases).bind(district).bind(area).fetch_all(asked(&self.pool)).await
    }

    /// How many cases of a category, or of those that begin so, were opened in a district or a street on some days.
    ///
    /// # Errors
    /// The database is away.
    pub async fn stream(
        &self,
        (district, area, category): (&str, &str, &str),
        days: Days,
    ) -> Result<i64, sqlx::Error> {
        // Lists begin at 1 there.
        let place = i32::try_from(Measure::Opened.place() + 1).unwrap_or(i32::MAX);
        sqlx::query_scalar(STREAM)
            .bind(district)
            .bind(area)
            .bind(days.from)
            .bind(days.to)
            .bind(category)
            .bind(place)
            .fetch_one(asked(&self.pool))
            .await
    }
}
