//! Ids: UUIDv7, so that rows and log entries sort by the time they were made.
//!
//! [`new`] is called at the edges only (a handler, a follower); decisions get ids as arguments.

use uuid::Uuid;

/// A fresh id.
pub fn new() -> Uuid {
    Uuid::now_v7()
}
