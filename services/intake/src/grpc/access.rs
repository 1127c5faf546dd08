//! Whose requests a caller may see.

use huying_chassis::{
    auth::{Caller, Role, outside},
    status::Problem,
    validate::Violations,
};
use huying_terms::{AreaCode, Tier};
use tonic::Code;

use crate::domain::{
    Error,
    channel::Channel,
    request::Request,
    submission::Flag,
    wanted::{Flagged, Requests},
};

/// Those whose area counts for what they see.
const OFFICES: &[Role] = &[Role::Service, Role::Officer, Role::Desk, Role::Leader, Role::Callback];

/// Whether the caller may send by this door: people who work here by any, a platform by those that its token names.
///
/// # Errors
/// `DOOR_NOT_ALLOWED`.
pub fn door(caller: &Caller, channel: Channel) -> Result<(), Problem> {
    let named = caller.doors.contains(channel.name()) && channel.door().platforms;
    if caller.has_any(&[Role::Officer, Role::Desk]) || named {
        return Ok(());
    }
    let words =
        "the platform's token does not name this door, or only people who work here take requests by it";
    Err(Problem::new(Code::PermissionDenied, "DOOR_NOT_ALLOWED", words).meta("door", channel.name()))
}

/// Whether the caller may send what was closed before: nobody works on it here, so not whoever could have.
///
/// # Errors
/// `HISTORY_NOT_ALLOWED`.
pub fn history(caller: &Caller, is_closed: bool) -> Result<(), Problem> {
    if !is_closed || caller.has_any(&[Role::Platform, Role::Desk]) {
        return Ok(());
    }
    let words = "only a platform or the desk takes what was closed before: without `closed` it is worked on";
    Err(Problem::new(Code::PermissionDenied, "HISTORY_NOT_ALLOWED", words))
}

/// The platform that calls, by issuer and subject; empty for people.
pub fn platform(caller: &Caller) -> String {
    match caller.has(Role::Platform) {
        true => format!("{} {}", caller.issuer, caller.subject),
        false => String::new(),
    }
}

/// Whether the caller sees a request: its first contact does, the grid team or community that holds its case, and those whose area it
/// lies in. One that they don't see is answered as one that is not there.
pub fn sees(caller: &Caller, request: &Request) -> bool {
    let submission = &request.submission;
    let place =
        if submission.location.area.is_empty() { &submission.district } else { &submission.location.area };
    let by_office = caller.has_any(OFFICES) && caller.reach.sees(&submission.district, place);
    by_office || is_first_contact(caller, request) || holds_nearby(caller, request)
}

/// What is asked for, narrowed to what the caller [`sees`]: by their area, as its first contact, or as the grid team or community that holds it; and
/// of a flag to where they are shown it.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn narrow(caller: &Caller, wanted: Requests, flag: Option<Flag>) -> Result<Requests, Problem> {
    let part = caller.reach.within(&wanted.district)?;
    // A platform sees what it sent, wherever that lies.
    let is_part = part != wanted.district && wanted.platform.is_none();
    let within = is_part.then(|| part.to_owned());
    let own = caller.reach.unit_in(&wanted.district).map(str::to_owned);
    let held = own.clone().filter(|_| is_nearby(caller, &wanted.district));
    let flag = flag.map(|flag| flagged(caller, &wanted.district, flag));
    Ok(Requests { within, own, held, flag, ..wanted })
}

/// Where the caller is shown a flag, besides what their own unit took: what [`knows_phone`] and [`knows_concerns`] say of each request.
fn flagged(caller: &Caller, district: &str, flag: Flag) -> Flagged {
    let covers = caller.has_any(&[Role::Desk, Role::Callback]);
    let (of_all, of_named, of_held) = match flag {
        Flag::NoCallback => (caller.has(Role::Desk), covers, false),
        Flag::VisitFirst => (false, covers, is_nearby(caller, district)),
        Flag::PointUnreadable
        | Flag::UnknownSource
        | Flag::NoExternalId
        | Flag::ManyAdditions
        | Flag::TimeUnreadable
        | Flag::UnusualType
        | Flag::AnswerNotTaken
        | Flag::FileUnreadable => (true, true, true),
    };
    Flagged { flag, of_all, of_named, of_held }
}

