//! Looking up who had part in cases, whatever evaluation knows of them by: their courses, and who was asked about them.

use huying_chassis::{db::asked, log::fingerprint};
use uuid::Uuid;

use super::Store;
use crate::domain::parties::Doer;

// Of these cases ($1, with the fingerprints of a person on each in $2) those in which a unit ($3), or the person, had part: by course_pkey and
// callback_case. Without a unit only the person counts.
pub(crate) const HAD_PART: &str = "
    select w.id from unnest($1::uuid[], $2::text[]) as w (id, person)
     where exists (
            select from course c
             where c.id = w.id
               and (c.body ->> 'holder' = $3 or c.body ->> 'first' = $3
                    or c.body -> 'happened' @> jsonb_build_array(jsonb_build_object('unit', $3::text))
                    or c.body #> '{parts,worked}' @> to_jsonb($3::text)
                    or c.body #> '{parts,calls}' @> jsonb_build_array(jsonb_build_object('unit', $3::text))
                    or c.body #> '{parts,calls}' @> jsonb_build_array(jsonb_build_object('by', $3::text))))
        or exists (
            select from callback b
             where b.case_id = w.id
               and (b.unit = $3 or b.body -> 'worked' @> to_jsonb($3::text)
                    or b.body -> 'parties' @> jsonb_build_array(jsonb_build_object('unit', $3::text))
                    or b.body -> 'parties' @> jsonb_build_array(jsonb_build_object('persons', jsonb_build_array(w.person)))))";

// Whether a person ($2) acted for a unit ($3) on a case, as whoever was asked about it knows: by callback_case.
pub(crate) const ACTED_FOR: &str = "
    select exists (
        select from callback
         where case_id = $1
           and body -> 'parties' @> jsonb_build_array(jsonb_build_object('unit', $3::text, 'persons', jsonb_build_array($2::text))))";

impl Store {
    /// In which of these cases somebody had part.
    ///
    /// # Errors
    /// The database is away.
    pub async fn had_part(&self, cases: &[Uuid], by: Doer<'_>) -> Result<Vec<Uuid>, sqlx::Error> {
        let persons: Vec<String> = cases.iter().map(|case| fingerprint(*case, by.subject)).collect();
        let found = sqlx::query_scalar(HAD_PART).bind(cases).bind(persons).bind(by.unit);
        found.fetch_all(asked(&self.pool)).await
    }

    /// Whether a person acted for a unit on a case.
    ///
    /// # Errors
    /// The database is away.
    pub async fn acted_for(&self, case: Uuid, subject: &str, unit: &str) -> Result<bool, sqlx::Error> {
        let found = sqlx::query_scalar(ACTED_FOR).bind(case).bind(fingerprint(case, subject)).bind(unit);
        found.fetch_one(asked(&self.pool)).await
    }
}
