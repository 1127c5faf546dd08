//! Intake alone is restored from an older copy: every divergence is told, nothing else is, new calls flow; then an operator settles it.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use futures::future::join_all;
use huying_proto::{
    casework::v1 as casework,
    log::v1::{
        DeadLetter, DeadLetterReason, DeadLetterVerdict, ListDeadLettersRequest, SettleDeadLetterRequest,
    },
};
use huying_testing::{eventually, postgres, reason};
use huying_tests::{People, SERVICES, World, reckon, world::key};
use sqlx::PgPool;
use uuid::Uuid;

use crate::dump::{dump, load};

/// Who follows intake.
const FOLLOWERS: [&str; 3] = ["routing", "casework", "evaluation"];
/// Calls of each sort.
const SOME: usize = 5;

type Mark = (Uuid, i64, Uuid);

async fn submitted(people: &People) -> Vec<String> {
    let calls = (0..SOME).map(|_| people.submit_until_taken(People::blocked_way()));
    join_all(calls).await.into_iter().map(|receipt| receipt.request.unwrap().number).collect()
}

/// Accepted by its holder, which intake hears of.
async fn accept(people: &People, number: &str) {
    let case = people.case_of(number).await;
    let request =
        casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    people.staff(&case.holder).accept_case(request).await.unwrap();
}

/// In the place of the database there was. Intake is stopped.
async fn restore(world: &World, copy: &Path) {
    let url = world.database("intake");
    let name = &huying_testing::database_name(&url);
    postgres().await.drop_database(name).await.unwrap();
    postgres().await.ensure_database(name).await.unwrap();
    load(copy, &url).await;
}

async fn marks(world: &World, follower: &str) -> Vec<Mark> {
    sqlx::query_as("select aggregate, version, id from followed where source = 'intake'")
        .fetch_all(&world.pool(follower).await)
        .await
        .unwrap()
}

/// The marks that intake's log does not have.
async fn lost(world: &World, marks: Vec<Mark>) -> BTreeSet<(Uuid, i64)> {
    let log: BTreeSet<Mark> = sqlx::query_as("select aggregate, version, id from log")
        .fetch_all(&world.pool("intake").await)
        .await
        .unwrap()
        .into_iter()
        .collect();
    marks
        .into_iter()
        .filter(|mark| !log.contains(mark))
        .map(|(aggregate, version, _)| (aggregate, version))
        .collect()
}

async fn letters(world: &Arc<World>, service: &str) -> Vec<DeadLetter> {
    let request = ListDeadLettersRequest { page_size: 1000, ..Default::default() };
    world.people().operator(service).list_dead_letters(request).await.unwrap().into_inner().dead_letters
}

/// Until all that a follower has and intake has not is told there, and nothing else.
async fn told(world: &Arc<World>, follower: &str, at_least: &BTreeSet<(Uuid, i64)>) {
    let what = format!("{follower} tells all");
    eventually(&what, async || {
        let mut told = BTreeSet::new();
        for letter in letters(world, follower).await {
            let diverges = letter.reason() == DeadLetterReason::Diverged && letter.source == "intake";
            assert!(diverges, "{follower}: {letter:?}");
            told.insert((letter.aggregate.parse().unwrap(), letter.version));
        }
        let lost = lost(world, marks(world, follower).await).await;
        assert!(told.is_subset(&lost), "{follower} tells {:?} besides", told.difference(&lost));
        (told == lost && told.is_superset(at_least)).then_some(())
    })
    .await;
}

async fn has(intake: &PgPool, aggregate: &str) -> bool {
    sqlx::query_scalar("select exists (select from log where aggregate = $1)")
        .bind(aggregate.parse::<Uuid>().unwrap())
        .fetch_one(intake)
        .await
        .unwrap()
}

/// Each is adopted where intake has it, and disowned where not; the other verdict is refused.
async fn settle(world: &Arc<World>, follower: &str) {
    use DeadLetterVerdict::{Adopted, Disowned};
    let (mut operator, intake) = (world.people().operator(follower), world.pool("intake").await);
    for letter in letters(world, follower).await {
        let request = |verdict: DeadLetterVerdict| SettleDeadLetterRequest {
            source: letter.source.clone(),
            aggregate: letter.aggregate.clone(),
            verdict: verdict.into(),
            note: "intake was restored".into(),
        };
        let (fit, unfit) =
            if has(&intake, &letter.aggregate).await { (Adopted, Disowned) } else { (Disowned, Adopted) };
        let refused = operator.settle_dead_letter(request(unfit)).await.unwrap_err();
        assert_eq!(reason(&refused), "VERDICT_UNFIT");
        let settled = operator.settle_dead_letter(request(fit)).await.unwrap().into_inner();
        assert_eq!(settled.dead_letter, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_restored_from_an_older_copy_is_told_and_settled() {
    let world = World::inside().await;
    let people = world.people();
    let (closed, going, waiting) =
        (submitted(&people).await, submitted(&people).await, submitted(&people).await);
    join_all(closed.iter().map(|number| people.see_through(number))).await;
    for number in going.iter().chain(&waiting) {
        people.case_of(number).await;
    }
    reckon::all_caught_up(&world).await;
    let copy = world.bench.dir.path().join("intake.dump");
    dump(&world.database("intake"), &copy).await;

    // What intake will have lost: entries of requests it knows, and requests.
    join_all(going.iter().map(|number| accept(&people, number))).await;
    let mut gone = submitted(&people).await;
    join_all(gone.iter().map(|number| people.see_through(number))).await;
    gone.extend(submitted(&people).await);
    for number in &gone {
        people.case_of(number).await;
    }
    reckon::all_caught_up(&world).await;
    // Of these routing hears only when intake has lost them already, from the stream.
    world.stop("routing").await;
    gone.extend(submitted(&people).await);
    reckon::caught_up(&world, "casework", "intake", &["request"]).await;
    world.stop("intake").await;
    restore(&world, &copy).await;
    let mut at_least = Vec::new();
    for follower in FOLLOWERS {
        let lost = lost(&world, marks(&world, follower).await).await;
        assert!(lost.len() >= 3 * SOME, "{follower} has taken {} marks of the lost history", lost.len());
        at_least.push(lost);
    }

    world.start("intake").await;
    // The new history begins before anybody asks.
    let new = submitted(&people).await;
    world.start("routing").await;
    join_all(new.iter().map(|number| people.see_through(number))).await;
    join_all(waiting.iter().map(|number| people.see_through(number))).await;
    for (follower, at_least) in FOLLOWERS.into_iter().zip(&at_least) {
        told(&world, follower, at_least).await;
    }
    assert!(letters(&world, "intake").await.is_empty());
    assert!(new.iter().all(|number| !gone.contains(number)), "a number was given twice: {new:?} {gone:?}");

    for follower in FOLLOWERS {
        settle(&world, follower).await;
    }
    join_all(going.iter().map(|number| people.see_through(number))).await;
    reckon::all_caught_up(&world).await;
    reckon::all_verified(&world).await;
    for service in SERVICES {
        world.stop(service).await;
    }
}
