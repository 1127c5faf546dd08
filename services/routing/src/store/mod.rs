//! The only SQL of the service, besides what the chassis does for every aggregate.

pub mod profile;
pub mod route;

/// Every statement, for the test that prepares them all.
pub const ALL: &[(&str, &str)] = &[
    ("route::TRIAGE", route::TRIAGE),
    ("route::LOOKED", route::LOOKED),
    ("route::COUNT", route::COUNT),
    ("route::NEAR", route::NEAR),
    ("route::ON_ROAD", route::ON_ROAD),
    ("route::BY_NUMBER", route::BY_NUMBER),
    ("route::AFTER", route::AFTER),
    ("route::SUBMITTED", route::SUBMITTED),
    ("profile::APPLIED_AT", profile::APPLIED_AT),
];
