//! `huying.routing.v1`: convert, call, convert. A file for each service of the contract.

pub mod access;
mod directory;
mod learning;
mod problem;
pub mod profile;
mod route;
mod rule;
mod twins;
mod validate;

use std::sync::Arc;

use huying_chassis::service::Served;
use huying_proto::routing::v1::{
    directory_service_server::DirectoryServiceServer, learning_service_server::LearningServiceServer,
    profile_service_server::ProfileServiceServer, route_service_server::RouteServiceServer,
    rule_service_server::RuleServiceServer, twin_service_server::TwinServiceServer,
};

use crate::app::App;

/// The contract's services on the wire.
pub struct Rpc {
    app: App,
}

/// All of them; a message may have `largest` bytes.
pub fn served(app: App, largest: usize) -> Served {
    let rpc = Arc::new(Rpc { app });
    Served::default()
        .with(RouteServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(RuleServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(DirectoryServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(TwinServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(LearningServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ProfileServiceServer::from_arc(rpc).max_decoding_message_size(largest))
}
