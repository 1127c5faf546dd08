//! Looking up rounds and interviews.

use huying_chassis::{db::asked, log::Versioned};
use uuid::Uuid;

use super::Store;
use crate::domain::{
    interview::{Interview, InterviewState},
    round::Round,
    wanted::{InterviewScope, Interviews, Place, Placed},
};

// $1 the area's key, $2 an area prefix, $3 the last id of the page before, $4 the page's size.
macro_rules! rounds {
    ($column:literal) => {
        concat!(
            "select id, version, shape, hash, body from round where ",
            $column,
            " = $1 and starts_with(area, $2) and id < $3 order by id desc limit $4"
        )
    };
}

pub(crate) const ROUNDS_BY_DISTRICT: &str = rounds!("district");
pub(crate) const ROUNDS_BY_STREET: &str = rounds!("street");
pub(crate) const ROUNDS_BY_COMMUNITY: &str = rounds!("community");

// By interview_round. $1 round, $2 states, $3 the interviewer's key or empty, $4 and $5 the cursor, $6 the page's size. A round has a few
// thousand at most, so that those of other states may be passed over.
pub(crate) const OF_ROUND: &str = "
    select id, version, shape, hash, body from interview
     where round = $1 and state = any ($2) and ($3 = '' or interviewer = $3) and (stratum, place) > ($4, $5)
     order by stratum, place limit $6";

// By interview_interviewer, one short range for each state. $1 district, $2 states, $3 the key, $4 area prefix, $5 the cursor, $6 the size.
pub(crate) const OF_INTERVIEWER: &str = "
    select page.id, page.version, page.shape, page.hash, page.body
      from unnest($2::text[]) as wanted (state)
     cross join lateral (
           select i.id, i.version, i.shape, i.hash, i.body from interview i
            where i.district = $1 and i.interviewer = $3 and i.state = wanted.state and starts_with(i.area, $4) and i.id > $5
            order by i.id limit $6) as page
     order by page.id limit $6";

// All but the reserve.
pub(crate) const ASKED_IN: &str = "
    select id, version, shape, hash, body from interview where round = $1 and state <> 'reserve' order by stratum, place";

// By interview_reserve.
pub(crate) const NEXT_IN_RESERVE: &str = "
    select id, version, shape, hash, body from interview
     where round = $1 and stratum = $2 and state = 'reserve' order by place limit 1";

impl Store {
    /// Rounds, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn rounds(
        &self,
        within: &Placed,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Round>>, sqlx::Error> {
        let area = within.area.as_str();
        let (statement, key) = match (area.get(..9), area.get(..12)) {
            _ if area == within.district => (ROUNDS_BY_DISTRICT, area),
            (_, Some(community)) => (ROUNDS_BY_COMMUNITY, community),
            (Some(street), None) => (ROUNDS_BY_STREET, street),
            (None, None) => (ROUNDS_BY_DISTRICT, area),
        };
        sqlx::query_as(statement)
            .bind(key)
            .bind(area)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }

    /// A page of interviews.
    ///
    /// # Errors
    /// The database is away.
    pub async fn interviews(
        &self,
        wanted: &Interviews,
        after: Option<Place>,
        size: i64,
    ) -> Result<Vec<Versioned<Interview>>, sqlx::Error> {
        let states: Vec<&str> = match wanted.state {
            Some(state) => vec![state.name()],
            None => InterviewState::ALL.iter().map(|state| state.name()).collect(),
        };
        let after = after.unwrap_or_default();
        let query = match &wanted.scope {
            InterviewScope::Round(round, interviewer) => sqlx::query_as(OF_ROUND)
                .bind(round)
                .bind(states)
                .bind(interviewer.as_ref().map(|one| one.key()).unwrap_or_default())
                .bind(after.stratum)
                .bind(after.place),
            InterviewScope::Interviewer(interviewer) => sqlx::query_as(OF_INTERVIEWER)
                .bind(&wanted.district)
                .bind(states)
                .bind(interviewer.key())
                .bind(&wanted.area)
                .bind(after.id),
        };
        query.bind(size).fetch_all(asked(&self.pool)).await
    }

    /// All of a round but the reserve: 4,000 at most.
    ///
    /// # Errors
    /// The database is away.
    pub async fn asked_in(&self, round: Uuid) -> Result<Vec<Versioned<Interview>>, sqlx::Error> {
        sqlx::query_as(ASKED_IN).bind(round).fetch_all(asked(&self.pool)).await
    }

    /// Who stands in next in a stratum.
    ///
    /// # Errors
    /// The database is away.
    pub async fn next_in_reserve(
        &self,
        round: Uuid,
        stratum: &str,
    ) -> Result<Option<Versioned<Interview>>, sqlx::Error> {
        sqlx::query_as(NEXT_IN_RESERVE).bind(round).bind(stratum).fetch_optional(asked(&self.pool)).await
    }
}
