//! What a start says of itself: a spinner on a terminal, plain lines elsewhere, to standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{label, note};

pub struct Say {
    bar: Option<ProgressBar>,
    began: Instant,
    quiet: bool,
}

impl Default for Say {
    fn default() -> Self {
        Self::new()
    }
}

impl Say {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::new_spinner);
        if let (Some(bar), Ok(style)) = (&bar, ProgressStyle::with_template("{spinner} {msg} {elapsed}")) {
            bar.set_style(style);
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, began: Instant::now(), quiet: false }
    }

    /// Says nothing: for tests.
    pub fn nothing() -> Self {
        Self { bar: None, began: Instant::now(), quiet: true }
    }

    /// What comes now.
    pub fn doing(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.reset();
                bar.enable_steady_tick(Duration::from_millis(100));
                label(bar, what);
            }
            None => self.line(what),
        }
    }

    /// It came.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub fn warning(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.line(&format!("warning: {what}"))),
            None => self.line(&format!("warning: {what}")),
        }
    }

    fn line(&self, what: &str) {
        if !self.quiet {
            let _ = note(&format!("huying: [{:>5.1}s] {what}", self.began.elapsed().as_secs_f32()));
        }
    }
}
