//! The triage desk: its clock, its order, who has what in hand, and correcting a decision. First the domain, then over the wire.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    auth::Role,
    log::{Actor, Decided, Stamp},
};
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::domain::{
    Error,
    change::Change,
    decision::Triage,
    desk::{Correction, Wait},
    learned::Memory,
    route::Route,
    state::{State, Step},
};
use huying_terms::{AreaCode, Lamp, Location, Priority, Tier};
use huying_testing::{eventually, reason};
use tonic::Code;
use uuid::Uuid;

use crate::{
    bench::{Client, Town, fresh, names, submitted},
    place::{self, LITTER, TREES, at, in_area, submission},
};

/// Friday, 20 November 2026, 16:00 there.
fn friday() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

/// The Tuesday after, 09:00 there.
fn tuesday() -> DateTime<Utc> {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn by(subject: &str) -> Actor {
    Actor { subject: subject.into(), unit: None, name: None }
}

fn stamp(at: DateTime<Utc>, subject: &str) -> Stamp {
    Stamp { id: Uuid::from_u128(1), at, actor: by(subject) }
}

fn received(content: &str, location: Location, now: DateTime<Utc>) -> Route {
    let change =
        Route::receive(Some(&place::index()), Memory::default(), submission(content, location, ""), now);
    huying_testing::after(None, &change, &stamp(now, "routing")).unwrap()
}

fn after(route: Route, decided: Decided<Change>, now: DateTime<Utc>, subject: &str) -> Route {
    let next =
        |route, change: &Change| huying_testing::after(Some(route), change, &stamp(now, subject)).unwrap();
    decided.changes().iter().fold(route, next)
}

/// After a correction of somebody's.
fn corrected(route: &Route, correction: &Correction, now: DateTime<Utc>, subject: &str) -> Route {
    let decided = route.correct(&place::index(), correction, &by(subject), now).unwrap();
    after(route.clone(), decided, now, subject)
}

fn passed(route: &Route, now: DateTime<Utc>) -> Vec<Change> {
    route.pass(now).changes().to_vec()
}

#[test]
fn how_long_it_may_wait_goes_by_how_pressing_it_is() {
    let (index, now) = (place::index(), friday());
    let due = |priority| Wait::begin(Some(&index), (priority, false), None, now).clock.due_at.unwrap();
    // An urgent hour runs on; two work hours end with the day, or on Monday.
    assert_eq!(due(Priority::Urgent), now + TimeDelta::hours(1));
    assert!(due(Priority::Urgent) < due(Priority::High) && due(Priority::High) < due(Priority::Normal));
    assert_eq!(received("反映一个情况", at("某处"), now).wait.unwrap().priority, Priority::Normal);
    // What is known of it counts although nobody knows where it is, and the words where nobody knows what it is.
    assert_eq!(received("大树倾斜", at("某处"), now).wait.unwrap().priority, Priority::High);
    assert_eq!(received("燃气泄漏", at("某处"), now).wait.unwrap().priority, Priority::Urgent);
}

#[test]
fn each_lamp_turns_once_amber_before_red_then_it_climbs() {
    let route = received("反映一个情况", in_area("420102003002"), friday());
    let wait = route.wait.clone().unwrap();
    let (amber, due) = (wait.clock.amber_at.unwrap(), wait.clock.due_at.unwrap());
    assert_eq!(route.due_at, Some(amber));
    assert_eq!(passed(&route, amber - TimeDelta::microseconds(1)), []);
    let lamp = |lamp| Change::LampTurned { lamp, due_at: due };
    assert_eq!(passed(&route, amber), [lamp(Lamp::Amber)]);

    let climbed = |unit: &str, tier| Change::Climbed { unit: unit.into(), tier };
    let street = climbed("S-420102003", Tier::Street);
    let amber_turned = after(route.clone(), route.pass(amber), amber, "routing");
    assert_eq!((amber_turned.due_at, passed(&amber_turned, amber).len()), (Some(due), 0));
    let red = after(amber_turned.clone(), amber_turned.pass(due), due, "routing");
    assert_eq!(red.due_at, Some(wait.climbs[0].at));
    assert_eq!(passed(&red, wait.climbs[0].at), std::slice::from_ref(&street));

    // After a standstill all of it at once, in order, and then nothing more.
    let late = wait.climbs[1].at;
    let all = [lamp(Lamp::Amber), lamp(Lamp::Red), street, climbed("D-420102", Tier::District)];
    assert_eq!(passed(&route, late), all);
    let told = after(route.clone(), route.pass(late), late, "routing");
    assert_eq!((told.due_at, told.wait.as_ref().unwrap().climbed_to.as_deref()), (None, Some("D-420102")));
    assert_eq!(passed(&told, late + TimeDelta::days(9)), []);
}

/// Where only the district is known both rungs come to it: it is told once.
#[test]
fn nobody_is_told_twice_and_without_a_directory_nobody() {
    let units = |wait: Wait| wait.climbs.into_iter().map(|climb| climb.unit).collect::<Vec<_>>();
    let index = place::index();
    assert_eq!(units(Wait::begin(Some(&index), (Priority::Normal, false), None, friday())), ["D-420102"]);
    let grid = AreaCode::parse("420102010002001").unwrap();
    let known = Wait::begin(Some(&index), (Priority::Normal, false), Some(&grid), friday());
    assert_eq!(units(known), ["S-420102010", "D-420102"]);
    let alone = Wait::begin(None, (Priority::Normal, false), None, friday());
    assert!(alone.clock.due_at.is_some());
    assert_eq!(units(alone), [""; 0]);
}

#[test]
fn a_claim_keeps_others_off_until_it_lapses() {
    let (now, index) = (friday(), place::index());
    let route = received("反映一个情况", at("某处"), now);
    let claimed = after(route.clone(), route.claim(&by("desk-1"), 15, now).unwrap(), now, "desk-1");
    let last = now + TimeDelta::minutes(15) - TimeDelta::microseconds(1);
    let triage =
        Triage { area: "420102003002".into(), category: LITTER.into(), holder: None, priority: None };
    for refused in [
        claimed.claim(&by("desk-2"), 15, last).unwrap_err(),
        claimed.release(&by("desk-2"), last).unwrap_err(),
        claimed.triage(&index, &triage, &by("desk-2"), last).unwrap_err(),
    ] {
        let Error::Claimed(claim) = refused else { panic!("{refused:?}") };
        assert_eq!((claim.by.subject.as_str(), claim.until), ("desk-1", now + TimeDelta::minutes(15)));
    }
    assert!(claimed.triage(&index, &triage, &by("desk-1"), last).is_ok());
    // Their own claim is held for longer; another's is over by itself.
    assert!(matches!(claimed.claim(&by("desk-1"), 15, last), Ok(Decided::Done(_))));
    let lapsed = now + TimeDelta::minutes(15);
    assert!(claimed.claim(&by("desk-2"), 15, lapsed).is_ok());
    assert!(claimed.triage(&index, &triage, &by("desk-2"), lapsed).is_ok());
    assert_eq!(claimed.release(&by("desk-2"), lapsed).unwrap(), Decided::AlreadyDone);

    let released = after(claimed.clone(), claimed.release(&by("desk-1"), now).unwrap(), now, "desk-1");
    assert_eq!(
        (released.claim.clone(), released.release(&by("desk-1"), now).unwrap()),
        (None, Decided::AlreadyDone)
    );
    let decided =
        after(claimed.clone(), claimed.triage(&index, &triage, &by("desk-1"), now).unwrap(), now, "desk-1");
    assert_eq!((decided.claim.clone(), decided.due_at, decided.queued_at()), (None, None, Some(now)));
    let late = decided.claim(&by("desk-1"), 15, now).unwrap_err();
    assert_eq!(late, Error::StepNotAllowed { state: State::Decided, step: Step::Claim });
}

#[test]
fn a_correction_changes_what_it_names_and_what_follows() {
    let (index, now) = (place::index(), friday());
    let decided = received("垃圾堆了三天", in_area("420102003002"), now);
    let desk = by("desk-1");
    let before = decided.decision.clone().unwrap();
    let ask = |correction| Correction { reason: "不是这里".into(), ..correction };
    let elsewhere = ask(Correction { area: Some("420102010002".into()), ..Correction::default() });
    let elsewhere_now = corrected(&decided, &elsewhere, tuesday(), "desk-1");
    let decision = elsewhere_now.decision.clone().unwrap();
    assert_eq!((decision.holder.as_str(), decision.category), ("C-420102010002", before.category.clone()));
    assert_eq!(elsewhere_now.correction.as_deref(), Some("不是这里"));
    assert_eq!(elsewhere_now.decided_by.as_ref().unwrap().subject, "desk-1");
    // To resolve it counts from the submission, to accept it from now on.
    assert_eq!(decision.resolve_due_at, before.resolve_due_at);
    assert!(decision.respond_due_at > tuesday());

    // Of one part alone the others stay as they were chosen, also by hand.
    let chosen = ask(Correction { priority: Some(Priority::Urgent), ..Correction::default() });
    let urgent = corrected(&elsewhere_now, &chosen, now, "desk-1");
    let by_hand = ask(Correction { holder: Some("DEP-chengguan".into()), ..Correction::default() });
    let held = corrected(&urgent, &by_hand, now, "desk-1").decision.unwrap();
    assert_eq!((held.priority, held.holder.as_str()), (Priority::Urgent, "DEP-chengguan"));

    assert_eq!(elsewhere_now.correct(&index, &elsewhere, &desk, now).unwrap(), Decided::AlreadyDone);
    let waiting = received("反映一个情况", at("某处"), now);
    let early = waiting.correct(&index, &elsewhere, &desk, now).unwrap_err();
    assert_eq!(early, Error::StepNotAllowed { state: State::Queued, step: Step::Correct });
}

/// From whom to whom a person's correction says that it goes; none: it is so already.
fn said(route: &Route, correction: &Correction, subject: &str) -> Option<(String, String)> {
    let decided = route.correct(&place::index(), correction, &by(subject), friday()).unwrap().changes();
    let change = decided.into_iter().next()?;
    let Change::Corrected { decision, from_holder, .. } = change else { panic!("{change:?}") };
    Some((from_holder, decision.holder))
}

/// Casework leaves a case with its holder where the holder's own people named another unit. So another person's word for that unit is not so already.
#[test]
fn a_unit_that_another_person_names_too_is_named_once_more() {
    let now = friday();
    let ask = |correction| Correction { reason: "该他们办".into(), ..correction };
    let naming = |unit: &str| ask(Correction { holder: Some(unit.into()), ..Correction::default() });
    let office = naming("DEP-chengguan");
    let pressing = ask(Correction { priority: Some(Priority::Urgent), ..Correction::default() });
    let both = Correction { holder: office.holder.clone(), ..pressing.clone() };
    let decided = received("垃圾堆了三天", in_area("420102003002"), now);
    let before = decided.decision.clone().unwrap().holder;
    let goes = |from: &str| Some((from.to_owned(), "DEP-chengguan".to_owned()));
    assert_eq!(said(&decided, &naming(&before), "desk-2"), None, "nobody has corrected it");

    let own = corrected(&decided, &office, now, "desk-1");
    assert_eq!(said(&own, &office, "desk-1"), None, "the same person");
    assert_eq!(said(&own, &both, "desk-1"), goes("DEP-chengguan"), "and puts the rest right");
    for again in [&office, &both] {
        assert_eq!(said(&own, again, "desk-2"), goes(&before));
    }
    // Who names no unit leaves the case where it is by now, and may still name it.
    assert_eq!(said(&own, &pressing, "desk-2"), goes("DEP-chengguan"));
    let pressed = corrected(&own, &pressing, now, "desk-2");
    assert_eq!(said(&pressed, &office, "desk-2"), goes(&before));
    let again = corrected(&pressed, &office, now, "desk-2");
    assert_eq!(said(&again, &office, "desk-2"), None, "the same person");
    assert_eq!(again.decided_by.as_ref().unwrap().subject, "desk-2");
    assert_eq!(said(&again, &naming(&before), "desk-2"), Some(("DEP-chengguan".into(), before)));
}

/// A danger has its hour whoever holds it: only a person's own word on the priority is kept as theirs.
#[test]
fn another_holder_leaves_a_danger_its_hour() {
    let (index, now) = (place::index(), friday());
    let fainted = submission("有人晕倒了", in_area("420102003002"), LITTER);
    let due_at = fainted.submitted_at + TimeDelta::hours(1);
    let change = Route::receive(Some(&index), Memory::default(), fainted, now);
    let decided: Route = huying_testing::after(None, &change, &stamp(now, "routing")).unwrap();
    let held = Correction {
        holder: Some("DEP-chengguan".into()),
        reason: "该他们办".into(),
        ..Correction::default()
    };
    let decision = corrected(&decided, &held, now, "desk-1").decision.unwrap();
    assert_eq!((decision.holder.as_str(), decision.priority), ("DEP-chengguan", Priority::Urgent));
    assert_eq!(decision.resolve_due_at, due_at, "{}", place::reasons(&decision.reasons));
    assert!(decision.reasons.iter().all(|it| it.rule != "priority.hand"), "no person said so");
}

fn list() -> pb::ListTriageRequest {
    pb::ListTriageRequest { district: place::DISTRICT.into(), ..Default::default() }
}

async fn listed(desk: &mut Client, request: pb::ListTriageRequest) -> Vec<String> {
    let page = desk.list_triage(request).await.unwrap().into_inner();
    assert_eq!(page.next_page_token, "");
    page.routes.into_iter().map(|route| route.request).collect()
}

/// Submitted on Friday at 16:00 and minded by nobody until Tuesday.
#[tokio::test]
async fn what_nobody_minds_turns_its_lamps_and_climbs_once() {
    let (town, clock) = Town::at(friday()).await;
    let waiting = town.submitted("反映一个情况", "420102003002").await;
    assert_eq!((waiting.lamp(), waiting.priority()), (common::Lamp::Green, common::Priority::Normal));
    let mut desk = town.desk();
    assert!(listed(&mut desk, pb::ListTriageRequest { overdue: true, ..list() }).await.is_empty());

    clock.set(tuesday());
    let route = eventually("it has climbed", async || {
        let route = town.route(waiting.request.parse().unwrap()).await.unwrap();
        (route.climbed_to == "S-420102003").then_some(route)
    })
    .await;
    assert_eq!((route.lamp(), route.state()), (common::Lamp::Red, pb::RouteState::Queued));
    let told = ["RouteQueued", "RouteLampTurned", "RouteLampTurned", "RouteClimbed"];
    assert_eq!(names(&town, &waiting.request).await, told);
    let events = town.events(&waiting.request).await;
    let lamps: Vec<pb::RouteLampTurned> = events[1..3].iter().map(|event| event.decode().unwrap()).collect();
    assert_eq!([lamps[0].lamp(), lamps[1].lamp()], [common::Lamp::Amber, common::Lamp::Red]);
    let climbed: pb::RouteClimbed = events[3].decode().unwrap();
    assert_eq!((climbed.unit.as_str(), climbed.tier()), ("S-420102003", common::Tier::Street));
    for request in
        [pb::ListTriageRequest { overdue: true, ..list() }, pb::ListTriageRequest { climbed: true, ..list() }]
    {
        assert_eq!(listed(&mut desk, request).await, [waiting.request.as_str()]);
    }

    let decide = pb::DecideTriageRequest {
        request_id: fresh(),
        request: route.request.clone(),
        version: route.version,
        area: "420102003002".into(),
        category: LITTER.into(),
        ..Default::default()
    };
    let decided = desk.decide_triage(decide).await.unwrap().into_inner();
    assert_eq!((decided.queue_time, decided.due_time.is_some()), (waiting.queue_time, true));
    let last: pb::RouteDecided = town.events(&waiting.request).await.pop().unwrap().decode().unwrap();
    assert_eq!(last.queue_time.unwrap().seconds, friday().timestamp());
    assert_eq!(last.decide_time.unwrap().seconds, tuesday().timestamp());

    // Nothing more is told of what was decided.
    clock.set(tuesday() + TimeDelta::days(30));
    let other = town.submitted("反映另一个情况", "").await;
    clock.set(tuesday() + TimeDelta::days(60));
    eventually("the other's lamps have turned", async || {
        (names(&town, &other.request).await.len() == 4).then_some(())
    })
    .await;
    assert_eq!(names(&town, &waiting.request).await.len(), told.len() + 1);
    town.end().await;
}

#[tokio::test]
async fn the_most_pressing_is_first_and_filters_narrow_the_queue() {
    let (town, clock) = Town::at(friday()).await;
    let normal = town.submitted("反映一个情况", "420102003002").await.request;
    clock.advance(std::time::Duration::from_secs(60));
    let later = town.submitted("反映一个情况", "420102010002").await.request;
    clock.advance(std::time::Duration::from_secs(60));
    let high = town.submitted("大树倾斜", "").await.request;
    clock.advance(std::time::Duration::from_secs(60));
    let urgent = town.submitted("燃气泄漏", "").await.request;
    let mut desk = town.desk();
    let all = [&urgent, &high, &normal, &later].map(String::clone);
    assert_eq!(listed(&mut desk, list()).await, all);
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let asked = pb::ListTriageRequest { page_size: 1, page_token: token, ..list() };
        let page = desk.list_triage(asked).await.unwrap().into_inner();
        paged.extend(page.routes.into_iter().map(|route| route.request));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, all);

    let claim = |request: &str| pb::ClaimTriageRequest { request_id: fresh(), request: request.into() };
    town.caller(Role::Leader, None, Some("420102")).claim_triage(claim(&high)).await.unwrap();
    desk.claim_triage(claim(&later)).await.unwrap();
    let hands = |hands: pb::TriageHands| pb::ListTriageRequest { hands: hands.into(), ..list() };
    assert_eq!(listed(&mut desk, hands(pb::TriageHands::Nobody)).await, [urgent.clone(), normal.clone()]);
    assert_eq!(listed(&mut desk, hands(pb::TriageHands::Mine)).await, [later.as_str()]);
    let area = |area: &str| pb::ListTriageRequest { area: area.into(), ..list() };
    assert_eq!(listed(&mut desk, area("420102003")).await, [normal.as_str()]);
    let undecided = |part: &str| pb::ListTriageRequest { undecided: part.into(), ..list() };
    assert_eq!(listed(&mut desk, undecided("category")).await, [normal.clone(), later.clone()]);
    assert_eq!(listed(&mut desk, undecided("area")).await, [urgent.clone(), high.clone()]);
    for wrong in [undecided("colour"), area("4201"), pb::ListTriageRequest { hands: 9, ..list() }] {
        let status = desk.list_triage(wrong).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    }

    clock.set(friday() + TimeDelta::minutes(70));
    let count = pb::CountTriageRequest { district: place::DISTRICT.into(), area: String::new() };
    let counted = desk.count_triage(count.clone()).await.unwrap().into_inner();
    assert_eq!((counted.waiting, counted.overdue, counted.claimed, counted.more), (4, 1, 0, false));
    let by = |counts: &[pb::TriageCount]| {
        counts.iter().map(|it| format!("{} {}", it.key, it.count)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(by(&counted.areas), "420102 2, 420102003 1, 420102010 1");
    assert_eq!(by(&counted.undecided), "area 2, category 2");
    let of_street = pb::CountTriageRequest { area: "420102003".into(), ..count };
    assert_eq!(desk.count_triage(of_street.clone()).await.unwrap().into_inner().waiting, 1);
    let mut other = town.caller(Role::Desk, None, Some("420103"));
    assert_eq!(reason(&other.count_triage(of_street).await.unwrap_err()), "OUTSIDE_AREA");
    town.end().await;
}

#[tokio::test]
async fn who_has_it_in_hand_is_told_to_the_others() {
    let (town, clock) = Town::at(friday()).await;
    let waiting = town.submitted("反映一个情况", "420102003002").await;
    let (mut desk, mut leader) = (town.desk(), town.caller(Role::Leader, None, Some("420102003")));
    let claim = || pb::ClaimTriageRequest { request_id: fresh(), request: waiting.request.clone() };
    let release = || pb::ReleaseTriageRequest { request_id: fresh(), request: waiting.request.clone() };
    let first = claim();
    let claimed = desk.claim_triage(first.clone()).await.unwrap().into_inner();
    let held = claimed.claim.clone().unwrap();
    assert_eq!(held.actor.unwrap().subject, "test-desk");
    let until = friday() + TimeDelta::minutes(15);
    assert_eq!(held.expire_time.unwrap().seconds, until.timestamp());
    assert_eq!(desk.claim_triage(first).await.unwrap().into_inner(), claimed);

    let decide = |version| pb::DecideTriageRequest {
        request_id: fresh(),
        request: waiting.request.clone(),
        version,
        area: "420102003002".into(),
        category: LITTER.into(),
        ..Default::default()
    };
    let refused = leader.decide_triage(decide(claimed.version)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "CLAIMED"));
    assert!(refused.message().contains("test-desk"), "{}", refused.message());
    assert_eq!(reason(&leader.claim_triage(claim()).await.unwrap_err()), "CLAIMED");
    assert_eq!(reason(&leader.release_triage(release()).await.unwrap_err()), "CLAIMED");
    let mut elsewhere = town.caller(Role::Desk, None, Some("420102010"));
    assert_eq!(reason(&elsewhere.claim_triage(claim()).await.unwrap_err()), "NOT_FOUND");
    let broken = pb::ClaimTriageRequest { request: "JA-1".into(), ..claim() };
    assert_eq!(reason(&desk.claim_triage(broken).await.unwrap_err()), "BAD_FIELD");

    let free = desk.release_triage(release()).await.unwrap().into_inner();
    assert_eq!(free.claim, None);
    leader.claim_triage(claim()).await.unwrap();
    // Nobody gives it back; it is over by itself.
    clock.set(until + TimeDelta::minutes(1));
    let lapsed = town.route(waiting.request.parse().unwrap()).await.unwrap();
    assert_eq!(lapsed.claim, None);
    let decided = desk.decide_triage(decide(lapsed.version)).await.unwrap().into_inner();
    assert_eq!(decided.state(), pb::RouteState::Decided);
    assert_eq!(reason(&desk.claim_triage(claim()).await.unwrap_err()), "STEP_NOT_ALLOWED");
    let told = ["RouteQueued", "RouteClaimed", "RouteReleased", "RouteClaimed", "RouteDecided"];
    assert_eq!(names(&town, &waiting.request).await, told);
    town.end().await;
}

#[tokio::test]
async fn a_wrong_decision_is_corrected_with_a_reason() {
    let (town, _) = Town::at(friday()).await;
    let decided = town.submitted("路边垃圾堆了一地", "420102003002").await;
    assert_eq!(decided.state(), pb::RouteState::Decided);
    let mut desk = town.desk();
    let right = || pb::CorrectRouteRequest {
        request_id: fresh(),
        request: decided.request.clone(),
        version: decided.version,
        reason: "是行道树，在长建社区".into(),
        area: "420102010002".into(),
        category: TREES.into(),
        ..Default::default()
    };
    let wrong = [
        (pb::CorrectRouteRequest { reason: String::new(), ..right() }, "BAD_FIELD"),
        (pb::CorrectRouteRequest { area: String::new(), category: String::new(), ..right() }, "BAD_FIELD"),
        (pb::CorrectRouteRequest { area: "420102777".into(), ..right() }, "UNKNOWN_AREA"),
        (pb::CorrectRouteRequest { category: "none".into(), ..right() }, "UNKNOWN_CATEGORY"),
        (pb::CorrectRouteRequest { holder: "S-420102003".into(), ..right() }, "UNIT_ELSEWHERE"),
        (pb::CorrectRouteRequest { version: 9, ..right() }, "STALE_VERSION"),
        (pb::CorrectRouteRequest { area: "420103001".into(), ..right() }, "OUTSIDE_AREA"),
        (pb::CorrectRouteRequest { request: fresh(), ..right() }, "NOT_FOUND"),
    ];
    for (request, why) in wrong {
        assert_eq!(reason(&desk.correct_route(request).await.unwrap_err()), why);
    }
    let mut street = town.caller(Role::Desk, None, Some("420102003"));
    assert_eq!(reason(&street.correct_route(right()).await.unwrap_err()), "OUTSIDE_AREA");
    let asked = right();
    let corrected = desk.correct_route(asked.clone()).await.unwrap().into_inner();
    let decision = corrected.decision.clone().unwrap();
    assert_eq!((decision.category.as_str(), decision.area.as_str()), (TREES, "420102010002"));
    assert_eq!((corrected.correction.as_str(), corrected.version), (asked.reason.as_str(), 2));
    assert_eq!(desk.correct_route(asked).await.unwrap().into_inner(), corrected);
    let event: pb::RouteCorrected = town.events(&decided.request).await.pop().unwrap().decode().unwrap();
    assert_eq!(event.decision.unwrap().holder, decision.holder);
    assert_eq!(
        (event.reason, event.corrected_by.unwrap().subject),
        (corrected.correction, "test-desk".into())
    );

    let waiting = town.submitted("反映一个情况", "").await;
    let early = pb::CorrectRouteRequest { request: waiting.request, version: 1, ..right() };
    assert_eq!(reason(&desk.correct_route(early).await.unwrap_err()), "STEP_NOT_ALLOWED");
    town.end().await;
}

/// As the domain has it; those who follow are told who and from whom.
#[tokio::test]
async fn what_another_person_says_too_is_told_once_more() {
    let (town, _) = Town::at(friday()).await;
    let decided = town.submitted("路边垃圾堆了一地", "420102003002").await;
    let before = decided.decision.clone().unwrap().holder;
    let naming = |version| pb::CorrectRouteRequest {
        request_id: fresh(),
        request: decided.request.clone(),
        version,
        reason: "该城管办".into(),
        holder: "DEP-chengguan".into(),
        ..Default::default()
    };
    let (mut desk, mut leader) = (town.desk(), town.caller(Role::Leader, None, Some(place::DISTRICT)));
    let own = desk.correct_route(naming(1)).await.unwrap().into_inner();
    assert_eq!(desk.correct_route(naming(2)).await.unwrap().into_inner(), own);
    let again = leader.correct_route(naming(2)).await.unwrap().into_inner();
    assert_eq!((own.version, again.version), (2, 3));
    assert_eq!(leader.correct_route(naming(3)).await.unwrap().into_inner(), again);
    let mut told = Vec::new();
    for event in &town.events(&decided.request).await[1..] {
        let it: pb::RouteCorrected = event.decode().unwrap();
        told.push((it.from_holder, it.decision.unwrap().holder, it.corrected_by.unwrap().subject));
    }
    let said = |by: &str| (before.clone(), "DEP-chengguan".to_owned(), by.to_owned());
    assert_eq!(told, [said("test-desk"), said("test-leader")]);
    town.end().await;
}

#[tokio::test]
async fn a_route_is_found_by_its_requests_number() {
    let (town, _) = Town::at(friday()).await;
    let request = Uuid::now_v7();
    let mut event = submitted(request, "反映一个情况", common::Location::default(), friday());
    event.request.as_mut().unwrap().number = "JA-20261120-000077".into();
    town.say(request, 1, &event).await;
    let taken = town.taken(request).await;
    let mut desk = town.desk();
    let mut ask = async |name: &str| desk.get_route(pb::GetRouteRequest { request: name.into() }).await;
    assert_eq!(ask("JA-20261120-000077").await.unwrap().into_inner(), taken);
    assert_eq!(reason(&ask("JA-20261120-000078").await.unwrap_err()), "NOT_FOUND");
    assert_eq!(reason(&ask("no number").await.unwrap_err()), "BAD_FIELD");
    town.end().await;
}
