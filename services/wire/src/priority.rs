//! How pressing.

use huying_proto::common::v1 as common;
use huying_terms::Priority;

crate::same_words!(Priority, common::Priority: Normal, High, Urgent);
