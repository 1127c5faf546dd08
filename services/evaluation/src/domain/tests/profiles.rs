//! What a district sets: checked whole, and used for the window.

use chrono::{NaiveDate, NaiveTime};
use huying_chassis::profile::Part;
use huying_terms::{Limit, LimitKind, Span};
use huying_testing::after;

use super::{monday, resolved, stamp};
use crate::domain::{
    callback::Callback,
    figure::usual,
    profile::{EvaluationProfile, Weights},
};

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
    wrong.rates = usual::rules(&Weights { response: -0.1, ..Weights::default() }).rates;
    let said: Vec<String> =
        wrong.check().into_iter().map(|(field, what)| format!("{field} {what}")).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    district must be a district's area code of 6 digits, or a town's of 9
    calendar must be usable: the working hours from 00:00:00 begin before the ones before them end
    callback must be a limit: a limit is 1 to 8760 of its kind, not 0
    rates[0].weight must be from 0 to 1
    rates must have weights that add up to 1, not 0.8000
    ");
    assert!(wrong.index().is_err());
}

#[test]
fn weights_that_do_not_add_up_are_refused_and_rounding_is_not() {
    let with = |response, resolution, satisfaction| {
        let rates = usual::rules(&Weights { basically: 0.5, response, resolution, satisfaction }).rates;
        EvaluationProfile { rates, ..profile() }.check().is_empty()
    };
    assert!(with(0.1, 0.2, 0.7));
    assert!(with(0.333_333_3, 0.333_333_3, 0.333_333_3));
    assert!(!with(0.3, 0.3, 0.3));
    assert!(!with(0.5, 0.5, 0.5));
}

/// A part that a build before wrote: three weights instead of rates.
#[test]
fn weights_of_builds_before_make_the_usual_rates() {
    let mut before = serde_json::to_value(profile()).unwrap();
    for (weight, value) in [("basically", 0.5), ("response", 0.2), ("resolution", 0.5), ("satisfaction", 0.3)]
    {
        before[format!("{weight}_weight")] = value.into();
    }
    let read: EvaluationProfile = serde_json::from_value(before.clone()).unwrap();
    let weights: Vec<f64> =
        read.rules().rates.iter().map(|rate| rate.weight).filter(|it| *it > 0.0).collect();
    assert_eq!(weights, [0.2, 0.5, 0.3]);
    assert_eq!(serde_json::to_value(read).unwrap(), before);
}

#[test]
fn the_window_is_told_in_the_places_own_working_time() {
    let mut profile = profile();
    profile.callback = Limit { kind: LimitKind::WorkDay, amount: 2 };
    profile.calendar.holidays.insert(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
    let opened = Callback::open(&resolved(), &profile, false);
    let callback: Callback = after(None, &opened[0], &stamp(monday())).unwrap();
    // Monday 09:00 and two working days, Tuesday off: Thursday 09:00.
    assert_eq!(callback.opened.due_at, monday() + chrono::Duration::days(3));
}
