//! What a point's numbers are in.

use huying_proto::common::v1 as common;
use huying_terms::Datum;

crate::same_words!(Datum, common::Datum: Wgs84, Gcj02, Bd09);
