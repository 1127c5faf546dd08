//! What a pure decision comes to.

/// What happened.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided<C> {
    /// This happened.
    Done(Vec<C>),
    /// It is so already: nothing happened.
    AlreadyDone,
}

impl<C> Decided<C> {
    /// One change.
    pub fn one(change: C) -> Self {
        Self::Done(vec![change])
    }

    /// The changes; none when it is so already.
    pub fn changes(self) -> Vec<C> {
        match self {
            Self::Done(changes) => changes,
            Self::AlreadyDone => Vec::new(),
        }
    }
}
