//! Requests that may be about the same matter, for whoever is about to submit one and for the desk.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{log::Versioned, status::Problem};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        decision::Submission,
        route::Route,
        state::State,
        twins::{LIKELY, Matter},
    },
    store,
};

/// How many of a neighbourhood are compared, the newest.
const COMPARED: i64 = 300;

/// A request that may be the same, and how like it is.
pub type Twin = (f32, Versioned<Route>);

impl App {
    /// The instant of what comes in now.
    pub fn now(&self) -> DateTime<Utc> {
        self.log.now()
    }

    /// Twins of what is about to be submitted. `whole`: whether the caller is shown the whole of one; of what is settled the others are told
    /// nothing, since they are told of a twin to join it.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`.
    pub async fn find_twins(
        &self,
        submission: &Submission,
        (days, size): (i64, usize),
        whole: impl Fn(&Route) -> bool,
    ) -> Result<Vec<Twin>, Problem> {
        let index = self.directory(&submission.district).await?;
        let models = self.models(&submission.district).await?;
        let matter = Matter::read(&index, models.with(&[]), submission);
        self.near(&matter, (submission, None), (days, size), whole).await
    }

    /// Twins of one that routing knows; likewise.
    pub async fn twins_of(
        &self,
        route: &Versioned<Route>,
        (days, size): (i64, usize),
        whole: impl Fn(&Route) -> bool,
    ) -> Result<Vec<Twin>, Problem> {
        let of = (&route.it.submission, Some(route.id));
        self.near(&Matter::known(&route.it), of, (days, size), whole).await
    }

    async fn near(
        &self,
        matter: &Matter,
        (of, itself): (&Submission, Option<Uuid>),
        (days, size): (i64, usize),
        whole: impl Fn(&Route) -> bool,
    ) -> Result<Vec<Twin>, Problem> {
        let index = self.usable(&of.district).await?;
        let neighbourhood = matter.neighbourhood(index.as_deref());
        if neighbourhood.is_empty() {
            return Ok(Vec::new());
        }
        let (at, days) = (of.submitted_at, TimeDelta::days(days));
        let near =
            store::route::near(self.log.pool(), &neighbourhood, (at - days, at + days), COMPARED).await?;
        let is_told = |it: &Route| it.state != State::History || whole(it);
        let others = near.into_iter().filter(|route| Some(route.id) != itself && is_told(&route.it));
        let compared = others.map(|route| (matter.likeness(&Matter::known(&route.it)), route));
        let mut likely: Vec<Twin> = compared.filter(|(likeness, _)| *likeness >= LIKELY).collect();
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.id.cmp(&a.1.id)));
        likely.truncate(size);
        Ok(likely)
    }
}
