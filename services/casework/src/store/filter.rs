//! Lists with many filters: a statement has only the clauses that are asked for, so that PostgreSQL picks the index for just these. The
//! clauses are fixed texts; values are bound, never written in.

use huying_chassis::db::asked;
use sqlx::{AssertSqlSafe, FromRow, PgPool, Postgres, postgres::PgRow, query::QueryAs};
use uuid::Uuid;

/// A bound value.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Id(Uuid),
}

/// Clauses with `#` in the place of their value, and the values.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    clauses: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    pub fn text(&mut self, clause: &'static str, value: &str) {
        self.clauses.push(clause);
        self.values.push(Value::Text(value.to_owned()));
    }

    pub fn id(&mut self, clause: &'static str, value: Uuid) {
        self.clauses.push(clause);
        self.values.push(Value::Id(value));
    }

    /// A clause without a value.
    pub fn plain(&mut self, clause: &'static str) {
        self.clauses.push(clause);
    }

    /// Only what lies in an area, by the prefix that has an index.
    pub fn area(&mut self, area: &str) {
        match area.len() {
            6 => self.text("district = #", area),
            9 => self.text("street = #", area),
            12 => self.text("community = #", area),
            _ => {
                self.text("community = left(#, 12)", area);
                self.text("area = #", area);
            }
        }
    }

    /// The statement: newest first, `$1` rows at most.
    pub fn statement(&self, table: &str) -> String {
        let mut sql = format!("select id, version, shape, hash, body from \"{table}\" where true");
        let mut place = 2;
        for clause in &self.clauses {
            let numbered = clause.replace('#', &format!("${place}"));
            place += usize::from(numbered != **clause);
            sql.push_str(" and ");
            sql.push_str(&numbered);
        }
        sql.push_str(" order by id desc limit $1");
        sql
    }

    pub(crate) async fn fetch<R>(&self, table: &str, limit: i64, pool: &PgPool) -> Result<Vec<R>, sqlx::Error>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let first: QueryAs<'_, Postgres, R, _> = sqlx::query_as(AssertSqlSafe(self.statement(table)));
        let query = self.values.iter().fold(first.bind(limit), |query, value| match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Id(id) => query.bind(*id),
        });
        query.fetch_all(asked(pool)).await
    }
}
