//! Why a step is refused. `grpc/problem.rs` says each to the caller.

use chrono::{DateTime, Utc};
use huying_terms::{Limit, LimitKind};
use uuid::Uuid;

use super::{attachment::AttachmentKind, dispatch::state::DispatchState, handling::HandlingField};

/// A refusal, and what may be asked for instead. It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    pub why: Error,
    /// The steps that somebody may ask for now.
    pub allowed: Vec<&'static str>,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("none of the caller's roles may ask for {step}")]
    NotForRole { step: &'static str },
    #[error("{step} is not allowed while {state}")]
    StepNotAllowed { step: &'static str, state: &'static str },
    #[error("the case is at the top tier: nobody is above")]
    AtTopTier,
    #[error("the directory knows nobody above {holder}")]
    NobodyAbove { holder: String },
    #[error("routing does not answer: whoever is above is not known")]
    RoutingAway,
    #[error("the case is at the grid: nobody is below")]
    AtLowestTier,
    #[error("only a street or the district may call: a community asks its street")]
    TierMayNotCall,
    #[error("a case has at most {most} dispatches")]
    TooManyDispatches { most: usize },
    #[error("no open dispatch of the case leads: one of the summons must")]
    LeadRequired,
    #[error("it leads already")]
    LeadsAlready,
    #[error("of a case of this category more must be said: {}", missing.iter().map(|it| it.name()).collect::<Vec<_>>().join(", "))]
    HandlingRequired { missing: Vec<HandlingField> },
    #[error(
        "it concerns people who come first: it is resolved once the reporter was visited, and how they were contacted says so"
    )]
    VisitFirst,
    #[error("dispatches are still open")]
    OpenDispatches { dispatches: Vec<(Uuid, String, DispatchState)> },
    #[error("evidence is missing that the category demands")]
    EvidenceRequired { missing: Vec<AttachmentKind> },
    #[error("the case is looked at on site first, by {verifier}")]
    NotVerified { verifier: String },
    #[error("nothing of the case is to be looked at")]
    NothingToVerify,
    #[error("whoever looks at a case has not worked on it, in whichever unit")]
    WorkedOnIt,
    #[error("whoever had part in the case, or acted for a unit that had, leaves this to somebody else")]
    OwnWork,
    #[error("whoever looks at a case adds a photo of it first")]
    PhotoRequired,
    #[error("only {verifier}, or somebody above it, may look; never a unit that worked on the case")]
    NotVerifier { verifier: String },
    #[error("a case has at most {most} attachments")]
    TooManyAttachments { most: u32 },
    #[error("an attachment has at most {largest} bytes")]
    AttachmentTooLarge { largest: u64 },
    #[error("what this file is by its content ({found}) is not taken for what it is to show")]
    MediaTypeNotAllowed { found: String, allowed: Vec<String> },
    #[error("the account is not reconciled")]
    NotReconciled { judged: bool, unanswered: Vec<Uuid> },
    #[error("the reporter took the request back: a withdrawn case stays closed")]
    Withdrawn,
    #[error("it was merged into {into}: go on there, or un-merge it")]
    Merged { into: String },
    #[error("a case is not merged into itself: name another one")]
    SameCase,
    #[error("{number} is {state}: requests come to a case and leave it until it is resolved")]
    TargetNotOpen { number: String, state: &'static str },
    #[error("a case has at most {most} requests")]
    CaseFull { most: usize },
    #[error("others were merged into it {most} deep: merge the other case into this one instead")]
    MergedTooDeep { most: u32 },
    #[error("the time to un-merge it was over at {closed_at}")]
    UnmergeWindowClosed { closed_at: DateTime<Utc> },
    #[error("it is a part of {whole}, and its reporter hears of that alone: do so there")]
    IsPart { whole: String },
    #[error("parts of it are still open: {}", parts.join(", "))]
    OpenParts { parts: Vec<String> },
    #[error("a case has at most {most} parts")]
    TooManyParts { most: usize },
    #[error("one of both cases would have no request: withdrawn ones do not come back")]
    NoRequestLeft,
    #[error("the dispatch binds: it was declined and overruled once")]
    DispatchBinds,
    #[error("only the holder may do this: {holder} holds the case")]
    NotHolder { holder: String },
    #[error("only the called unit may do this: {unit} was called")]
    NotCalled { unit: String },
    #[error("only the unit that called ({caller}) or that holds the case ({holder}) may do this")]
    NotCaller { caller: String, holder: String },
    #[error("only somebody above the caller may settle a declined dispatch")]
    NotAbove,
    #[error("the case is in no leader's charge")]
    NotInCharge,
    #[error("it is in the charge of a leader of {area}: only somebody of that area, or above, may do this")]
    NotAboveCharge { area: String },
    #[error("nothing asks the holder for an answer")]
    NotSupervised,
    #[error(
        "the directory knows the holder, {holder}: only a case whose holder is no more is relieved of it"
    )]
    HolderStands { holder: String },
    #[error("only {granter}, or somebody above it, may rule on this")]
    NotGranter { granter: String },
    #[error("the same is asked for already: {approval}")]
    ApprovalPending { approval: Uuid },
    #[error("a case is extended at most {most} times")]
    TooManyExtensions { most: u32 },
    #[error("an extension is asked for before the deadline")]
    DeadlinePassed,
    #[error("the deadline is counted in {kind}")]
    OtherMeasure { kind: LimitKind },
    #[error("one extension is at most {longest}")]
    ExtensionTooLong { longest: Limit },
    #[error("the time to return it was over at {closed_at}")]
    ReturnWindowClosed { closed_at: DateTime<Utc> },
    #[error("it was decided for good: {holder} may not return it")]
    ReturnsBind { holder: String },
    #[error("only {arbiter}, or somebody above it, may decide; never the unit that returned it")]
    NotArbiter { arbiter: String },
    #[error("only somebody above the holder, {holder}, may do this")]
    NotAboveHolder { holder: String },
    #[error("the day of the review must lie ahead: name a later one")]
    ReviewPast,
    #[error("a suspended case goes without a review for at most {longest}: name an earlier day")]
    ReviewTooLate { longest: Limit },
    #[error("{ground} is no ground to decline on: use one of {}", known.join(", "))]
    UnknownGround { ground: String, known: Vec<String> },
    #[error("the profile has no response group {group}, or none of it is at work on this case")]
    UnknownGroup { group: String },
    #[error("{group} is at work on the case already")]
    GroupAtWork { group: String },
    #[error("at most {most} groups work on a case at a time")]
    TooManyGroups { most: usize },
    #[error("no group is at work on the case")]
    NoGroup,
    #[error("only its chair ({chair}), the holder, or a street or the district above the case may do this")]
    NotChair { chair: String },
    #[error("the span must end after now, within {most_days} days")]
    SpanNotAhead { most_days: u32 },
    #[error("{unit} stands below the street: it commands no group")]
    UnitMayNotChair { unit: String },
    #[error("each case of the meeting needs its outcome, once, and no other")]
    OutcomesMissing { cases: Vec<Uuid> },
    #[error("the meeting begins at {starts_at}: it is recorded afterwards")]
    MeetingAhead { starts_at: DateTime<Utc> },
    #[error("the roster of {unit} has no officer {subject}")]
    UnknownOfficer { unit: String, subject: String },
    #[error("the absence was over at {until_at}")]
    AbsenceOver { until_at: DateTime<Utc> },
    #[error("a case was deliberated on {most} times: no further meeting is convened")]
    TooManyMeetings { most: usize },
    #[error("the case lies outside of the area")]
    OutsideArea,
    #[error("{unit} is not below the holder")]
    UnitNotBelow { unit: String },
    #[error("{unit} answers for another area")]
    UnitOutsideArea { unit: String },
    #[error("{unit} cannot be called on this case")]
    UnitNotCallable { unit: String },
}

impl From<Error> for huying_chassis::run::Halt<Error> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}
