//! 需求档案: one per household and enterprise, kept by visits; and who was visited adds up with who was not.

use chrono::TimeDelta;
use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::common::v1::PriorityKind;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;

use super::{
    support::{DISTRICT, Town},
    visits::{GRID, STREET, archives, enterprise, household, issue, key, team, town, visits},
};

fn open(address: &str, grid: &str) -> pb::OpenArchiveRequest {
    pb::OpenArchiveRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: grid.into(),
        kind: pb::ArchiveKind::Household.into(),
        visited: Some(pb::Visited { address: address.into(), ..Default::default() }),
        unit: "G-1".into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_has_one_archive_that_its_visits_keep() {
    let town = town().await;
    let first = pb::RecordVisitRequest {
        findings: vec![issue("买不到药")],
        needs: vec!["送药上门".into(), "送药上门".into()],
        ..household("二号楼 3-201")
    };
    let first = team(&town).record_visit(first).await.unwrap().into_inner().visit.unwrap();
    let second = pb::RecordVisitRequest {
        needs: vec!["送药上门".into(), "装扶手".into()],
        visited: Some(pb::Visited {
            address: "二號樓３－２０１".into(),
            priority: vec![PriorityKind::LivingAlone.into()],
            ..Default::default()
        }),
        ..household("")
    };
    let second = team(&town).record_visit(second).await.unwrap().into_inner().visit.unwrap();
    assert_eq!(second.archive, first.archive, "however its address is written");

    let mut officer = archives(&town, Role::Officer, Some("G-1"), GRID);
    let get = pb::GetArchiveRequest { id: first.archive.clone() };
    let archive = officer.get_archive(get.clone()).await.unwrap().into_inner();
    assert_eq!((archive.visits, archive.last_visit.as_str()), (2, second.id.as_str()));
    assert_eq!((archive.requests.clone(), archive.request_count), (vec![first.found[0].id.clone()], 1));
    let needs: Vec<_> = archive.needs.iter().map(|need| (need.number, need.text.as_str())).collect();
    assert_eq!(needs, [(1, "送药上门"), (2, "装扶手")], "what is needed already is not written twice");
    let person = archive.visited.clone().unwrap();
    assert_eq!(
        (person.name.as_str(), person.priority.as_slice()),
        ("某**", &[PriorityKind::LivingAlone.into()][..])
    );

    let met = pb::UpdateArchiveRequest {
        request_id: key(),
        id: archive.id.clone(),
        version: archive.version,
        met: vec![pb::NeedMet { number: 1, met: "巡诊点每周送药".into() }],
        ..Default::default()
    };
    let updated = officer.update_archive(met.clone()).await.unwrap().into_inner();
    assert_eq!((updated.needs[0].met.as_str(), updated.needs[1].met.as_str()), ("巡诊点每周送药", ""));
    assert!(updated.needs[0].met_time.is_some());
    let again = pb::UpdateArchiveRequest { request_id: key(), version: updated.version, ..met };
    assert_eq!(reason(&officer.update_archive(again.clone()).await.unwrap_err()), "UNKNOWN_NEED");
    let stale = pb::UpdateArchiveRequest { request_id: key(), version: 1, ..again };
    assert_eq!(reason(&officer.update_archive(stale).await.unwrap_err()), "STALE_VERSION");

    // By its archive, nothing else is to be said of whom was visited.
    let named = pb::RecordVisitRequest {
        archive: archive.id.clone(),
        area: String::new(),
        kind: 0,
        visited: None,
        ..household("")
    };
    let third = team(&town).record_visit(named).await.unwrap().into_inner().visit.unwrap();
    assert_eq!((third.area.as_str(), third.kind()), (GRID, pb::VisitedKind::Household));
    assert_eq!(third.visited.unwrap().name, "某**");

    // Who lives there, and what they need, is for who visits them, and for the desk.
    for (role, unit, knows) in
        [(Role::Leader, None, false), (Role::Officer, Some("C-1"), false), (Role::Desk, None, true)]
    {
        let seen = archives(&town, role, unit, STREET).get_archive(get.clone()).await.unwrap().into_inner();
        assert_eq!((seen.visited.is_some(), seen.needs.is_empty()), (knows, !knows), "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_is_opened_once_also_before_anybody_visits() {
    let town = town().await;
    let mut desk = archives(&town, Role::Desk, None, DISTRICT);
    let opened = desk.open_archive(open("一号楼", GRID)).await.unwrap().into_inner();
    assert_eq!((opened.visits, opened.visit_time), (0, None));
    assert_eq!(desk.open_archive(open("一 号 楼", GRID)).await.unwrap().into_inner().id, opened.id);
    let visited = team(&town).record_visit(household("一号楼")).await.unwrap().into_inner().visit.unwrap();
    assert_eq!(visited.archive, opened.id);
    // One who gets a code is still who they were; another with that address and a code of their own is not.
    let coded =
        |code: &str| pb::Visited { code: code.into(), address: "一号楼".into(), ..Default::default() };
    let coming = pb::RecordVisitRequest { visited: Some(coded("H-1")), ..household("") };
    let visited = team(&town).record_visit(coming).await.unwrap().into_inner().visit.unwrap();
    assert_eq!(visited.archive, opened.id);
    let street = desk.open_archive(open("村口", "990101001")).await.unwrap().into_inner();
    for published in ["990101001000", "990101001000000", "９９０１０１００１"] {
        let again = desk.open_archive(open("村口", published)).await.unwrap().into_inner();
        assert_eq!((again.id, again.area.as_str()), (street.id.clone(), "990101001"), "{published}");
    }
    let firm = pb::OpenArchiveRequest {
        kind: pb::ArchiveKind::Enterprise.into(),
        key: true,
        visited: Some(pb::Visited { code: "91330205X".into(), ..Default::default() }),
        ..open("", GRID)
    };
    let firm = desk.open_archive(firm).await.unwrap().into_inner();
    let found = team(&town).record_visit(enterprise("９１３３０２０５x", 0)).await.unwrap().into_inner();
    assert_eq!((&found.visit.unwrap().archive, firm.key), (&firm.id, true));
    let list = pb::ListArchivesRequest { district: DISTRICT.into(), key: true, ..Default::default() };
    let keys = desk.list_archives(list).await.unwrap().into_inner().archives;
    assert_eq!(keys.into_iter().map(|it| it.id).collect::<Vec<_>>(), [firm.id]);

    let wrong = pb::OpenArchiveRequest { key: true, ..open("二号楼", GRID) };
    assert_eq!(
        reason(&desk.open_archive(wrong).await.unwrap_err()),
        "BAD_FIELD",
        "a household is no key enterprise"
    );
    let nowhere = pb::OpenArchiveRequest { unit: String::new(), ..open("二号楼", GRID) };
    assert_eq!(reason(&desk.open_archive(nowhere).await.unwrap_err()), "BAD_FIELD", "nobody says which unit");
    let wrong = pb::UpdateArchiveRequest {
        request_id: key(),
        id: opened.id,
        version: 3,
        key: Some(true),
        ..Default::default()
    };
    assert_eq!(reason(&desk.update_archive(wrong).await.unwrap_err()), "BAD_FIELD");
    let mut other = archives(&town, Role::Officer, Some("G-2"), "990101001001002");
    assert_eq!(reason(&other.open_archive(open("三号楼", GRID)).await.unwrap_err()), "OUTSIDE_AREA");
}

/// Whoever is visited there, and the archive that it is kept in.
async fn visited(town: &Town, record: pb::RecordVisitRequest) -> (String, pb::Visited) {
    let visit = team(town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let mut persons = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let told = persons.get_visited(pb::GetVisitedRequest { id: visit.id }).await.unwrap().into_inner();
    (visit.archive, told.visited.unwrap())
}

/// A visit to a firm in one building, told by its name, code and phone.
fn tenant(name: &str, code: &str, contact: &str) -> pb::RecordVisitRequest {
    let visited = pb::Visited {
        name: name.into(),
        address: "胜利街400号写字楼".into(),
        code: code.into(),
        contact: contact.into(),
        ..Default::default()
    };
    pb::RecordVisitRequest { visited: Some(visited), ..enterprise("", 0) }
}

/// 一企一档: firms in one building are not each other, and nobody is given another's phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firms_at_one_address_have_each_their_own_archive() {
    let town = town().await;
    let (first, _) = visited(&town, tenant("甲公司", "", "13800000001")).await;
    let mut archives = std::collections::BTreeSet::from([first.clone()]);
    for (name, code) in [("乙公司", "91A"), ("丙公司", "91B"), ("丁公司", ""), ("甲公司", "91D")]
    {
        let (archive, seen) = visited(&town, tenant(name, code, "")).await;
        let is_first = name == "甲公司";
        assert_eq!((archive == first, seen.contact.is_empty()), (is_first, !is_first), "{name}");
        archives.insert(archive);
    }
    assert_eq!(archives.len(), 4);
    // Each is found again, by whatever it is known by: the first one by the code that it was given since, too.
    let first = &first;
    for (name, code, is_first) in [
        ("甲公司", "", true),
        ("", "91D", true),
        ("甲集团", "91d", true),
        ("甲公司", "91E", false),
        ("乙公司", "", false),
        ("", "91A", false),
    ] {
        let (archive, seen) = visited(&town, tenant(name, code, "")).await;
        assert_eq!(archive == *first, is_first, "{name} {code}");
        assert_eq!(seen.contact.is_empty(), !is_first || name == "甲集团", "{name} {code}");
        let is_new = code == "91E";
        assert_eq!(archives.insert(archive), is_new, "{name} {code}");
    }
}

/// 一户一档: the household is the door's. Whoever lives there by another name has their own phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_is_not_given_the_phone_of_who_lived_there_before() {
    let town = town().await;
    let lives = |name: &str, contact: &str| {
        let priority = if contact.is_empty() { vec![] } else { vec![PriorityKind::LivingAlone.into()] };
        let visited = pb::Visited {
            name: name.into(),
            address: "五号楼 101".into(),
            contact: contact.into(),
            priority,
            ..Default::default()
        };
        pb::RecordVisitRequest { visited: Some(visited), ..household("") }
    };
    let (old, _) = visited(&town, lives("郑家", "13800000002")).await;
    let (new, tenant) = visited(&town, lives("吴家", "")).await;
    assert_eq!((new == old, tenant.contact.as_str(), tenant.priority.len()), (true, "", 0));
    let (same, known) = visited(&town, lives("鄭家", "")).await;
    assert_eq!((same == old, known.contact.as_str(), known.priority.len()), (true, "+8613800000002", 1));
}

/// Whom an archive is about may be known by more as time goes: by each it is found, and there is none beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_is_found_by_what_it_was_given_since() {
    let town = town().await;
    let mut desk = archives(&town, Role::Desk, None, DISTRICT);
    let opened = desk.open_archive(open("六号楼", GRID)).await.unwrap().into_inner();
    let at = |code: &str, address: &str| {
        let visited = pb::Visited { code: code.into(), address: address.into(), ..Default::default() };
        pb::RecordVisitRequest { visited: Some(visited), ..household("") }
    };
    let given = pb::UpdateArchiveRequest {
        request_id: key(),
        id: opened.id.clone(),
        version: opened.version,
        visited: at("H-6", "六号楼").visited,
        ..Default::default()
    };
    let given = desk.update_archive(given).await.unwrap().into_inner();
    assert_eq!(
        visited(&town, at("H-6", "六号楼")).await.0,
        opened.id,
        "by the code, and the address as before"
    );
    let get = pb::GetArchiveRequest { id: opened.id.clone() };
    let version = desk.get_archive(get.clone()).await.unwrap().into_inner().version;
    assert!(version > given.version);
    let moved = pb::UpdateArchiveRequest {
        request_id: key(),
        id: opened.id.clone(),
        version,
        visited: at("H-6", "六号楼二单元").visited,
        ..Default::default()
    };
    desk.update_archive(moved).await.unwrap();
    for (code, address) in [("", "六号楼二单元"), ("", "六号楼"), ("H-6", ""), ("H-6", "七号楼")]
    {
        assert_eq!(visited(&town, at(code, address)).await.0, opened.id, "{code} {address}");
    }
    // One with a code of their own at that address is somebody else, whom no address leads to.
    let (other, _) = visited(&town, at("H-7", "六号楼")).await;
    assert_ne!(other, opened.id);
    assert_eq!(visited(&town, at("H-7", "")).await.0, other);
    assert_eq!(visited(&town, at("", "六号楼")).await.0, opened.id);
    // What a visit tells is learned.
    let (silent, _) = visited(&town, household("八号楼")).await;
    assert_eq!(visited(&town, at("H-8", "八号楼")).await.0, silent);
    assert_eq!(visited(&town, at("H-8", "")).await.0, silent);
    assert_ne!(visited(&town, at("H-9", "八号楼")).await.0, silent);
    let known = desk.get_archive(pb::GetArchiveRequest { id: silent }).await.unwrap().into_inner();
    assert_eq!(known.visited.unwrap().code, "H-8");
}

/// 走村不漏户: visited and not visited are all, in each area and altogether, page by page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_visited_and_who_was_not_are_all() {
    let town = town().await;
    let mut desk = archives(&town, Role::Desk, None, DISTRICT);
    for n in 0..6 {
        let grid = format!("99010100{}001001", n % 2 + 1);
        desk.open_archive(open(&format!("{n}号"), &grid)).await.unwrap();
    }
    let mut visitor = visits(&town, Role::Desk, None, DISTRICT);
    let days = |days: i64| Some((system_now() - TimeDelta::days(days)).into());
    for (n, ago) in [(0, 20), (1, 2), (2, 1)] {
        let grid = format!("99010100{}001001", n % 2 + 1);
        let record = pb::RecordVisitRequest {
            area: grid,
            unit: "G-1".into(),
            visit_time: days(ago),
            ..household(&format!("{n}号"))
        };
        visitor.record_visit(record).await.unwrap();
    }
    let ask =
        pb::GetCoverageRequest { district: DISTRICT.into(), since_time: days(15), ..Default::default() };
    let coverage = desk.get_coverage(ask.clone()).await.unwrap().into_inner().coverage;
    let told: Vec<_> =
        coverage.iter().map(|it| (it.area.as_str(), it.archives, it.visited, it.not_visited)).collect();
    assert_eq!(told, [("990101001", 3, 1, 2), ("990101002", 3, 1, 2)]);
    let ever = pb::GetCoverageRequest { since_time: None, ..ask.clone() };
    let ever = desk.get_coverage(ever).await.unwrap().into_inner().coverage;
    assert_eq!(ever.iter().map(|it| it.visited).sum::<u32>(), 3);
    let mut officer = archives(&town, Role::Officer, Some("S-1"), STREET);
    let own = officer.get_coverage(ask).await.unwrap().into_inner().coverage;
    assert_eq!(
        own.iter().map(|it| (it.area.as_str(), it.archives)).collect::<Vec<_>>(),
        [("990101001001", 3)]
    );

    let mut missed = pb::ListArchivesRequest {
        district: DISTRICT.into(),
        unvisited_since_time: days(15),
        page_size: 1,
        ..Default::default()
    };
    let mut addresses = Vec::new();
    loop {
        let page = desk.list_archives(missed.clone()).await.unwrap().into_inner();
        addresses.extend(page.archives.into_iter().map(|it| it.visited.unwrap().address));
        missed.page_token = page.next_page_token;
        if missed.page_token.is_empty() {
            break;
        }
    }
    addresses.sort();
    assert_eq!(addresses, ["0号", "3号", "4号", "5号"], "those whom nobody visited for so long");
}
