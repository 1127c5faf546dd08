//! Who may rate whom on a case, how long, and what it adds.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Asia::Shanghai;
use huying_terms::Tier;
use uuid::Uuid;

use super::{monday, stamp};
use crate::domain::{
    figure::{
        Measure,
        course::Course,
        parts::Parts,
        rating::postings,
        told::{Told, What},
    },
    rating::{Judged, Rating, RatingChange, RatingError, RatingKind, RatingReason, Said, give::WINDOW},
    verdict::Satisfaction,
};
use huying_chassis::log::Aggregate as _;

const CASE: Uuid = Uuid::from_u128(7);

fn told(what: What, hours: i64, (holder, tier): (&str, Tier), parts: Parts) -> Told {
    Told {
        what,
        at: monday() + Duration::hours(hours),
        number: "JA-1".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        tier,
        holder: holder.into(),
        attempt: 1,
        opened_at: monday(),
        due_at: None,
        respond_by: None,
        to_be_verified: false,
        withdrawn: false,
        request: None,
        priority: None,
        more: None,
        ground: String::new(),
        parts,
    }
}

const COMMUNITY: (&str, Tier) = ("community", Tier::Community);
const STREET: (&str, Tier) = ("street", Tier::Street);

fn called(units: &[&str], by: &str) -> Parts {
    Parts::called(units.iter().map(|it| (*it).to_owned()), by)
}

fn worked(units: &[&str]) -> Parts {
    Parts::of_workers(units.iter().map(|it| (*it).to_owned()).collect())
}

/// A community sent it up to its street, which called three departments: one worked, one declined, and one was called by a group's chair.
fn working() -> Course {
    let mut course = Course::begin(&told(What::Opened, 0, COMMUNITY, Parts::default()));
    course.take(&told(What::Escalated, 1, STREET, Parts::default()));
    course.take(&told(What::Called, 2, STREET, called(&["parks", "traffic"], "street")));
    course.take(&told(What::Called, 3, STREET, called(&["water"], "leader")));
    course
}

fn resolved() -> Course {
    let mut course = working();
    course.take(&told(What::Resolved, 10, STREET, worked(&["street", "parks", "water"])));
    course
}

fn saying(unit: &str, said: Said) -> Judged {
    Judged { unit: unit.into(), said, reasons: Vec::new(), comment: String::new() }
}

const SATISFIED: Said = Said::Grassroots(Satisfaction::Satisfied);

fn rate(course: &Course, rater: &str, unit: &str, said: Said, hours: i64) -> Result<Rating, RatingError> {
    let at = monday() + Duration::hours(hours);
    let given = course.rate(CASE, Some(rater), &saying(unit, said), at)?;
    Ok(given_at(&given, at))
}

fn given_at(given: &RatingChange, at: DateTime<Utc>) -> Rating {
    let state = Rating::leads_to(None, given).unwrap();
    Rating::first(given, state, &stamp(at)).unwrap()
}

fn refused(course: &Course, rater: &str, unit: &str, said: Said) -> RatingError {
    rate(course, rater, unit, said, 11).unwrap_err()
}

#[test]
fn a_lower_one_rates_who_stands_above_or_beside_the_line() {
    let case = resolved();
    for (rater, unit, tier) in [
        ("community", "street", Some(Tier::Street)),
        ("community", "parks", None),
        ("street", "parks", None),
        ("street", "water", None),
    ] {
        let rating = rate(&case, rater, unit, SATISFIED, 11).unwrap();
        assert_eq!((&*rating.rated.rater, &*rating.rated.unit, rating.rated.tier), (rater, unit, tier));
    }
    let above = |unit: &str| RatingError::NotAbove { unit: unit.into() };
    assert_eq!(refused(&case, "street", "community", SATISFIED), above("community"), "a higher one");
    assert_eq!(refused(&case, "community", "traffic", SATISFIED), above("traffic"), "it did not come");
    assert_eq!(refused(&case, "parks", "street", SATISFIED), above("street"), "it never held the case");
    assert_eq!(refused(&case, "parks", "water", SATISFIED), above("water"));
    let own = RatingError::OwnWork { unit: "street".into() };
    assert_eq!(refused(&case, "street", "street", SATISFIED), own);
    for (rater, unit, who) in
        [("police", "street", "police"), ("street", "police", "police"), ("", "street", "")]
    {
        assert_eq!(refused(&case, rater, unit, SATISFIED), RatingError::NoPart { unit: who.into() });
    }
}

