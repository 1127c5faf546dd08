//! The ledger of conflicts and hidden dangers.

use huying_chassis::{
    id,
    log::{AppendError, Meta, Replay, Versioned},
    run::{Command, Decision, Halt, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, profile::ProfileOf};
use crate::{
    domain::{
        Error,
        counted::{Count, Counted},
        risk::{Risk, RiskChange, RiskKind},
        wanted::{Cursor, Newest, Placed, Walk},
    },
    store::risk,
};

type Stop = Halt<Error>;

/// An entry to be opened.
pub struct Noticed {
    pub district: String,
    pub area: String,
    pub kind: RiskKind,
    pub content: String,
    pub unit: Option<String>,
}

impl App {
    /// Opens an entry that no visit found.
    ///
    /// # Errors
    /// `BAD_FIELD` (no unit), `UNKNOWN_UNIT`.
    pub async fn open_risk(&self, noticed: &Noticed, meta: &Meta) -> Result<Versioned<Risk>, Problem> {
        Ok(self.runner.run(&OpenRisk { id: id::new(), noticed }, meta).await?)
    }

    /// Settles an entry that the caller reaches.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`.
    pub async fn settle_risk(
        &self,
        id: Uuid,
        outcome: &str,
        sees: impl Fn(&Risk) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Risk>, Problem> {
        let step = on(id, |it: &Versioned<Risk>, _: &See| Ok(it.it.settle(outcome)));
        Ok(self.runner.run(&step.reached(sees), meta).await?)
    }

    pub async fn risk(&self, id: Uuid) -> Result<Option<Versioned<Risk>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// Those that are open, or those that are settled.
    pub async fn risks(
        &self,
        wanted: &Newest,
        settled: bool,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Versioned<Risk>>, Problem> {
        Ok(risk::list(self.log.pool(), wanted, settled, after, limit).await?)
    }

    /// How many there are and how many of them are settled.
    pub async fn count_risks(
        &self,
        placed: &Placed,
        after: Option<Walk>,
    ) -> Result<Counted<Count, Walk>, Problem> {
        Ok(risk::count(self.log.pool(), placed, after).await?)
    }
}

struct OpenRisk<'a> {
    id: Uuid,
    noticed: &'a Noticed,
}

impl Command<World> for OpenRisk<'_> {
    type Error = Error;
    type Answer = Versioned<Risk>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Risk>>, Stop> {
        let Noticed { district, area, kind, content, unit } = self.noticed;
        let profile = seen.ask(ProfileOf(district.clone()))?;
        let opened = RiskChange::Opened {
            district: district.clone(),
            area: area.clone(),
            kind: *kind,
            content: content.clone(),
            unit: profile.acting(unit.as_deref()).map_err(Halt::Refused)?,
            visit: None,
        };
        let nothing = || Halt::Draft(AppendError::Bug("an entry drafts nothing".into()));
        let (draft, risk) = seen.begin::<Risk>(self.id, &[opened])?.ok_or_else(nothing)?;
        Ok(Decision { drafts: vec![draft], answer: risk })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Versioned<Risk>, Stop> {
        seen.get::<Risk>(done.aggregate).cloned()
    }
}
