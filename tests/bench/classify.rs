//! What the learned classifier tells in a second on one core: it asks no service, so it stands for itself.

use std::time::Instant;

use futures::future::BoxFuture;
use huying_learn::{Example, Message, Model, train};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::{Measure, stage::Stage, table::Table};

/// Characters of a message, as many as citizens' messages have on average.
const LENGTH: usize = 440;
/// Messages that are told, and that are learned from.
const TOLD: usize = 20_000;
const LEARNED: usize = 2000;
const LABELS: [usize; 2] = [7, 400];

pub struct Classify {
    models: Vec<(usize, Model)>,
    messages: Vec<String>,
    table: Table,
}

impl Classify {
    pub fn new() -> Self {
        let mut random = StdRng::seed_from_u64(7);
        let mut message = |label: usize| -> String {
            let character = |_| char::from_u32(spoken(&mut random, label)).unwrap();
            (0..LENGTH).map(character).collect()
        };
        let mut model = |labels: usize| {
            let example = |at: usize| Example {
                topic: String::new(),
                text: message(at % labels),
                label: (at % labels).to_string(),
            };
            let examples: Vec<Example> = (0..LEARNED).map(example).collect();
            (labels, train(&examples, &|| {}).unwrap().model)
        };
        let models = LABELS.map(&mut model).into();
        let messages = (0..TOLD).map(message).collect();
        let columns = [("messages/s", 0), ("us each", 1), ("model KiB", 0)];
        Self { models, messages, table: Table::new("classifying messages on one core", "labels", &columns) }
    }
}

/// A character: half of them of a label's own few hundred, half of the common ones.
fn spoken(random: &mut StdRng, label: usize) -> u32 {
    let own = random.random_range(0..300u32) + (label as u32 * 37) % 4000;
    0x4e00 + if random.random_bool(0.5) { own } else { random.random_range(4000..5000) }
}

impl Measure for Classify {
    fn round<'a>(&'a mut self, _: &'a Stage) -> BoxFuture<'a, ()> {
        for (labels, model) in &self.models {
            let started = Instant::now();
            let sure = self.messages.iter().map(|text| model.classify(Message { topic: "", text }));
            let sure: f32 = sure.map(|answer| answer.best.confidence).sum();
            assert!(sure > 0.0);
            let each = started.elapsed().as_secs_f64() / TOLD as f64;
            let size = model.to_bytes().len() as f64 / 1024.0;
            self.table.add(labels, vec![1.0 / each, each * 1e6, size]);
        }
        Box::pin(std::future::ready(()))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.table]
    }
}
