//! Reading requests.

use std::sync::Arc;

use huying_chassis::{
    log::{Versioned, not_found, read::entries_of},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        change::Change,
        profile::Index,
        request::{Bearer, Line, Request},
        token,
        wanted::{Cursor, Requests},
    },
    store,
};

impl App {
    pub async fn get(&self, id: Uuid) -> Result<Option<Versioned<Request>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    pub async fn by_number(&self, number: &str) -> Result<Option<Versioned<Request>>, Problem> {
        Ok(store::request::by_number(self.log.pool(), number).await?)
    }

    pub async fn list(
        &self,
        wanted: &Requests,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Versioned<Request>>, Problem> {
        Ok(store::request::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// A request's additions among so many of its entries, from a version on; and the version after them, if there may be more.
    pub async fn additions(
        &self,
        id: Uuid,
        from: i64,
        size: i64,
    ) -> Result<(Vec<Line>, Option<i64>), Problem> {
        let entries = entries_of(self.log.pool(), id, from, size).await?;
        let next = entries.last().filter(|_| entries.len() as i64 >= size).map(|last| last.head.version + 1);
        let mut additions = Vec::new();
        for entry in &entries {
            let told = entry.decode::<Request>().map_err(|error| Problem::bug(anyhow::Error::from(error)))?;
            if let Change::Supplemented { content } = told.change {
                additions.push(Line { text: content, at: entry.head.at, own: false });
            }
        }
        Ok((additions, next))
    }

    /// A request, and its district's profile. A wrong number and a wrong secret get the same answer: nobody
    /// learns which numbers there are.
    pub async fn track(
        &self,
        number: &str,
        given: &str,
    ) -> Result<(Versioned<Request>, Bearer, Arc<Index>), Problem> {
        let found = self.by_number(number).await?;
        let bearer = |request: &Versioned<Request>| {
            let is_joiner = token::same(&self.joiner_token(request), given);
            match (token::is(&request.it.tracking_token, given), is_joiner) {
                (true, _) => Some(Bearer::Reporter),
                (false, true) => Some(Bearer::Joiner),
                (false, false) => None,
            }
        };
        let (bearer, request) = found
            .and_then(|request| Some((bearer(&request)?, request)))
            .ok_or_else(|| not_found("request with this number and token:", number))?;
        let profile = self.profiles.get(&request.it.submission.district).await?;
        Ok((request, bearer, profile))
    }
}
