//! An account of NATS for each user, beside the one that has the streams, which has no user.
//!
//! NATS holds what one may publish against a message's subject, and not against where its answer is to go. In one account with the streams, a
//! pull from an empty consumer has NATS itself say nothing on any subject that is named for the answer, and nothing is a whole order to
//! `$JS.API.STREAM.DELETE`. What is asked over an import is answered into the account that asked, whatever it names: no stream is there.

use std::collections::BTreeMap;

use huying_embedded::{Accounts, STREAMS};
use serde_json::{Value, json};

use super::rights::Rights;

/// What is asked of streams.
const API: &str = "$JS.API.";
/// What an account imports of it goes by this within: on the other NATS answers for the account itself, which has no streams.
const LOCAL: &str = "_API.";

/// Somebody with a key.
#[derive(Clone, Debug)]
pub(super) struct User {
    /// Of its account too.
    pub name: String,
    pub key: String,
    pub rights: Rights,
}

/// Each with its account, and the one that has the streams.
pub(super) fn accounts(users: &[User]) -> Accounts {
    let mut accounts: Accounts = users.iter().map(|user| (user.name.clone(), account(user))).collect();
    let streams = json!({ "jetstream": "enabled", "exports": exports(users) });
    accounts.insert(STREAMS.to_owned(), streams);
    accounts
}

/// It asks on the subjects that everybody knows, and NATS puts those that go by another name within in their place.
fn account(user: &User) -> Value {
    let Rights { publish, subscribe } = &user.rights;
    let within: Vec<String> = publish.iter().map(|subject| local(subject)).collect();
    let renamed = publish.iter().zip(&within).filter(|(subject, within)| subject != within);
    let mappings: BTreeMap<&String, &String> = renamed.collect();
    let imports = publish.iter().zip(&within).map(
        |(subject, within)| json!({ "service": { "account": STREAMS, "subject": subject }, "to": within }),
    );
    json!({
        "users": [{
            "nkey": user.key,
            "permissions": {
                "publish": { "allow": within },
                "subscribe": { "allow": subscribe },
            },
        }],
        "imports": imports.collect::<Vec<Value>>(),
        "mappings": mappings,
    })
}

fn local(subject: &str) -> String {
    subject.strip_prefix(API).map_or_else(|| subject.to_owned(), |asked| format!("{LOCAL}{asked}"))
}

/// Each subject for those who may publish there. A pull is answered by many messages, all else by one.
fn exports(users: &[User]) -> Vec<Value> {
    let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for user in users {
        for subject in &user.rights.publish {
            of.entry(subject).or_default().push(&user.name);
        }
    }
    let exports = of.into_iter().map(|(subject, accounts)| {
        let answers = if subject.contains("CONSUMER.MSG.NEXT") { "stream" } else { "singleton" };
        json!({ "service": subject, "accounts": accounts, "response": answers })
    });
    exports.collect()
}
