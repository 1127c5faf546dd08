//! 指标: what is counted of cases and callbacks, and how it is read.
//!
//! - [`measure`]: what is counted. - [`told`]: what an event says of a case. - [`course`]: what evaluation keeps of each, and what it adds. - [`callback`]: what a callback adds.
//! - [`received`]: what evaluation keeps of each request, and what it adds. - [`channel`]: the doors that requests come by. - [`effect`]: whether fewer call and more are satisfied.
//! - [`parts`]: who had part in a case. - [`rating`]: what a rating adds. - [`word`]: what is heard of both.
//! - [`posting`]: where that is added. - [`period`]: days, months and what is compared with them. - [`rate`]: one sum over another. - [`standing`]: how each stands by them. - [`board`]: what is told of all that. - [`trial`]: what would have been. - [`timing`]: what that has to know. - [`age`]: for how long what is overdue has been so.
//!
//! Guaranteed: the figures are the sum of what the rows add, to the one; an event that comes late or corrects something changes the figures of
//! the day it is about.

pub mod age;
pub mod board;
pub mod callback;
pub mod channel;
pub mod course;
pub mod effect;
pub mod measure;
pub mod parts;
pub mod period;
pub mod posting;
pub mod rate;
pub mod rating;
pub mod received;
pub mod standing;
pub mod timing;
pub mod told;
pub mod trial;
pub mod usual;
pub mod word;

pub use channel::Channel;
pub use measure::{Counts, Measure};
pub use posting::{By, Cell, Cells, Posting, Span, has_categories, post};
pub use word::Word;
