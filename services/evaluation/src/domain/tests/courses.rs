//! What is counted of a case's life, and on which day.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use huying_terms::Tier;
use proptest::prelude::*;

use super::monday;
use crate::domain::figure::{
    By, Cells, Counts, Measure, Posting, Span,
    course::Course,
    parts::Parts,
    period::Period,
    post,
    told::{Told, What},
};

pub(super) fn at(hours: i64) -> DateTime<Utc> {
    monday() + Duration::hours(hours)
}

/// Held by a community, due after a day.
pub(super) fn told(what: What, hours: i64) -> Told {
    Told {
        what,
        at: at(hours),
        number: "JA-20261123-000001".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        tier: Tier::Community,
        holder: "community".into(),
        attempt: 1,
        opened_at: at(0),
        due_at: Some(at(24)),
        respond_by: (what == What::Opened).then(|| at(1)),
        to_be_verified: false,
        withdrawn: false,
        request: None,
        priority: None,
        more: None,
        ground: String::new(),
        parts: Parts::default(),
    }
}

pub(super) fn resolved(hours: i64) -> Told {
    Told { due_at: None, ..told(What::Resolved, hours) }
}

pub(super) fn closed(hours: i64) -> Told {
    Told { due_at: None, ..told(What::Closed, hours) }
}

pub(super) fn course(events: &[Told]) -> Course {
    let mut course = Course::begin(&events[0]);
    events[1..].iter().for_each(|told| course.take(told));
    course
}

/// How many of each there are in a period, of whom.
pub(super) fn counted(course: &Course, (from, to): (&str, &str)) -> BTreeMap<(String, Measure), i64> {
    let mut cells = Cells::new();
    post(&mut cells, "420102", &course.postings(Shanghai), 1);
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let period = Period { from: day(from), to: day(to) };
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for (cell, counts) in cells.iter().filter(|(cell, _)| cell.by == By::Unit && cell.scope == "420102") {
        period.add(sums.entry(cell.key.clone()).or_default(), (cell.span, cell.day), counts);
    }
    sums.into_iter()
        .flat_map(|(unit, it)| it.told().map(|(m, n)| ((unit.clone(), m), n)).collect::<Vec<_>>())
        .collect()
}

pub(super) fn of(course: &Course, unit: &str) -> Vec<(Measure, i64)> {
    let all = counted(course, ("2026-11-01", "2026-12-01"));
    all.into_iter()
        .filter(|((of, _), _)| of == unit)
        .map(|((_, measure), number)| (measure, number))
        .collect()
}

#[test]
fn a_plain_life_is_on_time_and_settled_alone() {
    use Measure as M;
    let life = course(&[told(What::Opened, 0), told(What::Accepted, 1), resolved(3), closed(30)]);
    let once = [
        M::Opened,
        M::Accepted,
        M::AcceptedOnTime,
        M::Resolved,
        M::Settled,
        M::OnTime,
        M::FirstTime,
        M::SelfSettled,
    ];
    assert_eq!(of(&life, "community"), once.map(|measure| (measure, 1)));
}

#[test]
fn what_is_not_resolved_in_time_is_overdue_until_it_is() {
    let open = course(&[told(What::Opened, 0)]);
    let overdue = |course: &Course, to: &str| {
        counted(course, ("2026-11-23", to))
            .get(&("community".to_owned(), Measure::OverdueOpen))
            .copied()
            .unwrap_or_default()
    };
    // Due on Tuesday at nine: nothing is overdue on Monday, and all is from Tuesday on.
    assert_eq!(
        [overdue(&open, "2026-11-24"), overdue(&open, "2026-11-25"), overdue(&open, "2027-11-01")],
        [0, 1, 1]
    );
    let late = course(&[told(What::Opened, 0), resolved(72), closed(80)]);
    assert_eq!(
        [overdue(&late, "2026-11-25"), overdue(&late, "2026-11-26"), overdue(&late, "2026-11-27")],
        [1, 1, 0]
    );
    assert!(of(&late, "community").contains(&(Measure::ResolvedLate, 1)));
    assert!(!of(&late, "community").iter().any(|(measure, _)| *measure == Measure::OnTime));
}

/// A time that stood still while it was over, and runs on, is over since it was: it is overdue once.
#[test]
fn what_was_overdue_when_it_stood_still_is_overdue_once() {
    let pause = Told { due_at: None, ..told(What::Changed, 48) };
    let mut life = course(&[told(What::Opened, 0), pause, told(What::Changed, 72)]);
    let overdue = |course: &Course, to: &str| {
        let all = counted(course, ("2026-11-23", to));
        all.get(&("community".to_owned(), Measure::OverdueOpen)).copied().unwrap_or_default()
    };
    // From Tuesday to Wednesday at nine, and since Thursday at nine.
    assert_eq!(["2026-11-25", "2026-11-26", "2026-11-27"].map(|to| overdue(&life, to)), [1, 0, 1]);
    life.take(&resolved(90));
    assert_eq!(["2026-11-25", "2026-11-26", "2026-11-28"].map(|to| overdue(&life, to)), [1, 0, 0]);
    let late = of(&life, "community").contains(&(Measure::ResolvedLate, 1));
    assert!(late);
}

