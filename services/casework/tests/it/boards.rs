//! Boards and inboxes: what is due first, what changed since, and summaries; page by page, each once.

use std::time::Duration;

use huying_chassis::{auth::Role, log::Versioned};
use huying_proto::{
    casework::v1::{self as pb, CaseOrder},
    common::v1::{Lamp, Tier},
};
use huying_testing::reason;

use super::{
    bad_input::fields,
    fixture as f,
    support::{Client, Town, accept, resolve},
};

const MINUTE: Duration = Duration::from_secs(60);

fn board(order: CaseOrder) -> pb::ListCasesRequest {
    pb::ListCasesRequest {
        district: f::DISTRICT.into(),
        order: order.into(),
        page_size: 1,
        ..Default::default()
    }
}

/// All of a list, page by page.
async fn all(client: &mut Client, mut list: pb::ListCasesRequest) -> Vec<pb::Case> {
    let mut cases = Vec::new();
    loop {
        let page = client.list_cases(list.clone()).await.unwrap().into_inner();
        cases.extend(page.cases);
        list.page_token = page.next_page_token;
        if list.page_token.is_empty() {
            return cases;
        }
    }
}

fn ids(cases: &[pb::Case]) -> Vec<&str> {
    cases.iter().map(|case| case.id.as_str()).collect()
}

/// The lamp of a case, once its timer has turned it.
async fn turned(town: &Town, id: &str, lamp: Lamp) {
    town.case_when("the lamp turns", id, |case| {
        town.clock.advance(Duration::from_millis(600));
        case.lamp() == lamp
    })
    .await;
}

/// Cases of a grid, as its board has them: red, amber, green, green with more time, and one whose reporter is being asked how it went.
async fn worked(town: &Town) -> [String; 5] {
    let grid = f::grid();
    let (_, red) = town.case_at(&grid).await;
    let (_, done) = town.accepted(&grid).await;
    let done = town.of(&grid).resolve_case(resolve(&done)).await.unwrap().into_inner();
    town.clock.advance(60 * MINUTE);
    let (_, amber) = town.case_at(&grid).await;
    let (_, later) = town.accepted(&grid).await;
    town.clock.advance(97 * MINUTE);
    turned(town, &red.id, Lamp::Red).await;
    turned(town, &amber.id, Lamp::Amber).await;
    let (_, green) = town.case_at(&grid).await;
    [red.id, amber.id, green.id, later.id, done.id]
}

#[tokio::test]
async fn what_is_due_first_stands_first_red_before_amber_before_green() {
    let town = Town::open().await;
    let cases = worked(&town).await;
    let mut grid = town.of(&f::grid());
    let due = board(CaseOrder::DueFirst);
    let found = all(&mut grid, pb::ListCasesRequest { holder: "G-1".into(), ..due.clone() }).await;
    assert_eq!(ids(&found), cases.each_ref().map(String::as_str));
    let lamps: Vec<Lamp> = found.iter().map(pb::Case::lamp).collect();
    assert_eq!(lamps, [Lamp::Red, Lamp::Amber, Lamp::Green, Lamp::Green, Lamp::Unspecified]);
    assert_eq!(found[0].due_time, found[0].clocks[0].due_time);
    assert!(found[4].due_time.is_none(), "no clock of it is running");

    // The district's, the street's, and what they are narrowed to.
    for narrowed in [
        due.clone(),
        pb::ListCasesRequest { area: f::STREET.into(), ..due.clone() },
        pb::ListCasesRequest {
            area: f::GRID.into(),
            tier: Tier::Grid.into(),
            category: "C1".into(),
            ..due.clone()
        },
    ] {
        assert_eq!(ids(&all(&mut town.desk(), narrowed).await), cases.each_ref().map(String::as_str));
    }
    for order in [CaseOrder::DueFirst, CaseOrder::Newest] {
        for (lamp, which) in
            [(Lamp::Red, &cases[..1]), (Lamp::Amber, &cases[1..2]), (Lamp::Green, &cases[2..4])]
        {
            let mut found = all(&mut grid, pb::ListCasesRequest { lamp: lamp.into(), ..board(order) }).await;
            if order == CaseOrder::Newest {
                found.reverse();
                found.sort_by_key(|case| cases.iter().position(|id| *id == case.id));
            }
            assert_eq!(ids(&found), which, "{lamp:?} {order:?}");
        }
    }
    let resolved = pb::ListCasesRequest { state: pb::CaseState::Resolved.into(), ..due };
    assert_eq!(ids(&all(&mut grid, resolved).await), [&cases[4]]);
}

