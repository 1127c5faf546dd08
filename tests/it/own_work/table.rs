//! Every command there is on requests, cases and what is made of them, and whether who did the work could make it look better by it.

use Own::{Harmless, Holders, Kept, Tried, TriedIn};

/// The file and the name of a test.
pub type Test = (&'static str, &'static str);

/// What holds for those who had part in the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// It judges the work, asks about it, or takes it out of the rates: refused to all of them. Tried in this file.
    Tried,
    /// The same, tried in a test of its service.
    TriedIn(Test),
    /// Refused to the unit that holds the case, and to who acted for it; whoever passed it on may still. Tried in that test.
    Holders(Test),
    /// Let, and what would make the work look better by it stays as it was. Tried in that test.
    Kept(Test),
    /// It is the work itself, or judges nothing: why.
    Harmless(&'static str),
}

const WORK: Own = Harmless("a step of the work, which its holder, or who is above, answers for");
const ASKS: Own = Harmless("asks for what somebody else grants");
const PRESSES: Own = Harmless("presses the holder, and ends or counts nothing");
const ABOUT_NO_CASE: Own = Harmless("about no case");
const TOLD: Own = Harmless("says more of the request, and ends nothing");
const FOR_OPERATORS: Own = Harmless("the rules of a whole district, by who works on no case");
const BEFORE: Own = Harmless("where it goes is decided before anybody works on it");
const COMMON: Own = Harmless("what many cases have in common is judged by the clock, from the figures");

const INTAKE_OWN: &str = "services/intake/tests/it/own_work.rs";
const OBJECTION: &str = "services/intake/tests/it/objection.rs";
const CASEWORK_OWN: &str = "services/casework/tests/it/own_work.rs";
const EVALUATION_OWN: &str = "services/evaluation/tests/it/own_work.rs";

pub const INTAKE: &[(&str, Own)] = &[
    ("ArchiveService/OpenArchive", ABOUT_NO_CASE),
    ("ArchiveService/UpdateArchive", ABOUT_NO_CASE),
    ("ArchiveService/ObligeVisit", ABOUT_NO_CASE),
    ("CardService/IssueCards", ABOUT_NO_CASE),
    ("CardService/ReplaceCard", ABOUT_NO_CASE),
    ("CardService/RevokeCard", ABOUT_NO_CASE),
    ("CardService/SubmitByCard", TOLD),
    ("CardService/NoteCall", TOLD),
    ("ForumService/HoldForum", ABOUT_NO_CASE),
    ("HandbookService/PublishGuide", ABOUT_NO_CASE),
    ("HandbookService/WithdrawGuide", ABOUT_NO_CASE),
    ("OfferService/MakeOffer", ABOUT_NO_CASE),
    ("OfferService/MatchOffer", ABOUT_NO_CASE),
    ("OfferService/CompleteOffer", ABOUT_NO_CASE),
    ("OfferService/WithdrawOffer", ABOUT_NO_CASE),
    ("OfferService/RateOffer", ABOUT_NO_CASE),
    // Without a phone nobody is asked how it went.
    ("PrivacyService/ForgetReporter", Tried),
    (
        "PrivacyService/ForgetOccupant",
        TriedIn((INTAKE_OWN, "nor_is_a_household_forgotten_by_who_worked_for_it")),
    ),
    ("ProfileService/ApplyProfile", FOR_OPERATORS),
    ("RequestService/SubmitRequest", TOLD),
    ("RequestService/AddInformation", TOLD),
    (
        "RequestService/JoinRequest",
        Harmless("adds somebody to a request, who is counted; takes nobody off it"),
    ),
    ("RequestService/WithdrawRequest", Tried),
    ("RequestService/TellProgress", Harmless("the first contact's duty, whoever works")),
    ("RequestService/AnswerRequest", Harmless("the first contact's duty, whoever works")),
    // It would drop the question to the reporter.
    ("RequestService/RaiseObjection", Holders((OBJECTION, "a_reporter_objects_until_the_window_ends"))),
    ("RiskService/OpenRisk", ABOUT_NO_CASE),
    ("RiskService/SettleRisk", ABOUT_NO_CASE),
    ("VisitService/RecordVisit", ABOUT_NO_CASE),
];

pub const ROUTING: &[(&str, Own)] = &[
    ("LearningService/ApplyModel", FOR_OPERATORS),
    ("ProfileService/ApplyProfile", FOR_OPERATORS),
    ("RouteService/ClaimTriage", BEFORE),
    ("RouteService/ReleaseTriage", BEFORE),
    ("RouteService/DecideTriage", BEFORE),
    // It comes while the case is worked on: what is amber or red gets no longer, and the holder's own people do not give it away.
    ("RouteService/CorrectRoute", Kept((CASEWORK_OWN, "nobody_gives_their_own_case_away_by_a_correction"))),
];

