//! Steps on a request that somebody asks for.

use huying_chassis::{
    log::{Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::domain::request::Request;

impl App {
    pub async fn add(&self, id: Uuid, content: &str, meta: &Meta) -> Result<Versioned<Request>, Problem> {
        self.log
            .step(id, meta, |request: &Request, _| request.add(content.to_owned()))
            .await
            .map_err(|e| e.problem("request", id))
    }

    pub async fn withdraw(&self, id: Uuid, reason: &str, meta: &Meta) -> Result<Versioned<Request>, Problem> {
        self.log
            .step(id, meta, |request: &Request, _| request.withdraw(reason.to_owned()))
            .await
            .map_err(|e| e.problem("request", id))
    }

    pub async fn answer(&self, id: Uuid, answer: &str, meta: &Meta) -> Result<Versioned<Request>, Problem> {
        self.log
            .step(id, meta, |request: &Request, _| request.answer(answer.to_owned()))
            .await
            .map_err(|e| e.problem("request", id))
    }
}
