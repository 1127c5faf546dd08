//! 走访: a visit, what it finds, and its archive are recorded in one call; counts add up.

use chrono::TimeDelta;
use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::common::v1::{Location, Point, PriorityKind};
use huying_proto::intake::v1::{
    self as pb, archive_service_client::ArchiveServiceClient, risk_service_client::RiskServiceClient,
    visit_service_client::VisitServiceClient,
};
use huying_testing::{Wire, reason, wire};
use tonic::Code;
use uuid::Uuid;

use super::support::{DISTRICT, Town, profile};

pub const GRID: &str = "990101001001001";
pub const STREET: &str = "990101001";

/// A town whose doors are open to visits.
pub async fn town() -> Town {
    let town = Town::open().await;
    let mut open = profile();
    let rule = pb::ChannelRule {
        channel: pb::Channel::HomeVisit.into(),
        name: "入户走访".into(),
        ..Default::default()
    };
    open.channels.push(rule);
    town.apply(open).await;
    town
}

pub fn key() -> String {
    Uuid::now_v7().to_string()
}

pub fn visits(town: &Town, role: Role, unit: Option<&str>, area: &str) -> VisitServiceClient<Wire> {
    VisitServiceClient::new(wire(town.address, town.bench.bearer(role, unit, Some(area))))
}

pub fn archives(town: &Town, role: Role, unit: Option<&str>, area: &str) -> ArchiveServiceClient<Wire> {
    ArchiveServiceClient::new(wire(town.address, town.bench.bearer(role, unit, Some(area))))
}

pub fn risks(town: &Town, role: Role, unit: Option<&str>, area: &str) -> RiskServiceClient<Wire> {
    RiskServiceClient::new(wire(town.address, town.bench.bearer(role, unit, Some(area))))
}

/// The grid team that visits here.
pub fn team(town: &Town) -> VisitServiceClient<Wire> {
    visits(town, Role::Officer, Some("G-1"), GRID)
}

/// A visit to a household, which found nothing.
pub fn household(address: &str) -> pb::RecordVisitRequest {
    pb::RecordVisitRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::VisitedKind::Household.into(),
        visited: Some(pb::Visited {
            name: "某居民".into(),
            address: address.into(),
            contact: "138 0013 8000".into(),
            ..Default::default()
        }),
        team: vec!["网格员某".into()],
        ..Default::default()
    }
}

/// A visit to an enterprise, with so many issues.
pub fn enterprise(code: &str, issues: usize) -> pb::RecordVisitRequest {
    let visited = pb::Visited { name: "某公司".into(), code: code.into(), ..Default::default() };
    pb::RecordVisitRequest {
        kind: pb::VisitedKind::Enterprise.into(),
        visited: Some(visited),
        findings: (0..issues).map(|n| issue(&format!("问题{n}"))).collect(),
        ..household("")
    }
}

pub fn issue(content: &str) -> pb::Finding {
    pb::Finding {
        kind: pb::FindingKind::Request.into(),
        content: content.into(),
        r#type: pb::RequestType::Help.into(),
        ..Default::default()
    }
}

pub fn risk(kind: pb::FindingKind, content: &str) -> pb::Finding {
    pb::Finding { kind: kind.into(), content: content.into(), ..Default::default() }
}

