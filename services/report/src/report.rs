//! What a report tells. The names of the fields are those of its JSON, and stay.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::Number;

/// The figures of one area in one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it is called: 民呼我应月报.
    pub title: String,
    /// The district, whose days and definitions these are.
    pub district: Named,
    /// What it is about: the district itself, or a street or community in it.
    pub area: Named,
    /// What is counted.
    pub period: Period,
    /// What 环比 compares with; absent where there was none.
    pub before: Option<Period>,
    /// What 同比 compares with; absent where there was none.
    pub last_year: Option<Period>,
    /// The figures are as of then, in the district's own time.
    pub as_of: DateTime<FixedOffset>,
    /// How many, the most important first: the first is the volume (受理), which the summary begins with.
    #[serde(default)]
    pub counts: Vec<Count>,
    /// Shares, scores and durations, the most important first: the first three are the three rates.
    #[serde(default)]
    pub rates: Vec<Rate>,
    /// What such a score is called: 优秀, 良好, …; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// Rates over time.
    #[serde(default)]
    pub series: Series,
    /// Where cases were settled, from the lowest tier up; absent where nobody asked, since it is told of a whole district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Vec<Tier>>,
    /// How units did, in the order in which they are to be read.
    #[serde(default)]
    pub units: Vec<Unit>,
    /// The areas next below [`Report::area`].
    #[serde(default)]
    pub areas: Vec<Row>,
    /// Categories, of one level.
    #[serde(default)]
    pub categories: Vec<Row>,
    /// Submissions of an area and a category; a pair that is not there had none. Absent where nobody asked, since below a street cases are counted by
    /// no category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat: Option<Vec<Cell>>,
    /// What is overdue and open, by how long, the youngest first.
    #[serde(default)]
    pub ages: Vec<Age>,
    /// Common issues: those of which nobody has counted the people, by cases, then the others by people, so that one who calls often weighs no more.
    /// Each of both lists has ranks of its own, the first first.
    #[serde(default)]
    pub issues: Vec<Issue>,
    /// What a reader must know besides the definitions: exclusions that were approved, a rule that changed.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Something with a code and a name; where the name is empty the code is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// Days of the district.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, which is in it.
    pub to: NaiveDate,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    Higher,
    Lower,
    /// Neither: a volume.
    #[default]
    Neither,
}

/// How many in the period, with the periods it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// submitted, settled, open, overdue_open, reopened, returned, declined, withdrawn, …
    pub code: String,
    /// 受理, 办结, …
    pub name: String,
    /// What is counted: 件, 人次.
    pub unit: String,
    pub value: u64,
    /// In [`Report::before`]; absent where nothing was counted then.
    pub before: Option<u64>,
    /// In [`Report::last_year`]; absent where nothing was counted then.
    pub last_year: Option<u64>,
    #[serde(default)]
    pub better: Better,
    /// No rate counts it: it is told in the open, in a table of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
    /// What counts, and when.
    pub definition: String,
}

/// What a rate's value means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 0 to 1, written as a percentage; it changes by percentage points.
    #[default]
    Share,
    /// 0 to 1, written as 0 to 100 points.
    Score,
    /// Days.
    Days,
}

/// A numerator over a denominator, or a score of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// response, resolution, satisfaction, on_time, score, …
    pub code: String,
    /// 响应率, …
    pub name: String,
    #[serde(default)]
    pub measure: Measure,
    /// Absent where the denominator is 0.
    pub value: Option<Number>,
    /// May be a fraction: who is basically satisfied counts 0.9. Absent for what is no fraction, as a score.
    pub numerator: Option<Number>,
    pub denominator: Option<Number>,
    /// In [`Report::before`].
    pub before: Option<Number>,
    /// In [`Report::last_year`].
    pub last_year: Option<Number>,
    #[serde(default)]
    pub better: Better,
    pub definition: Definition,
}

/// A rate in words (口径).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    pub numerator: String,
    pub denominator: String,
    /// What is left out of both.
    pub exclusions: String,
}

/// How long each point of a series is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    #[default]
    Day,
    Week,
    Month,
}

/// Rates over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub step: Step,
    /// The first day of each point, the oldest first.
    pub starts: Vec<NaiveDate>,
    pub lines: Vec<Line>,
}

/// One rate over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its code in [`Report::rates`].
    pub rate: String,
    /// One for each of [`Series::starts`]; what is missing is absent.
    pub values: Vec<Option<Number>>,
}

/// What a tier had and settled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tier {
    pub code: String,
    /// 网格, 社区, 街道, 区.
    pub name: String,
    /// 经手: how many came to it and were there in the period: settled there, gone on from there, or open there still. What goes and comes again is one more.
    pub received: u64,
    /// Of these, open there at the end of the period.
    #[serde(default)]
    pub open: u64,
    /// Of these, settled there.
    pub settled: u64,
    /// Of these, settled by the tier alone, with nobody called (自办结).
    pub own: u64,
    /// 自办结率, by the district's own definition; absent where it has no value.
    pub own_rate: Option<Number>,
}

/// The figures of an area, a category or a unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    /// By the codes of [`Report::counts`].
    #[serde(default)]
    pub counts: BTreeMap<String, u64>,
    /// By the codes of [`Report::rates`]; one that is not there has no value.
    #[serde(default)]
    pub rates: BTreeMap<String, Number>,
}

/// A unit and how it was judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    #[serde(flatten)]
    pub row: Row,
    /// What it is: 街道, 部门.
    #[serde(default)]
    pub kind: String,
    /// Units that are equal share one; absent where it is not judged.
    pub rank: Option<u32>,
    /// 优秀, 良好, …; empty where it is not judged.
    #[serde(default)]
    pub grade: String,
}

/// One of area × category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Its code in [`Report::areas`].
    pub area: String,
    /// Its code in [`Report::categories`].
    pub category: String,
    pub count: u64,
}

/// How many are overdue for so long.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Age {
    pub code: String,
    /// 不足1天, 1至3天, …
    pub name: String,
    pub count: u64,
}

/// What many people report (共性问题).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Among those of which people are counted, or among the others. Equals share one.
    pub rank: u32,
    /// What it is about, the most telling first.
    pub words: Vec<String>,
    pub place: String,
    /// Distinct people; absent where nobody has counted them, as of a topic that a leader opened.
    #[serde(default)]
    pub people: Option<u64>,
    /// Of what nobody has opened, requests.
    pub cases: u64,
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
    /// Cases of each step, the oldest first; of what nobody has opened, people.
    #[serde(default)]
    pub trend: Vec<u64>,
    /// What is being done (一案一策); may be empty.
    #[serde(default)]
    pub measures: String,
}
