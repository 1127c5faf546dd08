//! What is always true of a case (life-of-a-case, 1, 2, 5, 6), whatever happens in whatever order.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    Approval, ApprovalChange, ApprovalState, Beside, By, Case, Change, ClockKind, Dispatch, DispatchChange,
    File, Holder, Judgement, Level, Officer, Outcome, Ruled, State, Step, Unit,
    approval::step::{Grant, Refuse},
    case::step::{
        Accept, Answer, AnswerSupervision, Appoint, Arbitrate, AskDecline, AskExtension, AskGroup,
        AskReporter, AskSuspension, Attach, Call, Consult, Delegate, EndGroup, EndSpans, Escalate, Fail,
        FormTaskForce, Judge, Merge, Note, Object, Recategorise, Relieve, Reopen, Resolve, Resume, Return,
        ReviewSuspension, StrikeOff, Summons, Supervise, Supplement, Unmerge, Verify, Withdraw,
    },
    clocks::LampTurned,
    dispatch::step as on_dispatch,
    lamp::TurnLamps,
    place::related,
    successor::Carry,
};
use huying_chassis::{log::Aggregate, run::Halt};
use huying_terms::{Clock, Limit, LimitKind};
use huying_testing::after;
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    allowed,
    fixture::{self as f, Facts, holder},
    verify,
};

#[derive(Clone, Copy, Debug)]
enum Command {
    Accept,
    Note,
    Appoint(u8),
    Escalate,
    Delegate(usize),
    Return,
    Decide(usize, bool),
    Call,
    Respond(usize, u8),
    Arbitrate(usize, bool),
    TakeBack(usize),
    Relead(usize),
    Add,
    Resolve,
    Photo,
    Verify(bool),
    StrikeOff,
    Reopen,
    Answer,
    Judge(bool),
    Fail,
    Object,
    Supplement,
    Ask,
    AskSuspension(i64),
    Review(i64),
    Resume,
    Withdraw,
    AskExtension(u32),
    AskDecline,
    Consult,
    AskGroup,
    TaskForce,
    EndGroup,
    Chair(usize, u8),
    Grant,
    Refuse,
    Supervise(Level),
    AnswerSupervision,
    Merge,
    Unmerge,
    Recategorise(usize),
    Tick,
    Wait(i64),
    Relieve(usize),
    Succeed(usize),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => Just(Command::Accept),
        1 => Just(Command::Note),
        1 => (0u8..3).prop_map(Command::Appoint),
        2 => Just(Command::Escalate),
        2 => (0usize..6).prop_map(Command::Delegate),
        3 => Just(Command::Return),
        4 => (0usize..6, any::<bool>()).prop_map(|(n, binding)| Command::Decide(n, binding)),
        2 => Just(Command::Call),
        3 => (0usize..4, 0u8..3).prop_map(|(n, what)| Command::Respond(n, what)),
        1 => (0usize..4, any::<bool>()).prop_map(|(n, insist)| Command::Arbitrate(n, insist)),
        1 => (0usize..4).prop_map(Command::TakeBack),
        1 => (0usize..4).prop_map(Command::Relead),
        1 => Just(Command::Add),
        4 => Just(Command::Resolve),
        3 => Just(Command::Photo),
        4 => any::<bool>().prop_map(Command::Verify),
        1 => Just(Command::StrikeOff),
        1 => Just(Command::Reopen),
        2 => Just(Command::Answer),
        2 => any::<bool>().prop_map(Command::Judge),
        1 => Just(Command::Fail),
        1 => Just(Command::Object),
        2 => Just(Command::Supplement),
        2 => Just(Command::Ask),
        3 => (-1i64..40).prop_map(Command::AskSuspension),
        1 => (-1i64..40).prop_map(Command::Review),
        1 => Just(Command::Resume),
        1 => prop_oneof![9 => Just(Command::Tick), 1 => Just(Command::Withdraw)],
        2 => (1u32..100).prop_map(Command::AskExtension),
        1 => Just(Command::AskDecline),
        1 => Just(Command::Consult),
        2 => Just(Command::AskGroup),
        1 => Just(Command::TaskForce),
        1 => Just(Command::EndGroup),
        3 => (0usize..6, 0u8..3).prop_map(|(n, what)| Command::Chair(n, what)),
        4 => Just(Command::Grant),
        1 => Just(Command::Refuse),
        2 => prop_oneof![Just(Level::Urge), Just(Level::Notice), Just(Level::Talk)].prop_map(Command::Supervise),
        1 => Just(Command::AnswerSupervision),
        1 => Just(Command::Merge),
        4 => Just(Command::Unmerge),
        2 => (0usize..6).prop_map(Command::Relieve),
        2 => (0usize..5).prop_map(Command::Succeed),
        1 => (0usize..4).prop_map(Command::Recategorise),
        4 => Just(Command::Tick),
        4 => (1i64..3000).prop_map(Command::Wait),
    ]
}

