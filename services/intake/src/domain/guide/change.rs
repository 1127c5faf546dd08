//! What can happen to a guide. The serde form is kept in the log for ever: only add.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};

use super::{Content, GUIDE, Guide, GuideKind, GuideState, Words};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideChange {
    /// With the words it is found by as they were cut then: another way of cutting leaves what was published as it is.
    Published {
        content: Box<Content>,
        words: Words,
    },
    Withdrawn {
        reason: String,
    },
}

/// What every event says of a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideAbout {
    pub code: String,
    pub kind: GuideKind,
    pub unit: String,
}

impl Aggregate for Guide {
    const KIND: &'static str = "guide";
    type Change = GuideChange;
    type State = GuideState;
    type About = GuideAbout;

    fn leads_to(before: Option<&Self>, change: &GuideChange) -> Option<GuideState> {
        match (before, change) {
            (_, GuideChange::Published { .. }) => Some(GuideState::Published),
            (Some(_), GuideChange::Withdrawn { .. }) => Some(GuideState::Withdrawn),
            (None, GuideChange::Withdrawn { .. }) => None,
        }
    }

    fn first(change: &GuideChange, state: GuideState, stamp: &Stamp) -> Option<Self> {
        let GuideChange::Published { content, words } = change else { return None };
        Some(Self { content: (**content).clone(), words: words.clone(), state, at: stamp.at })
    }

    fn apply(&mut self, change: &GuideChange, state: GuideState, stamp: &Stamp) {
        if let GuideChange::Published { content, words } = change {
            (self.content, self.words) = ((**content).clone(), words.clone());
        }
        (self.state, self.at) = (state, stamp.at);
    }

    fn district(&self) -> &str {
        &self.content.district
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![(GUIDE, Content::key(&self.content.district, &self.content.code))]
    }

    fn about(&self) -> GuideAbout {
        let Content { code, kind, unit, .. } = &self.content;
        GuideAbout { code: code.clone(), kind: *kind, unit: unit.clone() }
    }
}
