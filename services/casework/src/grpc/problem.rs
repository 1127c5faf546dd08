//! What a caller is told when the domain says no: each refusal has its own reason.

use std::time::Duration;

use huying_chassis::status::Problem;
use tonic::Code;
use uuid::Uuid;

use crate::domain::{DispatchState, Error, Refusal};

/// What does not fit just now comes with the steps that do.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(refusal.why);
        if problem.code() == Code::FailedPrecondition { problem.allowed(&refusal.allowed) } else { problem }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        let failed = |reason| Self::new(Code::FailedPrecondition, reason, words.clone());
        let denied = |reason| Self::new(Code::PermissionDenied, reason, words.clone());
        let unfit = |reason, field: &str| {
            Self::new(Code::InvalidArgument, reason, words.clone()).field(field, words.clone())
        };
        let field = |reason, unit: &str| unfit(reason, "unit").meta("unit", unit);
        match &error {
            Error::StepNotAllowed { step, state } => {
                failed("STEP_NOT_ALLOWED").meta("step", *step).meta("state", *state)
            }
            Error::NotForRole { step } => denied("ROLE_NOT_ALLOWED").meta("step", *step),
            Error::AtTopTier => failed("AT_TOP_TIER"),
            Error::NobodyAbove { holder } => failed("NO_SUCH_UNIT_ABOVE").meta("holder", holder),
            Error::RoutingAway => away(words),
            Error::AtLowestTier => failed("AT_LOWEST_TIER"),
            Error::TierMayNotCall => failed("TIER_MAY_NOT_CALL"),
            Error::DispatchBinds => failed("DISPATCH_BINDS"),
            Error::TooManyDispatches { most } => failed("TOO_MANY_DISPATCHES").meta("most", most.to_string()),
            Error::LeadRequired => failed("LEAD_REQUIRED"),
            Error::LeadsAlready => failed("LEADS_ALREADY"),
            Error::OpenDispatches { open } => failed("OPEN_DISPATCHES").meta("dispatches", told(open)),
            Error::EvidenceRequired { missing } => {
                failed("EVIDENCE_REQUIRED").meta("missing", joined(missing, |kind| kind.name().to_owned()))
            }
            Error::TooManyAttachments { most } => {
                failed("TOO_MANY_ATTACHMENTS").meta("most", most.to_string())
            }
            Error::AttachmentTooLarge { largest } => {
                unfit("ATTACHMENT_TOO_LARGE", "size").meta("largest", largest.to_string())
            }
            Error::MediaTypeNotAllowed { found, allowed } => unfit("MEDIA_TYPE_NOT_ALLOWED", "chunk")
                .meta("found", found)
                .meta("allowed", allowed.join(",")),
            Error::NotReconciled { judged, unanswered } => {
                let unanswered = joined(unanswered, ToString::to_string);
                failed("NOT_RECONCILED").meta("judged", judged.to_string()).meta("unanswered", unanswered)
            }
            Error::Withdrawn => failed("CASE_WITHDRAWN"),
            Error::NotHolder { holder } => denied("NOT_HOLDER").meta("holder", holder),
            Error::NotCalled { unit } => denied("NOT_CALLED").meta("unit", unit),
            Error::NotCaller { caller, holder } => {
                denied("NOT_CALLER").meta("caller", caller).meta("holder", holder)
            }
            Error::NotAbove => denied("NOT_ABOVE"),
            Error::NotGranter { granter } => denied("NOT_GRANTER").meta("granter", granter),
            Error::ApprovalPending { approval } => {
                failed("APPROVAL_PENDING").meta("approval", approval.to_string())
            }
            Error::TooManyExtensions { most } => failed("TOO_MANY_EXTENSIONS").meta("most", most.to_string()),
            Error::DeadlinePassed => failed("DEADLINE_PASSED"),
            Error::OtherMeasure { kind } => {
                unfit("OTHER_MEASURE", "more.kind").meta("kind", kind.to_string())
            }
            Error::ExtensionTooLong { longest } => {
                unfit("EXTENSION_TOO_LONG", "more.amount").meta("longest", longest.to_string())
            }
            Error::ReturnWindowClosed { closed_at } => {
                failed("RETURN_WINDOW_CLOSED").meta("closed_at", closed_at.to_rfc3339())
            }
            Error::ReturnsBind { holder } => failed("RETURNS_BIND").meta("holder", holder),
            Error::NotArbiter { arbiter } => denied("NOT_ARBITER").meta("arbiter", arbiter),
            Error::OutsideArea => denied("OUTSIDE_AREA"),
            Error::UnitNotBelow { unit } => field("UNIT_NOT_BELOW", unit),
            Error::UnitOutsideArea { unit } => field("UNIT_OUTSIDE_AREA", unit),
            Error::UnitNotCallable { unit } => field("UNIT_NOT_CALLABLE", unit),
        }
    }
}

/// Each with its unit and where it is.
fn told(open: &[(Uuid, String, DispatchState)]) -> String {
    joined(open, |(id, unit, state)| format!("{id} {unit} {}", state.name()))
}

fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join(",")
}

/// As a step itself is refused while routing is away.
fn away(words: String) -> Problem {
    Problem::new(Code::Unavailable, "ROUTING_UNAVAILABLE", words).retry_after(Duration::from_secs(1))
}