pub const CASEWORK: &[(&str, Own)] = &[
    // Nobody grants what their unit, or they for it, asked for; and that a case be declined, nobody who had part in it: it counts in no rate.
    (
        "ApprovalService/GrantApproval",
        TriedIn((CASEWORK_OWN, "whoever_passed_it_down_does_not_grant_that_it_be_declined")),
    ),
    ("ApprovalService/RefuseApproval", Harmless("the work goes on as it was")),
    ("AttachmentService/UploadAttachment", WORK),
    ("CaseService/AcceptCase", WORK),
    ("CaseService/AddNote", WORK),
    ("CaseService/AppointOfficer", WORK),
    ("CaseService/EscalateCase", WORK),
    ("CaseService/DelegateCase", WORK),
    ("CaseService/ReturnCase", ASKS),
    ("CaseService/ArbitrateCase", Harmless("never by the unit that returned it, and it ends nothing")),
    ("CaseService/CallDepartments", WORK),
    ("CaseService/HoldConsultation", WORK),
    ("CaseService/AskResponseGroup", ASKS),
    ("CaseService/FormTaskForce", WORK),
    ("CaseService/EndGroup", WORK),
    // What is late or soon will be, or was reopened, would leave the account in no rate.
    (
        "CaseService/MergeCase",
        TriedIn((CASEWORK_OWN, "what_counts_against_those_who_worked_is_merged_by_somebody_else")),
    ),
    ("CaseService/UnmergeCase", Harmless("it counts again")),
    ("CaseService/SplitCase", Harmless("the whole counts, as before")),
    // Priority, limits and holder are routing's to say. What is amber or red gets no longer.
    ("CaseService/RecategoriseCase", Kept((CASEWORK_OWN, "another_category_takes_no_lateness_away"))),
    ("CaseService/AskExtension", ASKS),
    (
        "CaseService/AskReporter",
        Harmless("in public, and its clock runs on when the reporter answers or the time for that is up"),
    ),
    ("CaseService/AskSuspension", ASKS),
    ("CaseService/ReviewSuspension", Harmless("only by who is above the holder")),
    ("CaseService/ResumeCase", WORK),
    ("CaseService/AskDecline", ASKS),
    ("CaseService/SuperviseCase", PRESSES),
    ("CaseService/AnswerSupervision", WORK),
    ("CaseService/TakeCharge", PRESSES),
    ("CaseService/ReportCharge", PRESSES),
    ("CaseService/EndCharge", PRESSES),
    ("CaseService/ResolveCase", WORK),
    ("CaseService/VerifyCase", TriedIn((CASEWORK_OWN, "whoever_passed_it_on_is_not_asked_to_look"))),
    ("CaseService/StrikeOffCase", Harmless("only what was judged already")),
    // It would drop the question to the reporter.
    ("CaseService/ReopenCase", Holders((CASEWORK_OWN, "nobody_drops_the_question_about_their_own_work"))),
    ("CaseService/RelieveCase", Harmless("only of a holder that is no more, by who is above")),
    ("DispatchService/RespondDispatch", WORK),
    ("DispatchService/AppointDispatchOfficer", WORK),
    ("DispatchService/ArbitrateDispatch", Harmless("only by who is above the caller, and it ends no case")),
    ("DispatchService/TakeBackDispatch", WORK),
    ("DispatchService/ReleadDispatch", WORK),
    ("MeetingService/ConveneMeeting", Harmless("moves no case")),
    ("MeetingService/RecordMeeting", Harmless("moves no case")),
    ("MeetingService/CancelMeeting", Harmless("moves no case")),
    ("OfficerService/RecordAbsence", ABOUT_NO_CASE),
    ("OfficerService/EndAbsence", ABOUT_NO_CASE),
    ("ProfileService/ApplyProfile", FOR_OPERATORS),
];

pub const EVALUATION: &[(&str, Own)] = &[
    ("AppealService/LodgeAppeal", Harmless("the judged unit's right; somebody else decides")),
    ("AppealService/DecideAppeal", Tried),
    ("CallbackService/RecordVerdict", Tried),
    ("CallbackService/RecordAttempt", Tried),
    ("CallbackService/IssueVerdictLink", Tried),
    (
        "CallbackService/GiveVerdict",
        Harmless("by the reporter's own token, which who did the work is not given"),
    ),
    ("DelegateService/RecordInspection", Tried),
    ("InquiryService/OpenInquiry", Tried),
    ("InquiryService/ClaimInquiry", Harmless("to answer for the work, and not to judge the answer")),
    ("InquiryService/AnswerInquiry", Harmless("to answer for the work, and not to judge the answer")),
    ("InquiryService/JudgeInquiry", Harmless("only by who opened it")),
    ("InquiryService/WithdrawInquiry", Harmless("only by who opened it")),
    ("ProfileService/ApplyProfile", FOR_OPERATORS),
    // Those who worked rate each other, and nobody their own unit nor one that they acted for.
    ("RatingService/RateUnit", TriedIn((EVALUATION_OWN, "nobody_rates_a_unit_that_they_acted_for"))),
    ("RatingService/JudgeCall", TriedIn((EVALUATION_OWN, "nobody_rates_a_unit_that_they_acted_for"))),
    ("RoundService/BeginRound", Tried),
    ("RoundService/HandOut", Tried),
    ("RoundService/RecordInterview", Tried),
    ("RoundService/CloseRound", Tried),
    ("TopicService/OpenTopic", COMMON),
    ("TopicService/ChangeTopic", COMMON),
    ("TopicService/AttachCases", COMMON),
    ("TopicService/ReportMeasure", COMMON),
    ("TopicService/TestTopic", COMMON),
    ("TopicService/WithdrawTopic", COMMON),
];
