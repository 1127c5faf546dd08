//! Steps on cases: look, act as the unit that may, show the case after it.

use anyhow::ensure;
use huying_chassis::peers::Peer;
use huying_proto::casework::v1::{
    AcceptCaseRequest, AddNoteRequest, AnswerSupervisionRequest, AppointOfficerRequest, ArbitrateCaseRequest,
    AskDeclineRequest, AskExtensionRequest, AskReporterRequest, AskSuspensionRequest, CallDepartmentsRequest,
    Case, DelegateCaseRequest, EndChargeRequest, EscalateCaseRequest, Handling, Officer, ReopenCaseRequest,
    ReportChargeRequest, ResolveCaseRequest, ResumeCaseRequest, ReturnCaseRequest, ReviewSuspensionRequest,
    StrikeOffCaseRequest, Summons, SuperviseCaseRequest, SupervisionLevel, TakeChargeRequest,
    VerifyCaseRequest, case_service_client::CaseServiceClient,
};
use huying_proto::common::v1::Limit;

use super::super::Session;
use super::{As, Step, show};
use crate::client::{Client, request_id};

pub(super) async fn run(session: &Session, client: &Client, step: Step) -> anyhow::Result<()> {
    let case = match step {
        Step::Accept(on) => held(client, on).await?.accept().await?,
        Step::Note { on, text, public } => held(client, on).await?.note(text, public).await?,
        Step::Escalate { on, reason } => held(client, on).await?.escalate(reason).await?,
        Step::Delegate { on, to, reason } => held(client, on).await?.delegate(to, reason).await?,
        Step::Return { on, reason } => held(client, on).await?.give_back(reason).await?,
        Step::Arbitrate { on, to, binding, reason } => {
            deciding(client, on, |case| case.arbiter).await?.arbitrate(to, binding, reason).await?
        }
        Step::Call { on, lead, co, respond, resolve, respond_of, resolve_of } => {
            let summons = summons(lead, co, &respond_of, &resolve_of)?;
            Box::pin(held(client, on).await?.call(summons, respond, resolve)).await?
        }
        Step::Merge(merge) => merge.run(client).await?,
        Step::Unmerge(unmerge) => unmerge.run(client).await?,
        Step::Recategorise(recategorise) => recategorise.run(client).await?,
        Step::Split(split) => split.run(client).await?,
        Step::Extend { on, more, reason } => held(client, on).await?.extend(more, reason).await?,
        Step::Ask { on, question } => held(client, on).await?.ask(question).await?,
        Step::Suspend { on, plan, review, reason } => {
            held(client, on).await?.suspend(plan, review, reason).await?
        }
        Step::Review { on, next, remark } => supervised(client, on).await?.review(next, remark).await?,
        Step::Resume { on, reason } => held(client, on).await?.resume(reason).await?,
        Step::Decline { on, ground, answer } => held(client, on).await?.decline(ground, answer).await?,
        Step::Supervise { on, level, reason } => {
            supervised(client, on).await?.supervise(level, reason).await?
        }
        Step::Appoint { on, officer, name } => held(client, on).await?.appoint(officer, name).await?,
        Step::AnswerSupervision { on, text } => held(client, on).await?.answer_supervision(text).await?,
        Step::TakeCharge { on, leader, plan } => {
            supervised(client, on).await?.take_charge(leader, plan).await?
        }
        Step::ReportCharge { on, text } => held(client, on).await?.report_charge(text).await?,
        Step::EndCharge { on, reason } => supervised(client, on).await?.end_charge(reason).await?,
        Step::Resolve { on, answer, handling } => {
            held(client, on).await?.resolve(answer, handling.said()).await?
        }
        Step::Verify { on, finding, passed, failed: _ } => {
            deciding(client, on, |case| case.verifier).await?.verify(passed, finding).await?
        }
        Step::Relieve(it) => it.run(client).await?,
        Step::Reopen { on, reason } => supervised(client, on).await?.reopen(reason).await?,
        Step::StrikeOff(on) => supervised(client, on).await?.strike_off().await?,
    };
    show::print(session, client, &case).await
}

/// A case, and a way to act on it as somebody who may.
pub(super) struct On {
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) cases: CaseServiceClient<Peer>,
}

/// As the holder, or the unit named.
pub(super) async fn held(client: &Client, on: As) -> anyhow::Result<On> {
    let case = show::find(client, &client.reader()?, &on.id).await?;
    let who = client.of_unit(on.unit.as_deref().unwrap_or(&case.holder)).await?;
    Ok(On { cases: client.cases(&who)?, id: case.id, version: case.version })
}

/// As the unit that is to decide or to look, or the unit named.
async fn deciding(client: &Client, on: As, decides: fn(Case) -> String) -> anyhow::Result<On> {
    let case = show::find(client, &client.reader()?, &on.id).await?;
    let (id, version) = (case.id.clone(), case.version);
    let unit = on.unit.unwrap_or_else(|| decides(case));
    // Where nobody is to, the service says so.
    let who = if unit.is_empty() { client.reader()? } else { client.of_unit(&unit).await? };
    Ok(On { cases: client.cases(&who)?, id, version })
}

/// As a leader of the district, or the unit named.
pub(super) async fn supervised(client: &Client, on: As) -> anyhow::Result<On> {
    let leader = client.reader()?;
    let case = show::find(client, &leader, &on.id).await?;
    let who = match &on.unit {
        Some(unit) => client.of_unit(unit).await?,
        None => leader,
    };
    Ok(On { cases: client.cases(&who)?, id: case.id, version: case.version })
}

