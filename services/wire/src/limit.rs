//! A limit: so many of a kind.

use huying_chassis::validate::Violations;
use huying_proto::common::v1 as common;
use huying_terms::Limit;

/// Its kind.
pub mod kind {
    use huying_proto::common::v1 as common;
    use huying_terms::LimitKind;

    crate::same_words!(LimitKind, common::LimitKind: UrgentMinute, UrgentHour, WorkHour, WorkDay, NaturalDay);
}

/// As the wire has it.
pub fn write(limit: Limit) -> common::Limit {
    common::Limit { kind: kind::write(limit.kind).into(), amount: limit.amount }
}

/// None: no kind, or an amount out of its bounds.
pub fn read(limit: common::Limit) -> Option<Limit> {
    Limit::new(kind::read(limit.kind())?, limit.amount).ok()
}

/// A limit that a caller must give.
pub fn check(v: &mut Violations, field: &str, limit: Option<common::Limit>) -> Option<Limit> {
    let Some(limit) = limit else {
        v.add(field, "must be given");
        return None;
    };
    let kind = kind::check(v, &format!("{field}.kind"), limit.kind);
    v.range(&format!("{field}.amount"), limit.amount, 1..=Limit::MOST);
    Limit::new(kind?, limit.amount).ok()
}
