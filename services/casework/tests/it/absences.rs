//! Cases are spread over a unit's officers, by who is there: on real rows, and as callers see it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use huying_casework::domain::{Unit, case::step::Escalate};
use huying_chassis::auth::Role;
use huying_proto::casework::v1::{self as pb, officer_service_client::OfficerServiceClient};
use huying_testing::{Wire, reason, wire};
use tonic::Code;

use super::{
    bad_input::fields,
    fixture::{self as f, morning},
    support::{Town, accept, fresh, meta, profile},
};

type Officers = OfficerServiceClient<Wire>;

fn line(unit: &str, subject: &str, duty: &str) -> pb::RosterOfficer {
    let name = format!("{subject}岗");
    pb::RosterOfficer { unit: unit.into(), subject: subject.into(), name, duty: duty.into() }
}

fn with_roster(roster: Vec<pb::RosterOfficer>) -> pb::ApplyProfileRequest {
    let mut request = profile(false);
    request.profile.as_mut().unwrap().roster = roster;
    request
}

/// The street has two; the community one, who works on Sundays.
pub async fn staffed() -> Town {
    let town = Town::without_profile().await;
    let roster = vec![
        line("S-1", "jia", ""),
        line("S-1", "yi", "always"),
        line("C-1", "test-officer", "sun 09:00-12:00"),
    ];
    town.operator().apply_profile(with_roster(roster)).await.unwrap();
    town
}

pub fn officers(town: &Town, unit: &Unit) -> Officers {
    let role = if unit.kind.is_callable() { Role::Department } else { Role::Officer };
    OfficerServiceClient::new(wire(town.address, town.bench.bearer(role, Some(&unit.code), Some(&unit.area))))
}

fn at(time: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(huying_wire::instant::write(time))
}

pub fn away(subject: &str) -> pb::RecordAbsenceRequest {
    pb::RecordAbsenceRequest {
        request_id: fresh(),
        district: f::DISTRICT.into(),
        unit: "S-1".into(),
        subject: subject.into(),
        kind: pb::AbsenceKind::Training.into(),
        from_time: at(morning()),
        until_time: at(morning() + TimeDelta::days(3)),
    }
}

fn hands(case: &pb::Case) -> &str {
    case.officer.as_ref().map_or("", |it| it.subject.as_str())
}

/// As many cases of the street one after the other, and whose hands each is in.
async fn come(town: &Town, cases: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..cases {
        all.push(hands(&town.case_at(&f::street()).await.1).to_owned());
    }
    all
}

#[tokio::test]
async fn cases_are_spread_over_those_who_are_there() {
    let town = staffed().await;
    let given = come(&town, 5).await;
    assert_eq!(given, ["jia", "yi", "jia", "yi", "jia"]);

    let mut street = officers(&town, &f::street());
    let ask = away("jia");
    let absence = street.record_absence(ask.clone()).await.unwrap().into_inner();
    assert_eq!(street.record_absence(ask).await.unwrap().into_inner(), absence, "once");
    assert_eq!((absence.state(), absence.kind()), (pb::AbsenceState::Recorded, pb::AbsenceKind::Training));
    assert_eq!(absence.officer.as_ref().unwrap().name, "jia岗");
    assert_eq!(come(&town, 2).await, ["yi", "yi"]);

    let list = pb::ListOfficersRequest { district: f::DISTRICT.into(), unit: "S-1".into() };
    let told = street.list_officers(list.clone()).await.unwrap().into_inner().officers;
    let told: Vec<_> =
        told.iter().map(|it| (it.duty.as_str(), it.on_duty, it.absent, it.open_cases)).collect();
    assert_eq!(told, [("", true, true, 3), ("always", true, false, 4)]);

    let end = pb::EndAbsenceRequest { request_id: fresh(), id: absence.id.clone(), version: absence.version };
    let ended = street.end_absence(end.clone()).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.end_time), (pb::AbsenceState::Ended, at(morning())));
    assert_eq!(street.end_absence(end).await.unwrap().into_inner(), ended, "once");
    let again = pb::EndAbsenceRequest { request_id: fresh(), id: ended.id.clone(), version: ended.version };
    assert_eq!(reason(&street.end_absence(again).await.unwrap_err()), "STEP_NOT_ALLOWED");
    assert_eq!(come(&town, 1).await, ["jia"]);
    let names: Vec<_> = town.events(&absence.id).await;
    assert_eq!(names.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["AbsenceRecorded", "AbsenceEnded"]);
    for (event, data) in names {
        assert!(
            !data.to_string().contains("jia") && !data.to_string().contains("TRAINING"),
            "{event}: {data}"
        );
    }
}

/// The history says why, the event that somebody has it and not who.
#[tokio::test]
async fn a_case_tells_why_somebody_has_it() {
    let town = staffed().await;
    let (_, case) = town.case_at(&f::street()).await;
    assert_eq!((case.version, hands(&case)), (2, "jia"));
    let history = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let entries = town.of(&f::street()).get_history(history).await.unwrap().into_inner().entries;
    assert_eq!(
        (entries[1].event.as_str(), entries[1].text.as_str()),
        ("CaseOfficerAppointed", "jia岗 2人在岗，手上最少（0件）")
    );
    let events = town.events(&case.id).await;
    assert_eq!(events[1].1["appointed"], true);
    assert!(events.iter().all(|(_, data)| !data.to_string().contains("jia")));

    // Where nobody is on duty, whoever accepts it has it; and what goes up is in the street's hands.
    let (_, below) = town.case_at(&f::community()).await;
    assert_eq!((below.version, hands(&below)), (1, ""));
    let below = town.of(&f::community()).accept_case(accept(&below)).await.unwrap().into_inner();
    assert_eq!((below.version, hands(&below)), (3, "test-officer"));
    let step = Escalate { reason: "超出能力".into() };
    let (by, meta) = (f::by(&f::community()), meta(&f::community(), below.version));
    let app = town.knowing_above(&f::community(), f::street());
    let (up, _) = app.take(below.id.parse().unwrap(), &by, &step, &meta).await.unwrap();
    let up: &huying_casework::domain::Case = &up.it;
    assert_eq!((up.holder.unit.as_str(), up.officer.as_ref().unwrap().subject.as_str()), ("S-1", "yi"));
}

