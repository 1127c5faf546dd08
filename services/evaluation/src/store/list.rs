//! Lists of callbacks, the earliest due first. One statement per way in, each on an index of its own; a page costs the same at any depth.

use chrono::DateTime;
use huying_chassis::{db::asked, log::Versioned};
use uuid::Uuid;

use super::Store;
use crate::domain::{
    callback::Callback,
    state::State,
    wanted::{Cursor, Filter, Scope},
};

impl Cursor {
    /// Before all: nothing was due before 1970.
    const START: Self = Self { lapse_at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
}

// $1 the scope's key, $2 the states wanted, $3 district, $4 area prefix, $5 unit, $6 and $7 the cursor, $8 the page's size.
// One short range of the index per state, merged: the rows of other states are never read.
macro_rules! page {
    ($found:literal) => {
        concat!(
            "select page.id, page.version, page.shape, page.hash, page.body
               from unnest($2::text[]) as wanted (state)
              cross join lateral (
                    select c.id, c.version, c.shape, c.hash, c.body, c.lapse_at
                      from callback c
                     where ",
            $found,
            " and c.state = wanted.state
                       and starts_with(c.area, $4) and ($5 = '' or c.unit = $5)
                       and (c.lapse_at, c.id) > ($6, $7)
                     order by c.lapse_at, c.id
                     limit $8) as page
              order by page.lapse_at, page.id
              limit $8"
        )
    };
}

// The second condition follows from the first; it is there so that the planner finds no other index as good.
pub(crate) const BY_DISTRICT: &str = page!("c.district = $1 and c.district = $3");
pub(crate) const BY_STREET: &str = page!("c.street = $1 and starts_with(c.street, $3)");
pub(crate) const BY_COMMUNITY: &str = page!("c.community = $1 and starts_with(c.community, $3)");
pub(crate) const BY_UNIT: &str = page!("c.unit = $1 and c.district = $3");
pub(crate) const BY_CASE: &str = page!("c.case_id = $1 and c.district = $3");
// By callback_request: one row for each attempt.
pub(crate) const BY_REQUEST: &str = page!("(c.body ->> 'request') = $1 and starts_with(c.district, $3)");

impl Store {
    /// A page of callbacks.
    ///
    /// # Errors
    /// The database is away.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        size: i64,
    ) -> Result<Vec<Versioned<Callback>>, sqlx::Error> {
        let query = match &filter.scope {
            Scope::District => sqlx::query_as(BY_DISTRICT).bind(&filter.district),
            Scope::Street(street) => sqlx::query_as(BY_STREET).bind(street),
            Scope::Community(community) => sqlx::query_as(BY_COMMUNITY).bind(community),
            Scope::Unit(unit) => sqlx::query_as(BY_UNIT).bind(unit),
            Scope::Case(case) => sqlx::query_as(BY_CASE).bind(case),
            Scope::Request(request) => sqlx::query_as(BY_REQUEST).bind(request.to_string()),
        };
        let states: Vec<&str> = match filter.state {
            Some(state) => vec![state.name()],
            None => State::ALL.iter().map(|state| state.name()).collect(),
        };
        let after = after.unwrap_or(Cursor::START);
        query
            .bind(states)
            .bind(&filter.district)
            .bind(&filter.area)
            .bind(&filter.unit)
            .bind(after.lapse_at)
            .bind(after.id)
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }
}
