//! 按忙闲派承办人: a case that comes to a unit with a roster is in the hands of the officer who is on duty, not away, and has the fewest open
//! cases of the unit; of equals the one to whom one was given the longest ago, then by the roster's order. Whoever had it at this unit before
//! has it again. With nobody on duty nobody has it, until somebody of the roster accepts it.

use super::{Appointed, ladder::after};
use crate::domain::{
    case::{Case, Change, State},
    known::{Answer, Known},
    roster::{Load, Rostered},
    unit::Officer,
};

/// Why, as the history tells it.
const NOBODY: &str = "无人在岗";
const ACCEPTED: &str = "签收";

/// A unit that a case comes to.
#[derive(Clone, Copy)]
pub struct Coming<'a> {
    pub district: &'a str,
    pub unit: &'a str,
    /// Who had it in hand there before.
    pub before: Option<&'a Officer>,
    /// Who was given others in the same commit.
    pub given: &'a [Appointed],
}

/// What comes with these changes where they assign the case anew: to another unit, or to the same from elsewhere than assigned.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(in crate::domain::case) fn coming(
    case: &Case,
    changes: &[Change],
    known: &dyn Known,
) -> Answer<Option<Change>> {
    if known.profile().roster.is_empty() {
        return Ok(None);
    }
    let after = after(case.clone(), changes, known);
    let moved = after.holder.unit != case.holder.unit;
    if after.state != State::Assigned || (case.state == State::Assigned && !moved) {
        return Ok(None);
    }
    let (district, unit) = (after.district.as_str(), after.holder.unit.as_str());
    let coming = Coming { district, unit, before: after.officer.as_ref(), given: &[] };
    Ok(least_loaded(coming, known)?.map(Into::into))
}

/// Who has a case in hand that comes to a unit; none where nothing changes.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn least_loaded(it: Coming<'_>, known: &dyn Known) -> Answer<Option<Appointed>> {
    let roster: Vec<&Rostered> = known.profile().roster_of(it.unit).collect();
    if roster.is_empty() {
        return Ok(None);
    }
    let there = there(it, roster, known)?;
    if it.before.is_some_and(|officer| there.iter().any(|(one, _)| one.subject == officer.subject)) {
        return Ok(None);
    }
    // The first of equals.
    let least = there.iter().min_by_key(|(_, load)| (load.open, load.appointed_at));
    Ok(match (least, it.before) {
        (Some((one, load)), _) => {
            let why = format!("{}人在岗，手上最少（{}件）", there.len(), load.open);
            Some(Appointed { officer: Some(one.officer()), why })
        }
        (None, Some(_)) => Some(Appointed { officer: None, why: NOBODY.to_owned() }),
        (None, None) => None,
    })
}

/// Who is on duty and not away, each with what they have in hand.
fn there<'k>(
    it: Coming<'_>,
    roster: Vec<&'k Rostered>,
    known: &'k dyn Known,
) -> Answer<Vec<(&'k Rostered, Load)>> {
    let (calendar, now) = (&known.profile().calendar, known.now());
    let on_duty: Vec<_> = roster.into_iter().filter(|one| one.duty.covers(calendar, now)).collect();
    if on_duty.is_empty() {
        return Ok(Vec::new());
    }
    let subjects: Vec<String> = on_duty.iter().map(|one| one.subject.clone()).collect();
    let loads = known.loads(it.district, it.unit, &subjects)?;
    let with_load = on_duty.into_iter().filter_map(|one| {
        let mut load = loads.iter().find(|load| load.subject == one.subject && !load.absent)?.clone();
        let just = it.given.iter().flat_map(|it| &it.officer).filter(|it| it.subject == one.subject).count();
        if just > 0 {
            load.open = load.open.saturating_add(i64::try_from(just).unwrap_or(i64::MAX));
            load.appointed_at = Some(now);
        }
        Some((one, load))
    });
    Ok(with_load.collect())
}

/// Whoever accepts what nobody has in hand has it, where the roster knows them.
pub(super) fn accepting(case: &Case, known: &dyn Known) -> Option<Appointed> {
    let mut roster = known.profile().roster_of(&case.holder.unit).filter(|_| case.officer.is_none());
    let one = roster.find(|one| one.subject == known.by().person)?;
    Some(Appointed { officer: Some(one.officer()), why: ACCEPTED.to_owned() })
}
