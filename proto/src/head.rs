//! How the message of every step on an aggregate begins, so that it is checked in one place.

/// A message with `request_id`, `id` and `version`: the build implements it for each.
pub trait Head {
    /// The command's own id, under which it is repeated.
    fn request_id(&self) -> &str;
    /// The aggregate.
    fn id(&self) -> &str;
    /// The version of it that the step was decided on.
    fn version(&self) -> i64;
}

include!(concat!(env!("OUT_DIR"), "/head.rs"));
