//! What a case or a callback would have counted as, by other times, another calendar and other grounds.

use chrono::{DateTime, Duration, Utc};
use huying_terms::{Calendar, Limit, LimitKind, Priority, Tier};

use super::{monday, pending};
use crate::domain::{
    callback::Callback,
    figure::{
        Measure,
        course::Course,
        parts::Parts,
        told::{Told, What},
        trial::{Times, Trial, Tried},
    },
    state::State,
};

fn at(hours: i64) -> DateTime<Utc> {
    monday() + Duration::hours(hours)
}

/// Held by a community, due after ten days.
fn told(what: What, hours: i64) -> Told {
    let runs = matches!(what, What::Opened | What::Accepted | What::Changed | What::Escalated);
    Told {
        what,
        at: at(hours),
        number: "JA-1".into(),
        district: "420102".into(),
        area: "420102003005".into(),
        category: "0101".into(),
        tier: Tier::Community,
        holder: "community".into(),
        attempt: 1,
        opened_at: monday(),
        due_at: runs.then(|| at(240)),
        respond_by: None,
        to_be_verified: false,
        request: None,
        withdrawn: false,
        priority: None,
        more: None,
        ground: String::new(),
        parts: Parts::default(),
    }
}

fn course(events: &[Told]) -> Course {
    let mut course = Course::begin(&told(What::Opened, 0));
    events.iter().for_each(|told| course.take(told));
    course
}

/// A life of plain events, by the hour.
fn life(what: &[(What, i64)]) -> Course {
    course(&what.iter().map(|(what, hours)| told(*what, *hours)).collect::<Vec<_>>())
}

const fn limit(kind: LimitKind, amount: u32) -> Limit {
    Limit { kind, amount }
}

const fn hours(amount: u32) -> Limit {
    limit(LimitKind::UrgentHour, amount)
}

fn resolve(limit: Limit) -> Times {
    Times { resolve: Some(limit), ..Times::default() }
}

fn beside(trial: Trial) -> Option<Tried> {
    trial.beside(&Calendar::default(), hours(100))
}

fn tried(own: &[(&str, Times)]) -> Tried {
    let own = own.iter().map(|(category, times)| ((*category).to_owned(), *times)).collect();
    beside(Trial { own, ..Trial::default() }).unwrap()
}

fn within(category: &str, amount: u32) -> Tried {
    tried(&[(category, resolve(hours(amount)))])
}

fn sum(course: &Course, measure: Measure) -> i64 {
    let postings = course.postings(Calendar::default().zone);
    postings.iter().filter(|it| it.measure == measure).map(|it| it.number).sum()
}

/// How many are late, on time, and overdue at the end of the day so many hours on.
fn counts(course: &Course, hours: i64) -> [i64; 3] {
    let zone = Calendar::default().zone;
    let until = at(hours).with_timezone(&zone).date_naive();
    let overdue = course.postings(zone).into_iter();
    let overdue = overdue.filter(|it| it.measure == Measure::OverdueOpen && it.day <= until);
    [sum(course, Measure::ResolvedLate), sum(course, Measure::OnTime), overdue.map(|it| it.number).sum()]
}

#[test]
fn a_shorter_time_makes_it_late_and_a_longer_one_not() {
    let settled = life(&[(What::Resolved, 120), (What::Closed, 144)]);
    assert_eq!(counts(&settled, 96), [0, 1, 0]);
    let shorter = within("01", 72).course(&settled);
    assert_eq!(counts(&shorter, 96), [1, 0, 1], "overdue from the third day to the fifth");
    assert_eq!(counts(&shorter, 120), [1, 0, 0]);
    let late = life(&[(What::Resolved, 288), (What::Closed, 300)]);
    assert_eq!(counts(&late, 264), [1, 0, 1]);
    assert_eq!(counts(&within("", 480).course(&late), 264), [0, 1, 0]);
    // At the edge it is in time.
    assert_eq!(counts(&within("01", 120).course(&settled), 119), [0, 1, 0]);
    assert_eq!(counts(&within("01", 119).course(&settled), 130), [1, 0, 0]);
}