fn targets() -> [Unit; 6] {
    use huying_casework::domain::UnitKind;
    use huying_terms::Tier;
    let abroad = f::unit("C-9", UnitKind::Community, Tier::Community, "990101002001");
    [f::grid(), f::community(), f::street(), f::district(), f::parks(), abroad]
}

/// One case with its dispatches, as the service would keep them.
struct World {
    now: DateTime<Utc>,
    case: Case,
    log: Vec<(Change, DateTime<Utc>)>,
    /// Another case that it may be merged into.
    other: Case,
    dispatches: Vec<(Uuid, Dispatch)>,
    dispatch_log: Vec<Vec<(DispatchChange, DateTime<Utc>)>>,
    approvals: Vec<(Uuid, Approval)>,
    ids: u128,
    /// Its category demands that it is looked at.
    verified: bool,
}

impl World {
    fn new(at: &Unit, verified: bool) -> Self {
        let (now, first) = (f::morning(), f::opened(at));
        let case = after(None, &first, &f::stamp(now)).unwrap();
        Self {
            now,
            case,
            log: vec![(first, now)],
            other: f::other_at(&f::grid()),
            dispatches: Vec::new(),
            dispatch_log: Vec::new(),
            approvals: Vec::new(),
            ids: 100,
            verified,
        }
    }

