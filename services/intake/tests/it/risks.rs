//! 矛盾隐患台账: opened by a visit or by hand, settled, counted.

use huying_chassis::auth::Role;
use huying_proto::intake::v1 as pb;
use huying_testing::reason;

use super::{
    support::DISTRICT,
    visits::{GRID, STREET, household, key, risk, risks, team, town},
};

fn open(content: &str) -> pb::OpenRiskRequest {
    pb::OpenRiskRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: pb::RiskKind::Conflict.into(),
        content: content.into(),
        unit: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_open_until_somebody_settles_it() {
    let town = town().await;
    let mut officer = risks(&town, Role::Officer, Some("G-1"), GRID);
    let noticed = officer.open_risk(open("两户为排水争吵")).await.unwrap().into_inner();
    assert_eq!((noticed.unit.as_str(), noticed.state()), ("G-1", pb::RiskState::Open));
    let record = pb::RecordVisitRequest {
        findings: vec![risk(pb::FindingKind::HiddenDanger, "楼道堆放液化气瓶")],
        ..household("二号楼")
    };
    let visit = team(&town).record_visit(record).await.unwrap().into_inner().visit.unwrap();
    let get = pb::GetRiskRequest { id: visit.found[0].id.clone() };
    let found = officer.get_risk(get).await.unwrap().into_inner();
    assert_eq!((found.visit, found.kind), (visit.id, pb::RiskKind::HiddenDanger.into()));

    let list = pb::ListRisksRequest { district: DISTRICT.into(), ..Default::default() };
    let mut leader = risks(&town, Role::Leader, None, DISTRICT);
    let listed = async |list: pb::ListRisksRequest| -> Vec<String> {
        let mut leader = risks(&town, Role::Leader, None, DISTRICT);
        leader.list_risks(list).await.unwrap().into_inner().risks.into_iter().map(|it| it.content).collect()
    };
    assert_eq!(listed(list.clone()).await, ["楼道堆放液化气瓶", "两户为排水争吵"], "the newest first");
    let conflicts = pb::ListRisksRequest { kind: pb::RiskKind::Conflict.into(), ..list.clone() };
    assert_eq!(listed(conflicts).await, ["两户为排水争吵"]);
    let of_unit = pb::ListRisksRequest { unit: "G-2".into(), ..list.clone() };
    assert_eq!(listed(of_unit).await, [""; 0]);
    let elsewhere = pb::ListRisksRequest { area: "990101001002".into(), ..list.clone() };
    assert_eq!(listed(elsewhere).await, [""; 0]);

    let settle = pb::SettleRiskRequest {
        request_id: key(),
        id: noticed.id.clone(),
        version: noticed.version,
        outcome: "改道排水，双方签字".into(),
    };
    let mut other = risks(&town, Role::Officer, Some("G-2"), "990101001001002");
    assert_eq!(reason(&other.settle_risk(settle.clone()).await.unwrap_err()), "NOT_FOUND");
    let settled = officer.settle_risk(settle.clone()).await.unwrap().into_inner();
    assert_eq!((settled.state(), settled.outcome.as_str()), (pb::RiskState::Settled, "改道排水，双方签字"));
    assert!(settled.settle_time.is_some());
    assert_eq!(officer.settle_risk(settle.clone()).await.unwrap().into_inner(), settled, "the same again");
    let stale = pb::SettleRiskRequest { request_id: key(), ..settle };
    assert_eq!(reason(&officer.settle_risk(stale).await.unwrap_err()), "STALE_VERSION");
    assert_eq!(listed(list.clone()).await, ["楼道堆放液化气瓶"]);
    assert_eq!(listed(pb::ListRisksRequest { settled: true, ..list }).await, ["两户为排水争吵"]);

    let count = pb::CountRisksRequest { district: DISTRICT.into(), ..Default::default() };
    let counts = leader.count_risks(count.clone()).await.unwrap().into_inner().counts;
    let told: Vec<_> = counts.iter().map(|it| (it.area.as_str(), it.kind(), it.risks, it.settled)).collect();
    let (conflict, danger) = (pb::RiskKind::Conflict, pb::RiskKind::HiddenDanger);
    assert_eq!(told, [(STREET, conflict, 1, 1), (STREET, danger, 1, 0)]);
    let outside = pb::CountRisksRequest { area: "990101002".into(), ..count };
    assert_eq!(reason(&officer.count_risks(outside).await.unwrap_err()), "OUTSIDE_AREA");
}
