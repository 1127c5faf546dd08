//! Every step that can be asked for, each with something that fits beside it.

use chrono::{Days, NaiveDate, TimeDelta};
use huying_casework::domain::{
    Approval, AttachmentKind, By, Case, Dispatch, Error, File, Level, Meeting, Ruled, Step, Unit,
    approval::step::{Grant, Refuse},
    case::step::{
        Accept, AnswerSupervision, Appoint, Arbitrate, AskDecline, AskExtension, AskGroup, AskReporter,
        AskSuspension, Attach, Call, Consult, Delegate, EndCharge, EndGroup, Escalate, FormTaskForce, Merge,
        Note, Part, Recategorise, Relieve, Reopen, ReportCharge, Resolve, Resume, Return, ReviewSuspension,
        Split, StrikeOff, Summons, Supervise, TakeCharge, Unmerge, Verify,
    },
    dispatch::step as on_dispatch,
    meeting::step::{Cancel, Record},
};
use huying_terms::{Limit, LimitKind};
use uuid::Uuid;

use crate::fixture::{self as f, Facts, take};

/// A step with something that fits beside it, under its name.
pub type Attempt<A> = (&'static str, Box<dyn Fn(&A, &By, &Facts) -> Result<(), Error>>);

pub fn attempt<A: Ruled, S: Step<A> + 'static>(step: S) -> Attempt<A> {
    attempt_at(step, Vec::new())
}

/// The same, of a step that asks who units are.
fn attempt_at<A: Ruled, S: Step<A> + 'static>(step: S, units: Vec<Unit>) -> Attempt<A> {
    let take =
        move |it: &A, by: &By, facts: &Facts| take(it, by, &step, &facts.clone().units(&units)).map(drop);
    (S::RULE.name, Box::new(take))
}

/// Every step on a case that can be asked for: whoever adds one adds a line.
pub fn on_cases() -> Vec<Attempt<Case>> {
    let reason = || "x".to_owned();
    let more = Limit { kind: LimitKind::UrgentHour, amount: 1 };
    vec![
        attempt(Accept),
        attempt(Appoint { officer: None }),
        attempt(Note { text: reason(), public: true }),
        attempt(Escalate { reason: reason() }),
        attempt_at(Delegate { unit: "G-1".into(), reason: reason() }, vec![f::grid()]),
        attempt_at(call(8), vec![f::traffic()]),
        attempt_at(consult(), vec![f::traffic()]),
        attempt_at(ask_group(), vec![f::chair(), f::traffic(), f::parks()]),
        attempt_at(task_force(), vec![f::street(), f::traffic()]),
        attempt(EndGroup { group: "RG-1".into(), reason: reason() }),
        attempt(Merge { into: f::OTHER, reason: reason() }),
        attempt(Unmerge { reason: reason() }),
        attempt(Recategorise { category: "x".into(), reason: reason() }),
        attempt_at(Split { parts: vec![part()], reason: reason() }, vec![f::grid()]),
        attempt(Attach { file: photo(), unit: None }),
        attempt(AskExtension { approval: Uuid::from_u128(70), more, reason: reason() }),
        attempt(AskSuspension {
            approval: Uuid::from_u128(71),
            plan: reason(),
            review: review(),
            reason: reason(),
        }),
        attempt(ReviewSuspension { review: review(), remark: reason() }),
        attempt(Resume { reason: reason() }),
        attempt(AskDecline { approval: Uuid::from_u128(72), ground: "repeat".into(), answer: reason() }),
        attempt(Supervise { level: Level::Urge, reason: reason() }),
        attempt(AnswerSupervision { text: reason() }),
        attempt(TakeCharge { leader: reason(), plan: reason() }),
        attempt(ReportCharge { text: reason() }),
        attempt(EndCharge { reason: reason() }),
        attempt(Return { reason: reason() }),
        attempt_at(Arbitrate { unit: "G-1".into(), binding: false, reason: reason() }, vec![f::grid()]),
        attempt(AskReporter { question: reason() }),
        attempt(Resolve { answer: reason(), handling: None }),
        attempt(Verify { passed: true, finding: reason() }),
        attempt(StrikeOff),
        attempt(Reopen { reason: reason() }),
        attempt_at(Relieve { unit: "G-1".into(), reason: reason() }, vec![f::grid()]),
    ]
}

/// A day on which a suspended case may be looked at again.
pub fn review() -> NaiveDate {
    f::morning().date_naive() + Days::new(30)
}

fn consult() -> Consult {
    let call = Call { summons: Vec::new(), respond: None, resolve: None };
    Consult { participants: vec!["DEP-traffic".into()], minutes: "x".into(), call }
}

fn ask_group() -> AskGroup {
    let (approval, dispatches) = (Uuid::from_u128(70), vec![Uuid::from_u128(71), Uuid::from_u128(72)]);
    AskGroup { approval, group: "RG-2".into(), task: "x".into(), reason: "x".into(), dispatches }
}

fn task_force() -> FormTaskForce {
    FormTaskForce {
        code: "1".into(),
        name: "专班".into(),
        chair: "S-1".into(),
        members: vec!["DEP-traffic".into()],
        task: "x".into(),
        until: f::morning() + TimeDelta::days(1),
        others: Vec::new(),
        dispatches: vec![Uuid::from_u128(73)],
    }
}

pub fn photo() -> File {
    File {
        id: Uuid::from_u128(60),
        kind: AttachmentKind::AfterPhoto,
        name: "修剪后.jpg".into(),
        media_type: "image/jpeg".into(),
        size: 1,
        sha256: "00".into(),
        object: "990101/1".into(),
    }
}

/// And on a dispatch.
pub fn on_dispatches() -> Vec<Attempt<Dispatch>> {
    let reason = || "x".to_owned();
    vec![
        attempt(on_dispatch::Accept { note: reason() }),
        attempt(on_dispatch::Complete { note: reason() }),
        attempt(on_dispatch::Decline { note: reason() }),
        attempt(Appoint { officer: None }),
        attempt(on_dispatch::TakeBack { reason: reason() }),
        attempt(on_dispatch::Relead { reason: reason() }),
        attempt(on_dispatch::Insist { reason: reason() }),
        attempt(on_dispatch::Release { reason: reason(), apt: false }),
    ]
}

pub fn call(dispatch: u128) -> Call {
    let (unit, task) = ("DEP-traffic".to_owned(), "疏导".to_owned());
    let dispatch = Uuid::from_u128(dispatch);
    let summons = vec![Summons { dispatch, unit, lead: true, task, respond: None, resolve: None }];
    Call { summons, respond: None, resolve: None }
}

fn part() -> Part {
    Part { case: Uuid::from_u128(73), unit: "G-1".into(), content: "x".into() }
}

/// And on what is asked for.
pub fn on_approvals() -> Vec<Attempt<Approval>> {
    vec![attempt(Grant { reason: "x".into() }), attempt(Refuse { reason: "x".into() })]
}

/// And on a meeting about no case.
pub fn on_meetings() -> Vec<Attempt<Meeting>> {
    let record = Record { parties: Vec::new(), minutes: "x".into(), outcomes: Vec::new() };
    vec![attempt(record), attempt(Cancel { reason: "x".into() })]
}
