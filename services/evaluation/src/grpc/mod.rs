//! `huying.evaluation.v1`: convert, call, convert. A file for each service of the contract.

mod appeal;
mod callback;
mod delegate;
mod effect;
mod inquiry;
mod overdue;
mod problem;
pub mod profile;
mod rate;
mod rating;
pub mod reach;
mod round;
mod sign;
mod topic;
mod trial;
pub mod validate;

use std::sync::Arc;

use huying_chassis::{service::Served, shutdown::Shutdown};
use huying_proto::evaluation::v1::{
    appeal_service_server::AppealServiceServer, callback_service_server::CallbackServiceServer,
    delegate_service_server::DelegateServiceServer, effect_service_server::EffectServiceServer,
    inquiry_service_server::InquiryServiceServer, overdue_service_server::OverdueServiceServer,
    profile_service_server::ProfileServiceServer, rate_service_server::RateServiceServer,
    rating_service_server::RatingServiceServer, round_service_server::RoundServiceServer,
    sign_service_server::SignServiceServer, topic_service_server::TopicServiceServer,
};

use crate::app::App;

/// The contract's services on the wire.
pub struct Rpc {
    app: App,
    stop: Shutdown,
}

/// All of them; a message may have `largest` bytes, and what is watched ends with `stop`.
pub fn served(app: App, largest: usize, stop: Shutdown) -> Served {
    let rpc = Arc::new(Rpc { app, stop });
    Served::default()
        .with(CallbackServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(AppealServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(RateServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(EffectServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(OverdueServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(RoundServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(TopicServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(DelegateServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(InquiryServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(RatingServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(SignServiceServer::from_arc(rpc.clone()).max_decoding_message_size(largest))
        .with(ProfileServiceServer::from_arc(rpc).max_decoding_message_size(largest))
}
