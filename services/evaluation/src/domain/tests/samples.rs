//! Who is drawn.

use std::collections::BTreeSet;

use huying_testing::after;
use proptest::prelude::*;
use uuid::Uuid;

use super::{monday, resolved, stamp};
use crate::domain::{
    callback::Callback, change::Change, profile::EvaluationProfile, rules::CallbackRules, sample::drawn,
    state::State,
};

fn rules(sample_share: f64, most: u32) -> CallbackRules {
    CallbackRules { sample_share, most, ..CallbackRules::default() }
}

#[test]
fn the_share_is_rounded_up_and_bounded() {
    let count = |requests: u128, share, most| {
        let requests: Vec<Uuid> = (0..requests).map(Uuid::from_u128).collect();
        drawn(Uuid::from_u128(1), &requests, &rules(share, most)).len()
    };
    assert_eq!((count(1, 0.01, 20), count(30, 0.1, 20), count(31, 0.1, 20)), (1, 3, 4));
    assert_eq!((count(200, 1.0, 20), count(200, 1.0, 200), count(5, 1.0, 20)), (20, 200, 5));
}

/// Each resolution asks others: nobody knows before who will be.
#[test]
fn each_resolution_draws_anew() {
    let requests: Vec<Uuid> = (0..50).map(Uuid::from_u128).collect();
    let of = |event| drawn(Uuid::from_u128(event), &requests, &rules(0.2, 20));
    assert_ne!(of(1), of(2));
}

#[test]
fn those_not_drawn_are_spared_and_ended() {
    let mut profile = EvaluationProfile::default_of("420102");
    profile.callbacks = rules(0.5, 20);
    let mut resolved = resolved();
    resolved.requests = (0..4).map(Uuid::from_u128).collect();
    let opened = Callback::open(&resolved, &profile, false);
    let all: Vec<Callback> =
        opened.iter().map(|opened| after(None, opened, &stamp(monday())).unwrap()).collect();
    let spared: Vec<&Callback> = all.iter().filter(|it| it.state == State::Spared).collect();
    assert_eq!((all.len(), spared.len()), (4, 2));
    assert!(spared.iter().all(|it| it.end_at == Some(monday()) && it.settles.is_none()));
    let asked = all.iter().filter(|it| it.state == State::Pending);
    assert!(asked.clone().all(|it| it.opened.among.is_some_and(|among| among.asked == 2)));
    assert_eq!(opened.iter().filter(|it| matches!(it, Change::Opened(_))).count(), asked.count());
}

proptest! {
    /// The same people, in whatever order they are named and however often.
    #[test]
    fn the_order_does_not_matter(mut ids in prop::collection::vec(any::<u128>(), 1..40), share in 0.01f64..=1.0, turn in 0usize..40) {
        let draw = |ids: &[u128]| {
            let requests: Vec<Uuid> = ids.iter().copied().map(Uuid::from_u128).collect();
            drawn(Uuid::from_u128(1), &requests, &rules(share, 20))
        };
        let before = draw(&ids);
        let all: BTreeSet<Uuid> = ids.iter().copied().map(Uuid::from_u128).collect();
        prop_assert!(!before.is_empty() && before.is_subset(&all));
        let turn = turn % ids.len();
        ids.rotate_left(turn);
        ids.push(ids[0]);
        prop_assert_eq!(draw(&ids), before);
    }
}
