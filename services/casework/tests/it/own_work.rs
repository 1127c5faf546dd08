//! Whoever had part in a case neither looks at it, nor takes it out of the rates: units that passed it on, and persons under another unit's token.

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    Approval, Ask, Beside, By, Case, ClockKind, Error, Holder, Parties, Step,
    approval::step::Grant,
    case::step::{
        Accept, AskDecline, Correct, Escalate, Merge, Recategorise, Reopen, Resolve, Routed, Verify,
    },
};
use huying_chassis::log::{Actor, fingerprint};
use huying_proto::casework::v1 as pb;
use huying_terms::{Limit, LimitKind};
use serde_json::Value;
use uuid::Uuid;

use super::{
    correct,
    fixture::{self as f, Facts, OTHER, acted, after, case_at, facts, holder, morning, other_at, take},
    support::{Town, accept, fresh, meta, resolve},
    verify::demanding,
};

fn working() -> Case {
    let case = case_at(&f::community());
    after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning())
}

fn resolved() -> Case {
    let case = working();
    let step = Resolve { answer: "好了".into(), handling: None };
    after(&case, take(&case, &holder(&case), &step, &facts()).unwrap(), morning())
}

/// Somebody of the district's desk, by that person's token.
fn superior(person: &str) -> By {
    By { person: person.into(), ..f::by(&f::district()) }
}

/// By a person who acted for the community, and by one who did not.
fn both(facts: &Facts, took: impl Fn(&By, &Facts) -> Result<(), Error>) -> [Result<(), Error>; 2] {
    let facts = Facts { parties: acted("C-1", "li"), ..facts.clone() };
    ["li", "wang"].map(|person| took(&superior(person), &facts))
}

const APPROVAL: Uuid = Uuid::from_u128(50);

/// A case whose holder has asked the district that it be declined, and what was asked.
fn asked_to_decline() -> (Case, Approval) {
    let case = working();
    let ask = AskDecline { approval: APPROVAL, ground: "beyond_duty".into(), answer: "不属本区".into() };
    let (decided, beside) = ask.take(&case, &holder(&case), &facts().above(f::district())).unwrap();
    let [Beside::Approval(_, changes)] = &beside[..] else { panic!("{beside:?}") };
    let asked = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    (after(&case, decided.changes(), morning()), asked)
}

#[test]
fn nobody_grants_what_they_asked_for_in_another_unit() {
    let (case, asked) = asked_to_decline();
    let known = facts().knowing(&case, &[(APPROVAL, asked.clone())]).on(APPROVAL);
    let grant = Grant { reason: "属实".into() };
    let told = both(&known, |by, facts| take(&asked, by, &grant, facts).map(drop));
    assert_eq!(told, [Err(Error::OwnWork), Ok(())]);
}

/// The district held it, passed it down and is asked now: somebody else who answers for the district grants that it be declined. More time takes
/// nothing out of the rates.
#[test]
fn whoever_passed_it_down_does_not_grant_that_it_be_declined() {
    let (case, asked) = asked_to_decline();
    let grant = Grant { reason: "属实".into() };
    let told = |asked: &Approval, by: &By| {
        let known = facts().knowing(&case, &[(APPROVAL, asked.clone())]).on(APPROVAL);
        take(asked, by, &grant, &Facts { parties: acted("D-1", "li"), ..known }).map(drop)
    };
    let elsewhere = By { person: "li".into(), ..f::leader(f::DISTRICT) };
    for by in [superior("wang"), elsewhere] {
        assert_eq!(told(&asked, &by), Err(Error::OwnWork), "{by:?}");
    }
    assert_eq!(told(&asked, &f::leader(f::DISTRICT)), Ok(()));
    let more = Limit { kind: LimitKind::UrgentHour, amount: 1 };
    let longer = Approval { ask: Ask::Extend { more }, ..asked };
    assert_eq!(told(&longer, &superior("wang")), Ok(()));
}

#[test]
fn what_counts_against_those_who_worked_is_merged_by_somebody_else() {
    let merge = Merge { into: OTHER, reason: "同一棵树".into() };
    let known = facts().beside(OTHER, &other_at(&f::grid()));
    let own = Facts { parties: acted("C-1", "li"), ..known.clone() };
    let case = working();
    assert!(take(&case, &holder(&case), &merge, &own).is_ok(), "at the first attempt, in time");
    // From amber on, by its clock as it runs: nobody has to have ticked it.
    let at = |hours| Facts { now: morning() + Duration::hours(hours), ..own.clone() };
    assert!(take(&case, &holder(&case), &merge, &at(19)).is_ok(), "of 24 hours");
    for hours in [20, 25] {
        let pressing = take(&case, &holder(&case), &merge, &at(hours));
        assert_eq!(pressing, Err(Error::OwnWork), "after {hours} hours");
        let told = both(&at(hours), |by, facts| take(&case, by, &merge, facts).map(drop));
        assert_eq!(told, [Err(Error::OwnWork), Ok(())], "after {hours} hours");
    }
    let again = Case { attempt: 2, ..case };
    assert_eq!(take(&again, &holder(&again), &merge, &own), Err(Error::OwnWork));
    let told = both(&known, |by, facts| take(&again, by, &merge, facts).map(drop));
    assert_eq!(told, [Err(Error::OwnWork), Ok(())]);
}

