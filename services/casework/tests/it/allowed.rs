//! What is told as allowed is what happens: for every step, in every state, for every kind of caller.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};
use huying_casework::{
    domain::{
        Approval, AttachmentKind, By, Case, CaseworkProfile, Dispatch, Error, File, Holder, Judgement, Level,
        Meeting, Outcome, ResponseGroup, Ruled, State, Step, Unit,
        case::step::{
            Accept, AnswerSupervision, Appoint, Arbitrate, AskDecline, AskExtension, AskGroup, AskReporter,
            AskSuspension, Attach, Attached, Call, Charge, Consult, Delegate, EndCharge, EndGroup, Escalate,
            FormTaskForce, Merge, Note, Part, Recategorise, Relieve, Reopen, ReportCharge, Resolve, Resume,
            Return, ReviewSuspension, Split, StrikeOff, Summons, Supervise, TakeCharge, Unmerge, Verify,
        },
        case::{CaseName, MergedInto, part::PartOf},
        dispatch::step as on_dispatch,
        group::{AtWork, Group, GroupKind},
        supervision::Supervision,
        unit::Named,
    },
    grpc::access::rpc_of,
};
use huying_chassis::{
    auth::{CITY, Role},
    run::Halt,
};
use huying_proto::{access::ACCESS, casework::v1 as pb};
use huying_terms::{Limit, LimitKind};
use huying_testing::reason;
use uuid::Uuid;

use super::{
    arbitrate::called,
    fixture::{self as f, Facts, after, caller, case_at, facts, holder, take},
    relead::respond,
    support::{Town, resolve},
};

/// A step with something that fits beside it, under its name.
type Attempt<A> = (&'static str, Box<dyn Fn(&A, &By, &Facts) -> Result<(), Error>>);

fn attempt<A: Ruled, S: Step<A> + 'static>(step: S) -> Attempt<A> {
    attempt_at(step, Vec::new())
}

/// The same, of a step that asks who units are.
fn attempt_at<A: Ruled, S: Step<A> + 'static>(step: S, units: Vec<Unit>) -> Attempt<A> {
    let take =
        move |it: &A, by: &By, facts: &Facts| take(it, by, &step, &facts.clone().units(&units)).map(drop);
    (S::RULE.name, Box::new(take))
}

