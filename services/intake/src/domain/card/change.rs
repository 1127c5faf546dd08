//! What can happen to a card. The serde form is kept in the log for ever: only add.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Card, CardKind, CardState, Face, Print};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardChange {
    Issued {
        face: Box<Face>,
        print: Print,
    },
    /// A request was made by it.
    Used {
        request: Uuid,
    },
    Replaced {
        by: Uuid,
        reason: String,
    },
    Revoked {
        reason: String,
    },
}

/// What every event says of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardAbout {
    pub kind: CardKind,
    pub area: String,
    pub unit: String,
}

impl Aggregate for Card {
    const KIND: &'static str = "card";
    const PERSONAL: &'static [&'static str] =
        &["/issued/face/cadre", "/issued/face/phone", "/issued/face/address", "/issued/print/code"];
    type Change = CardChange;
    type State = CardState;
    type About = CardAbout;

    fn leads_to(before: Option<&Self>, change: &CardChange) -> Option<CardState> {
        match (before.map(|card| card.state), change) {
            (None, CardChange::Issued { .. }) => Some(CardState::Valid),
            (Some(CardState::Valid), CardChange::Used { .. }) => Some(CardState::Valid),
            (Some(CardState::Valid), CardChange::Replaced { .. }) => Some(CardState::Replaced),
            (Some(CardState::Valid), CardChange::Revoked { .. }) => Some(CardState::Revoked),
            (Some(_), CardChange::Issued { .. })
            | (
                None | Some(CardState::Replaced | CardState::Revoked),
                CardChange::Used { .. } | CardChange::Replaced { .. } | CardChange::Revoked { .. },
            ) => None,
        }
    }

    fn first(change: &CardChange, state: CardState, stamp: &Stamp) -> Option<Self> {
        let CardChange::Issued { face, print } = change else { return None };
        Some(Self {
            face: (**face).clone(),
            print: print.clone(),
            state,
            uses: 0,
            issued_at: stamp.at,
            used_at: None,
            replaced_by: None,
            reason: String::new(),
        })
    }

    fn apply(&mut self, change: &CardChange, state: CardState, stamp: &Stamp) {
        self.state = state;
        match change {
            // A second issue of the same card cannot be drafted.
            CardChange::Issued { .. } => {}
            CardChange::Used { .. } => {
                self.uses += 1;
                self.used_at = Some(stamp.at);
            }
            CardChange::Replaced { by, reason } => {
                self.replaced_by = Some(*by);
                self.reason.clone_from(reason);
            }
            CardChange::Revoked { reason } => self.reason.clone_from(reason),
        }
    }

    fn district(&self) -> &str {
        &self.face.district
    }

    fn about(&self) -> CardAbout {
        CardAbout { kind: self.face.kind, area: self.face.area.clone(), unit: self.face.unit.clone() }
    }
}
