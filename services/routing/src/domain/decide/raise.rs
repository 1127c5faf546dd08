//! A decision on a request that is in danger, as an addition tells: the same as before but for how pressing it is and by when. What a person
//! said of that was said of what was known then.

use chrono::{DateTime, Utc};

use super::{
    danger::PRIORITY,
    limits::{Choice, Due, in_danger},
};
use crate::domain::{
    addition::Addition,
    decision::{Decision, Limits, PEOPLE, Part, Reason},
    index::Index,
};

/// What is decided from now on, and how long a case has for it from now on. `since` is when the request was submitted. None only for a
/// directory without default limits.
pub fn raise(
    index: &Index,
    before: &Decision,
    addition: &Addition,
    (since, now): (DateTime<Utc>, DateTime<Utc>),
) -> Option<(Decision, Limits)> {
    let mut it = before.clone();
    it.dangers.extend(&addition.dangers);
    it.priority = PRIORITY;
    it.reasons.retain(|reason| reason.part != Part::Priority || reason.rule == PEOPLE);
    it.reasons.extend(addition.reasons.iter().cloned());
    let kinds = it.dangers.iter().map(|danger| danger.chinese()).collect::<Vec<_>>().join("、");
    let text = format!("可能危及生命（{kinds}），定为{}", PRIORITY.chinese());
    it.reasons.push(Reason::new(Part::Priority, "danger", text));
    let limits = Limits { respond: index.default_limit(PRIORITY)?.respond, resolve: index.danger_resolve };
    let because = || "补充的内容可能危及生命".to_owned();
    let respond = Choice::new(index, limits.respond, now, "danger", because());
    if let Some(Due { limit, due_at }) = respond.sooner_than(it.respond_due_at) {
        (it.respond, it.respond_due_at) = (limit, due_at);
        because_of(&mut it, Part::Respond, respond.explain(index, Part::Respond, "签收"));
    }
    let resolve = in_danger(index, (since, now), because());
    if let Some(Due { limit, due_at }) = resolve.sooner_than(it.resolve_due_at) {
        (it.resolve, it.resolve_due_at) = (limit, due_at);
        because_of(&mut it, Part::Resolve, resolve.explain(index, Part::Resolve, "办结"));
    }
    it.reasons.sort_by_key(|reason| reason.part);
    Some((it, limits))
}

fn because_of(it: &mut Decision, part: Part, reason: Reason) {
    it.reasons.retain(|reason| reason.part != part);
    it.reasons.push(reason);
}
