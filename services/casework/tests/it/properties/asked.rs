//! What a holder asks for, and whom it calls.

use chrono::Duration;
use huying_casework::domain::{
    Dispatch,
    case::step::{
        Appoint, AskDecline, AskExtension, AskGroup, AskSuspension, Call, Consult, EndGroup, FormTaskForce,
        Part, Split, Summons,
    },
    dispatch::step as on_dispatch,
};
use huying_terms::{Limit, LimitKind};

use super::{
    run::{Run, officer, why},
    town::{superior, targets, worker},
};
use crate::fixture as f;

impl Run<'_> {
    pub fn ask_extension(&mut self, amount: u32) {
        let (approval, more) = (self.world.id(), Limit { kind: LimitKind::UrgentHour, amount });
        self.held(&AskExtension { approval, more, reason: "材料未到".into() });
    }

    pub fn ask_suspension(&mut self, days: i64) {
        let (approval, review) = (self.world.id(), self.world.day(days));
        self.held(&AskSuspension { approval, plan: "改造".into(), review, reason: "未到工期".into() });
    }

    pub fn ask_decline(&mut self) {
        let (approval, ground) = (self.world.id(), "repeat".to_owned());
        self.held(&AskDecline { approval, ground, answer: "请看上次的答复".into() });
    }

    fn summons(&mut self, unit: &str, lead: bool) -> Summons {
        let (dispatch, unit, task) = (self.world.id(), unit.to_owned(), "修剪".to_owned());
        Summons { dispatch, unit, lead, task, respond: None, resolve: None }
    }

    /// Of two departments, the first to lead or none.
    pub fn call(&mut self, leads: bool) {
        let summons = vec![self.summons("DEP-parks", leads), self.summons("DEP-traffic", false)];
        self.held(&Call { summons, respond: None, resolve: None });
    }

    /// Units met, and the traffic police have a task.
    pub fn consult(&mut self) {
        let call = Call { summons: vec![self.summons("DEP-traffic", true)], respond: None, resolve: None };
        self.held(&Consult { participants: vec!["DEP-parks".into()], minutes: "已议定".into(), call });
    }

    /// Of a response group whose members are two departments.
    pub fn ask_group(&mut self) {
        let dispatches = vec![self.world.id(), self.world.id()];
        let (approval, group, task, reason) = (self.world.id(), "RG-1".into(), "抢修".into(), why());
        self.held(&AskGroup { approval, group, task, reason, dispatches });
    }

    /// For two days, usually by the street or by whoever stands above it.
    pub fn form_task_force(&mut self) {
        let step = FormTaskForce {
            code: self.world.id().to_string(),
            name: "专班".into(),
            chair: "S-1".into(),
            members: vec!["DEP-traffic".into()],
            task: "抢修".into(),
            until: self.world.now + Duration::days(2),
            others: Vec::new(),
            dispatches: vec![self.world.id()],
        };
        self.above(&step);
    }

    pub fn end_group(&mut self) {
        let group = self.it().groups.first().map_or_else(String::new, |it| it.group.code.clone());
        self.above(&EndGroup { group, reason: why() });
    }

    /// Into parts for one of the places' units.
    pub fn split(&mut self, n: usize, parts: u8) {
        let unit = targets()[n].code.clone();
        let part =
            |run: &mut Self| Part { case: run.world.id(), unit: unit.clone(), content: "修护栏".into() };
        let parts = (0..parts).map(|_| part(self)).collect();
        self.held(&Split { parts, reason: why() });
    }

    /// The chair of a response group gives the lead to one, takes one back or adds one.
    pub fn chair(&mut self, n: usize, what: u8) {
        let (chair, reason) = (worker("RG-1"), why());
        match what {
            0 => self.on_dispatch(n, |_, _| chair.clone(), &on_dispatch::Relead { reason }),
            1 => self.on_dispatch(n, |_, _| chair.clone(), &on_dispatch::TakeBack { reason }),
            _ => {
                let summons = vec![self.summons("DEP-traffic", true)];
                self.usually(chair, &Call { summons, respond: None, resolve: None });
            }
        }
    }

    pub fn respond(&mut self, n: usize, what: u8) {
        let (called, note) = (|_: &Self, it: &Dispatch| worker(&it.unit), "修好".to_owned());
        match what {
            0 => self.on_dispatch(n, called, &on_dispatch::Accept { note }),
            1 => self.on_dispatch(n, called, &on_dispatch::Complete { note }),
            2 => self.on_dispatch(n, called, &Appoint { officer: Some(officer(n)) }),
            _ => self.on_dispatch(n, called, &on_dispatch::Decline { note }),
        }
    }

    pub fn arbitrate(&mut self, n: usize, insist: bool) {
        let (above, reason) = (|_: &Self, _: &Dispatch| superior(f::DISTRICT), why());
        if insist {
            self.on_dispatch(n, above, &on_dispatch::Insist { reason });
        } else {
            self.on_dispatch(n, above, &on_dispatch::Release { reason, apt: false });
        }
    }
}
