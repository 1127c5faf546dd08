//! What a step does to others than what it is taken on, in the same commit: it changes them, or they begin with it.

use uuid::Uuid;

use super::{approval::ApprovalChange, case::Change, dispatch::DispatchChange};

/// The changes of one of them, with its id.
#[derive(Clone, Debug, PartialEq)]
pub enum Beside {
    Case(Uuid, Vec<Change>),
    Dispatch(Uuid, Vec<DispatchChange>),
    Approval(Uuid, Vec<ApprovalChange>),
}
