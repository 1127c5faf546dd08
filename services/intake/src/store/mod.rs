//! The only SQL of intake, besides what the chassis writes.

pub mod guide;
pub mod number;
pub mod request;

/// Every statement by name: a test prepares each.
pub const ALL: &[(&str, &str)] = &[
    ("guide::LIST", guide::LIST),
    ("guide::LIST_UNIT", guide::LIST_UNIT),
    ("guide::SEARCH", guide::SEARCH),
    ("number::TAKE", number::TAKE),
    ("request::BY_NUMBER", request::BY_NUMBER),
    ("request::DUTIES", request::DUTIES),
    ("request::LIST", request::LIST),
    ("request::LIST_STATE", request::LIST_STATE),
    ("request::LIST_OWING", request::LIST_OWING),
    ("request::LIST_FLAGGED", request::LIST_FLAGGED),
];
