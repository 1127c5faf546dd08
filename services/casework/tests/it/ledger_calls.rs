//! 清单、台账 on the wire: as the profile has them, page by page, counted, exported; and how far each caller reaches.

use huying_casework::domain::{
    Case, Unit,
    case::step::{Part, Split},
};
use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1::{
        self as pb, CaseOrder, LedgerColumn, LedgerSplit, ledger_service_client::LedgerServiceClient,
    },
    common::v1 as common,
    routing::v1 as routing,
};
use huying_testing::{Wire, reason, wire};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    bad_input::fields,
    decline,
    fixture::{self as f, DISTRICT, STREET},
    support::{self, Town, fresh},
};

type Ledgers = LedgerServiceClient<Wire>;

/// Text that a spreadsheet would run, and more of it than a list shows.
const CONTENT: &str = "=HYPERLINK(\"http://x\",\"点我\")，树歪了，靠着电线，每天上下学的孩子都从下面走过，刮大风的时候枝条打在三楼的窗户上，\
                       物业说归园林，园林说归供电，社区来看过两次，拍了照片，至今没有人来处理，请尽快派人修剪，谢谢。居民代表十二户。";

fn ledger(code: &str) -> pb::Ledger {
    let columns = [LedgerColumn::Number, LedgerColumn::Content].map(Into::into).into();
    pb::Ledger { code: code.into(), name: "清单".into(), columns, ..Default::default() }
}

fn due(code: &str, split: LedgerSplit) -> pb::Ledger {
    pb::Ledger { open: true, order: CaseOrder::DueFirst.into(), split: split.into(), ..ledger(code) }
}

fn ledgers() -> Vec<pb::Ledger> {
    vec![
        due("problems", LedgerSplit::Area),
        due("responsibility", LedgerSplit::Holder),
        pb::Ledger {
            columns: vec![LedgerColumn::Number.into(), LedgerColumn::Measures.into()],
            ..due("measures", LedgerSplit::Unspecified)
        },
        pb::Ledger { order: CaseOrder::Newest.into(), whole: true, ..ledger("entered") },
        pb::Ledger {
            outcome: pb::Outcome::Declined.into(),
            split: LedgerSplit::Area.into(),
            order: CaseOrder::Newest.into(),
            ..ledger("declined")
        },
        pb::Ledger {
            state: pb::CaseState::Closed.into(),
            split: LedgerSplit::Outcome.into(),
            order: CaseOrder::Newest.into(),
            ..ledger("outcomes")
        },
        pb::Ledger {
            state: pb::CaseState::Working.into(),
            area: STREET.into(),
            split: LedgerSplit::State.into(),
            order: CaseOrder::Newest.into(),
            ..ledger("street")
        },
    ]
}

pub fn applying(ledgers: Vec<pb::Ledger>, dry_run: bool) -> pb::ApplyProfileRequest {
    let mut request = support::profile(dry_run);
    request.profile.as_mut().unwrap().ledgers = ledgers;
    request
}

async fn town() -> Town {
    let town = Town::without_profile().await;
    town.operator().apply_profile(applying(ledgers(), false)).await.unwrap();
    town
}

fn client(town: &Town, role: Role, unit: Option<&str>, area: &str) -> Ledgers {
    Ledgers::new(wire(town.address, town.bench.bearer(role, unit, Some(area))))
}

pub fn desk(town: &Town) -> Ledgers {
    client(town, Role::Desk, Some("D-1"), DISTRICT)
}

/// A case at a unit, in an area.
pub async fn case_in(town: &Town, at: &Unit, area: &str) -> pb::Case {
    let request = Uuid::now_v7();
    let decided = support::decided(request, at);
    let decision = decided.decision.map(|it| routing::Decision { area: area.into(), ..it });
    let decided = routing::RouteDecided { decision, content: CONTENT.into(), ..decided };
    town.tell("routing", "route", request, &decided).await;
    town.case(&support::number(request)).await
}

pub fn asked(ledger: &str) -> pb::ListLedgerCasesRequest {
    pb::ListLedgerCasesRequest {
        district: DISTRICT.into(),
        ledger: ledger.into(),
        page_size: 1,
        ..Default::default()
    }
}

