//! However long what people wrote is, the desk's queue and the examples can be read: page by page, and nothing is lost.

use huying_chassis::{
    auth::{CITY, Role},
    page,
};
use huying_proto::{common::v1 as common, routing::v1 as pb};
use prost::Message;
use uuid::Uuid;

use crate::{
    bench::{Town, closed},
    place::{self, LITTER},
};

const LETTERS: usize = 60;

fn letter() -> String {
    format!("反映一个情况{}", "某".repeat(7900))
}

fn requests() -> Vec<Uuid> {
    (0..LETTERS).map(|_| Uuid::now_v7()).collect()
}

/// What is told, page by page: each in so many bytes as a page may have.
async fn walk<M: Message>(mut ask: impl AsyncFnMut(String) -> (M, Vec<String>, String)) -> Vec<Vec<String>> {
    let (mut pages, mut token) = (Vec::new(), String::new());
    loop {
        let (answer, told, next) = ask(token).await;
        assert!(answer.encoded_len() <= page::BYTES + 64 * 1024, "{} bytes", answer.encoded_len());
        pages.push(told);
        token = next;
        if token.is_empty() {
            return pages;
        }
    }
}

fn are(pages: Vec<Vec<String>>, requests: &[Uuid]) {
    assert_eq!(pages.len(), 2);
    let mut told = pages.concat();
    told.sort();
    let mut all: Vec<String> = requests.iter().map(Uuid::to_string).collect();
    all.sort();
    assert_eq!(told, all, "each once");
}

#[tokio::test]
async fn the_queue_is_bounded_in_bytes_and_loses_nothing() {
    let town = Town::with_profile().await;
    let requests = requests();
    for request in &requests {
        town.submit(*request, &letter(), common::Location::default()).await;
    }
    for request in &requests {
        assert_eq!(town.taken(*request).await.state(), pb::RouteState::Queued);
    }
    let mut desk = town.desk();
    let pages = walk(async |page_token| {
        let district = place::DISTRICT.to_owned();
        let asked = pb::ListTriageRequest { district, page_size: 200, page_token, ..Default::default() };
        let answer = desk.list_triage(asked).await.unwrap().into_inner();
        let told = answer.routes.iter().map(|it| it.request.clone()).collect();
        let next = answer.next_page_token.clone();
        (answer, told, next)
    });
    are(pages.await, &requests);
    town.end().await;
}

#[tokio::test]
async fn examples_are_bounded_in_bytes_and_none_is_lost() {
    let town = Town::with_profile().await;
    let requests = requests();
    for request in &requests {
        let there = common::Location { area: "420102003002".into(), ..Default::default() };
        let closed = closed(*request, &letter(), there, LITTER);
        town.say(*request, 1, &closed).await;
    }
    for request in &requests {
        town.taken(*request).await;
    }
    let mut operator = town.learning(Role::Operator, CITY);
    let pages = walk(async |page_token| {
        let district = place::DISTRICT.to_owned();
        let asked = pb::ListExamplesRequest { district, page_size: 200, page_token };
        let answer = operator.list_examples(asked).await.unwrap().into_inner();
        let told = answer.examples.iter().map(|it| it.request.clone()).collect();
        let next = answer.next_page_token.clone();
        (answer, told, next)
    });
    are(pages.await, &requests);
    town.end().await;
}
