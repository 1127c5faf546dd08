//! 承继: a profile without a unit that has work in hand is refused, and with its successor everything is the successor's when the answer comes.

use std::time::Duration;

use huying_casework::domain::{Case, Unit, case::step::AskExtension};
use huying_chassis::auth::Reach;
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_terms::{Limit, LimitKind};
use huying_testing::{eventually, reason};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    calendar::settled,
    fixture::{self as f, DISTRICT},
    support::{Town, decided, meta, number, profile},
};

const HALF_AN_HOUR: Duration = Duration::from_secs(1800);
const LONG: Duration = Duration::from_secs(60);

/// The district's profile with its units but for some, and who goes on for those that have a successor.
fn with_units(without: &[&str], successors: &[(&str, &Unit)]) -> pb::ApplyProfileRequest {
    let all = [f::grid(), f::community(), f::street(), f::district(), f::parks(), f::traffic(), f::chair()];
    let mut request = profile(false);
    let part = request.profile.as_mut().unwrap();
    let there = all.into_iter().filter(|unit| !without.contains(&unit.code.as_str()));
    part.units = there.map(|unit| pb::ProfileUnit { code: unit.code, name: unit.name }).collect();
    let successor = |(unit, to): &(&str, &Unit)| pb::Successor {
        unit: (*unit).to_owned(),
        code: to.code.clone(),
        name: to.name.clone(),
        tier: huying_wire::tier::write(to.tier).into(),
        area: to.area.clone(),
    };
    part.successors = successors.iter().map(successor).collect();
    request
}

/// Without the community and the parks, whose work is the street's and the traffic police's.
fn merged() -> pb::ApplyProfileRequest {
    let (street, traffic) = (Unit { name: "一元街道".into(), ..f::street() }, f::traffic());
    with_units(
        &["C-1", "DEP-parks", "RG-1"],
        &[("C-1", &street), ("DEP-parks", &traffic), ("RG-1", &traffic)],
    )
}

async fn apply(
    town: &Town,
    mut request: pb::ApplyProfileRequest,
) -> Result<pb::ApplyProfileResponse, tonic::Status> {
    // The group's members go with its units.
    let part = request.profile.as_mut().unwrap();
    part.groups.retain(|group| group.members.iter().all(|it| part.units.iter().any(|unit| unit.code == *it)));
    part.groups.retain(|group| part.units.iter().any(|unit| unit.code == group.chair));
    Ok(town.operator().apply_profile(request).await?.into_inner())
}

async fn told(town: &Town, id: &str, name: &str) -> usize {
    town.events(id).await.iter().filter(|(event, _)| event == name).count()
}

/// All clocks' deadlines.
fn due(case: &pb::Case) -> Vec<Option<i64>> {
    case.clocks.iter().map(|clock| clock.due_time.as_ref().map(|time| time.seconds)).collect()
}

