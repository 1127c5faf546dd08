//! Reading requests.

use std::sync::Arc;

use chrono::{DateTime, Utc};
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

    /// Those of these requests that are there.
    pub async fn get_all(&self, ids: &[Uuid]) -> Result<Vec<Versioned<Request>>, Problem> {
        Ok(self.log.load_all(ids).await?)
    }

    pub async fn by_number(&self, number: &str) -> Result<Option<Versioned<Request>>, Problem> {
        Ok(store::request::by_number(self.log.pool(), number).await?)
    }

    /// A page, and where the next one goes on where this one ended before it was full.
    pub async fn list(
        &self,
        wanted: &Requests,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<(Vec<Versioned<Request>>, Option<Cursor>), Problem> {
        Ok(store::request::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// So many of a request's entries from a version on: their versions, and the line of those that have one, such as [`Change::addition`].
    pub async fn lines(
        &self,
        id: Uuid,
        from: i64,
        size: i64,
        line: fn(&Change, DateTime<Utc>) -> Option<Line>,
    ) -> Result<Vec<(i64, Option<Line>)>, Problem> {
        let entries = entries_of(self.log.pool(), id, from, size).await?;
        let mut read = Vec::with_capacity(entries.len());
        for entry in &entries {
            let told = entry.decode::<Request>().map_err(|error| Problem::bug(anyhow::Error::from(error)))?;
            read.push((entry.head.version, line(&told.change, entry.head.at)));
        }
        Ok(read)
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
