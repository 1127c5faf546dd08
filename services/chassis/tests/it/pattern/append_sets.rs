//! A change set is one thing, whatever it touches.

use huying_chassis::id;
use huying_chassis::log::{AppendError, ChangeSet, Draft, Mark};
use huying_chassis::status::Problem;
use tonic::Code;

use super::bench::Store;
use super::tally::{Change, ODD, Tally, add, meta, now, odd, open};

#[tokio::test]
async fn a_set_of_two_aggregates_commits_whole_or_not_at_all() {
    let store = Store::new().await;
    let (first, a) = open();
    let (second, b) = open();
    let both = ChangeSet::from(vec![first, second]);
    store.log.append(both).await.unwrap();
    assert_eq!(store.xid(a.id, 1).await, store.xid(b.id, 1).await);
    store.log.append(add(&b, 1).0.into()).await.unwrap();

    let (good, _) = add(&a, 5);
    let (stale, _) = add(&b, 5);
    let mark = Mark { source: "elsewhere", aggregate: id::new(), version: 1, id: id::new() };
    let torn = ChangeSet { drafts: vec![good, stale], mark: Some(mark), ..ChangeSet::default() };
    let (bystander, c) = open();
    let results = store.together(vec![torn, bystander.into()]).await;

    assert_eq!(results, [Err(AppendError::Stale), Ok(())]);
    assert_eq!(store.log.load::<Tally>(a.id).await.unwrap().unwrap(), a, "nothing of its first part");
    assert_eq!(store.xid(a.id, 2).await, None);
    assert_eq!(store.count("followed").await, 0, "nor its mark");
    assert!(store.xid(c.id, 1).await.is_some(), "who shared the group does not suffer");
}

/// What cannot be drafted is an error, and never taken for *already done*.
#[test]
fn what_cannot_begin_so_is_no_draft() {
    let begun = Draft::new::<Tally>(id::new(), &[Change::Added(1)], &meta(), now());
    assert!(matches!(begun, Err(AppendError::Bug(_))), "{begun:?}");
    let nothing = Draft::new::<Tally>(id::new(), &[], &meta(), now());
    assert!(matches!(nothing, Ok(None)), "{nothing:?}");
}

#[tokio::test]
async fn two_drafts_of_one_aggregate_in_a_set_are_a_mistake() {
    let store = Store::new().await;
    let (opened, v1) = open();
    let (second, _) = add(&v1, 1);
    let refused = store.log.append(vec![opened, second].into()).await.unwrap_err();
    assert!(matches!(refused, AppendError::Bug(_)), "{refused:?}");
    assert_eq!(store.count("tally").await, 0);
}

/// It may pass: whoever asked may come again.
#[tokio::test]
async fn an_error_that_nobody_knows_is_told_as_the_stores() {
    let store = Store::new().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(odd("tally"))).execute(&store.pool).await.unwrap();
    let (opened, tally) = open();
    store.log.append(opened.into()).await.unwrap();
    let refused = store.together(vec![add(&tally, ODD).0.into(), open().0.into()]).await;
    let [Err(error), Ok(())] = &refused[..] else { panic!("{refused:?}") };
    assert!(matches!(error, AppendError::Unknown(why) if why.contains("ZZ999")), "{error:?}");
    let problem = Problem::from(error.clone());
    assert_eq!((problem.code(), problem.reason()), (Code::Unavailable, "STORE_ERROR"));
    store.log.append(add(&tally, 1).0.into()).await.unwrap();
}
