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

impl Posting {
    /// Where it is added: by unit and channel in each area that it lies in, by category down to the street, by tier in the district, and in all.
    fn cells<'a>(&'a self, district: &'a str) -> impl Iterator<Item = Cell> + 'a {
        let tier = self.tier.map(|tier| (By::Tier, tier.as_str()));
        let area = |tier: Tier| self.area.get(..tier.code_len());
        let known = |by, key: &'a str| (!key.is_empty()).then_some((by, key));
        let channel = self.channel.map(|channel| (By::Channel, channel.name()));
        let whole = [Some((By::All, "")), known(By::Unit, &self.unit), channel];
        let whole = move || whole.into_iter().flatten();
        let category = known(By::Category, &self.category);
        let of_district = whole().chain(category).chain(tier).map(move |(by, key)| (district, by, key));
        let street = area(Tier::Street).filter(|street| *street != district);
        let of_street = street
            .into_iter()
            .flat_map(move |street| whole().chain(category).map(move |(by, key)| (street, by, key)));
        let of_community = area(Tier::Community)
            .into_iter()
            .flat_map(move |community| whole().map(move |(by, key)| (community, by, key)));
        let month = self.day.with_day(1).unwrap_or(self.day);
        of_district.chain(of_street).chain(of_community).flat_map(move |(scope, by, key)| {
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
