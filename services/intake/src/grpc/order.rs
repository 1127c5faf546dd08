//! What the trade sends with a request, made ready to be kept.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use chrono::{DateTime, Utc};
use huying_chassis::validate::Violations;
use huying_proto::intake::v1 as pb;
use huying_wire::instant;

use crate::{
    convert,
    domain::{
        order::{AttachmentReference, Order},
        submission::Flag,
    },
};

/// Most files, and most keys of what else the door has.
const ATTACHMENTS: usize = 20;
const EXTENSIONS: usize = 32;
/// The key of what came without one.
const NAMELESS: &str = "-";

pub fn read(v: &mut Violations, given: pb::Order, flags: &mut BTreeSet<Flag>) -> Order {
    Order {
        kind: convert::order::kind_from(given.r#type()),
        title: v.line("order.title", &given.title, 0..=200),
        urgent: given.urgent,
        platform_due_at: moment(given.platform_due_time.as_ref().map(instant::read), flags),
        complained_of: v.line("order.complained_of", &given.complained_of, 0..=200),
        related_number: v.line("order.related_number", &given.related_number, 0..=64),
        repeated: given.repeated,
        call_at: moment(given.call_time.as_ref().map(instant::read), flags),
        taker: v.line("order.taker", &given.taker, 0..=50),
        anonymous: given.anonymous,
        confidential: given.confidential,
        answer_wanted: given.answer_wanted,
        callback_wanted: given.callback_wanted,
        attachments: attachments(v, &given.attachments, flags),
        extensions: extensions(v, given.extensions).into(),
    }
}

/// One that is none is dropped.
fn moment(given: Option<Option<DateTime<Utc>>>, flags: &mut BTreeSet<Flag>) -> Option<DateTime<Utc>> {
    if given == Some(None) {
        flags.insert(Flag::TimeUnreadable);
    }
    given.flatten()
}

/// One that says not where it is, is dropped.
fn attachments(
    v: &mut Violations,
    given: &[pb::AttachmentReference],
    flags: &mut BTreeSet<Flag>,
) -> Vec<AttachmentReference> {
    v.list_len("order.attachments", given.len(), 0..=ATTACHMENTS);
    let mut read = Vec::new();
    for (n, it) in given.iter().take(ATTACHMENTS).enumerate() {
        let of = |what: &str| format!("order.attachments[{n}].{what}");
        let file = AttachmentReference {
            name: v.line(&of("name"), &it.name, 0..=200),
            uri: v.line(&of("uri"), &it.uri, 0..=1000),
            media_type: v.line(&of("media_type"), &it.media_type, 0..=100),
            size: it.size.max(0),
        };
        if file.uri.is_empty() {
            flags.insert(Flag::FileUnreadable);
        } else {
            read.push(file);
        }
    }
    read
}

/// In the order of their keys, so that the same is told of the same. What has one key twice, or none, stands together.
fn extensions(v: &mut Violations, given: BTreeMap<String, String>) -> BTreeMap<String, String> {
    v.list_len("order.extensions", given.len(), 0..=EXTENSIONS);
    let mut read: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in given.iter().take(EXTENSIONS) {
        let key = Some(v.line("order.extensions", key, 0..=64)).filter(|key| !key.is_empty());
        let value = v.text("order.extensions", value, 0..=500);
        match read.entry(key.unwrap_or_else(|| NAMELESS.to_owned())) {
            Entry::Vacant(free) => drop(free.insert(value)),
            Entry::Occupied(mut taken) => taken.get_mut().extend([" / ", &value]),
        }
    }
    read
}
