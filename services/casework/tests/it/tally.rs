//! 两头考核: how units answered what they were called for, and whom they called, counted by the dispatches sent in a period.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use huying_casework::{
    domain::{
        By, Period,
        case::step::Accept,
        dispatch::{
            step::{Complete, Ending, Release, TakeBack},
            tally::{DispatchCounts, Tally},
        },
        lamp::TurnLamps,
    },
    store::{self, tally::count},
};
use huying_chassis::auth::Role;
use huying_proto::casework::v1::{self as pb, DispatchResponse, DispatchState};
use huying_testing::{eventually, reason};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr as _};
use tonic::Code;

use super::{
    arbitrate::{arbitrate, called},
    domain::{decline, insist, report, sent, then},
    fixture::{self as f, morning},
    store::database,
    support::{Dispatches, Town, fresh},
};

const MINUTE: Duration = Duration::from_secs(60);

async fn answered(town: &Town, it: &pb::Dispatch, response: DispatchResponse) -> pb::Dispatch {
    let request = pb::RespondDispatchRequest {
        request_id: fresh(),
        id: it.id.clone(),
        version: it.version,
        response: response.into(),
        note: "已到现场".into(),
    };
    town.dispatches_of(&f::parks()).respond_dispatch(request).await.unwrap().into_inner()
}

async fn ruled(town: &Town, it: &pb::Dispatch, insist: bool) -> pb::Dispatch {
    town.desk_of_dispatches().arbitrate_dispatch(arbitrate(it, insist)).await.unwrap().into_inner()
}

/// The same dispatch, once its clocks are so far.
async fn when(town: &Town, it: &pb::Dispatch, so_far: impl Fn(&pb::Dispatch) -> bool) -> pb::Dispatch {
    let (mut desk, get) = (town.desk_of_dispatches(), pb::GetDispatchRequest { id: it.id.clone() });
    eventually("its lamps have turned", async || {
        town.clock.advance(Duration::from_millis(600));
        Some(desk.get_dispatch(get.clone()).await.unwrap().into_inner()).filter(|now| so_far(now))
    })
    .await
}

/// What its row keeps of what happened to it.
#[test]
fn a_dispatch_keeps_what_it_is_counted_by() {
    let (parks, district, street) = (f::by(&f::parks()), f::by(&f::district()), f::by(&f::street()));
    let opened = f::case_at(&f::street());
    let case = f::after(&opened, f::take(&opened, &street, &Accept, &f::facts()).unwrap(), morning());
    let accepted = then(&sent(), &parks, &report(), &f::facts());
    assert_eq!(accepted.tally, Tally { reported: true, ..Tally::default() });
    // Told once more, it is to report in anew.
    let late = f::facts().of(&case).at(morning() + TimeDelta::days(30));
    let late = then(&accepted, &By::default(), &TurnLamps, &late);
    let again = then(&late, &district, &insist(), &f::facts());
    assert_eq!((again.tally, again.binding), (Tally::default(), true));
    let declined = then(&accepted, &parks, &decline(), &f::facts());
    let overruled = then(&declined, &district, &insist(), &f::facts());
    assert_eq!((overruled.tally, overruled.binding), (Tally { declined: true, ..Tally::default() }, true));
    for apt in [false, true] {
        let released = then(&declined, &district, &Release { reason: "算了".into(), apt }, &f::facts());
        assert_eq!((released.tally.ending, released.tally.apt), (Some(Ending::Released), Some(apt)));
    }
    let take_back = TakeBack { reason: "不用了".into() };
    let back = then(&sent(), &street, &take_back, &f::facts().of(&case));
    assert_eq!((back.tally.ending, back.tally.apt), (Some(Ending::TakenBack), Some(false)));
    let done = then(&accepted, &parks, &Complete { note: "已修剪".into() }, &f::facts());
    assert_eq!((done.tally.ending, done.tally.apt), (None, Some(true)));
}

fn at(time: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(huying_wire::instant::write(time))
}

