//! The only SQL of evaluation. Every statement is in [`ALL`], so that a test prepares each against the real tables.
//! Nothing here writes: that is the log's.

mod appeal;
mod draw;
pub mod figure;
mod inquiry;
mod inspection;
mod list;
pub mod overdue;
mod parties;
pub mod rating;
mod received;
pub mod recount;
mod round;
mod rows;
mod sign;
mod topic;

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use sqlx::PgPool;
use uuid::Uuid;

/// Every statement by name.
pub const ALL: &[(&str, &str)] = &[
    ("pending_of_case", PENDING_OF_CASE),
    ("has_attempt", HAS_ATTEMPT),
    ("asked_about", ASKED_ABOUT),
    ("of_link", OF_LINK),
    ("first_due", FIRST_DUE),
    ("of_district", OF_DISTRICT),
    ("list_by_district", list::BY_DISTRICT),
    ("list_by_street", list::BY_STREET),
    ("list_by_community", list::BY_COMMUNITY),
    ("list_by_unit", list::BY_UNIT),
    ("list_by_case", list::BY_CASE),
    ("figure_heard", figure::HEARD),
    ("figure_courses", figure::COURSES),
    ("figure_keep_courses", figure::KEEP_COURSES),
    ("figure_moved", figure::MOVED),
    ("figure_places", figure::PLACES),
    ("figure_forget", figure::FORGET),
    ("figure_ended", figure::ENDED),
    ("figure_keep_callbacks", figure::KEEP_CALLBACKS),
    ("figure_these", figure::THESE),
    ("recount_courses", rows::COURSES),
    ("recount_callbacks", rows::CALLBACKS),
    ("recount_received", rows::RECEIVED),
    ("recount_figures", recount::FIGURES),
    ("received_these", received::THESE),
    ("signs_repeated", sign::REPEATED),
    ("received_keep", received::KEEP),
    ("received_channels", received::CHANNELS),
    ("received_cases_of", received::CASES_OF),
    ("received_callbacks_of", received::CALLBACKS_OF),
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
    ("list_by_request", list::BY_REQUEST),
    ("topics_by_district", topic::BY_DISTRICT),
    ("topics_by_area", topic::BY_AREA),
    ("topics_by_owner", topic::BY_OWNER),
    ("topic_cases_in", topic::CASES_IN),
    ("topic_stream", topic::STREAM),
    ("signs_by_district", sign::BY_DISTRICT),
    ("signs_by_area", sign::BY_AREA),
    ("sign_watch", sign::WATCH),
    ("sign_watched", sign::WATCHED),
    ("sign_look_again", sign::LOOK_AGAIN),
    ("appeals_by_district", appeal::BY_DISTRICT),
    ("appeals_by_unit", appeal::BY_UNIT),
    ("overdue_late", overdue::LATE),
    ("overdue_later", overdue::LATER),
    ("inquiries_by_district", inquiry::BY_DISTRICT),
    ("inquiries_by_street", inquiry::BY_STREET),
    ("inquiries_by_community", inquiry::BY_COMMUNITY),
    ("inquiries_by_unit", inquiry::BY_UNIT),
    ("inquiries_public", inquiry::PUBLIC),
    ("inquiries_count_by_district", inquiry::COUNT_BY_DISTRICT),
    ("inquiries_count_by_street", inquiry::COUNT_BY_STREET),
    ("inquiries_count_by_community", inquiry::COUNT_BY_COMMUNITY),
    ("inquiries_count_by_unit", inquiry::COUNT_BY_UNIT),
    ("inquiry_worked", inquiry::WORKED),
    ("had_part", parties::HAD_PART),
    ("acted_for", parties::ACTED_FOR),
    ("inspections_by_district", inspection::BY_DISTRICT),
    ("inspections_by_street", inspection::BY_STREET),
    ("inspections_by_community", inspection::BY_COMMUNITY),
    ("inspections_by_case", inspection::BY_CASE),
    ("inspection_place", inspection::PLACE),
    ("inspection_courses", inspection::COURSES),
    ("ratings_by_district", rating::BY_DISTRICT),
    ("ratings_by_street", rating::BY_STREET),
    ("ratings_by_community", rating::BY_COMMUNITY),
    ("ratings_by_unit", rating::BY_UNIT),
    ("ratings_by_rater", rating::BY_RATER),
    ("rating_course", rating::COURSE),
    ("rating_given", rating::GIVEN),
    ("rating_these", rating::THESE),
    ("rating_keep", rating::KEEP),
    ("recount_ratings", rows::RATINGS),
];

// What is still asked about the newest attempt at a case: by callback_case, read backwards for it.
pub(crate) const PENDING_OF_CASE: &str = "
    select id from callback
     where case_id = $1 and attempt = (select max(attempt) from callback where case_id = $1) and state = 'pending'";

// By callback_case.
pub(crate) const HAS_ATTEMPT: &str =
    "select exists (select from callback where case_id = $1 and attempt = $2)";

// By callback_case. Who is spared was so from the beginning.
pub(crate) const ASKED_ABOUT: &str =
    "select id from callback where case_id = $1 and attempt = $2 and state <> 'spared'";

// By callback_case, once at least one of them is due.
pub(crate) const FIRST_DUE: &str =
    "select id from callback where case_id = $1 and attempt = $2 and due_at <= $3 order by id limit 1";

// By callback_link. Tokens are random: that no two are alike needs no constraint.
pub(crate) const OF_LINK: &str = "select id from callback where body #>> '{link,hash}' = $1 limit 1";

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

    /// What is still asked about the newest attempt at a case.
    ///
    /// # Errors
    /// The database is away.
    pub async fn pending_of_case(&self, case: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
        sqlx::query_scalar(PENDING_OF_CASE).bind(case).fetch_all(asked(&self.pool)).await
    }

    /// Whether one attempt at a case has a callback.
    ///
    /// # Errors
    /// The database is away.
    pub async fn has_attempt(&self, case: Uuid, attempt: i32) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar(HAS_ATTEMPT).bind(case).bind(attempt).fetch_one(asked(&self.pool)).await
    }

    /// The callbacks of those who are asked about one attempt at a case.
    ///
    /// # Errors
    /// The database is away.
    pub async fn asked_about(&self, case: Uuid, attempt: i32) -> Result<Vec<Uuid>, sqlx::Error> {
        sqlx::query_scalar(ASKED_ABOUT).bind(case).bind(attempt).fetch_all(asked(&self.pool)).await
    }

    /// The first of those who are asked about one attempt at a case and whose window is over.
    ///
    /// # Errors
    /// The database is away.
    pub async fn first_due(
        &self,
        case: Uuid,
        attempt: i32,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>, sqlx::Error> {
        let first = sqlx::query_scalar(FIRST_DUE).bind(case).bind(attempt).bind(now);
        first.fetch_optional(asked(&self.pool)).await
    }

    /// The callback whose link has a token of this hash.
    ///
    /// # Errors
    /// The database is away.
    pub async fn of_link(&self, hash: &str) -> Result<Option<Uuid>, sqlx::Error> {
        sqlx::query_scalar(OF_LINK).bind(hash).fetch_optional(asked(&self.pool)).await
    }

    /// Whether a district has any callback.
    ///
    /// # Errors
    /// The database is away.
    pub async fn knows(&self, district: &str) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar(OF_DISTRICT).bind(district).fetch_one(asked(&self.pool)).await
    }
}
