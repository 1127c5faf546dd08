//! `DelegateService`: cases that delegates may pick from, and what they found.

use huying_chassis::{auth::Caller, log::Meta, page, status::Problem, validate::Violations};
use huying_proto::evaluation::v1::{self as pb, delegate_service_server::DelegateService};
use tonic::{Code, Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, reach, validate};
use crate::{
    app::inspection::Inspecting,
    convert,
    domain::{
        inspection::InspectionError,
        wanted::{Cursor, Filter, Inspections, Placed},
    },
};

impl From<InspectionError> for Problem {
    fn from(error: InspectionError) -> Self {
        let message = error.to_string();
        match error {
            InspectionError::InspectedAlready => {
                Self::new(Code::FailedPrecondition, "INSPECTED_ALREADY", message)
            }
            InspectionError::OwnWork => Self::new(Code::PermissionDenied, "OWN_WORK", message),
        }
    }
}

/// ListInspectableCases, checked, for a caller.
fn inspectable(
    caller: &Caller,
    request: pb::ListInspectableCasesRequest,
) -> Result<(Filter, Option<Cursor>, i64), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    validate::unit(&mut v, &request.unit);
    let state = pb::CallbackState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    v.finish()?;
    let (size, after) = (page::size(request.page_size)?, page::cursor(&request.page_token)?);
    let within = caller.reach.within(&request.district)?;
    let area = if within == request.district { String::new() } else { within.to_owned() };
    let state = state.ok().and_then(convert::state_asked);
    let scope = reach::scope(&area, &request.unit);
    Ok((Filter { scope, district: request.district, area, unit: request.unit, state }, after, size))
}

/// RecordInspection, checked.
fn record(request: &pb::RecordInspectionRequest) -> Result<(Uuid, Inspecting), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let case = v.uuid("case", &request.case);
    let text = v.text("text", &request.text, 1..=1000);
    v.finish()?;
    Ok((request_id, Inspecting { case, good: request.good, text }))
}

/// ListInspections, checked, for a caller.
fn inspections(
    caller: &Caller,
    request: pb::ListInspectionsRequest,
) -> Result<(Inspections, Option<Uuid>, i64), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let case = (!request.case.is_empty()).then(|| v.uuid("case", &request.case));
    v.finish()?;
    let (size, after) = (page::size(request.page_size)?, page::cursor(&request.page_token)?);
    let area = caller.reach.within(&request.district)?.to_owned();
    Ok((Inspections { within: Placed { district: request.district, area }, case }, after, size))
}

#[tonic::async_trait]
impl DelegateService for Rpc {
    async fn list_inspectable_cases(
        &self,
        request: Request<pb::ListInspectableCasesRequest>,
    ) -> Result<Response<pb::ListInspectableCasesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (filter, after, size) = inspectable(&caller, request.into_inner())?;
        let page = self.app.inspectable(&filter, after, size).await?;
        let told = |it| Some(convert::inspection::inspectable(it));
        let (cases, next_page_token) = page::shown(
            page.into_iter(),
            size,
            |(last, _)| Cursor { lapse_at: last.it.opened.due_at, id: last.id },
            told,
        );
        Ok(Response::new(pb::ListInspectableCasesResponse { cases, next_page_token }))
    }

    async fn record_inspection(
        &self,
        request: Request<pb::RecordInspectionRequest>,
    ) -> Result<Response<pb::Inspection>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, said) = record(&request)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let recorded = self.app.record_inspection(said, &caller.reach, &meta).await;
        Ok(Response::new(convert::inspection::inspection(recorded.map_err(Problem::from)?)))
    }

    async fn list_inspections(
        &self,
        request: Request<pb::ListInspectionsRequest>,
    ) -> Result<Response<pb::ListInspectionsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (wanted, after, size) = inspections(&caller, request.into_inner())?;
        let page = self.app.inspections(&wanted, after, size).await?;
        let told = |it| Some(convert::inspection::inspection(it));
        let (inspections, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListInspectionsResponse { inspections, next_page_token }))
    }
}
