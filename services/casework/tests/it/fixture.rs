//! A small district for the rules: a grid in a community on a street, a neighbour of each, two departments.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeZone, Utc};
use huying_casework::domain::{
    Approval, AttachmentPolicy, Beside, By, Case, CaseworkProfile, Change, ClockKind, Clocks, Demands,
    Dispatch, DispatchChange, Error, Holder, Known, Load, Location, Parties, Policies, Priority,
    ResponseGroup, Rostered, Ruled, Step, Unit, UnitKind,
    case::step::{Call, Opened, Opening, Routed, Summons},
    duty::Duty,
    known::Answer,
};
use huying_chassis::auth::{Caller, Reach, Role};
use huying_chassis::log::{Actor, Stamp};
use huying_chassis::run::Halt;
use huying_terms::{Calendar, Limit, LimitKind, Tier};
use uuid::Uuid;

pub const DISTRICT: &str = "990101";
pub const STREET: &str = "990101001";
pub const COMMUNITY: &str = "990101001001";
pub const GRID: &str = "990101001001001";

/// The id of the case that steps are taken on.
pub const CASE: Uuid = Uuid::from_u128(3);

/// The id and the number of another one.
pub const OTHER: Uuid = Uuid::from_u128(4);
pub const OTHER_NUMBER: &str = "SY-20260302-000002";

/// Monday, 2 March 2026, 09:00 in Shanghai.
pub fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap()
}

pub fn profile() -> CaseworkProfile {
    CaseworkProfile {
        district: DISTRICT.into(),
        top_tier: Tier::District,
        calendar: Calendar::default(),
        amber_percent: 80,
        dispatch_respond: Limit { kind: LimitKind::UrgentHour, amount: 1 },
        dispatch_resolve: Limit { kind: LimitKind::UrgentHour, amount: 10 },
        policies: Policies::default(),
        required: Vec::new(),
        verification: Vec::new(),
        attachments: AttachmentPolicy::default(),
        evidence: Vec::new(),
        groups: Vec::new(),
        ledgers: Vec::new(),
        units: BTreeMap::new(),
        successors: BTreeMap::new(),
        roster: Vec::new(),
    }
}

/// A line of a roster.
pub fn rostered(unit: &str, subject: &str, duty: &str) -> Rostered {
    let duty = Duty::parse(duty).unwrap();
    Rostered { unit: unit.into(), subject: subject.into(), name: format!("{subject}岗"), duty }
}

pub fn unit(code: &str, kind: UnitKind, tier: Tier, area: &str) -> Unit {
    Unit { code: code.into(), name: String::new(), kind, tier, area: area.into() }
}

pub fn grid() -> Unit {
    unit("G-1", UnitKind::GridTeam, Tier::Grid, GRID)
}

pub fn community() -> Unit {
    unit("C-1", UnitKind::Community, Tier::Community, COMMUNITY)
}

pub fn street() -> Unit {
    unit("S-1", UnitKind::Street, Tier::Street, STREET)
}

pub fn district() -> Unit {
    unit("D-1", UnitKind::District, Tier::District, DISTRICT)
}

pub fn parks() -> Unit {
    Unit { name: "园林局".into(), ..unit("DEP-parks", UnitKind::Department, Tier::District, DISTRICT) }
}

pub fn traffic() -> Unit {
    Unit {
        name: "交管大队".into(), ..unit("DEP-traffic", UnitKind::Department, Tier::District, DISTRICT)
    }
}

/// 专项响应组, and the unit that its chair works in.
pub fn response_group() -> ResponseGroup {
    ResponseGroup {
        code: "RG-1".into(),
        name: "市政设施响应组".into(),
        class: "城市管理".into(),
        chair: chair().code,
        members: vec![traffic().code, parks().code],
    }
}

pub fn chair() -> Unit {
    unit("RG-1", UnitKind::ResponseGroup, Tier::District, DISTRICT)
}

/// The profile with that group.
pub fn grouped() -> CaseworkProfile {
    CaseworkProfile { groups: vec![response_group()], ..profile() }
}

/// Who is above, as routing would say.
pub fn superior(tier: Tier) -> Unit {
    match tier {
        Tier::Grid => community(),
        Tier::Community => street(),
        Tier::Street | Tier::District => district(),
    }
}

pub fn by(unit: &Unit) -> By {
    in_unit(&unit.code, &unit.area, !unit.kind.is_callable())
}

pub fn holder(case: &Case) -> By {
    in_unit(&case.holder.unit, &case.holder.area, true)
}

/// Somebody of a unit; of an office or a department. With every role of either, which the rules do not ask after.
pub fn in_unit(code: &str, area: &str, office: bool) -> By {
    let roles: &[Role] = if office { &[Role::Officer, Role::Desk] } else { &[Role::Department] };
    By { office, ..caller(roles, Some(code), area) }
}

/// A leader of an area.
pub fn leader(area: &str) -> By {
    caller(&[Role::Leader], None, area)
}

