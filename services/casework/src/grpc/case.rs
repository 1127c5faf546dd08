//! `CaseService`: the steps on a case, and what is read of it.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use huying_chassis::{
    auth::Caller,
    log::{
        Versioned,
        watch::{News, Seen},
    },
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::{
    casework::v1::{self as pb, case_service_server::CaseService},
    head::Head,
};
use prost::{Message, Name};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    Rpc, access, allowed, handling, history, lists, officer, split, together,
    validate::{self, question, reason, words},
};
use crate::{
    app::{App, read::CaseName},
    convert,
    domain::{
        By, Case, Sight, Step,
        case::step::{
            Accept, AnswerSupervision, Arbitrate, AskReporter, Delegate, EndCharge, Escalate, Merge, Note,
            Recategorise, Relieve, Reopen, ReportCharge, Resume, Return, StrikeOff, Unmerge,
        },
        known::Glance,
    },
};

type CaseAnswer = Result<Response<pb::Case>, Status>;

impl Rpc {
    /// A case as this caller sees it after a step.
    async fn after(&self, caller: &Caller, case: &Versioned<Case>) -> Result<pb::Case, Problem> {
        let sight = case.it.sight(&access::by(caller)).unwrap_or(Sight::Called);
        self.seen(caller, case, sight).await
    }

    async fn seen(&self, caller: &Caller, case: &Versioned<Case>, sight: Sight) -> Result<pb::Case, Problem> {
        let (by, whole) = (access::by(caller), sight == Sight::Whole);
        let profile = self.app.profile(&case.it.district).await?;
        // What a department may still do is told by its dispatches alone.
        let dispatches = if whole { None } else { Some(self.app.called(&case.it).await?) };
        let (id, now) = (case.id, self.app.log.now());
        let known = Glance { id, now, by: &by, profile: &profile, dispatches: dispatches.as_deref() };
        let attachments = case.it.seen_attachments(&by).map(convert::attachment::write).collect();
        Ok(pb::Case { attachments, ..convert::case(case, whole, &known) })
    }

    /// A step that is answered with the case after it.
    async fn step_on_case<M, S>(
        &self,
        request: Request<M>,
        read: impl FnOnce(&M, &mut Violations) -> S,
    ) -> CaseAnswer
    where
        M: Head + Message + Name,
        S: Step<Case>,
    {
        let (caller, (case, _)) = self.take(request, read).await?;
        Ok(Response::new(self.after(&caller, &case).await?))
    }
}

impl Rpc {
    /// A step that calls departments: the case after it, and what was sent, in an order of units.
    async fn calling<M, S>(
        &self,
        request: Request<M>,
        order: &[String],
        read: impl FnOnce(&M, &mut Violations) -> S,
    ) -> Result<(pb::Case, Vec<pb::Dispatch>), Problem>
    where
        M: Head + Message + Name,
        S: Step<Case>,
    {
        let (caller, (case, mut sent)) = self.take(request, read).await?;
        sent.sort_by_key(|sent| order.iter().position(|unit| *unit == sent.it.unit));
        Ok((self.after(&caller, &case).await?, sent.iter().map(convert::dispatch).collect()))
    }
}

