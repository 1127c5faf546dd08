//! The rule of what is told of overdue cases: an office as far as its area, who is judged of its own unit.

use huying_proto::evaluation::v1::CountOverdueRequest;
use huying_tests::people::DISTRICT;

use super::table::{JUDGED, Rows, Rule};

pub fn of_overdue(rows: &mut Rows) {
    let ask = CountOverdueRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.OverdueService/CountOverdue", Rule::List(JUDGED), ask);
}
