//! How many messages a second common issues are found among, on one core: it asks no service, so it stands for itself.

use std::time::Instant;

use futures::future::BoxFuture;
use huying_topics::{Message, topics};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::{Measure, stage::Stage, table::Table};

/// Messages that are looked at together.
const MESSAGES: [usize; 2] = [10_000, 100_000];
/// Words of a text, as many as citizens' messages have on average.
const LENGTH: usize = 150;
/// Of all words; the first are common, as in any language.
const WORDS: usize = 40_000;
/// One of so many messages is about one of the matters that many have in common.
const SHARED: usize = 5;
const MATTERS: usize = 300;

pub struct Topics {
    messages: Vec<(String, String, String)>,
    table: Table,
}

impl Topics {
    pub fn new() -> Self {
        let mut random = StdRng::seed_from_u64(7);
        let words: Vec<String> =
            (0..WORDS).map(|_| (0..2).map(|_| character(&mut random)).collect()).collect();
        let matters: Vec<String> = (0..MATTERS).map(|_| said(&mut random, &words, 8)).collect();
        let message = |at: usize, random: &mut StdRng| {
            let (mut topic, text) = (said(random, &words, 8), said(random, &words, LENGTH));
            if at.is_multiple_of(SHARED) {
                topic = matters[random.random_range(0..MATTERS)].clone();
            }
            (format!("u{}", random.random_range(0..MESSAGES[1])), topic, text)
        };
        let messages = (0..MESSAGES[1]).map(|at| message(at, &mut random)).collect();
        let columns = [("messages/s", 0), ("seconds", 1), ("topics", 0)];
        let table = Table::new("finding common issues on one core", "messages", &columns);
        Self { messages, table }
    }
}

fn character(random: &mut StdRng) -> char {
    char::from_u32(random.random_range(0x4e00..0x6e00u32)).unwrap()
}

/// Words by their rank: half of all that is said are a few hundred.
fn said(random: &mut StdRng, words: &[String], length: usize) -> String {
    let word = |random: &mut StdRng| (words.len() as f64).powf(random.random_range(0.0..1.0)) as usize - 1;
    (0..length).map(|_| words[word(random)].as_str()).collect()
}

fn message((user, topic, text): &(String, String, String), at: i64) -> Message<'_> {
    Message { time: at * 60, user, topic, text, area: "" }
}

impl Measure for Topics {
    fn round<'a>(&'a mut self, _: &'a Stage) -> BoxFuture<'a, ()> {
        for count in MESSAGES {
            let messages: Vec<Message<'_>> =
                self.messages[..count].iter().zip(0i64..).map(|(sent, at)| message(sent, at)).collect();
            let started = Instant::now();
            let found = topics(&messages, &|| {}).len();
            assert!(found > 0);
            let took = started.elapsed().as_secs_f64();
            self.table.add(count, vec![count as f64 / took, took, found as f64]);
        }
        Box::pin(std::future::ready(()))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.table]
    }
}
