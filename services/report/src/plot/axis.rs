//! An axis of shares with round ticks.

use crate::say;

/// From the lowest tick to the highest.
#[derive(Debug)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

/// The least that an axis spans: 5 percentage points, so that noise does not look like a fall.
const LEAST: f64 = 0.05;
/// About so many steps.
const STEPS: f64 = 5.0;

impl Axis {
    /// Holds all of these; shares stay within 0 and 1.
    pub fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let span = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (mut low, mut high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), span);
        if low > high {
            return None;
        }
        let shares = low >= 0.0 && high <= 1.0;
        if high - low < LEAST {
            let middle = (low + high) / 2.0;
            (low, high) = (middle - LEAST / 2.0, middle + LEAST / 2.0);
            if shares {
                let shift = (0.0 - low).max(0.0) - (high - 1.0).max(0.0);
                (low, high) = (low + shift, high + shift);
            }
        }
        let step = round((high - low) / STEPS);
        // What is a tick but for its last bits is one.
        let (down, up) = ((low / step + 1e-6).floor(), (high / step - 1e-6).ceil());
        Some(Self { low: down * step, high: up * step, step })
    }

    pub fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step).round().clamp(1.0, 12.0) as u32;
        (0..=count).map(|n| self.low + self.step * f64::from(n))
    }

    /// Where a value lies: 0 at the lowest tick, 1 at the highest.
    pub fn part(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    pub fn label(&self, tick: f64) -> String {
        let digits = if self.step < 0.0099 { 1 } else { 0 };
        say::decimal(tick * 100.0, digits) + "%"
    }
}

/// 1, 2 or 5 with zeros, at least as large.
fn round(step: f64) -> f64 {
    let unit = 10_f64.powf(step.log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * unit >= step * (1.0 - 1e-9));
    times.unwrap_or(10.0) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(values: &[f64]) -> Vec<String> {
        let axis = Axis::over(values.iter().copied()).unwrap();
        axis.ticks().map(|tick| axis.label(tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_hold_the_values() {
        assert_eq!(ticks(&[0.0, 1.0]), ["0%", "20%", "40%", "60%", "80%", "100%"]);
        assert_eq!(ticks(&[0.873, 0.991]), ["85%", "90%", "95%", "100%"]);
        assert_eq!(ticks(&[1.0]), ["95%", "96%", "97%", "98%", "99%", "100%"]);
        assert_eq!(ticks(&[0.0]), ["0%", "1%", "2%", "3%", "4%", "5%"]);
        assert_eq!(ticks(&[0.5]), ["47%", "48%", "49%", "50%", "51%", "52%", "53%"]);
        assert!(Axis::over([].into_iter()).is_none());
    }
}
