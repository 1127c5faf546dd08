//! 环比 and 同比: how a figure compares with an earlier one.

use crate::{Better, Count, Measure, Number, Rate, say};

/// By how much a figure changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// A count by its share (0.1 is +10 %), a share by its difference, a score and days by theirs.
    pub by: f64,
    pub unit: Unit,
}

/// From here on a percentage says nothing more.
const MANIFOLD: f64 = 10.0;

/// What a change is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Percent,
    /// 百分点.
    Points,
    /// 分.
    Score,
    Days,
}

/// Whether a change is welcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Even,
}

impl Change {
    /// Nothing compares with what was not counted, nor with 0.
    pub fn of_count(now: u64, then: Option<u64>) -> Option<Self> {
        let then = then.filter(|then| *then > 0)? as f64;
        Some(Self { by: now as f64 / then - 1.0, unit: Unit::Percent })
    }

    pub fn of_rate(measure: Measure, now: Option<Number>, then: Option<Number>) -> Option<Self> {
        let unit = match measure {
            Measure::Share => Unit::Points,
            Measure::Score => Unit::Score,
            Measure::Days => Unit::Days,
        };
        Some(Self { by: now?.get() - then?.get(), unit })
    }

    /// As shown, with one digit behind the point.
    fn shown(self) -> String {
        let factor = match self.unit {
            Unit::Percent | Unit::Points | Unit::Score => 100.0,
            Unit::Days => 1.0,
        };
        say::decimal(self.by * factor, 1)
    }

    /// ▲ +12.3%, ▼ −1.2个百分点, 持平.
    pub fn said(self) -> String {
        self.with("▲ +", "▼ −")
    }

    /// As [`Change::said`] within a sentence: 上升 12.3%.
    pub fn told(self) -> String {
        self.with("上升 ", "下降 ")
    }

    fn with(self, up: &str, down: &str) -> String {
        let shown = self.shown();
        let unit = match self.unit {
            Unit::Percent => "%",
            Unit::Points => "个百分点",
            Unit::Score => "分",
            Unit::Days => "天",
        };
        match shown.strip_prefix('−') {
            _ if shown == "0.0" => "持平".to_owned(),
            Some(less) => format!("{down}{less}{unit}"),
            None if self.unit == Unit::Percent && self.by >= MANIFOLD => format!("{up}{MANIFOLD:.0}倍以上"),
            None => format!("{up}{shown}{unit}"),
        }
    }

    pub fn tone(self, better: Better) -> Tone {
        let shown = self.shown();
        match better {
            _ if shown == "0.0" => Tone::Even,
            Better::Neither => Tone::Even,
            Better::Higher if self.by > 0.0 => Tone::Good,
            Better::Lower if self.by < 0.0 => Tone::Good,
            Better::Higher | Better::Lower => Tone::Bad,
        }
    }
}

impl Count {
    pub fn on_before(&self) -> Option<Change> {
        Change::of_count(self.value, self.before)
    }

    pub fn on_last_year(&self) -> Option<Change> {
        Change::of_count(self.value, self.last_year)
    }
}

impl Rate {
    pub fn on_before(&self) -> Option<Change> {
        Change::of_rate(self.measure, self.value, self.before)
    }

    pub fn on_last_year(&self) -> Option<Change> {
        Change::of_rate(self.measure, self.value, self.last_year)
    }
}
