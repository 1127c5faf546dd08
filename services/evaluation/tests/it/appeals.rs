//! A unit appeals against a verdict, and somebody else decides: in the rates of that day, and nowhere else.

use std::time::Duration;

use huying_chassis::auth::{CITY, Claims, Role};
use huying_proto::evaluation::v1::{
    self as pb, AppealGround,
    AppealState::{Dismissed, Open, Upheld},
    CallbackState::Failed,
    Satisfaction::{Satisfied, Unsatisfied},
};
use huying_testing::{Bearer, eventually, reason};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    rates::count,
    support::{Appeals, Case, DISTRICT, HOLDER, World, judging, verdict},
};

pub fn lodging(callback: &pb::Callback) -> pb::LodgeAppealRequest {
    pb::LodgeAppealRequest {
        request_id: Uuid::now_v7().to_string(),
        id: callback.id.clone(),
        version: callback.version,
        ground: AppealGround::Facts.into(),
        text: "当天已到场，有照片".into(),
    }
}

pub fn deciding(callback: &pb::Callback, upheld: bool) -> pb::DecideAppealRequest {
    pb::DecideAppealRequest {
        request_id: Uuid::now_v7().to_string(),
        id: callback.id.clone(),
        version: callback.version,
        upheld,
        decision: "照片属实".into(),
    }
}

/// The unit that held the case.
fn holder(world: &World) -> Appeals {
    world.appeals(Role::Officer, Some(HOLDER), Some("420102003005"))
}

fn leader(world: &World) -> Appeals {
    world.appeals(Role::Leader, Some("supervision"), Some(DISTRICT))
}

async fn failed(world: &World) -> pb::Callback {
    let callback = world.resolved(&Case::new()).await;
    let judged = world.staff().record_verdict(judging(&callback, verdict(false, Unsatisfied))).await;
    judged.unwrap().into_inner()
}

async fn appealed(world: &World) -> pb::Callback {
    let callback = failed(world).await;
    holder(world).lodge_appeal(lodging(&callback)).await.unwrap().into_inner()
}

fn told(refused: &Status) -> (Code, String) {
    (refused.code(), reason(refused))
}

/// What counts, of the unit.
async fn counted(world: &World) -> [i64; 5] {
    let request = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2026-11-24".into(),
        unit: HOLDER.into(),
        ..Default::default()
    };
    let rates = world.rates(Role::Callback, None, Some(DISTRICT)).get_rates(request).await.unwrap();
    let total = rates.into_inner().total.unwrap();
    ["asked", "valid", "unsatisfied", "contacted", "excluded"].map(|it| count(&total, it))
}

