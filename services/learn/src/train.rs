//! Training: first on four fifths of the examples, five times, to see how good it is and how sure it may be; then on all.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::{
    HeldOut, Message, Model,
    grams::{Counted, counted, mix},
    held_out::{Told, sureness},
    model::{Kept, LABELS},
    solve, twins,
    vocabulary::{Vector, Vocabulary},
};

/// Parts that the examples are divided in.
const PARTS: usize = 5;
/// Most examples: what fits into a few gigabytes of memory.
pub const EXAMPLES: usize = 500_000;
/// Most bytes of a label.
pub const LABEL: usize = 200;

/// A message and the label that somebody gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub topic: String,
    pub text: String,
    pub label: String,
}

impl Example {
    fn message(&self) -> Message<'_> {
        Message { topic: &self.topic, text: &self.text }
    }
}

/// What training gives.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Of all examples.
    pub model: Model,
    /// Of the five models of a part of them.
    pub held_out: HeldOut,
}

/// Why there is nothing to learn.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrainable {
    #[error("there are {0} examples: at least 10 are needed, and at most {EXAMPLES} are taken")]
    Examples(usize),
    #[error("there are {0} different labels: 2 to {LABELS} are needed")]
    Labels(usize),
    #[error("a label has {0} bytes: 1 to {LABEL} are needed")]
    Label(usize),
    #[error("no two examples have a character in common: there is nothing to learn")]
    Nothing,
}

/// How much there is to do: [`train()`] tells its progress so many times.
pub fn steps(examples: &[Example]) -> usize {
    labels(examples).len() * (PARTS + 1)
}

fn labels(examples: &[Example]) -> BTreeSet<&str> {
    examples.iter().map(|example| example.label.as_str()).collect()
}

/// Learns from examples; the same ones in the same order make the same model. `progress` is called once for each of [`steps`], by any
/// thread.
///
/// # Errors
/// Too few or too many examples or labels, and texts without anything in common.
pub fn train(examples: &[Example], progress: &(dyn Fn() + Sync)) -> Result<Trained, Untrainable> {
    if !(10..=EXAMPLES).contains(&examples.len()) {
        return Err(Untrainable::Examples(examples.len()));
    }
    let labels: Vec<String> = labels(examples).into_iter().map(str::to_owned).collect();
    if !(2..=LABELS).contains(&labels.len()) {
        return Err(Untrainable::Labels(labels.len()));
    }
    if let Some(label) = labels.iter().find(|label| !(1..=LABEL).contains(&label.len())) {
        return Err(Untrainable::Label(label.len()));
    }
    let own = |example: &Example| labels.binary_search(&example.label).unwrap_or_default();
    let own: Vec<usize> = examples.iter().map(own).collect();
    let counted: Vec<Vec<Counted>> = examples.iter().map(|example| counted(example.message())).collect();
    let all: Vec<(&[Counted], usize)> = counted.iter().map(Vec::as_slice).zip(own.iter().copied()).collect();
    let told = held_out(examples, &all, &labels, progress);
    let sureness = sureness(&told);
    let held_out = HeldOut::count(&labels, &told, sureness);
    let mut model = learn(&all, &labels, progress);
    if model.weights.is_empty() {
        return Err(Untrainable::Nothing);
    }
    (model.sureness, model.macro_f1) = (sureness, held_out.macro_f1);
    Ok(Trained { model, held_out })
}

/// What each example is told by the model of the parts that it is not in. Twins are in one part.
fn held_out(
    examples: &[Example],
    all: &[(&[Counted], usize)],
    labels: &[String],
    progress: &(dyn Fn() + Sync),
) -> Vec<Told> {
    let groups = twins::groups(examples.iter().map(Example::message), all.len() / PARTS);
    let part_of = |at: usize| (mix(77, groups[at] as u64) >> 20) as usize % PARTS;
    let mut told = Vec::with_capacity(all.len());
    for part in 0..PARTS {
        let (out, taught): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|at| part_of(*at) == part);
        let taught: Vec<(&[Counted], usize)> = taught.into_iter().map(|at| all[at]).collect();
        let model = learn(&taught, labels, progress);
        told.extend(out.into_iter().map(|at| {
            let (counted, own) = all[at];
            (own, model.nearest(&model.vocabulary.vector(counted)))
        }));
    }
    told
}

/// A model of these examples, not calibrated. Labels are worked on side by side; none depends on another.
fn learn(examples: &[(&[Counted], usize)], labels: &[String], progress: &(dyn Fn() + Sync)) -> Model {
    let vocabulary = Vocabulary::learn(examples, labels.len());
    let known = vocabulary.keys.len();
    let vectors: Vec<(Vector, usize)> =
        examples.iter().map(|(counted, own)| (vocabulary.vector(counted), *own)).collect();
    let room = Kept::room(labels, known);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let label = next.fetch_add(1, Ordering::Relaxed);
                    if label >= labels.len() {
                        break;
                    }
                    let kept = Kept::of(&solve::part(&vectors, label, labels.len(), known), room);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((label, kept));
                    progress();
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(label, _)| *label);
    let kept: Vec<Kept> = done.into_iter().map(|(_, kept)| kept).collect();
    Model::of(labels.to_vec(), vocabulary, &kept, u32::try_from(examples.len()).unwrap_or(u32::MAX))
}
