//! Units that worked on a case together rate each other, end to end: from casework's events to figures, lists and what is told.

use std::time::Duration;

use huying_chassis::{auth::Role, bus::Event, log::fingerprint};
use huying_proto::{
    casework::v1 as casework,
    common::v1::Tier,
    evaluation::v1::{self as pb, rating_service_client::RatingServiceClient},
};
use huying_testing::{Wire, eventually, reason};
use tonic::Code;
use uuid::Uuid;

use crate::{
    inquiries::told,
    rates::{count, rate, recount},
    store::{migrated, plan},
    support::{COMMUNITY, Case, DISTRICT, HOLDER, World},
};

const STREET: &str = "420102003";
pub const DESK: &str = "S-420102003";

type Ratings = RatingServiceClient<Wire>;

fn client(world: &World, role: Role, unit: Option<&str>, area: &str) -> Ratings {
    RatingServiceClient::new(world.wire(world.bench.bearer(role, unit, Some(area))))
}

fn community(world: &World) -> Ratings {
    client(world, Role::Officer, Some(HOLDER), COMMUNITY)
}

fn street(world: &World) -> Ratings {
    client(world, Role::Desk, Some(DESK), STREET)
}

fn department(world: &World, unit: &str) -> Ratings {
    client(world, Role::Department, Some(unit), DISTRICT)
}

fn event(message: &(impl prost::Name + serde::Serialize)) -> Event {
    Event::new("casework", message).unwrap()
}

/// What an event says of the case while a unit has it.
fn held(case: &Case, holder: &str, tier: Tier) -> Option<casework::CaseRef> {
    Some(casework::CaseRef {
        id: case.id.to_string(),
        number: "JA-20261123-000001".into(),
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        category: "0101".into(),
        tier: tier.into(),
        holder: holder.into(),
        requests: case.requests.clone(),
        attempt: case.attempt,
        ..Default::default()
    })
}

/// A community sends its case up; the street calls two departments, and one more when it meets with them, and a leader's group a fourth; all but
/// one come, and the street resolves it.
pub async fn lived(world: &World) -> Case {
    let case = Case::new();
    let at_street = || held(&case, DESK, Tier::Street);
    let called = |units: &[&str]| units.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let group = casework::Group {
        chair: "leader".into(),
        members: vec![casework::GroupMember { unit: "water".into(), ..Default::default() }],
        ..Default::default()
    };
    let events = [
        event(&casework::CaseOpened { case: held(&case, HOLDER, Tier::Community), ..Default::default() }),
        event(&casework::CaseEscalated { case: at_street(), from_unit: HOLDER.into(), ..Default::default() }),
        event(&casework::CaseCalled {
            case: at_street(),
            units: called(&["parks", "traffic"]),
            called_by: DESK.into(),
            ..Default::default()
        }),
        // As a build before wrote it, that did not say who called.
        event(&casework::CaseCalled { case: at_street(), units: called(&["police"]), ..Default::default() }),
        event(&casework::CaseConsulted {
            case: at_street(),
            units: called(&["housing"]),
            called_by: DESK.into(),
            ..Default::default()
        }),
        event(&casework::CaseGroupCalled { case: at_street(), group: Some(group), ..Default::default() }),
        event(&casework::CaseResolved {
            case: at_street(),
            units: called(&[DESK, "parks", "police", "housing", "water"]),
            parties: vec![casework::CaseParty {
                unit: DESK.into(),
                persons: vec![fingerprint(case.id, &format!("officer of {DESK}"))],
            }],
            ..Default::default()
        }),
    ];
    for (n, event) in events.iter().enumerate() {
        world.send(DISTRICT, case.id, n as i64 + 1, event).await;
    }
    world.callback_of(&case).await;
    case
}

pub fn rating(case: &Case, unit: &str, satisfaction: pb::Satisfaction) -> pb::RateUnitRequest {
    let unsatisfied = satisfaction == pb::Satisfaction::Unsatisfied;
    pb::RateUnitRequest {
        request_id: Uuid::now_v7().to_string(),
        case: case.id.to_string(),
        unit: unit.into(),
        satisfaction: satisfaction.into(),
        reasons: unsatisfied.then_some(pb::RatingReason::Absent.into()).into_iter().collect(),
        comment: "三次都没来人".into(),
    }
}