#[tokio::test]
async fn a_list_tells_what_changed_since() {
    let town = Town::open().await;
    let [red, amber, green, later, done] = worked(&town).await;
    let mut desk = town.desk();
    let since = town.case(&green).await.update_time;
    let updated = pb::ListCasesRequest { from_time: since, ..board(CaseOrder::Updated) };
    assert_eq!(ids(&all(&mut desk, updated.clone()).await), [&green]);
    town.clock.advance(MINUTE);
    town.of(&f::grid()).accept_case(accept(&town.case(&red).await)).await.unwrap();
    let changed = all(&mut desk, updated).await;
    assert_eq!(ids(&changed), [&green, &red]);
    assert_eq!(changed[1].update_time, town.case(&red).await.update_time);

    let opened = board(CaseOrder::Opened);
    let first = ids(&all(&mut desk, opened.clone()).await)[0].to_owned();
    assert_eq!(first, red, "what was opened first");
    let before = town.case(&amber).await.open_time;
    let early = all(&mut desk, pb::ListCasesRequest { before_time: before, ..opened.clone() }).await;
    assert_eq!(ids(&early), [&red, &done]);
    let late = all(&mut desk, pb::ListCasesRequest { from_time: before, ..opened }).await;
    assert_eq!(ids(&late), [&amber, &later, &green]);

    let resolved = board(CaseOrder::Resolved);
    assert_eq!(ids(&all(&mut desk, resolved.clone()).await), [&done], "the others never were");
    let at = town.case(&done).await.resolve_time;
    let none = all(&mut desk, pb::ListCasesRequest { before_time: at, ..resolved }).await;
    assert!(none.is_empty(), "not before then");

    let open = pb::ListCasesRequest { open: true, ..board(CaseOrder::Newest) };
    assert_eq!(all(&mut desk, open).await.len(), 5);
}

#[tokio::test]
async fn a_list_is_refused_what_it_cannot_be() {
    let town = Town::open().await;
    worked(&town).await;
    let mut desk = town.desk();
    let now = Some(huying_wire::instant::write(f::morning()));
    for order in [CaseOrder::Unspecified, CaseOrder::Newest, CaseOrder::DueFirst] {
        let list = pb::ListCasesRequest { from_time: now, ..board(order) };
        assert_eq!(fields(&desk.list_cases(list).await.unwrap_err()), ["order"]);
    }
    let list = pb::ListCasesRequest { order: 77, lamp: 9, ..board(CaseOrder::Newest) };
    assert_eq!(fields(&desk.list_cases(list).await.unwrap_err()), ["order", "lamp"]);
    // A page of another order goes on nowhere.
    let first = desk.list_cases(board(CaseOrder::DueFirst)).await.unwrap().into_inner();
    let list = pb::ListCasesRequest { page_token: first.next_page_token, ..board(CaseOrder::Updated) };
    assert_eq!(fields(&desk.list_cases(list).await.unwrap_err()), ["page_token"]);
}

#[tokio::test]
async fn a_list_shows_summaries() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    town.call(&case, &[f::parks()], "修剪").await;
    let whole = town.case(&case.id).await;
    let listed = all(&mut town.desk(), board(CaseOrder::Newest)).await.remove(0);
    assert_eq!(whole.dispatches.len(), 1);
    assert!(listed.dispatches.is_empty() && listed.last_public_note.is_none());
    let rest = |case: &pb::Case| pb::Case { dispatches: Vec::new(), ..case.clone() };
    assert_eq!(rest(&listed), rest(&whole), "what is short enough is there");
}

