//! What is told: one enum per package (`casework::v1::events::Event`, made by the build from its `events.proto`), so that a follower matches
//! without a wildcard and a new event does not compile until every follower has said what it does with it. Who follows one kind of aggregate
//! matches on that kind's own (`events::CaseEvent`).

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

include!(concat!(env!("OUT_DIR"), "/events.rs"));

/// Whether an event of this full name is in these contracts, as this build knows them.
pub fn knows(name: &str) -> bool {
    EVENTS.contains(&name)
}

/// The events of one package.
pub trait Events<'a>: Sized {
    /// The event of this full name, with its data not yet read. None: of another package, or of a newer build.
    fn of(name: &str, data: &'a str) -> Option<Self>;
}

/// An event's data. Only who asks has it read: what a follower lets go costs nothing, and a word in it that only a newer build knows stops
/// nobody.
#[derive(Debug)]
pub struct Data<'a, M> {
    json: &'a str,
    message: PhantomData<fn() -> M>,
}

impl<'a, M: DeserializeOwned> Data<'a, M> {
    pub fn new(json: &'a str) -> Self {
        Self { json, message: PhantomData }
    }

    /// The event message.
    ///
    /// # Errors
    /// When the data is not that message.
    pub fn decode(&self) -> Result<M, serde_json::Error> {
        serde_json::from_str(self.json)
    }
}
