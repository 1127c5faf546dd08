//! What a caller is told when the domain says no: each refusal has its own reason.

use std::time::Duration;

use chrono::{DateTime, Utc};
use huying_chassis::status::Problem;
use huying_terms::{Limit, LimitKind};
use tonic::Code;
use uuid::Uuid;

use crate::domain::{AttachmentKind, DispatchState, Error, Refusal, handling::HandlingField};

/// One line each: how it is refused, why, the field at fault where one is, and its reason. All that it names is told beside its words.
macro_rules! refusals {
    ($($code:ident $why:ident { $($told:ident),* } $($field:literal)? => $reason:literal;)*) => {
        impl From<Error> for Problem {
            fn from(error: Error) -> Self {
                let words = error.to_string();
                match error {
                    $(Error::$why { $($told),* } => {
                        let problem = Self::new(Code::$code, $reason, words.clone());
                        $(let problem = problem.field($field, words);)?
                        $(let problem = problem.meta(stringify!($told), $told.told());)*
                        problem
                    })*
                }
            }
        }
    };
}

refusals! {
    FailedPrecondition StepNotAllowed { step, state } => "STEP_NOT_ALLOWED";
    FailedPrecondition AtTopTier {} => "AT_TOP_TIER";
    FailedPrecondition AtLowestTier {} => "AT_LOWEST_TIER";
    FailedPrecondition NobodyAbove { holder } => "NO_SUCH_UNIT_ABOVE";
    FailedPrecondition Withdrawn {} => "CASE_WITHDRAWN";
    FailedPrecondition Merged { into } => "CASE_MERGED";
    InvalidArgument SameCase {} "into" => "SAME_CASE";
    FailedPrecondition TargetNotOpen { number, state } => "TARGET_NOT_OPEN";
    FailedPrecondition CaseFull { most } => "CASE_FULL";
    FailedPrecondition MergedTooDeep { most } => "MERGED_TOO_DEEP";
    FailedPrecondition UnmergeWindowClosed { closed_at } => "UNMERGE_WINDOW_CLOSED";
    FailedPrecondition IsPart { whole } => "CASE_IS_PART";
    FailedPrecondition OpenParts { parts } => "OPEN_PARTS";
    FailedPrecondition TooManyParts { most } => "TOO_MANY_PARTS";
    FailedPrecondition NoRequestLeft {} => "NO_REQUEST_LEFT";
    FailedPrecondition NotReconciled { judged, unanswered } => "NOT_RECONCILED";
    InvalidArgument HandlingRequired { missing } "handling" => "HANDLING_REQUIRED";
    InvalidArgument VisitFirst {} "handling.contact_method" => "VISIT_FIRST";
    FailedPrecondition EvidenceRequired { missing } => "EVIDENCE_REQUIRED";
    FailedPrecondition NotVerified { verifier } => "NOT_VERIFIED";
    FailedPrecondition NothingToVerify {} => "NOTHING_TO_VERIFY";
    FailedPrecondition PhotoRequired {} => "PHOTO_REQUIRED";
    FailedPrecondition TooManyAttachments { most } => "TOO_MANY_ATTACHMENTS";
    InvalidArgument AttachmentTooLarge { largest } "size" => "ATTACHMENT_TOO_LARGE";
    InvalidArgument MediaTypeNotAllowed { found, allowed } "chunk" => "MEDIA_TYPE_NOT_ALLOWED";

    FailedPrecondition TierMayNotCall {} => "TIER_MAY_NOT_CALL";
    FailedPrecondition TooManyDispatches { most } => "TOO_MANY_DISPATCHES";
    FailedPrecondition LeadRequired {} => "LEAD_REQUIRED";
    FailedPrecondition LeadsAlready {} => "LEADS_ALREADY";
    FailedPrecondition OpenDispatches { dispatches } => "OPEN_DISPATCHES";
    FailedPrecondition DispatchBinds {} => "DISPATCH_BINDS";

    FailedPrecondition ApprovalPending { approval } => "APPROVAL_PENDING";
    FailedPrecondition TooManyExtensions { most } => "TOO_MANY_EXTENSIONS";
    FailedPrecondition DeadlinePassed {} => "DEADLINE_PASSED";
    InvalidArgument OtherMeasure { kind } "more.kind" => "OTHER_MEASURE";
    InvalidArgument UnknownGround { ground, known } "ground" => "UNKNOWN_GROUND";
    InvalidArgument ExtensionTooLong { longest } "more.amount" => "EXTENSION_TOO_LONG";

    FailedPrecondition ReviewPast {} => "REVIEW_PAST";
    InvalidArgument ReviewTooLate { longest } "review_date" => "REVIEW_TOO_LATE";

    FailedPrecondition NotInCharge {} => "NOT_IN_CHARGE";
    FailedPrecondition NotSupervised {} => "NOT_SUPERVISED";

    FailedPrecondition HolderStands { holder } => "HOLDER_STANDS";
    FailedPrecondition ReturnWindowClosed { closed_at } => "RETURN_WINDOW_CLOSED";
    FailedPrecondition ReturnsBind { holder } => "RETURNS_BIND";

    PermissionDenied NotForRole { step } => "ROLE_NOT_ALLOWED";
    PermissionDenied NotHolder { holder } => "NOT_HOLDER";
    PermissionDenied NotCalled { unit } => "NOT_CALLED";
    PermissionDenied NotCaller { caller, holder } => "NOT_CALLER";
    PermissionDenied NotAbove {} => "NOT_ABOVE";
    PermissionDenied NotAboveHolder { holder } => "NOT_ABOVE";
    PermissionDenied NotAboveCharge { area } => "NOT_ABOVE";
    PermissionDenied NotGranter { granter } => "NOT_GRANTER";
    PermissionDenied NotArbiter { arbiter } => "NOT_ARBITER";
    InvalidArgument UnknownGroup { group } "group" => "UNKNOWN_GROUP";
    FailedPrecondition GroupAtWork { group } => "GROUP_AT_WORK";
    FailedPrecondition TooManyGroups { most } => "TOO_MANY_GROUPS";
    FailedPrecondition NoGroup {} => "NO_GROUP";
    PermissionDenied NotChair { chair } => "NOT_CHAIR";
    InvalidArgument SpanNotAhead { most_days } "until_time" => "SPAN_NOT_AHEAD";
    InvalidArgument UnitMayNotChair { unit } "chair" => "UNIT_MAY_NOT_CHAIR";
    PermissionDenied NotVerifier { verifier } => "NOT_VERIFIER";
    PermissionDenied WorkedOnIt {} => "WORKED_ON_IT";
    PermissionDenied OwnWork {} => "OWN_WORK";
    InvalidArgument OutcomesMissing { cases } "outcomes" => "OUTCOMES_MISSING";
    FailedPrecondition MeetingAhead { starts_at } => "MEETING_AHEAD";
    InvalidArgument UnknownOfficer { unit, subject } "subject" => "UNKNOWN_OFFICER";
    FailedPrecondition AbsenceOver { until_at } => "ABSENCE_OVER";
    FailedPrecondition TooManyMeetings { most } => "TOO_MANY_MEETINGS";

    PermissionDenied OutsideArea {} => "OUTSIDE_AREA";
    InvalidArgument UnitNotBelow { unit } "unit" => "UNIT_NOT_BELOW";
    InvalidArgument UnitOutsideArea { unit } "unit" => "UNIT_OUTSIDE_AREA";
    InvalidArgument UnitNotCallable { unit } "unit" => "UNIT_NOT_CALLABLE";

    Unavailable RoutingAway {} => "ROUTING_UNAVAILABLE";
}

