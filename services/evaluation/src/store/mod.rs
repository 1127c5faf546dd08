//! The only SQL of evaluation. Every statement is in [`ALL`], so that a test prepares each against the real tables.
//! Nothing here writes: that is the log's.

mod draw;
pub mod figure;
mod list;
pub mod recount;
mod round;

use huying_chassis::db::asked;
use sqlx::PgPool;
use uuid::Uuid;

/// Every statement by name.
pub const ALL: &[(&str, &str)] = &[
    ("latest_of_case", LATEST_OF_CASE),
    ("of_attempt", OF_ATTEMPT),
    ("of_district", OF_DISTRICT),
    ("list_by_district", list::BY_DISTRICT),
    ("list_by_street", list::BY_STREET),
    ("list_by_community", list::BY_COMMUNITY),
    ("list_by_unit", list::BY_UNIT),
    ("list_by_case", list::BY_CASE),
    ("figure_heard", figure::HEARD),
    ("figure_courses", figure::COURSES),
    ("figure_keep_courses", figure::KEEP_COURSES),
    ("figure_forget", figure::FORGET),
    ("figure_ended", figure::ENDED),
    ("figure_keep_callbacks", figure::KEEP_CALLBACKS),
    ("figure_these", figure::THESE),
    ("recount_courses", recount::COURSES),
    ("recount_callbacks", recount::CALLBACKS),
    ("recount_figures", recount::FIGURES),
    ("figure_oldest", figure::OLDEST),
    ("figure_add", figure::ADD),
    ("figure_read", figure::READ),
    ("figure_areas", figure::AREAS),
    ("figure_exists", figure::EXISTS),
    ("sizes_of_strata", draw::SIZES),
    ("draw", draw::DRAW),
    ("of_unit", draw::OF_UNIT),
    ("rounds_by_district", round::ROUNDS_BY_DISTRICT),
    ("rounds_by_street", round::ROUNDS_BY_STREET),
    ("rounds_by_community", round::ROUNDS_BY_COMMUNITY),
    ("interviews_of_round", round::OF_ROUND),
    ("interviews_of_interviewer", round::OF_INTERVIEWER),
    ("interviews_asked_in", round::ASKED_IN),
    ("next_in_reserve", round::NEXT_IN_RESERVE),
];

// The newest attempt at a case: by callback_case, read backwards.
pub(crate) const LATEST_OF_CASE: &str =
    "select id from callback where case_id = $1 order by attempt desc limit 1";

// By callback_case.
pub(crate) const OF_ATTEMPT: &str = "select id from callback where case_id = $1 and attempt = $2";

// Any one, by callback_district_list.
pub(crate) const OF_DISTRICT: &str = "select exists (select from callback where district = $1)";

/// What evaluation looks up. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The callback of the newest attempt at a case.
    ///
    /// # Errors
    /// The database is away.
    pub async fn latest_of_case(&self, case: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
        sqlx::query_scalar(LATEST_OF_CASE).bind(case).fetch_optional(asked(&self.pool)).await
    }

    /// The callback of one attempt at a case.
    ///
    /// # Errors
    /// The database is away.
    pub async fn of_attempt(&self, case: Uuid, attempt: i32) -> Result<Option<Uuid>, sqlx::Error> {
        sqlx::query_scalar(OF_ATTEMPT).bind(case).bind(attempt).fetch_optional(asked(&self.pool)).await
    }

    /// Whether a district has any callback.
    ///
    /// # Errors
    /// The database is away.
    pub async fn knows(&self, district: &str) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar(OF_DISTRICT).bind(district).fetch_one(asked(&self.pool)).await
    }
}
