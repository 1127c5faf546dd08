//! 相似诉求: how like two requests are, by words, place and kind.

use std::collections::BTreeSet;

use huying_place::metres;
use huying_terms::{AreaCode, Point, Tier};
use huying_words::alike::Pairs;

use super::{decide::decide, decision::Submission, index::Index, learned::Memory, route::Route};

/// From which likeness on they may be the same. Same place and same kind reach it with any word in common.
pub const LIKELY: f32 = 0.5;
/// Words that share so much are the same; more says no more.
const ENOUGH: f32 = 0.5;
/// Points so near are one place, in metres.
const NEAR: f64 = 150.0;
/// Most communities that are looked through: a large street has forty.
const PLACES: usize = 100;

/// What twins are looked for of.
#[derive(Clone, Debug)]
pub struct Matter {
    words: Pairs,
    area: Option<AreaCode>,
    point: Option<Point>,
    category: Option<String>,
}

impl Matter {
    /// What has not been submitted yet, as routing would read it. Of what has no place yet the district is one, as it is of a route.
    pub fn read(index: &Index, memory: Memory<'_>, submission: &Submission) -> Self {
        let known = decide(index, memory, submission, submission.submitted_at).known();
        let area = known.area.unwrap_or_else(|| index.district.clone());
        Self::of(submission, Some(area), known.category)
    }

    /// What routing knows already.
    pub fn known(route: &Route) -> Self {
        let area = AreaCode::parse(route.place()).ok();
        Self::of(&route.submission, area, route.category().map(str::to_owned))
    }

    fn of(submission: &Submission, area: Option<AreaCode>, category: Option<String>) -> Self {
        let words = Pairs::of(&format!("{} {}", submission.said().text(), submission.location.address));
        Self { words, area, point: submission.location.point, category }
    }

    /// Where its twins may lie, as exactly as communities: its own and those across a border near by, and what is known of no more than
    /// the street. Where no more is known of it, the street's communities; of the district alone, what is known of no more than that
    /// either. Empty: its district is none.
    pub fn neighbourhood(&self, index: Option<&Index>) -> Vec<String> {
        let Some(area) = &self.area else { return Vec::new() };
        let (own, street) = (to_community(area), area.at(Tier::Street));
        let mut others: BTreeSet<String> = street.iter().map(to_community).collect();
        if let Some(index) = index {
            if let Some(street) = street.filter(|street| street == area) {
                others.extend(index.areas_below(&street, "").map(|below| to_community(&below.code)));
            }
            if let Some(point) = self.point {
                let near = index.borders.near(point, NEAR).into_keys();
                others.extend(near.filter(|code| code.tier() < Tier::District).map(to_community));
            }
        }
        others.remove(&own);
        std::iter::once(own).chain(others).take(PLACES).collect()
    }

    /// From 0 to 1: half by words, three tenths by place, two tenths by kind.
    pub fn likeness(&self, other: &Self) -> f32 {
        0.5 * self.words(other) + 0.3 * self.place(other) + 0.2 * self.kind(other)
    }

    fn words(&self, other: &Self) -> f32 {
        (self.words.share(&other.words) / ENOUGH).min(1.0)
    }

    fn place(&self, other: &Self) -> f32 {
        let near = self.point.zip(other.point).is_some_and(|(a, b)| metres(a, b) <= NEAR);
        let (Some(one), Some(two)) = (&self.area, &other.area) else { return 0.0 };
        let same = |tier| one.at(tier).is_some_and(|area| two.at(tier) == Some(area));
        match () {
            () if near || same(Tier::Grid) => 1.0,
            () if same(Tier::Community) => 0.7,
            () if same(Tier::Street) => 0.3,
            () => 0.0,
        }
    }

    fn kind(&self, other: &Self) -> f32 {
        let same = self.category.is_some() && self.category == other.category;
        f32::from(u8::from(same))
    }
}

fn to_community(area: &AreaCode) -> String {
    area.as_str().get(..12).unwrap_or(area.as_str()).to_owned()
}
