//! `huying.casework.v1`: convert, call, convert. A file for each service of the contract.

pub mod access;
mod case;
pub mod convert;
mod dispatch;
mod history;
mod problem;
mod profile;
mod validate;

use std::sync::Arc;

use huying_chassis::{auth::Caller, log::Meta, service::Served};
use huying_proto::casework::v1::{
    case_service_server::CaseServiceServer, dispatch_service_server::DispatchServiceServer,
    profile_service_server::ProfileServiceServer,
};
use prost::{Message, Name};

use crate::app::App;

/// The contract's services on the wire.
pub struct Rpc {
    app: App,
}

/// All of them; a message may have `largest` bytes.
pub fn served(app: App, largest: usize) -> Served {
    let rpc = Arc::new(Rpc { app });
    Served::default()
        .with(CaseServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(DispatchServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ProfileServiceServer::from_arc(rpc).max_decoding_message_size(largest))
}

fn meta<M: Message + Name>(caller: &Caller, message: &M, step: validate::Step) -> Meta {
    Meta::asked(caller, message, step.request_id, Some(step.version))
}