/// Whoever has these roles, a unit or none, and an area. Those of units are one person here, the others another.
pub fn caller(roles: &[Role], unit: Option<&str>, area: &str) -> By {
    let caller = Caller {
        issuer: "huying".into(),
        subject: if unit.is_some() { "test" } else { "superior" }.into(),
        name: None,
        roles: roles.iter().copied().collect(),
        reach: Reach::parse(Some(area), unit).unwrap(),
        doors: Default::default(),
        token_id: None,
    };
    huying_casework::grpc::access::by(&caller)
}

pub fn stamp(at: DateTime<Utc>) -> Stamp {
    Stamp { id: Uuid::from_u128(7), at, actor: Actor::service("test") }
}

pub fn limits() -> [(ClockKind, Limit); 2] {
    let hours = |amount| Limit { kind: LimitKind::UrgentHour, amount };
    [(ClockKind::Respond, hours(2)), (ClockKind::Resolve, hours(24))]
}

pub fn opening(request: Uuid, at: &Unit) -> Opening {
    Opening {
        request,
        number: "SY-20260302-000001".into(),
        district: DISTRICT.into(),
        area: GRID.into(),
        category: "C1".into(),
        priority: Priority::Normal,
        holder: Holder::of(at),
        departments: vec!["DEP-parks".into()],
        content: "树歪了".into(),
        location: Location { address: "一号楼".into(), area: GRID.into(), point: None, given: None },
        desk: None,
        visit_first: false,
        demands: Demands::default(),
    }
}

pub fn opened(at: &Unit) -> Change {
    let clocks = Clocks::start(limits(), &profile(), morning());
    Opened { opening: Box::new(opening(Uuid::from_u128(1), at)), clocks, idle_percent: None }.into()
}

/// Another case, with a request of its own.
pub fn other_at(at: &Unit) -> Case {
    let opening = Opening { number: OTHER_NUMBER.into(), ..opening(Uuid::from_u128(2), at) };
    let clocks = Clocks::start(limits(), &profile(), morning());
    let opened = Opened { opening: Box::new(opening), clocks, idle_percent: None }.into();
    huying_testing::after(None, &opened, &stamp(morning())).unwrap()
}

/// A case opened in the morning at a unit.
pub fn case_at(at: &Unit) -> Case {
    huying_testing::after(None, &opened(at), &stamp(morning())).unwrap()
}

/// The case after what a decision says.
pub fn after(case: &Case, changes: Vec<Change>, at: DateTime<Utc>) -> Case {
    let next = |case, change| huying_testing::after(Some(case), &change, &stamp(at)).unwrap();
    changes.into_iter().fold(case.clone(), next)
}

/// A working case that has called a unit, and the dispatch.
pub fn calling(case: &Case, unit: &Unit) -> (Case, (Uuid, Dispatch)) {
    let id = Uuid::from_u128(90);
    let summons = Summons {
        dispatch: id,
        unit: unit.code.clone(),
        lead: true,
        task: "修剪".into(),
        respond: None,
        resolve: None,
    };
    let call = Call { summons: vec![summons], respond: None, resolve: None };
    let facts = facts().above(district()).units(std::slice::from_ref(unit));
    let (decided, beside) = call.take(case, &holder(case), &facts).unwrap();
    let [Beside::Dispatch(_, sent)] = &beside[..] else { panic!("{beside:?}") };
    let dispatch = huying_testing::after(None, &sent[0], &stamp(morning())).unwrap();
    (after(case, decided.changes(), morning()), (id, dispatch))
}

/// What a step asks, answered at once: as routing and the log would.
#[derive(Clone)]
pub struct Facts {
    /// Of what the step is taken on.
    pub id: Uuid,
    pub now: DateTime<Utc>,
    pub profile: CaseworkProfile,
    pub superior: Option<Unit>,
    pub units: Vec<Unit>,
    pub dispatches: Vec<(Uuid, Dispatch)>,
    pub case: Case,
    /// Other cases than that.
    pub others: Vec<(Uuid, Case)>,
    pub by: By,
    pub approvals: Vec<(Uuid, Approval)>,
    /// What routing says of it in another category.
    pub routed: Routed,
    /// Who had part in the case.
    pub parties: Parties,
    /// Units that the directory does not know.
    pub gone: Vec<String>,
    /// What officers have in hand.
    pub loads: Vec<Load>,
}

/// Urgent, and a unit's.
pub fn routed(unit: Unit) -> Routed {
    let limit = |amount| Limit { kind: LimitKind::WorkHour, amount };
    let departments = vec!["DEP-1".into()];
    let (respond, resolve) = (limit(1), limit(8));
    Routed { unit, departments, priority: Priority::Urgent, respond, resolve, demands: Demands::default() }
}

/// That a unit had part in it, and a person acted for it.
pub fn acted(unit: &str, person: &str) -> Parties {
    let (units, acted) = ([unit.to_owned()].into(), [(unit.to_owned(), person.to_owned())].into());
    Parties { units, acted }
}

