//! Golden files: what the log keeps of each kind of change and the event it becomes, written down one file per variant. What was kept once
//! is read for ever and what was published is built upon by others, so neither may change unseen: a variant without a sample, an event
//! that no sample becomes, a file that says something else, and a file of no variant all fail.
//!
//! A change that is meant: `HUYING_GOLDEN=write cargo test -p huying-<service> --test it golden`, then read the difference. Never written
//! over is a file whose entry today's code cannot read, since a log may hold such an entry: where none can, delete it by hand.

mod kept;
pub mod variants;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use huying_chassis::{
    bus::{Outgoing, Publisher},
    log::{Actor, Aggregate, Draft, Entry, Meta, Versioned},
};
use huying_proto::DESCRIPTORS;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use serde_json::{Value, json};
use uuid::Uuid;

use kept::Kept;

const VARIABLE: &str = "HUYING_GOLDEN";

/// When the n-th change of a life, from 0, happens: Monday, 2 March 2026, 09:00 in Shanghai, and five minutes for each.
pub fn instant(n: usize) -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap();
    start + TimeDelta::minutes(5) * i32::try_from(n).unwrap()
}

/// One service's golden files, held against samples.
pub struct Golden {
    service: &'static str,
    publish: Publisher,
    folder: PathBuf,
    write: bool,
    /// The files that belong to a sample, or should.
    known: BTreeSet<String>,
    /// The events that the samples became.
    events: BTreeSet<String>,
    faults: Vec<String>,
}

impl Golden {
    /// Those in the folder `tests/it/golden` of the package.
    pub fn of(service: &'static str, package: &str, publish: Publisher) -> Self {
        #[allow(clippy::disallowed_methods, reason = "a switch of the tests, no setting of a service")]
        let write = std::env::var(VARIABLE).is_ok_and(|asked| asked == "write");
        Self {
            service,
            publish,
            folder: Path::new(package).join("tests/it/golden"),
            write,
            known: BTreeSet::new(),
            events: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// An aggregate's sample lives: changes in their order, that together have every variant. Of a variant that happens several times, the
    /// first is its sample.
    #[must_use]
    pub fn lives<A: Aggregate>(mut self, id: Uuid, lives: &[Vec<A::Change>]) -> Self {
        let mut samples = BTreeMap::new();
        for life in lives {
            for (variant, entry) in lived::<A>(id, life) {
                samples.entry(variant).or_insert(entry);
            }
        }
        for variant in variants::of::<A::Change>() {
            let name = format!("{}.{variant}.json", A::KIND);
            match samples.get(*variant) {
                Some(entry) => self.hold::<A>(&name, entry),
                None => self.faults.push(format!("{name}: no sample life has this change")),
            }
            self.known.insert(name);
        }
        self
    }

    /// Holds one file against its sample.
    fn hold<A: Aggregate>(&mut self, name: &str, entry: &Entry) {
        let event = (self.publish)(entry).unwrap();
        self.events.insert(event.name.clone());
        if (self.publish)(&named(entry)).unwrap().data.get() != event.data.get() {
            self.faults.push(format!("{name}: its event tells what the person is called who did it"));
        }
        // Whatever NATS would refuse is refused here.
        Outgoing::of(self.service, entry, event.clone()).unwrap();
        let today = json!({
            "entry": Kept::of(entry),
            "event": {
                "type": event.name,
                "subject": event.subject(&entry.head.district),
                "data": serde_json::from_str::<Value>(event.data.get()).unwrap(),
            },
        });
        let path = self.folder.join(name);
        let before: Option<Value> =
            fs::read_to_string(&path).ok().map(|text| serde_json::from_str(&text).expect(name));
        let again = before.as_ref().map(|before| Kept::read::<A>(&before["entry"], entry));
        match again {
            Some(Err(why)) => {
                self.faults.push(format!(
                    "{name}: today's code cannot read what a log may hold: {why}. Delete it if none does"
                ));
            }
            Some(Ok(again)) if before.as_ref() == Some(&today) => {
                if again != kept::told::<A>(entry).unwrap() {
                    self.faults
                        .push(format!("{name}: what a log keeps is read as something else: {again:?}"));
                }
            }
            Some(Ok(_)) | None if self.write => {
                fs::create_dir_all(&self.folder).unwrap();
                fs::write(&path, pretty(&today)).unwrap();
            }
            Some(Ok(_)) | None => {
                let before = before.as_ref().map_or_else(|| "nothing\n".to_owned(), pretty);
                let today = pretty(&today);
                self.faults
                    .push(format!("{name} is not as today. It holds\n{before}and today it is\n{today}"));
            }
        }
    }

    /// # Panics
    /// When anything is not as written down.
    pub fn check(mut self) {
        self.stale();
        let declared = declared(self.service);
        for event in declared.difference(&self.events) {
            self.faults.push(format!("{event}: no sample becomes this event"));
        }
        for event in self.events.difference(&declared) {
            self.faults.push(format!("{event}: events.proto declares no such event"));
        }
        assert!(
            self.faults.is_empty(),
            "{}\n\nIf this is meant: {VARIABLE}=write cargo test -p huying-{} --test it golden",
            self.faults.join("\n"),
            self.service
        );
    }

    fn stale(&mut self) {
        for file in fs::read_dir(&self.folder).into_iter().flatten() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            if self.known.contains(&name) {
                continue;
            }
            if self.write {
                fs::remove_file(file.path()).unwrap();
            } else {
                self.faults.push(format!("{name} belongs to no change"));
            }
        }
    }
}

/// What the log keeps of a life, entry by entry, with the variant of each.
fn lived<A: Aggregate>(id: Uuid, life: &[A::Change]) -> Vec<(String, Entry)> {
    let mut entries = Vec::with_capacity(life.len());
    let mut before: Option<Versioned<A>> = None;
    for (n, change) in life.iter().enumerate() {
        let actor = Actor { subject: "officer-1".into(), unit: Some("G-1".into()), name: None };
        let meta = Meta { actor, command: None, expected: None };
        let drafted = match &before {
            None => Draft::new::<A>(id, std::slice::from_ref(change), &meta, instant(n)),
            Some(before) => Draft::on(before, std::slice::from_ref(change), &meta, instant(n)),
        };
        let (draft, after) = drafted.expect("a life that can be lived").expect("a change");
        entries.extend(draft.written().map(|entry| (variants::name(change), entry)));
        before = Some(after);
    }
    entries
}

/// The same entry by somebody whose token had a name.
fn named(entry: &Entry) -> Entry {
    let mut text: Value = serde_json::from_str(&entry.text).unwrap();
    text["actor"]["name"] = json!("王秀英");
    Entry::new(entry.head.clone(), text.to_string(), entry.hash, entry.position)
}

/// The events that a service's events.proto declares: all its messages but what they share.
fn declared(service: &str) -> BTreeSet<String> {
    let all = FileDescriptorSet::decode(DESCRIPTORS).unwrap().file;
    let file = format!("huying/{service}/v1/events.proto");
    let file = all.iter().find(|it| it.name() == file).unwrap();
    let events = file.message_type.iter().filter(|message| !message.name().ends_with("Ref"));
    events.map(|event| format!("{}.{}", file.package(), event.name())).collect()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