/// Its time is moved while it is over, and is over all the same.
#[test]
fn what_is_overdue_by_another_time_is_overdue_once() {
    let moved = Told { due_at: Some(at(30)), ..told(What::Changed, 48) };
    let life = course(&[told(What::Opened, 0), moved]);
    let overdue = |to: &str| {
        let all = counted(&life, ("2026-11-23", to));
        all.get(&("community".to_owned(), Measure::OverdueOpen)).copied().unwrap_or_default()
    };
    assert_eq!(["2026-11-24", "2026-11-25", "2026-11-26", "2026-12-01"].map(overdue), [0, 1, 1, 1]);
    assert_eq!(life.days_late(at(72)), 2);
}

/// Resolved with somebody to look at it, reopened before they did, and taken back: nothing of it was done.
#[test]
fn what_was_reopened_before_somebody_looked_is_not_resolved_when_it_is_taken_back() {
    let done = Told { to_be_verified: true, ..resolved(2) };
    let withdrawn = Told { withdrawn: true, attempt: 2, ..closed(9) };
    let again = Told { attempt: 2, ..told(What::Reopened, 5) };
    let life = course(&[told(What::Opened, 0), done, again, withdrawn]);
    assert_eq!(of(&life, "community"), [(Measure::Opened, 1), (Measure::Withdrawn, 1)]);
}

#[test]
fn what_was_found_undone_on_site_was_not_settled_at_once() {
    let done = |hours| Told { to_be_verified: true, ..resolved(hours) };
    let verified = |hours| Told { due_at: None, ..told(What::Verified, hours) };
    let life =
        [told(What::Opened, 0), done(2), told(What::VerificationFailed, 3), done(4), verified(5), closed(6)];
    let all = of(&course(&life), "community");
    assert!(all.contains(&(Measure::Settled, 1)) && all.contains(&(Measure::Unverified, 1)), "{all:?}");
    assert!(!all.iter().any(|(measure, _)| *measure == Measure::FirstTime), "{all:?}");
}

/// Its unit goes on under another code, or it came to the wrong one, and was put right before anybody there had accepted it.
#[test]
fn whoever_goes_on_for_the_first_holder_settles_it_alone() {
    let by = |what, hours| Told { holder: "successors".into(), ..told(what, hours) };
    let end = |hours| {
        [
            Told { due_at: None, ..by(What::Resolved, hours) },
            Told { due_at: None, ..by(What::Closed, hours + 1) },
        ]
    };
    let alone = |life: &[Told]| of(&course(life), "successors").contains(&(Measure::SelfSettled, 1));
    let accepted = [told(What::Opened, 0), told(What::Accepted, 1)];
    assert!(alone(&[&accepted[..], &[by(What::Replaced, 2)], &end(3)].concat()));
    assert!(alone(&[&accepted[..1], &[by(What::Corrected, 2)], &end(3)].concat()));
    assert!(!alone(&[&accepted[..], &[by(What::Corrected, 2)], &end(3)].concat()), "they had begun");
}

/// Nobody makes a late resolution good by taking the request back.
#[test]
fn what_is_taken_back_after_it_was_resolved_is_settled() {
    use Measure as M;
    let withdrawn = |hours| Told { withdrawn: true, ..closed(hours) };
    let settled = |life: &[Told]| {
        let all = of(&course(life), "community");
        [M::Resolved, M::Settled, M::OnTime, M::Withdrawn].map(|measure| all.contains(&(measure, 1)))
    };
    assert_eq!(settled(&[told(What::Opened, 0), resolved(72), withdrawn(80)]), [true, true, false, false]);
    let done = Told { to_be_verified: true, ..resolved(20) };
    assert_eq!(settled(&[told(What::Opened, 0), done, withdrawn(30)]), [true, true, true, false]);
    assert_eq!(settled(&[told(What::Opened, 0), withdrawn(30)]), [false, false, false, true]);
}

/// A case takes on the number of the attempt of one that is merged into it, and keeps it.
#[test]
fn what_was_never_reopened_is_settled_at_once_whatever_its_attempt_is_called() {
    let settled = [
        told(What::Opened, 0),
        Told { attempt: 2, ..told(What::Changed, 1) },
        Told { attempt: 2, ..resolved(2) },
        Told { attempt: 2, ..closed(3) },
    ];
    assert!(of(&course(&settled), "community").contains(&(Measure::FirstTime, 1)));
}

