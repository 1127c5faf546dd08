//! Who is let in no more though a token is good, by a list that changes under a running server.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use huying_chassis::auth::{Authenticator, Claims, Role};
use huying_chassis::clock::system_now;
use huying_chassis::config::AuthConfig;

use crate::auth::{House, config, house, officer, refused};

fn with_list(text: &str) -> (House, std::path::PathBuf) {
    let mut house = house();
    let list = house.folder.path().join("denied");
    fs::write(&list, text).unwrap();
    let config = AuthConfig { deny_file: Some(list.clone()), ..config(&house.folder) };
    house.authenticator = Authenticator::looking_every(&config, Duration::ZERO).unwrap();
    (house, list)
}

/// Whole, as the README says a list is written.
fn write(list: &std::path::Path, text: &str) {
    let fresh = list.with_extension("new");
    fs::write(&fresh, text).unwrap();
    fs::rename(fresh, list).unwrap();
}

fn stale(authenticator: &Arc<Authenticator>) -> Vec<(String, usize)> {
    let gauges = authenticator.gauges();
    assert_eq!(gauges[0].name, "huying_auth_stale_seconds");
    (gauges[0].read)(system_now())
}

#[test]
fn attack_18_a_revoked_token_and_a_revoked_bearer_are_out_while_the_server_runs() {
    let (house, list) = with_list("");
    let mint = |claims: &Claims| house.issuer.mint(claims, Duration::from_secs(60)).unwrap();
    let (one, same, other) = (mint(&officer()), mint(&officer()), mint(&Claims::new("desk-1", [Role::Desk])));
    let id = house.authenticator.verify(&one).unwrap().token_id.clone().unwrap();
    for token in [&same, &other] {
        house.authenticator.verify(token).unwrap();
    }
    write(&list, &format!("jti {id}\n"));
    assert_eq!(refused(&house, &one), "TOKEN_REVOKED", "though it was verified before");
    house.authenticator.verify(&same).unwrap();
    write(&list, "# everything of theirs\nsub officer-1\n");
    assert_eq!(refused(&house, &one), "TOKEN_REVOKED");
    assert_eq!(refused(&house, &same), "TOKEN_REVOKED");
    assert_eq!(refused(&house, &mint(&officer())), "TOKEN_REVOKED", "a new one too");
    house.authenticator.verify(&other).unwrap();
    write(&list, "");
    house.authenticator.verify(&same).unwrap();
}

#[test]
fn a_list_that_cannot_be_read_leaves_the_last_in_force_and_is_told() {
    let (mut house, list) = with_list("sub officer-1\n");
    let token = house.issuer.mint(&officer(), Duration::from_secs(60)).unwrap();
    let config = AuthConfig { deny_file: Some(list.clone()), ..config(&house.folder) };
    let authenticator = Arc::new(Authenticator::looking_every(&config, Duration::ZERO).unwrap());
    let good = [("keys".to_owned(), 0), ("denied".to_owned(), 0)];
    assert_eq!(stale(&authenticator), good);
    for broken in [None, Some("officer-2\n".to_owned()), Some("sub x\n".repeat(1_000_000))] {
        match broken {
            Some(text) => write(&list, &text),
            None => fs::remove_file(&list).unwrap(),
        }
        assert_eq!(authenticator.verify(&token).unwrap_err().reason(), "TOKEN_REVOKED");
        let told = stale(&authenticator);
        assert!(told[1].1 >= 1, "{told:?}");
    }
    write(&list, "sub officer-2\n");
    authenticator.verify(&token).unwrap();
    assert_eq!(stale(&authenticator), good);

    // At the start it must be there: without it everybody on it would be in.
    for broken in [None, Some("officer-1\n")] {
        fs::remove_file(&list).ok();
        if let Some(text) = broken {
            fs::write(&list, text).unwrap();
        }
        let Err(error) = Authenticator::new(&config) else { panic!("it starts without its list") };
        assert!(error.to_string().contains("auth.deny_file"), "{error}");
    }
    house.authenticator = Authenticator::new(&crate::auth::config(&house.folder)).unwrap();
    house.authenticator.verify(&token).unwrap();
}
