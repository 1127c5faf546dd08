//! Whether it is solved.

use huying_proto::common::v1 as common;
use huying_terms::Solved;

crate::same_words!(Solved, common::Solved: Yes, Partly, No);
