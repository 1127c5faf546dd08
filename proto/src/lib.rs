//! The contracts: what Huying's services answer and say. Generated at build time from `huying/**/*.proto`; nothing else lives here.
//!
//! Messages are prost types with canonical proto3 JSON as their serde form, so an event's `data` is `serde_json::to_value(&event)`.

#![allow(clippy::all, clippy::pedantic, missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::wildcard_enum_match_arm, clippy::large_futures)]

pub mod access;

macro_rules! package {
    ($module:ident, $package:literal) => {
        pub mod $module {
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/", $package, ".rs"));
                include!(concat!(env!("OUT_DIR"), "/", $package, ".serde.rs"));
            }
        }
    };
}

package!(common, "huying.common.v1");
package!(log, "huying.log.v1");
package!(intake, "huying.intake.v1");
package!(routing, "huying.routing.v1");
package!(casework, "huying.casework.v1");
package!(evaluation, "huying.evaluation.v1");

/// The whole file descriptor set, for reflection, the check that the access table is whole, and the contract test.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/huying.descriptors"));

/// Whether a message of this full name is in these contracts: an event's type, as this build knows it.
pub fn knows(full_name: &str) -> bool {
    use std::{collections::HashSet, sync::LazyLock};

    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let set = <prost_types::FileDescriptorSet as prost::Message>::decode(DESCRIPTORS);
        let files = set.map(|set| set.file).unwrap_or_default();
        let names = files.iter().flat_map(|file| {
            file.message_type.iter().map(|message| format!("{}.{}", file.package(), message.name()))
        });
        names.collect()
    });
    NAMES.contains(full_name)
}
