//! The contracts: what Huying's services answer and say. Generated at build time from `huying/**/*.proto`; beside it stand only the
//! types that the generated tables and enums need.
//!
//! Messages are prost types with canonical proto3 JSON as their serde form, so an event's `data` is `serde_json::to_value(&event)`.

#![allow(clippy::all, clippy::pedantic, missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::wildcard_enum_match_arm, clippy::large_futures)]

pub mod access;
pub mod events;
pub mod head;

macro_rules! packages {
    ($($module:ident $package:literal $($events:ident)?,)+) => {$(
        pub mod $module {
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/", $package, ".rs"));
                include!(concat!(env!("OUT_DIR"), "/", $package, ".serde.rs"));
                $(
                    pub mod $events {
                        include!(concat!(env!("OUT_DIR"), "/", $package, ".events.rs"));
                    }
                )?
            }
        }
    )+};
}

// One module for every package below `huying/`.
include!(concat!(env!("OUT_DIR"), "/packages.rs"));

/// The whole file descriptor set, for reflection, the check that the access table is whole, and the contract test.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/huying.descriptors"));