#[test]
fn what_nothing_fits_is_as_it_was_and_the_longest_that_fits_counts() {
    let settled = life(&[(What::Resolved, 120), (What::Closed, 144)]);
    assert_eq!(within("02", 72).course(&settled), settled);
    let two = tried(&[("01", resolve(hours(72))), ("0101", resolve(hours(168)))]);
    assert_eq!(counts(&two.course(&settled), 96), [0, 1, 0]);
}

#[test]
fn what_is_open_is_overdue_from_then_on() {
    let open = life(&[(What::Accepted, 24)]);
    let moved = Told { holder: "street".into(), ..told(What::Escalated, 200) };
    let moved = within("01", 72).course(&course(&[moved]));
    assert_eq!(counts(&moved, 96), [0, 0, 1], "also before it came into other hands");
    assert_eq!(counts(&within("01", 72).course(&open), 96), [0, 0, 1]);
    assert_eq!(counts(&within("01", 720).course(&open), 288), [0, 0, 0]);
}

/// Another attempt had its own time, which no trial knows.
#[test]
fn what_came_after_the_first_resolution_stays() {
    let again =
        life(&[(What::Resolved, 120), (What::Reopened, 144), (What::Resolved, 168), (What::Closed, 192)]);
    assert_eq!(counts(&within("01", 720).course(&again), 216), counts(&again, 216));
    assert_eq!(counts(&within("01", 72).course(&again), 216), [1, 0, 0]);
    // It was late with the second, and is so whatever the first would have been.
    let due = |what, hours, due| Told { due_at: Some(at(due)), ..told(what, hours) };
    let late = course(&[
        told(What::Resolved, 120),
        due(What::Reopened, 144, 150),
        told(What::Resolved, 168),
        told(What::Closed, 192),
    ]);
    assert_eq!((counts(&late, 192), counts(&within("01", 720).course(&late), 192)), ([1, 0, 0], [1, 0, 0]));
    assert_eq!(counts(&within("01", 72).course(&late), 192), [2, 0, 0]);
}

/// What somebody had to look at first was resolved before they did.
#[test]
fn a_case_that_was_looked_at_on_site_is_tried_when_it_was_resolved() {
    let first = Told { to_be_verified: true, ..told(What::Resolved, 20) };
    let settled = course(&[first.clone(), told(What::Verified, 100), told(What::Closed, 110)]);
    assert_eq!(counts(&within("01", 20).course(&settled), 200), [0, 1, 0]);
    let late = within("01", 19).course(&settled);
    assert_eq!(counts(&late, 200), [1, 0, 0]);
    let day = |measure| {
        let postings = late.postings(Calendar::default().zone);
        postings.iter().find(|it| it.measure == measure).unwrap().day
    };
    assert_eq!(day(Measure::ResolvedLate), day(Measure::Resolved), "the day on which it stands");
    // While nobody has looked it is not overdue any more; and where it was not so, the time runs on.
    let waits = course(std::slice::from_ref(&first));
    assert_eq!(counts(&within("01", 30).course(&waits), 200), [0, 0, 0]);
    let failed = Told { due_at: Some(at(320)), ..told(What::VerificationFailed, 100) };
    let again = course(&[first, failed, told(What::Resolved, 110), told(What::Closed, 120)]);
    assert_eq!(
        counts(&within("01", 30).course(&again), 200),
        [0, 1, 0],
        "80 hours of looking are not its own"
    );
    assert_eq!(counts(&within("01", 29).course(&again), 200), [1, 0, 0]);
}

#[test]
fn what_it_was_extended_by_is_given_again_and_it_stands_still_when_it_did() {
    let more = Told { more: Some(hours(24)), ..told(What::Changed, 10) };
    let extended = course(&[more, told(What::Resolved, 48), told(What::Closed, 50)]);
    assert_eq!(counts(&within("01", 24).course(&extended), 60), [0, 1, 0]);
    assert_eq!(counts(&within("01", 23).course(&extended), 60), [1, 0, 0]);
    // In another measure it is given after that: from Tuesday at eight on, at half past nine.
    let working = Told { more: Some(limit(LimitKind::WorkHour, 1)), ..told(What::Changed, 10) };
    let by = |resolved| course(&[working.clone(), told(What::Resolved, resolved), told(What::Closed, 50)]);
    assert_eq!(counts(&within("01", 23).course(&by(24)), 60), [0, 1, 0]);
    assert_eq!(counts(&within("01", 23).course(&by(25)), 60), [1, 0, 0]);

    let pause = Told { due_at: None, ..told(What::Changed, 10) };
    let waits = course(std::slice::from_ref(&pause));
    assert_eq!(counts(&within("01", 12).course(&waits), 100), [0, 0, 0], "it stands still");
    let left = [
        (What::Merged, 10),
        (What::Unmerged, 58),
        (What::Changed, 58),
        (What::Resolved, 60),
        (What::Closed, 61),
    ];
    let merged = life(&left);
    assert_eq!(counts(&within("01", 12).course(&merged), 70), [0, 1, 0], "part of another it stands still");
    let resumed = course(&[pause, told(What::Changed, 58), told(What::Resolved, 60), told(What::Closed, 61)]);
    assert_eq!(counts(&within("01", 12).course(&resumed), 70), [0, 1, 0]);
    assert_eq!(counts(&within("01", 11).course(&resumed), 70), [1, 0, 0]);
}

