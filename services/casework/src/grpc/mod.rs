//! `huying.casework.v1`: convert, call, convert. A file for each service of the contract.

pub mod access;
mod allowed;
mod approval;
mod attachment;
mod batch;
mod case;
mod dispatch;
mod handling;
mod history;
mod ledger;
mod lists;
mod meeting;
mod officer;
mod period;
mod problem;
pub mod profile;
mod split;
mod successor;
mod together;
mod validate;

use std::sync::Arc;

use huying_chassis::{auth::Caller, service::Served, status::Problem, validate::Violations};
use huying_proto::{
    casework::v1::{
        approval_service_server::ApprovalServiceServer, attachment_service_server::AttachmentServiceServer,
        case_service_server::CaseServiceServer, dispatch_service_server::DispatchServiceServer,
        ledger_service_server::LedgerServiceServer, meeting_service_server::MeetingServiceServer,
        officer_service_server::OfficerServiceServer, profile_service_server::ProfileServiceServer,
    },
    head::Head,
};
use prost::{Message, Name};
use tonic::Request;

use crate::{
    app::{App, step::Done},
    domain::{Ruled, Step},
};

/// The contract's services on the wire.
pub struct Rpc {
    app: App,
}

/// All of them; a message may have `largest` bytes.
pub fn served(app: App, largest: usize) -> Served {
    let rpc = Arc::new(Rpc { app });
    Served::default()
        .with(CaseServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ApprovalServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(DispatchServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(AttachmentServiceServer::from_arc(rpc.clone()).max_decoding_message_size(attachment::LARGEST))
        .with(MeetingServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(OfficerServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(LedgerServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ProfileServiceServer::from_arc(rpc).max_decoding_message_size(largest))
}

impl Rpc {
    /// Takes the step that a message asks for: `read` makes the step of it and says what of it is wrong.
    async fn take<M, A, S>(
        &self,
        request: Request<M>,
        read: impl FnOnce(&M, &mut Violations) -> S,
    ) -> Result<(Arc<Caller>, Done<A>), Problem>
    where
        M: Head + Message + Name,
        A: Ruled,
        S: Step<A>,
    {
        let caller = Caller::of(&request)?;
        let message = request.into_inner();
        let mut wrong = Violations::new();
        let head = wrong.head(&message);
        let step = read(&message, &mut wrong);
        wrong.finish()?;
        let done = self.app.take(head.id, &access::by(&caller), &step, &head.meta(&caller, &message)).await?;
        Ok((caller, done))
    }
}
