//! The plane that parts a label's examples from the others: a linear support vector machine with squared hinge loss, solved in its dual
//! one coordinate at a time (Hsieh and others, 2008), which needs no step size and stops when no example moves it any more.

use crate::{grams::mix, vocabulary::Vector};

/// The price of an example on the wrong side.
const PRICE: f32 = 2.0;
/// Most times all examples are gone through.
const ROUNDS: usize = 30;
/// An example that would move the plane less than this does not.
const STILL: f32 = 0.05;

/// A plane: what each known number adds, and what is added in any case.
pub(crate) struct Plane {
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: f32,
}

/// Parts the examples of a label from the others. `labels` is how many labels there are, `known` how many numbers.
pub(crate) fn part(examples: &[(Vector, usize)], label: usize, labels: usize, known: usize) -> Plane {
    let of_label = examples.iter().filter(|(_, its)| *its == label).count();
    // Where a label has fewer examples than others, each of them counts more.
    let even = examples.len() as f32 / (of_label.max(1) * labels) as f32;
    let price = |is_of_label: bool| if is_of_label { PRICE * even.sqrt() } else { PRICE };
    let mut plane = Plane { weights: vec![0.0; known], bias: 0.0 };
    let mut pulls = vec![0f32; examples.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = label as u64;
    for _ in 0..ROUNDS {
        for last in (1..order.len()).rev() {
            random = mix(random, last as u64);
            order.swap(last, (random >> 11) as usize % (last + 1));
        }
        let mut most = 0f32;
        for at in &order {
            let (vector, its) = &examples[*at];
            let side = if *its == label { 1.0 } else { -1.0 };
            let give = 0.5 / price(*its == label);
            let pull = pulls[*at];
            let slope = side * plane.height(vector) - 1.0 + give * pull;
            let moves = if pull == 0.0 { slope.min(0.0) } else { slope };
            if moves == 0.0 {
                continue;
            }
            most = most.max(moves.abs());
            // A vector's length is 1 (an empty one's 0), and the bias is one more coordinate that is 1.
            let square = if vector.is_empty() { 1.0 } else { 2.0 };
            pulls[*at] = (pull - slope / (square + give)).max(0.0);
            plane.shift(vector, (pulls[*at] - pull) * side);
        }
        if most < STILL {
            break;
        }
    }
    plane
}

impl Plane {
    fn height(&self, vector: &Vector) -> f32 {
        self.bias + vector.iter().map(|(at, share)| self.weights[*at as usize] * share).sum::<f32>()
    }

    fn shift(&mut self, vector: &Vector, by: f32) {
        for (at, share) in vector {
            self.weights[*at as usize] += by * share;
        }
        self.bias += by;
    }
}
