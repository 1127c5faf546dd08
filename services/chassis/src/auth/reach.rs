//! How far a caller reaches: made once, when their token is verified, and asked by every service.
//!
//! A token's `area` is a code of 4 (a city), 6 (a district), 9, 12 or 15 digits, or the word `city` for everything of the
//! installation. One without `area` reaches nothing; any other text is no token. What a caller reaches is asked in one order: the
//! district first, then the area in it, then the unit.
//!
//! A unit's code says nothing without its district: every district may have a `DEP-chengguan`. The district is the one that the area
//! of the token lies in; a token with a unit therefore needs such an area. How many digits a district has (6, or 9 for a town that has
//! none above it) is told by what is compared, which knows its own district: applied districts never lie in each other, so an area
//! lies in one at most.

use tonic::Code;

use crate::status::Problem;

/// The `area` of a token that reaches everything.
pub const CITY: &str = "city";
/// Digits of an area code: city, district, street or town, community, grid.
const LENGTHS: [usize; 5] = [4, 6, 9, 12, 15];
/// Digits of the shortest code that lies in a district.
const DISTRICT: usize = 6;

/// How far a caller reaches; nothing, unless a token says more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    scope: Scope,
    unit: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Scope {
    #[default]
    Nothing,
    Area(String),
    City,
}

impl Reach {
    /// The reach that a token's `area` and `unit` give.
    ///
    /// # Errors
    /// In words: no such area, or a unit whose district does not follow.
    pub fn parse(area: Option<&str>, unit: Option<&str>) -> Result<Self, &'static str> {
        let scope = match area {
            None => Scope::Nothing,
            Some(CITY) => Scope::City,
            Some(code) if LENGTHS.contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) => {
                Scope::Area(code.to_owned())
            }
            Some(_) => return Err("area must be a code of 4, 6, 9, 12 or 15 digits, or city"),
        };
        let unit = match (unit, &scope) {
            (None, _) => None,
            (Some(unit), Scope::Area(code)) if code.len() >= DISTRICT && !unit.is_empty() => {
                Some(unit.to_owned())
            }
            (Some(_), Scope::Area(_) | Scope::City | Scope::Nothing) => {
                return Err("a unit needs an area in its district");
            }
        };
        Ok(Self { scope, unit })
    }

    /// Everything.
    pub fn city() -> Self {
        Self { scope: Scope::City, unit: None }
    }

    pub fn is_city(&self) -> bool {
        self.scope == Scope::City
    }

    /// Nothing at all.
    pub fn is_nothing(&self) -> bool {
        self.scope == Scope::Nothing
    }

    /// Whether the caller's area is just this one.
    pub fn is_area(&self, area: &str) -> bool {
        matches!(&self.scope, Scope::Area(own) if own == area)
    }

    /// The unit's code, for the record of who did what. To compare units ask [`Reach::is_unit`]: other districts may have the same code.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// Whether all of a district, or of an area, is within: what applying its profile needs.
    pub fn governs(&self, area: &str) -> bool {
        match &self.scope {
            Scope::Nothing => false,
            Scope::Area(own) => area.starts_with(own),
            Scope::City => true,
        }
    }

    /// Whether an area of a district is within. An area known only roughly is within for those who reach all it may mean.
    pub fn sees(&self, district: &str, area: &str) -> bool {
        self.governs(district) || (self.lies_in(district) && self.governs(area))
    }

    /// Whether the caller works in this unit of this district.
    pub fn is_unit(&self, district: &str, code: &str) -> bool {
        self.unit_in(district) == Some(code)
    }

    /// The caller's unit, if it is one of this district.
    pub fn unit_in(&self, district: &str) -> Option<&str> {
        self.unit.as_deref().filter(|_| self.lies_in(district))
    }

    /// The part of a district that is within: all of it, the caller's own area in it, or nothing. A list is narrowed to it.
    pub fn part_of<'a>(&'a self, district: &'a str) -> Option<&'a str> {
        match &self.scope {
            _ if self.governs(district) => Some(district),
            Scope::Area(area) if self.lies_in(district) => Some(area),
            Scope::Area(_) | Scope::City | Scope::Nothing => None,
        }
    }

    /// [`Reach::part_of`], or the refusal. It is told from the token and the question alone, so it says nothing of what there is.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`.
    pub fn within<'a>(&'a self, district: &'a str) -> Result<&'a str, Problem> {
        self.part_of(district).ok_or_else(outside)
    }

    /// The whole installation: a service's log holds all districts.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`.
    pub fn everything(&self) -> Result<(), Problem> {
        if self.is_city() { Ok(()) } else { Err(outside()) }
    }

    /// Whether the caller's area is the district or lies in it.
    fn lies_in(&self, district: &str) -> bool {
        match &self.scope {
            Scope::Area(own) => own.starts_with(district),
            Scope::Nothing | Scope::City => false,
        }
    }
}

/// What was asked for by its district lies outside the caller's area.
pub fn outside() -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_AREA", "this lies outside the area of the caller's token")
}

#[cfg(test)]
mod tests {
    use super::Reach;

    fn reach(area: &str, unit: Option<&str>) -> Reach {
        Reach::parse(Some(area), unit).unwrap()
    }

    #[test]
    fn attack_26_27_only_a_code_or_the_city_is_an_area() {
        for area in ["4201", "420102", "420102003", "420102003002", "420102003002001", "city"] {
            assert!(Reach::parse(Some(area), None).is_ok(), "{area}");
        }
        for area in
            ["", "42", "42010", "42010200", "4201020030020011", "%", "4201__", "４２０１", "City", " 4201"]
        {
            assert!(Reach::parse(Some(area), None).is_err(), "{area:?}");
        }
        for (area, unit) in [(None, "U"), (Some("city"), "U"), (Some("4201"), "U"), (Some("420102"), "")] {
            assert!(Reach::parse(area, Some(unit)).is_err(), "{area:?} {unit:?}");
        }
    }

    #[test]
    fn the_district_comes_first_then_the_area_then_the_unit() {
        let street = reach("420102003", Some("DEP-chengguan"));
        assert!(street.sees("420102", "420102003002") && !street.sees("420102", "420102004"));
        assert!(!street.sees("420102", "420102"), "a place known only roughly may lie elsewhere");
        assert!(!street.governs("420102") && street.part_of("420102") == Some("420102003"));
        assert!(street.is_unit("420102", "DEP-chengguan") && !street.is_unit("420103", "DEP-chengguan"));
        assert!(street.part_of("420103").is_none() && !street.sees("420103", "420102003002"));

        let above = reach("4201", None);
        assert!(above.governs("420102") && above.part_of("420103") == Some("420103"));
        assert!(!above.governs("420202") && above.sees("420102", "somewhere in it"));
        assert!(Reach::city().governs("420102") && Reach::city().everything().is_ok());
        assert!(above.everything().is_err());

        let nothing = Reach::default();
        assert!(!nothing.governs("420102") && nothing.part_of("420102").is_none());
        assert!(!nothing.sees("420102", "420102") && nothing.everything().is_err());
    }

    #[test]
    fn a_town_without_a_district_above_it_is_its_units_district() {
        let desk = reach("441900003001", Some("C-1"));
        assert!(desk.is_unit("441900003", "C-1") && !desk.is_unit("441900004", "C-1"));
        assert_eq!(desk.part_of("441900003"), Some("441900003001"));
        for above in ["441900", "4419"] {
            assert_eq!(reach(above, None).part_of("441900003"), Some("441900003"), "{above}");
        }
    }
}
