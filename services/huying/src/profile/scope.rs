//! How exact a line of `authority.csv` or `clocks.csv` is: a category's own, its major's, its
//! kind's, its priority's, everyone's.

use super::fault::Faults;
use super::sheet::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Category,
    Major,
    Kind,
    Priority,
    Default,
}

impl Scope {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Major => "major",
            Self::Kind => "kind",
            Self::Priority => "priority",
            Self::Default => "default",
        }
    }

    /// Only the default has no key; a kind and a priority are words.
    pub(super) fn check_key(self, row: &Row, faults: &mut Faults) {
        let key = row.get("key");
        let known: &[&str] = match self {
            Self::Default if key.is_empty() => return,
            Self::Default => {
                faults.row(row, "a line of scope default has no key", "leave key empty");
                return;
            }
            Self::Kind => &["component", "event", "matter"],
            Self::Priority => &["normal", "high", "urgent"],
            Self::Category | Self::Major => {
                row.required("key", faults);
                return;
            }
        };
        if !known.contains(&key) {
            let what = format!("the {} '{key}' is unknown", self.word());
            faults.row(row, what, format!("use one of: {}", known.join(", ")));
        }
    }
}