async fn kept(town: &Town) -> (i64, i64, i64, i64) {
    let sql = "select (select count(*) from visit), (select count(*) from request), (select count(*) from risk), (select count(*) from archive)";
    sqlx::query_as(sql).fetch_one(&town.pool().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_visit_finds_is_taken_in_the_same_call() {
    let town = town().await;
    let record = pb::RecordVisitRequest {
        night: true,
        occasion: "走访日".into(),
        notes: "腿脚不便".into(),
        findings: vec![
            issue("山里买不到胰岛素"),
            risk(pb::FindingKind::HiddenDanger, "楼道堆放液化气瓶"),
            risk(pb::FindingKind::Conflict, "两户为排水争吵"),
        ],
        needs: vec!["送药上门".into()],
        ..household("二号楼 3-201")
    };
    let answer = team(&town).record_visit(record.clone()).await.unwrap().into_inner();
    let visit = answer.visit.unwrap();
    assert_eq!((visit.unit.as_str(), visit.diary(), visit.night), ("G-1", pb::Diary::Resident, true));
    let kinds: Vec<_> = visit.found.iter().map(pb::Found::kind).collect();
    use pb::FindingKind::{Conflict, HiddenDanger, Request};
    assert_eq!(kinds, [Request, HiddenDanger, Conflict]);
    assert_eq!(kept(&town).await, (1, 1, 2, 1));

    // The visiting unit is the first contact, whom the household told who they are.
    let get = pb::GetRequestRequest { id: visit.found[0].id.clone() };
    let request = town.officer().get_request(get.clone()).await.unwrap().into_inner();
    assert_eq!((request.channel(), request.visit.as_str()), (pb::Channel::HomeVisit, visit.id.as_str()));
    assert_eq!((&request.number, request.content.as_str()), (&visit.found[0].number, "山里买不到胰岛素"));
    assert_eq!(
        (request.first_contact.unwrap().unit.as_str(), request.order.unwrap().r#type()),
        ("G-1", pb::RequestType::Help)
    );
    let reporter = town.reporter(&request.id).await;
    assert_eq!((reporter.name.as_str(), reporter.phone.as_str()), ("某居民", "+8613800138000"));
    let location = request.location.unwrap();
    assert_eq!(
        (location.area.as_str(), location.address.as_str()),
        (GRID, ""),
        "where they live is not told on"
    );
    let receipt = &answer.receipts[0];
    assert_eq!((answer.receipts.len(), &receipt.number), (1, &visit.found[0].number));
    let track = pb::TrackRequestRequest {
        number: receipt.number.clone(),
        tracking_token: receipt.tracking_token.clone(),
    };
    town.stranger().track_request(track).await.unwrap();

    assert_eq!((request.flags, request.concerns), (vec![], vec![]));

    // The same again is answered with the same, and takes no number.
    let again = team(&town).record_visit(record).await.unwrap().into_inner();
    assert_eq!((again.visit.unwrap(), again.receipts), (visit.clone(), answer.receipts.clone()));
    assert_eq!(kept(&town).await, (1, 1, 2, 1));
    let mut record =
        pb::RecordVisitRequest { findings: vec![issue("路灯不亮")], ..household("三号楼") };
    record.visited.as_mut().unwrap().priority = vec![PriorityKind::LivingAlone.into()];
    let next = team(&town).record_visit(record).await.unwrap().into_inner();
    let get = pb::GetRequestRequest { id: next.visit.unwrap().found[0].id.clone() };
    let request = town.officer().get_request(get).await.unwrap().into_inner();
    assert_eq!(
        request.concerns,
        [i32::from(PriorityKind::LivingAlone)],
        "who comes first at home does so here"
    );
    let number = next.receipts[0].number.clone();
    assert!(number.ends_with("-000002"), "{number}");
}

/// The visited area stands for a finding that says no place, and contradicts none that does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finding_elsewhere_is_not_told_to_lie_in_the_visited_area() {
    let town = town().await;
    let elsewhere = |location: Location| pb::Finding { location: Some(location), ..issue("路灯不亮") };
    let point = Some(Point { latitude: 30.6, longitude: 114.3, ..Default::default() });
    let findings = vec![
        elsewhere(Location { address: "二七街道长建社区恒大双城".into(), ..Default::default() }),
        elsewhere(Location { point, ..Default::default() }),
        elsewhere(Location { area: STREET.into(), ..Default::default() }),
        elsewhere(Location::default()),
        issue("路灯不亮"),
    ];
    let record = pb::RecordVisitRequest { findings, ..household("十二号楼") };
    let visit = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let mut areas = Vec::new();
    for found in visit.found {
        let get = pb::GetRequestRequest { id: found.id };
        areas.push(town.officer().get_request(get).await.unwrap().into_inner().location.unwrap().area);
    }
    assert_eq!(areas, ["", "", STREET, GRID, GRID]);
}

/// What its archive knows need not be said again: who comes first, how to reach them, what they asked for before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_archive_knows_need_not_be_said_again() {
    let town = town().await;
    let mut record =
        pb::RecordVisitRequest { findings: vec![issue("路灯不亮")], ..household("三号楼") };
    record.visited.as_mut().unwrap().priority = vec![PriorityKind::LivingAlone.into()];
    team(&town).record_visit(record).await.unwrap();
    let said = household("三号楼").visited.unwrap();
    let silent = pb::Visited { address: said.address.clone(), ..Default::default() };
    let record = pb::RecordVisitRequest {
        findings: vec![issue("路灯不亮")],
        visited: Some(silent),
        ..household("三号楼")
    };
    let again = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let get = pb::GetRequestRequest { id: again.found[0].id.clone() };
    let request = town.officer().get_request(get).await.unwrap().into_inner();
    assert_eq!(request.concerns, [i32::from(PriorityKind::LivingAlone)]);
    assert_eq!(town.reporter(&request.id).await.phone, "+8613800138000");
    assert_eq!(request.repeats, 1, "the same phone asked for it before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_recorded_whole_or_not_at_all() {
    let town = Town::open().await;
    let found = pb::RecordVisitRequest {
        findings: vec![risk(pb::FindingKind::Conflict, "争吵"), issue("路灯不亮")],
        ..household("二号楼")
    };
    let closed = team(&town).record_visit(found.clone()).await.unwrap_err();
    assert_eq!(reason(&closed), "UNKNOWN_CHANNEL", "the door of visits is not open here");
    assert_eq!(kept(&town).await, (0, 0, 0, 0));

    let wrong = async |record: pb::RecordVisitRequest| team(&town).record_visit(record).await.unwrap_err();
    let ahead = Some((system_now() + TimeDelta::hours(1)).into());
    let nobody = pb::Visited { name: "某居民".into(), ..Default::default() };
    let elderly = pb::Visited {
        priority: vec![PriorityKind::LivingAlone.into()],
        code: "9".into(),
        ..Default::default()
    };
    for record in [
        pb::RecordVisitRequest { team: vec![], ..household("二号楼") },
        pb::RecordVisitRequest { team: vec!["某".into(); 21], ..household("二号楼") },
        pb::RecordVisitRequest { findings: vec![issue("多"); 21], ..household("二号楼") },
        pb::RecordVisitRequest { needs: vec!["多".into(); 21], ..household("二号楼") },
        pb::RecordVisitRequest { visited: Some(nobody), ..household("") },
        pb::RecordVisitRequest { visited: Some(elderly), ..enterprise("9", 0) },
        pb::RecordVisitRequest { visit_time: ahead, ..household("二号楼") },
        pb::RecordVisitRequest { area: "990102001".into(), ..household("二号楼") },
        pb::RecordVisitRequest { archive: key(), ..household("二号楼") },
        pb::RecordVisitRequest { kind: 0, ..household("二号楼") },
    ] {
        assert_eq!(reason(&wrong(record.clone()).await), "BAD_FIELD", "{record:?}");
    }
    let nowhere = pb::RecordVisitRequest {
        archive: key(),
        area: String::new(),
        kind: 0,
        visited: None,
        ..household("")
    };
    assert_eq!(reason(&wrong(nowhere).await), "NOT_FOUND");
    let elsewhere = pb::RecordVisitRequest { area: "990101001001002".into(), ..household("二号楼") };
    assert_eq!(reason(&wrong(elsewhere).await), "OUTSIDE_AREA");
    let for_others = pb::RecordVisitRequest { unit: "G-2".into(), ..household("二号楼") };
    assert_eq!(reason(&wrong(for_others).await), "OUTSIDE_UNIT");
    let desk = visits(&town, Role::Desk, None, DISTRICT).record_visit(household("二号楼")).await.unwrap_err();
    assert_eq!(
        (desk.code(), reason(&desk).as_str()),
        (Code::InvalidArgument, "BAD_FIELD"),
        "nobody says which unit"
    );
    assert_eq!(kept(&town).await, (0, 0, 0, 0));
    let desk = pb::RecordVisitRequest { unit: "S-1".into(), ..household("二号楼") };
    let recorded = visits(&town, Role::Desk, None, DISTRICT).record_visit(desk).await.unwrap().into_inner();
    assert_eq!(recorded.visit.unwrap().unit, "S-1");
}

/// Who answers for it is a unit of the district: for one that is no more its successor, and nobody for one that never was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_acts_for_a_unit_that_there_is_not() {
    let town = town().await;
    let door = |channel: pb::Channel| pb::ChannelRule {
        channel: channel.into(),
        name: channel.as_str_name().to_owned(),
        ..Default::default()
    };
    let mut known = profile();
    known.channels.extend([door(pb::Channel::HomeVisit), door(pb::Channel::Forum)]);
    known.units = vec!["G-1".into(), "G-2".into()];
    known.successors = vec![pb::Successor { unit: "G-0".into(), successor: "G-2".into() }];
    town.apply(known).await;
    let bearer = || wire(town.address, town.bench.bearer(Role::Desk, None, Some(DISTRICT)));
    let mut forums = pb::forum_service_client::ForumServiceClient::new(bearer());
    let held = |host: &str| pb::HoldForumRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::ForumKind::Talk.into(),
        place: "议事厅".into(),
        hold_time: Some((system_now() - TimeDelta::hours(1)).into()),
        host: host.into(),
        calls: vec![pb::ForumCall { content: "路灯不亮".into(), ..Default::default() }],
        ..Default::default()
    };
    let mut visitor = visits(&town, Role::Desk, None, DISTRICT);
    let visit = |unit: &str| pb::RecordVisitRequest {
        unit: unit.into(),
        findings: vec![issue("路灯不亮")],
        ..household("十号楼")
    };
    let mut desk = archives(&town, Role::Desk, None, DISTRICT);
    let open = |unit: &str| pb::OpenArchiveRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::ArchiveKind::Household.into(),
        visited: household("十一号楼").visited,
        unit: unit.into(),
        key: false,
    };
    let mut ledger = risks(&town, Role::Desk, None, DISTRICT);
    let notice = |unit: &str| pb::OpenRiskRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::RiskKind::Conflict.into(),
        content: "争吵".into(),
        unit: unit.into(),
    };
    for refused in [
        forums.hold_forum(held("G-9")).await.unwrap_err(),
        visitor.record_visit(visit("G-9")).await.unwrap_err(),
        desk.open_archive(open("G-9")).await.unwrap_err(),
        ledger.open_risk(notice("G-9")).await.unwrap_err(),
    ] {
        assert_eq!(reason(&refused), "UNKNOWN_UNIT");
    }
    assert_eq!(kept(&town).await, (0, 0, 0, 0));
    let units = [
        forums.hold_forum(held("G-0")).await.unwrap().into_inner().host,
        visitor.record_visit(visit("G-0")).await.unwrap().into_inner().visit.unwrap().unit,
        desk.open_archive(open("G-0")).await.unwrap().into_inner().unit,
        ledger.open_risk(notice("G-0")).await.unwrap().into_inner().unit,
    ];
    assert_eq!(units, ["G-2"; 4]);
}