#[tonic::async_trait]
impl CaseService for Rpc {
    async fn accept_case(&self, request: Request<pb::AcceptCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |_, _| Accept).await
    }

    async fn add_note(&self, request: Request<pb::AddNoteRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Note {
            text: words(wrong, "text", &it.text),
            public: it.public,
        })
        .await
    }

    async fn appoint_officer(&self, request: Request<pb::AppointOfficerRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| officer::appoint(wrong, it.officer.as_ref())).await
    }

    async fn batch_steps(
        &self,
        request: Request<pb::BatchStepsRequest>,
    ) -> Result<Response<pb::BatchStepsResponse>, Status> {
        Ok(Response::new(self.batch(request).await?))
    }

    async fn escalate_case(&self, request: Request<pb::EscalateCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Escalate { reason: reason(wrong, &it.reason) }).await
    }

    async fn delegate_case(&self, request: Request<pb::DelegateCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| {
            wrong.token("unit", &it.unit, 1..=64);
            Delegate { unit: it.unit.clone(), reason: reason(wrong, &it.reason) }
        })
        .await
    }

    async fn return_case(&self, request: Request<pb::ReturnCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Return { reason: reason(wrong, &it.reason) }).await
    }

    async fn arbitrate_case(&self, request: Request<pb::ArbitrateCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| {
            wrong.token("unit", &it.unit, 1..=64);
            Arbitrate { unit: it.unit.clone(), binding: it.binding, reason: reason(wrong, &it.reason) }
        })
        .await
    }

    async fn call_departments(
        &self,
        request: Request<pb::CallDepartmentsRequest>,
    ) -> Result<Response<pb::CallDepartmentsResponse>, Status> {
        let order: Vec<String> = request.get_ref().summons.iter().map(|one| one.unit.clone()).collect();
        let (case, dispatches) = self.calling(request, &order, validate::call).await?;
        Ok(Response::new(pb::CallDepartmentsResponse { case: Some(case), dispatches }))
    }

    async fn hold_consultation(
        &self,
        request: Request<pb::HoldConsultationRequest>,
    ) -> Result<Response<pb::HoldConsultationResponse>, Status> {
        let order: Vec<String> = request.get_ref().tasks.iter().map(|one| one.unit.clone()).collect();
        let (case, dispatches) = self.calling(request, &order, together::consultation).await?;
        Ok(Response::new(pb::HoldConsultationResponse { case: Some(case), dispatches }))
    }

    async fn ask_response_group(&self, request: Request<pb::AskResponseGroupRequest>) -> CaseAnswer {
        self.step_on_case(request, together::response_group).await
    }

    async fn form_task_force(
        &self,
        request: Request<pb::FormTaskForceRequest>,
    ) -> Result<Response<pb::FormTaskForceResponse>, Status> {
        let order = request.get_ref().members.clone();
        let (case, dispatches) = self.calling(request, &order, together::task_force).await?;
        Ok(Response::new(pb::FormTaskForceResponse { case: Some(case), dispatches }))
    }

    async fn end_group(&self, request: Request<pb::EndGroupRequest>) -> CaseAnswer {
        self.step_on_case(request, together::end).await
    }

    async fn merge_case(&self, request: Request<pb::MergeCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Merge {
            into: wrong.uuid("into", &it.into),
            reason: reason(wrong, &it.reason),
        })
        .await
    }

    async fn unmerge_case(&self, request: Request<pb::UnmergeCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Unmerge { reason: reason(wrong, &it.reason) }).await
    }

    async fn recategorise_case(&self, request: Request<pb::RecategoriseCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| {
            wrong.token("category", &it.category, 1..=40);
            Recategorise { category: it.category.clone(), reason: reason(wrong, &it.reason) }
        })
        .await
    }

    async fn split_case(&self, request: Request<pb::SplitCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, split::split).await
    }

    async fn ask_extension(&self, request: Request<pb::AskExtensionRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::extension).await
    }

    async fn ask_reporter(&self, request: Request<pb::AskReporterRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| AskReporter { question: question(wrong, &it.question) }).await
    }

    async fn ask_suspension(&self, request: Request<pb::AskSuspensionRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::suspension).await
    }

    async fn review_suspension(&self, request: Request<pb::ReviewSuspensionRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::review).await
    }

    async fn resume_case(&self, request: Request<pb::ResumeCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Resume { reason: reason(wrong, &it.reason) }).await
    }

    async fn ask_decline(&self, request: Request<pb::AskDeclineRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::decline).await
    }

    async fn supervise_case(&self, request: Request<pb::SuperviseCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::supervise).await
    }

    async fn answer_supervision(&self, request: Request<pb::AnswerSupervisionRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| AnswerSupervision { text: words(wrong, "text", &it.text) })
            .await
    }

    async fn take_charge(&self, request: Request<pb::TakeChargeRequest>) -> CaseAnswer {
        self.step_on_case(request, validate::charge).await
    }

    async fn report_charge(&self, request: Request<pb::ReportChargeRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| ReportCharge { text: words(wrong, "text", &it.text) }).await
    }

    async fn end_charge(&self, request: Request<pb::EndChargeRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| EndCharge { reason: reason(wrong, &it.reason) }).await
    }

    async fn resolve_case(&self, request: Request<pb::ResolveCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, handling::resolve).await
    }

    async fn verify_case(&self, request: Request<pb::VerifyCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, handling::verify).await
    }

    async fn strike_off_case(&self, request: Request<pb::StrikeOffCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |_, _| StrikeOff).await
    }

    async fn reopen_case(&self, request: Request<pb::ReopenCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| Reopen { reason: reason(wrong, &it.reason) }).await
    }

    async fn relieve_case(&self, request: Request<pb::RelieveCaseRequest>) -> CaseAnswer {
        self.step_on_case(request, |it, wrong| {
            wrong.token("unit", &it.unit, 1..=64);
            Relieve { unit: it.unit.clone(), reason: reason(wrong, &it.reason) }
        })
        .await
    }

    async fn get_case(&self, request: Request<pb::GetCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let name = validate::case_name(&request.get_ref().id)?;
        let (case, sight) = self.app.case(&name, &access::by(&caller)).await?;
        Ok(Response::new(self.seen(&caller, &case, sight).await?))
    }

    async fn get_allowed_steps(
        &self,
        request: Request<pb::GetAllowedStepsRequest>,
    ) -> Result<Response<pb::GetAllowedStepsResponse>, Status> {
        let by = access::by(&*Caller::of(&request)?);
        let name = validate::case_name(&request.get_ref().id)?;
        let (case, _) = self.app.case(&name, &by).await?;
        Ok(Response::new(allowed::answer(&self.app.allowed(case.id, &by).await?)))
    }

    async fn list_cases(
        &self,
        request: Request<pb::ListCasesRequest>,
    ) -> Result<Response<pb::ListCasesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut cases = validate::cases(&request)?;
        access::narrow(&caller, &mut cases)?;
        let size = page::size(request.page_size)?;
        let after = lists::place(&request.page_token, cases.order)?;
        let (profile, now) = (self.app.profile(&cases.district).await?, self.app.log.now());
        let by = access::by(&caller);
        let known = |id| Glance { id, now, by: &by, profile: &profile, dispatches: None };
        let shown = |it: &Versioned<Case>| convert::list::summary(convert::case(it, true, &known(it.id)));
        let read = |size| self.app.cases(&cases, after, size);
        let (cases, next_page_token) = lists::told(size, read, shown).await?;
        Ok(Response::new(pb::ListCasesResponse { cases, next_page_token }))
    }

    async fn count_supervised(
        &self,
        request: Request<pb::CountSupervisedRequest>,
    ) -> Result<Response<pb::CountSupervisedResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (district, year) = validate::supervised(request.get_ref())?;
        let area = caller.reach.within(&district)?;
        let items = self.app.supervised(&district, area, year).await?;
        Ok(Response::new(pb::CountSupervisedResponse { items }))
    }

    async fn get_history(
        &self,
        request: Request<pb::GetHistoryRequest>,
    ) -> Result<Response<pb::GetHistoryResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (id, from) = validate::history(&request)?;
        let size = page::size_within(request.page_size, 200, 1000)?;
        let (case, sight) = self.app.case(&CaseName::Id(id), &access::by(&caller)).await?;
        access::history(&case.it, sight)?;
        let entries = self.app.history(id, from, size).await?;
        let (entries, next_version) = history::told(&entries, case.version, self.app.publish)?;
        Ok(Response::new(pb::GetHistoryResponse { entries, next_version }))
    }

    type WatchCasesStream = Pin<Box<dyn Stream<Item = Result<pb::WatchCasesResponse, Status>> + Send>>;

    async fn watch_cases(
        &self,
        request: Request<pb::WatchCasesRequest>,
    ) -> Result<Response<Self::WatchCasesStream>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let after = validate::watch(&request.district, &request.unit, &request.cursor)?;
        access::watch(&caller, &request.district, &request.unit)?;
        let seen = self.app.watcher.watch(request.district, request.unit, after);
        let (app, by) = (self.app.clone(), access::by(&caller));
        let watched = move |seen| {
            let (app, by) = (app.clone(), by.clone());
            async move { watched(&app, &by, seen).await }
        };
        Ok(Response::new(Box::pin(ReceiverStream::new(seen).then(watched))))
    }
}

async fn watched(app: &App, by: &By, seen: Seen<Case>) -> Result<pb::WatchCasesResponse, Status> {
    let (news, at) = seen?;
    let cursor = at.to_string();
    Ok(match news {
        News::Is(case) => {
            let profile = app.profile(&case.it.district).await?;
            let (id, now) = (case.id, app.log.now());
            let known = Glance { id, now, by, profile: &profile, dispatches: None };
            let case = Some(convert::case(&case, true, &known));
            pb::WatchCasesResponse { case, left: None, cursor }
        }
        News::Left(case) => {
            let left = Some(convert::left(&case));
            pb::WatchCasesResponse { case: None, left, cursor }
        }
        News::Quiet => pb::WatchCasesResponse { case: None, left: None, cursor },
    })
}
