//! Who is visited first and answered first.

use huying_proto::common::v1 as common;
use huying_terms::PriorityKind;

crate::same_words!(PriorityKind, common::PriorityKind: LivingAlone, Disabled, LeftBehindChild, InNeed, SeriouslyIll);
