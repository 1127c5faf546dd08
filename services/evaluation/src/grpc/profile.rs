//! ApplyProfile, checked: the wire's words become the terms' types, and the domain says what else must hold.

use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::evaluation::v1 as pb;
use huying_terms::{Limit, LimitKind};
use huying_wire::{calendar, limit};
use uuid::Uuid;

use crate::domain::{profile::EvaluationProfile, rates::Weights};

/// In the place of a limit that cannot be read.
const SOME: Limit = Limit { kind: LimitKind::NaturalDay, amount: 1 };

pub fn apply_profile(request: pb::ApplyProfileRequest) -> Result<(EvaluationProfile, bool, Uuid), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let profile = request.profile.unwrap_or_default();
    let part = EvaluationProfile {
        calendar: calendar::check(&mut v, "profile.calendar", profile.calendar.as_ref()).unwrap_or_default(),
        callback: limit::check(&mut v, "profile.callback", profile.callback).unwrap_or(SOME),
        weights: Weights {
            basically: profile.basically_weight,
            response: profile.response_weight,
            resolution: profile.resolution_weight,
            satisfaction: profile.satisfaction_weight,
        },
        district: profile.district,
    };
    // What could not be read was replaced by something usable and is said already.
    for (field, what) in part.check() {
        v.add(format!("profile.{field}"), what);
    }
    v.finish()?;
    Ok((part, request.dry_run, request_id))
}