#[tokio::test]
async fn a_unit_with_work_in_hand_goes_only_where_somebody_goes_on() {
    let town = Town::open().await;
    apply(&town, with_units(&[], &[])).await.unwrap();
    let (_, assigned) = town.case_at(&f::community()).await;
    let (_, working) = town.accepted(&f::community()).await;
    let (_, calling) = town.accepted(&f::street()).await;
    let sent = town.call(&calling, &[f::parks()], "修剪").await.remove(0);
    // The community asks the street, which is to rule.
    let (id, community) = (working.id.parse().unwrap(), f::community());
    let more = Limit { kind: LimitKind::UrgentHour, amount: 1 };
    let ask = AskExtension { approval: Uuid::now_v7(), more, reason: "难".into() };
    let app = town.knowing_above(&community, f::street());
    app.take::<Case, _>(id, &f::by(&community), &ask, &meta(&community, working.version)).await.unwrap();
    town.clock.advance(HALF_AN_HOUR);

    let before = town.written().await;
    for dry_run in [true, false] {
        let request =
            pb::ApplyProfileRequest { dry_run, ..with_units(&["C-1", "S-1", "DEP-parks", "G-1"], &[]) };
        let refused = apply(&town, request).await.unwrap_err();
        assert_eq!(reason(&refused), "UNIT_HOLDS_CASES");
        let details = refused.get_error_details();
        let told = &details.error_info().unwrap().metadata;
        let counts = ["cases", "dispatches", "approvals", "units"].map(|key| told[key].as_str());
        assert_eq!(counts, ["3", "1", "1", "C-1,DEP-parks,S-1"], "the grid has nothing");
        let fields = &details.bad_request().unwrap().field_violations;
        let parks = "园林局 has 0 open cases, 1 open dispatches, 0 approvals and 0 decisions";
        assert_eq!((fields[1].field.as_str(), fields[1].description.as_str()), ("DEP-parks", parks));
    }
    assert_eq!(town.written().await, before, "nothing was changed");

    let dispatch = sent.id.to_string();
    let clocks =
        town.app.log.load::<huying_casework::domain::Dispatch>(sent.id).await.unwrap().unwrap().it.clocks;
    let applied = apply(&town, merged()).await.unwrap();
    // Two cases and the lapsed approval, the case that called, the dispatch.
    assert_eq!((applied.changed, applied.unfinished), (5, false));
    let now = town.case(&assigned.id).await;
    assert_eq!(
        (now.holder.as_str(), now.holder_name.as_str(), now.state()),
        ("S-1", "一元街道", pb::CaseState::Assigned)
    );
    assert_eq!(due(&now), due(&assigned), "clocks kept");
    assert_eq!(now.version, assigned.version + 1, "one entry");
    let now = town.case(&working.id).await;
    assert_eq!((now.holder.as_str(), now.state()), ("S-1", pb::CaseState::Assigned));
    let resolve =
        |case: &pb::Case| case.clocks.iter().find(|clock| clock.kind() == pb::ClockKind::Resolve).cloned();
    assert_eq!(resolve(&now), resolve(&working));
    let moved = town.app.log.load::<huying_casework::domain::Dispatch>(sent.id).await.unwrap().unwrap();
    assert_eq!((moved.it.unit.as_str(), moved.it.clocks), ("DEP-traffic", clocks));
    let on_its_subject: pb::DispatchUnitReplaced =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_unit_replaced.990101.DEP-traffic").await;
    assert_eq!(on_its_subject.successions[0].unit, "DEP-parks");

    // Applied again, and swept again by the leader: nothing moves twice.
    assert_eq!(apply(&town, merged()).await.unwrap().changed, 0);
    settled(&town).await;
    for id in [&assigned.id, &working.id] {
        assert_eq!(told(&town, id, "CaseRelieved").await, 1);
    }
    assert_eq!(told(&town, &calling.id, "CaseUnitReplaced").await, 1);
    assert_eq!(told(&town, &dispatch, "DispatchUnitReplaced").await, 1);
}

/// The old unit's stream has a last word, the successor's has it from then on.
#[tokio::test]
async fn the_right_to_the_stream_goes_with_the_dispatch() {
    let town = Town::open().await;
    apply(&town, with_units(&[], &[])).await.unwrap();
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await.remove(0);
    let watch = |unit: Unit| pb::WatchDispatchesRequest {
        district: DISTRICT.into(),
        unit: unit.code,
        cursor: String::new(),
    };
    let (mut parks, mut traffic) = (town.dispatches_of(&f::parks()), town.dispatches_of(&f::traffic()));
    let mut stream = parks.watch_dispatches(watch(f::parks())).await.unwrap().into_inner();
    assert!(stream.message().await.unwrap().unwrap().dispatch.is_some());
    apply(&town, merged()).await.unwrap();
    let left = eventually("it left", async || stream.message().await.unwrap().unwrap().left).await;
    assert_eq!((left.id, left.unit.as_str()), (sent.id.to_string(), "DEP-traffic"));
    let mut stream = traffic.watch_dispatches(watch(f::traffic())).await.unwrap().into_inner();
    let has = eventually("it came", async || stream.message().await.unwrap().unwrap().dispatch).await;
    assert_eq!((has.id, has.unit.as_str()), (sent.id.to_string(), "DEP-traffic"));
    let gone = parks.get_dispatch(pb::GetDispatchRequest { id: sent.id.to_string() }).await.unwrap_err();
    assert_eq!(reason(&gone), "NOT_FOUND");
}

