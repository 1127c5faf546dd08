//! A mistake in one entry does not hold up the others.

use huying_chassis::id;
use huying_testing::{Bench, database};

use super::bench::{bus, owner, published, published_all};
use super::tally::{HUGE, NOWHERE, UNTELLABLE, add, open, open_as};

#[tokio::test]
async fn what_cannot_be_published_is_left_out() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;

    let (first, a) = open();
    let (second, b) = open();
    owner.append(vec![first, second]).await;
    owner.append(add(&a, UNTELLABLE).0).await;
    owner.append(add(&b, HUGE).0).await;
    owner.append(open_as(id::new(), "nowhere", NOWHERE).0).await;
    owner.append(open_as(id::new(), "nothing", "").0).await;
    let (last, c) = open();
    owner.append(last).await;

    published_all(&bus, 3).await;
    let spoken: Vec<_> = published(&bus).await.iter().map(|event| event.partitionkey).collect();
    assert_eq!(spoken, [a.id, b.id, c.id]);
    owner.end().await;
}