#[tokio::test]
async fn absences_are_the_units_own() {
    let town = staffed().await;
    let mut street = officers(&town, &f::street());
    for stranger in [f::parks(), f::community()] {
        let mut stranger = officers(&town, &stranger);
        let refused = stranger.record_absence(away("jia")).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "OUTSIDE_AREA"));
    }
    let one = street.record_absence(away("jia")).await.unwrap().into_inner();
    let two = street.record_absence(away("yi")).await.unwrap().into_inner();
    let end = |it: &pb::Absence| pb::EndAbsenceRequest {
        request_id: fresh(),
        id: it.id.clone(),
        version: it.version,
    };
    let hidden = officers(&town, &f::community()).end_absence(end(&one)).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    let bearer = town.bench.bearer(Role::Desk, None, Some(f::DISTRICT));
    let mut desk = OfficerServiceClient::new(wire(town.address, bearer));
    desk.end_absence(end(&one)).await.unwrap();

    let list =
        pb::ListAbsencesRequest { district: f::DISTRICT.into(), unit: "S-1".into(), ..Default::default() };
    let refused = officers(&town, &f::parks()).list_absences(list.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_AREA");
    let ids = async |list: pb::ListAbsencesRequest| {
        let found = officers(&town, &f::street()).list_absences(list).await.unwrap().into_inner().absences;
        found.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(list.clone()).await, [two.id.clone(), one.id.clone()]);
    assert_eq!(
        ids(pb::ListAbsencesRequest { open: true, ..list.clone() }).await,
        std::slice::from_ref(&two.id)
    );
    assert_eq!(ids(pb::ListAbsencesRequest { subject: "jia".into(), ..list.clone() }).await, [one.id]);
    town.clock.set(morning() + TimeDelta::days(3));
    assert!(ids(pb::ListAbsencesRequest { open: true, ..list }).await.is_empty(), "it is over by itself");
    assert_eq!(reason(&street.end_absence(end(&two)).await.unwrap_err()), "ABSENCE_OVER");
}

#[tokio::test]
async fn what_cannot_be_an_absence_is_refused() {
    let town = staffed().await;
    let mut street = officers(&town, &f::street());
    let stranger = street.record_absence(away("bing")).await.unwrap_err();
    assert_eq!((stranger.code(), reason(&stranger).as_str()), (Code::InvalidArgument, "UNKNOWN_OFFICER"));
    let backwards =
        pb::RecordAbsenceRequest { until_time: at(morning() - TimeDelta::hours(1)), ..away("jia") };
    assert_eq!(fields(&street.record_absence(backwards).await.unwrap_err()), ["until_time"]);
    let long = pb::RecordAbsenceRequest { until_time: at(morning() + TimeDelta::days(367)), ..away("jia") };
    assert_eq!(fields(&street.record_absence(long).await.unwrap_err()), ["until_time"]);
    let past = pb::RecordAbsenceRequest {
        from_time: at(morning() - TimeDelta::hours(2)),
        until_time: at(morning() - TimeDelta::hours(1)),
        ..away("jia")
    };
    assert_eq!(reason(&street.record_absence(past).await.unwrap_err()), "ABSENCE_OVER");
    let nothing = pb::RecordAbsenceRequest { request_id: fresh(), ..Default::default() };
    let nothing = fields(&street.record_absence(nothing).await.unwrap_err());
    for field in ["district", "unit", "subject", "kind", "from_time", "until_time"] {
        assert!(nothing.iter().any(|it| it == field), "{field} is not among {nothing:?}");
    }
}

#[tokio::test]
async fn a_roster_that_cannot_be_is_refused() {
    let town = Town::without_profile().await;
    let mut operator = town.operator();
    let twice = vec![line("S-1", "jia", ""), line("C-1", "jia", ""), line("S-1", "jia", "always")];
    let wrong = operator.apply_profile(with_roster(twice)).await.unwrap_err();
    assert_eq!(fields(&wrong), ["profile.roster"]);
    let mut request = with_roster(vec![line("S-9", "jia", ""), line("", "", "now and then")]);
    let unit = pb::ProfileUnit { code: "S-1".into(), name: "某街道".into() };
    request.profile.as_mut().unwrap().units = vec![unit];
    let wrong = operator.apply_profile(request).await.unwrap_err();
    let mut told = BTreeMap::new();
    fields(&wrong).into_iter().for_each(|field| *told.entry(field).or_insert(0) += 1);
    for field in
        ["profile.roster[1].unit", "profile.roster[1].subject", "profile.roster[1].duty", "profile.roster"]
    {
        assert!(told.contains_key(field), "{field} is not among {told:?}");
    }
    let many = (0..201).map(|n| line("S-1", &format!("p{n}"), "")).collect();
    assert_eq!(fields(&operator.apply_profile(with_roster(many)).await.unwrap_err()), ["profile.roster"]);
}
