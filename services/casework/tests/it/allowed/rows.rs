//! What there is to be told of: cases at every tier in every state, with what stands beside them, and everybody who may ask.

use huying_casework::domain::{
    Approval, Ask, By, Case, CaseworkProfile, Dispatch, Holder, Judgement, Level, Outcome, Parties,
    ResponseGroup, Ruled, State, Step, Summoned,
    approval::step::Asked,
    case::{
        CaseName, CaseRequest, MergedInto, Pending, Suspension,
        part::PartOf,
        refusal::{Arbitration, UnitRefusal},
        step::{Attached, Charge},
    },
    clocks::{ClockKind, Clocks},
    group::{AtWork, Group, GroupKind},
    supervision::Supervision,
    unit::Named,
};
use huying_chassis::auth::{CITY, Role};
use huying_terms::{Limit, LimitKind};
use uuid::Uuid;

use super::attempts::{call, photo, review};
use crate::fixture::{self as f, Facts, after, caller, case_at, facts, holder};

/// A case, and what is known beside it.
pub type Row = (Case, Facts);

/// Every role at home and elsewhere, and some whose role and unit do not go together.
pub fn callers() -> Vec<By> {
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

/// Cases of every sort; each in every state, with somebody above and with nobody.
pub fn cases() -> Vec<Row> {
    let sorts = [alone(), gone(), called(), commanded(), looked_at(), refused(), suspended(), asked()];
    let each = sorts.into_iter().flatten().flat_map(|(case, facts)| {
        Case::STATES.iter().map(move |state| {
            let arbiter = (*state == State::Returned).then(|| Holder::of(&f::district()));
            let verifier = case.verifier.clone().filter(|_| *state == State::Resolved);
            (Case { state: *state, arbiter, verifier, ..case.clone() }, facts.clone())
        })
    });
    let each = each.map(|(case, facts)| (case, Facts { profile: grouped(), ..facts }));
    each.flat_map(|(case, facts)| [(case.clone(), facts.clone()), (case, facts.above(f::district()))])
        .collect()
}

fn plain() -> [Case; 4] {
    [f::grid(), f::community(), f::street(), f::district()].map(|unit| case_at(&unit))
}

fn other_name() -> CaseName {
    CaseName { case: f::OTHER, number: f::OTHER_NUMBER.into() }
}

/// As they are, merged, split, judged, withdrawn, pressed and in a leader's charge.
fn alone() -> Vec<Row> {
    let sorts = plain().into_iter().flat_map(|case| {
        let requests =
            case.requests.iter().map(|one| CaseRequest { answered: true, ..one.clone() }).collect();
        let part = PartOf { name: other_name(), unit: "G-1".into() };
        [
            case.clone(),
            Case {
                outcome: Some(Outcome::Merged),
                merged: Some(merged(&case)),
                requests: Vec::new(),
                ..case.clone()
            },
            Case { whole: Some(other_name()), requests: Vec::new(), ..case.clone() },
            Case { parts: vec![part], ..case.clone() },
            Case { judgement: Some(Judgement::Passed), requests, ..case.clone() },
            Case { outcome: Some(Outcome::Withdrawn), ..case.clone() },
            Case { supervision: Some(urged()), charge: Some(charge()), ..case },
        ]
    });
    sorts.map(|case| (case, facts())).collect()
}

/// Their holders are gone from the directory.
fn gone() -> Vec<Row> {
    let gone = |case: Case| (case.clone(), Facts { gone: vec![case.holder.unit], ..facts() });
    plain().into_iter().map(gone).collect()
}

/// A department was called.
fn called() -> Vec<Row> {
    let called = [f::street(), f::district()].map(|unit| {
        let case = Case { state: State::Working, ..case_at(&unit) };
        let known = facts().units(&[f::traffic()]).above(f::district()).of(&case);
        let (decided, beside) = call(9).take(&case, &holder(&case), &known).unwrap();
        let begun = |(id, sent)| (id, huying_testing::after(None, &sent, &f::stamp(f::morning())).unwrap());
        let sent: Vec<(Uuid, Dispatch)> = f::on_dispatches(beside).into_iter().map(begun).collect();
        (after(&case, decided.changes(), f::morning()), facts().dispatches(&sent))
    });
    called.into()
}

/// By the chair of a group at work.
fn commanded() -> Vec<Row> {
    let commanded = |(case, facts): Row| {
        let sent: Vec<_> = facts.dispatches.iter().cloned().map(|(id, it)| (id, of_group(it))).collect();
        (Case { groups: vec![group()], ..case }, facts.dispatches(&sent))
    };
    called().into_iter().map(commanded).collect()
}

/// To be looked at on site, by somebody who worked on it and by somebody who did not.
fn looked_at() -> Vec<Row> {
    let looked_at = plain().into_iter().map(|case| {
        let resolved = Case { state: State::Resolved, resolved_at: Some(f::morning()), ..case };
        let seen = after(&resolved, vec![Attached { file: photo() }.into()], f::morning());
        Case { verifier: Some(Holder::of(&f::district())), ..seen }
    });
    let parties = || {
        let mut worked = f::acted("G-1", "test");
        worked.acted.extend(f::acted("G-1", "superior").acted);
        [Parties::default(), worked]
    };
    looked_at.flat_map(|case| parties().map(|parties| (case.clone(), Facts { parties, ..facts() }))).collect()
}

/// Handed back once, and decided: for another unit, and for good.
fn refused() -> Vec<Row> {
    let refused = |case: Case| {
        [false, true].map(|binding| {
            let to = Named::from(&case.holder);
            let arbitration =
                Some(Arbitration { to, binding, reason: "x".into(), by: None, at: f::morning() });
            let (unit, reason, at) = (Named::of(&f::parks()), "x".to_owned(), f::morning());
            let refusals = vec![UnitRefusal { unit, reason, at, arbitration }];
            (Case { refusals, ..case.clone() }, facts())
        })
    };
    plain().into_iter().flat_map(refused).collect()
}

fn suspended() -> Vec<Row> {
    let suspended = |case: Case| {
        let (plan, review, since) = ("x".to_owned(), review(), f::morning());
        let suspension = Some(Suspension { plan, review, remark: String::new(), since });
        (Case { suspension, ..case }, facts())
    };
    plain().into_iter().map(suspended).collect()
}

/// Something of each kind is asked for and not ruled on, also a suspension whose day is past.
fn asked() -> Vec<Row> {
    let each = plain().into_iter().flat_map(|case| asks().map(|ask| (case.clone(), ask)));
    each.map(|(case, ask)| {
        let (id, kind) = (Uuid::from_u128(80), (&ask).into());
        let approval = approval(&case, ask);
        let case = Case { approvals: vec![Pending { approval: id, kind }], ..case };
        (case.clone(), facts().knowing(&case, &[(id, approval)]))
    })
    .collect()
}

fn asks() -> [Ask; 5] {
    let ground = f::profile().policies.ground("repeat").cloned().unwrap();
    let dispatches = vec![Summoned { dispatch: Uuid::from_u128(81), unit: "DEP-traffic".into(), lead: true }];
    let group = Box::new(Group { members: vec![Named::of(&f::traffic())], ..group().group });
    let suspend = |review| Ask::Suspend { plan: "x".into(), review };
    [
        Ask::Extend { more: Limit { kind: LimitKind::UrgentHour, amount: 1 } },
        suspend(review()),
        suspend(f::morning().date_naive()),
        Ask::Decline { ground },
        Ask::CallGroup { group, task: "x".into(), dispatches },
    ]
}

fn approval(case: &Case, ask: Ask) -> Approval {
    let granter = match &ask {
        Ask::CallGroup { group, .. } => group.chair.clone(),
        Ask::Extend { .. } | Ask::Suspend { .. } | Ask::Decline { .. } => Holder::of(&f::district()),
    };
    let asked = Asked {
        case: f::CASE,
        number: case.number.clone(),
        district: case.district.clone(),
        area: case.area.clone(),
        ask,
        reason: "x".into(),
        asked_by: case.holder.clone(),
        granter,
        clocks: Clocks::start(
            [(ClockKind::Approve, f::profile().policies.approve)],
            &f::profile(),
            f::morning(),
        ),
    };
    huying_testing::after(None, &asked.into(), &f::stamp(f::morning())).unwrap()
}

fn urged() -> Supervision {
    Supervision { level: Level::Urge, unit: None, reason: "x".into(), at: f::morning(), answer: None }
}

fn charge() -> Charge {
    let (leader, plan, since) = ("x".into(), "x".into(), f::morning());
    Charge { leader, plan, since, area: f::DISTRICT.into(), progress: None }
}

/// With what it had.
fn merged(case: &Case) -> MergedInto {
    MergedInto { into: other_name(), requests: case.requests.clone(), at: f::morning() }
}

/// A case beside the one that is looked at: it has its requests, if that one is merged.
pub fn other(case: &Case) -> Case {
    let mut other = f::other_at(&f::grid());
    other.requests.extend(case.merged.iter().flat_map(|merged| merged.requests.clone()));
    other
}

fn grouped() -> CaseworkProfile {
    let group = ResponseGroup { code: "RG-2".into(), ..f::response_group() };
    CaseworkProfile { groups: vec![group], ..f::profile() }
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