/// In the morning, with nobody above and nobody to call, on a case of the street.
pub fn facts() -> Facts {
    Facts {
        id: CASE,
        now: morning(),
        profile: profile(),
        superior: None,
        units: Vec::new(),
        dispatches: Vec::new(),
        case: case_at(&street()),
        others: Vec::new(),
        by: By::default(),
        approvals: Vec::new(),
        routed: routed(grid()),
        parties: Parties::default(),
        gone: Vec::new(),
        loads: Vec::new(),
    }
}

impl Facts {
    pub fn at(self, now: DateTime<Utc>) -> Self {
        Self { now, ..self }
    }

    pub fn above(self, superior: Unit) -> Self {
        Self { superior: Some(superior), ..self }
    }

    pub fn units(self, units: &[Unit]) -> Self {
        Self { units: units.to_vec(), ..self }
    }

    /// Whoever asks.
    pub fn asked_by(self, by: &By) -> Self {
        Self { by: by.clone(), ..self }
    }

    /// The case and its approvals, for a step on one of them.
    pub fn knowing(self, case: &Case, approvals: &[(Uuid, Approval)]) -> Self {
        Self { approvals: approvals.to_vec(), ..self.of(case) }
    }

    pub fn on(self, id: Uuid) -> Self {
        Self { id, ..self }
    }

    pub fn dispatches(self, dispatches: &[(Uuid, Dispatch)]) -> Self {
        Self { dispatches: dispatches.to_vec(), ..self }
    }

    /// Another case beside it.
    pub fn beside(self, id: Uuid, case: &Case) -> Self {
        Self { others: vec![(id, case.clone())], ..self }
    }

    /// The case of a dispatch.
    pub fn of(self, case: &Case) -> Self {
        Self { case: case.clone(), ..self }
    }
}

impl Known for Facts {
    fn id(&self) -> Uuid {
        self.id
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn by(&self) -> &By {
        &self.by
    }

    fn profile(&self) -> &CaseworkProfile {
        &self.profile
    }

    fn above(&self, _: &str, _: &str) -> Answer<Option<&Unit>> {
        Ok(self.superior.as_ref())
    }

    fn units(&self, _: &str, codes: &[String]) -> Answer<&[Unit]> {
        assert_eq!(self.units.len(), codes.len());
        Ok(&self.units)
    }

    fn knows(&self, _: &str, unit: &str) -> Answer<bool> {
        Ok(!self.gone.iter().any(|gone| gone == unit))
    }

    fn case(&self, id: Uuid) -> Answer<&Case> {
        Ok(self.others.iter().find(|(other, _)| *other == id).map_or(&self.case, |(_, case)| case))
    }

    fn routed(&self, _: &Case, _: &str) -> Answer<&Routed> {
        Ok(&self.routed)
    }

    fn dispatches(&self, _: &Case) -> Answer<Vec<(Uuid, &Dispatch)>> {
        Ok(self.dispatches.iter().map(|(id, dispatch)| (*id, dispatch)).collect())
    }

    fn parties(&self, _: &Case) -> Answer<Parties> {
        Ok(self.parties.clone())
    }

    fn loads(&self, _: &str, _: &str, _: &[String]) -> Answer<&[Load]> {
        Ok(&self.loads)
    }

    fn approval(&self, id: Uuid) -> Answer<&Approval> {
        self.approvals.iter().find(|(one, _)| *one == id).map(|(_, approval)| approval).ok_or(Halt::More)
    }

    fn on(&self, id: Uuid) -> Box<dyn Known + '_> {
        Box::new(Facts { id, ..self.clone() })
    }
}

/// What a step comes to: its changes, or why it is refused.
pub fn take<A: Ruled>(it: &A, by: &By, step: &impl Step<A>, facts: &Facts) -> Result<Vec<A::Change>, Error> {
    match step.take(it, by, &Facts { by: by.clone(), ..facts.clone() }) {
        Ok((decided, _)) => Ok(decided.changes()),
        Err(Halt::Refused(refusal)) => Err(refusal.why),
        Err(halt) => panic!("{halt:?}"),
    }
}

/// After one change.
pub fn led<A: Ruled>(it: &A, change: &A::Change, at: DateTime<Utc>) -> A {
    huying_testing::after(Some(it.clone()), change, &stamp(at)).unwrap()
}

/// The changes of what an event causes; none when the rule lets none.
pub fn caused<A: Ruled>(it: &A, step: &impl Step<A>, facts: &Facts) -> Vec<A::Change> {
    take(it, &By::default(), step, facts).unwrap_or_default()
}

/// What happens to dispatches beside a step, each with its id.
pub fn on_dispatches(beside: Vec<Beside>) -> Vec<(Uuid, DispatchChange)> {
    let of_dispatch = |one| match one {
        Beside::Dispatch(id, changes) => changes.into_iter().map(|change| (id, change)).collect(),
        Beside::Case(..) | Beside::Approval(..) => Vec::new(),
    };
    beside.into_iter().flat_map(of_dispatch).collect()
}
