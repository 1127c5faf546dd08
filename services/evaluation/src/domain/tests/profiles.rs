//! What a district sets: checked whole, and used for the window.

use chrono::{NaiveDate, NaiveTime};
use huying_chassis::profile::Part;
use huying_terms::{Limit, LimitKind, Span};
use huying_testing::after;

use super::{monday, resolved, stamp};
use crate::domain::{callback::Callback, profile::EvaluationProfile, rates::Weights};

fn profile() -> EvaluationProfile {
    EvaluationProfile::default_of("420102")
}

#[test]
fn the_built_in_profile_is_right() {
    assert!(profile().check().is_empty());
    assert_eq!(profile().index(), Ok(profile()));
    assert_eq!(profile().callback.chinese(), "5自然日");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut wrong = profile();
    wrong.district = "42010".into();
    wrong.calendar.hours =
        vec![Span::new(NaiveTime::MIN, NaiveTime::MIN), Span::new(NaiveTime::MIN, NaiveTime::MIN)];
    wrong.callback = Limit { kind: LimitKind::WorkDay, amount: 0 };
    wrong.weights = Weights { basically: f64::NAN, response: -0.1, resolution: 1.5, satisfaction: 0.4 };
    let said: Vec<String> =
        wrong.check().into_iter().map(|(field, what)| format!("{field} {what}")).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    district must be a district's area code of 6 digits, or a town's of 9
    calendar must be usable: the working hours from 00:00:00 begin before the ones before them end
    callback must be a limit: a limit is 1 to 8760 of its kind, not 0
    basically_weight must be from 0 to 1
    response_weight must be from 0 to 1
    resolution_weight must be from 0 to 1
    response_weight must add up to 1 with the other two, not 1.8000
    ");
    assert!(wrong.index().is_err());
}

#[test]
fn weights_that_do_not_add_up_are_refused_and_rounding_is_not() {
    let with = |response, resolution, satisfaction| {
        let weights = Weights { basically: 0.5, response, resolution, satisfaction };
        EvaluationProfile { weights, ..profile() }.check().is_empty()
    };
    assert!(with(0.1, 0.2, 0.7));
    assert!(with(0.333_333_3, 0.333_333_3, 0.333_333_3));
    assert!(!with(0.3, 0.3, 0.3));
    assert!(!with(0.5, 0.5, 0.5));
}

#[test]
fn the_window_is_told_in_the_places_own_working_time() {
    let mut profile = profile();
    profile.callback = Limit { kind: LimitKind::WorkDay, amount: 2 };
    profile.calendar.holidays.insert(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
    let opened = Callback::open(resolved(), &profile, false);
    let callback: Callback = after(None, &opened, &stamp(monday())).unwrap();
    // Monday 09:00 and two working days, Tuesday off: Thursday 09:00.
    assert_eq!(callback.opened.due_at, monday() + chrono::Duration::days(3));
}