#[test]
fn a_time_to_accept_runs_from_when_its_holder_got_it_anew() {
    let accept = |amount| tried(&[("01", Times { respond: Some(hours(amount)), ..Times::default() })]);
    let on_time = |course: &Course| sum(course, Measure::AcceptedOnTime);
    let accepted = life(&[(What::Accepted, 4)]);
    assert_eq!(on_time(&accepted), 1);
    assert_eq!([3, 4].map(|amount| on_time(&accept(amount).course(&accepted))), [0, 1]);
    let moved = |what, hours| Told { holder: "other".into(), ..told(what, hours) };
    let anew = Told { respond_by: Some(at(12)), ..moved(What::Changed, 10) };
    let late = course(&[anew, moved(What::Accepted, 13)]);
    assert_eq!(on_time(&late), 0);
    assert_eq!([2, 3].map(|amount| on_time(&accept(amount).course(&late))), [0, 1]);
    // Nobody accepted it: there is nothing to be in time.
    assert_eq!(on_time(&accept(9).course(&life(&[]))), 0);
}

#[test]
fn the_sooner_of_both_counts_where_it_is_more_pressing_than_usual() {
    let settled = |priority| {
        let first = Told { priority: Some(priority), ..told(What::Changed, 0) };
        course(&[first, told(What::Resolved, 20), told(What::Closed, 21)])
    };
    let both = |own: Option<Times>| {
        let by_priority = [(Priority::Urgent, 12), (Priority::High, 22), (Priority::Normal, 19)];
        let by_priority = by_priority.map(|(priority, it)| ((priority, String::new()), resolve(hours(it))));
        let own = own.into_iter().map(|times| ("0101".to_owned(), times)).collect();
        beside(Trial { own, by_priority: by_priority.into(), ..Trial::default() }).unwrap()
    };
    let late = |tried: &Tried| {
        [Priority::Normal, Priority::High, Priority::Urgent]
            .map(|priority| sum(&tried.course(&settled(priority)), Measure::ResolvedLate))
    };
    assert_eq!(late(&both(None)), [1, 0, 1]);
    assert_eq!(late(&both(Some(resolve(hours(24))))), [0, 0, 1]);
    assert_eq!(late(&both(Some(Times { usual: Priority::Urgent, ..resolve(hours(24)) }))), [0, 0, 0]);
    // What holds already is left as it is, also where it hides what its priority would be given.
    assert_eq!(late(&both(Some(Times { held: true, ..resolve(hours(24)) }))), [0, 0, 1]);
    // Only where both hold is it as it was: the sooner until now may have been either.
    let loosened = |held| {
        let by_priority = [((Priority::Urgent, String::new()), Times { held, ..resolve(hours(400)) })].into();
        let own = [("0101".to_owned(), Times { held: true, ..resolve(hours(300)) })].into();
        Trial { by_priority, own, ..Trial::default() }
    };
    let first = Told { priority: Some(Priority::Urgent), ..told(What::Changed, 0) };
    let was_late = course(&[first, told(What::Resolved, 260), told(What::Closed, 261)]);
    assert_eq!(sum(&was_late, Measure::ResolvedLate), 1);
    let tried = beside(loosened(false)).unwrap();
    assert_eq!(sum(&tried.course(&was_late), Measure::ResolvedLate), 0);
    assert!(beside(loosened(true)).is_none(), "all of it holds");
    let unknown = life(&[(What::Resolved, 20), (What::Closed, 21)]);
    assert_eq!(both(None).course(&unknown), unknown);
}