    /// A refusal or *already done* changes nothing; a change is logged and folded.
    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.case = after(Some(self.case.clone()), &change, &f::stamp(self.now)).unwrap();
            self.log.push((change, self.now));
        }
    }

    fn take_dispatch(&mut self, n: usize, changes: Vec<DispatchChange>) {
        for change in changes {
            let before = self.dispatches[n].1.clone();
            self.dispatches[n].1 = after(Some(before), &change, &f::stamp(self.now)).unwrap();
            self.dispatch_log[n].push((change, self.now));
        }
    }

    /// What steps here are told.
    fn facts(&self) -> Facts {
        let decides = self.case.arbiter.as_ref().or(self.case.verifier.as_ref());
        let facts = if self.verified { verify::demanding(None) } else { f::facts() };
        let facts = facts
            .at(self.now)
            .above(f::superior(decides.unwrap_or(&self.case.holder).tier))
            .dispatches(&self.dispatches)
            .beside(f::OTHER, &self.other)
            .knowing(&self.case, &self.approvals);
        // Nobody is above the top.
        if self.case.holder.unit == "D-1" { Facts { superior: None, ..facts } } else { facts }
    }

    fn step(&mut self, by: &By, step: &impl Step<Case>) {
        self.step_knowing(by, step, &Facts { by: by.clone(), ..self.facts() });
    }

    /// A refusal changes nothing; what a step changes beside the case is changed with it.
    fn step_knowing(&mut self, by: &By, step: &impl Step<Case>, facts: &Facts) {
        let (decided, beside) = match step.take(&self.case, by, facts) {
            Ok(taken) => taken,
            Err(Halt::Refused(_)) => return,
            Err(halt) => panic!("{halt:?}"),
        };
        self.take(decided.changes());
        self.beside(beside);
    }

    fn beside(&mut self, beside: Vec<Beside>) {
        for one in beside {
            match one {
                Beside::Case(f::OTHER, changes) => self.other = f::after(&self.other, changes, self.now),
                Beside::Case(id, changes) => {
                    assert_eq!(id, f::CASE);
                    self.take(changes);
                }
                Beside::Dispatch(id, changes) => {
                    if let Some(n) = self.dispatches.iter().position(|(one, _)| *one == id) {
                        self.take_dispatch(n, changes);
                    } else {
                        let dispatch = after(None, &changes[0], &f::stamp(self.now)).unwrap();
                        self.dispatches.push((id, dispatch));
                        self.dispatch_log.push(vec![(changes[0].clone(), self.now)]);
                    }
                }
                Beside::Approval(id, changes) => self.take_approval(id, &changes),
            }
        }
    }

    fn take_approval(&mut self, id: Uuid, changes: &[ApprovalChange]) {
        let before = self.approvals.iter().find(|(one, _)| *one == id).map(|(_, it)| it.clone());
        let next = |it, change| after(it, change, &f::stamp(self.now));
        let approval = changes.iter().fold(before, next).unwrap();
        self.approvals.retain(|(one, _)| *one != id);
        self.approvals.push((id, approval));
    }

    /// A step on what is asked for last, by its granter or by nobody.
    fn on_approval(&mut self, by: &By, step: &impl Step<Approval>) {
        let Some((id, approval)) = self.approvals.last().cloned() else { return };
        if let Ok((decided, beside)) = step.take(&approval, by, &self.facts().on(id)) {
            self.take_approval(id, &decided.changes());
            self.beside(beside);
        }
    }

    fn ask_extension(&mut self, amount: u32) {
        let more = Limit { kind: LimitKind::UrgentHour, amount };
        let ask = AskExtension { approval: Uuid::from_u128(self.ids), more, reason: "材料未到".into() };
        self.ids += 1;
        self.step(&holder(&self.case), &ask);
    }

    fn ask_suspension(&mut self, days: i64) {
        let (approval, review) = (Uuid::from_u128(self.ids), self.day(days));
        self.ids += 1;
        let ask = AskSuspension { approval, plan: "改造".into(), review, reason: "未到工期".into() };
        self.step(&holder(&self.case), &ask);
    }

    /// So many days from today.
    fn day(&self, days: i64) -> chrono::NaiveDate {
        (self.now + Duration::days(days)).date_naive()
    }

    fn ask_decline(&mut self) {
        let (approval, ground) = (Uuid::from_u128(self.ids), "repeat".to_owned());
        self.ids += 1;
        self.step(&holder(&self.case), &AskDecline { approval, ground, answer: "请看上次的答复".into() });
    }

    /// Of two departments, the first to lead or none.
    fn call(&mut self, leads: bool) {
        let units = [f::parks(), f::traffic()];
        let summons = units.iter().enumerate().map(|(n, unit)| Summons {
            dispatch: Uuid::from_u128(self.ids + n as u128),
            unit: unit.code.clone(),
            lead: leads && n == 0,
            task: "修剪".into(),
            respond: None,
            resolve: None,
        });
        let call = Call { summons: summons.collect(), respond: None, resolve: None };
        self.ids += 2;
        self.step_knowing(&holder(&self.case), &call, &self.facts().units(&units));
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids - 1)
    }

    /// Units met, and the traffic police have a task.
    fn consult(&mut self) {
        let (unit, task) = (f::traffic().code, "疏导".to_owned());
        let summons = Summons { dispatch: self.id(), unit, lead: true, task, respond: None, resolve: None };
        let call = Call { summons: vec![summons], respond: None, resolve: None };
        let step = Consult { participants: vec![f::parks().code], minutes: "已议定".into(), call };
        let facts = self.facts().units(&[f::parks(), f::traffic()]);
        self.step_knowing(&holder(&self.case), &step, &facts);
    }

    /// Of a response group whose members are two departments.
    fn ask_group(&mut self) {
        let dispatches = vec![self.id(), self.id()];
        let (approval, group, task, reason) = (self.id(), "RG-1".into(), "抢修".into(), "难".into());
        let step = AskGroup { approval, group, task, reason, dispatches };
        let units = [f::chair(), f::traffic(), f::parks()];
        // A department that holds the case is not called on it.
        let units = units.into_iter().filter(|it| it.code != self.case.holder.unit).collect::<Vec<_>>();
        let facts = Facts { profile: f::grouped(), ..self.facts().units(&units) };
        self.step_knowing(&holder(&self.case), &step, &facts);
    }

    /// For two days.
    fn form_task_force(&mut self) {
        let step = FormTaskForce {
            code: self.id().to_string(),
            name: "专班".into(),
            chair: "S-1".into(),
            members: vec![f::traffic().code],
            task: "抢修".into(),
            until: self.now + Duration::days(2),
            others: Vec::new(),
            dispatches: vec![self.id()],
        };
        let facts = self.facts().units(&[f::street(), f::traffic()]);
        self.step_knowing(&f::leader(f::DISTRICT), &step, &facts);
    }

    fn end_group(&mut self, reason: String) {
        let group = self.case.groups.first().map_or_else(String::new, |it| it.group.code.clone());
        self.step(&f::leader(f::DISTRICT), &EndGroup { group, reason });
    }

    /// The chair of a response group gives the lead to one, takes one back or adds one.
    fn chair(&mut self, n: usize, what: u8) {
        let (chair, reason) = (f::by(&f::chair()), "难".to_owned());
        match what {
            0 => self.on_dispatch(n, &chair, &on_dispatch::Relead { reason }),
            1 => self.on_dispatch(n, &chair, &on_dispatch::TakeBack { reason }),
            _ => {
                let (unit, task) = (f::traffic().code, "疏导".to_owned());
                let dispatch = self.id();
                let summons =
                    vec![Summons { dispatch, unit, lead: true, task, respond: None, resolve: None }];
                let call = Call { summons, respond: None, resolve: None };
                let facts = Facts { by: chair.clone(), ..self.facts().units(&[f::traffic()]) };
                self.step_knowing(&chair, &call, &facts);
            }
        }
    }

    /// A step on one of the dispatches, by the called unit or, none, by nobody.
    fn on_dispatch(&mut self, n: usize, by: &By, step: &impl Step<Dispatch>) {
        let Some((id, dispatch)) = self.dispatches.get(n) else { return };
        let facts = Facts { id: *id, by: by.clone(), ..self.facts() };
        if let Ok((decided, beside)) = step.take(dispatch, by, &facts) {
            self.take_dispatch(n, decided.changes());
            self.beside(beside);
        }
    }

    fn respond(&mut self, n: usize, what: u8) {
        let Some((_, dispatch)) = self.dispatches.get(n) else { return };
        let (unit, note) = (f::in_unit(&dispatch.unit, f::DISTRICT, false), "修好".to_owned());
        match what {
            0 => self.on_dispatch(n, &unit, &on_dispatch::Accept { note }),
            1 => self.on_dispatch(n, &unit, &on_dispatch::Complete { note }),
            _ => self.on_dispatch(n, &unit, &on_dispatch::Decline { note }),
        }
    }

    fn arbitrate(&mut self, n: usize, insist: bool) {
        let (above, reason) = (f::in_unit("D-1", f::DISTRICT, true), "x".to_owned());
        if insist {
            self.on_dispatch(n, &above, &on_dispatch::Insist { reason });
        } else {
            self.on_dispatch(n, &above, &on_dispatch::Release { reason, apt: false });
        }
    }

    fn merge(&mut self, by: &By) {
        let merge = Merge { into: f::OTHER, reason: "同一件事".into() };
        // Not into what it does not see, which is as if there were none.
        if self.other.sight(by).is_some() {
            let facts = Facts { by: by.clone(), ..self.facts() };
            self.step_knowing(by, &merge, &facts);
        }
    }

    fn tick(&mut self) {
        let nobody = By::default();
        for n in 0..self.dispatches.len() {
            self.on_dispatch(n, &nobody, &TurnLamps);
        }
        self.on_approval(&nobody, &TurnLamps);
        self.step(&nobody, &TurnLamps);
        self.step(&nobody, &EndSpans);
    }

    /// The holder is gone from the directory, and the district names who goes on.
    fn relieve(&mut self, n: usize) {
        let (leader, gone) = (f::leader(f::DISTRICT), vec![self.case.holder.unit.clone()]);
        let facts = Facts { gone, by: leader.clone(), ..self.facts().units(&targets()[n..=n]) };
        let step = Relieve { unit: targets()[n].code.clone(), reason: "已撤并".into() };
        self.step_knowing(&leader, &step, &facts);
    }

    /// The holder and a department are no more: a profile with their successors is carried into everything, twice.
    fn succeed(&mut self, n: usize) {
        let (to, old) = (targets()[n].clone(), self.case.holder.unit.clone());
        let gone = [(old.clone(), to.clone()), (f::parks().code, f::traffic())];
        // No profile names a successor that is gone itself.
        let gone = gone.into_iter().filter(|(gone, next)| *gone != to.code && next.code != old);
        let successors: BTreeMap<_, _> = gone.map(|(old, to)| (old, Holder::of(&to))).collect();
        for again in [false, true] {
            let before = (self.case.clone(), self.dispatches.clone(), self.approvals.clone());
            let mut facts = self.facts();
            facts.profile.successors.clone_from(&successors);
            self.step_knowing(&By::default(), &Carry, &facts);
            for n in 0..self.dispatches.len() {
                let changes = f::caused(&self.dispatches[n].1, &Carry, &facts);
                self.take_dispatch(n, changes);
            }
            for (id, approval) in self.approvals.clone() {
                self.take_approval(id, &f::caused(&approval, &Carry, &facts));
            }
            let after = (self.case.clone(), self.dispatches.clone(), self.approvals.clone());
            assert!(!again || before == after, "applied twice nothing moves twice");
        }
        let open = !self.case.state.is_open();
        assert!(open || !successors.contains_key(&self.case.holder.unit));
    }

    fn appoint(&mut self, n: u8) {
        let officer = (n > 0).then(|| Officer { subject: format!("officer-{n}"), name: String::new() });
        self.step(&holder(&self.case), &Appoint { officer });
    }

    fn run(&mut self, command: Command) {
        let (holder, leader, nobody) = (holder(&self.case), f::leader(f::DISTRICT), By::default());
        let (request, attempt, reason) = (Uuid::from_u128(1), self.case.attempt, "难".to_owned());
        match command {
            Command::Accept => self.step(&holder, &Accept),
            Command::Appoint(n) => self.appoint(n),
            Command::Note => self.step(&holder, &Note { text: "在看".into(), public: true }),
            Command::Escalate => self.step(&holder, &Escalate { reason }),
            Command::Delegate(n) => {
                let facts = self.facts().units(&targets()[n..=n]);
                self.step_knowing(&holder, &Delegate { unit: targets()[n].code.clone(), reason }, &facts);
            }
            Command::Return => self.step(&holder, &Return { reason }),
            Command::Decide(n, binding) => {
                let facts = Facts { by: leader.clone(), ..self.facts().units(&targets()[n..=n]) };
                let unit = targets()[n].code.clone();
                self.step_knowing(&leader, &Arbitrate { unit, binding, reason }, &facts);
            }
            Command::Call => self.call(true),
            Command::Add => self.call(false),
            Command::Respond(n, what) => self.respond(n, what),
            Command::Arbitrate(n, insist) => self.arbitrate(n, insist),
            Command::TakeBack(n) => self.on_dispatch(n, &holder, &on_dispatch::TakeBack { reason }),
            Command::Relead(n) => self.on_dispatch(n, &holder, &on_dispatch::Relead { reason }),
            Command::Resolve => self.step(&holder, &Resolve { answer: "好了".into(), handling: None }),
            Command::Photo => {
                self.ids += 1;
                let file = File { sha256: self.ids.to_string(), ..allowed::photo() };
                self.step(&leader, &Attach { file, unit: None });
            }
            Command::Verify(passed) => self.step(&leader, &Verify { passed, finding: reason }),
            Command::StrikeOff => self.step(&leader, &StrikeOff),
            Command::Reopen => self.step(&leader, &Reopen { reason }),
            Command::Answer => self.step(&nobody, &Answer { request, attempt }),
            Command::Judge(passed) => {
                let judgement = if passed { Judgement::Passed } else { Judgement::Lapsed };
                self.step(&nobody, &Judge { attempt, judgement });
            }
            Command::Fail => self.step(&nobody, &Fail { attempt }),
            Command::Object => self.step(&nobody, &Object { request, attempt, words: reason }),
            Command::Supplement => self.step(&nobody, &Supplement { request, text: "还有".into() }),
            Command::Ask => self.step(&holder, &AskReporter { question: "几号楼".into() }),
            Command::AskSuspension(days) => self.ask_suspension(days),
            Command::Review(days) => {
                let review = self.day(days);
                self.step(&leader, &ReviewSuspension { review, remark: reason });
            }
            Command::Resume => self.step(&holder, &Resume { reason }),
            Command::Withdraw => self.step(&nobody, &Withdraw { request }),
            Command::AskExtension(amount) => self.ask_extension(amount),
            Command::AskDecline => self.ask_decline(),
            Command::Consult => self.consult(),
            Command::AskGroup => self.ask_group(),
            Command::TaskForce => self.form_task_force(),
            Command::EndGroup => self.end_group(reason),
            Command::Chair(n, what) => self.chair(n, what),
            Command::Grant => self.on_approval(&leader, &Grant { reason }),
            Command::Refuse => self.on_approval(&leader, &Refuse { reason }),
            Command::Supervise(level) => self.step(&leader, &Supervise { level, reason }),
            Command::AnswerSupervision => self.step(&holder, &AnswerSupervision { text: "在办".into() }),
            Command::Merge => self.merge(&holder),
            Command::Recategorise(n) => self.recategorise(n),
            Command::Unmerge => self.step(&holder, &Unmerge { reason }),
            Command::Relieve(n) => self.relieve(n),
            Command::Succeed(n) => self.succeed(n),
            Command::Tick => self.tick(),
            Command::Wait(minutes) => self.now += Duration::minutes(minutes),
        }
    }

    /// Routing says it is one of the places' units; each time another category.
    fn recategorise(&mut self, n: usize) {
        self.ids += 1;
        let (holder, category) = (holder(&self.case), format!("C{}", self.ids));
        let facts = Facts { by: holder.clone(), routed: f::routed(targets()[n].clone()), ..self.facts() };
        self.step_knowing(&holder, &Recategorise { category, reason: "x".into() }, &facts);
    }

    /// 1, and what must fit together in every state.
    fn check(&self) {
        let case = &self.case;
        if case.state.is_open() {
            assert!(!case.holder.unit.is_empty());
            assert!(related(&case.holder.area, &case.area), "{} holds {}", case.holder.area, case.area);
        }
        let clock = |kind| case.clocks.get(kind).unwrap();
        let (respond, resolve) = (clock(ClockKind::Respond), clock(ClockKind::Resolve));
        let running = match case.state {
            State::Assigned => (true, true),
            State::Returned | State::Suspended | State::Waiting => (false, false),
            State::Working => (false, true),
            State::Resolved | State::Closed => (false, false),
        };
        assert_eq!((respond.is_running(), resolve.is_running()), running, "{:?}", case.state);
        let waits = case.clocks.get(ClockKind::Wait).is_some_and(Clock::is_running);
        let waiting = case.state == State::Waiting;
        assert_eq!((waits, case.question.is_some()), (waiting, waiting), "it waits for what was asked");
        let reviewed = case.clocks.get(ClockKind::Review).is_some_and(Clock::is_running);
        let suspended = case.state == State::Suspended;
        assert_eq!((reviewed, case.suspension.is_some()), (suspended, suspended), "it is to be reviewed");
        assert_eq!(case.state == State::Closed, case.outcome.is_some());
        // 4: each request is on one of both cases, and on the other one while it is merged.
        let on = |case: &Case| case.requests.iter().map(|request| request.id.as_u128()).collect::<Vec<_>>();
        assert_eq!((case.outcome == Some(Outcome::Merged)), case.merged.is_some());
        let on_both = if case.merged.is_some() { (vec![], vec![2, 1]) } else { (vec![1], vec![2]) };
        assert_eq!((on(case), on(&self.other)), on_both);
        let open = self.dispatches.iter().filter(|(_, dispatch)| !dispatch.state.is_settled());
        let leads = open.clone().filter(|(_, dispatch)| dispatch.lead).count();
        assert_eq!(leads, open.count().min(1), "exactly one of those open leads");
        // Somebody is to decide while it is returned, and everybody but the last was decided on. Nobody returns what they were bound to.
        assert_eq!(case.arbiter.is_some(), case.state == State::Returned);
        assert!(
            case.refusals.len() <= 2 && case.refusals.iter().rev().skip(1).all(|it| it.arbitration.is_some())
        );
        assert!(case.state != State::Returned || !case.binds());
        let arbitrate = case.clocks.get(ClockKind::Arbitrate).is_some_and(huying_terms::Clock::is_running);
        assert_eq!(arbitrate, case.state == State::Returned);
        // Groups work on what is open, and no longer than their spans.
        assert!(case.groups.is_empty() || case.state.is_open());
        assert_eq!(case.groups_end_at, case.groups.iter().filter_map(|it| it.group.until).min());
        // What is asked for is open for as long as the case says so, and lapses when it moves on.
        let asked = self.approvals.iter().filter(|(_, it)| it.state == ApprovalState::Asked);
        let asked: HashSet<Uuid> = asked.map(|(id, _)| *id).collect();
        assert_eq!(asked, case.approvals.iter().map(|pending| pending.approval).collect());
        let settled = matches!(case.state, State::Returned | State::Resolved | State::Closed);
        assert!(asked.is_empty() || !settled);
        if !case.state.is_open() || case.state == State::Resolved {
            assert!(
                self.dispatches.iter().all(|(_, dispatch)| dispatch.state.is_settled()),
                "{:?} waits for nobody",
                case.state
            );
            let pressed = case.unanswered().is_some_and(|_| case.state.is_open());
            assert!(case.due_at.is_none() || pressed || case.verifier.is_some());
        }
        // Only an answer that is still owed is timed, and a supervised item stays one.
        let reply = case.clocks.get(ClockKind::Reply);
        assert!(!reply.is_some_and(|clock| clock.is_running()) || case.unanswered().is_some());
        assert_eq!(case.supervised_at.is_some(), case.pressed.notices + case.pressed.talks > 0);
        let looked = case.clocks.get(ClockKind::Verify).is_some_and(Clock::is_running);
        assert_eq!(looked, case.verifier.is_some(), "somebody is to look");
        assert!(case.verifier.is_none() || case.state == State::Resolved);
    }

    /// 2: replaying what was written gives the row.
    fn check_replay(&self) {
        let replayed = replay::<Case>(&self.log);
        assert_eq!(replayed, serde_json::to_value(&self.case).unwrap());
        for ((_, dispatch), log) in self.dispatches.iter().zip(&self.dispatch_log) {
            assert_eq!(replay::<Dispatch>(log), serde_json::to_value(dispatch).unwrap());
        }
    }

    /// 5: each lamp of each deadline turns at most once, and only while its clock runs.
    fn check_lamps(&self) {
        let mut told = HashSet::new();
        let mut case: Option<Case> = None;
        for (change, at) in &self.log {
            if let (Change::LampTurned(LampTurned { clock, lamp, due_at }), Some(case)) = (change, &case) {
                let running = case.clocks.get(*clock).unwrap();
                assert!(running.is_running() && running.due_at == Some(*due_at));
                assert!(
                    told.insert((format!("{clock:?}{lamp:?}"), running.started_at, *due_at)),
                    "{clock:?} {lamp:?} told twice"
                );
            }
            case = after(case, change, &f::stamp(*at));
        }
    }
}

