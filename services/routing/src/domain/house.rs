//! Roads known from history: where requests whose address named a road turned out to lie.
//!
//! A route whose area is certain and whose address names a road keeps both. A later request that says no more than such a road is led by
//! them to communities that it may be in, for a person to choose from.

use std::{cmp::Reverse, collections::BTreeMap};

use huying_place::address::Reading;
use huying_terms::{AreaCode, Location, Tier};
use serde::{Deserialize, Serialize};

use super::index::Index;

/// A road, and a house on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct House {
    /// In normal form.
    pub road: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
}

/// What an earlier route on a road tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub community: AreaCode,
    pub number: Option<u32>,
}

/// A community that a road led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led {
    pub community: AreaCode,
    pub times: usize,
    /// How far the nearest house number there is, and which; none where one side has no number.
    pub nearest: Option<(u32, u32)>,
}

impl House {
    /// The one that an address names; none where it names another district too, since nobody knows which of both the road is in.
    pub fn of(reading: &Reading) -> Option<Self> {
        let road = reading.road.as_ref().filter(|_| reading.elsewhere.is_empty())?;
        Some(Self { road: road.name.clone(), number: road.house })
    }

    /// The one that a location names, as history of an area that is certain; none of an area that says no more than the road.
    pub fn certain(index: &Index, location: &Location, area: &AreaCode) -> Option<Self> {
        let is_exact = area.tier() <= Tier::Community;
        is_exact.then(|| index.addresses.read(&location.address)).and_then(|reading| Self::of(&reading))
    }

    /// The communities that it leads to: those with the nearest house first, then those that it led to most often.
    pub fn leads(&self, past: &[Past]) -> Vec<Led> {
        let mut by_community: BTreeMap<&AreaCode, Led> = BTreeMap::new();
        for it in past {
            let community = it.community.clone();
            let led = by_community.entry(&it.community).or_insert(Led { community, times: 0, nearest: None });
            led.times += 1;
            let far = |(own, other): (u32, u32)| (own.abs_diff(other), other);
            let nearest = led.nearest.into_iter().chain(self.number.zip(it.number).map(far));
            led.nearest = nearest.min();
        }
        let mut led: Vec<Led> = by_community.into_values().collect();
        led.sort_by_key(|it| (it.nearest.map_or(u32::MAX, |(far, _)| far), Reverse(it.times)));
        led
    }
}

#[cfg(test)]
mod tests {
    use huying_terms::AreaCode;

    use super::{House, Past};

    fn leads(number: Option<u32>, past: &[(&str, Option<u32>)]) -> Vec<(String, usize)> {
        let past = past.iter().map(|(code, number)| Past {
            community: AreaCode::parse(code).unwrap_or_else(|why| panic!("{why}")),
            number: *number,
        });
        let led = House { road: "某路".into(), number }.leads(&past.collect::<Vec<_>>());
        led.into_iter().map(|it| (it.community.to_string(), it.times)).collect()
    }

    #[test]
    fn the_most_often_comes_first_and_the_nearest_house_before_it() {
        let (park, mills, quay) = ("420102003002", "420102003005", "420102010002");
        let past = [
            (park, Some(12)),
            (mills, None),
            (mills, Some(90)),
            (mills, Some(96)),
            (quay, None),
            (quay, None),
        ];
        let told = |list: &[(&str, usize)]| {
            list.iter().map(|(it, times)| ((*it).to_owned(), *times)).collect::<Vec<_>>()
        };
        assert_eq!(leads(None, &past), told(&[(mills, 3), (quay, 2), (park, 1)]));
        assert_eq!(leads(Some(14), &past), told(&[(park, 1), (mills, 3), (quay, 2)]));
        assert_eq!(leads(Some(95), &past), told(&[(mills, 3), (park, 1), (quay, 2)]));
        assert_eq!(leads(None, &[]), []);
    }
}
