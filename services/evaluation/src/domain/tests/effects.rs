//! What is said of one time beside another, and what is counted by channel.

use chrono_tz::Asia::Shanghai;

use super::monday;
use crate::domain::figure::{
    By, Cells, Channel, Measure, Span, effect::Level, post, received::Received, usual,
};
use crate::domain::profile::Weights;

fn level(volume: i64, satisfaction: Option<f64>) -> Level {
    Level { volume, satisfaction }
}

#[test]
fn fewer_who_are_more_satisfied_are_better_and_nothing_else_is() {
    let then = level(137, Some(0.85));
    assert_eq!(level(90, Some(0.95)).is_better(&then), Some(true));
    for (volume, satisfaction) in [(137, 0.95), (138, 0.95), (90, 0.85), (90, 0.84)] {
        assert_eq!(
            level(volume, Some(satisfaction)).is_better(&then),
            Some(false),
            "{volume} {satisfaction}"
        );
    }
    let change = level(90, None).volume_change(&then).unwrap();
    assert_eq!((change * 1000.0).round(), -343.0);
    assert_eq!(level(90, Some(0.5)).satisfaction_change(&level(1, Some(0.25))), Some(0.25));
}

#[test]
fn where_there_was_nothing_there_is_no_change() {
    let now = level(90, Some(0.95));
    let nothing = Level::default();
    assert_eq!((now.volume_change(&nothing), now.satisfaction_change(&nothing)), (None, None));
    assert_eq!((now.is_better(&nothing), now.is_better(&level(137, None))), (None, None));
    assert_eq!(level(90, None).is_better(&level(137, Some(0.8))), None);
}

/// Of which sums a request is part.
fn sums(received: &Received) -> Vec<(String, By, String)> {
    let mut cells = Cells::new();
    post(&mut cells, &received.district, &received.postings(Shanghai), 1);
    assert!(cells.values().all(|counts| counts.get(Measure::Requests) == 1));
    let days = cells.into_keys().filter(|cell| cell.span == Span::Day);
    let mut sums: Vec<_> = days.map(|cell| (cell.scope, cell.by, cell.key)).collect();
    sums.sort();
    sums
}

/// It is in the sums of its channel in each area that it lies in, and in none by what is not known of it.
#[test]
fn a_request_counts_in_all_and_by_its_channel() {
    let bare = Received {
        district: "420102".into(),
        area: "420102003005".into(),
        channel: None,
        received_at: monday(),
        repeat: None,
    };
    let at = |scope: &str, by, key: &str| (scope.to_owned(), by, key.to_owned());
    let places = ["420102", "420102003", "420102003005"];
    assert_eq!(sums(&bare), places.map(|scope| at(scope, By::All, "")));
    let whole = Received { channel: Some(Channel::Hotline), ..bare };
    let of = |scope| [at(scope, By::All, ""), at(scope, By::Channel, "hotline")];
    let mut expected: Vec<_> = places.into_iter().flat_map(of).collect();
    expected.sort();
    assert_eq!(sums(&whole), expected);
}

/// The usual rates have the one that an effect is told by.
#[test]
fn the_usual_rates_tell_satisfaction() {
    let rules = usual::rules(&Weights::default());
    assert!(rules.rates.iter().any(|rate| rate.code == crate::domain::figure::effect::SATISFACTION));
}
