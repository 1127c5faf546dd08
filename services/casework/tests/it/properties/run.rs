//! A command becomes a step on the case that it is about, asked for by whoever usually does or by somebody else.

use chrono::Duration;
use huying_casework::domain::{
    Approval, By, Case, Dispatch, File, Judgement, Officer, Step,
    approval::step::{Grant, Refuse},
    case::step::{
        Accept, Answer, AnswerSupervision, Appoint, Arbitrate, AskReporter, Attach, Delegate, EndCharge,
        EndSpans, Escalate, Fail, GoIdle, Judge, Merge, Note, Object, Recategorise, Relieve, Reopen,
        ReportCharge, Resolve, Resume, Return, ReviewSuspension, StrikeOff, Supervise, Supplement,
        TakeCharge, Unmerge, Verify, Withdraw,
    },
    dispatch::step as on_dispatch,
    lamp::TurnLamps,
};
use uuid::Uuid;

use super::{
    command::{Command, Drawn},
    model::{REQUESTS, World},
    sight::{ADDED, ASKED, OBJECTED},
    town::{people, superior, targets, worker},
};
use crate::{allowed::photo, fixture as f};

/// What a command is run with.
pub struct Run<'a> {
    pub world: &'a mut World,
    /// The case that it is about.
    pub case: Uuid,
    pub who: Option<usize>,
}

/// Why, for all that asks for a reason.
pub fn why() -> String {
    "难".to_owned()
}

fn held_by(run: &Run<'_>, _: &Dispatch) -> By {
    run.holder()
}

/// One of a unit's people.
pub fn officer(n: usize) -> Officer {
    Officer { subject: format!("officer-{n}"), name: String::new() }
}

pub fn run(world: &mut World, drawn: Drawn) {
    let parts = world.cases.len() - 2;
    let n = if drawn.on < 2 || parts == 0 { drawn.on % 2 } else { 2 + drawn.on % parts };
    let case = world.cases[n].id;
    Run { world, case, who: drawn.who }.run(drawn.command);
}

