//! Green, amber, red.

use huying_proto::common::v1 as common;
use huying_terms::Lamp;

crate::same_words!(Lamp, common::Lamp: Green, Amber, Red);