fn asked(area: &str) -> pb::CountDispatchesRequest {
    pb::CountDispatchesRequest {
        district: f::DISTRICT.into(),
        area: area.into(),
        from_time: at(morning()),
        until_time: at(morning() + TimeDelta::days(366)),
        page_token: String::new(),
    }
}

async fn counted(mut by: Dispatches, area: &str) -> pb::CountDispatchesResponse {
    let counted = by.count_dispatches(asked(area)).await.unwrap().into_inner();
    assert!(counted.next_page_token.is_empty());
    counted
}

/// Each by its own case, so that what becomes of one is nothing to the others.
async fn lives(town: &Town) {
    // On time.
    let (_, it) = called(town).await;
    town.clock.advance(10 * MINUTE);
    let it = answered(town, &it, DispatchResponse::Accept).await;
    town.clock.advance(20 * MINUTE);
    answered(town, &it, DispatchResponse::Complete).await;
    // Declined, and it is not theirs.
    let (_, it) = called(town).await;
    let it = answered(town, &it, DispatchResponse::Decline).await;
    ruled(town, &it, false).await;
    // Taken back.
    let (_, it) = called(town).await;
    let (id, version) = (it.id.clone(), it.version);
    let back = pb::TakeBackDispatchRequest { request_id: fresh(), id, version, reason: "不用了".into() };
    town.dispatches_of(&f::street()).take_back_dispatch(back).await.unwrap();
    // Withdrawn with its case.
    let (request, case) = town.accepted(&f::street()).await;
    town.call(&case, &[f::parks()], "修剪").await;
    town.withdrawn(request).await;
    // Declined, and it is theirs after all: reported in for, and open.
    let (_, it) = called(town).await;
    let it = answered(town, &it, DispatchResponse::Decline).await;
    let it = ruled(town, &it, true).await;
    answered(town, &it, DispatchResponse::Accept).await;
    // Silent twice, then late in the end.
    let (_, it) = called(town).await;
    town.clock.advance(61 * MINUTE);
    let it = when(town, &it, |now| now.silences == 1).await;
    let it = ruled(town, &it, true).await;
    town.clock.advance(61 * MINUTE);
    let it = when(town, &it, |now| now.silent && now.silences == 2).await;
    let it = answered(town, &it, DispatchResponse::Accept).await;
    town.clock.advance(60 * 24 * 30 * MINUTE);
    let red = |clock: &pb::Clock| {
        clock.kind() == pb::ClockKind::Resolve && clock.lamp() == huying_proto::common::v1::Lamp::Red
    };
    let it = when(town, &it, |now| now.clocks.iter().any(red)).await;
    assert_eq!(answered(town, &it, DispatchResponse::Complete).await.state(), DispatchState::Done);
}

#[tokio::test]
async fn both_ends_of_a_call_are_counted() {
    let town = Town::open().await;
    Box::pin(lives(&town)).await;
    let leader = || town.dispatches(Role::Leader, None, Some(f::DISTRICT));
    let all = counted(leader(), "").await;
    let [parks] = &all.called[..] else { panic!("{all:?}") };
    assert_eq!((parks.unit.as_str(), parks.name.as_str(), parks.called), ("DEP-parks", "园林局", 6));
    assert_eq!((parks.reported, parks.reported_on_time), (3, 2), "{parks:?}");
    assert_eq!((parks.silent, parks.silences), (1, 2), "{parks:?}");
    assert_eq!((parks.done_on_time, parks.done_late), (1, 1), "{parks:?}");
    assert_eq!((parks.declined, parks.overruled), (2, 1), "{parks:?}");
    assert_eq!((parks.taken_back, parks.ended, parks.open), (1, 2, 1), "{parks:?}");
    // Ten minutes, at once, and an hour and a bit.
    assert!((600 + 3660..600 + 3900).contains(&parks.report_seconds), "{parks:?}");
    assert!(parks.finish_seconds > 1800 + 7200, "{parks:?}");
    let [street] = &all.callers[..] else { panic!("{all:?}") };
    assert_eq!((street.unit.as_str(), street.calls), ("S-1", 6));
    assert_eq!((street.apt, street.not_apt, street.taken_back), (2, 2, 1), "{street:?}");

    let own = town.dispatches(Role::Officer, Some("S-1"), Some(f::STREET));
    assert_eq!(counted(own, "").await, all, "an office counts its own area");
    let other = town.dispatches(Role::Leader, None, Some("990101002"));
    assert_eq!(counted(other, "").await, pb::CountDispatchesResponse::default());
    assert_eq!(counted(leader(), "990101002").await, pb::CountDispatchesResponse::default());
    let from_time = at(morning() + TimeDelta::days(20));
    let later = pb::CountDispatchesRequest { from_time, ..asked("") };
    assert_eq!(leader().count_dispatches(later).await.unwrap().into_inner().called, []);
}

