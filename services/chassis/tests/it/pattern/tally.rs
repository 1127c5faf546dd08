//! The owner's domain: a named sum. Some numbers stand for mistakes, so that a test can make one happen.

use chrono::{DateTime, Utc};
use huying_chassis::bus::{Event, PublishError};
use huying_chassis::id;
use huying_chassis::log::{Aggregate, Draft, Entry, Meta, Stamp, Told, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::to_raw_value};
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub static MIGRATIONS: Migrator = sqlx::migrate!("tests/it/migrations/owner");

/// Adding it cannot be published.
pub const UNTELLABLE: i64 = 404;
/// Adding it makes an event that is too large for any stream.
pub const HUGE: i64 = 413;
/// Where it is the total of a row, the database answers with an error that nobody knows, once a table is made [`odd`].
pub const ODD: i64 = 999;
/// A district that makes no subject.
pub const NOWHERE: &str = "no where";
pub const SOMEWHERE: &str = "420102";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub district: String,
    pub name: String,
    pub total: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Change {
    Opened { district: String, name: String },
    Added(i64),
    Wound(i64),
    Rang,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    pub name: String,
}

impl Aggregate for Tally {
    const KIND: &'static str = "tally";
    type Change = Change;
    type State = ();
    type About = About;

    fn leads_to(_: Option<&Self>, _: &Change) -> Option<()> {
        Some(())
    }

    fn first(change: &Change, (): (), _: &Stamp) -> Option<Self> {
        match change {
            Change::Opened { district, name } => {
                Some(Self { district: district.clone(), name: name.clone(), total: 0, due_at: None })
            }
            Change::Added(_) | Change::Wound(_) | Change::Rang => None,
        }
    }

    fn apply(&mut self, change: &Change, (): (), _: &Stamp) {
        match change {
            Change::Opened { .. } => {}
            Change::Added(n) => self.total += n,
            Change::Wound(at) => self.due_at = Some(*at),
            Change::Rang => self.due_at = None,
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![("name", self.name.clone())]
    }

    fn about(&self) -> About {
        About { name: self.name.clone() }
    }
}

/// The event of a log entry.
pub fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, about, .. } = entry.decode::<Tally>()?;
    say(entry.head.aggregate, &change, &about)
}

/// The event of a change.
pub fn say(id: Uuid, change: &Change, about: &About) -> Result<Event, PublishError> {
    let (name, n) = match change {
        Change::Opened { .. } => ("Opened", 0),
        Change::Added(UNTELLABLE) => return Err(PublishError::unsayable("there are no words for it")),
        Change::Added(n) => ("Added", *n),
        Change::Wound(_) => ("Wound", 0),
        Change::Rang => ("Rang", 0),
    };
    let padding = if n == HUGE { "x".repeat(1 << 20) } else { String::new() };
    let data =
        to_raw_value(&json!({ "tally": { "id": id }, "n": n, "name": about.name, "padding": padding }))?;
    Ok(Event { root: "tally", name: format!("test.tally.v1.{name}"), unit: None, data })
}

/// The statements that make a table so.
pub fn odd(table: &str) -> String {
    format!(
        "create function odd() returns trigger language plpgsql as $$ begin
             if new.body ->> 'total' = '{ODD}' then raise exception sqlstate 'ZZ999'; end if;
             return new;
         end $$;
         create trigger odd before insert or update on {table} for each row execute function odd()"
    )
}

pub fn meta() -> Meta {
    Meta::of_service("test")
}

pub fn now() -> DateTime<Utc> {
    huying_chassis::clock::Clock::system().now()
}

/// A new tally of a name of its own.
pub fn open() -> (Draft, Versioned<Tally>) {
    let id = id::new();
    open_as(id, &id.to_string(), SOMEWHERE)
}

pub fn open_as(id: Uuid, name: &str, district: &str) -> (Draft, Versioned<Tally>) {
    let opened = Change::Opened { district: district.to_owned(), name: name.to_owned() };
    Draft::new(id, &[opened], &meta(), now()).unwrap().unwrap()
}

/// Adds to it, drafted on what it was.
pub fn add(before: &Versioned<Tally>, n: i64) -> (Draft, Versioned<Tally>) {
    Draft::on(before, &[Change::Added(n)], &meta(), now()).unwrap().unwrap()
}
