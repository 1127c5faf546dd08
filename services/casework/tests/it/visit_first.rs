//! 上门优先: a case that concerns people who come first is resolved once somebody was there; whoever is only called on it is not told.

use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1::{self as pb, ContactMethod},
    routing::v1 as routing,
};
use huying_testing::reason;
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    fixture as f,
    merge::{merge, unmerge},
    support::{Town, accept, decided, fresh, number, resolve},
};

/// A case that concerns people who come first, at a unit.
async fn first(town: &Town, at: &huying_casework::domain::Unit) -> pb::Case {
    let request = Uuid::now_v7();
    let told = decided(request, at);
    let decision = routing::Decision { visit_first: true, ..told.decision.clone().unwrap() };
    let told = routing::RouteDecided { decision: Some(decision), ..told };
    town.tell("routing", "route", request, &told).await;
    town.case_when("it is open", &number(request), |_| true).await
}

fn contacted(case: &pb::Case, method: ContactMethod) -> pb::ResolveCaseRequest {
    let handling =
        pb::Handling { contacted: Some(true), contact_method: method.into(), ..Default::default() };
    pb::ResolveCaseRequest { handling: Some(handling), request_id: fresh(), ..resolve(case) }
}

#[tokio::test]
async fn it_is_resolved_once_somebody_was_there() {
    let town = Town::open().await;
    let case = first(&town, &f::grid()).await;
    assert!(case.visit_first);
    let mut grid = town.of(&f::grid());
    let case = grid.accept_case(accept(&case)).await.unwrap().into_inner();
    let before = town.written().await;
    for wrong in [resolve(&case), contacted(&case, ContactMethod::Phone)] {
        let refused = grid.resolve_case(wrong).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "VISIT_FIRST"));
        let fields = refused.get_details_bad_request().unwrap().field_violations;
        assert_eq!(fields[0].field, "handling.contact_method");
    }
    assert_eq!(town.written().await, before);
    let listed = pb::ListCasesRequest { district: f::DISTRICT.into(), ..Default::default() };
    assert!(grid.list_cases(listed).await.unwrap().into_inner().cases[0].visit_first);
    let resolved = grid.resolve_case(contacted(&case, ContactMethod::Visit)).await.unwrap().into_inner();
    assert_eq!(resolved.state(), pb::CaseState::Resolved);

    let (_, other) = town.accepted(&f::grid()).await;
    assert!(!other.visit_first);
    grid.resolve_case(resolve(&other)).await.unwrap();
}

#[tokio::test]
async fn a_called_department_is_not_told() {
    let town = Town::open().await;
    let case = first(&town, &f::street()).await;
    let case = town.of(&f::street()).accept_case(accept(&case)).await.unwrap().into_inner();
    town.call(&case, &[f::parks()], "修剪").await;
    let mut parks = town.client(Role::Department, Some("DEP-parks"), Some(f::DISTRICT));
    let get = pb::GetCaseRequest { id: case.id.clone() };
    assert!(!parks.get_case(get).await.unwrap().into_inner().visit_first);
    assert!(town.case(&case.id).await.visit_first);
}

/// It goes with its request.
#[tokio::test]
async fn it_goes_with_the_request_into_another_case_and_back() {
    let town = Town::open().await;
    let case = first(&town, &f::grid()).await;
    let (_, other) = town.case_at(&f::community()).await;
    let merged = town.of(&f::grid()).merge_case(merge(&case, &other)).await.unwrap().into_inner();
    assert!(town.case(&other.id).await.visit_first && !merged.visit_first);
    let back = town.of(&f::grid()).unmerge_case(unmerge(&merged)).await.unwrap().into_inner();
    assert!(back.visit_first && !town.case(&other.id).await.visit_first);
}
