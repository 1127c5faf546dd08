//! `ApprovalService`: whoever is asked rules.

use huying_chassis::{auth::Caller, page};
use huying_proto::casework::v1::{self as pb, approval_service_server::ApprovalService};
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    access::{self, Bounds},
    lists,
    validate::{self, reason},
};
use crate::{
    convert,
    domain::{
        Approval, Order,
        approval::step::{Grant, Refuse},
    },
};

type ApprovalAnswer = Result<Response<pb::Approval>, Status>;

#[tonic::async_trait]
impl ApprovalService for Rpc {
    async fn grant_approval(&self, request: Request<pb::GrantApprovalRequest>) -> ApprovalAnswer {
        let read = |it: &pb::GrantApprovalRequest, wrong: &mut _| Grant { reason: reason(wrong, &it.reason) };
        let (_, (approval, _)) = self.take::<_, Approval, _>(request, read).await?;
        Ok(Response::new(convert::approval(&approval)))
    }

    async fn refuse_approval(&self, request: Request<pb::RefuseApprovalRequest>) -> ApprovalAnswer {
        let read =
            |it: &pb::RefuseApprovalRequest, wrong: &mut _| Refuse { reason: reason(wrong, &it.reason) };
        let (_, (approval, _)) = self.take::<_, Approval, _>(request, read).await?;
        Ok(Response::new(convert::approval(&approval)))
    }

    async fn get_approval(&self, request: Request<pb::GetApprovalRequest>) -> ApprovalAnswer {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let approval = self.app.approval(id, &access::by(&caller)).await?;
        Ok(Response::new(convert::approval(&approval)))
    }

    async fn list_approvals(
        &self,
        request: Request<pb::ListApprovalsRequest>,
    ) -> Result<Response<pb::ListApprovalsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut approvals = validate::approvals(&request)?;
        // Somebody who only asks sees what they asked for; all others what is theirs to rule on.
        let own = if approvals.asked_by.is_some() { &approvals.asked_by } else { &approvals.granter };
        match access::bounds(&caller, &approvals.district, own.as_deref())? {
            Bounds::District => {}
            Bounds::Area(area) => approvals.within = Some(area),
            Bounds::Unit(unit) if approvals.asked_by.is_some() => approvals.asked_by = Some(unit),
            Bounds::Unit(unit) => approvals.granter = Some(unit),
        }
        let size = page::size(request.page_size)?;
        let after = lists::place(&request.page_token, Order::Newest)?;
        let read = |size| self.app.approvals(&approvals, after, size);
        let (approvals, next_page_token) = lists::told(size, read, convert::approval).await?;
        Ok(Response::new(pb::ListApprovalsResponse { approvals, next_page_token }))
    }
}
