//! 一键评价: a link by which the reporter gives the verdict themselves. Its token is told once and kept nowhere; what is kept is its hash.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use huying_chassis::{
    log::{Meta, Versioned, not_found},
    status::Problem,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    App, Refused,
    ask::others,
    judge::{beside, teller, verdict},
    parties::not_own_work,
    quota::LINK,
};
use crate::domain::{callback::Callback, rules::Said, verdict::By};

/// Characters of a token.
const TOKEN: usize = 22;

/// A token's hash, by which its callback is found.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

impl App {
    /// Makes a link in place of the one before. A repeated command has no token: it made the link whose token was told then.
    ///
    /// # Errors
    /// The domain's, and the log's; `QUOTA_SPENT`.
    pub async fn issue_link(
        &self,
        id: Uuid,
        meta: &Meta,
        by: By,
    ) -> Result<(Versioned<Callback>, Option<String>), Refused> {
        let token = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let hash = hash(&token);
        let issued = self
            .step(id, meta, |it, seen| {
                not_own_work(seen, &it.it, meta)?;
                let issued = it.it.issue_link(hash.clone(), teller(meta, by), seen.now())?;
                self.quota(LINK, &it.it.opened.district, seen)?;
                Ok(issued)
            })
            .await?;
        let is_new = issued.it.link.as_ref().is_some_and(|link| link.hash == hash);
        Ok((issued, is_new.then_some(token)))
    }

    /// The callback whose link has this token. Nobody learns more of a token that was never given.
    ///
    /// # Errors
    /// `NOT_FOUND`; the store is away.
    pub async fn by_token(&self, token: &str) -> Result<Uuid, Problem> {
        let found = match token.len() {
            TOKEN => self.store.of_link(&hash(token)).await?,
            _ => None,
        };
        found.ok_or_else(|| not_found("callback with this", "token"))
    }

    /// The district of the callback whose link has this token.
    ///
    /// # Errors
    /// As [`by_token`](Self::by_token).
    pub async fn asked_by(&self, token: &str) -> Result<String, Problem> {
        let id = self.by_token(token).await?;
        let found = self.get(id).await?;
        found.map(|it| it.it.opened.district).ok_or_else(|| not_found("callback with this", "token"))
    }

    /// The reporter says how it was, by a link.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn give(
        &self,
        id: Uuid,
        meta: &Meta,
        token: &str,
        said: &Said,
    ) -> Result<Versioned<Callback>, Refused> {
        let hash = hash(token);
        self.step(id, meta, |it, seen| {
            it.it.takes(&hash, seen.now())?;
            let others = others(seen, it)?;
            let verdict = verdict(seen, &it.it, said, By::Link)?;
            Ok(it.it.judge(verdict, teller(meta, By::Link), beside(seen, &others))?)
        })
        .await
    }
}
