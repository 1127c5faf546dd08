//! Inquiries: opened, claimed, answered, judged and withdrawn; what is overdue is told by the clock.

use huying_chassis::{
    id,
    log::{Decided, Log, Meta, Replay, Versioned},
    run::{Answering, Command, Decision, Halt, Question, RunError, Seen, on},
    status::Problem,
    timer::Timer,
};
use uuid::Uuid;

use super::{App, World, parties::HadPart, quota::OPEN_INQUIRY, topic::CasesIn};
use crate::{
    NAME,
    domain::{
        inquiry::{Asked, Inquiry, InquiryChange, InquiryError, InquiryState, Known},
        wanted::Inquiries,
    },
};

/// Why something about an inquiry came to nothing.
pub type InquiryRefused = RunError<InquiryError>;
type See = Seen<World, InquiryError>;
type Stop = Halt<InquiryError>;

impl App {
    /// Opens an inquiry of a delegate, whose own unit it is if there is one. What was heard of cases is counted first, so that one that was
    /// just resolved is known.
    ///
    /// # Errors
    /// The domain's, and the log's; `QUOTA_SPENT`; the store is away.
    pub async fn open_inquiry(
        &self,
        asked: Asked,
        own_unit: Option<String>,
        meta: &Meta,
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        self.catch_up().await.map_err(RunError::Unanswered)?;
        self.runner.run(&Opening { id: id::new(), asked, own_unit, app: self }, meta).await
    }

    /// # Errors
    /// The store is away.
    pub async fn inquiry(&self, id: Uuid) -> Result<Option<Versioned<Inquiry>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Inquiries, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn inquiries(
        &self,
        wanted: &Inquiries,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inquiry>>, Problem> {
        let page = self.store.inquiries(wanted, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&wanted.district).await?;
        }
        Ok(page)
    }

    /// How many stand where, for each state of which there is any.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn count_inquiries(&self, wanted: &Inquiries) -> Result<Vec<(InquiryState, i64)>, Problem> {
        let counts = self.store.count_inquiries(wanted).await?;
        if counts.is_empty() {
            self.require_district(&wanted.district).await?;
        }
        Ok(counts)
    }

    /// What anyone may read of a district, the newest first; nothing of one that is not known.
    ///
    /// # Errors
    /// The store is away.
    pub async fn public_inquiries(
        &self,
        district: &str,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Inquiry>>, Problem> {
        Ok(self.store.public_inquiries(district, after, size).await?)
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn claim_inquiry(
        &self,
        id: Uuid,
        meta: &Meta,
        office: &str,
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        self.of_inquiry(id, meta, |it, seen| it.claim(office, &meta.actor, seen.now())).await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn answer_inquiry(
        &self,
        id: Uuid,
        meta: &Meta,
        text: &str,
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        self.of_inquiry(id, meta, |it, _| it.answer(text, &meta.actor)).await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn judge_inquiry(
        &self,
        id: Uuid,
        meta: &Meta,
        (solved, note): (bool, &str),
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        self.of_inquiry(id, meta, |it, seen| it.judge(solved, note, &meta.actor, seen.now())).await
    }

    /// # Errors
    /// The domain's, and the log's.
    pub async fn withdraw_inquiry(
        &self,
        id: Uuid,
        meta: &Meta,
        note: &str,
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        self.of_inquiry(id, meta, |it, _| it.withdraw(note, &meta.actor)).await
    }

    /// Tells what is overdue.
    pub fn reminding(&self) -> Timer {
        let remind = |id| on(id, |it: &Versioned<Inquiry>, seen: &See| Ok(it.it.remind(seen.now())));
        Timer::new::<Inquiry, _, _>("remind", "due_at", self.runner.clone(), Meta::of_service(NAME), remind)
    }

    async fn of_inquiry(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Inquiry, &See) -> Result<Decided<InquiryChange>, InquiryError> + Send + Sync,
    ) -> Result<Versioned<Inquiry>, InquiryRefused> {
        let step = on(id, |it: &Versioned<Inquiry>, seen: &See| Ok(decide(&it.it, seen)?));
        self.runner.run(&step, meta).await
    }
}

impl From<InquiryError> for Stop {
    fn from(why: InquiryError) -> Self {
        Self::Refused(why)
    }
}

/// A delegate asks. There is no row to look at before, but what is known of the cases.
struct Opening<'a> {
    id: Uuid,
    asked: Asked,
    own_unit: Option<String>,
    app: &'a App,
}

impl Command<World> for Opening<'_> {
    type Error = InquiryError;
    type Answer = Versioned<Inquiry>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Inquiry>>, Stop> {
        let Asked { district, area, unit, cases, .. } = self.asked.clone();
        let worked = seen.ask(WorkedOn { cases: cases.clone(), unit });
        let (unit, subject) = (self.own_unit.clone(), seen.meta().actor.subject.clone());
        let own = seen.ask(HadPart { cases: cases.clone(), unit, subject });
        let there = seen.ask(CasesIn { cases, district, area })?;
        let known = Known { there, worked: worked?, own: own? };
        let opened = Inquiry::open(self.asked.clone(), known, self.own_unit.as_deref(), seen.now())?;
        let begun = seen.begin::<Inquiry>(self.id, &[opened])?;
        let (draft, answer) = begun.ok_or(Halt::NotFound { kind: "inquiry", id: self.id })?;
        self.app.quota(OPEN_INQUIRY, &self.asked.district, seen)?;
        Ok(Decision { drafts: vec![draft], answer })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Inquiry>, Stop> {
        seen.get::<Inquiry>(done.aggregate).cloned()
    }
}

/// On which of these cases a unit worked.
#[derive(Clone, Debug)]
struct WorkedOn {
    cases: Vec<Uuid>,
    unit: String,
}

impl Question<World> for WorkedOn {
    type Answer = Vec<Uuid>;

    fn answer<'a>(&'a self, _: &'a Log, world: &'a World) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(world.store.worked_on(&self.cases, &self.unit).await?) })
    }
}
