//! The rules of evaluation, pure: no I/O, no clock, no randomness.

pub mod appeal;
pub mod callback;
pub mod change;
pub mod error;
pub mod estimate;
pub mod figure;
pub mod inquiry;
pub mod inspection;
pub mod interview;
pub mod parties;
pub mod profile;
pub mod rating;
pub mod round;
pub mod rules;
pub mod sample;
pub mod settle;
pub mod sign;
pub mod state;
pub mod topic;
pub mod verdict;
pub mod wanted;

#[cfg(test)]
mod tests;
