//! What leads to a ledger's cases, and how many they are.

use huying_terms::Tier;
use sqlx::{FromRow, PgPool, Row, postgres::PgRow};

use super::meeting::below;
use crate::domain::{
    Cases, Ledger, Outcome, Page, Place, State,
    ledger::{Asked, LedgerCount, Split},
};

/// What of a ledger no index leads to, each by its field: what it names itself, and what it is split by.
pub fn unserved(ledger: &Ledger, district: &str) -> Vec<&'static str> {
    let Ok(cases) = ledger.cases(district, &Asked::default()) else { return vec!["area"] };
    let mut fields: Vec<_> = beside(&cases).into_iter().map(field).collect();
    fields.dedup();
    // A community of a town on its own has few cases: they are looked at one by one.
    let few = ledger.split == Some(Split::Area) && below(district.len()) == Tier::Community.code_len();
    let parts = parted(ledger, cases).filter(|_| !few);
    if fields.is_empty() && parts.is_some_and(|cases| !beside(&cases).is_empty()) {
        fields.push("split");
    }
    fields
}

/// What of the cases is only looked at, where that may be in vain many times over: nearly all cases are whole, so that is not.
fn beside(cases: &Cases) -> Vec<&'static str> {
    let filter = cases.filter(None);
    let mut beside = filter.path().filter(|path| !path.few).map_or_else(Vec::new, |path| filter.beside(path));
    beside.retain(|clause| *clause != "whole");
    beside
}

/// One part of a ledger: the largest area next below stands for areas.
fn parted(ledger: &Ledger, cases: Cases) -> Option<Cases> {
    let one = || Some("1".to_owned());
    Some(match ledger.split? {
        Split::Area => {
            let whole = cases.area.as_ref().unwrap_or(&cases.district);
            Cases { area: Some(format!("{whole:0<width$}", width = below(whole.len()))), ..cases }
        }
        Split::Holder => Cases { holder: one(), ..cases },
        Split::Leader => Cases { leader: one(), ..cases },
        Split::Arbiter => Cases { arbiter: one(), ..cases },
        Split::Verifier => Cases { verifier: one(), ..cases },
        Split::Category => Cases { category: one(), ..cases },
        Split::State => Cases { state: Some(State::Working), ..cases },
        Split::Outcome => Cases { outcome: Some(Outcome::Declined), ..cases },
    })
}

/// The field of a ledger that a clause is of.
fn field(clause: &'static str) -> &'static str {
    if ["street", "community"].contains(&clause) { "area" } else { clause }
}

/// What its counts are of, and what names that: SQL.
pub fn of(split: Option<Split>, cases: &Cases) -> (String, &'static str) {
    let text = |sql: &str| sql.to_owned();
    match split {
        None => (text("''"), "''"),
        Some(Split::Area) => {
            let known = [&cases.area, &cases.within].into_iter().flatten().map(String::len).max();
            let whole = known.unwrap_or(cases.district.len());
            (format!("left(area, {})", below(whole)), "''")
        }
        Some(Split::Holder) => (text("holder"), "body -> 'holder' ->> 'name'"),
        Some(Split::Leader) => (text("body -> 'charge' ->> 'leader'"), "''"),
        Some(Split::Arbiter) => (text("body -> 'arbiter' ->> 'unit'"), "body -> 'arbiter' ->> 'name'"),
        Some(Split::Verifier) => (text("body -> 'verifier' ->> 'unit'"), "body -> 'verifier' ->> 'name'"),
        Some(Split::Category) => (text("category"), "''"),
        Some(Split::State) => (text("state"), "''"),
        Some(Split::Outcome) => (text("body ->> 'outcome'"), "''"),
    }
}

/// How many, by what the ledger is split by, after a page's last row, in so many rows at most.
///
/// # Errors
/// The database is away.
pub async fn count(
    pool: &PgPool,
    (split, cases): (Option<Split>, &Cases),
    after: Option<Place>,
    most: usize,
) -> Result<Page<LedgerCount>, sqlx::Error> {
    let (of, name) = of(split, cases);
    cases.filter(after).count((&of, name), most, pool).await
}

impl FromRow<'_, PgRow> for LedgerCount {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            of: row.try_get("of")?,
            name: row.try_get("name")?,
            cases: row.try_get("cases")?,
            overdue: row.try_get("overdue")?,
        })
    }
}
