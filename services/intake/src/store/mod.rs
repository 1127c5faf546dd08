//! The only SQL of intake, besides what the chassis writes.

pub mod archive;
pub mod card;
pub mod counted;
pub mod forum;
pub mod guide;
mod newest;
pub mod number;
pub mod offer;
pub mod read;
pub mod request;
pub mod risk;
pub mod sealed;
pub mod visit;
mod within;

/// Every statement by name: a test prepares each.
pub const ALL: &[(&str, &str)] = &[
    ("archive::LIST", archive::LIST),
    ("archive::COVERAGE", archive::COVERAGE),
    ("archive::DUE[0]", archive::DUE[0]),
    ("archive::DUE[1]", archive::DUE[1]),
    ("archive::DUE[2]", archive::DUE[2]),
    ("archive::DUE[3]", archive::DUE[3]),
    ("card::BY_CODE", card::BY_CODE),
    ("card::LIST", card::LIST),
    ("card::LIST_STATE", card::LIST_STATE),
    ("card::LIST_BATCH", card::LIST_BATCH),
    ("forum::LIST by district", forum::LIST[0]),
    ("forum::LIST by street", forum::LIST[1]),
    ("forum::LIST by community", forum::LIST[2]),
    ("forum::LIST by grid", forum::LIST[3]),
    ("forum::COUNT by district", forum::COUNT[0]),
    ("forum::COUNT by street", forum::COUNT[1]),
    ("forum::COUNT by community", forum::COUNT[2]),
    ("forum::COUNT by grid", forum::COUNT[3]),
    ("guide::LIST", guide::LIST),
    ("guide::LIST_UNIT", guide::LIST_UNIT),
    ("guide::SEARCH", guide::SEARCH),
    ("number::TAKE", number::TAKE),
    ("offer::LIST by district", offer::LIST[0]),
    ("offer::LIST by street", offer::LIST[1]),
    ("offer::LIST by community", offer::LIST[2]),
    ("offer::LIST by grid", offer::LIST[3]),
    ("read::KEEP", read::KEEP),
    ("read::FORGET", read::FORGET),
    ("read::LIST", read::LIST),
    ("read::LIST_WHOSE", read::LIST_WHOSE),
    ("read::LIST_SUBJECT", read::LIST_SUBJECT),
    ("request::BY_NUMBER", request::BY_NUMBER),
    ("request::WORKERS", request::WORKERS),
    ("request::DUTIES", request::DUTIES),
    ("request::LIST", request::LIST),
    ("request::LIST_STATE", request::LIST_STATE),
    ("request::LIST_OWING", request::LIST_OWING),
    ("request::LIST_FLAGGED", request::LIST_FLAGGED),
    ("request::LIST_CLIMBED", request::LIST_CLIMBED),
    ("request::LOOKED by district", request::LOOKED[0]),
    ("request::LOOKED by street", request::LOOKED[1]),
    ("request::LOOKED by community", request::LOOKED[2]),
    ("request::LOOKED by grid", request::LOOKED[3]),
    ("risk::LISTS.area[0]", risk::LISTS.area[0]),
    ("risk::LISTS.area[1]", risk::LISTS.area[1]),
    ("risk::LISTS.area[2]", risk::LISTS.area[2]),
    ("risk::LISTS.area[3]", risk::LISTS.area[3]),
    ("risk::LISTS.unit[0]", risk::LISTS.unit[0]),
    ("risk::LISTS.unit[1]", risk::LISTS.unit[1]),
    ("risk::LISTS.unit[2]", risk::LISTS.unit[2]),
    ("risk::LISTS.unit[3]", risk::LISTS.unit[3]),
    ("risk::COUNT", risk::COUNT),
    ("visit::LISTS.area[0]", visit::LISTS.area[0]),
    ("visit::LISTS.area[1]", visit::LISTS.area[1]),
    ("visit::LISTS.area[2]", visit::LISTS.area[2]),
    ("visit::LISTS.area[3]", visit::LISTS.area[3]),
    ("visit::LISTS.unit[0]", visit::LISTS.unit[0]),
    ("visit::LISTS.unit[1]", visit::LISTS.unit[1]),
    ("visit::LISTS.unit[2]", visit::LISTS.unit[2]),
    ("visit::LISTS.unit[3]", visit::LISTS.unit[3]),
    ("visit::COUNTS.area[0]", visit::COUNTS.area[0]),
    ("visit::COUNTS.area[1]", visit::COUNTS.area[1]),
    ("visit::COUNTS.area[2]", visit::COUNTS.area[2]),
    ("visit::COUNTS.area[3]", visit::COUNTS.area[3]),
    ("visit::COUNTS.unit[0]", visit::COUNTS.unit[0]),
    ("visit::COUNTS.unit[1]", visit::COUNTS.unit[1]),
    ("visit::COUNTS.unit[2]", visit::COUNTS.unit[2]),
    ("visit::COUNTS.unit[3]", visit::COUNTS.unit[3]),
    ("visit::KNOWN", visit::KNOWN),
    ("request::LIST_PLATFORM", request::LIST_PLATFORM),
    ("request::LIST_CHANGED", request::LIST_CHANGED),
    ("request::LIST_EXTERNAL", request::LIST_EXTERNAL),
    ("request::BY_PHONE", request::BY_PHONE),
    ("sealed::ON_IT", sealed::ON_IT),
];