#[test]
fn a_grid_does_not_rate_its_community_and_a_community_not_another() {
    let mut case = Course::begin(&told(What::Opened, 0, ("grid", Tier::Grid), Parts::default()));
    case.take(&told(What::Escalated, 1, COMMUNITY, Parts::default()));
    case.take(&told(What::Resolved, 2, COMMUNITY, worked(&["community"])));
    let above = RatingError::NotAbove { unit: "community".into() };
    assert_eq!(refused(&case, "grid", "community", SATISFIED), above);
}

#[test]
fn who_holds_it_at_the_district_rates_nobody_and_is_rated() {
    let mut case = working();
    let district = ("district", Tier::District);
    case.take(&told(What::Escalated, 4, district, Parts::default()));
    case.take(&told(What::Resolved, 5, district, worked(&["district", "parks"])));
    assert_eq!(
        refused(&case, "district", "parks", SATISFIED),
        RatingError::NotAbove { unit: "parks".into() }
    );
    for rater in ["community", "street"] {
        assert_eq!(rate(&case, rater, "district", SATISFIED, 6).unwrap().rated.tier, Some(Tier::District));
    }
}

#[test]
fn a_called_one_judges_who_called_it_and_nobody_else() {
    let case = resolved();
    for (rater, unit) in [("parks", "street"), ("traffic", "street"), ("water", "leader")] {
        let rating = rate(&case, rater, unit, Said::Aptness(false), 11).unwrap();
        assert_eq!((rating.rated.said.kind(), &*rating.rated.unit), (RatingKind::Aptness, unit));
    }
    for (rater, unit) in [("water", "street"), ("parks", "leader"), ("parks", "community")] {
        let expected = RatingError::NotCalled { unit: unit.into() };
        assert_eq!(refused(&case, rater, unit, Said::Aptness(true)), expected, "{rater}");
    }
    assert_eq!(
        refused(&case, "street", "leader", Said::Aptness(true)),
        RatingError::NotCalled { unit: "leader".into() }
    );
}

#[test]
fn only_what_is_resolved_is_rated_and_for_fifteen_days() {
    let case = working();
    assert_eq!(refused(&case, "community", "street", SATISFIED), RatingError::NotResolved);
    assert_eq!(refused(&case, "parks", "street", Said::Aptness(true)), RatingError::NotResolved);
    let end = 10 + WINDOW.num_hours();
    let case = resolved();
    let last = case.rate(
        CASE,
        Some("community"),
        &saying("street", SATISFIED),
        monday() + Duration::hours(end) - Duration::microseconds(1),
    );
    assert!(last.is_ok());
    for (rater, unit, said) in [("community", "street", SATISFIED), ("parks", "street", Said::Aptness(true))]
    {
        assert_eq!(rate(&case, rater, unit, said, end), Err(RatingError::WindowOver));
    }

    // Somebody is to look at it first.
    let mut unverified = working();
    let first = Told { to_be_verified: true, ..told(What::Resolved, 10, STREET, worked(&["street"])) };
    unverified.take(&first);
    assert_eq!(refused(&unverified, "community", "street", SATISFIED), RatingError::NotResolved);
    unverified.take(&told(What::Verified, 12, STREET, worked(&["street", "parks"])));
    assert!(rate(&unverified, "street", "parks", SATISFIED, 13).is_ok());

    // Reopened, it is at work again; its window begins anew with the next resolution.
    let mut again = resolved();
    again.take(&told(What::Reopened, 20, STREET, Parts::default()));
    assert_eq!(rate(&again, "community", "street", SATISFIED, 21), Err(RatingError::NotResolved));
    again.take(&told(What::Resolved, 200, STREET, worked(&["street"])));
    assert!(rate(&again, "community", "street", SATISFIED, end + 100).is_ok());
}

