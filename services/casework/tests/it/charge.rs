//! 领办: a hard case in a leader's charge; how it gets on, and the lists of hard cases and of a leader's.

use huying_casework::domain::{
    Case, Error, State,
    case::step::{Charge, ChargeTaken, EndCharge, ReportCharge, TakeCharge},
};
use huying_chassis::auth::Role;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::{
    fixture::{self as f, after, case_at, facts, holder, morning, take},
    support::{Client, Town, fresh},
};

fn taking(leader: &str) -> TakeCharge {
    TakeCharge { leader: leader.into(), plan: "年内改造管网".into() }
}

fn charged() -> Case {
    let case = case_at(&f::community());
    after(&case, take(&case, &f::leader(f::DISTRICT), &taking("甲"), &facts()).unwrap(), morning())
}

#[test]
fn a_leader_takes_charge_and_the_holder_reports() {
    let case = charged();
    let charge = case.charge.as_ref().unwrap();
    assert_eq!(
        (charge.leader.as_str(), charge.plan.as_str(), charge.since),
        ("甲", "年内改造管网", morning())
    );
    assert_eq!((case.state, case.holder.unit.as_str()), (State::Assigned, "C-1"), "the holder stays");
    let report = ReportCharge { text: "已勘查".into() };
    let reported = after(&case, take(&case, &holder(&case), &report, &facts()).unwrap(), morning());
    let progress = reported.charge.as_ref().unwrap().progress.clone().unwrap();
    assert_eq!(progress.text, "已勘查");
    // Another takes it over: what was reported to the one before stays in the history only.
    let over = take(&reported, &f::leader(f::DISTRICT), &taking("乙"), &facts()).unwrap();
    let over = after(&reported, over, morning()).charge.unwrap();
    assert_eq!((over.leader.as_str(), over.progress), ("乙", None));
    let end = EndCharge { reason: "转常态".into() };
    let ended = after(&case, take(&case, &f::leader(f::DISTRICT), &end, &facts()).unwrap(), morning());
    assert_eq!(ended.charge, None);
}

#[test]
fn in_nobodys_charge_there_is_nothing_to_report_or_end() {
    let case = case_at(&f::community());
    let report = take(&case, &holder(&case), &ReportCharge { text: "x".into() }, &facts());
    assert_eq!(report.unwrap_err().to_string(), "the case is in no leader's charge");
    let end = take(&case, &f::leader(f::DISTRICT), &EndCharge { reason: "x".into() }, &facts());
    assert!(end.is_err());
    let abroad = take(&case, &f::leader("990102"), &taking("甲"), &facts());
    assert!(abroad.is_err(), "not above it");
    assert!(matches!(
        take(&case, &f::leader(f::DISTRICT), &taking("甲"), &facts()).unwrap()[..],
        [huying_casework::domain::Change::ChargeTaken(ChargeTaken { .. })]
    ));
}

/// A holder's own desk rids it of no leader's eye: neither by an end, nor by taking it over first.
#[test]
fn only_the_area_that_took_charge_or_one_above_it_ends_that() {
    let case = charged();
    let end = EndCharge { reason: "转常态".into() };
    let desk = f::leader(f::COMMUNITY);
    let refused = Error::NotAboveCharge { area: f::DISTRICT.into() };
    assert_eq!(take(&case, &desk, &end, &facts()), Err(refused.clone()));
    assert_eq!(take(&case, &desk, &taking("乙"), &facts()), Err(refused));
    let by_street = case_at(&f::community());
    let taken = take(&by_street, &f::leader(f::STREET), &taking("丙"), &facts()).unwrap();
    let by_street = after(&by_street, taken, morning());
    assert!(take(&by_street, &desk, &end, &facts()).is_err());
    assert!(take(&by_street, &f::leader(f::STREET), &end, &facts()).is_ok(), "the same area");
    assert!(take(&by_street, &f::leader(f::DISTRICT), &taking("乙"), &facts()).is_ok(), "above it");
    // What an older build wrote does not say who took it.
    let older = Charge { area: String::new(), ..case.charge.clone().unwrap() };
    assert!(take(&Case { charge: Some(older), ..case }, &desk, &end, &facts()).is_ok(), "as it was then");
}

async fn listed(client: &mut Client, list: pb::ListCasesRequest) -> Vec<String> {
    let list = pb::ListCasesRequest { district: f::DISTRICT.into(), ..list };
    client.list_cases(list).await.unwrap().into_inner().cases.into_iter().map(|case| case.id).collect()
}

fn hard() -> pb::ListCasesRequest {
    pb::ListCasesRequest { hard: true, ..Default::default() }
}

fn of_leader(leader: &str) -> pb::ListCasesRequest {
    pb::ListCasesRequest { leader: leader.into(), ..Default::default() }
}

/// Over the wire: hard is what is suspended or in a leader's charge, and a leader finds their own.
#[tokio::test]
async fn hard_cases_and_a_leaders_own_are_listed() {
    let town = Town::open().await;
    let (_, led) = town.accepted(&f::street()).await;
    let (_, still) = town.accepted(&f::street()).await;
    let (_, plain) = town.accepted(&f::street()).await;
    let mut leader = town.client(Role::Leader, Some("D-1"), Some(f::DISTRICT));
    let (request_id, id, version) = (fresh(), led.id.clone(), led.version);
    let take = pb::TakeChargeRequest { request_id, id, version, leader: "甲".into(), plan: "改造".into() };
    let refused = town.of(&f::street()).take_charge(take.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    let bad = pb::TakeChargeRequest { leader: String::new(), ..take.clone() };
    assert_eq!(reason(&leader.take_charge(bad).await.unwrap_err()), "BAD_FIELD");
    let taken = leader.take_charge(take).await.unwrap().into_inner();
    assert_eq!(taken.charge.as_ref().unwrap().leader, "甲");
    let (request_id, id, version) = (fresh(), taken.id.clone(), taken.version);
    let report = pb::ReportChargeRequest { request_id, id, version, text: "已勘查".into() };
    let reported = town.of(&f::street()).report_charge(report).await.unwrap().into_inner();
    assert_eq!(reported.charge.unwrap().progress.unwrap().unit, "S-1");
    super::suspended::suspend(&town, &still).await;

    let mut both = listed(&mut leader, hard()).await;
    both.sort();
    assert_eq!(both, [led.id.clone(), still.id.clone()]);
    assert_eq!(listed(&mut leader, of_leader("甲")).await, std::slice::from_ref(&led.id));
    assert!(listed(&mut leader, of_leader("乙")).await.is_empty());
    let mut elsewhere = town.client(Role::Leader, Some("S-2"), Some("990101002"));
    assert!(listed(&mut elsewhere, hard()).await.is_empty(), "only what lies in the caller's area");

    let (request_id, id, version) = (fresh(), reported.id, reported.version);
    let end = pb::EndChargeRequest { request_id, id, version, reason: "转常态".into() };
    assert_eq!(leader.end_charge(end).await.unwrap().into_inner().charge, None);
    assert_eq!(listed(&mut leader, hard()).await, std::slice::from_ref(&still.id));
    assert_ne!(plain.id, still.id);
}
