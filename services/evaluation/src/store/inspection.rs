//! Looking up inspections, and what is known of the cases that delegates pick from.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::types::Json;
use uuid::Uuid;

use super::Store;
use crate::domain::{figure::course::Course, inspection::Inspection, wanted::Inspections};

// $1 the scope's key, $2 an area prefix, $3 the last id of the page before, $4 the page's size.
macro_rules! page {
    ($column:literal) => {
        concat!(
            "select id, version, shape, hash, body from inspection where ",
            $column,
            " = $1 and starts_with(area, $2) and id < $3 order by id desc limit $4"
        )
    };
}

pub(crate) const BY_DISTRICT: &str = page!("district");
pub(crate) const BY_STREET: &str = page!("street");
pub(crate) const BY_COMMUNITY: &str = page!("community");
pub(crate) const BY_CASE: &str = page!("case_id");

// By course_pkey: the district and the area of a case.
pub(crate) const PLACE: &str = "select body ->> 'district', body ->> 'area' from course where id = $1";

// By course_pkey: the cases of a page.
pub(crate) const COURSES: &str = "select id, body from course where id = any ($1)";

impl Store {
    /// Inspections, the newest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn inspections(
        &self,
        wanted: &Inspections,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inspection>>, sqlx::Error> {
        let area = wanted.within.area.as_str();
        let query = match (wanted.case, area.get(..9), area.get(..12)) {
            (Some(case), _, _) => sqlx::query_as(BY_CASE).bind(case),
            (None, _, Some(community)) => sqlx::query_as(BY_COMMUNITY).bind(community),
            (None, Some(street), None) if area != wanted.within.district => {
                sqlx::query_as(BY_STREET).bind(street)
            }
            (None, Some(_) | None, None) => sqlx::query_as(BY_DISTRICT).bind(&wanted.within.district),
        };
        query.bind(area).bind(after.unwrap_or(Uuid::max())).bind(size).fetch_all(asked(&self.pool)).await
    }

    /// The district and the area of a case, if it is known.
    ///
    /// # Errors
    /// The database is away.
    pub async fn place_of(&self, case: Uuid) -> Result<Option<(String, String)>, sqlx::Error> {
        sqlx::query_as(PLACE).bind(case).fetch_optional(asked(&self.pool)).await
    }

    /// The courses of these cases.
    ///
    /// # Errors
    /// The database is away.
    pub async fn courses_of(&self, cases: &[Uuid]) -> Result<Vec<(Uuid, Course)>, sqlx::Error> {
        let rows: Vec<(Uuid, Json<Course>)> =
            sqlx::query_as(COURSES).bind(cases).fetch_all(asked(&self.pool)).await?;
        Ok(rows.into_iter().map(|(id, Json(course))| (id, course)).collect())
    }
}