/// Sent up and resolved in November, sent down and reopened in December: of what was done in November so much came to nothing.
#[test]
fn what_came_to_nothing_counts_on_the_day_on_which_it_was_done() {
    let months = |life: &Course, measure| {
        let of = |span| counted(life, span).get(&("community".to_owned(), measure)).copied();
        [("2026-11-01", "2026-12-01"), ("2026-12-01", "2027-01-01")].map(of)
    };
    let up = Told { tier: Tier::Street, holder: "street".into(), ..told(What::Escalated, 1) };
    let down = course(&[told(What::Opened, 0), up, told(What::Delegated, 240)]);
    assert_eq!(months(&down, Measure::Escalated), [Some(1), None]);
    assert_eq!(months(&down, Measure::SentBack), [Some(1), None]);
    let reopened = Told { attempt: 2, ..told(What::Reopened, 240) };
    let again = course(&[told(What::Opened, 0), resolved(3), closed(30), reopened]);
    assert_eq!(months(&again, Measure::Resolved), [Some(1), None]);
    assert_eq!(months(&again, Measure::Reopened), [Some(1), None]);
}

#[test]
fn a_reopened_case_takes_back_how_it_was_settled() {
    use Measure as M;
    let again = Told { attempt: 2, due_at: Some(at(1000)), ..told(What::Reopened, 100) };
    let mut life = course(&[told(What::Opened, 0), resolved(3), closed(30)]);
    assert!(of(&life, "community").contains(&(M::FirstTime, 1)));
    life.take(&again);
    let after = [(M::Opened, 1), (M::Resolved, 1), (M::Reopened, 1), (M::Open, 1)];
    assert_eq!(of(&life, "community"), after);
    life.take(&Told { attempt: 2, ..resolved(110) });
    life.take(&Told { attempt: 2, ..closed(120) });
    let all = of(&life, "community");
    assert!(all.contains(&(M::Settled, 1)) && all.contains(&(M::Resolved, 2)));
    assert!(!all.iter().any(|(measure, _)| *measure == M::FirstTime));
}

/// Declined, objected to, and settled in the end: it left the account once, and nobody who had resolved it did so in vain.
#[test]
fn a_reopened_case_takes_back_how_it_was_declined() {
    use Measure as M;
    let declined = |attempt, hours| Told { attempt, due_at: None, ..told(What::Declined, hours) };
    let again = |attempt, hours| Told { attempt, due_at: Some(at(1000)), ..told(What::Reopened, hours) };
    let mut life = course(&[told(What::Opened, 0), declined(1, 3), again(2, 100)]);
    assert_eq!(of(&life, "community"), [(M::Opened, 1), (M::Open, 1)]);
    life.take(&Told { attempt: 2, ..resolved(110) });
    life.take(&Told { attempt: 2, ..closed(120) });
    let all = [M::Opened, M::Resolved, M::Settled, M::OnTime, M::SelfSettled].map(|measure| (measure, 1));
    assert_eq!(of(&life, "community"), all, "not at the first time");
    // Reopened for its resolution, declined then, and reopened once more: one resolution came to nothing, once.
    life.take(&again(3, 130));
    life.take(&declined(3, 131));
    life.take(&again(4, 132));
    let all = [M::Opened, M::Resolved, M::Reopened, M::Open].map(|measure| (measure, 1));
    assert_eq!(of(&life, "community"), all);
}

#[test]
fn a_correction_moves_all_that_was_counted() {
    let right = Told { category: "0202".into(), area: "420102004".into(), ..told(What::Changed, 5) };
    let life = course(&[told(What::Opened, 0), told(What::Accepted, 1), right]);
    let places = |it: &Posting| (it.area.clone(), it.category.clone());
    assert!(life.postings(Shanghai).iter().all(|it| places(it) == ("420102004".into(), "0202".into())));
}

#[test]
fn what_somebody_looks_at_first_was_resolved_when_it_was() {
    let first = Told { to_be_verified: true, ..resolved(20) };
    let life = course(&[
        told(What::Opened, 0),
        first,
        Told { due_at: None, ..told(What::Verified, 40) },
        closed(50),
    ]);
    let all = of(&life, "community");
    assert!(
        all.contains(&(Measure::OnTime, 1))
            && !all.iter().any(|(measure, _)| *measure == Measure::ResolvedLate)
    );
}

