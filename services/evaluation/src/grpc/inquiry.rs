//! `InquiryService`: what delegates ask in public, and what leaders answer.

mod problem;
mod validate;

use huying_chassis::{
    auth::{Caller, Role, outside},
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, inquiry_service_server::InquiryService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc,
    reach::{Bounds, OFFICES},
};
use crate::{
    convert::inquiry as convert,
    domain::{
        inquiry::{Inquiry, InquiryState},
        wanted::Inquiries,
    },
};

/// Whether an inquiry lies in the area of somebody of one of these roles.
fn within(caller: &Caller, roles: &[Role], inquiry: &Inquiry) -> bool {
    caller.has_any(roles) && caller.reach.sees(&inquiry.district, &inquiry.area)
}

/// Offices and delegates see what lies in their area, and everybody what their unit is asked.
fn sees(caller: &Caller, inquiry: &Inquiry) -> bool {
    within(caller, OFFICES, inquiry)
        || within(caller, &[Role::Delegate], inquiry)
        || caller.reach.is_unit(&inquiry.district, &inquiry.unit)
}

/// What a list is narrowed to. A delegate is no office: other rpcs let none see more by being one.
fn wanted(
    caller: &Caller,
    district: String,
    unit: String,
    state: Option<InquiryState>,
) -> Result<Inquiries, Problem> {
    if !caller.has(Role::Delegate) {
        let Bounds { area, unit } = Bounds::of(caller, &district, &unit, None)?;
        return Ok(Inquiries { district, area, unit, state });
    }
    let area = caller.reach.within(&district)?;
    let area = if area == district { String::new() } else { area.to_owned() };
    Ok(Inquiries { district, area, unit, state })
}

impl Rpc {
    /// An inquiry. One out of reach is answered as one that is not there.
    async fn inquiry_where(
        &self,
        id: Uuid,
        reaches: impl Fn(&Inquiry) -> bool + Send,
    ) -> Result<Versioned<Inquiry>, Problem> {
        let inquiry = self.app.inquiry(id).await?.filter(|inquiry| reaches(&inquiry.it));
        inquiry.ok_or_else(|| not_found(Inquiry::KIND, id))
    }
}

#[tonic::async_trait]
impl InquiryService for Rpc {
    async fn open_inquiry(
        &self,
        request: Request<pb::OpenInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, asked) = validate::open(&request)?;
        if !caller.reach.sees(&asked.district, &asked.area) {
            return Err(outside().into());
        }
        let own = caller.reach.unit_in(&asked.district).map(str::to_owned);
        let meta = Meta::asked(&caller, &request, request_id, None);
        let opened = self.app.open_inquiry(asked, own, &meta).await;
        Ok(Response::new(convert::inquiry(opened.map_err(Problem::from)?)))
    }

    async fn claim_inquiry(
        &self,
        request: Request<pb::ClaimInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, office) = validate::claim(&request)?;
        self.inquiry_where(step.id, |it| within(&caller, &[Role::Leader], it)).await?;
        let claimed = self.app.claim_inquiry(step.id, &step.meta(&caller, &request), &office).await;
        Ok(Response::new(convert::inquiry(claimed.map_err(Problem::from)?)))
    }

    async fn answer_inquiry(
        &self,
        request: Request<pb::AnswerInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, text) = validate::answer(&request)?;
        self.inquiry_where(step.id, |it| within(&caller, &[Role::Leader], it)).await?;
        let answered = self.app.answer_inquiry(step.id, &step.meta(&caller, &request), &text).await;
        Ok(Response::new(convert::inquiry(answered.map_err(Problem::from)?)))
    }

    async fn judge_inquiry(
        &self,
        request: Request<pb::JudgeInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, note) = validate::judge(&request)?;
        self.inquiry_where(step.id, |it| within(&caller, &[Role::Delegate], it)).await?;
        let (meta, said) = (step.meta(&caller, &request), (request.solved, note.as_str()));
        let judged = self.app.judge_inquiry(step.id, &meta, said).await;
        Ok(Response::new(convert::inquiry(judged.map_err(Problem::from)?)))
    }

    async fn withdraw_inquiry(
        &self,
        request: Request<pb::WithdrawInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, note) = validate::withdraw(&request)?;
        self.inquiry_where(step.id, |it| within(&caller, &[Role::Delegate], it)).await?;
        let withdrawn = self.app.withdraw_inquiry(step.id, &step.meta(&caller, &request), &note).await;
        Ok(Response::new(convert::inquiry(withdrawn.map_err(Problem::from)?)))
    }

    async fn get_inquiry(
        &self,
        request: Request<pb::GetInquiryRequest>,
    ) -> Result<Response<pb::Inquiry>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::get(&request.into_inner())?;
        let inquiry = self.inquiry_where(id, |it| sees(&caller, it)).await?;
        Ok(Response::new(convert::inquiry(inquiry)))
    }

    async fn list_inquiries(
        &self,
        request: Request<pb::ListInquiriesRequest>,
    ) -> Result<Response<pb::ListInquiriesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let validate::List { district, unit, state, size, after } = validate::list(request.into_inner())?;
        let page = self.app.inquiries(&wanted(&caller, district, unit, state)?, after, size).await?;
        let told = |it| Some(convert::inquiry(it));
        let (inquiries, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListInquiriesResponse { inquiries, next_page_token }))
    }

    async fn count_inquiries(
        &self,
        request: Request<pb::CountInquiriesRequest>,
    ) -> Result<Response<pb::CountInquiriesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        validate::count(&request)?;
        let wanted = wanted(&caller, request.district, request.unit, None)?;
        let counts = self.app.count_inquiries(&wanted).await?.into_iter();
        let counts =
            counts.map(|(state, count)| pb::InquiryCount { state: convert::state(state).into(), count });
        Ok(Response::new(pb::CountInquiriesResponse { counts: counts.collect() }))
    }

    async fn list_public_inquiries(
        &self,
        request: Request<pb::ListPublicInquiriesRequest>,
    ) -> Result<Response<pb::ListPublicInquiriesResponse>, Status> {
        let request = request.into_inner();
        let (size, after) = validate::public(&request)?;
        let page = self.app.public_inquiries(&request.district, after, size).await?;
        let told = |it| Some(convert::public(it));
        let (inquiries, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListPublicInquiriesResponse { inquiries, next_page_token }))
    }
}
