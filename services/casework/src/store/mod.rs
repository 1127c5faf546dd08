//! The only SQL of casework, besides what the chassis writes.

pub mod absence;
pub mod account;
pub mod approval;
pub mod case;
pub mod dispatch;
pub mod filter;
pub mod ledger;
pub mod load;
pub mod meeting;
pub mod parties;
pub mod path;
pub mod tally;
pub mod unit;
pub mod upload;

/// Every fixed statement by name: a test prepares each, and each that the lists can be put together to.
pub const ALL: &[(&str, &str)] = &[
    ("case::BY_NUMBER", case::BY_NUMBER),
    ("case::BY_REQUEST", case::BY_REQUEST),
    ("case::AT_THAT_INSTANT", case::AT_THAT_INSTANT),
    ("parties::OF", parties::OF),
    ("dispatch::UNDER_WAY", dispatch::UNDER_WAY),
    ("unit::IN_HAND", unit::IN_HAND),
    ("load::OF_UNIT", load::OF_UNIT),
    ("meeting::COUNT", meeting::COUNT),
    ("tally::COUNT", tally::COUNT),
    ("tally::LAST", tally::LAST),
    ("upload::BEGIN", upload::BEGIN),
    ("upload::END", upload::END),
    ("upload::LEFT", upload::LEFT),
    ("case::SUPERVISED_BETWEEN", case::SUPERVISED_BETWEEN),
];

/// Cases, dispatches and approvals under way, as the indexes `case_live`, `dispatch_live` and `approval_district_state` have them.
pub const LIVE_CASE: &str = "state <> 'closed'";
pub const LIVE_DISPATCH: &str = "state not in ('done', 'ended')";
pub const LIVE_APPROVAL: &str = "state = 'asked'";