impl Run<'_> {
    pub fn it(&self) -> &Case {
        self.world.case(self.case)
    }

    /// Somebody of the unit that holds it.
    pub fn holder(&self) -> By {
        worker(&self.it().holder.unit)
    }

    /// Whoever usually asks, or somebody else.
    fn by(&self, usual: By) -> By {
        let people = people();
        self.who.map_or(usual, |n| people[n % people.len()].clone())
    }

    /// A step on the case, usually by somebody of its holder.
    pub fn held(&mut self, step: &impl Step<Case>) {
        let by = self.by(self.holder());
        self.world.take(self.case, &by, step);
    }

    /// Usually by somebody above.
    pub fn above(&mut self, step: &impl Step<Case>) {
        let by = self.by(superior(f::DISTRICT));
        self.world.take(self.case, &by, step);
    }

    pub fn usually(&mut self, by: By, step: &impl Step<Case>) {
        let by = self.by(by);
        self.world.take(self.case, &by, step);
    }

    fn nobody(&mut self, step: &impl Step<Case>) {
        self.world.take(self.case, &By::default(), step);
    }

    /// On one of its open dispatches, or where there is none on any.
    pub fn on_dispatch(
        &mut self,
        n: usize,
        usual: impl Fn(&Self, &Dispatch) -> By,
        step: &impl Step<Dispatch>,
    ) {
        let open = self.world.called(self.it()).into_iter().filter(|kept| !kept.it.state.is_settled());
        let (open, all): (Vec<_>, Vec<_>) = (open.collect(), self.world.dispatches.iter().collect());
        let some = if open.is_empty() { all } else { open };
        let Some(kept) = some.get(n % some.len().max(1)) else { return };
        let (id, by) = (kept.id, self.by(usual(self, &kept.it)));
        self.world.take(id, &by, step);
    }

    /// On one of what is asked for on the case, or on what was ruled on last.
    fn on_approval(&mut self, n: usize, step: &impl Step<Approval>) {
        let pending = self.world.pending(self.case);
        let ruled = self.world.approvals.last().map(|kept| kept.id);
        let Some(id) = pending.get(n % pending.len().max(1)).copied().or(ruled) else { return };
        let by = self.by(superior(f::DISTRICT));
        self.world.take(id, &by, step);
    }

    fn run(mut self, command: Command) {
        let (attempt, reason) = (self.it().attempt, why());
        let request = |second: bool| REQUESTS[usize::from(second)];
        match command {
            Command::Accept => self.held(&Accept),
            Command::Note => self.held(&Note { text: "在看".into(), public: true }),
            Command::Appoint(n) => self.held(&Appoint { officer: (n > 0).then(|| officer(n.into())) }),
            Command::Escalate => self.held(&Escalate { reason }),
            Command::Delegate(n) => self.held(&Delegate { unit: targets()[n].code.clone(), reason }),
            Command::Return => self.held(&Return { reason }),
            Command::Decide(n, binding) => self.decide(n, binding),
            Command::Call => self.call(true),
            Command::Add => self.call(false),
            Command::Respond(n, what) => self.respond(n, what),
            Command::Arbitrate(n, insist) => self.arbitrate(n, insist),
            Command::TakeBack(n) => self.on_dispatch(n, held_by, &on_dispatch::TakeBack { reason }),
            Command::Relead(n) => self.on_dispatch(n, held_by, &on_dispatch::Relead { reason }),
            Command::Resolve => self.held(&Resolve { answer: "好了".into(), handling: None }),
            Command::Photo => self.photo(),
            Command::Verify(passed) => self.above(&Verify { passed, finding: reason }),
            Command::StrikeOff => self.above(&StrikeOff),
            Command::Reopen => self.above(&Reopen { reason }),
            Command::Answer(second) => self.nobody(&Answer { request: request(second), attempt }),
            Command::Judge(passed) => self.judge(passed),
            Command::Fail => self.nobody(&Fail { attempt, reasons: Vec::new() }),
            Command::Supplement => self.supplement(),
            Command::Object(second) => self.object(request(second)),
            Command::Withdraw(second) => self.withdraw(request(second)),
            Command::Leave(second) => self.leave(request(second)),
            Command::Ask => self.held(&AskReporter { question: ASKED.into() }),
            Command::AskSuspension(days) => self.ask_suspension(days),
            Command::Review(days) => self.review(days),
            Command::Resume => self.held(&Resume { reason }),
            Command::AskExtension(amount) => self.ask_extension(amount),
            Command::AskDecline => self.ask_decline(),
            Command::Consult => self.consult(),
            Command::AskGroup => self.ask_group(),
            Command::TaskForce => self.form_task_force(),
            Command::EndGroup => self.end_group(),
            Command::Chair(n, what) => self.chair(n, what),
            Command::Grant(n) => self.on_approval(n, &Grant { reason }),
            Command::Refuse(n) => self.on_approval(n, &Refuse { reason }),
            Command::Supervise(level) => self.above(&Supervise { level, reason }),
            Command::AnswerSupervision => self.held(&AnswerSupervision { text: "在办".into() }),
            Command::TakeCharge => {
                self.above(&TakeCharge { leader: "区领导".into(), plan: "改造".into() })
            }
            Command::ReportCharge => self.held(&ReportCharge { text: "已勘查".into() }),
            Command::EndCharge => self.above(&EndCharge { reason }),
            Command::Merge => self.merge(),
            Command::Unmerge => self.held(&Unmerge { reason }),
            Command::Split(n, parts) => self.split(n, parts),
            Command::Recategorise(n) => self.recategorise(n),
            Command::Relieve(n) => self.relieve(n),
            Command::Succeed(n) => self.world.succeed(self.case, n),
            Command::Tick => self.world.tick(),
            Command::GoIdle => self.nobody(&GoIdle),
            Command::Wait(minutes) => self.world.now += Duration::minutes(minutes),
        }
    }

    fn decide(&mut self, n: usize, binding: bool) {
        self.above(&Arbitrate { unit: targets()[n].code.clone(), binding, reason: why() });
    }

    fn judge(&mut self, passed: bool) {
        let judgement = if passed { Judgement::Passed } else { Judgement::Lapsed };
        self.nobody(&Judge { attempt: self.it().attempt, judgement });
    }

    fn supplement(&mut self) {
        self.nobody(&Supplement { request: REQUESTS[0], text: ADDED.into() });
    }

    fn object(&mut self, request: Uuid) {
        self.nobody(&Object { request, attempt: self.it().attempt, words: OBJECTED.into() });
    }

    fn review(&mut self, days: i64) {
        let review = self.world.day(days);
        self.above(&ReviewSuspension { review, remark: why() });
    }

    /// Each time another one.
    fn photo(&mut self) {
        let by = self.by(superior(f::DISTRICT));
        let (sha256, unit) = (self.world.id().to_string(), by.reach.unit().map(str::to_owned));
        self.world.take(self.case, &by, &Attach { file: File { sha256, ..photo() }, unit });
    }

    fn withdraw(&mut self, request: Uuid) {
        let has = |case: &Case| case.requests.iter().any(|one| one.id == request);
        if has(self.it()) && self.it().state.is_open() {
            self.world.withdrawn.insert(request);
        }
        self.nobody(&Withdraw { request });
    }

    /// One of several requests is taken back.
    fn leave(&mut self, request: Uuid) {
        if self.it().requests.len() > 1 {
            self.withdraw(request);
        }
    }

    /// With the other one of the two. Whoever does not see that one is told that there is none.
    fn merge(&mut self) {
        let into = if self.case == f::CASE { f::OTHER } else { f::CASE };
        self.held(&Merge { into, reason: "同一件事".into() });
    }

    /// Routing says that it is one of the places' units'; each time another category.
    fn recategorise(&mut self, n: usize) {
        let category = format!("C{}", self.world.id().as_u128());
        self.world.routed = f::routed(targets()[n].clone());
        self.held(&Recategorise { category, reason: why() });
    }

    /// The holder is gone from the directory, and somebody above names who goes on.
    fn relieve(&mut self, n: usize) {
        self.world.gone = vec![self.it().holder.unit.clone()];
        self.above(&Relieve { unit: targets()[n].code.clone(), reason: "已撤并".into() });
        self.world.gone.clear();
    }
}

impl World {
    /// Timers fire for all that there is.
    pub fn tick(&mut self) {
        let nobody = By::default();
        for id in self.dispatches.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Dispatch, _>(id, &nobody, &TurnLamps);
        }
        for id in self.approvals.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Approval, _>(id, &nobody, &TurnLamps);
        }
        for id in self.cases.iter().map(|kept| kept.id).collect::<Vec<_>>() {
            self.take::<Case, _>(id, &nobody, &TurnLamps);
            // A clock that runs on by it may be due at once.
            self.take::<Case, _>(id, &nobody, &TurnLamps);
            self.take::<Case, _>(id, &nobody, &EndSpans);
            assert!(self.case(id).clocks.turns(self.now).is_empty(), "each lamp that is due has turned");
        }
    }
}
