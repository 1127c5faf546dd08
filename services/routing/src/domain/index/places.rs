//! What finds areas: the names of the directory as the address reader takes them, borders, and codes as they are given.

use std::collections::HashMap;

use huying_place::{
    Part,
    address::{Gazetteer, Houses, Named, Reader, Side},
};
use huying_terms::AreaCode;
use huying_words::normal;

use super::Index;
use crate::domain::profile::{Area, Boundary, Directory, RoadSide};

/// What a code that somebody gave comes to.
#[derive(Clone, Copy, Debug)]
pub enum CodeRead<'a> {
    Empty,
    /// An area of the district; `former`: by a code it had before.
    Here {
        area: &'a Area,
        former: bool,
    },
    /// The city or the province that the district lies in.
    Above,
    /// Another district's.
    Elsewhere,
    /// None of the district's areas, and nobody else's either.
    Unknown,
}

impl Index {
    /// Reads a code in any of its published lengths, also one that was retired.
    pub fn read_code(&self, given: &str) -> CodeRead<'_> {
        let text = normal(given);
        let short = text.trim_end_matches('0');
        if text.is_empty() {
            return CodeRead::Empty;
        }
        // A province has 2 digits and a city 4, and zeros behind them.
        let above = (2..=4).contains(&short.len()) && self.district.as_str().starts_with(short);
        let Ok(code) = AreaCode::published(&text) else {
            return if above { CodeRead::Above } else { CodeRead::Unknown };
        };
        let former = || self.areas.get(*self.former_at.get(&code)?);
        match (self.area(&code), former()) {
            (Some(area), _) => CodeRead::Here { area, former: false },
            (None, Some(area)) => CodeRead::Here { area, former: true },
            (None, None) if above || code.contains(&self.district) => CodeRead::Above,
            (None, None) if !self.district.contains(&code) && is_a_provinces(code.as_str()) => {
                CodeRead::Elsewhere
            }
            (None, None) => CodeRead::Unknown,
        }
    }
}

/// Whether a code begins like one of a province: 11 to 15, 21 to 23, 31 to 37, 41 to 46, 50 to 54, 61 to 65, 71, 81, 82.
fn is_a_provinces(code: &str) -> bool {
    let most = match code.get(..1) {
        Some("1" | "6") => '5',
        Some("2") => '3',
        Some("3") => '7',
        Some("4") => '6',
        Some("5") => '4',
        Some("7") => '1',
        Some("8") => '2',
        Some(_) | None => return false,
    };
    let least = if code.starts_with('5') { '0' } else { '1' };
    code.chars().nth(1).is_some_and(|second| (least..=most).contains(&second))
}

pub(super) fn former(areas: &[Area]) -> HashMap<AreaCode, usize> {
    let codes =
        areas.iter().enumerate().flat_map(|(at, area)| area.former_codes.iter().map(move |code| (code, at)));
    codes.map(|(code, at)| (code.clone(), at)).collect()
}

pub(super) fn part(boundary: Boundary) -> (AreaCode, Part) {
    (boundary.area, Part { outer: boundary.ring, holes: boundary.holes })
}

/// The directory's names. The district's own is in every address and says nothing.
pub(super) fn reader(directory: &Directory) -> Result<Reader, String> {
    let district = &directory.district;
    let named =
        |name: &str, area: &AreaCode, former| Named { name: name.to_owned(), area: area.clone(), former };
    let below = directory.areas.iter().filter(|it| it.code != *district && !it.name.is_empty());
    let areas = below.flat_map(|it| {
        let former = it.former_names.iter().map(|name| named(name, &it.code, true));
        std::iter::once(named(&it.name, &it.code, false)).chain(former)
    });
    let own = directory.areas.iter().find(|it| it.code == *district).map(|it| it.name.clone());
    let road = |it: &crate::domain::profile::Road| {
        let side = match it.side {
            RoadSide::Both => Side::Both,
            RoadSide::Odd => Side::Odd,
            RoadSide::Even => Side::Even,
        };
        (it.name.clone(), Houses { area: it.area.clone(), numbers: it.numbers, side })
    };
    Reader::new(&Gazetteer {
        areas: areas.collect(),
        places: directory.places.iter().map(|it| named(&it.name, &it.area, false)).collect(),
        within: directory.within.clone(),
        own: own.unwrap_or_default(),
        elsewhere: directory.elsewhere.clone(),
        roads: directory.roads.iter().map(road).collect(),
    })
}
