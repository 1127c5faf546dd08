//! Borders of areas. A box around each part keeps the exact look for the few that may hold a point.
//!
//! An area may lie in several parts, and a part may have holes. Borders need not nest, nor tile: which areas lie around a point is all
//! that is told, and which of them counts is the asker's to say.

use std::collections::{BTreeMap, BTreeSet};

use geo::{
    BoundingRect, Coord, CoordinatePosition, LineString, Polygon, Rect, coordinate_position::CoordPos,
};
use huying_terms::{AreaCode, Point};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

/// Metres of a degree of latitude, and of one of longitude at the equator; enough for distances of some hundred metres.
const DEGREE: f64 = 111_195.0;

/// One part of an area: what lies within the outer ring and in none of the holes. Rings need not be closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub outer: Vec<Point>,
    pub holes: Vec<Vec<Point>>,
}

struct Border {
    area: AreaCode,
    shape: Polygon,
}

/// All borders.
pub struct Borders {
    borders: Vec<Border>,
    /// The box around each, with its place in the list.
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl Borders {
    /// Parts that enclose nothing, or have a number that is none, hold no point.
    pub fn new(parts: impl IntoIterator<Item = (AreaCode, Part)>) -> Self {
        let (mut borders, mut boxes) = (Vec::new(), Vec::new());
        for (area, part) in parts {
            let holes = part.holes.iter().map(|ring| line(ring)).collect();
            let shape = Polygon::new(line(&part.outer), holes);
            let Some(around) = shape.bounding_rect().filter(is_number) else { continue };
            let corners = Rectangle::from_corners(around.min().into(), around.max().into());
            boxes.push(GeomWithData::new(corners, borders.len()));
            borders.push(Border { area, shape });
        }
        Self { borders, boxes: RTree::bulk_load(boxes) }
    }

    pub fn is_empty(&self) -> bool {
        self.borders.is_empty()
    }

    /// The areas whose border holds a point; on the line counts, for both sides of it. Each once, by code.
    pub fn around(&self, point: Point) -> BTreeSet<&AreaCode> {
        let at = coordinate(point);
        let holds = |border: &&Border| border.shape.coordinate_position(&at) != CoordPos::Outside;
        self.boxed(point, 0.0).filter(holds).map(|border| &border.area).collect()
    }

    /// The areas whose border passes a point within so many metres, on whichever side the point lies, and how near: by code.
    pub fn near(&self, point: Point, within: f64) -> BTreeMap<&AreaCode, f64> {
        let mut near = BTreeMap::new();
        for border in self.boxed(point, within) {
            let metres = distance(&border.shape, point);
            if metres <= within {
                near.entry(&border.area)
                    .and_modify(|least: &mut f64| *least = least.min(metres))
                    .or_insert(metres);
            }
        }
        near
    }

    /// Borders whose box, widened by so many metres, holds a point.
    fn boxed(&self, point: Point, widened: f64) -> impl Iterator<Item = &Border> {
        let (up, across) = (widened / DEGREE, widened / (DEGREE * narrowing(point)));
        let envelope = AABB::from_corners(
            [point.longitude - across, point.latitude - up],
            [point.longitude + across, point.latitude + up],
        );
        let asked = (point.is_on_earth() && across.is_finite()).then_some(envelope);
        let hits =
            asked.into_iter().flat_map(|envelope| self.boxes.locate_in_envelope_intersecting(&envelope));
        hits.filter_map(|hit| self.borders.get(hit.data))
    }
}

pub(crate) fn line(ring: &[Point]) -> LineString {
    ring.iter().copied().map(coordinate).collect()
}

fn coordinate(point: Point) -> Coord {
    Coord { x: point.longitude, y: point.latitude }
}

fn is_number(around: &Rect) -> bool {
    [around.min(), around.max()].iter().all(|corner| corner.x.is_finite() && corner.y.is_finite())
}

/// How much shorter a degree of longitude is here than at the equator.
fn narrowing(point: Point) -> f64 {
    point.latitude.to_radians().cos()
}

/// Metres between two points that are some hundred metres apart: further away it is only roughly so.
pub fn metres(from: Point, to: Point) -> f64 {
    let east = (to.longitude - from.longitude) * DEGREE * narrowing(from);
    east.hypot((to.latitude - from.latitude) * DEGREE)
}

/// Metres from a point to the nearest line of a shape, seen as a plane around the point.
fn distance(shape: &Polygon, from: Point) -> f64 {
    let plane =
        |at: Coord| ((at.x - from.longitude) * DEGREE * narrowing(from), (at.y - from.latitude) * DEGREE);
    let rings = std::iter::once(shape.exterior()).chain(shape.interiors());
    let sides = rings.flat_map(LineString::lines);
    sides.map(|side| to_side(plane(side.start), plane(side.end))).fold(f64::INFINITY, f64::min)
}

/// From the origin to the side between two corners.
fn to_side((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> f64 {
    let (along_x, along_y) = (to_x - x, to_y - y);
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 { (-(x * along_x + y * along_y) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x + share * along_x).hypot(y + share * along_y)
}
