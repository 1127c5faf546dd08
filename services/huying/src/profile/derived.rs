//! `[derived]` of `profile.toml`: what need not be written line by line because it follows from the areas. Grids, which no public list has,
//! are spread evenly over the communities; and every area has the one unit that answers for it. Whatever a table says itself counts.

use std::collections::BTreeMap;

use huying_proto::common::v1 as common;
use huying_proto::routing::v1::{Area, Unit, UnitKind};
use huying_terms::Tier;
use serde::Deserialize;
use toml::Spanned;

/// Most grids of one community: their codes have three digits.
const MOST: usize = 999;
/// From this number on a community's code is a village's, by the rule of the national division codes.
const VILLAGES: u32 = 200;

/// What is derived; nothing, unless it is said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Derived {
    /// How many grids there are in all.
    pub(super) grids: Option<Spanned<usize>>,
    #[serde(default)]
    units: Names,
}

/// How the unit of an area is called, `{}` being the area's name; none: its tier has no derived units.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    street: Option<String>,
    community: Option<String>,
    village: Option<String>,
    grid: Option<String>,
}

impl Derived {
    /// The grids that are not in the table, each with the code of its community.
    ///
    /// # Errors
    /// A number that cannot be spread.
    pub(super) fn grids(&self, areas: &[Area]) -> Result<Vec<Area>, String> {
        let Some(total) = self.grids.as_ref().map(Spanned::get_ref) else { return Ok(Vec::new()) };
        let written = areas.iter().filter(|area| area.tier() == common::Tier::Grid);
        let divided: Vec<&str> = written.map(|grid| grid.parent.as_str()).collect();
        let communities: Vec<&Area> = areas
            .iter()
            .filter(|area| area.tier() == common::Tier::Community && !divided.contains(&area.code.as_str()))
            .collect();
        let left = total.saturating_sub(divided.len());
        if left < communities.len() || left > communities.len() * MOST {
            return Err(format!("{left} grids cannot be spread over {} communities", communities.len()));
        }
        let (each, over) = (left / communities.len().max(1), left % communities.len().max(1));
        let of = |(at, community): (usize, &&Area)| -> Vec<Area> {
            let count = each + usize::from(at < over);
            (1..=count).map(|number| grid(community, number)).collect()
        };
        Ok(communities.iter().enumerate().flat_map(of).collect())
    }

    /// The units of areas that have none in the table. Areas come in the order of their codes.
    pub(super) fn units(&self, areas: &[Area], written: &[Unit]) -> Vec<Unit> {
        let line = |unit: &&Unit| {
            matches!(
                unit.kind(),
                UnitKind::GridTeam | UnitKind::Community | UnitKind::Street | UnitKind::District
            )
        };
        let mut posts: BTreeMap<&str, String> =
            written.iter().filter(line).map(|unit| (unit.area.as_str(), unit.code.clone())).collect();
        let mut units = Vec::new();
        for area in areas {
            let Some((letter, kind, name)) = self.post(area) else { continue };
            if posts.contains_key(area.code.as_str()) {
                continue;
            }
            let above = Tier::ALL.iter().filter_map(|tier| posts.get(area.code.get(..tier.code_len())?));
            let unit = Unit {
                code: format!("{letter}-{}", area.code),
                name: name.replace("{}", &area.name),
                kind: kind.into(),
                tier: area.tier,
                area: area.code.clone(),
                superior: above.map(String::clone).next().unwrap_or_default(),
                ..Unit::default()
            };
            posts.insert(&area.code, unit.code.clone());
            units.push(unit);
        }
        units
    }

    fn post(&self, area: &Area) -> Option<(char, UnitKind, &str)> {
        let (letter, kind, name) = match area.tier() {
            common::Tier::Grid => ('G', UnitKind::GridTeam, &self.units.grid),
            common::Tier::Community if is_village(&area.code) => {
                ('C', UnitKind::Community, &self.units.village)
            }
            common::Tier::Community => ('C', UnitKind::Community, &self.units.community),
            common::Tier::Street => ('S', UnitKind::Street, &self.units.street),
            common::Tier::District | common::Tier::Unspecified => return None,
        };
        Some((letter, kind, name.as_deref()?))
    }
}

fn is_village(code: &str) -> bool {
    code.get(9..12).and_then(|number| number.parse().ok()).is_some_and(|number: u32| number >= VILLAGES)
}

fn grid(community: &Area, number: usize) -> Area {
    Area {
        code: format!("{}{number:03}", community.code),
        name: format!("{}第{}网格", community.name, chinese(number)),
        tier: common::Tier::Grid.into(),
        parent: community.code.clone(),
        ..Area::default()
    }
}

/// 1 to 999 as people say it.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: usize| DIGITS.get(at).copied().unwrap_or_default();
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    let mut said = String::new();
    if hundreds > 0 {
        said += digit(hundreds);
        said += "百";
    }
    if tens > 1 || (tens == 1 && hundreds > 0) {
        said += digit(tens);
    }
    if tens > 0 {
        said += "十";
    } else if hundreds > 0 && ones > 0 {
        said += "零";
    }
    if ones > 0 {
        said += digit(ones);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        let said = [1, 10, 12, 20, 23, 100, 105, 110, 118, 230].map(chinese);
        let expected =
            ["一", "十", "十二", "二十", "二十三", "一百", "一百零五", "一百一十", "一百一十八", "二百三十"];
        assert_eq!(said, expected);
    }
}
