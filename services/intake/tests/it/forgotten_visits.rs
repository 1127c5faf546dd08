//! Who was visited is sealed in visits and archives, and forgotten in all of them with a request that was found there.

use huying_chassis::auth::Role;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;
use huying_words::{masked_name, masked_phone};

use super::{
    forgotten::{everything, forgetting, privacy, verified},
    support::{DISTRICT, Town},
    visits::{GRID, archives, household, issue, key, team, town},
};

const NAME: &str = "赵钱孙李";
const PHONE: &str = "13812345678";
const ADDRESS: &str = "乾坤巷九十九号";

fn visited(name: &str, contact: &str, address: &str) -> Option<pb::Visited> {
    Some(pb::Visited {
        name: name.into(),
        contact: contact.into(),
        address: address.into(),
        ..Default::default()
    })
}

async fn record(town: &Town, visited: Option<pb::Visited>) -> pb::Visit {
    // Where the matter is is no secret: routing is told.
    let mut found = issue("买不到药");
    found.location = Some(Default::default());
    let record = pb::RecordVisitRequest { visited, findings: vec![found], ..household("") };
    team(town).record_visit(record).await.unwrap().into_inner().visit.unwrap()
}

async fn archive(town: &Town, id: &str) -> pb::Visited {
    let get = pb::GetArchiveRequest { id: id.into() };
    let mut officer = archives(town, Role::Officer, Some("G-1"), GRID);
    officer.get_archive(get).await.unwrap().into_inner().visited.unwrap()
}

#[tokio::test]
async fn who_was_visited_is_sealed_and_forgotten() {
    let town = town().await;
    let first = record(&town, visited(NAME, PHONE, ADDRESS)).await;
    let second = record(&town, visited("", "", ADDRESS)).await;
    assert_eq!(first.archive, second.archive, "it is found by the hash of its address");
    let known = second.visited.clone().unwrap();
    assert_eq!(
        (known.name, known.contact),
        (masked_name(NAME), masked_phone(&format!("+86{PHONE}"))),
        "what is known is filled in"
    );
    let kept = everything(&town).await;
    for canary in [NAME, PHONE, ADDRESS] {
        assert!(!kept.contains(canary), "{canary} is kept as it is");
    }
    verified(&town, &["request", "visit", "archive"]).await;

    let update = pb::UpdateArchiveRequest {
        request_id: key(),
        id: first.archive.clone(),
        version: 0,
        visited: visited("周吴郑王", PHONE, ADDRESS),
        ..Default::default()
    };
    let mut officer = archives(&town, Role::Officer, Some("G-1"), GRID);
    let now = officer.get_archive(pb::GetArchiveRequest { id: first.archive.clone() }).await.unwrap();
    let update = pb::UpdateArchiveRequest { version: now.into_inner().version, ..update };
    let updated = officer.update_archive(update).await.unwrap().into_inner();
    assert_eq!(updated.visited.unwrap().name, masked_name("周吴郑王"));
    let mut persons = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let occupant = pb::GetOccupantRequest { id: first.archive.clone() };
    let known = persons.get_occupant(occupant.clone()).await.unwrap().into_inner().visited.unwrap();
    assert_eq!(known.name, "周吴郑王");

    let forget = forgetting(&first.found[0].id);
    privacy(&town, Role::Desk, DISTRICT).forget_reporter(forget).await.unwrap();
    assert_eq!(archive(&town, &first.archive).await, pb::Visited::default(), "the archive knows nobody");
    let get = pb::GetVisitRequest { id: first.id.clone() };
    let seen = team(&town).get_visit(get).await.unwrap().into_inner();
    assert_eq!(seen.visited.unwrap(), pb::Visited::default());
    let asked = pb::GetVisitedRequest { id: first.id.clone() };
    assert_eq!(reason(&persons.get_visited(asked).await.unwrap_err()), "FORGOTTEN");
    assert_eq!(reason(&persons.get_occupant(occupant).await.unwrap_err()), "FORGOTTEN");
    verified(&town, &["request", "visit", "archive"]).await;

    // The other visit, which found another request, has copied them; and whoever is visited there next is learned anew.
    let other = team(&town).get_visit(pb::GetVisitRequest { id: second.id.clone() }).await.unwrap();
    assert_eq!(other.into_inner().visited.unwrap(), pb::Visited::default());
    let asked = pb::GetVisitedRequest { id: second.id };
    assert_eq!(reason(&persons.get_visited(asked).await.unwrap_err()), "FORGOTTEN");
    let third = record(&town, visited("另一居民", "", ADDRESS)).await;
    assert_eq!(third.archive, first.archive, "at one address is one household");
    assert_eq!(archive(&town, &first.archive).await.name, masked_name("另一居民"));
    verified(&town, &["request", "visit", "archive"]).await;
}