#[test]
fn a_call_that_came_to_nothing_is_judged_all_the_same() {
    let mut case = working();
    case.take(&Told { withdrawn: true, ..told(What::Closed, 5, STREET, Parts::default()) });
    assert!(rate(&case, "traffic", "street", Said::Aptness(false), 6).is_ok());
    assert_eq!(rate(&case, "community", "street", SATISFIED, 6), Err(RatingError::NotResolved));
    let end = 5 + WINDOW.num_hours();
    assert_eq!(rate(&case, "traffic", "street", Said::Aptness(false), end), Err(RatingError::WindowOver));
}

#[test]
fn who_had_part_is_kept_once_however_often_it_is_told() {
    let mut case = resolved();
    let before = case.parts.clone();
    case.take(&told(What::Called, 3, STREET, called(&["parks"], "street")));
    case.take(&told(What::Resolved, 20, STREET, worked(&["street", "parks"])));
    assert_eq!(case.parts, before);
    for n in 0..300 {
        case.take(&told(What::Called, 3, STREET, called(&[&format!("unit-{n}")], "street")));
    }
    assert_eq!(case.parts.calls.len(), 200);
}

#[test]
fn a_rating_counts_for_whom_it_is_of_on_its_day() {
    let counted = |said, unit| {
        let rater = if matches!(said, Said::Aptness(_)) { "parks" } else { "community" };
        let rating = rate(&resolved(), rater, unit, said, 15).unwrap();
        let postings = postings(&rating, Shanghai);
        assert!(postings.iter().all(|it| it.unit == unit && it.day.to_string() == "2026-11-24"));
        assert!(postings.iter().all(|it| it.area == "420102003005" && it.number == 1));
        postings.iter().map(|it| it.measure).collect::<Vec<_>>()
    };
    use Measure::{CallsApt, CallsJudged, GrassrootsBasically, GrassrootsRated, GrassrootsSatisfied};
    for (satisfaction, expected) in [
        (Satisfaction::VerySatisfied, vec![GrassrootsRated, GrassrootsSatisfied]),
        (Satisfaction::Satisfied, vec![GrassrootsRated, GrassrootsSatisfied]),
        (Satisfaction::Basically, vec![GrassrootsRated, GrassrootsBasically]),
        (Satisfaction::Unsatisfied, vec![GrassrootsRated]),
        (Satisfaction::VeryUnsatisfied, vec![GrassrootsRated]),
    ] {
        assert_eq!(counted(Said::Grassroots(satisfaction), "street"), expected);
    }
    assert_eq!(counted(Said::Aptness(true), "street"), [CallsJudged, CallsApt]);
    assert_eq!(counted(Said::Aptness(false), "street"), [CallsJudged]);
}

#[test]
fn a_reason_is_of_one_kind_of_rating_or_of_both() {
    let fits = |kind| RatingReason::ALL.iter().filter(|it| it.fits(kind)).count();
    assert_eq!((fits(RatingKind::Grassroots), fits(RatingKind::Aptness)), (5, 4));
    let favourable =
        [SATISFIED, Said::Grassroots(Satisfaction::Basically), Said::Aptness(true)].map(Said::is_favourable);
    let not = [Said::Grassroots(Satisfaction::Unsatisfied), Said::Aptness(false)].map(Said::is_favourable);
    assert_eq!((favourable, not), ([true; 3], [false; 2]));
}