pub fn judging(case: &Case, unit: &str, apt: bool) -> pb::JudgeCallRequest {
    pb::JudgeCallRequest {
        request_id: Uuid::now_v7().to_string(),
        case: case.id.to_string(),
        unit: unit.into(),
        apt,
        reasons: (!apt).then_some(pb::RatingReason::Unneeded.into()).into_iter().collect(),
        comment: "社区自己就能办".into(),
    }
}

async fn refused(mut who: Ratings, request: pb::RateUnitRequest) -> String {
    reason(&who.rate_unit(request).await.unwrap_err())
}

async fn not_judged(mut who: Ratings, request: pb::JudgeCallRequest) -> String {
    reason(&who.judge_call(request).await.unwrap_err())
}

fn listing(unit: &str, rater: &str) -> pb::ListRatingsRequest {
    let (district, unit, rater) = (DISTRICT.to_owned(), unit.to_owned(), rater.to_owned());
    pb::ListRatingsRequest { district, unit, rater, ..Default::default() }
}

/// By whom and of whom the ratings are that somebody sees, and how many words they read.
async fn listed(mut who: Ratings, request: pb::ListRatingsRequest) -> (Vec<(String, String)>, usize) {
    let ratings = who.list_ratings(request).await.unwrap().into_inner().ratings;
    let words = ratings.iter().filter(|it| !it.comment.is_empty()).count();
    (ratings.into_iter().map(|it| (it.rater, it.unit)).collect(), words)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(rater, unit)| ((*rater).to_owned(), (*unit).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_38_units_that_worked_together_rate_each_other_once() {
    let world = World::new().await;
    let case = lived(&world).await;
    let first = rating(&case, DESK, pb::Satisfaction::Unsatisfied);
    let given = community(&world).rate_unit(first.clone()).await.unwrap().into_inner();
    assert_eq!(
        (given.kind(), given.satisfaction()),
        (pb::RatingKind::Grassroots, pb::Satisfaction::Unsatisfied)
    );
    assert_eq!((&*given.rater, &*given.unit, given.apt, given.attempt), (HOLDER, DESK, None, 1));
    assert_eq!((given.reasons, &*given.comment), (first.reasons.clone(), "三次都没来人"));
    // The same command again is answered; another is refused, and so is the same id for something else.
    assert_eq!(community(&world).rate_unit(first.clone()).await.unwrap().into_inner().id, given.id);
    let again = rating(&case, DESK, pb::Satisfaction::Satisfied);
    let there = (Code::AlreadyExists, "RATED_ALREADY".to_owned());
    assert_eq!(told(community(&world).rate_unit(again.clone()).await), there);
    let reused = pb::RateUnitRequest { request_id: first.request_id.clone(), ..again };
    assert_eq!(refused(community(&world), reused).await, "REQUEST_ID_REUSED");
    let judged = department(&world, "parks").judge_call(judging(&case, DESK, false)).await.unwrap();
    let judged = judged.into_inner();
    assert_eq!((judged.kind(), judged.apt), (pb::RatingKind::Aptness, Some(false)));
    assert_eq!((&*judged.rater, judged.satisfaction()), ("parks", pb::Satisfaction::Unspecified));
    assert_eq!(told(department(&world, "parks").judge_call(judging(&case, DESK, true)).await), there);

    for (id, words) in [(&given.id, "三次"), (&judged.id, "社区")] {
        let events = world.events(id).await;
        assert_eq!(
            (events.len(), &*events[0].0, events[0].1["rating"]["unit"].as_str()),
            (1, "UnitRated", Some(DESK))
        );
        assert!(!events[0].1.to_string().contains(words), "no words leave");
    }

    // What was said stays, and the case is at work again.
    world.send(DISTRICT, case.id, 8, &case.reopened()).await;
    let reopened = "the case is reopened";
    eventually(reopened, async || {
        let answer = street(&world).rate_unit(rating(&case, "parks", pb::Satisfaction::Satisfied)).await;
        // Until it is heard of, it takes this; another was given then.
        (reason(&answer.err()?) == "CASE_NOT_RESOLVED").then_some(())
    })
    .await;
    assert_eq!(community(&world).rate_unit(first).await.unwrap().into_inner().id, given.id);
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_stands_below_rates_and_only_who_was_called_judges() {
    let world = World::new().await;
    let case = lived(&world).await;
    let satisfied = |unit: &str| rating(&case, unit, pb::Satisfaction::Satisfied);
    for (who, unit, why) in [
        (community(&world), HOLDER, "OWN_WORK"),
        (street(&world), DESK, "OWN_WORK"),
        (street(&world), HOLDER, "NOT_ABOVE"),
        (community(&world), "traffic", "NOT_ABOVE"),
        (community(&world), "nobody", "NO_PART"),
        // Others of the area see the case; others of the district do not.
        (client(&world, Role::Desk, Some("C-1"), DISTRICT), DESK, "NO_PART"),
        (client(&world, Role::Desk, None, DISTRICT), DESK, "NO_PART"),
        (client(&world, Role::Officer, Some("community-101"), "420102004001"), DESK, "NOT_FOUND"),
        (client(&world, Role::Officer, Some(HOLDER), "420103003005"), DESK, "NOT_FOUND"),
        (department(&world, "parks"), DESK, "ROLE_NOT_ALLOWED"),
    ] {
        assert_eq!(refused(who, satisfied(unit)).await, why, "{unit}");
    }
    let nowhere = pb::RateUnitRequest { case: Uuid::now_v7().to_string(), ..satisfied(DESK) };
    assert_eq!(refused(community(&world), nowhere).await, "NOT_FOUND");
    for (who, unit, why) in [
        (department(&world, "parks"), HOLDER, "NOT_CALLED"),
        (department(&world, "parks"), "leader", "NOT_CALLED"),
        (department(&world, "water"), DESK, "NOT_CALLED"),
        (department(&world, "parks"), "parks", "OWN_WORK"),
        (department(&world, "fire"), DESK, "NOT_FOUND"),
        (client(&world, Role::Department, Some("parks"), "420103"), DESK, "NOT_FOUND"),
        (community(&world), DESK, "ROLE_NOT_ALLOWED"),
    ] {
        assert_eq!(not_judged(who, judging(&case, unit, true)).await, why, "{unit}");
    }
    for (unit, by) in
        [("parks", DESK), ("traffic", DESK), ("police", DESK), ("housing", DESK), ("water", "leader")]
    {
        department(&world, unit).judge_call(judging(&case, by, true)).await.unwrap();
    }
    for unit in ["parks", "police", "housing", "water"] {
        street(&world).rate_unit(satisfied(unit)).await.unwrap();
        community(&world).rate_unit(satisfied(unit)).await.unwrap();
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unfit_is_named_and_what_comes_late_is_refused() {
    let world = World::new().await;
    let case = lived(&world).await;
    let satisfied = || rating(&case, DESK, pb::Satisfaction::Satisfied);
    let slow = || vec![pb::RatingReason::Slow.into()];
    let unsatisfied = || rating(&case, DESK, pb::Satisfaction::Unsatisfied);
    for unfit in [
        pb::RateUnitRequest { satisfaction: 0, ..satisfied() },
        pb::RateUnitRequest { unit: String::new(), ..satisfied() },
        pb::RateUnitRequest { case: "JA-1".into(), ..satisfied() },
        pb::RateUnitRequest { comment: "长".repeat(501), ..satisfied() },
        pb::RateUnitRequest { reasons: slow(), ..satisfied() },
        pb::RateUnitRequest { reasons: Vec::new(), ..unsatisfied() },
        pb::RateUnitRequest { reasons: [slow(), slow()].concat(), ..unsatisfied() },
        pb::RateUnitRequest { reasons: vec![pb::RatingReason::Unneeded.into()], ..unsatisfied() },
        pb::RateUnitRequest { reasons: vec![99], ..unsatisfied() },
    ] {
        assert_eq!(refused(community(&world), unfit).await, "BAD_FIELD");
    }
    for unfit in [
        pb::JudgeCallRequest { reasons: vec![pb::RatingReason::Slow.into()], ..judging(&case, DESK, false) },
        pb::JudgeCallRequest { reasons: Vec::new(), ..judging(&case, DESK, false) },
    ] {
        assert_eq!(not_judged(department(&world, "parks"), unfit).await, "BAD_FIELD");
    }
    let both = community(&world).list_ratings(listing("parks", HOLDER)).await.unwrap_err();
    assert_eq!(reason(&both), "BAD_FIELD");

    world.clock.advance(Duration::from_secs(15 * 24 * 3600 - 60));
    community(&world).rate_unit(satisfied()).await.unwrap();
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(
        refused(community(&world), rating(&case, "parks", pb::Satisfaction::Satisfied)).await,
        "WINDOW_OVER"
    );
    assert_eq!(not_judged(department(&world, "parks"), judging(&case, DESK, true)).await, "WINDOW_OVER");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ratings_are_counted_for_who_is_rated_and_a_recount_finds_the_same() {
    let world = World::new().await;
    let case = lived(&world).await;
    community(&world).rate_unit(rating(&case, DESK, pb::Satisfaction::Basically)).await.unwrap();
    for (who, satisfaction) in [
        (community(&world), pb::Satisfaction::VerySatisfied),
        (street(&world), pb::Satisfaction::Unsatisfied),
    ] {
        let mut who = who;
        who.rate_unit(rating(&case, "parks", satisfaction)).await.unwrap();
    }
    for (unit, apt) in [("parks", true), ("police", true), ("traffic", false)] {
        department(&world, unit).judge_call(judging(&case, DESK, apt)).await.unwrap();
    }
    // Nobody asks for them.
    let pool = world.pool().await;
    eventually("the timer counts them", async || {
        let counted = "select count(*) from rating where counted_version = version";
        (sqlx::query_scalar::<_, i64>(counted).fetch_one(&pool).await.ok()? == 6).then_some(())
    })
    .await;
    let november = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    };
    let told =
        world.rates(Role::Leader, None, Some(DISTRICT)).get_rates(november).await.unwrap().into_inner();
    let of = |unit: &str| told.standings.iter().find(|it| it.key == unit).unwrap();
    let counts = |standing: &pb::Standing| {
        let all =
            ["grassroots_rated", "grassroots_satisfied", "grassroots_basically", "calls_judged", "calls_apt"];
        all.map(|measure| count(standing, measure))
    };
    assert_eq!(counts(of(DESK)), [1, 0, 1, 3, 2]);
    assert_eq!(counts(of("parks")), [2, 1, 0, 0, 0]);
    assert_eq!(counts(told.total.as_ref().unwrap()), [3, 1, 1, 3, 2]);
    assert_eq!((rate(of(DESK), "grassroots"), rate(of("parks"), "grassroots")), (Some(0.9), Some(0.5)));
    assert_eq!((rate(of(DESK), "call_apt"), rate(of("parks"), "call_apt")), (Some(2.0 / 3.0), None));

    let sound = recount(&world, true).await;
    assert_eq!((sound.looked_at, sound.different), (8, 0), "a case, a callback and six ratings: {sound:?}");
    let lost = "update rating set counted = '[]' where unit = 'parks'";
    assert_eq!(sqlx::query(lost).execute(&pool).await.unwrap().rows_affected(), 2);
    sqlx::query("update figure set counts[$1] = 9 where by = 'all' and span = 'month' and scope = '420102'")
        .bind(i32::try_from(huying_evaluation::domain::figure::Measure::CallsApt.place() + 1).unwrap())
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(recount(&world, false).await.different, 1);
    assert_eq!(recount(&world, true).await.different, 0);
    pool.close().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sees_what_is_theirs_and_the_rated_unit_no_words() {
    let world = World::new().await;
    let case = lived(&world).await;
    community(&world).rate_unit(rating(&case, DESK, pb::Satisfaction::Satisfied)).await.unwrap();
    street(&world).rate_unit(rating(&case, "parks", pb::Satisfaction::Satisfied)).await.unwrap();
    department(&world, "parks").judge_call(judging(&case, DESK, true)).await.unwrap();
    let all = pairs(&[("parks", DESK), (DESK, "parks"), (HOLDER, DESK)]);
    let leader = |area| client(&world, Role::Leader, None, area);
    assert_eq!(listed(leader(DISTRICT), listing("", "")).await, (all.clone(), 3));
    for area in [STREET, COMMUNITY] {
        assert_eq!(listed(leader(area), listing("", "")).await, (all.clone(), 3), "{area}");
    }
    for area in ["420102004", "420102003001"] {
        assert_eq!(listed(leader(area), listing("", "")).await, (Vec::new(), 0), "{area}");
    }
    assert_eq!(
        listed(leader(DISTRICT), listing(DESK, "")).await.0,
        pairs(&[("parks", DESK), (HOLDER, DESK)])
    );
    assert_eq!(listed(leader(DISTRICT), listing("", DESK)).await.0, pairs(&[(DESK, "parks")]));

    // One's own: how it was rated, and what it said. The words of others only where it is not the one that is rated.
    assert_eq!(listed(street(&world), listing("", "")).await, (all, 1));
    assert_eq!(
        listed(street(&world), listing(DESK, "")).await,
        (pairs(&[("parks", DESK), (HOLDER, DESK)]), 0)
    );
    assert_eq!(listed(community(&world), listing("", HOLDER)).await, (pairs(&[(HOLDER, DESK)]), 1));
    assert_eq!(listed(community(&world), listing("", "")).await, (Vec::new(), 0));
    assert_eq!(listed(department(&world, "parks"), listing("", "")).await, (pairs(&[(DESK, "parks")]), 0));
    assert_eq!(
        listed(department(&world, "parks"), listing("", "parks")).await,
        (pairs(&[("parks", DESK)]), 1)
    );
    for (mut who, unit, rater, why) in [
        (department(&world, "parks"), DESK, "", "OUTSIDE_UNIT"),
        (department(&world, "parks"), "", DESK, "OUTSIDE_UNIT"),
        (community(&world), "parks", "", "OUTSIDE_UNIT"),
        (leader(STREET), "parks", "", "OUTSIDE_UNIT"),
        (leader("420103"), "", "", "OUTSIDE_AREA"),
        (client(&world, Role::Callback, None, DISTRICT), "", "", "ROLE_NOT_ALLOWED"),
    ] {
        let answer = who.list_ratings(listing(unit, rater)).await.unwrap_err();
        assert_eq!(reason(&answer), why, "{unit} {rater}");
    }
    let page = |page_token| pb::ListRatingsRequest { page_size: 2, page_token, ..listing("", "") };
    let first = leader(DISTRICT).list_ratings(page(String::new())).await.unwrap().into_inner();
    let rest = leader(DISTRICT).list_ratings(page(first.next_page_token)).await.unwrap().into_inner();
    assert_eq!((first.ratings.len(), rest.ratings.len(), &*rest.next_page_token), (2, 1, ""));
    world.stop().await;
}

#[tokio::test]
async fn lists_of_ratings_read_a_page_of_their_index() {
    let pool = migrated().await;
    let fill = "insert into rating (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('district', '420102', 'area', '42010200' || n % 9 || '00' || n % 2,
                    'unit', 'unit-' || n % 40, 'rater', 'rater-' || n % 40, 'rated_at', n)
           from generate_series(1, 10000) as n";
    sqlx::raw_sql(fill).execute(&pool).await.unwrap();
    sqlx::raw_sql("vacuum analyze rating").execute(&pool).await.unwrap();
    let district = "'420102'";
    for (name, key, within, index) in [
        ("ratings_by_district", district, "''", "rating_district"),
        ("ratings_by_street", "'420102003'", "''", "rating_street"),
        ("ratings_by_community", "'420102003001'", "''", "rating_community"),
        ("ratings_by_unit", "'unit-3'", district, "rating_unit"),
        ("ratings_by_rater", "'rater-3'", district, "rating_rater"),
    ] {
        let statement = huying_evaluation::store::ALL.iter().find(|(known, _)| *known == name).unwrap().1;
        let values = [key, within, "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "50"];
        let plan = plan(&pool, statement, &values).await;
        let led = plan.contains(index) && !plan.contains("Seq Scan") && !plan.contains("Sort");
        assert!(led && !plan.contains("Removed by Filter"), "{name}\n{plan}");
    }
}
