//! Whether rings can be a border: no side crosses another, and the holes lie within. Touching is no fault: rings of real borders touch
//! themselves and each other in points and along sides.

use geo::{
    Coord, CoordinatePosition, Line, LineString, Polygon,
    coordinate_position::CoordPos,
    line_intersection::{LineIntersection, line_intersection},
};
use huying_terms::Point;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use crate::borders::line;

/// What is wrong with an outer ring and its holes. Rings are counted: 0 is the outer one, 1 the first hole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// A side of the first ring crosses one of the second, which may be the same, at this point.
    Crossing { rings: (usize, usize), at: Point },
    /// The hole lies outside the outer ring.
    Outside { ring: usize },
    /// So many sides lie across each other's way that they were not looked through.
    Tangled,
}

/// A side and its ring.
type Side = (Line, usize);

/// The first thing that is wrong; none: they can be a border. Looks at no more than some dozens of others for each side. Of rings with a number
/// that is none nothing is said.
pub fn fault(outer: &[Point], holes: &[Vec<Point>]) -> Option<Fault> {
    let rings = || std::iter::once(outer).chain(holes.iter().map(Vec::as_slice));
    if rings().flatten().any(|at| !at.latitude.is_finite() || !at.longitude.is_finite()) {
        return None;
    }
    let sides: Vec<Side> = rings().enumerate().flat_map(|(ring, points)| sides(ring, points)).collect();
    let around = Polygon::new(line(outer), Vec::new());
    let is_outside = |hole: &Vec<Point>| {
        let corners = line(hole).into_inner();
        let mut places = corners.iter().map(|corner| around.coordinate_position(corner));
        places.find(|place| *place != CoordPos::OnBoundary) == Some(CoordPos::Outside)
    };
    let outside = || holes.iter().position(is_outside).map(|hole| Fault::Outside { ring: hole + 1 });
    crossing(&sides).or_else(outside)
}

/// Of a ring, closed or not.
fn sides(ring: usize, points: &[Point]) -> Vec<Side> {
    let mut closed: LineString = line(points);
    closed.close();
    closed.lines().filter(|it| it.start != it.end).map(|it| (it, ring)).collect()
}

fn crossing(sides: &[Side]) -> Option<Fault> {
    let boxed = |(at, (side, _)): (usize, &Side)| {
        GeomWithData::new(Rectangle::from_corners(side.start.into(), side.end.into()), at)
    };
    let boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> =
        RTree::bulk_load(sides.iter().enumerate().map(boxed).collect());
    let mut looks = sides.len() * 64 + 4096;
    for (at, (side, ring)) in sides.iter().enumerate() {
        let around = AABB::from_corners(side.start.into(), side.end.into());
        for other in boxes.locate_in_envelope_intersecting(&around).map(|it| it.data) {
            let Some(left) = looks.checked_sub(1) else { return Some(Fault::Tangled) };
            looks = left;
            let met = sides.get(other).filter(|_| other > at);
            if let Some((point, of)) = met.and_then(|(it, of)| Some((crosses(*side, *it)?, *of))) {
                return Some(Fault::Crossing { rings: (*ring, of), at: Point::new(point.y, point.x) });
            }
        }
    }
    None
}

/// Where the insides of two sides meet in one point.
fn crosses(one: Line, other: Line) -> Option<Coord> {
    match line_intersection(one, other)? {
        LineIntersection::SinglePoint { intersection, is_proper: true } => Some(intersection),
        LineIntersection::SinglePoint { .. } | LineIntersection::Collinear { .. } => None,
    }
}
