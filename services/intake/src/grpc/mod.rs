//! `huying.intake.v1`: convert, call, convert. A file for each service of the contract.

pub mod access;
mod archive;
mod bond;
mod card;
mod forum;
mod handbook;
mod offer;
mod order;
mod person;
mod placed;
mod privacy;
mod problem;
pub mod profile;
mod record;
mod request;
mod risk;
mod shown;
mod submission;
mod validate;
mod visit;
mod visited;

use std::sync::Arc;

use huying_chassis::service::Served;
use huying_proto::intake::v1::{
    archive_service_server::ArchiveServiceServer, bond_service_server::BondServiceServer,
    card_service_server::CardServiceServer, forum_service_server::ForumServiceServer,
    handbook_service_server::HandbookServiceServer, offer_service_server::OfferServiceServer,
    person_service_server::PersonServiceServer, privacy_service_server::PrivacyServiceServer,
    profile_service_server::ProfileServiceServer, request_service_server::RequestServiceServer,
    risk_service_server::RiskServiceServer, visit_service_server::VisitServiceServer,
};

use crate::app::App;

/// The contract's services on the wire.
pub struct Rpc {
    app: Arc<App>,
}

/// All of them; a message may have `largest` bytes.
pub fn served(app: Arc<App>, largest: usize) -> Served {
    let rpc = Arc::new(Rpc { app });
    Served::default()
        .with(RequestServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(HandbookServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(VisitServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ArchiveServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(RiskServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(CardServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ForumServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(BondServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(PersonServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(PrivacyServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(OfferServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ProfileServiceServer::from_arc(rpc).max_decoding_message_size(largest))
}
