//! Addresses read: which areas of a district they name, whether they name another place, which road and house, which building.
//!
//! Everything is sought in the normal form ([`huying_words::normal`]), names likewise, so full-width digits, traditional characters and blanks
//! make no difference. What is found is told as found; whether it agrees, and what it is worth beside other evidence, is the asker's to say.

mod elsewhere;
mod names;
mod road;

use std::ops::Range;

use huying_terms::AreaCode;
use huying_words::normal;

pub use names::{Mention, NameKind};
pub use road::{Houses, Side};

use self::{elsewhere::Elsewhere, names::Names, road::Roads};

/// What is known of a district's names.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    /// Areas by their own names, and by names they had before.
    pub areas: Vec<Named>,
    /// Names that stand for an area: estates, well-known places. `胜利街158号` is one too, and a house on its road.
    pub places: Vec<Named>,
    /// What the district lies in, from the top: 湖北省, 武汉市; and what people call a part of that: 汉口.
    pub within: Vec<String>,
    /// The district's own name, and names of other places that addresses give: its city's other districts.
    pub own: String,
    pub elsewhere: Vec<String>,
    /// Which roads run through which areas.
    pub roads: Vec<(String, Houses)>,
}

/// A name of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub area: AreaCode,
    /// The name is one it had before.
    pub former: bool,
}

/// A road in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Road {
    pub name: String,
    /// The house number as written, such as `12-3号`; empty without one.
    pub number: String,
    /// The house's own number, 12 of `12-3号`; none without one.
    pub house: Option<u32>,
    /// The areas it is known to run through; with a number that lies in a known range, those of the range.
    pub areas: Vec<AreaCode>,
    /// Whether the number lies in a known range.
    pub is_exact: bool,
}

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The normal form.
    pub text: String,
    /// In the order of the text.
    pub mentions: Vec<Mention>,
    /// Names that say it lies in another district, city or province.
    pub elsewhere: Vec<String>,
    pub road: Option<Road>,
    /// Such as `3栋2单元`; empty without one.
    pub building: String,
}

/// A district's names, ready to be read.
pub struct Reader {
    names: Names,
    elsewhere: Elsewhere,
    roads: Roads,
}

impl Reader {
    /// # Errors
    /// Names that no automaton can be made of, in words: too many.
    pub fn new(gazetteer: &Gazetteer) -> Result<Self, String> {
        let mut roads = Roads::within(gazetteer.within.iter().chain([&gazetteer.own]));
        for (name, houses) in &gazetteer.roads {
            roads.add(name, houses.clone());
        }
        for place in &gazetteer.places {
            roads.add_house(&place.name, &place.area);
        }
        Ok(Self {
            names: Names::new(&gazetteer.areas, &gazetteer.places)?,
            elsewhere: Elsewhere::new(gazetteer),
            roads,
        })
    }

    /// Reads an address.
    pub fn read(&self, address: &str) -> Reading {
        let text = normal(address).replace('\n', ",");
        let mut mentions = self.names.find(&text);
        let elsewhere = self.elsewhere.find(&text, &mentions);
        let found = self.roads.find(&text, &mentions);
        if let Some((road, at)) = &found {
            mentions.extend(
                house(road, at).filter(|it| mentions.iter().all(|other| other.at.end <= it.at.start)),
            );
        }
        let road = found.map(|(road, _)| road);
        Reading { elsewhere, road, building: road::building(&text), mentions, text }
    }
}

/// A house whose area is known.
fn house(road: &Road, at: &Range<usize>) -> Option<Mention> {
    let [area] = road.areas.as_slice() else { return None };
    let name = format!("{}{}", road.name, road.number);
    let mention = Mention { name, area: area.clone(), kind: NameKind::House, former: false, at: at.clone() };
    road.is_exact.then_some(mention)
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
