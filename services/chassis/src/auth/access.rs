//! The table of who may call what, as the contracts declare it, and the proof that it is whole.

use std::collections::{BTreeMap, BTreeSet};

use huying_proto::access::{ACCESS, Access, Callers};
use prost::Message;
use prost_types::FileDescriptorSet;

/// The entries of the `served` services.
pub fn declared(served: &[&str]) -> Vec<Access> {
    ACCESS.iter().filter(|entry| served.contains(&service_of(entry.method))).copied().collect()
}

/// `package.Service` of `/package.Service/Method`.
fn service_of(method: &str) -> &str {
    method.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// Every RPC of the `served` services (all of the descriptor's, when empty) has exactly one entry,
/// which says rightly whether it streams, and no entry is for nothing. `Err` lists what is wrong.
pub fn check_complete(access: &[Access], descriptor: &[u8], served: &[&str]) -> Result<(), Vec<String>> {
    let mut wrong = Vec::new();
    let rpcs = rpcs(descriptor, served, &mut wrong);
    let mut seen = BTreeSet::new();
    for entry in access {
        if !seen.insert(entry.method) {
            wrong.push(format!("{} has two entries", entry.method));
        }
        match rpcs.get(entry.method) {
            None => wrong.push(format!("{} has an entry but is no RPC of what is served", entry.method)),
            Some(streams) if *streams != (entry.client_streaming, entry.streaming) => {
                wrong.push(format!("{}: (client_streaming, streaming) must be {streams:?}", entry.method));
            }
            Some(_) => {}
        }
        if matches!(entry.callers, Callers::Roles([])) {
            wrong.push(format!("{} may be called by nobody", entry.method));
        }
    }
    wrong.extend(
        rpcs.keys().filter(|rpc| !seen.contains(rpc.as_str())).map(|rpc| format!("{rpc} has no entry")),
    );
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The full names of the services in a descriptor set.
pub(crate) fn service_names(descriptor: &[u8]) -> Vec<String> {
    let files = FileDescriptorSet::decode(descriptor).unwrap_or_default().file;
    files
        .iter()
        .flat_map(|file| file.service.iter().map(|service| format!("{}.{}", file.package(), service.name())))
        .collect()
}

/// Path → does the client stream, and the server.
fn rpcs(descriptor: &[u8], served: &[&str], wrong: &mut Vec<String>) -> BTreeMap<String, (bool, bool)> {
    let files = match FileDescriptorSet::decode(descriptor) {
        Ok(set) => set.file,
        Err(error) => {
            wrong.push(format!("the descriptor cannot be read: {error}"));
            return BTreeMap::new();
        }
    };
    let mut found = BTreeMap::new();
    let mut names = BTreeSet::new();
    for file in &files {
        for service in &file.service {
            let name = format!("{}.{}", file.package(), service.name());
            if !served.is_empty() && !served.contains(&name.as_str()) {
                continue;
            }
            for method in &service.method {
                let streams = (method.client_streaming(), method.server_streaming());
                found.insert(format!("/{name}/{}", method.name()), streams);
            }
            names.insert(name);
        }
    }
    let unknown = served.iter().filter(|name| !names.contains(**name));
    wrong.extend(unknown.map(|name| format!("{name} is served but not in the descriptor")));
    found
}