pub fn counting(ledger: &str) -> pb::CountLedgerRequest {
    pb::CountLedgerRequest { district: DISTRICT.into(), ledger: ledger.into(), ..Default::default() }
}

fn exporting(ledger: &str) -> pb::ExportLedgerRequest {
    pb::ExportLedgerRequest { district: DISTRICT.into(), ledger: ledger.into(), ..Default::default() }
}

/// The ids of all of it, page by page.
pub async fn all(client: &mut Ledgers, mut list: pb::ListLedgerCasesRequest) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let page = client.list_ledger_cases(list.clone()).await.unwrap().into_inner();
        assert_eq!(page.ledger.unwrap().code, list.ledger);
        ids.extend(page.cases.into_iter().map(|it| it.case.unwrap().id));
        list.page_token = page.next_page_token;
        if list.page_token.is_empty() {
            return ids;
        }
    }
}

async fn exported(client: &mut Ledgers, request: pb::ExportLedgerRequest) -> Vec<pb::ExportLedgerResponse> {
    let mut stream = client.export_ledger(request).await.unwrap().into_inner();
    let mut pages = Vec::new();
    while let Some(page) = stream.message().await.unwrap() {
        pages.push(page);
    }
    pages
}

fn counts(counted: &pb::CountLedgerResponse) -> Vec<(&str, i64)> {
    assert!(counted.next_page_token.is_empty());
    counted.counts.iter().map(|it| (it.of.as_str(), it.cases)).collect()
}

#[tokio::test]
async fn ledgers_are_as_the_profile_has_them() {
    let town = town().await;
    let list = pb::ListLedgersRequest { district: DISTRICT.into() };
    let answered = desk(&town).list_ledgers(list.clone()).await.unwrap().into_inner().ledgers;
    assert_eq!(answered, ledgers());
    town.operator().apply_profile(applying(Vec::new(), false)).await.unwrap();
    let answered = desk(&town).list_ledgers(list).await.unwrap().into_inner().ledgers;
    assert_eq!(answered, []);
    let gone = desk(&town).list_ledger_cases(asked("problems")).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "NOT_FOUND"));
}

#[tokio::test]
async fn a_ledger_is_read_page_by_page_counted_and_exported() {
    let town = town().await;
    let mut ids = Vec::new();
    for at in [f::grid(), f::grid(), f::community()] {
        ids.push(case_in(&town, &at, f::GRID).await.id);
        town.clock.advance(std::time::Duration::from_secs(60));
    }
    ids.push(case_in(&town, &f::street(), "990101002001001").await.id);
    let mut desk = desk(&town);
    assert_eq!(all(&mut desk, asked("problems")).await, ids, "what is due first");
    let newest: Vec<_> = ids.iter().rev().cloned().collect();
    assert_eq!(all(&mut desk, asked("entered")).await, newest);
    let grid = pb::ListLedgerCasesRequest { of: "G-1".into(), ..asked("responsibility") };
    assert_eq!(all(&mut desk, grid).await, ids[..2]);
    let street = pb::ListLedgerCasesRequest { area: STREET.into(), ..asked("problems") };
    assert_eq!(all(&mut desk, street).await, ids[..3]);

    let counted = desk.count_ledger(counting("problems")).await.unwrap().into_inner();
    assert_eq!(counts(&counted), [(STREET, 3), ("990101002", 1)]);
    let below = pb::CountLedgerRequest { area: STREET.into(), ..counting("problems") };
    assert_eq!(counts(&desk.count_ledger(below).await.unwrap().into_inner()), [(f::COMMUNITY, 3)]);
    let counted = desk.count_ledger(counting("responsibility")).await.unwrap().into_inner();
    assert_eq!(counts(&counted), [("G-1", 2), ("C-1", 1), ("S-1", 1)]);
    assert_eq!(counts(&desk.count_ledger(counting("entered")).await.unwrap().into_inner()), [("", 4)]);

    let pages = exported(&mut desk, exporting("problems")).await;
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].ledger.as_ref().unwrap().code, "problems");
    assert!(pages[0].next_page_token.is_empty());
    let contents = pages[0].cases.iter().map(|it| it.case.as_ref().unwrap().content.as_str());
    assert!(contents.eq([CONTENT; 4]), "nothing of what goes into a file is cut");
}

