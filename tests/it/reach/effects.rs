//! The rules of what is told of effects.

use huying_proto::evaluation::v1 as evaluation;
use huying_tests::people::DISTRICT;

use super::table::{Rows, Rule};

pub fn of_effects(rows: &mut Rows) {
    let ask = evaluation::GetEffectRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    };
    rows.add("/huying.evaluation.v1.EffectService/GetEffect", Rule::District, ask);
}
