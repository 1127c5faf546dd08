//! 四账: entered = working + settled, counted by the leader every five minutes from two sources, so that a row that is lost or doubled shows.

use std::time::Duration;

use huying_casework::{
    app::accounts::EVERY,
    domain::account::{Account, Accounts, Posted, post, tell, walk},
    store::account::{TOLD, UNBALANCED},
};
use huying_chassis::auth::{CITY, Role};
use huying_proto::log::v1::{LogAccount, VerifyLogRequest, log_service_client::LogServiceClient};
use huying_testing::{eventually, wire};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use super::{
    fixture::{self as f, DISTRICT},
    support::Town,
};

/// Once the leader has counted again, the district's account is: entered, working, settled, and by how much it does not balance.
pub async fn counted(town: &Town, what: &str, wanted: [i64; 4]) {
    let later = || town.clock.advance(EVERY.to_std().unwrap() + Duration::from_secs(1));
    later();
    eventually(what, async || {
        let waits = sqlx::query_scalar("select due_at > $1 from counted").bind(town.clock.now());
        let counted: bool = waits.fetch_one(&town.pool).await.unwrap();
        let is_so = counted && told(town).await? == wanted;
        // What was to be counted may not have been there yet. No more often than that: lamps are not to turn.
        if counted && !is_so {
            later();
        }
        is_so.then_some(())
    })
    .await;
}

async fn told(town: &Town) -> Option<[i64; 4]> {
    let numbers: Vec<(Vec<String>, f64)> = sqlx::query_as(TOLD).fetch_all(&town.pool).await.unwrap();
    let of =
        |account: &str| numbers.iter().find(|told| told.0 == [DISTRICT, account]).map(|told| told.1 as i64);
    let unbalanced: Vec<(Vec<String>, f64)> = sqlx::query_as(UNBALANCED).fetch_all(&town.pool).await.unwrap();
    Some([of("entered")?, of("working")?, of("settled")?, unbalanced.first()?.1 as i64])
}

#[tokio::test]
async fn the_leader_counts_what_entered_is_worked_on_and_is_settled() {
    let town = Town::open().await;
    let (first, _) = town.case_at(&f::grid()).await;
    town.case_at(&f::grid()).await;
    counted(&town, "two entered", [2, 2, 0, 0]).await;
    town.withdrawn(first).await;
    counted(&town, "one is settled", [2, 1, 1, 0]).await;

    // What commits while an older transaction runs may stand before what is yet to come: it counts, and will be counted again.
    let mut older = town.pool.begin().await.unwrap();
    sqlx::query("select pg_current_xact_id()").execute(&mut *older).await.unwrap();
    let (third, _) = town.case_at(&f::grid()).await;
    counted(&town, "three entered", [3, 2, 1, 0]).await;
    town.withdrawn(third).await;
    counted(&town, "two are settled", [3, 1, 2, 0]).await;
    older.rollback().await.unwrap();
    town.case_at(&f::grid()).await;
    counted(&town, "nothing is counted twice", [4, 2, 2, 0]).await;

    let metrics = metrics(&town).await;
    for told in [
        format!(
            r#"huying_casework_accounts{{account="settled",district="{DISTRICT}",service="casework"}} 2"#
        ),
        format!(r#"huying_casework_accounts_unbalanced{{district="{DISTRICT}",service="casework"}} 0"#),
    ] {
        assert!(metrics.contains(&told), "{told}\n{metrics}");
    }
}

/// Each is put right again before the next.
#[tokio::test]
async fn a_row_that_is_lost_doubled_or_in_the_wrong_state_shows() {
    let town = Town::open().await;
    let (withdrawn, settled) = town.case_at(&f::grid()).await;
    let (_, open) = town.case_at(&f::grid()).await;
    town.withdrawn(withdrawn).await;
    counted(&town, "all is well", [2, 1, 1, 0]).await;

    let change = async |sql: &str, id: &str| {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.parse::<Uuid>().unwrap())
            .execute(&town.pool)
            .await
            .unwrap();
    };
    let doubled = "insert into \"case\" (id, version, shape, hash, body) select gen_random_uuid(), version, shape, hash, body from \"case\" where id = $1";
    let undoubled =
        "delete from \"case\" c where c.id <> $1 and not exists (select from log where aggregate = c.id)";
    let turned = "update \"case\" set body = jsonb_set(body, '{state}', '\"closed\"') where id = $1";
    let back = "update \"case\" set body = jsonb_set(body, '{state}', '\"assigned\"') where id = $1";
    change(doubled, &open.id).await;
    counted(&town, "an open row is there twice", [2, 2, 1, 1]).await;
    change(undoubled, &open.id).await;
    counted(&town, "and is gone again", [2, 1, 1, 0]).await;
    change(doubled, &settled.id).await;
    counted(&town, "a settled row is there twice: the walk finds it", [2, 1, 1, 1]).await;
    change(undoubled, &open.id).await;
    counted(&town, "and is gone again", [2, 1, 1, 0]).await;
    change(turned, &open.id).await;
    counted(&town, "a row is closed, and its log is not", [2, 0, 1, 1]).await;
    change(back, &open.id).await;
    counted(&town, "and is open again", [2, 1, 1, 0]).await;
    change("delete from \"case\" where id = $1", &settled.id).await;
    counted(&town, "a settled row is lost: the walk finds it", [2, 1, 1, 1]).await;
    assert_eq!(verified(&town).await, [2, 1, 0]);
    change("delete from \"case\" where id = $1", &open.id).await;
    counted(&town, "both are lost", [2, 0, 1, 2]).await;
}

