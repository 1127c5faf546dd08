//! What one case or callback adds to the figures, and where it is added.
//!
//! A posting follows from the row alone. So what a row adds now less what it added before is all that changes when it does, whichever period
//! that was in; and the sum of what all rows add is what the figures must be.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{
    Channel,
    measure::{Counts, Measure},
};

/// One thing counted: so many on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Posting {
    /// The district's own.
    pub day: NaiveDate,
    /// The most exact area known, in the district or the district itself.
    pub area: String,
    /// Empty: not known.
    pub category: String,
    /// Whose it is; empty: nobody's.
    pub unit: String,
    /// Where that unit stood; none where it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// By which door it came; none where it was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub measure: Measure,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub number: i64,
}

fn one() -> i64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(number: &i64) -> bool {
    *number == 1
}

/// What figures are told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum By {
    /// All of an area in one.
    All,
    Unit,
    Category,
    Tier,
    Channel,
}

/// How long a figure's time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Span {
    Day,
    Month,
}

impl By {
    /// As the table has it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Span {
    /// As the table has it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl TryFrom<String> for By {
    type Error = strum::ParseError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl TryFrom<String> for Span {
    type Error = strum::ParseError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

/// One figure's place in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub district: String,
    /// The area that it is of: the district, a street or a community.
    pub scope: String,
    pub by: By,
    /// The unit, category, tier or channel; empty for all in one.
    pub key: String,
    pub span: Span,
    /// Its first day.
    pub day: NaiveDate,
}

/// The figures that postings make, or change.
pub type Cells = HashMap<Cell, Counts>;

/// Adds a row's postings `times` times: once, or once less.
pub fn post(cells: &mut Cells, district: &str, postings: &[Posting], times: i64) {
    for posting in postings {
        for cell in posting.cells(district).filter(|cell| posting.measure.counts_by(cell.by)) {
            cells.entry(cell).or_default().add(posting.measure, posting.number * times);
        }
    }
}

/// Whether cases are counted by category in an area of a district: in the district itself and one level below it, which is its streets, or the villages
/// of a town that is a district itself. Further down there would be more sums than cases.
pub fn has_categories(district: &str, area: &str) -> bool {
    area.len() <= district.len() + LEVEL
}

/// By so many digits the code of an area is longer than that of the area it lies in.
const LEVEL: usize = 3;

impl Posting {
    /// Where it is added: in all, by unit and by channel in each area that it lies in, by category where that [is counted](has_categories), by tier
    /// in the district.
    fn cells<'a>(&'a self, district: &'a str) -> impl Iterator<Item = Cell> + 'a {
        let known = |by, key: &'a str| (!key.is_empty()).then_some((by, key));
        let channel = self.channel.map(|channel| (By::Channel, channel.name()));
        let whole = [Some((By::All, "")), known(By::Unit, &self.unit), channel];
        let category = known(By::Category, &self.category);
        let tier = self.tier.map(|tier| (By::Tier, tier.as_str()));
        let below = [Tier::Street, Tier::Community].map(|tier| self.area.get(..tier.code_len()));
        let below = below.into_iter().flatten().filter(move |area| *area != district);
        let places = [district].into_iter().chain(below).flat_map(move |scope| {
            let category = category.filter(|_| has_categories(district, scope));
            let tier = tier.filter(|_| scope == district);
            let keys = whole.into_iter().flatten().chain(category).chain(tier);
            keys.map(move |(by, key)| (scope, by, key))
        });
        let month = self.day.with_day(1).unwrap_or(self.day);
        places.flat_map(move |(scope, by, key)| {
            [(Span::Day, self.day), (Span::Month, month)].map(|(span, day)| Cell {
                district: district.to_owned(),
                scope: scope.to_owned(),
                by,
                key: key.to_owned(),
                span,
                day,
            })
        })
    }
}
