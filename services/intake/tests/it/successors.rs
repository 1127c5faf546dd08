//! 承继: a unit that owes reporters an answer leaves the profile only where somebody goes on, who owes it from then on.

use huying_chassis::auth::{CITY, Role};
use huying_proto::intake::v1::{self as pb, profile_service_client::ProfileServiceClient};
use huying_testing::{reason, wire};
use tonic::Status;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call, profile};

/// With these units, and the community going on for the grid team or not.
fn with(units: &[&str], succeeded: bool) -> pb::IntakeProfile {
    let successor = pb::Successor { unit: "G-1".into(), successor: "C-1".into() };
    let units = units.iter().map(|unit| (*unit).to_owned()).collect();
    pb::IntakeProfile { units, successors: succeeded.then_some(successor).into_iter().collect(), ..profile() }
}

async fn apply(
    town: &Town,
    profile: pb::IntakeProfile,
    dry_run: bool,
) -> Result<pb::ApplyProfileResponse, Status> {
    let operator = wire(town.address, town.bench.bearer(Role::Operator, None, Some(CITY)));
    let (request_id, profile) = (Uuid::now_v7().to_string(), Some(profile));
    let request = pb::ApplyProfileRequest { request_id, profile, dry_run };
    Ok(ProfileServiceClient::new(operator).apply_profile(request).await?.into_inner())
}

#[tokio::test]
async fn a_unit_that_owes_answers_goes_only_where_somebody_goes_on() {
    let town = Town::open().await;
    apply(&town, with(&["G-1", "C-1", "S-1"], false), false).await.unwrap();
    let mut officer = town.officer();
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.push(officer.submit_request(call()).await.unwrap().into_inner().request.unwrap().id);
    }
    let (request_id, id) = (Uuid::now_v7().to_string(), taken.remove(0));
    let withdraw = pb::WithdrawRequestRequest { request_id, id: id.clone(), reason: String::new() };
    officer.withdraw_request(withdraw).await.unwrap();

    let before = town.written().await;
    for dry_run in [true, false] {
        let refused = apply(&town, with(&["C-1"], false), dry_run).await.unwrap_err();
        assert_eq!(reason(&refused), "UNIT_HOLDS_CASES");
        let details = refused.get_error_details();
        let told = &details.error_info().unwrap().metadata;
        assert_eq!(
            (told["duties"].as_str(), told["units"].as_str()),
            ("2", "G-1"),
            "the street owes nothing"
        );
        let field = &details.bad_request().unwrap().field_violations[0];
        assert_eq!((field.field.as_str(), field.description.as_str()), ("G-1", "owes 2 answers"));
    }
    assert_eq!(town.written().await, before, "nothing was changed");

    let would = apply(&town, with(&["C-1"], true), true).await.unwrap();
    assert_eq!((would.changed, town.written().await), (0, before));
    let applied = apply(&town, with(&["C-1"], true), false).await.unwrap();
    assert_eq!((applied.changed, applied.unfinished), (2, false), "what was taken back is owed nothing");
    assert_eq!(apply(&town, with(&["C-1"], true), false).await.unwrap().changed, 0);
    assert_eq!(town.written().await, (before.0, before.1 + 2), "once each");

    // Its successor has them in its list, and speaks to the reporter.
    let mut community = town.client(Role::Officer, Some("C-1"), Some("990101001001"));
    let owing =
        pb::ListRequestsRequest { district: DISTRICT.into(), owing_unit: "C-1".into(), ..Default::default() };
    let owed = community.list_requests(owing).await.unwrap().into_inner().requests;
    assert_eq!(owed.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), [&*taken[1], &*taken[0]]);
    let get = |id: &str| pb::GetRequestRequest { id: id.to_owned() };
    let seen = community.get_request(get(&taken[0])).await.unwrap().into_inner();
    assert_eq!(seen.first_contact.unwrap().unit, "C-1");
    assert!(seen.reporter.is_some(), "whom to call back");
    let withdrawn = community.get_request(get(&id)).await.unwrap().into_inner();
    assert_eq!(withdrawn.first_contact.unwrap().unit, "G-1", "what is over stays");
}

#[tokio::test]
async fn successors_are_units_and_whom_they_replace_is_none() {
    let town = Town::open().await;
    let twice = pb::Successor { unit: "G-1".into(), successor: "C-1".into() };
    let mut doubled = with(&["C-1"], true);
    doubled.successors.push(twice);
    for bad in [with(&["G-1", "C-1"], true), with(&["S-1"], true), with(&[], true), doubled] {
        let refused = apply(&town, bad, true).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD");
        let details = refused.get_error_details();
        let field = &details.bad_request().unwrap().field_violations[0].field;
        assert!(field.starts_with("profile.successors"), "{field}");
    }
}
