//! Finding the programs, and the sentence when there are none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use huying_embedded::programs::{OLDEST_NATS, OLDEST_POSTGRES, Search};

fn program(dir: &Path, name: &str, says: &str) {
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join(name), format!("#!/bin/sh\necho '{says}'\n")).unwrap();
    fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_missing_program_is_one_sentence_with_its_command() {
    let nowhere = Search::default();
    let postgres = nowhere.postgres().unwrap_err().to_string();
    assert_eq!(
        postgres,
        "PostgreSQL 15 or newer was not found. Install it with: deploy/install \
         (or, as root on Debian or Ubuntu: apt-get install -y postgresql)"
    );
    let nats = nowhere.nats_server().unwrap_err().to_string();
    assert_eq!(nats, "nats-server 2.12.6 or newer was not found. Install it with: deploy/install");
}

#[test]
fn an_old_nats_server_is_named_and_a_new_one_in_tools_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (path, tools) = (dir.path().join("bin"), dir.path().join(".tools"));
    program(&path, "nats-server", "nats-server: v2.9.10");
    let mut search = Search { path: vec![path], ..Search::default() };
    let refused = search.nats_server().unwrap_err().to_string();
    assert!(refused.contains("is too old: 2.9.10"), "{refused}");

    program(&tools.join("nats-server/some/where"), "nats-server", "nats-server: v2.12.6");
    search.tools = vec![tools];
    assert_eq!(search.nats_server().unwrap().version, OLDEST_NATS);
}

#[test]
fn a_wrapper_without_initdb_beside_it_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let (path, real) = (dir.path().join("bin"), dir.path().join("lib/15/bin"));
    program(&path, "postgres", "postgres (PostgreSQL) 17.1");
    program(&path, "psql", "psql (PostgreSQL) 15.0");
    program(&real, "postgres", "postgres (PostgreSQL) 15.0");
    program(&real, "initdb", "initdb (PostgreSQL) 15.0");
    let search = Search { path: vec![path.clone()], postgres: vec![real.clone()], ..Search::default() };
    let found = search.postgres().unwrap();
    assert_eq!(found.version, OLDEST_POSTGRES);
    assert_eq!(found.initdb, real.join("initdb"));
    assert_eq!(found.psql, path.join("psql"));
}

#[test]
fn this_machine_has_both() {
    assert!(huying_embedded::postgres_programs().unwrap().version >= OLDEST_POSTGRES);
    assert!(huying_embedded::nats_server().unwrap().version >= OLDEST_NATS);
}