#[tokio::test]
async fn a_count_is_bounded_and_an_offices() {
    let town = Town::open().await;
    let mut leader = town.dispatches(Role::Leader, None, Some(f::DISTRICT));
    let until_time = at(morning() + TimeDelta::days(367));
    for wrong in [
        pb::CountDispatchesRequest { until_time, ..asked("") },
        pb::CountDispatchesRequest { until_time: at(morning()), ..asked("") },
        pb::CountDispatchesRequest { from_time: None, ..asked("") },
        pb::CountDispatchesRequest { area: "99".into(), ..asked("") },
        pb::CountDispatchesRequest { page_token: "nonsense".into(), ..asked("") },
    ] {
        assert_eq!(reason(&leader.count_dispatches(wrong).await.unwrap_err()), "BAD_FIELD");
    }
    let mut abroad = town.dispatches(Role::Leader, None, Some("990102"));
    assert_eq!(reason(&abroad.count_dispatches(asked("")).await.unwrap_err()), "OUTSIDE_AREA");
    let refused = town.dispatches_of(&f::parks()).count_dispatches(asked("")).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied, "a department is counted");
}

/// However many there are: so many are looked at, off the index and in its order, and all answers add up.
#[tokio::test]
async fn dispatches_are_counted_by_their_index() {
    let pool = database().await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&mut *connection).await.unwrap();
    connection
        .execute("set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    for (name, types, values) in [
        ("tally::COUNT", ", text, text, int8", ", '990101', '990101', 1000"),
        ("tally::LAST", ", int8", ", 999"),
    ] {
        let (_, sql) = store::ALL.iter().find(|(known, _)| *known == name).unwrap();
        let prepare =
            format!("prepare counted (text, timestamptz, timestamptz, timestamptz, uuid{types}) as {sql}");
        connection.execute(AssertSqlSafe(prepare).into_sql_str()).await.unwrap();
        let explain = format!(
            "explain (costs off) execute counted ('990101', 'epoch', now(), 'epoch', gen_random_uuid(){values})"
        );
        let plan: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&mut *connection).await.unwrap();
        let plan = plan.join("\n");
        let (_, led) = plan.split_once("Limit").unwrap();
        assert!(led.contains("using dispatch_sent_at on") && !led.contains("Sort"), "{name}: {plan}");
        connection.execute("deallocate counted").await.unwrap();
    }

    let whole = Period {
        district: f::DISTRICT.into(),
        area: f::DISTRICT.into(),
        from: DateTime::UNIX_EPOCH,
        until: DateTime::UNIX_EPOCH + TimeDelta::days(366),
        within: None,
    };
    let (mut pages, mut called, mut calls, mut after) = (0, 0, 0, None);
    loop {
        let (DispatchCounts { called: some, callers }, next) =
            count(&pool, &whole, after, 1000).await.unwrap();
        called += some.iter().map(|it| it.called).sum::<i64>();
        calls += callers.iter().map(|it| it.calls).sum::<i64>();
        (pages, after) = (pages + 1, next);
        if after.is_none() {
            break;
        }
    }
    assert_eq!((pages, called, calls), (7, 6000, 6000));
    let part = Period { area: "990101003".into(), ..whole };
    let (part, _) = count(&pool, &part, None, 10_000).await.unwrap();
    assert_eq!(part.called.iter().map(|it| it.called).sum::<i64>(), 375);
}
