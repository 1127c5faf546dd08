//! What an event of casework says of a case, as far as it counts.

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_terms::{Limit, Priority, Tier};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::parts::Parts;

/// What casework said, as far as it counts. All else that an event says of a case is in [`Told`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
pub enum What {
    #[strum(serialize = "CaseOpened")]
    Opened,
    #[strum(serialize = "CaseSplitOff")]
    SplitOff,
    #[strum(serialize = "CaseAccepted")]
    Accepted,
    #[strum(serialize = "CaseEscalated")]
    Escalated,
    /// The clock sent it up, since nobody took it in time.
    #[strum(disabled)]
    Climbed,
    #[strum(serialize = "CaseDelegated")]
    Delegated,
    #[strum(serialize = "CaseCalled")]
    Called,
    #[strum(serialize = "CaseGroupCalled")]
    GroupCalled,
    #[strum(serialize = "CaseConsulted")]
    Consulted,
    #[strum(serialize = "CaseReturned")]
    Returned,
    #[strum(serialize = "CaseResolved")]
    Resolved,
    #[strum(serialize = "CaseVerified")]
    Verified,
    #[strum(serialize = "CaseVerificationFailed")]
    VerificationFailed,
    #[strum(serialize = "CaseReopened")]
    Reopened,
    #[strum(serialize = "CaseClosed")]
    Closed,
    #[strum(serialize = "CaseDeclined")]
    Declined,
    #[strum(serialize = "CaseMerged")]
    Merged,
    #[strum(serialize = "CaseUnmerged")]
    Unmerged,
    /// Whoever held it is no more, and another unit goes on in its place.
    #[strum(serialize = "CaseRelieved")]
    Replaced,
    /// Its route was put right.
    #[strum(serialize = "CaseCorrected")]
    Corrected,
    /// Anything else: only what the case is now counts.
    #[strum(disabled)]
    Changed,
}

/// A case as an event says it is after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub what: What,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    pub number: String,
    pub district: String,
    /// The most exact area known; the district where none is.
    pub area: String,
    pub category: String,
    pub tier: Tier,
    pub holder: String,
    pub attempt: i32,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    /// Until when it is to be resolved; none while that clock stands still.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Until when it is to be accepted, where the event says so.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub respond_by: Option<DateTime<Utc>>,
    /// It was resolved, and somebody is to look at it on site first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_be_verified: bool,
    /// It closed because its reporter took the request back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Its first request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
    /// How pressing, where the event says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What its time to resolve was extended by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Limit>,
    /// On what ground it was declined; empty: it was not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// Who was called, or worked on it.
    #[serde(default, skip_serializing_if = "Parts::is_none")]
    pub parts: Parts,
}

/// Events after which a case is what it was before, as far as anything is counted.
const SILENT: [&str; 20] = [
    "CaseNoted",
    "CaseLampTurned",
    "CaseAnswered",
    "CaseJudged",
    "CaseSupplemented",
    "CaseAttached",
    "CaseApprovalAsked",
    "CaseApprovalRuled",
    "CaseArbitrationClimbed",
    "CaseVerificationClimbed",
    "CaseSupervised",
    "CaseSupervisionAnswered",
    "CaseSupervisionClimbed",
    "CaseSupervisionLapsed",
    "CaseToldUpward",
    "CaseOfficerAppointed",
    "CaseIdled",
    "CaseChargeTaken",
    "CaseChargeReported",
    "CaseChargeEnded",
];

impl What {
    /// By the name of an event's message; none: nothing counts.
    pub fn of(event: &str) -> Option<Self> {
        let name = event.rsplit('.').next().unwrap_or(event);
        if SILENT.contains(&name) { None } else { Some(name.parse().unwrap_or(Self::Changed)) }
    }
}
