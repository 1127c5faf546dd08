//! The indexes that lists go by. A list takes the first path of its order that asks for nothing but what was asked for; the rest of what was
//! asked is looked at row by row, and no more than [`LOOK`] rows for a page. So whatever is asked together, a page costs no more than that.

use huying_terms::Lamp;

use crate::domain::Order;

/// Rows that are looked at for one page. Where they held too few, the next page goes on after them.
pub const LOOK: usize = 1000;

/// Rows that are looked at for one answer of counts: so few that it comes within the usual deadline also where each is read from the disk.
pub const COUNT: usize = 10_000;

/// Where a clause is about the very thing that the order goes by: any path of the order has it.
pub const KEY: &str = "key";

/// An index: what it begins with (besides the district), and the order of its rest.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    pub index: &'static str,
    pub order: Order,
    pub by: &'static [&'static str],
    /// The rows that it has, where it has not all.
    pub only: Option<&'static str>,
    /// Few in any district at any time: whatever else is asked, it is found in a page or two.
    pub few: bool,
}

const fn newest(index: &'static str, by: &'static [&'static str]) -> Path {
    Path { index, order: Order::Newest, by, only: None, few: false }
}

const fn few(index: &'static str, by: &'static [&'static str]) -> Path {
    Path { few: true, ..newest(index, by) }
}

const fn by(index: &'static str, order: Order, by: &'static [&'static str]) -> Path {
    Path { order, ..newest(index, by) }
}

const fn open(index: &'static str, by: &'static [&'static str]) -> Path {
    Path { order: Order::Due, only: Some("state <> 'closed'"), ..newest(index, by) }
}

/// The fewer rows a path leads to, the earlier it stands.
pub const CASE: &[Path] = &[
    few("case_arbiter", &["arbiter"]),
    few("case_leader", &["leader"]),
    few("case_hard", &["hard"]),
    few("case_verifier", &["verifier"]),
    few("case_led", &["led"]),
    few("case_supervised", &["supervised"]),
    newest("case_holder_state", &["holder", "state"]),
    newest("case_holder", &["holder"]),
    newest("case_street_outcome", &["street", "outcome"]),
    newest("case_community", &["street", "community"]),
    newest("case_street_state", &["street", "state"]),
    newest("case_street", &["street"]),
    newest("case_overdue", &["overdue"]),
    newest("case_district_category", &["category"]),
    newest("case_district_outcome", &["outcome"]),
    newest("case_district_state", &["state"]),
    newest("case_live", &["open"]),
    newest("case_district", &[]),
    open("case_holder_urgency", &["holder"]),
    open("case_street_urgency", &["street"]),
    open("case_district_urgency", &[]),
    by("case_updated", Order::Updated, &[]),
    by("case_opened", Order::Opened, &[]),
    Path { only: Some("body ->> 'resolved_at' is not null"), ..by("case_resolved", Order::Resolved, &[]) },
];

pub const DISPATCH: &[Path] = &[
    newest("dispatch_case", &["case"]),
    newest("dispatch_unit_state", &["unit", "state"]),
    newest("dispatch_unit", &["unit"]),
    newest("dispatch_silent", &["silent"]),
    newest("dispatch_street", &["street"]),
    newest("dispatch_district_state", &["state"]),
    newest("dispatch_district", &[]),
    Path {
        only: Some("state not in ('done', 'ended')"),
        ..by("dispatch_unit_urgency", Order::Due, &["unit"])
    },
];

pub const APPROVAL: &[Path] = &[
    newest("approval_case", &["case"]),
    newest("approval_granter_state", &["granter", "state"]),
    newest("approval_granter", &["granter"]),
    newest("approval_asked_by", &["asked_by"]),
    newest("approval_street", &["street"]),
    newest("approval_district_state", &["state"]),
    newest("approval_district", &[]),
];

pub const MEETING: &[Path] = &[
    newest("meeting_street", &["street"]),
    newest("meeting_district_state", &["state"]),
    newest("meeting_district", &[]),
];

pub const ABSENCE: &[Path] =
    &[newest("absence_subject", &["unit", "subject"]), newest("absence_unit", &["unit"])];

impl Order {
    /// What it goes by, besides the id.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Newest => "0::bigint",
            Self::Due => "urgency(body)",
            Self::Updated => "updated(body)",
            Self::Opened => "(body ->> 'opened_at')::bigint",
            Self::Resolved => "(body ->> 'resolved_at')::bigint",
        }
    }

    pub(super) const fn direction(self) -> &'static str {
        match self {
            Self::Newest => "id desc",
            Self::Due | Self::Updated | Self::Opened | Self::Resolved => "key, id",
        }
    }
}

/// The least urgency that shows a lamp (see the function in the migrations), and the least that shows it no more.
pub const fn urgencies(lamp: Lamp) -> (i64, i64) {
    const STEP: i64 = 100_000_000_000_000_000;
    match lamp {
        Lamp::Red => (0, STEP),
        Lamp::Amber => (STEP, 2 * STEP),
        Lamp::Green => (2 * STEP, 3 * STEP),
    }
}
