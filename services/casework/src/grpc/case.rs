//! `CaseService`: the steps on a case, and what is read of it.

use huying_chassis::{auth::Caller, log::Versioned, page, status::Problem};
use huying_proto::casework::v1::{self as pb, case_service_server::CaseService};
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    access::{self, Bounds},
    convert, history, meta, validate,
};
use crate::{
    app::read::CaseName,
    domain::{Case, Sight},
};

type CaseAnswer = Result<Response<pb::Case>, Status>;

impl Rpc {
    /// A case as this caller sees it after a step.
    async fn after(&self, caller: &Caller, case: &Versioned<Case>) -> Result<pb::Case, Problem> {
        let whole = case.it.sight(&access::by(caller)) == Some(Sight::Whole);
        let profile = self.app.profile(&case.it.district).await?;
        Ok(convert::case(case, whole, &profile))
    }

    async fn answer(&self, caller: &Caller, case: Versioned<Case>) -> CaseAnswer {
        Ok(Response::new(self.after(caller, &case).await?))
    }
}

#[tonic::async_trait]
impl CaseService for Rpc {
    async fn accept_case(&self, request: Request<pb::AcceptCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::step(&request.request_id, &request.id, request.version)?;
        let case = self.app.accept(step.id, &access::by(&caller), &meta(&caller, &request, step)).await?;
        self.answer(&caller, case).await
    }

    async fn add_note(&self, request: Request<pb::AddNoteRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step =
            validate::told(&request.request_id, &request.id, request.version, ("text", &request.text))?;
        let case = self
            .app
            .note(
                step.id,
                &access::by(&caller),
                &request.text,
                request.public,
                &meta(&caller, &request, step),
            )
            .await?;
        self.answer(&caller, case).await
    }

    async fn escalate_case(&self, request: Request<pb::EscalateCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::reasoned(&request.request_id, &request.id, request.version, &request.reason)?;
        let case = self
            .app
            .escalate(step.id, &access::by(&caller), &request.reason, &meta(&caller, &request, step))
            .await?;
        self.answer(&caller, case).await
    }

    async fn delegate_case(&self, request: Request<pb::DelegateCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::delegate(&request)?;
        let case = self
            .app
            .delegate(
                step.id,
                &access::by(&caller),
                &request.unit,
                &request.reason,
                &meta(&caller, &request, step),
            )
            .await?;
        self.answer(&caller, case).await
    }

    async fn call_departments(
        &self,
        request: Request<pb::CallDepartmentsRequest>,
    ) -> Result<Response<pb::CallDepartmentsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, call) = validate::call(&request)?;
        let (case, dispatches) =
            self.app.call(step.id, &access::by(&caller), &call, &meta(&caller, &request, step)).await?;
        let dispatches = dispatches.iter().map(convert::dispatch).collect();
        Ok(Response::new(pb::CallDepartmentsResponse {
            case: Some(self.after(&caller, &case).await?),
            dispatches,
        }))
    }

    async fn resolve_case(&self, request: Request<pb::ResolveCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step =
            validate::told(&request.request_id, &request.id, request.version, ("answer", &request.answer))?;
        let case = self
            .app
            .resolve(step.id, &access::by(&caller), &request.answer, &meta(&caller, &request, step))
            .await?;
        self.answer(&caller, case).await
    }

    async fn strike_off_case(&self, request: Request<pb::StrikeOffCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::step(&request.request_id, &request.id, request.version)?;
        let case = self.app.strike_off(step.id, &access::by(&caller), &meta(&caller, &request, step)).await?;
        self.answer(&caller, case).await
    }

    async fn reopen_case(&self, request: Request<pb::ReopenCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::reasoned(&request.request_id, &request.id, request.version, &request.reason)?;
        let case = self
            .app
            .reopen(step.id, &access::by(&caller), &request.reason, &meta(&caller, &request, step))
            .await?;
        self.answer(&caller, case).await
    }

    async fn get_case(&self, request: Request<pb::GetCaseRequest>) -> CaseAnswer {
        let caller = Caller::of(&request)?;
        let name = validate::case_name(request.get_ref())?;
        let (case, _) = self.app.case(&name, &access::by(&caller)).await?;
        self.answer(&caller, case).await
    }

    async fn list_cases(
        &self,
        request: Request<pb::ListCasesRequest>,
    ) -> Result<Response<pb::ListCasesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut cases = validate::cases(&request)?;
        match access::bounds(&caller, &cases.district, cases.holder.as_deref())? {
            Bounds::District => {}
            Bounds::Area(area) => cases.within = Some(area),
            Bounds::Unit(unit) => cases.holder = Some(unit),
        }
        let size = page::size(request.page_size)?;
        let found = self.app.cases(&cases, page::cursor(&request.page_token)?, size).await?;
        let profile = self.app.profile(&cases.district).await?;
        let next_page_token = page::next(&found, size, |last| last.id);
        let cases = found.iter().map(|case| convert::case(case, true, &profile)).collect();
        Ok(Response::new(pb::ListCasesResponse { cases, next_page_token }))
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
        let entries = entries.iter().map(history::entry).collect::<Result<_, _>>()?;
        Ok(Response::new(pb::GetHistoryResponse { entries }))
    }
}
