//! A group is shared, its refusals are not: whoever is refused is refused alone.

use huying_chassis::id;
use huying_chassis::log::{AppendError, ChangeSet};

use super::bench::Store;
use super::tally::{SOMEWHERE, add, open, open_as};

#[tokio::test]
async fn a_stale_version_is_refused_alone() {
    let store = Store::new().await;
    let (first, a) = open();
    let (second, b) = open();
    store.together(vec![first.into(), second.into()]).await;
    let (on_a, _) = add(&a, 1);
    store.log.append(on_a.into()).await.unwrap();

    let (stale, _) = add(&a, 2);
    let (good, _) = add(&b, 3);
    let (new, c) = open();
    let results = store.together(vec![stale.into(), good.into(), new.into()]).await;

    assert_eq!(results, [Err(AppendError::Stale), Ok(()), Ok(())]);
    assert_eq!(store.xid(b.id, 2).await, store.xid(c.id, 1).await, "the others shared one transaction");
    assert_eq!(store.count("log").await, 5, "nothing of the stale one");
}

#[tokio::test]
async fn a_duplicate_id_or_name_is_refused_alone() {
    let store = Store::new().await;
    let (first, a) = open();
    store.log.append(first.into()).await.unwrap();

    let (same_id, _) = open_as(a.id, "another name", SOMEWHERE);
    let (same_name, _) = open_as(id::new(), &a.it.name, SOMEWHERE);
    let (twin, x) = open_as(id::new(), "twins", SOMEWHERE);
    let (other_twin, y) = open_as(id::new(), "twins", SOMEWHERE);
    let (good, b) = open();
    let sets = [same_id, same_name, twin, other_twin, good].map(ChangeSet::from).into();
    let results = store.together(sets).await;

    let duplicate = Err(AppendError::Duplicate);
    assert_eq!(results, [duplicate.clone(), duplicate.clone(), Ok(()), duplicate, Ok(())]);
    assert_eq!(store.xid(x.id, 1).await, store.xid(b.id, 1).await, "the others shared one transaction");
    assert_eq!(store.xid(y.id, 1).await, None);
    assert_eq!(store.count("log").await, 3);
    assert_eq!(store.count("tally").await, 3);
}

#[tokio::test]
async fn a_poisonous_row_fails_alone() {
    let store = Store::new().await;
    let (first, a) = open();
    store.log.append(first.into()).await.unwrap();

    let (poison, _) = add(&a, -1);
    let mut sets: Vec<ChangeSet> = (0..20).map(|_| open().0.into()).collect();
    sets.insert(10, poison.into());
    let mut results = store.together(sets).await;

    assert_eq!(results.remove(10), Err(AppendError::Constraint("tally_total".into())));
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(store.count("tally").await, 21);
    assert_eq!(store.count("log").await, 21);
    let total: i64 = sqlx::query_scalar("select total from tally where id = $1")
        .bind(a.id)
        .fetch_one(&store.pool)
        .await
        .unwrap();
    assert_eq!(total, 0);
}

#[tokio::test]
async fn two_changes_of_one_aggregate_never_share_a_group_and_keep_their_order() {
    let store = Store::new().await;
    let (opened, v1) = open();
    let (second, v2) = add(&v1, 1);
    let (third, v3) = add(&v2, 2);
    let (fourth, _) = add(&v3, 3);
    let (other, b) = open();
    let sets = [opened, second, third, fourth, other].map(ChangeSet::from).into();

    assert!(store.together(sets).await.iter().all(Result::is_ok), "each follows the one before");
    let mut xids = Vec::new();
    for version in 1..=4 {
        xids.push(store.xid(v1.id, version).await.unwrap().parse::<u64>().unwrap());
    }
    assert!(xids.is_sorted_by(|a, b| a < b), "a transaction each, in order: {xids:?}");
    assert_eq!(
        store.xid(b.id, 1).await,
        store.xid(v1.id, 1).await,
        "what is of another aggregate need not wait"
    );
}
