//! 核查 over the wire: resolved, looked at and failed, resolved again and passed; what others are told when.

use huying_casework::domain::{Case, case::step::Resolve};
use huying_chassis::auth::Role;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use tonic::Code;

use super::{
    attach::{photo, said, upload},
    fixture as f,
    support::{Client, Town, fresh, meta, profile},
};

async fn demanding() -> Town {
    let town = Town::open().await;
    let mut apply = profile(false);
    let demand = pb::VerificationDemand { category: "C1".into(), unit: String::new() };
    apply.profile.as_mut().unwrap().verification = vec![demand];
    town.operator().apply_profile(apply).await.unwrap();
    town
}

/// By the grid, with the community above it, as routing would say.
async fn resolved(town: &Town, case: &pb::Case) -> pb::Case {
    let app = town.knowing_above(&f::grid(), f::community());
    let (id, step) = (case.id.parse().unwrap(), Resolve { answer: "已修剪".into(), handling: None });
    let meta = meta(&f::grid(), case.version);
    app.take::<Case, _>(id, &f::by(&f::grid()), &step, &meta).await.unwrap();
    town.case(&case.id).await
}

fn looked(case: &pb::Case, passed: bool) -> pb::VerifyCaseRequest {
    pb::VerifyCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        passed,
        finding: "枝条仍压着电线".into(),
    }
}

/// The community's desk, which has not worked on it.
fn verifier(town: &Town) -> Client {
    town.client(Role::Desk, Some("C-1"), Some(f::COMMUNITY))
}

async fn photographed(town: &Town, case: &pb::Case, size: usize) -> pb::Case {
    let bytes = photo(size);
    let mut desk = town.attachments(Role::Desk, Some("C-1"), Some(f::COMMUNITY));
    upload(&mut desk, &said(case, &bytes), &bytes).await.unwrap();
    town.case(&case.id).await
}

#[tokio::test]
async fn a_case_is_looked_at_before_its_reporter_is_told() {
    let town = demanding().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let away = town.of(&f::grid()).resolve_case(super::support::resolve(&case)).await.unwrap_err();
    assert_eq!(reason(&away), "ROUTING_UNAVAILABLE", "whoever is above is routing's to say");
    let case = resolved(&town, &case).await;
    assert_eq!((case.state(), case.verifier.as_str()), (pb::CaseState::Resolved, "C-1"));
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((name.as_str(), &event["verifier"]), ("CaseResolved", &"C-1".into()));

    let inbox =
        pb::ListCasesRequest { district: f::DISTRICT.into(), verifier: "C-1".into(), ..Default::default() };
    let waiting = verifier(&town).list_cases(inbox.clone()).await.unwrap().into_inner().cases;
    assert_eq!((waiting.len(), &waiting[0].id), (1, &case.id));
    let strike = pb::StrikeOffCaseRequest { request_id: fresh(), id: case.id.clone(), version: case.version };
    assert_eq!(reason(&town.desk().strike_off_case(strike).await.unwrap_err()), "NOT_VERIFIED");

    // Not the holder; not without a photo; and the officer of the community is the very person who accepted it for the grid.
    let own = town.of(&f::grid()).verify_case(looked(&case, true)).await.unwrap_err();
    assert_eq!((own.code(), reason(&own).as_str()), (Code::PermissionDenied, "NOT_VERIFIER"));
    let same = town.of(&f::community()).verify_case(looked(&case, true)).await.unwrap_err();
    assert_eq!((same.code(), reason(&same).as_str()), (Code::PermissionDenied, "WORKED_ON_IT"));
    let blind = verifier(&town).verify_case(looked(&case, true)).await.unwrap_err();
    assert_eq!((blind.code(), reason(&blind).as_str()), (Code::FailedPrecondition, "PHOTO_REQUIRED"));
    let mute = pb::VerifyCaseRequest { finding: String::new(), ..looked(&case, true) };
    assert_eq!(reason(&verifier(&town).verify_case(mute).await.unwrap_err()), "BAD_FIELD");

    let seen = photographed(&town, &case, 20_000).await;
    let request = looked(&seen, false);
    let failed = verifier(&town).verify_case(request.clone()).await.unwrap().into_inner();
    assert_eq!(verifier(&town).verify_case(request).await.unwrap().into_inner(), failed, "asked again");
    assert_eq!((failed.state(), failed.verifier.as_str()), (pb::CaseState::Working, ""));
    let found = failed.verification.clone().unwrap();
    assert_eq!((found.passed, found.finding.as_str(), found.unit.as_str()), (false, "枝条仍压着电线", "C-1"));
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((name.as_str(), &event["unit"]), ("CaseVerificationFailed", &"C-1".into()));

    let again = resolved(&town, &failed).await;
    let seen = photographed(&town, &again, 30_000).await;
    let passed = verifier(&town).verify_case(looked(&seen, true)).await.unwrap().into_inner();
    assert_eq!((passed.state(), passed.verifier.as_str()), (pb::CaseState::Resolved, ""));
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    let told = &event["resolved"];
    assert_eq!((name.as_str(), &told["answer"]), ("CaseVerified", &"已修剪".into()));
    assert_eq!(told["units"], serde_json::json!(["G-1"]));
    assert_eq!(told.get("verifier"), None);
    assert!(verifier(&town).list_cases(inbox).await.unwrap().into_inner().cases.is_empty());

    let get = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let history = town.desk().get_history(get).await.unwrap().into_inner().entries;
    let looks: Vec<_> = history.iter().filter(|it| it.text == "枝条仍压着电线").collect();
    let by = looks.iter().map(|it| it.actor.as_ref().unwrap().unit.as_str());
    assert_eq!(by.collect::<Vec<_>>(), ["C-1", "C-1"]);
}

/// Taking back what is done takes nothing back: evaluation is told what it stood resolved with.
#[tokio::test]
async fn a_case_withdrawn_before_anybody_looked_tells_what_was_done() {
    let town = demanding().await;
    let (request, case) = town.accepted(&f::grid()).await;
    resolved(&town, &case).await;
    town.withdrawn(request).await;
    town.case_when("closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    let (name, event) = town.events(&case.id).await.pop().unwrap();
    let told = &event["resolved"];
    assert_eq!((name.as_str(), &event["outcome"]), ("CaseClosed", &"OUTCOME_WITHDRAWN".into()));
    assert_eq!((&told["answer"], &told["units"]), (&"已修剪".into(), &serde_json::json!(["G-1"])));
    assert_eq!(told.get("verifier"), None);

    let (request, case) = town.accepted(&f::street()).await;
    town.withdrawn(request).await;
    town.case_when("closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    let (_, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!(event.get("resolved"), None, "nothing was done");
}
