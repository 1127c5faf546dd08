//! 相似诉求: how like two requests are, by words, place and kind.

use huying_place::metres;
use huying_terms::{AreaCode, Point, Tier};
use huying_words::alike::Pairs;

use super::{
    decide::decide,
    decision::{Routing, Submission},
    index::Index,
    learned::Memory,
    route::Route,
};

/// From which likeness on they may be the same. Same place and same kind reach it with any word in common.
pub const LIKELY: f32 = 0.5;
/// Words that share so much are the same; more says no more.
const ENOUGH: f32 = 0.5;
/// Points so near are one place, in metres.
const NEAR: f64 = 150.0;

/// What twins are looked for of.
#[derive(Clone, Debug)]
pub struct Matter {
    words: Pairs,
    area: Option<AreaCode>,
    point: Option<Point>,
    category: Option<String>,
}

impl Matter {
    /// What has not been submitted yet, as routing would read it.
    pub fn read(index: &Index, memory: Memory<'_>, submission: &Submission) -> Self {
        let (area, category) = match decide(index, memory, submission, submission.submitted_at) {
            Routing::Decided(decision) => (Some(decision.area), Some(decision.category)),
            Routing::Queued { partial, .. } => (partial.area, partial.category),
        };
        Self::of(submission, area, category)
    }

    /// What routing knows already.
    pub fn known(route: &Route) -> Self {
        let area = AreaCode::parse(route.place()).ok();
        let decided = route.decision.as_ref().map(|it| it.category.clone());
        let category = decided.or_else(|| route.partial.as_ref().and_then(|it| it.category.clone()));
        Self::of(&route.submission, area, category)
    }

    fn of(submission: &Submission, area: Option<AreaCode>, category: Option<String>) -> Self {
        let words = Pairs::of(&format!("{} {}", submission.said().text(), submission.location.address));
        Self { words, area, point: submission.location.point, category }
    }

    /// The community that it lies in, else the most exact area that is known.
    pub fn neighbourhood(&self) -> Option<&str> {
        let area = self.area.as_ref()?;
        Some(area.as_str().get(..12).unwrap_or(area.as_str()))
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
