//! The field's words as pure types, shared by every service's domain.
//!
//! A tour, in the order a case meets them:
//!
//! - [`AreaCode`] and [`Tier`]: where a case lies and which of the four tiers (网格 → 社区 → 街道 → 区)
//!   holds it. A code's prefix is its ancestor.
//! - [`Location`], [`Point`], [`Datum`] and [`Priority`]: where something is and how pressing, as received.
//! - [`PriorityKind`]: who is visited first and answered first.
//! - [`UnitKind`]: what the units are that hold a case or are called on one.
//! - [`Limit`] and [`LimitKind`]: how long a step may take (限时办结), in one of four measures.
//! - [`Calendar`] and [`Span`]: a place's zone, working hours, holidays and make-up working days.
//! - [`worktime`]: the arithmetic between the two: when is it due, how much has been used.
//! - [`Clock`]: one running limit of one case: paused, resumed, extended, stopped without losing time.
//! - [`Lamp`]: what a clock shows: green, amber, red.
//! - [`Solved`]: whether what was asked is solved, as whoever worked on it says.
//!
//! Guaranteed here: no I/O, no clock (instants are arguments), no randomness, and no panic for any
//! argument. Everything is plain data with serde; instants inside a [`Clock`] are epoch microseconds.

pub mod area;
pub mod calendar;
pub mod clock;
pub mod lamp;
pub mod limit;
mod micros;
pub mod place;
pub mod priority;
pub mod priority_kind;
pub mod solved;
pub mod tier;
pub mod unit;
pub mod worktime;

pub use area::{AreaCode, AreaError};
pub use calendar::{Calendar, CalendarError, Span};
pub use chrono_tz::Tz;
pub use clock::{AMBER_PERCENT, Clock, Run};
pub use lamp::Lamp;
pub use limit::{Limit, LimitError, LimitKind};
pub use place::{Datum, Given, Location, Point};
pub use priority::Priority;
pub use priority_kind::PriorityKind;
pub use solved::Solved;
pub use tier::Tier;
pub use unit::UnitKind;
