//! What is typed for one unit of several: UNIT=…

use huying_proto::common::v1::Limit;

use crate::words;

/// What a unit is to do: UNIT=TASK.
pub(super) fn task(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((unit, task)) if !unit.is_empty() && !task.is_empty() => Ok((unit.to_owned(), task.to_owned())),
        Some(_) | None => Err("write UNIT=TASK, such as DEP-yuanlin='现场勘查、修剪'".to_owned()),
    }
}

/// A department's own limit: UNIT=AMOUNT:KIND.
pub(super) fn own_limit(text: &str) -> Result<(String, Limit), String> {
    match text.split_once('=') {
        Some((unit, limit)) if !unit.is_empty() => Ok((unit.to_owned(), words::parse_limit(limit)?)),
        Some(_) | None => Err("write UNIT=AMOUNT:KIND, such as DEP-yuanlin=3:work_day".to_owned()),
    }
}