/// Every step on a case that can be asked for: whoever adds one adds a line.
fn on_cases() -> Vec<Attempt<Case>> {
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
fn review() -> NaiveDate {
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
fn on_dispatches() -> Vec<Attempt<Dispatch>> {
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

fn call(dispatch: u128) -> Call {
    let (unit, task) = ("DEP-traffic".to_owned(), "疏导".to_owned());
    let dispatch = Uuid::from_u128(dispatch);
    let summons = vec![Summons { dispatch, unit, lead: true, task, respond: None, resolve: None }];
    Call { summons, respond: None, resolve: None }
}

/// Every role at home and elsewhere, and some whose role and unit do not go together.
fn callers() -> Vec<By> {
    let mut callers = vec![
        caller(&[Role::Officer], Some("G-1"), f::GRID),
        caller(&[Role::Officer], Some("C-1"), f::COMMUNITY),
        caller(&[Role::Officer], Some("S-1"), f::STREET),
        caller(&[Role::Desk], Some("S-1"), f::STREET),
        caller(&[Role::Desk], Some("S-2"), "990101002"),
        caller(&[Role::Desk, Role::Leader], Some("D-1"), f::DISTRICT),
        caller(&[Role::Department], Some("DEP-traffic"), f::DISTRICT),
        caller(&[Role::Department], Some("DEP-parks"), f::DISTRICT),
        // The very unit that holds it, in a role that may not ask.
        caller(&[Role::Leader], Some("S-1"), f::STREET),
    ];
    callers.extend(Role::ALL.iter().map(|role| caller(&[*role], None, f::DISTRICT)));
    callers.extend(Role::ALL.iter().map(|role| caller(&[*role], None, CITY)));
    callers
}

fn urged() -> Supervision {
    Supervision { level: Level::Urge, unit: None, reason: "x".into(), at: f::morning(), answer: None }
}

fn charge() -> Charge {
    let (leader, plan, since) = ("x".into(), "x".into(), f::morning());
    Charge { leader, plan, since, area: f::DISTRICT.into(), progress: None }
}

fn part() -> Part {
    Part { case: Uuid::from_u128(73), unit: "G-1".into(), content: "x".into() }
}

/// With what it had.
fn merged(case: &Case) -> MergedInto {
    let into = CaseName { case: f::OTHER, number: f::OTHER_NUMBER.into() };
    MergedInto { into, requests: case.requests.clone(), at: f::morning() }
}

/// A case beside the one that is looked at: it has its requests, if that one is merged.
fn other(case: &Case) -> Case {
    let mut other = f::other_at(&f::grid());
    other.requests.extend(case.merged.iter().flat_map(|merged| merged.requests.clone()));
    other
}

/// Cases at every tier, with dispatches and without, judged, withdrawn and pressed; each in every state.
fn cases() -> Vec<(Case, Facts)> {
    let plain = [f::grid(), f::community(), f::street(), f::district()].map(|unit| case_at(&unit));
    let answered = plain.iter().map(|case| {
        let mut case = case.clone();
        case.judgement = Some(Judgement::Passed);
        case.requests.iter_mut().for_each(|request| request.answered = true);
        case
    });
    let withdrawn = plain.iter().map(|case| Case { outcome: Some(Outcome::Withdrawn), ..case.clone() });
    let pressed =
        plain.iter().map(|case| Case { supervision: Some(urged()), charge: Some(charge()), ..case.clone() });
    let merged = plain.iter().map(|case| Case {
        outcome: Some(Outcome::Merged),
        merged: Some(merged(case)),
        requests: Vec::new(),
        ..case.clone()
    });
    let name = || CaseName { case: f::OTHER, number: f::OTHER_NUMBER.into() };
    let split = plain.iter().flat_map(|case| {
        let part = Case { whole: Some(name()), requests: Vec::new(), ..case.clone() };
        [part, Case { parts: vec![PartOf { name: name(), unit: "G-1".into() }], ..case.clone() }]
    });
    let alone = plain
        .iter()
        .cloned()
        .chain(merged)
        .chain(split)
        .chain(answered)
        .chain(withdrawn)
        .chain(pressed)
        .map(|case| (case, facts()));
    let called = [f::street(), f::district()].map(|unit| {
        let case = Case { state: State::Working, ..case_at(&unit) };
        let known = facts().units(&[f::traffic()]).above(f::district()).of(&case);
        let by = holder(&case);
        let (decided, beside) = call(9).take(&case, &by, &known).unwrap();
        let sent = f::on_dispatches(beside)
            .into_iter()
            .map(|(id, sent)| (id, huying_testing::after(None, &sent, &f::stamp(f::morning())).unwrap()));
        let sent: Vec<(Uuid, Dispatch)> = sent.collect();
        (after(&case, decided.changes(), f::morning()), facts().dispatches(&sent))
    });
    let looked_at = plain.iter().map(|case| {
        let resolved = Case { state: State::Resolved, resolved_at: Some(f::morning()), ..case.clone() };
        let seen = after(&resolved, vec![Attached { file: photo() }.into()], f::morning());
        Case { verifier: Some(Holder::of(&f::district())), ..seen }
    });
    let looked_at =
        looked_at.flat_map(|case| [false, true].map(|worked| (case.clone(), Facts { worked, ..facts() })));
    let commanded = called.clone().map(|(case, facts)| {
        let sent: Vec<_> = facts.dispatches.iter().cloned().map(|(id, it)| (id, of_group(it))).collect();
        (Case { groups: vec![group()], ..case }, facts.dispatches(&sent))
    });
    let each = alone.chain(plain.iter().map(gone)).chain(called).chain(commanded).chain(looked_at).flat_map(
        |(case, facts)| {
            Case::STATES.iter().map(move |state| {
                let arbiter = (*state == State::Returned).then(|| Holder::of(&f::district()));
                let verifier = case.verifier.clone().filter(|_| *state == State::Resolved);
                (Case { state: *state, arbiter, verifier, ..case.clone() }, facts.clone())
            })
        },
    );
    let each = each.map(|(case, facts)| (case, Facts { profile: grouped(), ..facts }));
    each.flat_map(|(case, facts)| [(case.clone(), facts.clone()), (case, facts.above(f::district()))])
        .collect()
}

fn grouped() -> CaseworkProfile {
    let group = ResponseGroup { code: "RG-2".into(), ..f::response_group() };
    CaseworkProfile { groups: vec![group], ..f::profile() }
}

/// Its holder is gone from the directory.
fn gone(case: &Case) -> (Case, Facts) {
    let gone = vec![case.holder.unit.clone()];
    (case.clone(), Facts { gone, ..facts() })
}

/// Chaired by the parks.
fn group() -> AtWork {
    let chair = Holder::of(&f::parks());
    let (code, name, kind) = ("RG-1".into(), "响应组".into(), GroupKind::Response);
    let group = Group { code, kind, name, chair, members: Vec::new(), until: None, cases: Vec::new() };
    AtWork { group, since: f::morning() }
}

fn of_group(dispatch: Dispatch) -> Dispatch {
    let arbiter = Some(Named::of(&f::parks()));
    Dispatch { group: Some("RG-1".into()), caller: Holder::of(&f::parks()), arbiter, ..dispatch }
}

/// What is told of it agrees with what happens; gives the steps that somebody may take.
fn agrees<A: Ruled>(it: &A, facts: &Facts, attempts: &[Attempt<A>]) -> BTreeSet<&'static str> {
    let told = it.told(facts);
    let names = |steps: Vec<&'static str>| steps.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(
        names(told.iter().map(|one| one.0).collect()),
        names(attempts.iter().map(|one| one.0).collect())
    );
    let mut may_take = BTreeSet::new();
    for (step, may) in told {
        let (_, attempt) = attempts.iter().find(|(name, _)| *name == step).unwrap();
        // The server lets nobody in whose roles may not call the rpc.
        let happens = match facts.by.may_ask(A::KIND, step) {
            true => attempt(it, &facts.by, facts),
            false => Err(Error::NotForRole { step }),
        };
        let may = may.map_err(|halt| match halt {
            Halt::Refused(why) => why,
            Halt::More | Halt::NotFound { .. } | Halt::Stale { .. } | Halt::Draft(_) => panic!("{halt:?}"),
        });
        assert_eq!(may, happens, "{step} while {} by {:?}", it.state_name(), facts.by);
        may_take.extend(may.is_ok().then_some(step));
    }
    let allowed: BTreeSet<_> = it.allowed(facts).into_iter().collect();
    assert_eq!(allowed, may_take);
    may_take
}

#[test]
fn what_is_told_of_a_case_is_what_happens() {
    let (attempts, mut taken) = (on_cases(), BTreeSet::new());
    for (case, facts) in cases() {
        for by in callers() {
            taken.extend(agrees(
                &case,
                &facts.clone().of(&case).beside(f::OTHER, &other(&case)).asked_by(&by),
                &attempts,
            ));
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
}

#[test]
fn what_is_told_of_a_dispatch_is_what_happens() {
    let (attempts, mut taken) = (on_dispatches(), BTreeSet::new());
    for (case, facts) in cases().into_iter().filter(|(_, facts)| !facts.dispatches.is_empty()) {
        let (id, sent) = facts.dispatches[0].clone();
        for state in Dispatch::STATES {
            for (binding, lead, silent) in [(false, true, true), (true, false, false)] {
                let dispatch = Dispatch { state: *state, binding, lead, silent, ..sent.clone() };
                for by in callers() {
                    let facts = facts.clone().of(&case).on(id).asked_by(&by);
                    let facts = facts.dispatches(&[(id, dispatch.clone())]);
                    taken.extend(agrees(&dispatch, &facts, &attempts));
                }
            }
        }
    }
    assert_eq!(taken.len(), attempts.len(), "each is allowed somewhere: {taken:?}");
}

/// Beside which rpc a step stands is said once, in the contract.
#[test]
fn each_step_that_can_be_asked_for_stands_beside_one_rpc() {
    fn asked<A: Ruled>() -> Vec<String> {
        let asked = A::rules().iter().filter(|rule| rule.by.is_some());
        asked.map(|rule| format!("{}.{}", A::KIND, rule.name)).collect()
    }
    let steps = [asked::<Case>(), asked::<Dispatch>(), asked::<Approval>(), asked::<Meeting>()].concat();
    for step in &steps {
        let (kind, name) = step.split_once('.').unwrap();
        assert!(rpc_of(kind, name).is_some(), "no rpc says that it asks for {step}: steps: [\"{step}\"]");
    }
    let declared: Vec<&str> = ACCESS.iter().flat_map(|rpc| rpc.steps).copied().collect();
    assert_eq!(declared.iter().collect::<BTreeSet<_>>().len(), declared.len(), "beside two");
    assert_eq!(declared.len(), steps.len(), "{declared:?} but {steps:?}");
}

fn ask(id: &str) -> pb::GetAllowedStepsRequest {
    pb::GetAllowedStepsRequest { id: id.to_owned() }
}

/// The reason that a step is refused with; empty: it may be taken.
fn why<'a>(steps: &'a [pb::StepAllowed], step: &str) -> &'a str {
    let told = steps.iter().find(|one| one.step == step).unwrap();
    assert_eq!(told.allowed, told.reason.is_empty() && told.words.is_empty());
    &told.reason
}

#[tokio::test]
async fn each_caller_is_told_what_they_may_do_and_why_not_the_rest() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let mut street = town.of(&f::street());
    let told = street.get_allowed_steps(ask(&case.number)).await.unwrap().into_inner();
    assert_eq!(
        (told.id.as_str(), told.version, told.steps.len()),
        (case.id.as_str(), case.version, on_cases().len())
    );
    let on_case = |step| why(&told.steps, step).to_owned();
    assert_eq!(
        [on_case("note"), on_case("accept"), on_case("strike_off")],
        ["", "STEP_NOT_ALLOWED", "ROLE_NOT_ALLOWED"]
    );
    // As it is refused: dispatches are looked up, and routing is away here.
    let refused = street.resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!((on_case("resolve"), on_case("escalate")), (reason(&refused), "ROUTING_UNAVAILABLE".into()));
    assert_eq!(on_case("resolve"), "OPEN_DISPATCHES");
    let rpc = |step: &str| told.steps.iter().find(|one| one.step == step).unwrap().rpc.clone();
    assert_eq!(rpc("call"), "/huying.casework.v1.CaseService/CallDepartments");
    let [of_parks] = &told.dispatches[..] else { panic!("{:?}", told.dispatches) };
    assert_eq!((of_parks.id.as_str(), of_parks.unit_name.as_str()), (sent.id.as_str(), "园林局"));
    assert_eq!(why(&of_parks.steps, "take_back"), "");
    assert_eq!(why(&of_parks.steps, "accept"), "NOT_CALLED");
    assert_eq!(why(&of_parks.steps, "insist"), "ROLE_NOT_ALLOWED");

    let mut parks = town.of(&f::parks());
    let told = parks.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    assert_eq!((why(&told.steps, "note"), why(&told.steps, "resolve")), ("", "NOT_HOLDER"));
    assert_eq!(why(&told.dispatches[0].steps, "accept"), "");
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    assert_eq!(seen.allowed_steps, ["note", "attach"]);
    // Once what it was called for is settled, it reads on and writes no more.
    let accepted = respond(&town, &sent, pb::DispatchResponse::Accept).await;
    respond(&town, &accepted, pb::DispatchResponse::Complete).await;
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    let told = parks.get_allowed_steps(ask(&case.id)).await.unwrap().into_inner();
    assert_eq!((seen.allowed_steps, why(&told.steps, "note")), (Vec::new(), "NOT_HOLDER"));
    let hidden = town.of(&f::traffic()).get_allowed_steps(ask(&case.id)).await.unwrap_err();
    assert_eq!(reason(&hidden), "NOT_FOUND");
}
