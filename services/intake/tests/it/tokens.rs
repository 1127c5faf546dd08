//! A page's token names the last row that was read, so no row is read that its caller does not see.

use chrono::TimeDelta;
use huying_chassis::{
    auth::{Claims, Role},
    clock::system_now,
};
use huying_proto::{
    common::v1::{Location, PriorityKind},
    intake::v1::{self as pb, request_service_client::RequestServiceClient},
};
use huying_testing::{Bearer, Wire, wire};
use sqlx::{AssertSqlSafe, Executor as _, PgPool};
use uuid::Uuid;

use super::{
    forums::{holding, offering},
    support::{DISTRICT, Town, call},
    visits::{GRID, archives, household, key, risk, risks, team, town, visits},
};

/// One of everything that lies in a grid, by its team.
pub async fn filled() -> Town {
    let town = town().await;
    let found = vec![risk(pb::FindingKind::Conflict, "两户为排水争吵")];
    let record = pb::RecordVisitRequest { findings: found, ..household("一号楼") };
    let visit = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let mut desk = archives(&town, Role::Desk, None, DISTRICT);
    let get = pb::GetArchiveRequest { id: visit.archive };
    let archive = desk.get_archive(get).await.unwrap().into_inner();
    let oblige = pb::ObligeVisitRequest {
        request_id: key(),
        id: archive.id,
        version: archive.version,
        reason: pb::DueReason::SafetyAccident.into(),
        on: system_now().date_naive().to_string(),
    };
    desk.oblige_visit(oblige).await.unwrap();
    let forum =
        pb::HoldForumRequest { area: GRID.into(), calls: Vec::new(), offers: vec![offering()], ..holding() };
    town.forums(Role::Officer, Some("G-1"), GRID).hold_forum(forum).await.unwrap();
    town
}

