//! Areas around a point. A box around each border keeps the exact look for the few that may hold it.

use geo::{
    BoundingRect, Coord, CoordinatePosition, LineString, Polygon, Rect, coordinate_position::CoordPos,
};
use huying_terms::{AreaCode, Point};

use crate::domain::profile::Boundary;

struct Border {
    area: AreaCode,
    within: Rect,
    shape: Polygon,
}

/// All borders.
pub struct Borders(Vec<Border>);

impl Borders {
    pub(super) fn new(boundaries: &[Boundary]) -> Self {
        let border = |boundary: &Boundary| {
            let ring: LineString = boundary.ring.iter().copied().map(coordinate).collect();
            let shape = Polygon::new(ring, Vec::new());
            Some(Border { area: boundary.area.clone(), within: shape.bounding_rect()?, shape })
        };
        Self(boundaries.iter().filter_map(border).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The areas whose border holds a point; on the line counts, for both sides of it.
    pub fn around(&self, point: Point) -> impl Iterator<Item = &AreaCode> {
        let at = coordinate(point);
        let near = self.0.iter().filter(move |border| in_box(&border.within, at));
        near.filter(move |border| border.shape.coordinate_position(&at) != CoordPos::Outside)
            .map(|border| &border.area)
    }
}

fn coordinate(point: Point) -> Coord {
    Coord { x: point.longitude, y: point.latitude }
}

fn in_box(within: &Rect, at: Coord) -> bool {
    let (least, most) = (within.min(), within.max());
    (least.x..=most.x).contains(&at.x) && (least.y..=most.y).contains(&at.y)
}
