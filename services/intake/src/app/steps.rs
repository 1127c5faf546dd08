//! Steps on a request that somebody asks for.

use huying_chassis::{
    log::{Decided, Log, Meta, Versioned},
    quota::Quota,
    run::{Answering, Halt, Question, heard, on},
    status::Problem,
    timer::Timer,
};
use huying_terms::worktime;
use uuid::Uuid;

use super::{App, See, World, profile::ProfileOf};
use crate::{
    NAME,
    domain::{
        Error,
        change::Change,
        request::{Request, Workers},
    },
    store,
};

/// Who had part in a request's case, as its log tells, and whether a person was among them.
#[derive(Clone, Debug)]
pub(super) struct WorkersOf {
    request: Uuid,
    subject: String,
}

impl WorkersOf {
    pub(super) fn new(request: Uuid, meta: &Meta) -> Self {
        Self { request, subject: meta.actor.subject.clone() }
    }
}

impl Question<World> for WorkersOf {
    type Answer = Workers;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async { Ok(store::request::workers(log.pool(), self.request, &self.subject).await?) })
    }
}

/// What only adds words to something that stands as it stood before, and so could be asked for again and again: counted by caller and day, each
/// by itself. The index `command_additions` or `command_told` has each.
pub const ADD: &str = "huying.intake.v1.AddInformationRequest";
pub const JOIN: &str = "huying.intake.v1.JoinRequestRequest";
pub const TELL: &str = "huying.intake.v1.TellProgressRequest";
pub const UPDATE: &str = "huying.intake.v1.UpdateArchiveRequest";
pub const COUNTED: [&str; 4] = [ADD, JOIN, TELL, UPDATE];

type Done = Result<Versioned<Request>, Problem>;
type Decision = Result<Decided<Change>, Halt<Error>>;

impl App {
    pub async fn add(&self, id: Uuid, content: String, meta: &Meta) -> Done {
        self.step(id, meta, |request, seen| {
            let added = refusing(request.add(content.clone()))?;
            self.quota(ADD, &request.submission.district, seen)?;
            Ok(added)
        })
        .await
    }

    pub async fn withdraw(&self, id: Uuid, reason: String, meta: &Meta) -> Done {
        let unit = meta.actor.unit.as_deref();
        self.step(id, meta, |request, seen| {
            let workers = seen.ask(WorkersOf::new(id, meta))?;
            refusing(request.withdraw(reason.clone(), unit, workers))
        })
        .await
    }

    /// `may_tell`: whether the caller may, as the request is now; one that did may hear so again, whoever it is with then.
    ///
    /// # Errors
    /// `NOT_FIRST_CONTACT`.
    pub async fn answer(
        &self,
        id: Uuid,
        answer: String,
        may_tell: impl Fn(&Request) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Done {
        self.step(id, meta, |request, _| {
            allowed(may_tell(request))?;
            refusing(request.answer(answer.clone()))
        })
        .await
    }

    /// The same, with how it goes.
    ///
    /// # Errors
    /// `NOT_FIRST_CONTACT`, `QUOTA_SPENT`.
    pub async fn tell_progress(
        &self,
        id: Uuid,
        text: String,
        may_tell: impl Fn(&Request) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Done {
        self.step(id, meta, |request, seen| {
            allowed(may_tell(request))?;
            let profile = seen.ask(ProfileOf(request.submission.district.clone()))?;
            let told = refusing(request.tell_progress(text.clone(), profile, seen.now()))?;
            self.quota(TELL, &request.submission.district, seen)?;
            Ok(told)
        })
        .await
    }

    /// What first contacts did not tell in time climbs.
    pub fn duty_timer(&self) -> Timer {
        let due = "instant(body -> 'first_contact' -> 'due_at')";
        Timer::new::<Request, _, _>("miss", due, self.runner.clone(), Meta::of_service(NAME), |id| {
            heard(move |seen: &See| {
                let request = seen.get::<Request>(id)?;
                let profile = seen.ask(ProfileOf(request.it.submission.district.clone()))?;
                let drafted = seen.draft(request, request.it.miss(profile, seen.now()))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        })
    }

    /// The window is the district's, by the calendar of today.
    pub async fn object(&self, id: Uuid, reason: String, meta: &Meta) -> Done {
        let unit = meta.actor.unit.as_deref();
        self.step(id, meta, |request, seen| {
            let profile = seen.ask(ProfileOf(request.submission.district.clone()))?;
            let workers = seen.ask(WorkersOf::new(id, meta))?;
            refusing(request.object(reason.clone(), unit, workers, profile, seen.now()))
        })
        .await
    }

    /// Whether the caller may add so much more today, in a district. Asked last, of what is to be written: what is refused for something else, or
    /// changes nothing, is told so also where the day's are spent.
    ///
    /// # Errors
    /// `QUOTA_SPENT`.
    pub(super) fn quota(&self, method: &'static str, district: &str, seen: &See) -> Result<(), Halt<Error>> {
        let profile = seen.ask(ProfileOf(district.to_owned()))?;
        let day = worktime::day(profile.calendar.zone, seen.now());
        // Archives of a whole district are kept in step by one program.
        let most = if method == UPDATE { self.archive_updates_a_day } else { self.additions_a_day };
        seen.ask(Quota::new(seen.meta(), method, most, day)).copied()
    }

    async fn step(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Request, &See) -> Decision + Send + Sync,
    ) -> Done {
        let step = on(id, |it: &Versioned<Request>, seen: &See| decide(&it.it, seen));
        Ok(self.runner.run(&step, meta).await?)
    }
}

fn allowed(may: bool) -> Result<(), Halt<Error>> {
    if may { Ok(()) } else { Err(Halt::Refused(Error::NotFirstContact)) }
}

fn refusing(decided: Result<Decided<Change>, Error>) -> Decision {
    decided.map_err(Halt::Refused)
}