/// What does not fit just now comes with the steps that do; what is only away is asked again.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(refusal.why);
        if problem.code() == Code::Unavailable {
            return problem.retry_after(Duration::from_secs(1));
        }
        if problem.code() == Code::FailedPrecondition { problem.allowed(&refusal.allowed) } else { problem }
    }
}

/// As a refusal names it to a program.
trait Told {
    fn told(&self) -> String;
}

macro_rules! told {
    ($($kind:ty: $text:expr;)*) => { $(impl Told for $kind {
        fn told(&self) -> String {
            let text: fn(&Self) -> String = $text;
            text(self)
        }
    })* };
}

told! {
    bool: ToString::to_string;
    u32: ToString::to_string;
    u64: ToString::to_string;
    usize: ToString::to_string;
    &'static str: ToString::to_string;
    String: Clone::clone;
    Uuid: ToString::to_string;
    Limit: ToString::to_string;
    LimitKind: ToString::to_string;
    DateTime<Utc>: |it| it.to_rfc3339();
    AttachmentKind: |it| it.name().to_owned();
    HandlingField: |it| it.name().to_owned();
    // A dispatch with its unit and where it is.
    (Uuid, String, DispatchState): |(id, unit, state)| format!("{id} {unit} {}", state.name());
}

impl<T: Told> Told for Vec<T> {
    fn told(&self) -> String {
        self.iter().map(Told::told).collect::<Vec<_>>().join(",")
    }
}
