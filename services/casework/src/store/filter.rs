//! Lists with many filters: a statement has only the clauses that are asked for. Those that the chosen path's index has lead to the rows;
//! the others are looked at in the rows that these lead to. The clauses are fixed texts; values are bound, never written in.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::{
    AssertSqlSafe, FromRow, PgPool, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::QueryAs,
};
use uuid::Uuid;

use super::path::{KEY, LOOK, Path};
use crate::domain::{Order, Page, Place};

const ROW: &str = "id, version, shape, hash, body";

/// A bound value.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Id(Uuid),
    Number(i64),
}

/// What must hold: of which thing, in SQL with `#` in the place of a value and `@` in that of what the order goes by.
#[derive(Clone, Debug)]
struct Clause {
    on: &'static str,
    sql: &'static str,
    values: Vec<Value>,
}

/// What is wanted of a table, and in which order.
#[derive(Clone, Debug)]
pub struct Filter {
    table: &'static str,
    paths: &'static [Path],
    order: Order,
    clauses: Vec<Clause>,
}

impl Filter {
    pub fn of(table: &'static str, paths: &'static [Path], order: Order, district: &str) -> Self {
        let mut filter = Self { table, paths, order, clauses: Vec::new() };
        filter.text("district", "district = #", district);
        filter
    }

    pub fn text(&mut self, on: &'static str, sql: &'static str, value: &str) {
        self.add(on, sql, vec![Value::Text(value.to_owned())]);
    }

    pub fn id(&mut self, on: &'static str, sql: &'static str, value: Uuid) {
        self.add(on, sql, vec![Value::Id(value)]);
    }

    pub fn number(&mut self, on: &'static str, sql: &'static str, value: i64) {
        self.add(on, sql, vec![Value::Number(value)]);
    }

    /// A clause without a value.
    pub fn plain(&mut self, on: &'static str, sql: &'static str) {
        self.add(on, sql, Vec::new());
    }

    /// Only what lies in an area: by the street, and a look at the rest of the code.
    pub fn area(&mut self, area: &str) {
        match area.len() {
            6 => self.text("district", "district = #", area),
            9 => self.text("street", "street = #", area),
            _ => {
                self.text("street", "street = left(#, 9)", area);
                self.text("area", "starts_with(area, #)", area);
            }
        }
    }

    pub fn after(&mut self, place: Place) {
        let (key, id) = (Value::Number(place.key), Value::Id(place.id));
        match self.order {
            Order::Newest => self.add(KEY, "id < #", vec![id]),
            Order::Due | Order::Updated | Order::Opened | Order::Resolved => {
                self.add(KEY, "(@, id) > (#, #)", vec![key, id]);
            }
        }
    }

    fn add(&mut self, on: &'static str, sql: &'static str, values: Vec<Value>) {
        self.clauses.push(Clause { on, sql, values });
    }

    fn asks(&self, on: &str) -> bool {
        self.clauses.iter().any(|clause| clause.on == on)
    }