/// What routing gives another category: five days to accept it and to resolve it.
fn five_days() -> Facts {
    let days = Limit { kind: LimitKind::NaturalDay, amount: 5 };
    let routed = Routed { respond: days, resolve: days, ..f::routed(f::community()) };
    Facts { parties: acted("C-1", "li"), routed, ..facts().beside(OTHER, &other_at(&f::grid())) }
}

fn due(case: &Case, clock: ClockKind) -> Option<DateTime<Utc>> {
    case.clocks.get(clock).and_then(|clock| clock.due_at)
}

/// The holder of a late case calls it something that has five days: it is late all the same, and merged by somebody else.
#[test]
fn another_category_takes_no_lateness_away() {
    let (case, step) = (working(), Recategorise { category: "C2".into(), reason: "是绿化".into() });
    let before = due(&case, ClockKind::Resolve);
    let recategorised = |by: &By, hours| {
        let known = five_days().at(morning() + Duration::hours(hours));
        let after = after(&case, take(&case, by, &step, &known).unwrap(), known.now);
        assert_eq!((after.category.as_str(), after.priority), ("C2", known.routed.priority));
        after
    };
    assert!(due(&recategorised(&holder(&case), 19), ClockKind::Resolve) > before, "green, of 24 hours");
    for (by, hours) in [(holder(&case), 20), (holder(&case), 25), (superior("wang"), 25)] {
        let late = recategorised(&by, hours);
        assert_eq!(late.clocks.get(ClockKind::Resolve), case.clocks.get(ClockKind::Resolve), "{hours}");
        let (merge, known) = (Merge { into: OTHER, reason: "同一棵树".into() }, five_days());
        let merged = take(&late, &holder(&late), &merge, &known.at(morning() + Duration::hours(hours)));
        assert_eq!(merged, Err(Error::OwnWork), "{hours}");
    }
    // Less time it gets also then.
    let sooner = Limit { kind: LimitKind::UrgentHour, amount: 22 };
    let known = five_days().at(morning() + Duration::hours(20));
    let known = Facts { routed: Routed { resolve: sooner, ..known.routed.clone() }, ..known };
    let after = after(&case, take(&case, &holder(&case), &step, &known).unwrap(), known.now);
    assert_eq!(due(&after, ClockKind::Resolve), Some(morning() + Duration::hours(22)));
}

/// Nor from who has not accepted it in time.
#[test]
fn another_category_gives_no_more_time_to_accept_what_presses() {
    let (case, step) =
        (case_at(&f::community()), Recategorise { category: "C2".into(), reason: "是绿化".into() });
    let respond = |hours| {
        let known = five_days().at(morning() + Duration::hours(hours));
        let after = after(&case, take(&case, &holder(&case), &step, &known).unwrap(), known.now);
        due(&after, ClockKind::Respond)
    };
    assert!(respond(1) > due(&case, ClockKind::Respond), "of 2 hours");
    assert_eq!(respond(3), due(&case, ClockKind::Respond));
}

/// By the triage desk's door no more than by their own, whoever goes on with it.
#[test]
fn a_correction_takes_no_lateness_away() {
    let (case, days) = (working(), five_days().routed.resolve);
    for (unit, hours) in [(f::community(), 20), (f::community(), 25), (f::street(), 25)] {
        let known = facts().at(morning() + Duration::hours(hours));
        let step = Correct { moves: true, respond: days, resolve: days, ..correct::to(&unit) };
        let after = after(&case, f::caused(&case, &step, &known), known.now);
        assert_eq!((after.category.as_str(), &after.holder.unit), ("C2", &unit.code));
        assert_eq!(due(&after, ClockKind::Resolve), due(&case, ClockKind::Resolve), "{hours} {unit:?}");
    }
    let step = Correct { resolve: days, ..correct::to(&f::community()) };
    let in_time = after(&case, f::caused(&case, &step, &facts()), morning());
    assert!(due(&in_time, ClockKind::Resolve) > due(&case, ClockKind::Resolve), "while it is green");
}

fn at_desk(unit: Option<&str>, person: &str) -> Option<Actor> {
    Some(Actor { subject: person.into(), unit: unit.map(str::to_owned), name: None })
}