/// How many visits, and how many keys of them and of archives, are left.
async fn left(town: &Town) -> (i64, i64) {
    let sql = "select (select count(*) from visit where body -> 'visited' ? 'sealed'),
                      (select count(*) from data_key where aggregate in (select id from visit union select id from archive))";
    sqlx::query_as(sql).fetch_one(&town.pool().await).await.unwrap()
}

/// So many visits more than there are, as if somebody had gone there so often.
async fn often(town: &Town, times: i32) {
    let pool = town.pool().await;
    let visits = "insert into visit (id, version, shape, hash, body)
                  select gen_random_uuid(), version, shape, hash, body from visit, generate_series(1, $1)";
    sqlx::query(visits).bind(times).execute(&pool).await.unwrap();
    let keys = "insert into data_key (aggregate, id, kek, wrapped)
                select v.id, gen_random_uuid(), k.kek, k.wrapped from visit v, (select kek, wrapped from data_key limit 1) k
                 where not exists (select from data_key d where d.aggregate = v.id)";
    sqlx::query(keys).execute(&pool).await.unwrap();
}

#[tokio::test]
async fn more_visits_than_one_commit_takes_are_forgotten_by_one_command() {
    let town = town().await;
    let first = record(&town, visited(NAME, PHONE, ADDRESS)).await;
    often(&town, 1_100).await;
    let elsewhere = record(&town, visited("另一居民", "", "别处")).await;
    assert_ne!(elsewhere.archive, first.archive);
    assert_eq!(left(&town).await, (1_102, 1_104));
    let mut desk = privacy(&town, Role::Desk, DISTRICT);
    let forget = forgetting(&first.found[0].id);
    let done = desk.forget_reporter(forget.clone()).await.unwrap().into_inner();
    assert_eq!(left(&town).await, (1, 2), "those of another household stay");
    assert_eq!(desk.forget_reporter(forget).await.unwrap().into_inner(), done, "the same command again");
    let told = "select count(*), count(distinct entry::jsonb #>> '{actor,subject}') from log where entry::jsonb -> 'change' ? 'forgotten'";
    let told: (i64, i64) = sqlx::query_as(told).fetch_one(&town.pool().await).await.unwrap();
    assert_eq!(told, (1_103, 1), "an entry each, with who asked");
}

fn forgetting_at(archive: &str) -> pb::ForgetOccupantRequest {
    pb::ForgetOccupantRequest { request_id: key(), id: archive.into(), reason: "本人要求".into() }
}

/// The archive was opened by hand, and its visits found nothing.
#[tokio::test]
async fn who_lives_somewhere_is_forgotten_without_any_request() {
    let town = town().await;
    let open = pb::OpenArchiveRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::ArchiveKind::Household.into(),
        visited: visited(NAME, PHONE, ADDRESS),
        ..Default::default()
    };
    let mut officer = archives(&town, Role::Officer, Some("G-1"), GRID);
    let opened = officer.open_archive(open).await.unwrap().into_inner();
    let record = pb::RecordVisitRequest { visited: visited("", "", ADDRESS), ..household("") };
    let visit = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    assert_eq!((&visit.archive, left(&town).await), (&opened.id, (1, 2)));

    let forget = forgetting_at(&opened.id);
    for area in ["990102", "990101001"] {
        let refused = privacy(&town, Role::Desk, area).forget_occupant(forget.clone()).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_FOUND", "{area}");
    }
    let refused = privacy(&town, Role::Officer, DISTRICT).forget_occupant(forget.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    assert_eq!(left(&town).await, (1, 2));

    let mut desk = privacy(&town, Role::Desk, DISTRICT);
    let done = desk.forget_occupant(forget.clone()).await.unwrap().into_inner();
    assert_eq!(left(&town).await, (0, 0));
    assert_eq!(desk.forget_occupant(forget).await.unwrap().into_inner(), done, "the same command again");
    let again = desk.forget_occupant(forgetting_at(&opened.id)).await.unwrap().into_inner();
    assert_eq!(again, done, "twice is the same as once");
    assert_eq!(archive(&town, &opened.id).await, pb::Visited::default());
    let mut persons = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let occupant = pb::GetOccupantRequest { id: opened.id };
    assert_eq!(reason(&persons.get_occupant(occupant).await.unwrap_err()), "FORGOTTEN");
    let asked = pb::GetVisitedRequest { id: visit.id };
    assert_eq!(reason(&persons.get_visited(asked).await.unwrap_err()), "FORGOTTEN");
    verified(&town, &["visit", "archive"]).await;
}
