//! What can happen to what is offered or needed. The serde form is kept in the log for ever: only add.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answers, Offer, OfferContent, OfferKind, OfferRating, OfferSide, OfferState, OfferStep, next};
use crate::domain::personal::Personal;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferChange {
    Made {
        district: String,
        area: String,
        content: Box<OfferContent>,
        forum: Option<Uuid>,
    },
    Matched {
        with: Answers,
    },
    Released,
    Done {
        result: String,
        /// Whom to speak with was forgotten with it. Builds before this one kept it on.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        contact_forgotten: bool,
    },
    Withdrawn {
        reason: String,
    },
    Rated {
        side: OfferSide,
        score: u32,
        comment: String,
    },
}

/// What every event says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferAbout {
    pub area: String,
    pub kind: OfferKind,
    pub side: OfferSide,
}

impl Aggregate for Offer {
    const KIND: &'static str = "offer";
    const SHAPE: i16 = 3;
    const PERSONAL: &'static [&'static str] = &["/made/content/contact"];
    type Change = OfferChange;
    type State = OfferState;
    type About = OfferAbout;

    fn leads_to(before: Option<&Self>, change: &OfferChange) -> Option<OfferState> {
        let state = before.map(|offer| offer.state);
        match change {
            OfferChange::Made { content, .. } => {
                (state.is_none() && !content.contact.is_clear()).then_some(OfferState::Offered)
            }
            OfferChange::Matched { .. } => next(state?, OfferStep::Match),
            OfferChange::Released => next(state?, OfferStep::Release),
            OfferChange::Done { .. } => next(state?, OfferStep::Complete),
            OfferChange::Withdrawn { .. } => next(state?, OfferStep::Withdraw),
            OfferChange::Rated { .. } => next(state?, OfferStep::Rate),
        }
    }

    fn first(change: &OfferChange, state: OfferState, stamp: &Stamp) -> Option<Self> {
        let OfferChange::Made { district, area, content, forum } = change else { return None };
        Some(Self {
            district: district.clone(),
            area: area.clone(),
            content: (**content).clone(),
            state,
            forum: *forum,
            answers: None,
            result: String::new(),
            ratings: Vec::new(),
            unit: stamp.actor.unit.clone(),
            made_at: stamp.at,
        })
    }

    fn apply(&mut self, change: &OfferChange, state: OfferState, stamp: &Stamp) {
        self.state = state;
        match change {
            OfferChange::Made { .. } => {}
            OfferChange::Matched { with } => self.answers = Some(*with),
            OfferChange::Released => self.answers = None,
            OfferChange::Done { result, contact_forgotten } => {
                self.result.clone_from(result);
                if *contact_forgotten {
                    self.forget_contact();
                }
            }
            OfferChange::Withdrawn { .. } => {
                self.answers = None;
                self.forget_contact();
            }
            OfferChange::Rated { side, score, comment } => {
                let (side, score, comment, at) = (*side, *score, comment.clone(), stamp.at);
                self.ratings.push(OfferRating { side, score, comment, at });
            }
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> OfferAbout {
        OfferAbout { area: self.area.clone(), kind: self.content.kind, side: self.content.side }
    }
}

impl Offer {
    /// What builds before kept in the clear stays in the row as in the log.
    fn forget_contact(&mut self) {
        if self.content.contact.sealed().is_some() {
            self.content.contact = Personal::default();
        }
    }
}
