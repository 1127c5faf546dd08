//! The owner's domain as the next build has it: one more field, one more change, one more event. What it writes is of shape 2.

use huying_chassis::bus::{Event, PublishError};
use huying_chassis::log::{Aggregate, Entry, Stamp, Told};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::to_raw_value};

use super::tally::{self, About, Change, Tally};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TallyNext {
    #[serde(flatten)]
    pub known: Tally,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ChangeNext {
    Known(Change),
    New(New),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum New {
    Painted(String),
}

/// It has another colour.
pub fn painted(colour: &str) -> ChangeNext {
    ChangeNext::New(New::Painted(colour.to_owned()))
}

impl Aggregate for TallyNext {
    const KIND: &'static str = Tally::KIND;
    const SHAPE: i16 = 2;
    type Change = ChangeNext;
    type State = ();
    type About = About;

    fn leads_to(_: Option<&Self>, _: &ChangeNext) -> Option<()> {
        Some(())
    }

    fn first(change: &ChangeNext, (): (), stamp: &Stamp) -> Option<Self> {
        match change {
            ChangeNext::Known(change) => Some(Self { known: Tally::first(change, (), stamp)?, colour: None }),
            ChangeNext::New(New::Painted(_)) => None,
        }
    }

    fn apply(&mut self, change: &ChangeNext, (): (), stamp: &Stamp) {
        match change {
            ChangeNext::Known(change) => self.known.apply(change, (), stamp),
            ChangeNext::New(New::Painted(colour)) => self.colour = Some(colour.clone()),
        }
    }

    fn district(&self) -> &str {
        self.known.district()
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        self.known.claims()
    }

    fn about(&self) -> About {
        self.known.about()
    }
}

/// The event of a log entry.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, about, .. } = entry.decode::<TallyNext>()?;
    match change {
        ChangeNext::Known(change) => tally::say(entry.head.aggregate, &change, &about),
        ChangeNext::New(New::Painted(colour)) => {
            let data = to_raw_value(
                &json!({ "tally": { "id": entry.head.aggregate }, "n": 0, "name": about.name, "colour": colour }),
            )?;
            Ok(Event { root: "tally", name: "test.tally.v1.Painted".to_owned(), unit: None, data })
        }
    }
}
