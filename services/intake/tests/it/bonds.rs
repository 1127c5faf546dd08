//! 联系、领办、结对: bonds are a part of the profile, each there once, and asked by area, officer and object.

use huying_chassis::auth::{CITY, Role};
use huying_proto::intake::v1::{
    self as pb, bond_service_client::BondServiceClient, profile_service_client::ProfileServiceClient,
};
use huying_testing::{reason, wire};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::support::{DISTRICT, Town, profile};

/// 萧山: 12 departments and 22 towns.
const DEPARTMENTS: usize = 12;
const TOWNS: usize = 22;

fn pairing(department: usize, town: usize) -> pb::Bond {
    pb::Bond {
        kind: pb::BondKind::Pairing.into(),
        unit: format!("DEP-{department}"),
        object_kind: pb::BondObject::Town.into(),
        area: format!("{DISTRICT}{town:03}"),
        ..Default::default()
    }
}

fn contact(level: pb::BondLevel, officer: &str, object: &str) -> pb::Bond {
    pb::Bond {
        kind: pb::BondKind::Contact.into(),
        level: level.into(),
        officer: officer.into(),
        unit: "DEP-1".into(),
        object_kind: pb::BondObject::Enterprise.into(),
        object: object.into(),
        area: format!("{DISTRICT}001001"),
    }
}

fn adoption(object_kind: pb::BondObject, object: &str) -> pb::Bond {
    let (kind, object_kind) = (pb::BondKind::Adoption.into(), object_kind.into());
    pb::Bond { kind, object_kind, object: object.into(), ..contact(pb::BondLevel::District, "区长", "") }
}

fn with(bonds: Vec<pb::Bond>) -> pb::IntakeProfile {
    let units = (1..=DEPARTMENTS).map(|n| format!("DEP-{n}")).chain(["G-1".to_owned(), "C-1".to_owned()]);
    pb::IntakeProfile { bonds, units: units.collect(), ..profile() }
}

fn all_pairs() -> Vec<pb::Bond> {
    (1..=DEPARTMENTS).flat_map(|unit| (1..=TOWNS).map(move |town| pairing(unit, town))).collect()
}

impl Town {
    async fn bonds(&self, role: Role, area: &str, list: pb::ListBondsRequest) -> Vec<pb::Bond> {
        let mut client =
            BondServiceClient::new(wire(self.address, self.bench.bearer(role, None, Some(area))));
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = pb::ListBondsRequest { page_size: 50, page_token, ..list.clone() };
            let page = client.list_bonds(page).await.unwrap().into_inner();
            all.extend(page.bonds);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return all;
            }
        }
    }

    /// What is said of the first field that is wrong.
    async fn refused(&self, bonds: Vec<pb::Bond>) -> String {
        let (request_id, profile) = (Uuid::now_v7().to_string(), Some(with(bonds)));
        let apply = pb::ApplyProfileRequest { request_id, profile, dry_run: true };
        let operator = wire(self.address, self.bench.bearer(Role::Operator, None, Some(CITY)));
        let refused = ProfileServiceClient::new(operator).apply_profile(apply).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD");
        let wrong = refused.get_details_bad_request().unwrap().field_violations;
        format!("{} {}", wrong[0].field, wrong[0].description)
    }
}

fn list() -> pb::ListBondsRequest {
    pb::ListBondsRequest { district: DISTRICT.into(), ..Default::default() }
}

#[tokio::test]
async fn twelve_departments_are_paired_with_twenty_two_towns_each_once() {
    let town = Town::open().await;
    town.apply(with(all_pairs())).await;
    let all = town.bonds(Role::Leader, DISTRICT, list()).await;
    assert_eq!(all.len(), DEPARTMENTS * TOWNS);
    assert!(all.is_sorted_by_key(|it| it.area.clone()), "page after page, by area");
    let of_one = pb::ListBondsRequest { unit: "DEP-7".into(), ..list() };
    assert_eq!(town.bonds(Role::Desk, DISTRICT, of_one).await.len(), TOWNS);
    let of_town = pb::ListBondsRequest { area: format!("{DISTRICT}022"), ..list() };
    assert_eq!(town.bonds(Role::Desk, DISTRICT, of_town).await.len(), DEPARTMENTS);
    // A town's officer sees the town's, and is told nothing of the others.
    assert_eq!(town.bonds(Role::Officer, &format!("{DISTRICT}003"), list()).await.len(), DEPARTMENTS);

    let mut twice = all_pairs();
    twice.push(pb::Bond { object: "又一次".into(), ..pairing(3, 5) });
    assert_eq!(town.refused(twice).await, "profile.bonds[264] is there twice");
}

#[tokio::test]
async fn four_levels_keep_in_touch_with_an_enterprise_and_leaders_adopt_five_kinds() {
    let town = Town::open().await;
    let levels = [
        pb::BondLevel::District,
        pb::BondLevel::DepartmentHead,
        pb::BondLevel::MiddleRank,
        pb::BondLevel::Street,
    ];
    let kinds = [
        pb::BondObject::Enterprise,
        pb::BondObject::Project,
        pb::BondObject::Talent,
        pb::BondObject::Grassroots,
        pb::BondObject::Household,
    ];
    let mut bonds: Vec<_> = levels.iter().map(|level| contact(*level, "某干部", "某机械有限公司")).collect();
    bonds.extend(kinds.iter().map(|kind| adoption(*kind, "一号")));
    town.apply(with(bonds)).await;
    let found = async |list| town.bonds(Role::Department, DISTRICT, list).await.len();
    assert_eq!(found(list()).await, 9);
    assert_eq!(found(pb::ListBondsRequest { officer: "某干部".into(), ..list() }).await, 4);
    assert_eq!(found(pb::ListBondsRequest { object: "機械".into(), ..list() }).await, 4);
    assert_eq!(found(pb::ListBondsRequest { level: pb::BondLevel::District.into(), ..list() }).await, 6);
    assert_eq!(found(pb::ListBondsRequest { kind: pb::BondKind::Adoption.into(), ..list() }).await, 5);
    let talent = pb::ListBondsRequest { object_kind: pb::BondObject::Talent.into(), ..list() };
    assert_eq!(found(talent).await, 1);
    assert_eq!(found(pb::ListBondsRequest { area: format!("{DISTRICT}002"), ..list() }).await, 0);
}

#[tokio::test]
async fn what_is_no_bond_is_refused() {
    let town = Town::open().await;
    let right = || contact(pb::BondLevel::Street, "某干部", "某厂");
    for (wrong, told) in [
        (
            pb::Bond { level: 0, ..right() },
            "profile.bonds[0] must bind an officer of a level to an enterprise",
        ),
        (
            pb::Bond { officer: String::new(), ..right() },
            "profile.bonds[0] must bind an officer of a level to an enterprise",
        ),
        (
            adoption(pb::BondObject::Town, "某镇"),
            "profile.bonds[0] must bind a leader of a level to a key object, which a town is not",
        ),
        (
            pb::Bond { area: format!("{DISTRICT}001001"), ..pairing(1, 1) },
            "profile.bonds[0] must bind a department, and no officer, to a town of 9 digits",
        ),
        (pairing(13, 1), "profile.bonds[0] must be of a unit of this profile"),
        (
            pb::Bond { area: "990102001".into(), ..pairing(1, 1) },
            "profile.bonds[0].area must lie in the district",
        ),
    ] {
        assert_eq!(town.refused(vec![wrong]).await, told);
    }
    assert_eq!(town.refused(vec![right(), right()]).await, "profile.bonds[1] is there twice");
}