#[test]
fn parts_count_nothing_and_withdrawn_declined_and_merged_count_apart() {
    assert!(course(&[told(What::SplitOff, 0), closed(3)]).postings(Shanghai).is_empty());
    let withdrawn = Told { withdrawn: true, ..closed(3) };
    for (end, measure) in [
        (withdrawn, Measure::Withdrawn),
        (told(What::Declined, 3), Measure::Declined),
        (told(What::Merged, 3), Measure::Merged),
    ] {
        let all = of(&course(&[told(What::Opened, 0), end]), "community");
        assert_eq!(all, [(Measure::Opened, 1), (measure, 1)]);
    }
}

#[test]
fn a_day_is_the_district_s() {
    // 16:30 UTC on Monday is half past midnight on Tuesday.
    let life =
        course(&[Told { opened_at: "2026-11-30T16:30:00Z".parse().unwrap(), ..told(What::Opened, 0) }]);
    assert!(counted(&life, ("2026-11-01", "2026-12-01")).is_empty());
    assert_eq!(
        counted(&life, ("2026-12-01", "2027-01-01")).get(&("community".to_owned(), Measure::Opened)),
        Some(&1)
    );
}

#[test]
fn an_event_that_says_nothing_new_is_not_counted() {
    assert_eq!(What::of("huying.casework.v1.CaseEscalated"), Some(What::Escalated));
    assert_eq!(What::of("huying.casework.v1.CaseExtended"), Some(What::Changed));
    assert_eq!(What::of("huying.casework.v1.CaseRelieved"), Some(What::Replaced));
    assert_eq!(What::of("huying.casework.v1.CaseLampTurned"), None);
}

/// Any event, a while after the one before.
pub(super) fn any_told() -> impl Strategy<Value = (What, i64, bool, bool)> {
    let whats = [
        What::Accepted,
        What::Escalated,
        What::Climbed,
        What::Delegated,
        What::Called,
        What::Returned,
        What::Resolved,
        What::Verified,
        What::VerificationFailed,
        What::Reopened,
        What::Closed,
        What::Declined,
        What::Merged,
        What::Unmerged,
        What::Replaced,
        What::Corrected,
        What::Changed,
    ];
    (prop::sample::select(whats.to_vec()), 0i64..60, any::<bool>(), any::<bool>())
}

/// A life of such events.
pub(super) fn lived(events: Vec<(What, i64, bool, bool)>) -> Course {
    let mut life = course(&[told(What::Opened, 0)]);
    let mut hours = 0;
    for (what, later, other, open) in events {
        hours += later;
        let (holder, tier) = if other { ("street", Tier::Street) } else { ("community", Tier::Community) };
        let due_at = open.then(|| at(hours + 5));
        life.take(&Told { holder: holder.into(), tier, due_at, ..told(what, hours) });
    }
    life
}

proptest! {
    /// Whatever comes in whatever order: what a whole period counts is what its days count, and nothing is in the account twice.
    #[test]
    fn days_and_months_are_of_one_sum(events in prop::collection::vec(any_told(), 0..20)) {
        let life = lived(events);
        let by_month = counted(&life, ("2026-11-01", "2027-11-01"));
        let by_day = counted(&life, ("2026-11-02", "2027-10-31"));
        prop_assert_eq!(&by_month, &by_day);
        let whose = by_month.iter().filter(|((_, of), _)| *of == Measure::Open).map(|(_, n)| *n);
        prop_assert!(whose.into_iter().all(|n| n == 1));
        let stock = |measure| by_month.iter().filter(|((_, of), _)| *of == measure).map(|(_, n)| *n).sum::<i64>();
        prop_assert!((0..=1).contains(&stock(Measure::Open)));
        prop_assert!((0..=1).contains(&stock(Measure::OverdueOpen)));
        let mut cells = Cells::new();
        post(&mut cells, "420102", &life.postings(Shanghai), 1);
        post(&mut cells, "420102", &life.postings(Shanghai), -1);
        prop_assert!(cells.values().all(Counts::is_nothing));
        prop_assert!(cells.keys().all(|cell| cell.span == Span::Day || cell.day.format("%d").to_string() == "01"));
    }

    /// No figure of any time says that more came to nothing than was done in it.
    #[test]
    fn no_more_comes_to_nothing_than_was_done(events in prop::collection::vec(any_told(), 0..20)) {
        use Measure as M;
        let mut cells = Cells::new();
        post(&mut cells, "420102", &lived(events).postings(Shanghai), 1);
        for counts in cells.values() {
            prop_assert!(counts.get(M::SentBack) <= counts.get(M::Escalated));
            prop_assert!(counts.get(M::AcceptedOnTime) <= counts.get(M::Accepted));
            let settled = counts.get(M::Settled);
            prop_assert!([M::OnTime, M::FirstTime, M::SelfSettled].iter().all(|it| counts.get(*it) <= settled));
            prop_assert!(counts.get(M::Reopened) <= counts.get(M::Resolved));
        }
    }
}