async fn listed(mut by: Appeals, state: pb::AppealState, unit: &str) -> Result<Vec<String>, Status> {
    let request = pb::ListAppealsRequest {
        district: DISTRICT.into(),
        state: state.into(),
        unit: unit.into(),
        ..Default::default()
    };
    let page = by.list_appeals(request).await?.into_inner();
    Ok(page.callbacks.into_iter().map(|it| it.id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_upheld_is_struck_out_of_the_rates_in_the_open() {
    let world = World::new().await;
    let open = appealed(&world).await;
    let appeal = open.appeal.clone().unwrap();
    assert_eq!((open.state(), appeal.state(), appeal.ground()), (Failed, Open, AppealGround::Facts));
    assert_eq!(counted(&world).await, [1, 1, 1, 1, 0], "until it is decided it counts");
    assert_eq!(listed(leader(&world), Open, "").await.unwrap(), std::slice::from_ref(&open.id));
    assert_eq!(listed(holder(&world), Open, "").await.unwrap(), std::slice::from_ref(&open.id));
    assert!(listed(leader(&world), Open, "parks").await.unwrap().is_empty());
    assert_eq!(told(&listed(holder(&world), Open, "parks").await.unwrap_err()).1, "OUTSIDE_UNIT");

    // A day later, and it is the day on which the verdict was given that changes.
    world.clock.advance(Duration::from_secs(24 * 3600));
    let decided = leader(&world).decide_appeal(deciding(&open, true)).await.unwrap().into_inner();
    let appeal = decided.appeal.clone().unwrap();
    assert_eq!((decided.state(), appeal.state(), appeal.decision.as_str()), (Failed, Upheld, "照片属实"));
    assert_eq!(decided.verdict, open.verdict, "the verdict stays");
    assert_eq!(counted(&world).await, [0, 0, 0, 0, 1]);
    assert!(listed(leader(&world), Open, "").await.unwrap().is_empty());
    assert_eq!(listed(leader(&world), Upheld, HOLDER).await.unwrap(), std::slice::from_ref(&open.id));

    let mut recount = world.rates(Role::Operator, None, Some(CITY));
    let request = pb::RecountRequest { district: DISTRICT.into(), check: true };
    let mut answers = recount.recount(request).await.unwrap().into_inner();
    let mut last = None;
    while let Some(answer) = answers.message().await.unwrap() {
        last = Some(answer);
    }
    assert_eq!(last.unwrap().different, 0, "counted anew it is the same");

    let events = world.events(&open.id).await;
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["CallbackOpened", "CallbackFailed", "CallbackAppealed", "CallbackAppealDecided"]);
    assert_eq!(events[3].1["upheld"], true);
    assert!(!format!("{events:?}").contains("照片"), "nobody's words are in an event");
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dismissed_counts_as_it_did() {
    let world = World::new().await;
    let open = appealed(&world).await;
    let decided = leader(&world).decide_appeal(deciding(&open, false)).await.unwrap().into_inner();
    assert_eq!(decided.appeal.as_ref().unwrap().state(), Dismissed);
    assert_eq!(counted(&world).await, [1, 1, 1, 1, 0]);
    let twice = leader(&world).decide_appeal(deciding(&decided, true)).await.unwrap_err();
    assert_eq!(told(&twice), (Code::FailedPrecondition, "NO_OPEN_APPEAL".into()));
    let again = holder(&world).lodge_appeal(lodging(&decided)).await.unwrap_err();
    assert_eq!(told(&again), (Code::FailedPrecondition, "APPEALED_ALREADY".into()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_judged_unit_appeals_in_time_and_against_a_failure() {
    let world = World::new().await;
    let callback = failed(&world).await;
    // It worked on the case, and is not judged: it does not even see the callback.
    let mut other = world.appeals(Role::Department, Some("parks"), Some(DISTRICT));
    assert_eq!(other.lodge_appeal(lodging(&callback)).await.unwrap_err().code(), Code::NotFound);
    let mut desk = world.appeals(Role::Desk, Some("street"), Some(DISTRICT));
    let refused = desk.lodge_appeal(lodging(&callback)).await.unwrap_err();
    assert_eq!(told(&refused), (Code::PermissionDenied, "NOT_YOURS".into()));
    let unsaid = pb::LodgeAppealRequest { ground: 0, text: String::new(), ..lodging(&callback) };
    assert_eq!(reason(&holder(&world).lodge_appeal(unsaid).await.unwrap_err()), "BAD_FIELD");

    let passed = world.resolved(&Case::new()).await;
    let passed = world.staff().record_verdict(judging(&passed, verdict(true, Satisfied))).await;
    let passed = passed.unwrap().into_inner();
    let refused = holder(&world).lodge_appeal(lodging(&passed)).await.unwrap_err();
    assert_eq!(told(&refused), (Code::FailedPrecondition, "STEP_NOT_ALLOWED".into()));

    // Seven days on it is over, and a millisecond earlier it is not.
    let other = failed(&world).await;
    let window = Duration::from_secs(7 * 24 * 3600);
    world.clock.advance(window - Duration::from_millis(1));
    let lodged = holder(&world).lodge_appeal(lodging(&other)).await.unwrap().into_inner();
    assert_eq!(lodged.appeal.unwrap().state(), Open);
    world.clock.advance(Duration::from_millis(1));
    let late = holder(&world).lodge_appeal(lodging(&callback)).await.unwrap_err();
    assert_eq!(told(&late), (Code::FailedPrecondition, "WINDOW_OVER".into()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_decided_by_somebody_else() {
    let world = World::new().await;
    let open = appealed(&world).await;
    let refused = async |role, unit| {
        let mut by = world.appeals(role, Some(unit), Some(DISTRICT));
        told(&by.decide_appeal(deciding(&open, true)).await.unwrap_err())
    };
    let denied = |reason: &str| (Code::PermissionDenied, reason.to_owned());
    assert_eq!(refused(Role::Callback, "callbacks").await, denied("NOT_YOURS"), "who took the verdict");
    assert_eq!(refused(Role::Leader, "parks").await, denied("OWN_WORK"), "who worked on the case");
    assert_eq!(refused(Role::Leader, HOLDER).await, denied("OWN_WORK"), "who is judged");
    // Whoever lodged it, by now elsewhere: the same person all the same.
    let lodger = |role, unit: &str| {
        let claims = Claims::new("zhang", [role]).unit(unit).area(DISTRICT);
        Appeals::new(world.wire(Bearer(Some(world.bench.token(&claims)))))
    };
    let theirs = failed(&world).await;
    let theirs = lodger(Role::Desk, HOLDER).lodge_appeal(lodging(&theirs)).await.unwrap().into_inner();
    let own = lodger(Role::Leader, "supervision").decide_appeal(deciding(&theirs, true)).await.unwrap_err();
    assert_eq!(told(&own), denied("NOT_YOURS"), "who lodged it");
    let own = lodger(Role::Leader, HOLDER).decide_appeal(deciding(&theirs, true)).await.unwrap_err();
    assert_eq!(told(&own), denied("OWN_WORK"), "who lodged it, where it did");
    leader(&world).decide_appeal(deciding(&theirs, false)).await.unwrap();
    let never = failed(&world).await;
    let none = leader(&world).decide_appeal(deciding(&never, true)).await.unwrap_err();
    assert_eq!(told(&none), (Code::FailedPrecondition, "NO_OPEN_APPEAL".into()));
    eventually("nothing was decided", async || {
        (listed(leader(&world), Open, "").await.ok()? == std::slice::from_ref(&open.id)).then_some(())
    })
    .await;
    world.stop().await;
}
