//! 服务力量: who serves a grid is published, with no token, the nearest first.

use huying_proto::routing::v1::{self as pb, ForceKind, directory_service_client::DirectoryServiceClient};
use huying_testing::{Bearer, reason, wire};
use tonic::Code;

use crate::{
    bench::Town,
    place::{self, DISTRICT},
};

/// The small place with who serves it.
fn served() -> pb::RoutingProfile {
    pb::RoutingProfile {
        forces: forces(),
        team: vec!["社区民警".into(), "志愿者".into()],
        ..place::profile()
    }
}

fn forces() -> Vec<pb::GridForce> {
    let force = |area: &str, kind: pb::ForceKind, name: &str| pb::GridForce {
        area: area.into(),
        kind: kind.into(),
        name: name.into(),
        duty: "管片".into(),
        phone: "110".into(),
    };
    vec![
        force(DISTRICT, pb::ForceKind::Power, "供电"),
        force("420102003002", pb::ForceKind::Police, "同兴社区民警"),
        force("420102003002001", pb::ForceKind::PropertyManager, "物业"),
        force("420102010", pb::ForceKind::CityManagement, "别处的城管"),
    ]
}

fn asked(area: &str) -> pb::GetGridForcesRequest {
    pb::GetGridForcesRequest { district: DISTRICT.into(), area: area.into() }
}

#[tokio::test]
async fn whoever_lives_there_reads_who_serves_them() {
    let town = Town::start().await;
    town.apply(served(), false).await.unwrap();
    let mut anyone = DirectoryServiceClient::new(wire(town.running.grpc, Bearer(None)));
    let grid = anyone.get_grid_forces(asked("420102003002001")).await.unwrap().into_inner();
    let kinds: Vec<_> = grid.forces.iter().map(pb::GridForce::kind).collect();
    assert_eq!(kinds, [ForceKind::PropertyManager, ForceKind::Police, ForceKind::Power]);
    assert_eq!(
        (grid.unit.as_str(), grid.team.join("、").as_str()),
        ("G-420102003002001", "社区民警、志愿者")
    );
    let force = &grid.forces[0];
    assert_eq!((force.name.as_str(), force.duty.as_str(), force.phone.as_str()), ("物业", "管片", "110"));
    let district = anyone.get_grid_forces(asked(DISTRICT)).await.unwrap().into_inner();
    assert_eq!((district.forces.len(), district.unit.as_str()), (1, "D-420102"));

    let unknown = anyone.get_grid_forces(asked("420102003777")).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "NOT_FOUND"));
    let elsewhere = pb::GetGridForcesRequest { district: "420103".into(), ..asked("420103001") };
    assert_eq!(reason(&anyone.get_grid_forces(elsewhere).await.unwrap_err()), "UNKNOWN_DISTRICT");
    assert_eq!(reason(&anyone.get_grid_forces(asked("x")).await.unwrap_err()), "BAD_FIELD");

    let mut nowhere = served();
    nowhere.forces[0].area = "420102777".into();
    let refused = town.apply(nowhere, false).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_FIELD");
    town.end().await;
}
