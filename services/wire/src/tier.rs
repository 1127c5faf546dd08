//! The four tiers.

use huying_proto::common::v1 as common;
use huying_terms::Tier;

crate::same_words!(Tier, common::Tier: Grid, Community, Street, District);