/// Who is told of what the caller watches: a unit that it is of or whose desk it is; a platform is told of what it sent itself.
///
/// # Errors
/// `OUTSIDE_AREA`; `BAD_FIELD` where nobody is named.
pub fn watch(caller: &Caller, district: &str, unit: String) -> Result<String, Problem> {
    caller.reach.within(district)?;
    let platform = platform(caller);
    if unit.is_empty() && !platform.is_empty() {
        return Ok(platform);
    }
    let whole = caller.has_any(OFFICES) && caller.reach.governs(district);
    if !whole && !caller.reach.is_unit(district, &unit) {
        return Err(outside());
    }
    let mut v = Violations::new();
    v.require(
        "unit",
        !unit.is_empty(),
        "must name the unit whose requests are watched: only a platform leaves it out",
    );
    v.finish()?;
    Ok(unit)
}

/// Whether the caller may join others to a request: any platform, officer and desk of its district, also one that does not see it, whose caller
/// found it among twins. What they get is a receipt, and nothing of the request.
pub fn may_join(caller: &Caller, request: &Request) -> bool {
    let in_district = caller.reach.part_of(&request.submission.district).is_some();
    in_district && caller.has_any(&[Role::Platform, Role::Officer, Role::Desk])
}

/// The door by which the caller joins others to a request of a district: a platform's, a unit's, or their own.
pub fn joins_by(caller: &Caller, district: &str) -> String {
    match caller.reach.unit_in(district).filter(|_| !caller.has(Role::Platform)) {
        Some(unit) => format!("unit {unit}"),
        None => format!("{} {}", caller.issuer, caller.subject),
    }
}

/// Whether the caller may speak to the reporter: the first contact, the desk that covers for it, and who calls back. One who is not to be
/// named is the first contact's alone.
pub fn may_reach(caller: &Caller, request: &Request) -> bool {
    let covers = caller.has_any(&[Role::Desk, Role::Callback]) && !request.submission.order.hides_reporter();
    covers || is_first_contact(caller, request)
}

/// Whether the caller is told whether an order is the one that was taken, with its reporter: whoever may speak to them, and who sent it, who named
/// them.
pub fn knows_order(caller: &Caller, request: &Request) -> bool {
    may_reach(caller, request) || request.first_contact.subject == caller.subject
}

/// Whether the caller is told that the reporter cannot be called: whoever may speak to them, and the desk in any case.
pub fn knows_phone(caller: &Caller, request: &Request) -> bool {
    caller.has(Role::Desk) || may_reach(caller, request)
}

/// Whether the caller is told whom it concerns, where they come first: whoever may speak to the reporter, and the grid team or community
/// that holds its case, which is who goes there; of a reporter who is not to be named only the first contact.
pub fn knows_concerns(caller: &Caller, request: &Request) -> bool {
    let goes = holds_nearby(caller, request) && !request.submission.order.hides_reporter();
    goes || may_reach(caller, request)
}

/// Whether the caller is of the grid team or community that holds its case.
fn holds_nearby(caller: &Caller, request: &Request) -> bool {
    let district = &request.submission.district;
    let holds = request.holder().is_some_and(|unit| caller.reach.is_unit(district, unit));
    holds && is_nearby(caller, district)
}

/// Whether the caller's area is a grid or a community of the district.
fn is_nearby(caller: &Caller, district: &str) -> bool {
    let area = caller.reach.part_of(district).and_then(|area| AreaCode::parse(area).ok());
    area.is_some_and(|area| matches!(area.tier(), Tier::Grid | Tier::Community))
}

/// Whether the caller may act on a request for its reporter.
///
/// # Errors
/// `NOT_FIRST_CONTACT`.
pub fn act(caller: &Caller, request: &Request) -> Result<(), Problem> {
    if is_first_contact(caller, request) || caller.has(Role::Desk) {
        return Ok(());
    }
    Err(Error::NotFirstContact.into())
}

/// Whether the caller may tell the reporter: who may act for them, and the unit that the missed duty to tell them climbed to.
pub fn may_tell(caller: &Caller, request: &Request) -> bool {
    let climbed_to = request.first_contact.climbed_to.as_deref();
    let climbed = climbed_to.is_some_and(|unit| caller.reach.is_unit(&request.submission.district, unit));
    climbed || act(caller, request).is_ok()
}

/// The unit of that district that took it, or else the platform.
fn is_first_contact(caller: &Caller, request: &Request) -> bool {
    let submission = &request.submission;
    match &request.first_contact.unit {
        Some(unit) => caller.reach.is_unit(&submission.district, unit),
        None => {
            caller.has(Role::Platform)
                && caller.reach.part_of(&submission.district).is_some()
                && submission.platform == platform(caller)
        }
    }
}
