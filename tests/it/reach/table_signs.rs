//! The rule of early signs.

use huying_proto::evaluation::v1::ListSignsRequest;
use huying_tests::people::DISTRICT;

use super::table::{Rows, Rule};

pub fn of_signs(rows: &mut Rows) {
    let list = ListSignsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.SignService/ListSigns", Rule::District, list);
}
