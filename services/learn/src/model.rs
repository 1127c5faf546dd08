//! What was learned, and asking it.

use crate::{
    grams::{Message, counted},
    solve::Plane,
    vocabulary::{Vector, Vocabulary},
};

/// Most bytes of a model's file.
pub const LARGEST: usize = 8 << 20;
/// Most labels: as many as a profile may have categories.
pub const LABELS: usize = 5000;
/// The labels that come nearest share the confidence out among themselves; the others are out of question.
pub(crate) const NEAREST: usize = 16;
/// Other labels that an answer names.
const ALTERNATIVES: usize = 3;
/// What a weight is at most, in whole steps.
const STEPS: f32 = 127.0;
/// Bytes of a known number and of a weight in the file, and what is left for all else but the labels.
const BYTES: (usize, usize, usize) = (8, 3, 1024);

/// A linear classifier of messages. Never changes; share it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Ascending, each once.
    pub(crate) labels: Vec<String>,
    pub(crate) vocabulary: Vocabulary,
    /// Where the weights of each known number begin, and where the last's end.
    pub(crate) rows: Vec<u32>,
    /// Whose label's each weight is, and how many of the label's steps.
    pub(crate) weights: Vec<(u16, i8)>,
    /// Of each label.
    pub(crate) step: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    /// How much surer one label is for being nearer than another.
    pub(crate) sureness: f32,
    pub(crate) examples: u32,
    /// Between 0 and 1, as counted when it was trained.
    pub(crate) macro_f1: f32,
}

/// A label and how likely it is the right one, between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice<'a> {
    pub label: &'a str,
    pub confidence: f32,
}

/// What a model says of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'a> {
    pub best: Choice<'a>,
    /// The next ones, best first; up to three.
    pub alternatives: Vec<Choice<'a>>,
}

/// A label's height above its plane, highest first.
pub(crate) type Heights = Vec<(f32, usize)>;

impl Model {
    /// The labels it knows, ascending; at least two.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How many examples taught it.
    pub fn examples(&self) -> u32 {
        self.examples
    }

    /// How well it did on examples that did not teach it: the mean of the labels' F1, between 0 and 1.
    pub fn macro_f1(&self) -> f32 {
        self.macro_f1
    }

    /// The labels that come nearest to a message, best first; up to sixteen, whose confidences are one together.
    pub fn choices(&self, message: Message<'_>) -> Vec<Choice<'_>> {
        let nearest = self.nearest(&self.vocabulary.vector(&counted(message)));
        let choices = nearest.iter().zip(shares(&nearest, self.sureness));
        choices.map(|((_, label), confidence)| Choice { label: &self.labels[*label], confidence }).collect()
    }

    /// The label of a message, and how sure that is. A message of which nothing is known gets the commonest labels with little confidence.
    pub fn classify(&self, message: Message<'_>) -> Answer<'_> {
        let mut choices = self.choices(message).into_iter();
        let none = Choice { label: "", confidence: 0.0 };
        Answer { best: choices.next().unwrap_or(none), alternatives: choices.take(ALTERNATIVES).collect() }
    }

    /// The labels that come nearest, highest first.
    pub(crate) fn nearest(&self, vector: &Vector) -> Heights {
        let mut sums = vec![0f32; self.labels.len()];
        for (at, share) in vector {
            let (from, to) = (self.rows[*at as usize], self.rows[*at as usize + 1]);
            for (label, weight) in &self.weights[from as usize..to as usize] {
                sums[usize::from(*label)] += share * f32::from(*weight);
            }
        }
        let heights = sums.iter().zip(&self.step).zip(&self.bias);
        let mut nearest: Heights =
            heights.enumerate().map(|(label, ((sum, step), bias))| (sum * step + bias, label)).collect();
        nearest.sort_unstable_by(|(one, a), (other, b)| other.total_cmp(one).then(a.cmp(b)));
        nearest.truncate(NEAREST);
        nearest
    }
}

/// How much of the confidence each gets.
pub(crate) fn shares(nearest: &Heights, sureness: f32) -> Vec<f32> {
    let top = nearest.first().map_or(0.0, |(height, _)| *height);
    let powers: Vec<f32> = nearest.iter().map(|(height, _)| ((height - top) * sureness).exp()).collect();
    let all: f32 = powers.iter().sum();
    powers.iter().map(|power| power / all).collect()
}

/// What is kept of a label's plane: its weights in whole steps, by known number.
pub(crate) struct Kept {
    weights: Vec<(u32, i8)>,
    step: f32,
    bias: f32,
}

impl Kept {
    /// The weights that matter most, at most `room`.
    pub(crate) fn of(plane: &Plane, room: usize) -> Self {
        let most = plane.weights.iter().fold(0f32, |most, weight| most.max(weight.abs()));
        let step = if most > 0.0 { most / STEPS } else { 1.0 };
        let steps = plane.weights.iter().map(|weight| (weight / step).round() as i8);
        let mut weights: Vec<(u32, i8)> = steps
            .enumerate()
            .filter(|(_, steps)| *steps != 0)
            .map(|(at, steps)| (at as u32, steps))
            .collect();
        if weights.len() > room {
            weights.sort_unstable_by_key(|(at, steps)| (std::cmp::Reverse(steps.unsigned_abs()), *at));
            weights.truncate(room);
            weights.sort_unstable();
        }
        Self { weights, step, bias: plane.bias }
    }

    /// How many weights of a label fit into the file.
    pub(crate) fn room(labels: &[String], known: usize) -> usize {
        let (of_known, of_weight, rest) = BYTES;
        let of_labels: usize = labels.iter().map(|label| label.len() + of_known + 2).sum();
        LARGEST.saturating_sub(rest + of_labels + known * of_known) / of_weight / labels.len().max(1)
    }
}

impl Model {
    /// Of what is kept of each label, in their order. Not calibrated yet.
    pub(crate) fn of(labels: Vec<String>, vocabulary: Vocabulary, kept: &[Kept], examples: u32) -> Self {
        let mut rows = vec![0u32; vocabulary.keys.len() + 1];
        for (at, _) in kept.iter().flat_map(|it| &it.weights) {
            rows[*at as usize + 1] += 1;
        }
        for at in 1..rows.len() {
            rows[at] += rows[at - 1];
        }
        let (mut next, all) = (rows.clone(), rows.last().map_or(0, |all| *all as usize));
        let mut weights = vec![(0u16, 0i8); all];
        for (label, its) in kept.iter().enumerate() {
            for (at, steps) in &its.weights {
                weights[next[*at as usize] as usize] = (label as u16, *steps);
                next[*at as usize] += 1;
            }
        }
        let (step, bias) = kept.iter().map(|it| (it.step, it.bias)).unzip();
        Self { labels, vocabulary, rows, weights, step, bias, sureness: 1.0, examples, macro_f1: 0.0 }
    }
}
