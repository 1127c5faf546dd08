//! Looking up inquiries, how many stand where, and who worked on the cases they are about.

use huying_chassis::{db::asked, log::Versioned};
use uuid::Uuid;

use super::Store;
use crate::domain::{
    inquiry::{Inquiry, InquiryState},
    wanted::Inquiries,
};

/// As many as are counted of a state.
pub const MOST: i64 = 10_000;

// $1 the district, $2 the scope's key, $3 states, $4 an area prefix, $5 the last id of the page before, $6 the page's size. One short range
// of the index for each state.
macro_rules! page {
    ($found:literal) => {
        concat!(
            "select page.id, page.version, page.shape, page.hash, page.body
               from unnest($3::text[]) as wanted (state)
              cross join lateral (
                    select t.id, t.version, t.shape, t.hash, t.body from inquiry t
                     where starts_with(t.district, $1) and ",
            $found,
            " and t.state = wanted.state and starts_with(t.area, $4) and t.id < $5
                     order by t.id desc limit $6) as page
              order by page.id desc limit $6"
        )
    };
}

pub(crate) const BY_DISTRICT: &str = page!("t.district = $2");
pub(crate) const BY_STREET: &str = page!("t.street = $2");
pub(crate) const BY_COMMUNITY: &str = page!("t.community = $2");
pub(crate) const BY_UNIT: &str = page!("t.district = $1 and t.unit = $2");

// The same, counted up to $5 of each state.
macro_rules! count {
    ($found:literal) => {
        concat!(
            "select wanted.state, counted.number
               from unnest($3::text[]) as wanted (state)
              cross join lateral (
                    select count(*) as number
                      from (select from inquiry t
                             where starts_with(t.district, $1) and ",
            $found,
            " and t.state = wanted.state and starts_with(t.area, $4) limit $5) as found) as counted
              where counted.number > 0"
        )
    };
}

pub(crate) const COUNT_BY_DISTRICT: &str = count!("t.district = $2");
pub(crate) const COUNT_BY_STREET: &str = count!("t.street = $2");
pub(crate) const COUNT_BY_COMMUNITY: &str = count!("t.community = $2");
pub(crate) const COUNT_BY_UNIT: &str = count!("t.district = $1 and t.unit = $2");

// By inquiry_answered. $1 district, $2 the last id of the page before, $3 the page's size.
pub(crate) const PUBLIC: &str = "
    select id, version, shape, hash, body from inquiry where district = $1 and answered and id < $2 order by id desc limit $3";

// Of these cases those on which a unit worked, as the case's course or a callback of it tells: by course_pkey and callback_case.
pub(crate) const WORKED: &str = "
    select c.id from course c
     where c.id = any ($1)
       and (c.body ->> 'holder' = $2 or c.body ->> 'first' = $2 or c.body -> 'happened' @> jsonb_build_array(jsonb_build_object('unit', $2::text))
            or c.body #> '{parts,worked}' @> to_jsonb($2::text)
            or exists (select from callback b where b.case_id = c.id and (b.unit = $2 or b.body -> 'worked' @> to_jsonb($2::text))))";

/// The narrowest index, its statement among those for each, and its key.
fn scope<'a>(wanted: &'a Inquiries, each: [&'static str; 4]) -> (&'static str, &'a str) {
    let [by_district, by_street, by_community, by_unit] = each;
    let area = wanted.area.as_str();
    match (area.get(..9), area.get(..12)) {
        _ if !wanted.unit.is_empty() => (by_unit, &wanted.unit),
        (_, Some(community)) => (by_community, community),
        (Some(street), None) if area != wanted.district => (by_street, street),
        (Some(_) | None, None) => (by_district, &wanted.district),
    }
}

fn states(wanted: &Inquiries) -> Vec<&'static str> {
    match wanted.state {
        Some(state) => vec![state.name()],
        None => InquiryState::ALL.iter().map(|state| state.name()).collect(),
    }
}

impl Store {
    /// Inquiries, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn inquiries(
        &self,
        wanted: &Inquiries,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inquiry>>, sqlx::Error> {
        let (statement, key) = scope(wanted, [BY_DISTRICT, BY_STREET, BY_COMMUNITY, BY_UNIT]);
        sqlx::query_as(statement)
            .bind(&wanted.district)
            .bind(key)
            .bind(states(wanted))
            .bind(&wanted.area)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }

    /// How many of these stand where, for each state of which there is any: [`MOST`] at most.
    ///
    /// # Errors
    /// The database is away.
    pub async fn count_inquiries(&self, wanted: &Inquiries) -> Result<Vec<(InquiryState, i64)>, sqlx::Error> {
        let each = [COUNT_BY_DISTRICT, COUNT_BY_STREET, COUNT_BY_COMMUNITY, COUNT_BY_UNIT];
        let (statement, key) = scope(wanted, each);
        let counts: Vec<(String, i64)> = sqlx::query_as(statement)
            .bind(&wanted.district)
            .bind(key)
            .bind(states(wanted))
            .bind(&wanted.area)
            .bind(MOST)
            .fetch_all(asked(&self.pool))
            .await?;
        let count_of = |state: &InquiryState| counts.iter().find(|(name, _)| name == state.name());
        let all = InquiryState::ALL.iter();
        Ok(all.filter_map(|state| Some((*state, count_of(state)?.1))).collect())
    }

    /// What anyone may read, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn public_inquiries(
        &self,
        district: &str,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inquiry>>, sqlx::Error> {
        sqlx::query_as(PUBLIC)
            .bind(district)
            .bind(after.unwrap_or(Uuid::max()))
            .bind(size)
            .fetch_all(asked(&self.pool))
            .await
    }

    /// On which of these cases a unit worked.
    ///
    /// # Errors
    /// The database is away.
    pub async fn worked_on(&self, cases: &[Uuid], unit: &str) -> Result<Vec<Uuid>, sqlx::Error> {
        sqlx::query_scalar(WORKED).bind(cases).bind(unit).fetch_all(asked(&self.pool)).await
    }
}
