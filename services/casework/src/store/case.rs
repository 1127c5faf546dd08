//! Looking cases up.

use huying_chassis::log::Versioned;
use huying_terms::Tier;
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use super::filter::Filter;
use crate::domain::{Case, Change, State, change};

type Row = (Uuid, i64, Json<Case>);

pub(crate) const DISTRICT: &str = "select district from \"case\" where id = $1";
pub(crate) const BY_NUMBER: &str =
    "select id, version, body from \"case\" where number = $1 order by id desc limit 1";
pub(crate) const BY_REQUEST: &str = "select id from \"case\" where opened_on = $1";
pub(crate) const CALLED_BY: &str = "select change from log where request_id = $1 and aggregate = $2";

/// Which cases are wanted.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    pub district: String,
    pub state: Option<State>,
    pub tier: Option<Tier>,
    pub holder: Option<String>,
    pub area: Option<String>,
    /// What the caller's own area is: both must hold.
    pub within: Option<String>,
    pub category: Option<String>,
    pub overdue: bool,
}

impl Cases {
    /// The clauses of these filters, after a page's last id.
    pub fn filter(&self, after: Option<Uuid>) -> Filter {
        let mut filter = Filter::default();
        filter.text("district = #", &self.district);
        if let Some(state) = self.state {
            filter.text("state = #", state.name());
        }
        if let Some(tier) = self.tier {
            filter.text("tier = #", tier.as_str());
        }
        if let Some(holder) = &self.holder {
            filter.text("holder = #", holder);
        }
        for area in [&self.area, &self.within].into_iter().flatten() {
            filter.area(area);
        }
        if let Some(category) = &self.category {
            filter.text("category = #", category);
        }
        if self.overdue {
            filter.plain("overdue");
        }
        if let Some(after) = after {
            filter.id("id < #", after);
        }
        filter
    }
}

/// Newest first.
pub async fn list(
    pool: &PgPool,
    cases: &Cases,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Versioned<Case>>, sqlx::Error> {
    let rows: Vec<Row> = cases.filter(after).fetch("case", limit, pool).await?;
    Ok(rows.into_iter().map(versioned).collect())
}

/// The district a case lies in: all that a step must know before it loads the case.
pub async fn district(pool: &PgPool, id: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(DISTRICT).bind(id).fetch_optional(pool).await
}

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Case>>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(pool).await?;
    Ok(row.map(versioned))
}

/// The case that was opened on a request.
pub async fn by_request(pool: &PgPool, request: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(BY_REQUEST).bind(request).fetch_optional(pool).await
}

/// The dispatches that a command of a case sent; none when the command was another.
pub async fn called_by(pool: &PgPool, request_id: Uuid, case: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    let row: Option<Json<change::Change>> =
        sqlx::query_scalar(CALLED_BY).bind(request_id).bind(case).fetch_optional(pool).await?;
    Ok(match row {
        Some(Json(Change::Called { dispatches })) => {
            dispatches.iter().map(|called| called.dispatch).collect()
        }
        Some(_) | None => Vec::new(),
    })
}

fn versioned((id, version, Json(it)): Row) -> Versioned<Case> {
    Versioned { id, version, it }
}