/// Where a hundred needs are open, a visit and its requests are taken all the same: what has no room is told, and no number is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_kept_where_its_needs_have_no_room() {
    let town = town().await;
    let visit = async |needs: Vec<String>| {
        let record =
            pb::RecordVisitRequest { needs, findings: vec![issue("路灯不亮")], ..household("九号楼") };
        let answer = team(&town).record_visit(record).await.unwrap().into_inner();
        let visit = answer.visit.unwrap();
        (visit.unkept_needs, visit.archive, answer.receipts[0].number.clone())
    };
    let need = |n: usize| format!("需求{n}");
    for part in 0..5 {
        let (unkept, ..) = visit((part * 20..part * 20 + 19 + part / 4).map(need).collect()).await;
        assert_eq!(unkept, [""; 0]);
    }
    // 96 are open: four have room, of six and one that is needed already.
    let (unkept, archive, _) = visit([0].into_iter().chain(200..206).map(need).collect()).await;
    assert_eq!(unkept, [need(204), need(205)]);
    let (unkept, _, number) = visit(vec![need(300)]).await;
    assert_eq!(unkept, [need(300)]);
    assert!(number.ends_with("-000007"), "no number is lost: {number}");
    let get = pb::GetArchiveRequest { id: archive };
    let kept = archives(&town, Role::Desk, None, DISTRICT).get_archive(get).await.unwrap().into_inner();
    assert_eq!((kept.needs.len(), kept.visits, kept.request_count), (100, 7, 7));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_visited_is_for_who_visited_and_for_the_desk() {
    let town = town().await;
    let recorded = team(&town).record_visit(household("二号楼")).await.unwrap().into_inner().visit.unwrap();
    let get = pb::GetVisitRequest { id: recorded.id.clone() };
    for (role, unit, area, knows) in [
        (Role::Officer, Some("G-1"), GRID, true),
        (Role::Officer, Some("G-1"), "990101002", true),
        (Role::Officer, Some("C-1"), "990101001001", false),
        (Role::Leader, None, DISTRICT, false),
        (Role::Desk, None, STREET, true),
    ] {
        let seen = visits(&town, role, unit, area).get_visit(get.clone()).await.unwrap().into_inner();
        assert_eq!(seen.visited.is_some(), knows, "{role:?} {unit:?} {area}");
        assert_eq!((seen.team.is_empty(), seen.area.as_str()), (!knows, GRID));
    }
    let other = visits(&town, Role::Officer, Some("G-2"), "990101002").get_visit(get).await.unwrap_err();
    assert_eq!(reason(&other), "NOT_FOUND");
    // Nothing of them is in the log's changes or in an event: it stands beside them, to be sealed by itself.
    let sql = "select count(*) from log where (entry::jsonb -> 'change')::text like '%某居民%'";
    let told: i64 = sqlx::query_scalar(sql).fetch_one(&town.pool().await).await.unwrap();
    assert_eq!(told, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_are_listed_by_area_kind_unit_and_period() {
    let town = town().await;
    let at = |days: i64| Some((system_now() - TimeDelta::days(days)).into());
    let mut ids = Vec::new();
    for (days, grid, unit) in
        [(3, "990101001001001", "G-1"), (2, "990101001002001", "G-2"), (1, "990101002001001", "G-3")]
    {
        let record =
            pb::RecordVisitRequest { area: grid.into(), visit_time: at(days), ..household("一号楼") };
        let mut officer = visits(&town, Role::Officer, Some(unit), grid);
        ids.push(officer.record_visit(record).await.unwrap().into_inner().visit.unwrap().id);
    }
    let firm = pb::RecordVisitRequest { visit_time: at(0), ..enterprise("91330205X", 0) };
    ids.push(team(&town).record_visit(firm).await.unwrap().into_inner().visit.unwrap().id);
    ids.reverse();
    let all = pb::ListVisitsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = async |role, area: &str, list: pb::ListVisitsRequest| -> Vec<usize> {
        let mut client = visits(&town, role, None, area);
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let page = pb::ListVisitsRequest { page_size: 2, page_token: token, ..list.clone() };
            let page = client.list_visits(page).await.unwrap().into_inner();
            found.extend(page.visits.iter().map(|visit| ids.iter().position(|id| *id == visit.id).unwrap()));
            token = page.next_page_token;
            if token.is_empty() {
                return found;
            }
        }
    };
    use pb::ListVisitsRequest as List;
    assert_eq!(listed(Role::Leader, DISTRICT, all.clone()).await, [0, 1, 2, 3]);
    assert_eq!(listed(Role::Officer, STREET, all.clone()).await, [0, 2, 3], "as far as the caller reaches");
    assert_eq!(
        listed(Role::Leader, DISTRICT, List { area: "990101001002".into(), ..all.clone() }).await,
        [2]
    );
    assert_eq!(listed(Role::Leader, DISTRICT, List { area: GRID.into(), ..all.clone() }).await, [0, 3]);
    assert_eq!(listed(Role::Leader, DISTRICT, List { unit: "G-1".into(), ..all.clone() }).await, [0, 3]);
    let firms = List { kind: pb::VisitedKind::Enterprise.into(), ..all.clone() };
    assert_eq!(listed(Role::Leader, DISTRICT, firms).await, [0]);
    let period = List { from_time: at(2).map(earlier), until_time: at(1).map(earlier), ..all.clone() };
    assert_eq!(listed(Role::Leader, DISTRICT, period).await, [2]);
    let outside = List { area: "990101002".into(), ..all };
    let refused = visits(&town, Role::Officer, None, STREET).list_visits(outside).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_AREA");
}

/// An hour before.
fn earlier(at: pbjson_types::Timestamp) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp { seconds: at.seconds - 3600, ..at }
}

