//! Bad input: each has its reason, names its fields, and changes nothing.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    common::v1 as common,
    evaluation::v1::{self as pb, Satisfaction},
};
use huying_testing::reason;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Case, DISTRICT, World, applying, attempting, judging, profile, verdict};

/// The fields that are not as they should be.
pub fn bad_fields<T: std::fmt::Debug>(answer: Result<T, Status>) -> Vec<String> {
    let status = answer.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "BAD_FIELD"), "{status:?}");
    fields(&status)
}

/// The fields that a refusal names.
pub fn fields(status: &Status) -> Vec<String> {
    let violations = status.get_details_bad_request().unwrap().field_violations;
    violations.into_iter().map(|violation| violation.field).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_say_which_field_is_wrong() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    let mut staff = world.staff();
    let good = judging(&callback, verdict(true, Satisfaction::Satisfied));

    let empty = staff.record_verdict(pb::RecordVerdictRequest::default()).await;
    assert_eq!(bad_fields(empty), ["request_id", "id", "version", "verdict.satisfaction"]);
    let unsaid =
        pb::RecordVerdictRequest { verdict: Some(verdict(true, Satisfaction::Unspecified)), ..good.clone() };
    assert_eq!(bad_fields(staff.record_verdict(unsaid).await), ["verdict.satisfaction"]);
    let unknown = pb::Verdict { satisfaction: 9, ..verdict(true, Satisfaction::Satisfied) };
    let unknown = pb::RecordVerdictRequest { verdict: Some(unknown), ..good.clone() };
    assert_eq!(bad_fields(staff.record_verdict(unknown).await), ["verdict.satisfaction"]);
    let long = pb::Verdict { comment: "长".repeat(1001), ..verdict(true, Satisfaction::Satisfied) };
    let long = pb::RecordVerdictRequest { verdict: Some(long), ..good.clone() };
    assert_eq!(bad_fields(staff.record_verdict(long).await), ["verdict.comment"]);
    assert_eq!(bad_fields(staff.record_attempt(attempting(&callback, &"x".repeat(501))).await), ["note"]);
    assert_eq!(bad_fields(staff.get_callback(pb::GetCallbackRequest::default()).await), ["id"]);

    let now =
        staff.get_callback(pb::GetCallbackRequest { id: callback.id.clone() }).await.unwrap().into_inner();
    assert_eq!(now, callback);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_say_which_field_is_wrong() {
    let world = World::new().await;
    let mut operator = world.client(Role::Operator, None, Some(CITY));
    let mut told = world.rates(Role::Operator, None, Some(CITY));
    let bad = pb::ListCallbacksRequest {
        district: "江岸".into(),
        state: 77,
        unit: "a b".into(),
        case: "x".into(),
        ..Default::default()
    };
    assert_eq!(bad_fields(operator.list_callbacks(bad).await), ["district", "state", "unit", "case"]);
    let all = pb::ListCallbacksRequest { district: DISTRICT.into(), ..Default::default() };
    let huge = pb::ListCallbacksRequest { page_size: 201, ..all.clone() };
    assert_eq!(bad_fields(operator.list_callbacks(huge).await), ["page_size"]);
    let lost = pb::ListCallbacksRequest { page_token: "x".into(), ..all.clone() };
    assert_eq!(bad_fields(operator.list_callbacks(lost).await), ["page_token"]);

    let rates = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-23".into(),
        to_date: "2027-11-24".into(),
        ..Default::default()
    };
    assert_eq!(
        bad_fields(told.get_rates(pb::GetRatesRequest::default()).await),
        ["district", "from_date", "to_date"]
    );
    for to in ["2026-11-23", "2026-11-22", "2027-11-25", "2026-11-31", "tomorrow", "99999-01-01"] {
        let wrong = pb::GetRatesRequest { to_date: to.into(), ..rates.clone() };
        assert_eq!(bad_fields(told.get_rates(wrong).await), ["to_date"], "{to}");
    }
    let elsewhere = pb::GetRatesRequest { area: "420103".into(), ..rates.clone() };
    assert_eq!(bad_fields(told.get_rates(elsewhere).await), ["area"]);
    let (street, by) = ("420102003".to_owned(), pb::RatesBy::Tier.into());
    let tiers = pb::GetRatesRequest { area: street, by, ..rates.clone() };
    assert_eq!(bad_fields(told.get_rates(tiers).await), ["by"]);
    // Categories are of a district and one level below it: streets, or the villages of a town that is a district itself.
    for (district, area, why) in [
        ("420102", "420102003", "UNKNOWN_DISTRICT"),
        ("420102", "420102003002", "BAD_FIELD"),
        ("341802107", "341802107002", "UNKNOWN_DISTRICT"),
    ] {
        let (district, area, by) = (district.into(), area.into(), pb::RatesBy::Category.into());
        let categories = pb::GetRatesRequest { district, area, by, ..rates.clone() };
        assert_eq!(reason(&told.get_rates(categories.clone()).await.unwrap_err()), why, "{categories:?}");
    }
    let (unit, by) = ("unit-1".to_owned(), pb::RatesBy::Category.into());
    assert_eq!(bad_fields(told.get_rates(pb::GetRatesRequest { unit, by, ..rates.clone() }).await), ["by"]);
    let nowhere = pb::RecountRequest { district: "江岸".into(), check: true };
    assert_eq!(bad_fields(told.recount(nowhere).await), ["district"]);

    // A district nobody knows is told apart from one where nothing has happened yet.
    let unknown = told.get_rates(rates.clone()).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::InvalidArgument, "UNKNOWN_DISTRICT"));
    assert_eq!(reason(&operator.list_callbacks(all.clone()).await.unwrap_err()), "UNKNOWN_DISTRICT");
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    assert!(operator.list_callbacks(all).await.unwrap().into_inner().callbacks.is_empty());
    assert!(told.get_rates(rates).await.is_ok());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_checked_whole() {
    let world = World::new().await;
    let mut operator = world.operator(Some(CITY));
    assert_eq!(
        bad_fields(operator.apply_profile(pb::ApplyProfileRequest::default()).await),
        ["request_id", "profile.calendar", "profile.callback", "profile.district"]
    );
    let mut wrong = profile(DISTRICT);
    let calendar = wrong.calendar.as_mut().unwrap();
    calendar.zone = "Mars/Olympus".into();
    calendar.hours[0].from = "8:30".into();
    calendar.holidays = vec!["2026-02-30".into()];
    calendar.makeup_days = vec!["20261128".into()];
    wrong.callback = Some(common::Limit { kind: common::LimitKind::WorkDay.into(), amount: 8761 });
    wrong.rates[2].numerator[1].measure = "happy".into();
    assert_eq!(
        bad_fields(operator.apply_profile(applying(wrong, false)).await),
        [
            "profile.calendar.zone",
            "profile.calendar.hours[0]",
            "profile.calendar.holidays[0]",
            "profile.calendar.makeup_days[0]",
            "profile.callback.amount",
            "profile.rates[2].numerator[1].measure"
        ]
    );
    // Nothing was applied: the next one is the first.
    let applied = operator.apply_profile(applying(profile(DISTRICT), false)).await.unwrap().into_inner();
    assert_eq!(applied.version, 1);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_versioned_and_a_dry_run_changes_nothing() {
    let world = World::new().await;
    let mut operator = world.operator(Some(CITY));
    let dry = operator.apply_profile(applying(profile(DISTRICT), true)).await.unwrap().into_inner();
    assert_eq!((dry.version, dry.differences.is_empty()), (0, false));
    let first = operator.apply_profile(applying(profile(DISTRICT), false)).await.unwrap().into_inner();
    assert_eq!(first.version, 1);
    let same = operator.apply_profile(applying(profile(DISTRICT), false)).await.unwrap().into_inner();
    assert_eq!((same.version, same.differences.is_empty()), (1, true));
    let with = |worth| {
        let mut changed = profile(DISTRICT);
        changed.rates[2].numerator[2].worth = worth;
        changed
    };
    let changed = with(0.8);
    let second = operator.apply_profile(applying(changed, false)).await.unwrap().into_inner();
    assert_eq!(
        (second.version, second.differences),
        (2, vec!["~ rates/satisfaction (satisfaction)/numerator/basically: 0.5 → 0.8".to_owned()])
    );

    // A key that was used for another content is no key for this one.
    let request = applying(with(0.7), false);
    assert_eq!(operator.apply_profile(request.clone()).await.unwrap().into_inner().version, 3);
    assert_eq!(operator.apply_profile(request.clone()).await.unwrap().into_inner().version, 3);
    let reused = pb::ApplyProfileRequest { profile: Some(profile(DISTRICT)), ..request };
    assert_eq!(reason(&operator.apply_profile(reused).await.unwrap_err()), "REQUEST_ID_REUSED");
    world.assert_log_is_true().await;
    world.stop().await;
}