/// A department's inbox: its open dispatches, what is due first.
#[tokio::test]
async fn a_department_sees_what_is_due_first() {
    let town = Town::open().await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        let (_, case) = town.accepted(&f::street()).await;
        sent.extend(town.call(&case, &[f::parks()], "修剪").await);
        town.clock.advance(10 * MINUTE);
    }
    let id = |n: usize| sent[n].id.to_string();
    // The first is accepted: it has ten hours to be done. The last is declined: no clock of it runs.
    let mut parks = town.dispatches_of(&f::parks());
    let answer = |sent: &Versioned<_>, response: pb::DispatchResponse| pb::RespondDispatchRequest {
        request_id: super::support::fresh(),
        id: sent.id.to_string(),
        version: 1,
        response: response.into(),
        note: "说明".into(),
    };
    parks.respond_dispatch(answer(&sent[0], pb::DispatchResponse::Accept)).await.unwrap();
    let inbox = pb::ListDispatchesRequest {
        district: f::DISTRICT.into(),
        order: pb::DispatchOrder::DueFirst.into(),
        page_size: 2,
        ..Default::default()
    };
    let page = parks.list_dispatches(inbox.clone()).await.unwrap().into_inner();
    assert_eq!(page.dispatches.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), [id(1), id(2)]);
    let next = pb::ListDispatchesRequest { page_token: page.next_page_token, ..inbox.clone() };
    let page = parks.list_dispatches(next).await.unwrap().into_inner();
    assert_eq!((page.dispatches[0].id.clone(), page.dispatches.len()), (id(0), 1));

    parks.respond_dispatch(answer(&sent[1], pb::DispatchResponse::Accept)).await.unwrap();
    let done = pb::RespondDispatchRequest { version: 2, ..answer(&sent[1], pb::DispatchResponse::Complete) };
    parks.respond_dispatch(done).await.unwrap();
    let page = parks.list_dispatches(inbox.clone()).await.unwrap().into_inner();
    assert_eq!(
        page.dispatches.iter().map(|it| it.id.clone()).collect::<Vec<_>>(),
        [id(2), id(0)],
        "not what is done"
    );

    let mut desk = town.dispatches(Role::Desk, Some("D-1"), Some(f::DISTRICT));
    assert_eq!(fields(&desk.list_dispatches(inbox).await.unwrap_err()), ["unit"]);
}

#[tokio::test]
async fn a_history_says_where_its_next_page_begins() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let mut page = pb::GetHistoryRequest { id: case.id, from_version: 0, page_size: 1 };
    let mut desk = town.desk();
    let mut events = Vec::new();
    loop {
        let answer = desk.get_history(page.clone()).await.unwrap().into_inner();
        events.extend(answer.entries.into_iter().map(|entry| entry.event));
        page.from_version = answer.next_version;
        if page.from_version == 0 {
            break;
        }
    }
    assert_eq!(events, ["CaseOpened", "CaseAccepted"]);
    page.page_size = 2000;
    assert_eq!(reason(&desk.get_history(page).await.unwrap_err()), "BAD_FIELD");
}

/// A row that was written before it said when it changed last is one that its log gives all the same, and has its place among the others.
#[tokio::test]
async fn a_row_of_before_has_its_place() {
    let town = Town::open().await;
    let (_, old) = town.case_at(&f::grid()).await;
    town.clock.advance(MINUTE);
    let (_, new) = town.case_at(&f::grid()).await;
    sqlx::query("update \"case\" set body = body - 'updated_at' where number = $1")
        .bind(&old.number)
        .execute(&town.pool)
        .await
        .unwrap();
    let found = all(&mut town.desk(), board(CaseOrder::Updated)).await;
    assert_eq!(ids(&found), [&old.id, &new.id]);
    assert_eq!(found[0].update_time, found[0].open_time);
    let kind = huying_chassis::log::verify::Kind::of::<huying_casework::domain::Case>();
    let findings = kind.verify(&town.pool, uuid::Uuid::nil(), 100).await.unwrap();
    assert_eq!((findings.checked, findings.faults), (2, Vec::new()));
}