/// Entered, working and settled, as whoever verifies the log is told.
pub async fn verified(town: &Town) -> [i64; 3] {
    let bearer = town.bench.bearer(Role::Operator, None, Some(CITY));
    let mut log = LogServiceClient::new(wire(town.address, bearer));
    let (mut sum, mut page_token) = ([0; 3], String::new());
    loop {
        // A page each: their sums are the whole.
        let request = VerifyLogRequest { kind: "case".into(), page_size: 1, page_token };
        let page = log.verify_log(request).await.unwrap().into_inner();
        for LogAccount { district, entered, working, settled } in page.accounts {
            assert_eq!(district, DISTRICT);
            sum = [sum[0] + entered, sum[1] + working, sum[2] + settled];
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return sum;
        }
    }
}

#[tokio::test]
async fn whoever_verifies_the_log_is_told_the_accounts() {
    let town = Town::open().await;
    let (request, case) = town.case_at(&f::grid()).await;
    town.case_at(&f::grid()).await;
    town.withdrawn(request).await;
    town.case_when("it is closed", &case.id, |case| case.close_time.is_some()).await;
    assert_eq!(verified(&town).await, [2, 1, 1]);
}

#[test]
fn entries_of_the_last_moment_are_told_and_not_kept() {
    let posted = |entered, settled, is_past| Posted { district: "1".into(), entered, settled, is_past };
    let mut accounts = Accounts::new();
    let entries = [
        posted(1, 0, true),
        posted(1, 0, true),
        posted(0, 1, true),
        posted(0, -1, false),
        posted(1, 0, false),
    ];
    post(&mut accounts, &entries);
    tell(&mut accounts, &entries, &[("1".into(), 3), ("2".into(), 1)]);
    let one = Account { entered_before: 2, settled_before: 1, entered: 3, working: 3, ..Account::default() };
    assert_eq!(accounts["1"], one);
    assert_eq!(
        accounts["2"],
        Account { working: 1, ..Account::default() },
        "rows of a district without a log"
    );
    walk(&mut accounts, &["2".into()], false);
    assert_eq!((accounts["2"].astray, accounts["2"].astray_so_far), (0, 1));
    walk(&mut accounts, &[], true);
    assert_eq!((accounts["2"].astray, accounts["2"].astray_so_far), (1, 0));
    walk(&mut accounts, &[], true);
    assert_eq!(accounts["2"].astray, 0, "the next walk finds nothing");
}

async fn metrics(town: &Town) -> String {
    let mut stream = tokio::net::TcpStream::connect(town.admin).await.unwrap();
    let ask = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(ask).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
