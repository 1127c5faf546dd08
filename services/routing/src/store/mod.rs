//! The only SQL of the service, besides what the chassis does for every aggregate.

pub mod route;

/// Every statement, for the test that prepares them all.
pub const ALL: &[(&str, &str)] = &[("route::TRIAGE", route::TRIAGE), ("route::AFTER", route::AFTER)];
