//! A clock moved by hand wakes who waits; a real one never goes back; stopping is a value.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::clock::Clock;
use huying_chassis::shutdown::Shutdown;

fn start() -> DateTime<Utc> {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn moving_it_wakes_who_waits() {
    let clock = Clock::manual(start());
    let due = start() + TimeDelta::days(30);
    let waiting = tokio::spawn({
        let clock = clock.clone();
        async move {
            clock.sleep_until(due).await;
            clock.now()
        }
    });
    clock.advance(Duration::from_secs(29 * 86_400));
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    clock.advance(Duration::from_secs(86_400));
    assert_eq!(waiting.await.unwrap(), due);
}

#[tokio::test]
async fn it_never_goes_back() {
    let clock = Clock::manual(start());
    clock.set(start() - TimeDelta::hours(1));
    assert_eq!(clock.now(), start());
    let real = Clock::system();
    let mut last = real.now();
    real.set(last + TimeDelta::days(1));
    real.advance(Duration::from_secs(86_400));
    assert!(real.now() - last < TimeDelta::hours(1), "nobody moves a real one");
    for _ in 0..1000 {
        let now = real.now();
        assert!(now >= last);
        last = now;
    }
    assert_eq!(last.timestamp_subsec_nanos() % 1000, 0, "whole microseconds, as the database keeps them");
}

#[tokio::test(start_paused = true)]
async fn a_real_clock_sleeps() {
    let clock = Clock::system();
    clock.sleep_until(clock.now() - TimeDelta::seconds(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_child_stops_with_its_parent_or_alone() {
    let parent = Shutdown::new();
    let (one, other) = (parent.child(), parent.child());
    one.begin();
    assert!(one.has_begun() && !parent.has_begun() && !other.has_begun());
    assert!(other.pause(Duration::from_secs(1)).await);
    parent.begin();
    other.begun().await;
    assert!(!other.pause(Duration::from_secs(1)).await);
    assert_eq!(other.unless(std::future::pending::<()>()).await, None);
}
