//! 拆单: parts of a case, each with its holder; the whole waits for them, and its reporter hears of it alone.

use huying_casework::domain::{
    Beside, Case, ClockKind, Error, Outcome, Ruled as _, State, Step, Unit,
    case::{
        part::MOST_PARTS,
        step::{Accept, Merge, Part, Reopen, Resolve, Split, Withdraw},
    },
};
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use uuid::Uuid;

use super::{
    accounts::{counted, verified},
    fixture::{self as f, CASE, Facts, OTHER, after, case_at, facts, morning, take},
    support::{Town, accept, fresh, meta, resolve},
};

const PART: Uuid = OTHER;

fn split(unit: &str) -> Split {
    let part = Part { case: PART, unit: unit.into(), content: "清理楼道".into() };
    Split { parts: vec![part], reason: "两个方面".into() }
}

fn done() -> Resolve {
    Resolve { answer: "已清理".into(), handling: None }
}

/// The street's case, worked on, and its part at the grid.
fn parted() -> (Case, Case) {
    let whole = Case { state: State::Working, ..case_at(&f::street()) };
    let known = facts().units(&[f::grid()]);
    let (decided, beside) = split("G-1").take(&whole, &f::by(&f::street()), &known).unwrap();
    let [Beside::Case(PART, begun)] = &beside[..] else { panic!("{beside:?}") };
    let part = huying_testing::after(None, &begun[0], &f::stamp(morning())).unwrap();
    (after(&whole, decided.changes(), morning()), part)
}

fn worked_on(part: &Case) -> Case {
    after(part, take(part, &f::by(&f::grid()), &Accept, &facts()).unwrap(), morning())
}

/// Knowing the part, for a step on the whole.
fn beside(part: &Case) -> Facts {
    facts().beside(PART, part)
}

#[test]
fn a_part_has_its_own_holder_and_number_and_is_due_with_its_whole() {
    let (whole, part) = parted();
    assert_eq!((whole.state, whole.parts[0].name.case), (State::Working, PART));
    assert_eq!((part.state, part.holder.unit.as_str()), (State::Assigned, "G-1"));
    assert_eq!((part.number.as_str(), part.content.as_str()), ("SY-20260302-000001-1", "清理楼道"));
    assert_eq!((part.whole.clone().unwrap().case, part.requests.len()), (CASE, 0));
    assert_eq!(part.clocks.get(ClockKind::Resolve), whole.clocks.get(ClockKind::Resolve));
    assert!(part.clocks.get(ClockKind::Respond).unwrap().is_running());
}

#[test]
fn the_whole_is_resolved_when_its_parts_are() {
    let (whole, part) = parted();
    let open = take(&whole, &f::by(&f::street()), &done(), &beside(&part)).unwrap_err();
    assert_eq!(open, Error::OpenParts { parts: vec![part.number.clone()] });
    let part = worked_on(&part);
    let part = after(&part, take(&part, &f::by(&f::grid()), &done(), &facts()).unwrap(), morning());
    assert_eq!(
        (part.state, part.outcome),
        (State::Closed, Some(Outcome::StruckOff)),
        "nobody is asked of it"
    );
    let whole =
        after(&whole, take(&whole, &f::by(&f::street()), &done(), &beside(&part)).unwrap(), morning());
    assert_eq!(whole.state, State::Resolved);
    // And is not done again when its whole is.
    let reopen = Reopen { reason: "x".into() };
    let late = take(&part, &f::leader(f::DISTRICT), &reopen, &facts().of(&whole)).unwrap_err();
    assert!(matches!(late, Error::TargetNotOpen { .. }), "{late:?}");
}

#[test]
fn a_part_closes_with_a_whole_that_is_withdrawn() {
    let (whole, part) = parted();
    let withdraw = Withdraw { request: Uuid::from_u128(1) };
    let (_, others) = withdraw.take(&whole, &Default::default(), &beside(&part)).unwrap();
    let [Beside::Case(PART, changes)] = &others[..] else { panic!("{others:?}") };
    let part = after(&part, changes.clone(), morning());
    assert_eq!((part.state, part.outcome, part.due_at), (State::Closed, Some(Outcome::Withdrawn), None));
}

