//! What can happen to an archive. The serde form is kept in the log for ever: only add.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::PriorityKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ARCHIVE, Archive, ArchiveKind, NEEDS, Need, Place, REQUESTS,
    due::{Due, DueReason},
};
use crate::domain::visit::KeptVisited;

/// A need that is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    pub number: u32,
    /// What was done.
    pub met: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveChange {
    Opened {
        place: Place,
        visited: Box<KeptVisited>,
        /// As the archive keeps it.
        known_by: String,
        /// What it is known by besides, likewise.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<String>,
        unit: String,
    },
    Visited {
        visit: Uuid,
        #[serde(with = "ts_microseconds")]
        at: DateTime<Utc>,
        unit: String,
        requests: Vec<Uuid>,
        /// What is needed; what is needed already counts once.
        needs: Vec<String>,
        /// Who lives there, besides those known.
        priority: BTreeSet<PriorityKind>,
        /// Whom it is about, with what the visitor told besides; none: nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        learned: Option<Box<KeptVisited>>,
        /// What it is known by from now on, besides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<String>,
    },
    Updated {
        visited: Option<Box<KeptVisited>>,
        key: Option<bool>,
        needs: Vec<String>,
        met: Vec<Met>,
        /// What it is known by from now on, besides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<String>,
    },
    /// When a plan says that its next visit is due; none: no plan is about it.
    Planned {
        due: Option<Due>,
    },
    Obliged {
        due: Due,
    },
    /// The day is over, and nobody came.
    Missed {
        due: Due,
    },
    /// Whom it is about is forgotten.
    Forgotten {
        reason: String,
    },
}

/// What every event says of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveAbout {
    pub area: String,
    pub kind: ArchiveKind,
    pub key: bool,
    pub unit: String,
}

impl Aggregate for Archive {
    const KIND: &'static str = "archive";
    const SHAPE: i16 = 3;
    const PERSONAL: &'static [&'static str] = &[
        "/opened/visited",
        "/opened/known_by",
        "/opened/also",
        "/visited/needs",
        "/visited/priority",
        "/visited/learned",
        "/visited/also",
        "/updated/visited",
        "/updated/needs",
        "/updated/met",
        "/updated/also",
    ];
    type Change = ArchiveChange;
    type State = ();
    type About = ArchiveAbout;

    fn leads_to(before: Option<&Self>, change: &ArchiveChange) -> Option<()> {
        let begins = matches!(change, ArchiveChange::Opened { .. });
        (begins == before.is_none() && !says_clearly(change)).then_some(())
    }

    fn first(change: &ArchiveChange, (): (), stamp: &Stamp) -> Option<Self> {
        let ArchiveChange::Opened { place, visited, known_by, also, unit } = change else { return None };
        Some(Self {
            place: place.clone(),
            visited: (**visited).clone(),
            known_by: known_by.clone(),
            also: also.clone(),
            unit: unit.clone(),
            needs: Vec::new(),
            needs_count: 0,
            visits: 0,
            visited_at: None,
            last_visit: None,
            requests: Vec::new(),
            requests_count: 0,
            opened_at: stamp.at,
            dues: Vec::new(),
            due_at: None,
            remind_at: None,
        })
    }

    fn apply(&mut self, change: &ArchiveChange, (): (), stamp: &Stamp) {
        match change {
            // A second opening cannot be drafted.
            ArchiveChange::Opened { .. } => {}
            ArchiveChange::Visited { visit, at, unit, requests, needs, priority, learned, also } => {
                self.visits += 1;
                // One that is recorded late is not the last one.
                if self.visited_at.is_none_or(|last| last <= *at) {
                    (self.visited_at, self.last_visit) = (Some(*at), Some(*visit));
                    self.unit.clone_from(unit);
                    // The plan's next day is told after it.
                    self.dues.retain(|due| due.reason != DueReason::Plan);
                }
                self.dues.retain(|due| due.since > *at);
                self.requests.extend(requests);
                self.requests.drain(..self.requests.len().saturating_sub(REQUESTS));
                self.requests_count += u32::try_from(requests.len()).unwrap_or(u32::MAX);
                if let Some(learned) = learned {
                    self.visited = (**learned).clone();
                }
                self.visited.priority().extend(priority);
                self.also.extend_from_slice(also);
                self.need(needs, stamp.at);
            }
            ArchiveChange::Updated { visited, key, needs, met, also } => {
                if let Some(visited) = visited {
                    self.visited = (**visited).clone();
                }
                self.also.extend_from_slice(also);
                self.place.key = key.unwrap_or(self.place.key);
                for Met { number, met } in met {
                    for need in self.needs.iter_mut().filter(|need| need.number == *number) {
                        (need.met, need.met_at) = (met.clone(), Some(stamp.at));
                    }
                }
                self.need(needs, stamp.at);
            }
            ArchiveChange::Planned { due } => {
                self.dues.retain(|due| due.reason != DueReason::Plan);
                self.dues.extend(due.clone());
            }
            ArchiveChange::Obliged { due } => self.dues.push(due.clone()),
            ArchiveChange::Forgotten { .. } => self.visited = KeptVisited::default(),
            ArchiveChange::Missed { due } => {
                for it in self.dues.iter_mut().filter(|it| (it.reason, it.on) == (due.reason, due.on)) {
                    it.told = true;
                }
            }
        }
        self.due_at = self.dues.iter().map(|due| due.due_at).min();
        self.remind_at = self.dues.iter().filter(|due| !due.told).map(|due| due.due_at).min();
    }

    fn district(&self) -> &str {
        &self.place.district
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit)
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        let known_by = [&self.known_by].into_iter().chain(&self.also);
        known_by.map(|by| (ARCHIVE, self.place.key(by))).collect()
    }

    fn about(&self) -> ArchiveAbout {
        let Place { area, kind, key, .. } = self.place.clone();
        ArchiveAbout { area, kind, key, unit: self.unit.clone() }
    }
}

/// Whether whom it is about stands there in the clear.
fn says_clearly(change: &ArchiveChange) -> bool {
    match change {
        ArchiveChange::Opened { visited, .. } => visited.is_clear(),
        ArchiveChange::Visited { learned: visited, .. } | ArchiveChange::Updated { visited, .. } => {
            visited.as_ref().is_some_and(|it| it.is_clear())
        }
        ArchiveChange::Planned { .. }
        | ArchiveChange::Obliged { .. }
        | ArchiveChange::Missed { .. }
        | ArchiveChange::Forgotten { .. } => false,
    }
}

impl Archive {
    fn need(&mut self, needs: &[String], at: DateTime<Utc>) {
        for text in self.new_needs(needs) {
            self.needs_count += 1;
            self.needs.push(Need { number: self.needs_count, text, at, met: String::new(), met_at: None });
        }
        while self.needs.len() > NEEDS {
            let Some(oldest) = self.needs.iter().position(|need| !need.met.is_empty()) else { return };
            self.needs.remove(oldest);
        }
    }
}