/// Four work hours from Monday at nine: over on Monday afternoon, or on Wednesday where nobody works in the afternoon and on Tuesday.
#[test]
fn other_days_change_what_holds_already() {
    let settled = life(&[(What::Resolved, 24), (What::Closed, 25)]);
    let held = || Times { held: true, ..resolve(limit(LimitKind::WorkHour, 4)) };
    let trial = |calendar| Trial { calendar, own: [("01".to_owned(), held())].into(), ..Trial::default() };
    assert!(beside(trial(Some(Calendar::default()))).is_none(), "nothing is another");
    assert!(beside(trial(None)).is_none());
    let mut off = Calendar::default();
    off.holidays.insert("2026-11-24".parse().unwrap());
    off.hours.truncate(1);
    let tried = beside(trial(Some(off))).unwrap();
    assert_eq!(counts(&tried.course(&settled), 24), [0, 1, 0]);
    let mut long = Calendar::default();
    long.holidays.insert("2026-11-25".parse().unwrap());
    let tried = beside(trial(Some(long))).unwrap();
    assert_eq!(counts(&tried.course(&settled), 24), [1, 0, 0]);
}

#[test]
fn a_ground_that_is_not_approved_counts_against_the_unit() {
    let on = |grounds: &[&str]| {
        let grounds = Some(grounds.iter().map(|it| (*it).to_owned()).collect());
        beside(Trial { grounds, ..Trial::default() }).unwrap()
    };
    let declined = |ground: &str| course(&[Told { ground: ground.into(), ..told(What::Declined, 4) }]);
    let all =
        [Measure::Declined, Measure::Settled, Measure::OnTime, Measure::FirstTime, Measure::SelfSettled];
    let counts = |tried: &Tried, ground| all.map(|it| sum(&tried.course(&declined(ground)), it));
    assert_eq!(counts(&on(&["repeat", "secret"]), "repeat"), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&on(&["secret"]), "repeat"), [0, 1, 0, 0, 0]);
    assert_eq!(counts(&on(&[]), "repeat"), [0, 1, 0, 0, 0]);
    assert_eq!(counts(&on(&[]), ""), [1, 0, 0, 0, 0], "it is not known on what ground");
    // One that was opened again is not declined any more.
    let on_another = Told { ground: "repeat".into(), ..told(What::Declined, 4) };
    let again =
        course(&[on_another, told(What::Reopened, 9), told(What::Resolved, 20), told(What::Closed, 21)]);
    assert_eq!(sum(&on(&[]).course(&again), Measure::Settled), 1);
    // Also where another time is tried on it.
    let both = Trial { grounds: Some([].into()), own: within_map(1), ..Trial::default() };
    assert_eq!(counts(&beside(both).unwrap(), "repeat"), [0, 1, 0, 0, 0]);
}

fn within_map(amount: u32) -> std::collections::BTreeMap<String, Times> {
    [(String::new(), resolve(hours(amount)))].into()
}

#[test]
fn what_a_reporter_said_after_the_window_was_not_said() {
    let within = |amount| beside(Trial { callback: Some(hours(amount)), ..Trial::default() }).unwrap();
    let end_at = Some(pending().opened.resolve_at + Duration::hours(10));
    let ended = |state| Callback { state, end_at, ..pending() };
    let state = |tried: &Tried, state| tried.callback(&ended(state)).state;
    assert_eq!(state(&within(11), State::Passed), State::Passed);
    for said in [State::Passed, State::Failed, State::Refused] {
        assert_eq!(state(&within(10), said), State::Lapsed, "the window ended then");
    }
    let lapsed = within(2).callback(&ended(State::Failed)).into_owned();
    assert_eq!(lapsed.end_at, Some(pending().opened.resolve_at + Duration::hours(2)));
    assert_eq!(state(&within(1000), State::Lapsed), State::Lapsed, "nobody knows who would have answered");
    let sooner = within(2).callback(&ended(State::Lapsed)).into_owned();
    assert_eq!(sooner.end_at, lapsed.end_at, "nobody was reached by its end");
    assert!(beside(Trial { callback: Some(hours(100)), ..Trial::default() }).is_none(), "as it is");
}