    /// The path that it takes; none: nothing has this order for what is asked.
    pub fn path(&self) -> Option<&'static Path> {
        self.paths.iter().find(|path| path.order == self.order && path.by.iter().all(|on| self.asks(on)))
    }

    /// Whether a clause leads to its rows by a path's index.
    fn is_led(path: &Path, clause: &Clause) -> bool {
        clause.on == KEY
            || clause.on == "district"
            || path.by.contains(&clause.on)
            || path.only == Some(clause.sql)
    }

    /// What is asked for besides what its path has.
    pub fn beside(&self, path: &Path) -> Vec<&'static str> {
        let beside = self.clauses.iter().filter(|clause| !Self::is_led(path, clause));
        beside.map(|clause| clause.on).collect()
    }

    /// The statement for so many rows, and its values in their order.
    pub fn statement(&self, path: &Path, limit: i64) -> (String, Vec<Value>) {
        let mut values = Vec::new();
        if self.beside(path).is_empty() {
            return (format!("{} limit {limit}", self.led(ROW, path, &mut values)), values);
        }
        let looked = self.led("*", path, &mut values);
        let beside = self.clauses.iter().filter(|clause| !Self::is_led(path, clause));
        let beside = self.written(beside, &mut values);
        let direction = self.order.direction();
        let sql = format!(
            "select {ROW}, key from ({looked} limit {LOOK}) as looked where {beside} order by {direction} limit {limit}"
        );
        (sql, values)
    }

    /// The last of so many rows that the path leads to, where there are so many.
    pub fn last_looked(&self, path: &Path, looked: usize) -> (String, Vec<Value>) {
        let mut values = Vec::new();
        let led = self.led("id", path, &mut values);
        (format!("select key, id from ({led} limit {looked}) as looked offset {}", looked - 1), values)
    }

    /// How many there are of each, and how many of them are late, in so many rows at most that the path leads to. Of each of what is said by
    /// an SQL expression, and with a name by another.
    pub fn counting(&self, path: &Path, of: &str, name: &str, most: usize) -> (String, Vec<Value>) {
        let mut values = Vec::new();
        let looked = self.led("*", path, &mut values);
        let beside = self.clauses.iter().filter(|clause| !Self::is_led(path, clause));
        let beside = self.written(beside, &mut values);
        let beside = if beside.is_empty() { String::new() } else { format!(" where {beside}") };
        let sql = format!(
            "select coalesce({of}, '') as of, coalesce(max({name}), '') as name, count(*) as cases, \
             count(*) filter (where overdue) as overdue \
             from ({looked} limit {most}) as looked{beside} group by 1 order by 3 desc, 1"
        );
        (sql, values)
    }

    /// The counts, and where those of the following rows begin.
    ///
    /// # Errors
    /// The database is away.
    pub async fn count<C>(
        &self,
        (of, name): (&str, &str),
        most: usize,
        pool: &PgPool,
    ) -> Result<Page<C>, sqlx::Error>
    where
        C: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let Some(path) = self.path() else { return Ok(Page { items: Vec::new(), next: None }) };
        let (sql, values) = self.counting(path, of, name, most);
        let items = bound(&sql, &values).fetch_all(asked(pool)).await?;
        Ok(Page { items, next: self.after_looked(path, most, pool).await? })
    }

    /// All rows that the path's index leads to, in order.
    fn led(&self, columns: &str, path: &Path, values: &mut Vec<Value>) -> String {
        let clauses = self.clauses.iter().filter(|clause| Self::is_led(path, clause));
        let clauses = self.written(clauses, values);
        let only = path.only.map_or_else(String::new, |only| format!(" and {only}"));
        let (table, key, direction) = (self.table, self.order.key(), self.order.direction());
        format!("select {columns}, {key} as key from \"{table}\" where {clauses}{only} order by {direction}")
    }

    fn written<'a>(&self, clauses: impl Iterator<Item = &'a Clause>, values: &mut Vec<Value>) -> String {
        let written = clauses.map(|clause| {
            let mut sql = clause.sql.replace('@', self.order.key());
            for value in &clause.values {
                values.push(value.clone());
                sql = sql.replacen('#', &format!("${}", values.len()), 1);
            }
            sql
        });
        written.collect::<Vec<_>>().join(" and ")
    }

    /// A page of at most so many.
    ///
    /// # Errors
    /// The database is away.
    pub async fn page<A>(&self, limit: i64, pool: &PgPool) -> Result<Page<Versioned<A>>, sqlx::Error>
    where
        Versioned<A>: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        // Who asks sees to it that there is one.
        let Some(path) = self.path() else { return Ok(Page { items: Vec::new(), next: None }) };
        let place = |key, id| Place { order: self.order, key, id };
        let (sql, values) = self.statement(path, limit);
        let rows: Vec<Keyed<A>> = bound(&sql, &values).fetch_all(asked(pool)).await?;
        let next = match rows.last() {
            Some(last) if rows.len() as i64 >= limit => Some(place(last.key, last.row.id)),
            _ if self.beside(path).is_empty() => None,
            _ => self.after_looked(path, LOOK, pool).await?,
        };
        Ok(Page { items: rows.into_iter().map(|keyed| keyed.row).collect(), next })
    }

    /// Where those begin that were not looked at.
    async fn after_looked(
        &self,
        path: &Path,
        looked: usize,
        pool: &PgPool,
    ) -> Result<Option<Place>, sqlx::Error> {
        let (sql, values) = self.last_looked(path, looked);
        let last: Option<(i64, Uuid)> = bound(&sql, &values).fetch_optional(asked(pool)).await?;
        Ok(last.map(|(key, id)| Place { order: self.order, key, id }))
    }
}

/// A row, and what the order goes by in it.
struct Keyed<A> {
    key: i64,
    row: Versioned<A>,
}

impl<'r, A> FromRow<'r, PgRow> for Keyed<A>
where
    Versioned<A>: FromRow<'r, PgRow>,
{
    fn from_row(row: &'r PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { key: row.try_get("key")?, row: Versioned::from_row(row)? })
    }
}

fn bound<R>(sql: &str, values: &[Value]) -> QueryAs<'static, Postgres, R, PgArguments>
where
    R: for<'r> FromRow<'r, PgRow>,
{
    let query = sqlx::query_as(AssertSqlSafe(sql.to_owned()));
    values.iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text.clone()),
        Value::Id(id) => query.bind(*id),
        Value::Number(number) => query.bind(*number),
    })
}
