//! The three rates, end to end.

use chrono::Duration;
use huying_chassis::auth::{CITY, Role};
use huying_proto::evaluation::v1::{
    self as pb,
    Satisfaction::{Basically, Satisfied, Unsatisfied},
};

use crate::support::{Case, DISTRICT, HOLDER, World, applying, judging, monday, profile, time};

fn day() -> pb::GetRatesRequest {
    pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_time: time(monday()),
        to_time: time(monday() + Duration::days(1)),
        unit: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_told_for_the_whole_and_by_unit() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let (mut staff, mut told) = (world.staff(), world.rates(Role::Callback, None, Some(DISTRICT)));
    let nothing = told.get_rates(day()).await.unwrap().into_inner();
    let zero = pb::Rates::default();
    assert_eq!((nothing.total, nothing.units.len()), (Some(zero), 0));

    for (unit, area, contacted, solved, satisfaction) in [
        (HOLDER, "420102003005", true, true, Satisfied),
        (HOLDER, "420102003005", true, true, Basically),
        (HOLDER, "420102003005", false, false, Unsatisfied),
        (HOLDER, "420102003005", true, true, Satisfied),
        ("community-101", "420102004001", true, true, Satisfied),
    ] {
        let callback = world.resolved(&Case::new().held_by(unit, area)).await;
        let said =
            pb::Verdict { contacted, solved, satisfaction: satisfaction.into(), comment: String::new() };
        staff.record_verdict(judging(&callback, said)).await.unwrap();
    }
    // One that is still asked about, and one that is judged later, do not count.
    world.resolved(&Case::new()).await;
    let late = world.resolved(&Case::new()).await;
    world.clock.set(monday() + Duration::days(1));
    let said =
        pb::Verdict { contacted: true, solved: true, satisfaction: Satisfied.into(), comment: String::new() };
    staff.record_verdict(judging(&late, said)).await.unwrap();

    let rates = told.get_rates(day()).await.unwrap().into_inner();
    let total = rates.total.unwrap();
    assert_eq!(
        (total.valid, total.contacted, total.solved, total.satisfied, total.basically),
        (5, 4, 4, 3, 1)
    );
    assert_eq!((total.response_rate, total.resolution_rate, total.satisfaction_rate), (0.8, 0.8, 0.7));
    assert!((total.score - (0.2 * 0.8 + 0.5 * 0.8 + 0.3 * 0.7)).abs() < 1e-12);
    let units: Vec<(&str, i64, f64)> =
        rates.units.iter().map(|u| (u.unit.as_str(), u.valid, u.satisfaction_rate)).collect();
    assert_eq!(units, [("community-101", 1, 1.0), (HOLDER, 4, 0.625)]);

    let one =
        told.get_rates(pb::GetRatesRequest { unit: HOLDER.into(), ..day() }).await.unwrap().into_inner();
    assert_eq!((one.units.len(), one.total.unwrap().valid), (1, 4));
    let mut street = world.rates(Role::Leader, None, Some("420102004"));
    assert_eq!(street.get_rates(day()).await.unwrap().into_inner().total.unwrap().valid, 1);
    world.stop().await;
}
