//! 7: a called department sees its own dispatches and the case's task, and never the reporter's words.

use huying_casework::{
    convert,
    domain::{By, Case, Dispatch, Ruled as _, Sight, known::Glance},
    grpc::access,
};
use huying_chassis::log::{Aggregate, Versioned};

use super::{
    model::{Kept, World},
    town,
};

/// What the reporter said at first, what they were asked, what they added, and what they say of the answer.
const SAID: &str = "树歪了";
pub const ASKED: &str = "几号楼";
pub const ADDED: &str = "还有一处";
pub const OBJECTED: &str = "没有修好";

pub fn check(world: &World) {
    for department in town::departments() {
        for kept in &world.cases {
            of_case(world, kept, &department);
        }
        for kept in &world.dispatches {
            let own = [&kept.it.unit, &kept.it.caller.unit].contains(&&department.person);
            assert_eq!(kept.it.is_reached(&department), own, "its own, and what it called for itself");
            holds_no_words(&format!("{:?}", convert::dispatch(&versioned(kept))));
        }
        for kept in &world.approvals {
            let own = [&kept.it.asked_by.unit, &kept.it.granter.unit].contains(&&department.person);
            assert_eq!(kept.it.is_reached(&department), own);
        }
    }
}

fn of_case(world: &World, kept: &Kept<Case>, department: &By) {
    let case = &kept.it;
    let decides = [&case.arbiter, &case.verifier].into_iter().flatten();
    // A department may go on for a street that chaired a group.
    let chairs = case.groups.iter().map(|it| &it.group.chair);
    let mut whole = std::iter::once(&case.holder).chain(decides).chain(chairs);
    let called = case.dispatches.iter().any(|called| called.unit == department.person);
    let expected = match whole.any(|it| it.unit == department.person) {
        true => Some(Sight::Whole),
        false => called.then_some(Sight::Called),
    };
    assert_eq!(case.sight(department), expected);
    if expected == Some(Sight::Called) {
        let sent: Vec<_> = world.called(case).into_iter().map(versioned).collect();
        let (id, now, profile) = (kept.id, world.now, &world.profile);
        let known = Glance { id, now, by: department, profile, dispatches: Some(&sent) };
        let seen = convert::case(&versioned(kept), false, &known);
        holds_no_words(&format!("{seen:?}"));
        // It writes for as long as it is wanted.
        let writes = seen.allowed_steps.iter().any(|step| step == "note" || step == "attach");
        let wanted = sent.iter().any(|it| it.it.unit == department.person && !it.it.state.is_settled());
        assert!(!writes || wanted, "{:?}", seen.allowed_steps);
        assert!(access::history(case, Sight::Called).is_err(), "the words of all are in its history");
        let attachments = case.seen_attachments(department);
        assert!(attachments.into_iter().all(|it| it.by.unit.as_ref() == Some(&department.person)));
    }
}

fn holds_no_words(seen: &str) {
    assert!(![SAID, ASKED, ADDED, OBJECTED].iter().any(|words| seen.contains(words)), "{seen}");
}

fn versioned<A: Aggregate + Clone>(kept: &Kept<A>) -> Versioned<A> {
    Versioned { id: kept.id, version: kept.log.len() as i64, hash: Default::default(), it: kept.it.clone() }
}

/// What is written of a dispatch, which its department hears, has none of them either.
pub fn of_log(kept: &Kept<Dispatch>) {
    kept.log.iter().for_each(|(change, _)| holds_no_words(&serde_json::to_string(change).unwrap()));
}
