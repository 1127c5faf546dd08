//! What casework knows, pure: no I/O, no clock, no randomness. Instants, ids and other services' answers are arguments.
//!
//! - [`case`] is the work on a request: who holds it, at which tier, with which clocks. [`state`] says which step leads where.
//! - [`dispatch`] is a department's part in a case. [`prelude`] keeps what came of a request before its case.
//! - A command looks and says what happened ([`change`], [`dispatch_change`]) or why not ([`error`]); the fold of changes is the row.

pub mod case;
pub mod change;
pub mod clocks;
pub mod dispatch;
pub mod dispatch_change;
pub mod dispatch_state;
pub mod error;
pub mod place;
pub mod prelude;
pub mod profile;
pub mod state;
pub mod unit;

pub use case::{Called, Case, Note, Opening};
pub use change::Change;
pub use clocks::{ClockKind, Clocks, Limits};
pub use dispatch::{Dispatch, Task};
pub use dispatch_change::DispatchChange;
pub use dispatch_state::{DispatchState, DispatchStep};
pub use error::Error;
pub use place::{Location, Point, Priority, contains};
pub use prelude::Prelude;
pub use profile::CaseworkProfile;
pub use state::{Judgement, Outcome, State, Step};
pub use unit::{By, Holder, Sight, Unit, UnitKind};
