//! How old what is overdue is.

use huying_proto::evaluation::v1::{CountOverdueResponse, OverdueAge};
use huying_report::Age;
use huying_wire::instant;

use crate::client::Client;

pub fn of(told: &CountOverdueResponse) -> Vec<Age> {
    told.ages.iter().map(age).collect()
}

fn age(it: &OverdueAge) -> Age {
    let (over, to) = (it.over_days, it.up_to_days);
    let (code, name) = match (over, to) {
        (0, to) => (format!("up_to_{to}"), format!("{to}天以内")),
        (over, 0) => (format!("over_{over}"), format!("超过{over}天")),
        (over, to) => (format!("{over}_to_{to}"), format!("{over}至{to}天")),
    };
    Age { code, name, count: u64::try_from(it.number).unwrap_or_default() }
}

/// As of when, in words.
pub fn note(client: &Client, told: &CountOverdueResponse) -> Option<String> {
    let at = told.at_time.as_ref().and_then(instant::read)?;
    let at = client.local(at, "%Y-%m-%d %H:%M");
    Some(format!("逾期未结的逾期时长算到 {at}，一天按 24 小时计；转到别的单位手里接着计，延期后重新计。"))
}
