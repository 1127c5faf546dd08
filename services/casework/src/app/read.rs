//! Looking up: one case, lists, a case's history.

use huying_chassis::{
    log::{Entry, Versioned, not_found, read::entries_of},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{Case, Dispatch},
    store::{self, case::Cases, dispatch::Dispatches},
};

/// How a case is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseName {
    Id(Uuid),
    Number(String),
}

impl App {
    pub async fn case(&self, name: &CaseName) -> Result<Versioned<Case>, Problem> {
        match name {
            CaseName::Id(id) => self.get(*id).await,
            CaseName::Number(number) => store::case::by_number(self.log.pool(), number)
                .await?
                .ok_or_else(|| not_found("case", number)),
        }
    }

    pub async fn cases(
        &self,
        cases: &Cases,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Case>>, Problem> {
        Ok(store::case::list(self.log.pool(), cases, after, size).await?)
    }

    pub async fn dispatches(
        &self,
        dispatches: &Dispatches,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Dispatch>>, Problem> {
        Ok(store::dispatch::list(self.log.pool(), dispatches, after, size).await?)
    }

    pub async fn history(&self, id: Uuid, from: i64, size: i64) -> Result<Vec<Entry>, Problem> {
        Ok(entries_of(self.log.pool(), id, from, size).await?)
    }
}