/// The lead first; each with its own limits, where there are.
pub(super) fn summons(
    lead: Option<(String, String)>,
    co: Vec<(String, String)>,
    respond_of: &[(String, Limit)],
    resolve_of: &[(String, Limit)],
) -> anyhow::Result<Vec<Summons>> {
    let own = |limits: &[(String, Limit)], unit: &str| {
        limits.iter().find(|(of, _)| of == unit).map(|(_, limit)| *limit)
    };
    let summon = |lead| {
        move |(unit, task): (String, String)| {
            let (respond, resolve) = (own(respond_of, &unit), own(resolve_of, &unit));
            Summons { unit, lead, task, respond, resolve }
        }
    };
    let summons: Vec<Summons> =
        lead.into_iter().map(summon(true)).chain(co.into_iter().map(summon(false))).collect();
    for (unit, _) in respond_of.iter().chain(resolve_of) {
        ensure!(summons.iter().any(|one| one.unit == *unit), "{unit} is not called");
    }
    Ok(summons)
}

impl On {
    async fn accept(mut self) -> anyhow::Result<Case> {
        let request = AcceptCaseRequest { request_id: request_id(), id: self.id, version: self.version };
        Ok(self.cases.accept_case(request).await?.into_inner())
    }

    async fn note(mut self, text: String, public: bool) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AddNoteRequest { request_id, id, version, text, public };
        Ok(self.cases.add_note(request).await?.into_inner())
    }

    async fn appoint(mut self, officer: Option<String>, name: String) -> anyhow::Result<Case> {
        let officer = officer.map(|subject| Officer { subject, name });
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AppointOfficerRequest { request_id, id, version, officer };
        Ok(self.cases.appoint_officer(request).await?.into_inner())
    }

    async fn escalate(mut self, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = EscalateCaseRequest { request_id, id, version, reason };
        Ok(self.cases.escalate_case(request).await?.into_inner())
    }

    async fn delegate(mut self, unit: String, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = DelegateCaseRequest { request_id, id, version, unit, reason };
        Ok(self.cases.delegate_case(request).await?.into_inner())
    }

    async fn give_back(mut self, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ReturnCaseRequest { request_id, id, version, reason };
        Ok(self.cases.return_case(request).await?.into_inner())
    }

    async fn arbitrate(mut self, unit: String, binding: bool, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ArbitrateCaseRequest { request_id, id, version, unit, binding, reason };
        Ok(self.cases.arbitrate_case(request).await?.into_inner())
    }

    async fn call(
        mut self,
        summons: Vec<Summons>,
        respond: Option<Limit>,
        resolve: Option<Limit>,
    ) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = CallDepartmentsRequest { request_id, id, version, summons, respond, resolve };
        Ok(self.cases.call_departments(request).await?.into_inner().case.unwrap_or_default())
    }

    async fn extend(mut self, more: Limit, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AskExtensionRequest { request_id, id, version, more: Some(more), reason };
        Ok(self.cases.ask_extension(request).await?.into_inner())
    }

    async fn ask(mut self, question: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AskReporterRequest { request_id, id, version, question };
        Ok(self.cases.ask_reporter(request).await?.into_inner())
    }

    async fn suspend(mut self, plan: String, review_date: String, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AskSuspensionRequest { request_id, id, version, plan, review_date, reason };
        Ok(self.cases.ask_suspension(request).await?.into_inner())
    }

    async fn review(mut self, review_date: String, remark: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ReviewSuspensionRequest { request_id, id, version, review_date, remark };
        Ok(self.cases.review_suspension(request).await?.into_inner())
    }

    async fn resume(mut self, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ResumeCaseRequest { request_id, id, version, reason };
        Ok(self.cases.resume_case(request).await?.into_inner())
    }

    async fn decline(mut self, ground: String, answer: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AskDeclineRequest { request_id, id, version, ground, answer };
        Ok(self.cases.ask_decline(request).await?.into_inner())
    }

    async fn supervise(mut self, level: SupervisionLevel, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = SuperviseCaseRequest { request_id, id, version, level: level.into(), reason };
        Ok(self.cases.supervise_case(request).await?.into_inner())
    }
    async fn answer_supervision(mut self, text: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = AnswerSupervisionRequest { request_id, id, version, text };
        Ok(self.cases.answer_supervision(request).await?.into_inner())
    }
    async fn take_charge(mut self, leader: String, plan: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = TakeChargeRequest { request_id, id, version, leader, plan };
        Ok(self.cases.take_charge(request).await?.into_inner())
    }

    async fn report_charge(mut self, text: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ReportChargeRequest { request_id, id, version, text };
        Ok(self.cases.report_charge(request).await?.into_inner())
    }

    async fn end_charge(mut self, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = EndChargeRequest { request_id, id, version, reason };
        Ok(self.cases.end_charge(request).await?.into_inner())
    }

    async fn verify(mut self, passed: bool, finding: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = VerifyCaseRequest { request_id, id, version, passed, finding };
        Ok(self.cases.verify_case(request).await?.into_inner())
    }

    async fn resolve(mut self, answer: String, handling: Option<Handling>) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ResolveCaseRequest { request_id, id, version, answer, handling };
        Ok(self.cases.resolve_case(request).await?.into_inner())
    }

    async fn reopen(mut self, reason: String) -> anyhow::Result<Case> {
        let (request_id, id, version) = (request_id(), self.id, self.version);
        let request = ReopenCaseRequest { request_id, id, version, reason };
        Ok(self.cases.reopen_case(request).await?.into_inner())
    }

    async fn strike_off(mut self) -> anyhow::Result<Case> {
        let request = StrikeOffCaseRequest { request_id: request_id(), id: self.id, version: self.version };
        Ok(self.cases.strike_off_case(request).await?.into_inner())
    }
}