/// 江北: 264 visits to enterprises found 973 issues.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn visits_and_what_they_found_add_up() {
    let town = town().await;
    let (firms, issues) = (264_usize, 973_usize);
    let mut visiting = Vec::new();
    for n in 0..firms {
        // 973 = 264 × 3 + 181: so many of them have one more.
        let found = issues / firms + usize::from(n < issues % firms);
        let grid = format!("99010100{}001001", n % 8 + 1);
        let record = pb::RecordVisitRequest {
            area: grid,
            unit: "D-330205".into(),
            night: n % 4 == 0,
            ..enterprise(&format!("9133{n:05}"), found)
        };
        let mut desk = visits(&town, Role::Desk, None, DISTRICT);
        visiting.push(async move { desk.record_visit(record).await.unwrap().into_inner().receipts.len() });
    }
    let taken: usize = futures::future::join_all(visiting).await.into_iter().sum();
    assert_eq!(taken, issues);
    let record = pb::RecordVisitRequest {
        unit: "G-1".into(),
        findings: vec![risk(pb::FindingKind::Conflict, "争吵"), issue("路灯不亮")],
        ..household("一号楼")
    };
    visits(&town, Role::Desk, None, DISTRICT).record_visit(record).await.unwrap();

    let count = pb::CountVisitsRequest { district: DISTRICT.into(), ..Default::default() };
    let counted =
        visits(&town, Role::Leader, None, DISTRICT).count_visits(count.clone()).await.unwrap().into_inner();
    assert_eq!(counted.next_page_token, "");
    let of = |kind: pb::VisitedKind| counted.counts.iter().filter(move |it| it.kind() == kind);
    let sum = |counts: Vec<&pb::VisitCount>| {
        counts.iter().fold((0, 0, 0, 0), |sum, it| {
            assert_eq!(it.findings, it.requests + it.risks);
            (sum.0 + it.visits, sum.1 + it.nights, sum.2 + it.requests, sum.3 + it.risks)
        })
    };
    assert_eq!(sum(of(pb::VisitedKind::Enterprise).collect()), (264, 66, 973, 0));
    assert_eq!(sum(of(pb::VisitedKind::Household).collect()), (1, 0, 1, 1));
    assert_eq!(of(pb::VisitedKind::Enterprise).count(), 8, "by street");

    // The streets add up to the district, and each is what it says by itself.
    for it in of(pb::VisitedKind::Enterprise) {
        let street = pb::CountVisitsRequest { area: it.area.clone(), ..count.clone() };
        let street =
            visits(&town, Role::Leader, None, DISTRICT).count_visits(street).await.unwrap().into_inner();
        let of_firms = street.counts.iter().filter(|it| it.kind() == pb::VisitedKind::Enterprise);
        let (visits, found) = of_firms.fold((0, 0), |sum, it| (sum.0 + it.visits, sum.1 + it.requests));
        assert_eq!((visits, found), (it.visits, it.requests));
    }
    let before =
        pb::CountVisitsRequest { until_time: Some((system_now() - TimeDelta::days(1)).into()), ..count };
    let none = visits(&town, Role::Leader, None, DISTRICT).count_visits(before).await.unwrap().into_inner();
    assert_eq!(none.counts, []);
}