/// Two hundred cases are a page.
#[tokio::test]
async fn an_export_goes_over_several_pages() {
    let town = town().await;
    let case = case_in(&town, &f::grid(), f::GRID).await;
    let more = "insert into \"case\" (id, version, shape, hash, body) select gen_random_uuid(), version, shape, hash, body from \"case\" cross join generate_series(1, 420) where id = $1";
    sqlx::query(more).bind(case.id.parse::<Uuid>().unwrap()).execute(&town.pool).await.unwrap();
    let mut desk = desk(&town);
    let pages = exported(&mut desk, exporting("problems")).await;
    assert_eq!(pages.iter().map(|page| page.cases.len()).collect::<Vec<_>>(), [200, 200, 21]);
    assert!(pages[1].ledger.is_none() && pages[2].next_page_token.is_empty());
    let rest =
        pb::ExportLedgerRequest { page_token: pages[0].next_page_token.clone(), ..exporting("problems") };
    let rest = exported(&mut desk, rest).await;
    assert!(rest[0].ledger.is_some(), "whoever goes on is told by which definition");
    assert_eq!(rest.iter().map(|page| &page.cases).collect::<Vec<_>>(), [&pages[1].cases, &pages[2].cases]);
    let page = pb::ListLedgerCasesRequest { page_size: 200, ..asked("problems") };
    let listed = all(&mut desk, page).await;
    assert_eq!(listed.len(), 421);
}

/// A part has a holder who answers for it, and is entered with its whole.
#[tokio::test]
async fn the_parts_of_a_case_are_in_no_account() {
    let town = town().await;
    let (_, case) = town.accepted(&f::street()).await;
    let part = Part { case: Uuid::now_v7(), unit: "G-1".into(), content: "清理楼道".into() };
    let split = Split { parts: vec![part], reason: "两个方面".into() };
    let (id, street) = (case.id.parse().unwrap(), f::street());
    let app = town.knowing_units(&[f::grid()]);
    let meta = support::meta(&street, case.version);
    app.take::<Case, _>(id, &f::by(&street), &split, &meta).await.unwrap();
    let mut desk = desk(&town);
    assert_eq!(all(&mut desk, asked("entered")).await, [&*case.id]);
    assert_eq!(counts(&desk.count_ledger(counting("entered")).await.unwrap().into_inner()), [("", 1)]);
    let counted = desk.count_ledger(counting("responsibility")).await.unwrap().into_inner();
    assert_eq!(counts(&counted), [("G-1", 1), ("S-1", 1)]);
}

/// 措施: what departments at work on a case are to do, and by when.
#[tokio::test]
async fn measures_are_the_tasks_under_way() {
    let town = town().await;
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks(), f::traffic()], "修剪").await;
    let mut traffic = town.dispatches_of(&f::traffic());
    let decline = pb::RespondDispatchRequest {
        request_id: fresh(),
        id: sent[1].id.to_string(),
        version: 1,
        response: pb::DispatchResponse::Accept.into(),
        note: String::new(),
    };
    traffic.respond_dispatch(decline.clone()).await.unwrap();
    let done = pb::RespondDispatchRequest {
        request_id: fresh(),
        version: 2,
        response: pb::DispatchResponse::Complete.into(),
        note: "已疏导".into(),
        ..decline
    };
    traffic.respond_dispatch(done).await.unwrap();
    let on = |page: pb::ListLedgerCasesResponse| page.cases.into_iter().next().unwrap();
    let mut desk = desk(&town);
    let measured = on(desk.list_ledger_cases(asked("measures")).await.unwrap().into_inner());
    let tasks: Vec<_> =
        measured.measures.iter().map(|it| (it.unit_name.as_str(), it.task.as_str())).collect();
    assert_eq!(tasks, [("园林局", "修剪")], "not what is done");
    let plain = on(desk.list_ledger_cases(asked("problems")).await.unwrap().into_inner());
    assert!(plain.measures.is_empty(), "it does not show them");
}