#[test]
fn only_a_whole_is_split_within_its_holders_area() {
    let (whole, part) = parted();
    let part = worked_on(&part);
    let refused = |case: &Case, by: &Unit, known: &Facts| take(case, &f::by(by), &split("G-1"), known);
    let known = facts().units(&[f::grid()]);
    let again = refused(&part, &f::grid(), &known).unwrap_err();
    assert_eq!(again, Error::IsPart { whole: whole.number.clone() });
    let at_grid = Case { state: State::Working, ..case_at(&f::grid()) };
    let above = refused(&at_grid, &f::grid(), &facts().units(&[f::community()]));
    assert_eq!(above.unwrap_err(), Error::UnitOutsideArea { unit: "C-1".into() });
    assert!(matches!(refused(&whole, &f::grid(), &known), Err(Error::NotHolder { .. })));
    let one = whole.parts[0].clone();
    let full = Case { parts: vec![one; MOST_PARTS], ..whole.clone() };
    assert_eq!(refused(&full, &f::street(), &known).unwrap_err(), Error::TooManyParts { most: MOST_PARTS });
    // Nor does a part go into another case, or a whole with an open one.
    let merge = Merge { into: Uuid::from_u128(8), reason: "x".into() };
    let gone = take(&part, &f::by(&f::grid()), &merge, &facts()).unwrap_err();
    assert_eq!(gone, Error::IsPart { whole: whole.number.clone() });
    let gone = take(&whole, &f::by(&f::street()), &merge, &beside(&part)).unwrap_err();
    assert!(matches!(gone, Error::OpenParts { .. }), "{gone:?}");
    assert_eq!(
        part.allowed(&facts().asked_by(&f::by(&f::grid()))).iter().filter(|it| **it == "split").count(),
        0
    );
}

/// Over the wire: worked in a part, and counted once.
#[tokio::test]
async fn a_case_is_worked_in_parts_and_counted_once() {
    let town = Town::open().await;
    let (request, whole) = town.accepted(&f::street()).await;
    let ask = pb::SplitCaseRequest {
        request_id: fresh(),
        id: whole.id.clone(),
        version: whole.version,
        parts: vec![pb::CasePart { unit: "G-1".into(), content: "清理楼道".into() }],
        reason: "两个方面".into(),
    };
    let mut street = town.of(&f::street());
    let none = pb::SplitCaseRequest { parts: Vec::new(), request_id: fresh(), ..ask.clone() };
    assert_eq!(reason(&street.split_case(none).await.unwrap_err()), "BAD_FIELD");
    // Who units are is routing's to say, and nobody is at home there.
    assert_eq!(reason(&street.split_case(ask).await.unwrap_err()), "ROUTING_UNAVAILABLE");
    let app = town.knowing_units(&[f::grid()]);
    let step = Split {
        parts: vec![Part { case: Uuid::now_v7(), unit: "G-1".into(), content: "清理楼道".into() }],
        reason: "x".into(),
    };
    let by = f::by(&f::street());
    app.take::<Case, _>(whole.id.parse().unwrap(), &by, &step, &meta(&f::street(), whole.version))
        .await
        .unwrap();
    let whole = town.case(&whole.id).await;
    assert_eq!((whole.requests[0].id.clone(), whole.parts.len()), (request.to_string(), 1));
    let refused = street.resolve_case(resolve(&whole)).await.unwrap_err();
    assert_eq!(reason(&refused), "OPEN_PARTS");
    let part = town.case(&whole.parts[0].number).await;
    assert_eq!((part.content.as_str(), part.requests.len()), ("清理楼道", 0));
    assert_eq!(part.whole.as_ref().unwrap().number, whole.number);
    let mut grid = town.of(&f::grid());
    let part = grid.accept_case(accept(&part)).await.unwrap().into_inner();
    let part = grid.resolve_case(resolve(&part)).await.unwrap().into_inner();
    assert_eq!(part.outcome(), pb::Outcome::StruckOff);
    let names: Vec<String> = town.events(&part.id).await.into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["CaseSplitOff", "CaseAccepted", "CaseResolved", "CaseClosed"]);
    counted(&town, "the whole is worked on, and its part is not counted", [1, 1, 0, 0]).await;
    assert_eq!(verified(&town).await, [1, 1, 0]);
    let whole = street.resolve_case(resolve(&whole)).await.unwrap().into_inner();
    assert_eq!(whole.state(), pb::CaseState::Resolved);
}