/// Routing decided before it knew: the case begins at the unit, and its successor has it in the same commit.
#[tokio::test]
async fn a_case_that_comes_late_is_the_successors() {
    let town = Town::open().await;
    apply(&town, with_units(&[], &[])).await.unwrap();
    apply(&town, merged()).await.unwrap();
    let request = Uuid::now_v7();
    town.tell("routing", "route", request, &decided(request, &f::community())).await;
    let case = town.case(&number(request)).await;
    assert_eq!((case.holder.as_str(), case.version, case.state()), ("S-1", 2, pb::CaseState::Assigned));
    let names: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["CaseOpened", "CaseRelieved"]);
}

/// What a killed apply left, and what came to the old unit meanwhile, the leader moves.
#[tokio::test]
async fn what_a_killed_apply_left_goes_on() {
    let town = Town::open().await;
    apply(&town, with_units(&[], &[])).await.unwrap();
    let (_, first) = town.case_at(&f::community()).await;
    let (_, second) = town.case_at(&f::community()).await;
    // As if it had been killed right after the profile was replaced, having come as far as the first one.
    let mut part = f::profile();
    part.units = [("S-1", ""), ("D-1", "")].map(|(code, name)| (code.into(), name.into())).into();
    part.successors = [("C-1".into(), huying_casework::domain::Holder::of(&f::street()))].into();
    let reach = Reach::parse(Some(DISTRICT), None).unwrap();
    town.app.world.profiles.apply(part, false, &reach, &meta(&f::district(), 0)).await.unwrap();
    let noted = "insert into sweep (id, district, due_at, after) values ($1, $2, $3, $4)
                 on conflict (district) do update set due_at = excluded.due_at, after = excluded.after";
    let noted = sqlx::query(noted).bind(Uuid::now_v7()).bind(DISTRICT).bind(town.clock.now() + LONG);
    noted.bind(first.id.parse::<Uuid>().unwrap()).execute(&town.pool).await.unwrap();
    eventually("the replica has the new profile", async || {
        let (_, case) = town.case_at(&f::community()).await;
        (case.holder == "S-1").then_some(())
    })
    .await;
    town.clock.advance(LONG);
    settled(&town).await;
    assert_eq!(town.case(&second.id).await.holder, "S-1");
    assert_eq!(told(&town, &second.id, "CaseRelieved").await, 1);
    let sweeper = town.app.sweeper();
    let (one, two) = tokio::join!(sweeper.sweep(DISTRICT, LONG), sweeper.sweep(DISTRICT, LONG));
    assert_eq!((one.unfinished, two.unfinished), (false, false));
    assert_eq!(town.case(&first.id).await.holder, "S-1");
    assert_eq!(told(&town, &first.id, "CaseRelieved").await, 1);
}

#[tokio::test]
async fn successors_are_units_and_whom_they_replace_is_none() {
    let town = Town::open().await;
    let bad = [
        with_units(&["C-1"], &[("C-1", &f::unit("S-9", f::street().kind, f::street().tier, f::STREET))]),
        with_units(&[], &[("C-1", &f::street())]),
        with_units(&["C-1"], &[("C-1", &f::street()), ("C-1", &f::street())]),
    ];
    for request in bad {
        let refused = apply(&town, request).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD");
        let fields = refused.get_error_details().bad_request().unwrap().field_violations.clone();
        assert!(fields.iter().all(|it| it.field.starts_with("profile.successors")), "{fields:?}");
    }
    let mut tier = with_units(&["C-1"], &[("C-1", &f::street())]);
    tier.profile.as_mut().unwrap().successors[0].tier = common::Tier::Unspecified.into();
    assert_eq!(reason(&apply(&town, tier).await.unwrap_err()), "BAD_FIELD");
    // The chair of a group is a unit.
    let request = with_units(&["RG-1"], &[]);
    assert_eq!(reason(&town.operator().apply_profile(request).await.unwrap_err()), "BAD_FIELD");
}