/// The holder's own desk, or somebody who acted for it, corrects what was decided: the case is rid of what was wrong, and they not of the case.
#[test]
fn nobody_gives_their_own_case_away_by_a_correction() {
    let (case, known) = (working(), Facts { parties: acted("C-1", "li"), ..facts() });
    let corrected = |step: Correct| {
        let changes = f::caused(&case, &step, &known);
        let told: Vec<String> = changes.iter().map(|change| change.happened().words()).collect();
        (after(&case, changes, known.now), told)
    };
    let to_street = |by| Correct { by, ..correct::to(&f::street()) };
    for by in [at_desk(Some("C-1"), "wang"), at_desk(Some("callbacks"), "li"), at_desk(None, "li")] {
        let (kept, told) = corrected(to_street(by));
        assert_eq!((kept.holder.clone(), kept.state), (case.holder.clone(), case.state));
        assert_eq!((kept.category.as_str(), told.len()), ("C2", 1));
        assert_eq!(told[0], format!("承办单位自行更正，不移交S-1（C2, {}）: 不是这里", f::COMMUNITY));
    }
    // Where nothing but the unit was wrong, the history says so too.
    let Case { area, category, priority, .. } = case.clone();
    let only_unit = Correct { area, category, priority, ..to_street(at_desk(Some("C-1"), "wang")) };
    let (kept, told) = corrected(only_unit);
    assert_eq!((kept.holder.unit.as_str(), told.len()), ("C-1", 1));
    for by in [at_desk(Some("S-1"), "wang"), at_desk(None, "wang"), None] {
        assert_eq!(corrected(to_street(by)).0.holder.unit, "S-1");
    }
}

#[test]
fn nobody_drops_the_question_about_their_own_work() {
    let (case, reopen) = (resolved(), Reopen { reason: "再办".into() });
    let told = both(&facts(), |by, facts| take(&case, by, &reopen, facts).map(drop));
    assert_eq!(told, [Err(Error::OwnWork), Ok(())]);
    // Whoever passed it on sees that it is not done.
    let before = Facts { parties: acted("G-1", "li"), ..facts() };
    assert!(take(&case, &superior("li"), &reopen, &before).is_ok());
}

#[test]
fn whoever_passed_it_on_is_not_asked_to_look() {
    let parties = Parties { units: ["C-1", "S-1"].map(str::to_owned).into(), ..Parties::default() };
    let street = Facts { parties, ..demanding(Some("S-1")).above(f::district()) };
    let case = working();
    let step = Resolve { answer: "好了".into(), handling: None };
    let case = after(&case, take(&case, &holder(&case), &step, &street).unwrap(), morning());
    assert_eq!(
        case.verifier.as_ref().map(|it| it.unit.as_str()),
        Some("D-1"),
        "the next above that had no part"
    );
    let case = Case { verifier: Some(Holder::of(&f::street())), ..case };
    let looks = Verify { passed: true, finding: "看过".into() };
    assert_eq!(take(&case, &f::by(&f::street()), &looks, &street), Err(Error::WorkedOnIt));
}

/// The grid took it on, and so did the community that it was passed up to.
#[tokio::test]
async fn a_resolution_says_who_had_part_until_then() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let app = town.knowing_above(&f::grid(), f::community());
    let up = Escalate { reason: "超出能力".into() };
    let id: Uuid = case.id.parse().unwrap();
    app.take::<Case, _>(id, &f::by(&f::grid()), &up, &meta(&f::grid(), case.version)).await.unwrap();
    let case = town.case(&case.id).await;
    let case = town.of(&f::community()).accept_case(accept(&case)).await.unwrap().into_inner();
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        text: "已联系".into(),
        public: false,
    };
    let case = town.of(&f::community()).add_note(note).await.unwrap().into_inner();
    town.of(&f::community()).resolve_case(resolve(&case)).await.unwrap();
    let events = town.events(&case.id).await;
    let of = |name: &str| &events.iter().rfind(|(event, _)| event == name).unwrap().1;
    let told: Vec<&Value> = of("CaseResolved")["parties"].as_array().unwrap().iter().collect();
    let units: Vec<&Value> = told.iter().map(|party| &party["unit"]).collect();
    assert_eq!(units, ["C-1", "G-1"]);
    let persons = |n: usize| told[n]["persons"].as_array().unwrap();
    let officer = Value::from(fingerprint(id, "test-officer"));
    assert_eq!(persons(0), std::slice::from_ref(&officer), "who resolved it");
    let mut both = [officer.clone(), Value::from(fingerprint(id, "test"))].to_vec();
    both.sort_by_key(Value::to_string);
    let mut grid = persons(1).clone();
    grid.sort_by_key(Value::to_string);
    assert_eq!(grid, both, "who took it on, and who passed it up");
    assert_eq!(of("CaseAccepted")["by"]["persons"][0], officer);
    assert_eq!(of("CaseEscalated")["by"]["unit"], "G-1");
    let noted = of("CaseNoted");
    assert_eq!((&noted["by"]["unit"], &noted["by"]["persons"][0]), (&Value::from("C-1"), &officer));
}