#[tokio::test]
async fn each_reaches_of_a_ledger_what_they_reach_of_the_cases() {
    let town = town().await;
    let here = case_in(&town, &f::street(), f::GRID).await;
    let held = case_in(&town, &f::parks(), "990101002001001").await;
    let mut officer = client(&town, Role::Officer, Some("S-2"), "990101002");
    assert_eq!(all(&mut officer, asked("problems")).await, [&*held.id]);
    // Another street's is not exported, whatever is asked.
    for area in [String::new(), STREET.to_owned(), f::GRID.to_owned()] {
        let pages = exported(&mut officer, pb::ExportLedgerRequest { area, ..exporting("problems") }).await;
        let exported = pages.iter().flat_map(|page| &page.cases);
        assert!(exported.map(|it| &it.case.as_ref().unwrap().id).all(|id| *id != here.id));
    }
    let counted = officer.count_ledger(counting("problems")).await.unwrap().into_inner();
    assert_eq!(counts(&counted), [("990101002001", 1)], "next below the caller's own area");

    // A department has what it holds, wherever that is, and nobody else's.
    let mut parks = client(&town, Role::Department, Some("DEP-parks"), DISTRICT);
    for ledger in ["problems", "responsibility", "entered"] {
        assert_eq!(all(&mut parks, asked(ledger)).await, [&*held.id], "{ledger}");
    }
    let others = pb::ListLedgerCasesRequest { of: "S-1".into(), ..asked("responsibility") };
    assert_eq!(reason(&parks.list_ledger_cases(others).await.unwrap_err()), "OUTSIDE_AREA");
    let own = pb::ListLedgerCasesRequest { of: "DEP-parks".into(), ..asked("responsibility") };
    assert_eq!(all(&mut parks, own).await, [&*held.id]);

    let mut abroad = client(&town, Role::Leader, None, "990102");
    let list = pb::ListLedgersRequest { district: DISTRICT.into() };
    assert_eq!(reason(&abroad.list_ledgers(list).await.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(reason(&abroad.list_ledger_cases(asked("none")).await.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(reason(&abroad.count_ledger(counting("problems")).await.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(reason(&abroad.export_ledger(exporting("problems")).await.unwrap_err()), "OUTSIDE_AREA");
}

#[tokio::test]
async fn a_question_that_does_not_fit_is_refused() {
    let town = town().await;
    let mut desk = desk(&town);
    let bad = pb::ListLedgerCasesRequest {
        district: "99".into(),
        ledger: "清单".into(),
        area: "9".into(),
        of: "x".repeat(65),
        ..Default::default()
    };
    assert_eq!(fields(&desk.list_ledger_cases(bad).await.unwrap_err()), ["district", "ledger", "area", "of"]);
    for (ledger, area, of, field) in [
        ("entered", "", "S-1", "of"),
        ("problems", "", STREET, "of"),
        ("street", "", "asleep", "of"),
        ("street", "990101002", "", "area"),
    ] {
        let asked = pb::ListLedgerCasesRequest { area: area.into(), of: of.into(), ..asked(ledger) };
        assert_eq!(fields(&desk.list_ledger_cases(asked).await.unwrap_err()), [field], "{ledger}");
    }
    case_in(&town, &f::grid(), f::GRID).await;
    let first = desk.list_ledger_cases(asked("problems")).await.unwrap().into_inner();
    let other = pb::ListLedgerCasesRequest { page_token: first.next_page_token, ..asked("entered") };
    assert_eq!(fields(&desk.list_ledger_cases(other).await.unwrap_err()), ["page_token"]);
}

#[tokio::test]
async fn a_profile_with_a_ledger_that_cannot_be_is_refused() {
    let town = town().await;
    let before = town.written().await;
    let unserved = vec![
        ledger("served"),
        pb::Ledger { tier: common::Tier::Grid.into(), ..ledger("grids") },
        due("categories", LedgerSplit::Category),
    ];
    for dry_run in [true, false] {
        let error = town.operator().apply_profile(applying(unserved.clone(), dry_run)).await.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (Code::InvalidArgument, "LEDGER_NOT_SERVED"));
        let told = error.get_details_error_info().unwrap();
        assert_eq!(told.metadata["unserved"], "grids.tier,categories.split");
        let wrong = error.get_details_bad_request().unwrap().field_violations.into_iter();
        let wrong: Vec<_> = wrong.map(|one| one.field).collect();
        assert_eq!(wrong, ["profile.ledgers[1].tier", "profile.ledgers[2].split"]);
    }
    let bad = vec![
        pb::Ledger { name: String::new(), area: "990102".into(), ..ledger("x") },
        pb::Ledger { state: 77, order: 77, columns: vec![0], ..ledger("x") },
    ];
    let error = town.operator().apply_profile(applying(bad, true)).await.unwrap_err();
    let expected = [
        "profile.ledgers[0].name",
        "profile.ledgers[0].area",
        "profile.ledgers[1].state",
        "profile.ledgers[1].order",
        "profile.ledgers[1].columns",
        "profile.ledgers[1].code",
        "profile.ledgers[1].columns",
    ];
    assert_eq!(fields(&error), expected);
    let many = (0..51).map(|n| ledger(&format!("l{n}"))).collect();
    let error = town.operator().apply_profile(applying(many, true)).await.unwrap_err();
    assert_eq!(fields(&error), ["profile.ledgers"]);
    assert_eq!(town.written().await, before);
}

/// 不予受理 is counted apart: listed, and on a ledger of its own, of other cases that closed.
#[tokio::test]
async fn declined_cases_are_told_apart() {
    let town = town().await;
    let (request, withdrawn) = town.case_at(&f::street()).await;
    town.withdrawn(request).await;
    let case = case_in(&town, &f::street(), f::GRID).await;
    let approval = decline::asked_in(&town, &case, &f::street(), "statutory_route").await;
    let declined = decline::granted_by_the_district(&town, &case, &approval).await;
    case_in(&town, &f::street(), f::GRID).await;

    let mut desk = desk(&town);
    assert_eq!(all(&mut desk, asked("declined")).await, std::slice::from_ref(&declined.id));
    let by_area = desk.count_ledger(counting("declined")).await.unwrap().into_inner();
    assert_eq!(counts(&by_area), [(STREET, 1)]);
    let closed = desk.count_ledger(counting("outcomes")).await.unwrap().into_inner();
    assert_eq!(counts(&closed), [("declined", 1), ("withdrawn", 1)]);
    let of = pb::ListLedgerCasesRequest { of: "withdrawn".into(), ..asked("outcomes") };
    assert_eq!(all(&mut desk, of).await, std::slice::from_ref(&withdrawn.id));
    let page = desk.list_ledger_cases(asked("declined")).await.unwrap().into_inner();
    let shown = page.cases.into_iter().next().and_then(|it| it.case).unwrap();
    assert_eq!(shown.declined.unwrap().code, "statutory_route");

    let list = |outcome: pb::Outcome| pb::ListCasesRequest {
        district: DISTRICT.into(),
        outcome: outcome.into(),
        ..Default::default()
    };
    for (outcome, id) in [(pb::Outcome::Declined, &declined.id), (pb::Outcome::Withdrawn, &withdrawn.id)] {
        let listed = town.desk().list_cases(list(outcome)).await.unwrap().into_inner().cases;
        assert_eq!(listed.iter().map(|case| &case.id).collect::<Vec<_>>(), [id]);
    }
    for vain in [
        pb::ListCasesRequest { open: true, ..list(pb::Outcome::Declined) },
        pb::ListCasesRequest { state: pb::CaseState::Working.into(), ..list(pb::Outcome::Declined) },
        pb::ListCasesRequest { order: CaseOrder::DueFirst.into(), ..list(pb::Outcome::Declined) },
        pb::ListCasesRequest { outcome: 99, ..list(pb::Outcome::Declined) },
    ] {
        let refused = town.desk().list_cases(vain).await.unwrap_err();
        assert_eq!((refused.code(), fields(&refused)), (Code::InvalidArgument, vec!["outcome".to_owned()]));
    }
}
