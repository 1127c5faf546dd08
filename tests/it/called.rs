//! Every RPC there is, is called by a test of the service that answers it.

use huying_tests::world::root;

use super::{
    access::rpcs,
    tidy::{code, files},
};

/// Where the tests of a package's service are. The log is every service's: it is tested on the chassis, or in the world.
fn tested_in(package: &str) -> Vec<String> {
    match package.split('.').nth(1).unwrap() {
        "log" => vec!["services/chassis/tests".into(), "tests/it".into()],
        service => vec![format!("services/{service}/tests")],
    }
}

#[test]
fn every_rpc_is_called_by_a_test_of_its_service() {
    let mut uncalled = Vec::new();
    for (package, path) in rpcs() {
        let method = path.rsplit('/').next().unwrap();
        let call = format!(".{}(", snake(method));
        let mut tests = tested_in(&package).into_iter().flat_map(|under| files(&root().join(under), ".rs"));
        if !tests.any(|test| code(&test).iter().any(|line| line.contains(&call))) {
            uncalled.push(path);
        }
    }
    assert!(uncalled.is_empty(), "no test of their service calls {uncalled:#?}");
}

/// As the generated client calls it.
fn snake(method: &str) -> String {
    let mut snake = String::new();
    for c in method.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
