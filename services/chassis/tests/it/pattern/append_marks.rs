//! The mark is the guard of *exactly once*: what does not follow it writes nothing.

use huying_chassis::id;
use huying_chassis::log::{AppendError, ChangeSet, Mark};
use uuid::Uuid;

use super::bench::Store;
use super::tally::open;

fn caused(aggregate: Uuid, version: i64) -> ChangeSet {
    ChangeSet {
        mark: Some(Mark { source: "elsewhere", aggregate, version, id: id::new() }),
        ..open().0.into()
    }
}

async fn mark(store: &Store, aggregate: Uuid) -> Option<i64> {
    sqlx::query_scalar("select version from followed where source = 'elsewhere' and aggregate = $1")
        .bind(aggregate)
        .fetch_optional(&store.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_duplicate_and_a_gap_write_nothing() {
    let store = Store::new().await;
    let (x, y) = (id::new(), id::new());
    let refused = Err(AppendError::Mark);

    assert_eq!(store.log.append(caused(x, 1)).await, Ok(()));
    assert_eq!(store.log.append(caused(x, 1)).await, refused, "the first one again");
    assert_eq!(store.log.append(caused(x, 2)).await, Ok(()));
    assert_eq!(store.log.append(caused(x, 2)).await, refused, "a later one again");
    assert_eq!(store.log.append(caused(x, 1)).await, refused, "an old one");
    assert_eq!(store.log.append(caused(x, 4)).await, refused, "a gap");
    assert_eq!(store.log.append(caused(y, 2)).await, refused, "a gap at the beginning");
    let empty = ChangeSet { drafts: Vec::new(), ..caused(x, 3) };
    assert_eq!(store.log.append(empty).await, Ok(()), "an event that changes nothing moves the mark");

    assert_eq!((mark(&store, x).await, mark(&store, y).await), (Some(3), None));
    assert_eq!(store.count("tally").await, 2);
    assert_eq!(store.count("log").await, 2);
}

#[tokio::test]
async fn a_refused_mark_does_not_touch_its_group() {
    let store = Store::new().await;
    let (x, y, z) = (id::new(), id::new(), id::new());
    store.log.append(caused(x, 1)).await.unwrap();

    let results = store.together(vec![caused(x, 1), caused(y, 1), caused(z, 7), open().0.into()]).await;

    assert_eq!(results, [Err(AppendError::Mark), Ok(()), Err(AppendError::Mark), Ok(())]);
    assert_eq!(store.count("tally").await, 3);
}

/// Beside its mark an event that only a stream has told costs a share of one row.
#[tokio::test]
async fn what_only_a_stream_has_told_is_kept_in_one_row_for_the_group() {
    let store = Store::new().await;
    let told = |aggregate, version| ChangeSet { unconfirmed: true, ..caused(aggregate, version) };
    let (x, y, gap, healed) = (id::new(), id::new(), id::new(), id::new());

    let sets = vec![told(x, 1), told(gap, 7), caused(healed, 1), told(y, 1)];
    let results = store.together(sets).await;

    assert_eq!(results, [Ok(()), Err(AppendError::Mark), Ok(()), Ok(())]);
    let kept: Vec<(String, Vec<Uuid>, Vec<i64>)> =
        sqlx::query_as("select source, aggregates, versions from unconfirmed")
            .fetch_all(&store.pool)
            .await
            .unwrap();
    let [(source, aggregates, versions)] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!((source.as_str(), &versions[..]), ("elsewhere", &[1, 1][..]));
    assert!(aggregates.len() == 2 && [x, y].iter().all(|told| aggregates.contains(told)), "{kept:?}");
}

#[tokio::test]
async fn the_same_event_at_two_replicas_takes_effect_once() {
    let one = Store::new().await;
    let other = Store::at(&one.url, Default::default(), huying_chassis::clock::Clock::system()).await;
    let x = id::new();
    for version in 1..=20 {
        let (a, b) = tokio::join!(one.log.append(caused(x, version)), other.log.append(caused(x, version)));
        let refused = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert_eq!(refused, [AppendError::Mark]);
    }
    assert_eq!(one.count("tally").await, 20);
}
