//! How often a caller may take a step in a day of the district.
//!
//! Counted are the steps that one caller could take again and again: they leave a case, or a dispatch, in its state and add to its history.
//! Each is counted for itself, by the commands that were carried out: what a rule refuses, or what is so already, is answered as such also where no
//! more are let. What else leaves the state as it is has an end of its own, or needs
//! somebody else in between; a test holds every rule to one of both.

use huying_chassis::log::Aggregate as _;

use crate::domain::{Case, Dispatch};

/// On what and which step, and the full name of the message that asks for it: `migrations/` has an index with each of these names in it.
pub const COUNTED: [(&str, &str, &str); 10] = [
    (Case::KIND, "note", "huying.casework.v1.AddNoteRequest"),
    (Case::KIND, "appoint", "huying.casework.v1.AppointOfficerRequest"),
    (Case::KIND, "consult", "huying.casework.v1.HoldConsultationRequest"),
    (Case::KIND, "recategorise", "huying.casework.v1.RecategoriseCaseRequest"),
    (Case::KIND, "review_suspension", "huying.casework.v1.ReviewSuspensionRequest"),
    (Case::KIND, "supervise", "huying.casework.v1.SuperviseCaseRequest"),
    (Case::KIND, "take_charge", "huying.casework.v1.TakeChargeRequest"),
    (Case::KIND, "report_charge", "huying.casework.v1.ReportChargeRequest"),
    (Dispatch::KIND, "appoint", "huying.casework.v1.AppointDispatchOfficerRequest"),
    (Dispatch::KIND, "relead", "huying.casework.v1.ReleadDispatchRequest"),
];

/// The message that a step is counted by; none: it is not counted.
pub fn counted_by(kind: &str, step: &str) -> Option<&'static str> {
    COUNTED.into_iter().find(|(of, name, _)| (*of, *name) == (kind, step)).map(|(_, _, message)| message)
}
