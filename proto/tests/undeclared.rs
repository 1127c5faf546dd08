//! An rpc that does not say who may call it is not built.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../build/access.rs"]
mod access;

use access::{Access, Options, row};
use huying_proto::common::v1::Role;
use prost::Message as _;

const RPC: &str = "/huying.test.v1.Test/Do";

fn row_of(access: Option<Access>, streams: (bool, bool)) -> Result<String, String> {
    let name = |number| Role::try_from(number).ok().map(|role| role.as_str_name().to_owned());
    row(RPC, &Options { access }.encode_to_vec(), streams, name)
}

fn for_roles(roles: &[Role]) -> Access {
    Access { callers: roles.iter().map(|role| i32::from(*role)).collect(), ..Access::default() }
}

#[test]
fn an_rpc_says_who_may_call_it_or_is_not_built() {
    let refused = |access| row_of(access, (false, false)).unwrap_err();
    assert!(refused(None).contains("/huying.test.v1.Test/Do does not say who may call it"));
    assert!(refused(Some(Access::default())).contains("may be called by nobody"));
    let both = Access { anyone: true, ..for_roles(&[Role::Desk]) };
    assert!(refused(Some(both)).contains("is for anyone and for some only"));
    assert!(refused(Some(for_roles(&[Role::Desk, Role::Unspecified]))).contains("names a role that is none"));
    let unknown = Access { callers: vec![99], ..Access::default() };
    assert!(refused(Some(unknown)).contains("names a role that is none"));
    let any_service = Access { services: vec!["casework".into()], ..for_roles(&[Role::Service]) };
    assert!(refused(Some(any_service)).contains("name those that call it"));
    let both = Access { anyone: true, services: vec!["casework".into()], ..Access::default() };
    assert!(refused(Some(both)).contains("is for anyone and for some only"));
}

#[test]
fn what_it_says_is_its_row() {
    let desk = row_of(Some(for_roles(&[Role::Officer, Role::Desk])), (false, true)).unwrap();
    assert_eq!(desk.trim(), format!("Access::roles({RPC:?}, &[Role::Officer, Role::Desk]).streaming(),"));
    let asking = Access { steps: vec!["case.accept".into()], ..for_roles(&[Role::Desk]) };
    let asking = row_of(Some(asking), (false, false)).unwrap();
    assert_eq!(asking.trim(), format!("Access::roles({RPC:?}, &[Role::Desk]).asking(&[\"case.accept\"]),"));
    let services = Access { services: vec!["casework".into()], ..for_roles(&[Role::Desk]) };
    let services = row_of(Some(services), (false, false)).unwrap();
    assert_eq!(
        services.trim(),
        format!("Access::roles({RPC:?}, &[Role::Desk, Role::Service]).services(&[\"casework\"]),")
    );
    let capped = Access { max_bytes: 4096, body_seconds: 30, streams: 2, ..for_roles(&[Role::Desk]) };
    let row = row_of(Some(capped.clone()), (false, true)).unwrap();
    assert_eq!(
        row.trim(),
        format!("Access::roles({RPC:?}, &[Role::Desk]).streaming().bytes(4096).body_seconds(30).streams(2),")
    );
    assert!(row_of(Some(capped), (false, false)).unwrap_err().contains("answers with none"));
    let anyone = |streams| row_of(Some(Access { anyone: true, ..Access::default() }), streams).unwrap();
    assert_eq!(anyone((false, false)).trim(), format!("Access::anyone({RPC:?}),"));
    assert_eq!(anyone((true, false)).trim(), format!("Access::anyone({RPC:?}).client_streaming(),"));
}
