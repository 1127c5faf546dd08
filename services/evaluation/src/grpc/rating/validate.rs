//! One validator per message of ratings: everything that is wrong with it is said at once.

use std::collections::BTreeSet;

use huying_chassis::{page, status::Problem, validate::Violations};
use huying_proto::evaluation::v1 as pb;
use uuid::Uuid;

use crate::{
    convert,
    domain::rating::{Judged, RatingReason, Said},
};

/// Most reasons of one rating.
const REASONS: usize = 5;

/// ListRatings, checked.
#[derive(Debug)]
pub struct List {
    pub district: String,
    pub unit: String,
    /// Empty where there is a unit.
    pub rater: String,
    pub size: i64,
    pub after: Option<Uuid>,
}

/// A rating on a case, with the id of its command.
type Asked = (Uuid, (Uuid, Judged));

pub fn rate_unit(request: &pb::RateUnitRequest) -> Result<Asked, Problem> {
    let mut v = Violations::new();
    let ids = (v.uuid("request_id", &request.request_id), v.uuid("case", &request.case));
    let satisfaction = v.enum_value("satisfaction", request.satisfaction).and_then(convert::satisfaction);
    let said = satisfaction.map(Said::Grassroots);
    judged(v, ids, &request.unit, said, (&request.reasons, &request.comment))
}

pub fn judge_call(request: &pb::JudgeCallRequest) -> Result<Asked, Problem> {
    let mut v = Violations::new();
    let ids = (v.uuid("request_id", &request.request_id), v.uuid("case", &request.case));
    let said = Some(Said::Aptness(request.apt));
    judged(v, ids, &request.unit, said, (&request.reasons, &request.comment))
}

fn judged(
    mut v: Violations,
    (request_id, case): (Uuid, Uuid),
    unit: &str,
    said: Option<Said>,
    (reasons, comment): (&[i32], &str),
) -> Result<Asked, Problem> {
    v.token("unit", unit, 1..=64);
    let reasons = said.map(|said| why(&mut v, said, reasons)).unwrap_or_default();
    let comment = v.text("comment", comment, 0..=500);
    v.finish()?;
    let said =
        said.ok_or_else(|| Problem::bug(anyhow::anyhow!("a satisfaction has no word in the domain")))?;
    Ok((request_id, (case, Judged { unit: unit.to_owned(), said, reasons, comment })))
}

/// An unfavourable rating says why, a favourable one does not.
fn why(v: &mut Violations, said: Said, given: &[i32]) -> Vec<RatingReason> {
    let number = if said.is_favourable() { 0..=0 } else { 1..=REASONS };
    v.list_len("reasons", given.len(), number);
    let mut reasons = BTreeSet::new();
    for (n, reason) in given.iter().take(REASONS).enumerate() {
        let field = format!("reasons[{n}]");
        let read = v.enum_value(&field, *reason).and_then(convert::rating::reason_from);
        let Some(reason) = read else { continue };
        v.require(&field, reason.fits(said.kind()), "must be a reason of this kind of rating");
        v.require(&field, reasons.insert(reason), "must be there once");
    }
    Vec::from_iter(reasons)
}

pub fn list(request: pb::ListRatingsRequest) -> Result<List, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.token("unit", &request.unit, 0..=64);
    v.token("rater", &request.rater, 0..=64);
    let one = request.unit.is_empty() || request.rater.is_empty();
    v.require("rater", one, "must not be there beside a unit");
    v.finish()?;
    let (size, after) = (page::size(request.page_size)?, page::cursor(&request.page_token)?);
    let pb::ListRatingsRequest { district, unit, rater, .. } = request;
    Ok(List { district, unit, rater, size, after })
}
