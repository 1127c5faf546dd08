//! The shared words on the wire: one conversion each between [`huying_terms`] and `huying.common.v1`, for every service.
//!
//! A file is a word, and has up to three functions:
//!
//! - `write`: ours, as the wire has it.
//! - `read`: the wire's, as ours; none where it is unspecified or out of its bounds. For what another service has said.
//! - `check`: the same for what a caller has said: whatever is wrong is named by its field, which the caller's message gives.
//!
//! What belongs to one service alone, its states and its whole messages, stands in that service's `convert`.

pub mod actor;
pub mod calendar;
pub mod datum;
pub mod instant;
pub mod lamp;
pub mod limit;
pub mod place;
pub mod priority;
pub mod priority_kind;
pub mod solved;
pub mod tier;
pub mod unit_kind;

/// `write`, `read` and `check` of an enumeration that has the same words on both sides, and on the wire one more, unspecified.
macro_rules! same_words {
    ($ours:ty, $theirs:ty: $($word:ident),+) => {
        /// As the wire has it.
        pub const fn write(ours: $ours) -> $theirs {
            match ours {
                $(<$ours>::$word => <$theirs>::$word),+
            }
        }

        /// None: unspecified.
        pub const fn read(theirs: $theirs) -> Option<$ours> {
            match theirs {
                <$theirs>::Unspecified => None,
                $(<$theirs>::$word => Some(<$ours>::$word)),+
            }
        }

        /// What a caller has said, which must be one of the words.
        pub fn check(
            v: &mut huying_chassis::validate::Violations,
            field: &str,
            value: i32,
        ) -> Option<$ours> {
            v.enum_value::<$theirs>(field, value).and_then(read)
        }
    };
}
use same_words;
