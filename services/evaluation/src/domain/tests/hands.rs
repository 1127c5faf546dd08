//! 经手: in whose hands a case is counted, what left them, and what came down again.

use std::collections::BTreeSet;

use chrono_tz::Asia::Shanghai;
use huying_terms::Tier;

use super::courses::{closed, counted, course, of, resolved, told};
use crate::domain::figure::{
    By, Cell, Cells, Measure, Span, post,
    told::{Told, What},
};

#[test]
fn what_goes_up_is_the_next_unit_s_to_be_late_with() {
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 30) };
    let after = |told: Told| Told { tier: Tier::Street, holder: "street".into(), ..told };
    let life = course(&[told(What::Opened, 0), up, after(resolved(40)), after(closed(50))]);
    let all = counted(&life, ("2026-11-23", "2026-11-25"));
    // Overdue since Tuesday at nine, at the community until three, then at the street until one o'clock at night.
    assert_eq!(all.get(&("community".to_owned(), Measure::OverdueOpen)), None);
    assert_eq!(all.get(&("street".to_owned(), Measure::OverdueOpen)), Some(&1));
    assert_eq!(all.get(&("community".to_owned(), Measure::Escalated)), Some(&1));
    let whole = counted(&life, ("2026-11-01", "2026-12-01"));
    assert_eq!(whole.get(&("street".to_owned(), Measure::Settled)), Some(&1));
    assert_eq!(whole.get(&("street".to_owned(), Measure::SelfSettled)), None);
}

#[test]
fn what_comes_down_again_was_not_aptly_sent_up() {
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 1) };
    let life = course(&[told(What::Opened, 0), up, told(What::Delegated, 2)]);
    assert_eq!(of(&life, "street"), [(Measure::Delegated, 1), (Measure::HandedOn, 1)]);
    assert!(of(&life, "community").contains(&(Measure::SentBack, 1)));
}

/// From the grid over the community to the street, and down to one of them by whatever step.
#[test]
fn of_steps_up_only_those_that_it_came_down_past_were_not_apt() {
    let to = |tier: Tier, what, hours| Told { tier, holder: tier.as_str().to_owned(), ..told(what, hours) };
    let up = [
        to(Tier::Grid, What::Opened, 0),
        to(Tier::Community, What::Escalated, 1),
        to(Tier::Street, What::Escalated, 2),
    ];
    let sent_back = |after: &[Told]| {
        let life = course(&[&up[..], after].concat());
        let of = |unit| of(&life, unit).iter().any(|(measure, _)| *measure == Measure::SentBack);
        ["grid", "community"].map(of)
    };
    assert_eq!(sent_back(&[]), [false, false]);
    let community = to(Tier::Community, What::Delegated, 3);
    assert_eq!(sent_back(std::slice::from_ref(&community)), [false, true]);
    assert_eq!(sent_back(&[community, to(Tier::Grid, What::Delegated, 4)]), [true, true]);
    assert_eq!(sent_back(&[to(Tier::Grid, What::Delegated, 3)]), [true, true]);
    // The street handed it back, and somebody decided that it is the grid's.
    let decided = [to(Tier::Street, What::Returned, 3), to(Tier::Grid, What::Changed, 4)];
    assert_eq!(sent_back(&decided), [true, true]);
    // What the street resolved was the street's to resolve, whoever works on it when it is reopened.
    let again = [
        Told { due_at: None, ..to(Tier::Street, What::Resolved, 3) },
        to(Tier::Street, What::Reopened, 4),
        to(Tier::Grid, What::Delegated, 5),
    ];
    assert_eq!(sent_back(&again), [false, false]);
}

/// A holder that never looks at its cases has sent nothing up, aptly or not.
#[test]
fn what_the_clock_sends_up_is_no_step_of_its_holder() {
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Climbed, 1) };
    let accepted = course(&[told(What::Opened, 0), told(What::Accepted, 0), up.clone()]);
    assert!(!of(&accepted, "community").contains(&(Measure::Climbed, 1)), "somebody had looked at it");
    let life = course(&[told(What::Opened, 0), up, told(What::Delegated, 2)]);
    let community = of(&life, "community");
    assert!(community.contains(&(Measure::Climbed, 1)), "{community:?}");
    let own = |measure: &Measure| matches!(measure, Measure::Escalated | Measure::SentBack);
    assert!(!community.iter().any(|(measure, _)| own(measure)), "{community:?}");
}

