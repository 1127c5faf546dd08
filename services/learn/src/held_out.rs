//! How good a model is, counted on examples that did not teach it.

use serde::Serialize;

use crate::model::{Heights, shares};

/// Parts of equal width that confidences are counted in.
const BINS: usize = 10;
/// Bounds of what is tried for the sureness, as logarithms, and how often they are drawn closer.
const SURENESS: (f32, f32) = (-2.0, 4.0);
const CLOSER: usize = 40;

/// What came of classifying each example by a model that had not seen it or a twin of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldOut {
    /// Between 0 and 1: how many got their own label.
    pub accuracy: f32,
    /// Between 0 and 1: how many have their own label among the three that came nearest.
    pub top_3: f32,
    /// The mean of the labels' F1, between 0 and 1.
    pub macro_f1: f32,
    /// Of each label, in their order.
    pub labels: Vec<OfLabel>,
    /// Examples by the confidence they got, least first; without empty ones.
    pub bins: Vec<Bin>,
    /// How far confidence and truth lie apart, on average over all examples; between 0 and 1.
    pub calibration_error: f32,
}

/// One label's counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfLabel {
    pub label: String,
    pub examples: usize,
    /// Of those that got the label, how many are right; between 0 and 1.
    pub precision: f32,
    /// Of its examples, how many got it.
    pub recall: f32,
    pub f1: f32,
}

/// The examples whose confidence lies in one part of the scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    pub examples: usize,
    /// On average, between 0 and 1.
    pub confidence: f32,
    /// How many of them are right, between 0 and 1.
    pub right: f32,
}

/// An example's own label, and what came nearest.
pub(crate) type Told = (usize, Heights);

impl HeldOut {
    pub(crate) fn count(labels: &[String], told: &[Told], sureness: f32) -> Self {
        let (mut own, mut got, mut both) =
            (vec![0usize; labels.len()], vec![0usize; labels.len()], vec![0usize; labels.len()]);
        let mut bins = vec![(0usize, 0f32, 0usize); BINS];
        let near = |(label, nearest): &&Told| nearest.iter().take(3).any(|(_, it)| it == label);
        for (label, nearest) in told {
            let best = nearest.first().map_or(0, |(_, best)| *best);
            let confidence = shares(nearest, sureness).first().copied().unwrap_or_default();
            let right = usize::from(best == *label);
            own[*label] += 1;
            got[best] += 1;
            both[best] += right;
            let (examples, sum, rights) = &mut bins[((confidence * BINS as f32) as usize).min(BINS - 1)];
            (*examples, *sum, *rights) = (*examples + 1, *sum + confidence, *rights + right);
        }
        let of_label = |at: usize| OfLabel {
            label: labels[at].clone(),
            examples: own[at],
            precision: share(both[at], got[at]),
            recall: share(both[at], own[at]),
            f1: share(2 * both[at], own[at] + got[at]),
        };
        let labels: Vec<OfLabel> = (0..labels.len()).map(of_label).collect();
        let met = bins.into_iter().filter(|(examples, _, _)| *examples > 0);
        let bins: Vec<Bin> = met
            .map(|(examples, sum, rights)| Bin {
                examples,
                confidence: sum / examples as f32,
                right: share(rights, examples),
            })
            .collect();
        let apart = |bin: &Bin| (bin.confidence - bin.right).abs() * bin.examples as f32;
        Self {
            accuracy: share(both.iter().sum(), told.len()),
            top_3: share(told.iter().filter(near).count(), told.len()),
            macro_f1: labels.iter().map(|it| it.f1).sum::<f32>() / labels.len().max(1) as f32,
            calibration_error: bins.iter().map(apart).sum::<f32>() / told.len().max(1) as f32,
            labels,
            bins,
        }
    }
}

/// The sureness that makes what happened likeliest: found between two bounds that are drawn closer (the likelihood has one peak).
pub(crate) fn sureness(told: &[Told]) -> f32 {
    let unlikely = |sureness: f32| -> f64 {
        let of = |(label, nearest): &Told| {
            let own = nearest.iter().position(|(_, it)| it == label);
            let share = own.and_then(|at| shares(nearest, sureness).get(at).copied()).unwrap_or_default();
            -f64::from(share.max(1e-6)).ln()
        };
        told.iter().map(of).sum()
    };
    let (mut low, mut high) = SURENESS;
    for _ in 0..CLOSER {
        let third = (high - low) / 3.0;
        if unlikely((low + third).exp()) <= unlikely((high - third).exp()) {
            high -= third;
        } else {
            low += third;
        }
    }
    low.midpoint(high).exp()
}

fn share(part: usize, of: usize) -> f32 {
    if of == 0 { 0.0 } else { part as f32 / of as f32 }
}
