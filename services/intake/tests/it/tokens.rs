//! A page's token names the last row that was read, so no row is read that its caller does not see.

use chrono::TimeDelta;
use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::intake::v1 as pb;

use super::{
    forums::{holding, offering},
    support::{DISTRICT, Town},
    visits::{GRID, archives, household, key, risk, risks, team, town, visits},
};

/// One of everything that lies in a grid, by its team.
async fn filled() -> Town {
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
