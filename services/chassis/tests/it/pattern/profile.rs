//! A profile is applied, compared and seen by every replica.

use std::sync::Arc;

use huying_chassis::auth::Reach;
use huying_chassis::clock::Clock;
use huying_chassis::id;
use huying_chassis::log::verify::Kind;
use huying_chassis::log::{Bounds, Meta};
use huying_chassis::profile::{Part, Profile, Profiles};
use huying_chassis::shutdown::Shutdown;
use huying_testing::{command, eventually, reason};
use serde::{Deserialize, Serialize};
use tonic::Status;
use uuid::Uuid;

use super::bench::Store;
use super::tally::{SOMEWHERE, meta};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Shelf {
    code: String,
    books: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Library {
    district: String,
    shelves: Vec<Shelf>,
}

impl Part for Library {
    type Index = u32;

    fn district(&self) -> &str {
        &self.district
    }

    fn index(self) -> Result<u32, String> {
        if self.shelves.is_empty() {
            Err("there is no shelf".into())
        } else {
            Ok(self.shelves.iter().map(|shelf| shelf.books).sum())
        }
    }
}

/// The same part in a build that cannot use it any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Unusable(Library);

impl Part for Unusable {
    type Index = u32;

    fn district(&self) -> &str {
        &self.0.district
    }

    fn index(self) -> Result<u32, String> {
        Err("libraries are closed".into())
    }
}

fn library(shelves: &[(&str, u32)]) -> Library {
    let shelves = shelves.iter().map(|(code, books)| Shelf { code: (*code).into(), books: *books }).collect();
    Library { district: SOMEWHERE.into(), shelves }
}

fn profiles(store: &Store, stop: &Shutdown) -> Arc<Profiles<Library>> {
    Profiles::start(store.log.clone(), stop.clone())
}

#[tokio::test]
async fn applying_keeps_versions_and_says_what_differs() {
    let (store, stop) = (Store::new().await, Shutdown::new());
    let profiles = profiles(&store, &stop);
    let unknown = Status::from(profiles.get(SOMEWHERE).await.unwrap_err());
    assert_eq!(reason(&unknown), "UNKNOWN_DISTRICT");

    let dry = profiles.apply(library(&[("A", 1)]), true, &Reach::city(), &meta()).await.unwrap();
    let told = ["~ district: nothing → 420102", "+ shelves/A: books 1"].map(str::to_owned);
    assert_eq!((dry.version, dry.differences.as_slice()), (0, told.as_slice()));
    assert_eq!(store.count("profile").await + store.count("log").await, 0, "a dry run changes nothing");

    let first = profiles.apply(library(&[("A", 1), ("B", 2)]), false, &Reach::city(), &meta()).await.unwrap();
    assert_eq!(first.version, 1);
    assert_eq!(*profiles.get(SOMEWHERE).await.unwrap(), 3);
    let same = profiles.apply(library(&[("A", 1), ("B", 2)]), false, &Reach::city(), &meta()).await.unwrap();
    assert_eq!((same.version, same.differences.len()), (1, 0), "the same again keeps the version");

    let second = library(&[("B", 5), ("C", 1)]);
    let dry = profiles.apply(second.clone(), true, &Reach::city(), &meta()).await.unwrap();
    let lines = ["- shelves/A: books 1", "~ shelves/B/books: 2 → 5", "+ shelves/C: books 1"];
    assert_eq!((dry.version, dry.differences.as_slice()), (1, lines.map(String::from).as_slice()));
    assert_eq!(*profiles.get(SOMEWHERE).await.unwrap(), 3, "a dry run changes nothing");
    let applied = profiles.apply(second, false, &Reach::city(), &meta()).await.unwrap();
    assert_eq!((applied.version, applied.differences), (2, dry.differences));
    assert_eq!(*profiles.get(SOMEWHERE).await.unwrap(), 6);

    let unusable =
        Status::from(profiles.apply(library(&[]), false, &Reach::city(), &meta()).await.unwrap_err());
    assert_eq!(reason(&unusable), "PROFILE_UNUSABLE");
    let found = Kind::of::<Profile<Library>>().verify(&store.pool, Uuid::nil(), 10).await.unwrap();
    assert_eq!((found.replayed, found.faults.len()), (2, 0), "logged like anything else");
    stop.begin();
}

#[tokio::test]
async fn another_replica_sees_it() {
    let (one, stop) = (Store::new().await, Shutdown::new());
    let two = Store::at(&one.url, Bounds::default(), Clock::system()).await;
    let (here, there) = (profiles(&one, &stop), profiles(&two, &stop));

    here.apply(library(&[("A", 1)]), false, &Reach::city(), &meta()).await.unwrap();
    assert_eq!(*there.get(SOMEWHERE).await.unwrap(), 1, "at once, when it knew none");
    here.apply(library(&[("A", 7)]), false, &Reach::city(), &meta()).await.unwrap();
    eventually("the change is seen", async || (*there.get(SOMEWHERE).await.unwrap() == 7).then_some(()))
        .await;

    let anybody = meta();
    let city = Reach::city();
    let answers = tokio::join!(
        here.apply(library(&[("A", 8)]), false, &city, &anybody),
        there.apply(library(&[("A", 9)]), false, &city, &anybody)
    );
    let mut versions = [answers.0.unwrap().version, answers.1.unwrap().version];
    versions.sort();
    assert_eq!(versions, [3, 4], "both applied, one after the other");
    stop.begin();
}

#[tokio::test]
async fn a_request_id_is_good_for_one_apply() {
    let (store, stop) = (Store::new().await, Shutdown::new());
    let profiles = profiles(&store, &stop);
    let id = id::new();
    let once = Meta { command: command("test", id, "A is 1"), ..meta() };
    let first = profiles.apply(library(&[("A", 1)]), false, &Reach::city(), &once).await.unwrap();
    let again = profiles.apply(library(&[("A", 1)]), false, &Reach::city(), &once).await.unwrap();
    assert_eq!((first.version, again.version), (1, 1));
    let twice = Meta { command: command("test", id, "A is 2"), ..meta() };
    let other =
        Status::from(profiles.apply(library(&[("A", 2)]), false, &Reach::city(), &twice).await.unwrap_err());
    assert_eq!(reason(&other), "REQUEST_ID_REUSED");
    stop.begin();
}

/// What was applied before is answered, whatever would be refused now.
#[tokio::test]
async fn a_repeated_apply_is_answered_before_anything_is_refused() {
    let (store, stop) = (Store::new().await, Shutdown::new());
    let here = profiles(&store, &stop);
    let once = Meta { command: command("test", id::new(), "A is 1"), ..meta() };
    let first = here.apply(library(&[("A", 1)]), false, &Reach::city(), &once).await.unwrap();
    // A build before this one let one district lie in another.
    sqlx::query(
        r#"insert into profile (id, version, shape, hash, body)
             select gen_random_uuid(), version, shape, hash, body || '{"district": "420102003"}' from profile"#,
    )
    .execute(&store.pool)
    .await
    .unwrap();

    let again = here.apply(library(&[("A", 1)]), false, &Reach::city(), &once).await.unwrap();
    assert_eq!((again.version, again.differences.len()), (first.version, 0));
    let refused = here.apply(library(&[("A", 2)]), false, &Reach::city(), &meta()).await.unwrap_err();
    assert_eq!(refused.reason(), "DISTRICTS_OVERLAP");

    sqlx::query("delete from profile where district = '420102003'").execute(&store.pool).await.unwrap();
    let there = Profiles::<Unusable>::start(store.log.clone(), stop.clone());
    let again = there.apply(Unusable(library(&[("A", 1)])), false, &Reach::city(), &once).await.unwrap();
    assert_eq!((again.version, again.differences.len()), (first.version, 0));
    let refused = there.apply(Unusable(library(&[])), false, &Reach::city(), &meta()).await.unwrap_err();
    assert_eq!(refused.reason(), "PROFILE_UNUSABLE");
    stop.begin();
}

/// Only who governs the whole district, and no district within another: a unit's district follows from its area.
#[tokio::test]
async fn a_district_is_governed_whole_and_stands_alone() {
    let (store, stop) = (Store::new().await, Shutdown::new());
    let profiles = profiles(&store, &stop);
    let apply = async |district: &str, area: Option<&str>, dry_run: bool| {
        let part = Library { district: district.into(), ..library(&[("A", 1)]) };
        let reach = Reach::parse(area, None).unwrap();
        profiles.apply(part, dry_run, &reach, &meta()).await.map_err(|it| reason(&Status::from(it)))
    };
    for area in [None, Some("420103"), Some("420102003"), Some("4202")] {
        for dry_run in [true, false] {
            assert_eq!(apply(SOMEWHERE, area, dry_run).await.unwrap_err(), "OUTSIDE_AREA", "{area:?}");
        }
    }
    assert_eq!(store.count("profile").await, 0, "who was refused changed nothing");
    for area in [SOMEWHERE, "4201", "city"] {
        assert_eq!(apply(SOMEWHERE, Some(area), false).await.unwrap().version, 1, "{area}");
    }
    assert_eq!(apply("420102003", Some("city"), false).await.unwrap_err(), "DISTRICTS_OVERLAP");
    assert_eq!(apply("441900003", Some("city"), false).await.unwrap().version, 1);
    assert_eq!(apply("441900", Some("city"), false).await.unwrap_err(), "DISTRICTS_OVERLAP");
    stop.begin();
}
