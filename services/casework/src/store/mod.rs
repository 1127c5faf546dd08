//! The only SQL of casework, besides what the chassis writes.

pub mod case;
pub mod dispatch;
pub mod filter;
pub mod watch;

/// Every fixed statement by name: a test prepares each, and each that the lists can be put together to.
pub const ALL: &[(&str, &str)] = &[
    ("case::DISTRICT", case::DISTRICT),
    ("case::BY_NUMBER", case::BY_NUMBER),
    ("case::BY_REQUEST", case::BY_REQUEST),
    ("case::CALLED_BY", case::CALLED_BY),
    ("dispatch::DISTRICT", dispatch::DISTRICT),
    ("watch::AFTER", watch::AFTER),
];
