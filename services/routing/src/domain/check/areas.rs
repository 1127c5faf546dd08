//! The tree, its borders and its names.

use std::collections::HashSet;

use huying_place::{Fault, fault, metres};
use huying_terms::Point;

use super::{Check, WARNED, repeated};
use crate::domain::profile::{Boundary, Directory};

/// A district's borders lie within so many metres of its middle; one further off has a wrong digit.
const FAR: f64 = 100_000.0;

impl Check<'_> {
    pub(super) fn areas(&mut self) {
        let directory = self.directory;
        let district = &directory.district;
        self.require(
            self.areas.contains_key(district),
            || "areas".into(),
            || format!("must have the district itself, {district}"),
        );
        for at in repeated(directory.areas.iter().map(|it| &it.code)) {
            self.wrong(format!("areas[{at}].code"), format!("{} is there twice", directory.areas[at].code));
        }
        for (at, area) in directory.areas.iter().enumerate() {
            let code = &area.code;
            self.require(
                area.tier == code.tier(),
                || format!("areas[{at}].tier"),
                || format!("must be {}, by the length of {code}", code.tier()),
            );
            self.require(
                district.contains(code),
                || format!("areas[{at}].code"),
                || format!("{code} does not lie in {district}"),
            );
            if code == district {
                self.require(
                    area.parent.is_none(),
                    || format!("areas[{at}].parent"),
                    || "must be empty at the top".into(),
                );
            } else {
                self.parent(at);
            }
        }
    }

    /// A former code is nobody's any more, and led to one area.
    pub(super) fn former(&mut self) {
        let directory = self.directory;
        let mut seen = HashSet::new();
        for (at, area) in directory.areas.iter().enumerate() {
            for code in &area.former_codes {
                let free = !self.areas.contains_key(code) && seen.insert(code);
                self.require(
                    free,
                    || format!("areas[{at}].former_codes"),
                    || format!("{code} is an area of this profile, or was another's too"),
                );
            }
        }
    }

    pub(super) fn roads(&mut self) {
        for (at, road) in self.directory.roads.iter().enumerate() {
            self.known_area(|| format!("roads[{at}].area"), &road.area);
            let in_order = road.numbers.is_none_or(|(first, last)| first <= last);
            self.require(in_order, || format!("roads[{at}].last"), || "must not be below the first".into());
        }
    }

    /// Tiers nest: the area one tier up, and there.
    fn parent(&mut self, at: usize) {
        let area = &self.directory.areas[at];
        let (code, wanted) = (&area.code, area.code.parent());
        let field = || format!("areas[{at}].parent");
        match (&area.parent, wanted) {
            (Some(parent), Some(wanted)) if *parent == wanted => self.known_area(field, parent),
            (_, Some(wanted)) => self.wrong(field(), format!("of {code} must be {wanted}")),
            (_, None) => {}
        }
    }

    pub(super) fn boundaries(&mut self) {
        for (at, boundary) in self.directory.boundaries.iter().enumerate() {
            self.known_area(|| format!("boundaries[{at}].area"), &boundary.area);
            let holes = boundary.holes.iter().enumerate();
            let holes = holes.map(|(hole, ring)| (format!("boundaries[{at}].holes[{hole}]"), ring));
            let outer = std::iter::once((format!("boundaries[{at}].ring"), &boundary.ring));
            for (field, ring) in outer.chain(holes) {
                self.require(ring.len() >= 3, || field.clone(), || "must have at least 3 points".into());
                self.require(encloses(ring), || field.clone(), || "must enclose something".into());
            }
            self.shape(at, boundary);
        }
    }

    /// The first thing that is wrong with its rings together, by the area's name.
    fn shape(&mut self, at: usize, boundary: &Boundary) {
        let Some(fault) = fault(&boundary.ring, &boundary.holes) else { return };
        let name = self.areas.get(&boundary.area).map_or("", |area| area.name.as_str());
        let field = |ring: usize| match ring {
            0 => format!("boundaries[{at}].ring"),
            hole => format!("boundaries[{at}].holes[{}]", hole - 1),
        };
        let of = format!("of {} {name}", boundary.area);
        match fault {
            Fault::Crossing { rings: (ring, other), at } => {
                let what = if ring == other { "itself" } else { "another ring of it" };
                let near = format!("near {:.6}, {:.6}", at.latitude, at.longitude);
                self.wrong(field(ring.max(other)), format!("{of} crosses {what} {near}"));
            }
            Fault::Outside { ring } => self.wrong(field(ring), format!("{of} lies outside its border")),
            Fault::Tangled => {
                self.wrong(
                    field(0),
                    format!("{of} has too many sides across each other's way: draw it simpler"),
                );
            }
        }
    }

    pub(super) fn forces(&mut self) {
        for (at, force) in self.directory.forces.iter().enumerate() {
            self.known_area(|| format!("forces[{at}].area"), &force.area);
        }
    }

    pub(super) fn places(&mut self) {
        for at in repeated(self.directory.places.iter().map(|it| &it.name)) {
            self.wrong(
                format!("places[{at}].name"),
                format!("{} is there twice", self.directory.places[at].name),
            );
        }
        for (at, place) in self.directory.places.iter().enumerate() {
            self.known_area(|| format!("places[{at}].area"), &place.area);
        }
    }
}

impl Directory {
    /// Borders that lie far from where most of them do.
    pub(super) fn far(&self) -> Vec<String> {
        let corners = || self.boundaries.iter().filter_map(|it| it.ring.first());
        let middle =
            Point::new(median(corners().map(|it| it.latitude)), median(corners().map(|it| it.longitude)));
        let name = |it: &Boundary| {
            self.areas.iter().find(|area| area.code == it.area).map_or("", |area| area.name.as_str())
        };
        let furthest = |it: &Boundary| {
            let rings = std::iter::once(&it.ring).chain(&it.holes);
            rings.flatten().map(|at| metres(middle, *at)).fold(0.0, f64::max)
        };
        let far = self.boundaries.iter().map(|it| (it, furthest(it))).filter(|(_, metres)| *metres > FAR);
        let warning = |(it, metres): (&Boundary, f64)| {
            let (name, km) = (name(it), metres / 1000.0);
            format!(
                "the border of {} {name} is {km:.0} km away from where most borders lie: see whether a digit of it is wrong",
                it.area
            )
        };
        far.take(WARNED).map(warning).collect()
    }
}

/// The one in the middle; of none, nowhere.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Whether a ring has an inside: the shoelace sum is not zero.
fn encloses(ring: &[Point]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let sum: f64 =
        ring.iter().zip(next).map(|(a, b)| a.longitude * b.latitude - b.longitude * a.latitude).sum();
    sum.abs() > 1e-12
}