/// October's figures of a unit stay as they are when November's work takes the case elsewhere.
#[test]
fn what_was_in_a_unit_s_hands_at_the_end_of_a_day_stays_so() {
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 48) };
    let after = |told: Told| Told { tier: Tier::Street, holder: "street".into(), ..told };
    let life = course(&[told(What::Opened, 0), up, after(resolved(72)), after(closed(96))]);
    let open = |to: &str| {
        let all = counted(&life, ("2026-11-23", to));
        ["community", "street"].map(|unit| all.get(&(unit.to_owned(), Measure::Open)).copied().unwrap_or(0))
    };
    let days = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"];
    assert_eq!(days.map(open), [[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]);
    assert!(of(&life, "community").contains(&(Measure::HandedOn, 1)));
}

/// Where nothing is told of units, nothing leaves one for another.
#[test]
fn what_goes_into_other_hands_is_in_the_district_s_all_the_same() {
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 1) };
    let mut cells = Cells::new();
    post(&mut cells, "420102", &course(&[told(What::Opened, 0), up]).postings(Shanghai), 1);
    let told_by = |cell: &&Cell| cells.get(*cell).is_some_and(|counts| counts.get(Measure::HandedOn) == 1);
    let by: BTreeSet<By> = cells.keys().filter(told_by).map(|cell| cell.by).collect();
    assert_eq!(by, BTreeSet::from([By::Unit, By::Tier]));
}

/// What a tier had is no more for going from one of its units to another.
#[test]
fn what_stays_in_its_tier_has_not_left_it() {
    let across = Told { holder: "neighbours".into(), ..told(What::Changed, 1) };
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 2) };
    let mut cells = Cells::new();
    post(&mut cells, "420102", &course(&[told(What::Opened, 0), across, up]).postings(Shanghai), 1);
    let handed_on = |by, key: &str| {
        let day = |cell: &Cell| cell.by == by && cell.key == key && cell.span == Span::Day;
        let of = cells.iter().filter(|(cell, _)| day(cell) && cell.scope == "420102");
        of.map(|(_, counts)| counts.get(Measure::HandedOn)).sum::<i64>()
    };
    assert_eq!(["community", "neighbours"].map(|unit| handed_on(By::Unit, unit)), [1, 1]);
    assert_eq!(handed_on(By::Tier, "community"), 1, "it left it once, upwards");
}

/// Handed back by two units of a tier, and open with the third: two of three tries, for the whole and for the tier.
#[test]
fn no_more_is_handed_back_than_was_in_hand() {
    let by = |holder: &str, what, hours| Told { holder: holder.into(), ..told(what, hours) };
    let life = course(&[
        told(What::Opened, 0),
        told(What::Returned, 1),
        by("second", What::Changed, 2),
        by("second", What::Returned, 3),
        by("third", What::Changed, 4),
    ]);
    let mut cells = Cells::new();
    post(&mut cells, "420102", &life.postings(Shanghai), 1);
    let of = |by, key: &str| {
        let one =
            |cell: &Cell| (cell.by, &*cell.key, &*cell.scope, cell.span) == (by, key, "420102", Span::Month);
        let counts = cells.iter().find(|(cell, _)| one(cell)).map(|(_, counts)| counts).unwrap();
        (counts.get(Measure::Returned), Measure::IN_HAND.iter().map(|it| counts.get(*it)).sum::<i64>())
    };
    assert_eq!([of(By::All, ""), of(By::Tier, "community")], [(2, 3); 2]);
    assert_eq!(["community", "second", "third"].map(|unit| of(By::Unit, unit)), [(1, 1), (1, 1), (0, 1)]);
}
