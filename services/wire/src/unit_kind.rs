//! What a unit is.

use huying_proto::routing::v1 as routing;
use huying_terms::UnitKind;

crate::same_words!(
    UnitKind, routing::UnitKind: GridTeam, Community, Street, District, Department, ResponseGroup, Utility
);