fn replay<A: Aggregate>(log: &[(A::Change, DateTime<Utc>)]) -> serde_json::Value {
    let mut it: Option<A> = None;
    for (change, at) in log {
        let change: A::Change = serde_json::from_value(serde_json::to_value(change).unwrap()).unwrap();
        it = after(it, &change, &f::stamp(*at));
    }
    serde_json::to_value(it.unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_always_true(start in 0usize..5, verified in any::<bool>(), commands in prop::collection::vec(command(), 1..60)) {
        let mut world = World::new(&targets()[start], verified);
        for command in commands {
            let before = world.case.clone();
            world.run(command);
            world.check();
            // What is to be looked at closes only when somebody did, or the reporter took it back.
            if before.verifier.is_some() && world.case.state == State::Closed {
                prop_assert!(matches!(command, Command::Verify(true) | Command::Withdraw));
            }
            // 6: nothing leads out of closed but a reopening and an un-merging, and what changed is what the table says.
            if before.state != world.case.state {
                let rule = Case::rules().iter().find(|rule| rule.leads(before.state) == Some(world.case.state));
                prop_assert!(rule.is_some());
                let again = before.merged.is_some() || world.case.attempt == before.attempt + 1;
                prop_assert!(before.state != State::Closed || again);
            }
            let lamps = f::caused(&world.case, &TurnLamps, &world.facts());
            let lamps = lamps.iter().filter(|change| matches!(change, Change::LampTurned(_)));
            prop_assert_eq!(lamps.count(), world.case.clocks.turns(world.now).len());
        }
        world.check_replay();
        world.check_lamps();
    }
}