/// How many rows the first pages of one have, as an officer of an area reads them, and whether there is a token; what has a unit by that unit.
async fn pages(town: &Town, area: &str, unit: &str) -> [(usize, bool); 5] {
    let (role, team, district) = (Role::Officer, Some("G-2"), || DISTRICT.to_owned());
    let list =
        pb::ListVisitsRequest { district: district(), unit: unit.into(), page_size: 1, ..Default::default() };
    let visited = visits(town, role, team, area).list_visits(list).await.unwrap().into_inner();
    let list =
        pb::ListRisksRequest { district: district(), unit: unit.into(), page_size: 1, ..Default::default() };
    let noticed = risks(town, role, team, area).list_risks(list).await.unwrap().into_inner();
    let list = pb::ListForumsRequest { district: district(), page_size: 1, ..Default::default() };
    let held = town.forums(role, team, area).list_forums(list).await.unwrap().into_inner();
    let list = pb::ListOffersRequest { district: district(), page_size: 1, ..Default::default() };
    let offered = town.offers(role, team, area).list_offers(list).await.unwrap().into_inner();
    let until_time = Some((system_now() + TimeDelta::days(60)).into());
    let list =
        pb::ListVisitsDueRequest { district: district(), until_time, page_size: 1, ..Default::default() };
    let due = archives(town, role, team, area).list_visits_due(list).await.unwrap().into_inner();
    [
        (visited.visits.len(), !visited.next_page_token.is_empty()),
        (noticed.risks.len(), !noticed.next_page_token.is_empty()),
        (held.forums.len(), !held.next_page_token.is_empty()),
        (offered.offers.len(), !offered.next_page_token.is_empty()),
        (due.archives.len(), !due.next_page_token.is_empty()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_a_page_names_nothing_that_lies_beside_its_area() {
    let town = filled().await;
    for unit in ["", "G-1"] {
        for area in [GRID, "990101001001"] {
            assert_eq!(pages(&town, area, unit).await, [(1, true); 5], "{area} {unit}");
        }
        for area in ["990101001001002", "990101001002", "990101002"] {
            assert_eq!(pages(&town, area, unit).await, [(0, false); 5], "{area} {unit}");
        }
    }
}

/// What one unit has fills its pages, also for others and whatever else lies there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_unit_is_read_by_the_unit() {
    let town = filled().await;
    let found = vec![risk(pb::FindingKind::Conflict, "楼上漏水")];
    let record = pb::RecordVisitRequest { findings: found, ..household("二号楼") };
    visits(&town, Role::Officer, Some("G-2"), GRID).record_visit(record).await.unwrap();
    for unit in ["", "G-1", "G-2"] {
        assert_eq!(pages(&town, GRID, unit).await[..2], [(1, true); 2], "{unit}");
    }
    assert_eq!(pages(&town, GRID, "G-3").await[..2], [(0, false); 2]);
}

fn requests() -> pb::ListRequestsRequest {
    pb::ListRequestsRequest { district: DISTRICT.into(), page_size: 1, ..Default::default() }
}

/// How many requests a page has, and whether there is a token.
async fn page(mut by: RequestServiceClient<Wire>, list: pb::ListRequestsRequest) -> (usize, bool) {
    let page = by.list_requests(list).await.unwrap().into_inner();
    (page.requests.len(), !page.next_page_token.is_empty())
}

async fn submitted(town: &Town, given: pb::SubmitRequestRequest) -> Uuid {
    let taken = town.officer().submit_request(given).await.unwrap().into_inner();
    taken.request.unwrap().id.parse().unwrap()
}

/// Changes the rows of all requests: what casework and the clock would come to.
async fn patched(pool: &PgPool, body: &'static str) {
    let sql = format!("update request set body = {body}");
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[tokio::test]
async fn attack_25_no_page_of_requests_names_one_that_is_not_seen() {
    let town = Town::open().await;
    submitted(&town, call()).await;
    let climbed = r#"jsonb_set(body, '{first_contact,climbed_to}', '"C-1"')"#;
    patched(&town.pool().await, climbed).await;
    let asked = [
        requests(),
        pb::ListRequestsRequest { state: pb::RequestState::Submitted.into(), ..requests() },
        pb::ListRequestsRequest { channel: pb::Channel::Online.into(), ..requests() },
        pb::ListRequestsRequest { owing_unit: "G-1".into(), ..requests() },
        pb::ListRequestsRequest { climbed_to: "C-1".into(), ..requests() },
    ];
    for list in asked {
        for (unit, area, sees) in [
            ("G-9", GRID, true),
            ("C-1", "990101001001", true),
            ("S-1", "990101001", true),
            ("G-2", "990101001001002", false),
            ("C-2", "990101001002", false),
            ("C-1", "990101001002", false),
            ("S-2", "990101002", false),
        ] {
            let by = town.client(Role::Officer, Some(unit), Some(area));
            let told = page(by, list.clone()).await;
            assert_eq!(told, if sees { (1, true) } else { (0, false) }, "{unit} {area} {list:?}");
        }
    }
    // What one's own unit took is seen wherever it lies.
    let own = pb::ListRequestsRequest { owing_unit: "G-1".into(), ..requests() };
    let by = town.client(Role::Officer, Some("G-1"), Some("990101001001002"));
    assert_eq!(page(by, own).await, (1, true));
}

#[tokio::test]
async fn attack_25_nobody_is_told_that_another_sent_a_number() {
    let town = Town::open().await;
    let platform = |subject: &str| {
        let claims = Claims::new(subject, [Role::Platform]).area(DISTRICT).doors(["online"]);
        RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
    };
    let numbered = pb::SubmitRequestRequest { external_id: "A-1".into(), ..call() };
    platform("platform:a").submit_request(numbered).await.unwrap();
    let list = pb::ListRequestsRequest { external_id: "A-1".into(), ..requests() };
    assert_eq!(page(platform("platform:a"), list.clone()).await, (1, true));
    assert_eq!(page(platform("platform:b"), list.clone()).await, (0, false));
    let officer = |area| town.client(Role::Officer, Some("G-9"), Some(area));
    assert_eq!(page(officer(GRID), list.clone()).await, (1, true));
    assert_eq!(page(officer("990101001001002"), list).await, (0, false));
}

/// A page of a flag has what is shown with it, for each caller, and its token tells nothing of flags that they are not shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_a_flag_is_listed_where_it_is_shown() {
    let town = Town::open().await;
    for confidential in [false, true] {
        let order = Some(pb::Order { confidential, ..Default::default() });
        let reporter = Some(pb::Reporter { phone: "138****8000".into(), ..call().reporter.unwrap() });
        let concerns = vec![PriorityKind::LivingAlone.into()];
        submitted(&town, pb::SubmitRequestRequest { order, reporter, concerns, ..call() }).await;
    }
    let held = r#"body || jsonb_build_object('case', id, 'holders', jsonb_build_object(id::text, 'C-1'))"#;
    patched(&town.pool().await, held).await;
    submitted(&town, call()).await;
    for (role, unit, area) in [
        (Role::Desk, "D-1", DISTRICT),
        (Role::Callback, "B-1", DISTRICT),
        (Role::Leader, "L-1", DISTRICT),
        (Role::Desk, "S-1", "990101001"),
        (Role::Officer, "C-1", "990101001001"),
        (Role::Officer, "G-1", GRID),
        (Role::Officer, "G-9", GRID),
    ] {
        let mut by = town.client(role, Some(unit), Some(area));
        let all = pb::ListRequestsRequest { page_size: 50, ..requests() };
        let all = by.list_requests(all).await.unwrap().into_inner().requests;
        assert_eq!(all.len(), 3);
        for flag in [pb::Flag::NoCallback, pb::Flag::VisitFirst, pb::Flag::ManyAdditions] {
            let shown = all.iter().filter(|it| it.flags.contains(&flag.into())).count();
            let list = pb::ListRequestsRequest { flag: flag.into(), page_size: 50, ..requests() };
            let listed = by.list_requests(list.clone()).await.unwrap().into_inner().requests;
            assert_eq!(listed.len(), shown, "{role:?} {unit} {flag:?}");
            let first = page(by.clone(), pb::ListRequestsRequest { page_size: 1, ..list }).await;
            assert_eq!(first, (shown.min(1), shown > 0), "{role:?} {unit} {flag:?}");
        }
    }
}

/// So many more like one, each newer than the one before; `area` is SQL, which may ask for its number `n`.
async fn cloned(pool: &PgPool, one: Uuid, count: i32, area: &'static str) {
    let sql = format!(
        "insert into request (id, version, shape, hash, body)
         select fresh.id, r.version, r.shape, r.hash,
                r.body || jsonb_build_object('id', fresh.id, 'number', fresh.id, 'reporter', null,
                                             'submitted_at', (r.body -> 'submitted_at')::int8 + n,
                                             'location', (r.body -> 'location') || jsonb_build_object('area', {area}))
           from request r, generate_series(1, $2) n, lateral (select gen_random_uuid() as id where n > 0) fresh
          where r.id = $1"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(one).bind(count).execute(pool).await.unwrap();
}

/// A page looks at so many requests of an area, and the next one goes on behind them.
#[tokio::test]
async fn what_is_rare_in_an_area_is_found_page_after_page() {
    let town = Town::open().await;
    let one = submitted(&town, call()).await;
    cloned(&town.pool().await, one, 1100, "'990101001001001'").await;
    let withdraw =
        pb::WithdrawRequestRequest { request_id: key(), id: one.to_string(), reason: String::new() };
    town.officer().withdraw_request(withdraw).await.unwrap();
    let mut by = town.client(Role::Officer, Some("G-9"), Some(GRID));
    let withdrawn = pb::ListRequestsRequest { state: pb::RequestState::Withdrawn.into(), ..requests() };
    let first = by.list_requests(pb::ListRequestsRequest { page_size: 50, ..withdrawn.clone() });
    let first = first.await.unwrap().into_inner();
    assert_eq!(first.requests, []);
    assert_ne!(first.next_page_token, "");
    let rest = pb::ListRequestsRequest { page_size: 50, page_token: first.next_page_token, ..withdrawn };
    let rest = by.list_requests(rest).await.unwrap().into_inner();
    assert_eq!((rest.requests.len(), rest.next_page_token.as_str()), (1, ""));
    assert_eq!(rest.requests[0].id, one.to_string());
}

/// What somebody sees is read off the indexes of what lies in their area, of what their unit took and of what it holds.
#[tokio::test]
async fn what_is_seen_is_read_by_its_indexes() {
    let town = Town::open().await;
    let pool = town.pool().await;
    let one = submitted(&town, call()).await;
    cloned(&pool, one, 3000, "'990101' || lpad((2 + n % 20)::text, 3, '0') || '001001'").await;
    let mut connection = pool.acquire().await.unwrap();
    connection.execute("analyze request").await.unwrap();
    connection.execute("set enable_seqscan = off").await.unwrap();
    // Of so few rows it would rather gather and sort them.
    connection.execute("set enable_bitmapscan = off").await.unwrap();
    for (name, statement) in huying_intake::store::ALL {
        let Some(kind) = name.strip_prefix("request::LOOKED by ") else { continue };
        let (indexes, area): (&[&str], _) = match kind {
            "street" => (&["request_street", "request_took", "request_held"], "990101005"),
            "community" => (&["request_community", "request_took", "request_held"], "990101005001"),
            "grid" => (&["request_grid", "request_took", "request_held"], "990101005001001"),
            _ => (&["request_newest"], DISTRICT),
        };
        let units = [15, 14].into_iter().map(|n| (n, "'G-5'"));
        let nothing = (6..=13).rev().map(|n| (n, "null"));
        let values = [(4, "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"), (3, "now()"), (5, "50")];
        let written = units
            .chain(nothing)
            .chain(values)
            .fold((*statement).to_owned(), |sql, (n, value)| sql.replace(&format!("${n}"), value));
        let written = written.replace("$2", &format!("'{area}'")).replace("$1", &format!("'{DISTRICT}'"));
        let explain = AssertSqlSafe(format!("explain (costs off) {written}"));
        let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut *connection).await.unwrap();
        for index in indexes {
            // For the page, and for where the next one goes on.
            let scans = plan.iter().filter(|line| line.contains(&format!(" using {index} ")));
            assert_eq!(scans.count(), 2, "{kind} {index}: {plan:#?}");
        }
        let scans = plan.iter().filter(|line| line.contains("Scan using"));
        assert_eq!(scans.count(), 2 * indexes.len(), "{kind}: {plan:#?}");
        // Nothing is sorted but the page.
        let sorts = plan.iter().filter(|line| line.trim_start_matches([' ', '-', '>']) == "Sort");
        assert_eq!(sorts.count(), 1, "{kind}: {plan:#?}");
    }
}

/// The usual call of the hotline says not where it lies: of its district only whoever took it sees it, and the grid or community that holds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_unit_holds_is_listed_wherever_it_lies() {
    let town = Town::open().await;
    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let given = pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "A-1".into(),
        location: None,
        concerns: vec![PriorityKind::LivingAlone.into()],
        ..call()
    };
    desk.submit_request(given).await.unwrap();
    let asked = [
        requests(),
        pb::ListRequestsRequest { state: pb::RequestState::Submitted.into(), ..requests() },
        pb::ListRequestsRequest { channel: pb::Channel::Hotline.into(), ..requests() },
        pb::ListRequestsRequest { flag: pb::Flag::VisitFirst.into(), ..requests() },
        pb::ListRequestsRequest { external_id: "A-1".into(), ..requests() },
        pb::ListRequestsRequest { owing_unit: "D-1".into(), ..requests() },
        pb::ListRequestsRequest { climbed_to: "G-1".into(), ..requests() },
    ];
    for (body, holder) in [
        (r#"jsonb_set(body, '{first_contact,climbed_to}', '"G-1"')"#, ""),
        (r#"body || jsonb_build_object('case', id, 'holders', jsonb_build_object(id::text, 'G-1'))"#, "G-1"),
        (r#"body || jsonb_build_object('case', id, 'holders', jsonb_build_object(id::text, 'S-1'))"#, "S-1"),
    ] {
        patched(&town.pool().await, body).await;
        for (unit, area) in [("G-1", GRID), ("G-2", GRID), ("C-1", "990101001001"), ("S-1", "990101001")] {
            // A street that holds a case sees what lies in it.
            let sees = unit == holder && unit != "S-1";
            for list in &asked {
                let by = town.client(Role::Officer, Some(unit), Some(area));
                let told = page(by, list.clone()).await;
                assert_eq!(told, if sees { (1, true) } else { (0, false) }, "{holder}: {unit} {list:?}");
            }
        }
    }
}

/// What lies in an area, what its unit took elsewhere and what it holds elsewhere come in one order, each once, page after page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_seen_comes_in_one_order_and_once() {
    let town = Town::open().await;
    let at = |area: &str| {
        let location = call().location.map(|it| Location { area: area.into(), ..it });
        pb::SubmitRequestRequest { location, ..call() }
    };
    let mut others = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let mut expected = Vec::new();
    for (by_own, area, holder) in [
        (true, "990101002001001", ""),
        (false, GRID, ""),
        (false, "", "G-1"),
        (true, GRID, "G-1"),
        (false, "990101002001001", ""),
        (true, "", ""),
        (false, "990101002001001", "G-1"),
    ] {
        let taken = match by_own {
            true => town.officer().submit_request(at(area)).await,
            false => others.submit_request(at(area)).await,
        };
        let id = taken.unwrap().into_inner().request.unwrap().id;
        let sql = "update request set body = body || jsonb_build_object('case', id, 'holders', jsonb_build_object(id::text, $2::text))
                    where id = $1 and $2::text <> ''";
        let named: Uuid = id.parse().unwrap();
        sqlx::query(sql).bind(named).bind(holder).execute(&town.pool().await).await.unwrap();
        if by_own || area == GRID || !holder.is_empty() {
            expected.push(id);
        }
    }
    expected.reverse();
    // Answered as they are, nothing is owed any more.
    let discharged = "jsonb_set(body, '{first_contact,discharged_at}', body -> 'submitted_at')";
    patched(&town.pool().await, discharged).await;
    for page_size in [1, 2, 50] {
        let (mut found, mut list) = (Vec::new(), pb::ListRequestsRequest { page_size, ..requests() });
        loop {
            let answer = town.officer().list_requests(list.clone()).await.unwrap().into_inner();
            found.extend(answer.requests.into_iter().map(|it| it.id));
            list.page_token = answer.next_page_token;
            if list.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found, expected, "{page_size}");
    }
}

/// What a unit has in an area is read off its index, or off that of the area, in order: never by looking through the table.
#[tokio::test]
async fn what_a_unit_has_is_read_by_an_index() {
    let town = filled().await;
    let pool = town.pool().await;
    // One unit has a tenth of all, everywhere.
    for (table, at) in [("visit", "visited_at"), ("risk", "opened_at")] {
        let sql = format!(
            "insert into {table} (id, version, shape, hash, body)
             select fresh.id, r.version, r.shape, r.hash,
                    r.body || jsonb_build_object('id', fresh.id, '{at}', (r.body -> '{at}')::int8 - n,
                                                 'unit', case n % 10 when 0 then 'D-1' else 'G-' || n % 97 end,
                                                 'area', '990101' || lpad((1 + n % 20)::text, 3, '0') || '0010' || lpad((1 + n % 9)::text, 2, '0'))
               from {table} r, generate_series(1, 20000) n, lateral (select gen_random_uuid() as id where n > 0) fresh"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        let analyze = AssertSqlSafe(format!("analyze {table}"));
        sqlx::query(analyze).execute(&pool).await.unwrap();
    }
    for (name, statement) in huying_intake::store::ALL {
        let Some((_, tier)) = name.split_once(".unit[") else { continue };
        let area = match tier {
            "0]" => DISTRICT,
            "1]" => "990101005",
            _ => "990101005001",
        };
        let max = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid";
        let last = if name.starts_with("risk") { "'open'" } else { "9" };
        let values = [(8, last), (7, "50"), (6, "'epoch'"), (5, max), (4, "now()"), (2, "'D-1'")];
        let written = values
            .iter()
            .fold((*statement).to_owned(), |sql, (n, value)| sql.replace(&format!("${n}"), value));
        let written = written.replace("$3", &format!("'{area}'")).replace("$1", &format!("'{DISTRICT}'"));
        let explain = AssertSqlSafe(format!("explain (costs off) {written}"));
        let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&pool).await.unwrap();
        assert!(!plan.iter().any(|line| line.contains("Seq Scan")), "{name}: {plan:#?}");
        assert!(plan.iter().any(|line| line.contains("Index")), "{name}: {plan:#?}");
    }
}
