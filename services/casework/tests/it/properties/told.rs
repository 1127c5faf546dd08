//! What a caller is told that they may do is what happens: asked before each step, by the very function that GetAllowedSteps answers with.

use huying_casework::domain::{Beside, By, Error, Known, Ruled, Step};
use huying_chassis::{run::Halt, status::Problem};

/// What a step may still be refused with that is told as allowed: by what comes with it, and nothing else.
const BY_WHAT_COMES: &[(&str, &[&str])] = &[
    ("delegate", &["UNIT_NOT_BELOW", "UNIT_OUTSIDE_AREA"]),
    ("arbitrate", &["UNIT_OUTSIDE_AREA"]),
    ("relieve", &["UNIT_OUTSIDE_AREA"]),
    ("split", &["UNIT_OUTSIDE_AREA", "TOO_MANY_PARTS"]),
    ("call", CALLED),
    ("consult", CALLED),
    ("ask_group", &["UNKNOWN_GROUP", "GROUP_AT_WORK", "UNIT_NOT_CALLABLE", "TOO_MANY_DISPATCHES"]),
    (
        "form_task_force",
        &["SPAN_NOT_AHEAD", "UNIT_MAY_NOT_CHAIR", "UNIT_NOT_CALLABLE", "TOO_MANY_DISPATCHES"],
    ),
    ("end_group", &["UNKNOWN_GROUP", "NOT_CHAIR"]),
    ("merge", &["SAME_CASE", "TARGET_NOT_OPEN", "CASE_FULL", "CASE_IS_PART", "NOT_FOUND"]),
    ("ask_extension", &["OTHER_MEASURE", "EXTENSION_TOO_LONG"]),
    ("ask_suspension", &["REVIEW_PAST", "REVIEW_TOO_LATE"]),
    ("review_suspension", &["REVIEW_PAST", "REVIEW_TOO_LATE"]),
    ("ask_decline", &["UNKNOWN_GROUND"]),
    ("attach", &["MEDIA_TYPE_NOT_ALLOWED", "ATTACHMENT_TOO_LARGE"]),
    ("resolve", &["HANDLING_REQUIRED", "VISIT_FIRST"]),
];

/// By whom a call names.
const CALLED: &[&str] = &["LEAD_REQUIRED", "UNIT_NOT_CALLABLE", "UNIT_OUTSIDE_AREA", "TOO_MANY_DISPATCHES"];

/// Whether what comes with a step may be why it is refused.
pub fn by_what_comes(step: &str, why: &str) -> bool {
    BY_WHAT_COMES.iter().any(|(name, reasons)| *name == step && reasons.contains(&why))
}

/// What a step comes to; none where it is refused, as was told before.
pub fn agrees<A: Ruled, S: Step<A>>(
    it: &A,
    known: &dyn Known,
    step: &S,
) -> Option<(Vec<A::Change>, Vec<Beside>)> {
    let (by, name) = (known.by(), S::RULE.name);
    if *by == By::default() {
        return happens(it, known, step).ok();
    }
    if !reached(it, known) {
        return None;
    }
    let told = it.told(known).into_iter().find(|(step, _)| *step == name).unwrap().1.map_err(reason);
    let happens = match by.may_ask(A::KIND, name) {
        true => happens(it, known, step),
        false => Err(reason(Halt::Refused(Error::NotForRole { step: name }))),
    };
    match (told, happens) {
        (Ok(()), Ok(taken)) => return Some(taken),
        (Ok(()), Err(why)) => {
            assert!(by_what_comes(name, &why), "{name} is offered, and then refused with {why}");
        }
        (Err(told), Err(why)) => assert_eq!(told, why, "{name} while {}", it.state_name()),
        (Err(told), Ok(_)) => panic!("{name} is told to be refused with {told}, and then happens"),
    }
    None
}

fn happens<A: Ruled>(
    it: &A,
    known: &dyn Known,
    step: &impl Step<A>,
) -> Result<(Vec<A::Change>, Vec<Beside>), String> {
    match step.take(it, known.by(), known) {
        Ok((decided, beside)) => Ok((decided.changes(), beside)),
        Err(halt) => Err(reason(halt.map(|refusal| refusal.why))),
    }
}

/// Reach is asked first: for others it is as if there were none.
fn reached<A: Ruled>(it: &A, known: &dyn Known) -> bool {
    it.is_reached(known.by()) || it.case().is_some_and(|case| known.case(case).unwrap().is_held(known.by()))
}

/// In a word. Everything is known here, and nothing changes meanwhile.
fn reason(halt: Halt<Error>) -> String {
    match halt {
        Halt::Refused(why) => Problem::from(why).reason().to_owned(),
        Halt::NotFound { .. } => "NOT_FOUND".to_owned(),
        halt @ (Halt::More | Halt::Stale { .. } | Halt::Draft(_)) => panic!("{halt:?}"),
    }
}
