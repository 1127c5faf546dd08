//! A case that comes to a unit is in the hands of the least loaded of those who are on duty.

use chrono::{DateTime, TimeDelta, Utc};
use huying_casework::domain::{
    Beside, By, Case, CaseworkProfile, Load, Officer, State, Step,
    case::step::{
        Accept, Appoint, Appointed, Arbitrate, Coming, Delegate, Escalate, Fail, Note, Object, Part, Relieve,
        Reopen, Return, Split, least_loaded,
    },
};
use uuid::Uuid;

use super::fixture::{self as f, Facts, morning};

/// The street has three, of whom the last works at night.
fn profile() -> CaseworkProfile {
    let roster = vec![
        f::rostered("S-1", "jia", ""),
        f::rostered("S-1", "yi", "always"),
        f::rostered("S-1", "bing", "mon-sun 20:00-06:00"),
    ];
    CaseworkProfile { roster, ..f::profile() }
}

fn load(subject: &str, open: i64, minutes_ago: Option<i64>) -> Load {
    let appointed_at = minutes_ago.map(|it| morning() - TimeDelta::minutes(it));
    Load { subject: subject.into(), open, appointed_at, absent: false }
}

fn facts(loads: &[Load]) -> Facts {
    let loads = loads.to_vec();
    Facts { profile: profile(), loads, superior: Some(f::street()), ..f::facts() }
}

fn night() -> DateTime<Utc> {
    morning() + TimeDelta::hours(13)
}

/// Who of the street a case is given to that comes to it.
fn chosen(facts: &Facts, before: Option<&Officer>) -> Option<Appointed> {
    let coming = Coming { district: f::DISTRICT, unit: "S-1", before, given: &[] };
    least_loaded(coming, facts).unwrap()
}

fn subject(appointed: Option<Appointed>) -> Option<String> {
    appointed?.officer.map(|it| it.subject)
}

fn officer(subject: &str) -> Officer {
    Officer { subject: subject.into(), name: format!("{subject}岗") }
}

#[test]
fn the_least_loaded_on_duty_has_it() {
    let appointed = chosen(&facts(&[load("jia", 3, None), load("yi", 2, Some(1))]), None).unwrap();
    assert_eq!(
        (appointed.officer.as_ref(), appointed.shown().as_str()),
        (Some(&officer("yi")), "yi岗 2人在岗，手上最少（2件）")
    );
    let tie = facts(&[load("jia", 2, Some(1)), load("yi", 2, Some(30))]);
    assert_eq!(subject(chosen(&tie, None)).unwrap(), "yi", "of equals the one who waited longest");
    let never = facts(&[load("jia", 0, Some(90)), load("yi", 0, None)]);
    assert_eq!(subject(chosen(&never, None)).unwrap(), "yi", "or never had one");
    let same = facts(&[load("yi", 0, None), load("jia", 0, None)]);
    assert_eq!(subject(chosen(&same, None)).unwrap(), "jia", "and then by the roster's order");
}

#[test]
fn who_is_off_or_away_is_passed_over() {
    let away = Load { absent: true, ..load("jia", 0, None) };
    assert_eq!(subject(chosen(&facts(&[away.clone(), load("yi", 9, None)]), None)).unwrap(), "yi");
    let all_away = facts(&[away, Load { absent: true, ..load("yi", 0, None) }]);
    assert_eq!(chosen(&all_away, None), None, "with nobody there nobody has it");
    let loads = [load("jia", 0, None), load("yi", 2, None), load("bing", 1, None)];
    assert_eq!(subject(chosen(&facts(&loads).at(night()), None)).unwrap(), "bing", "at night");
    let day_only = CaseworkProfile { roster: vec![f::rostered("S-1", "jia", "")], ..f::profile() };
    let closed = Facts { profile: day_only, ..facts(&loads).at(night()) };
    assert_eq!(chosen(&closed, None), None, "off hours");
    let told = chosen(&closed, Some(&officer("jia"))).unwrap();
    assert_eq!((told.officer, told.why.as_str()), (None, "无人在岗"), "whoever had it has gone home");
    let other = Coming { district: f::DISTRICT, unit: "C-1", before: None, given: &[] };
    assert_eq!(least_loaded(other, &facts(&loads)).unwrap(), None, "a unit without a roster");
}

/// The case after a step of somebody's.
fn stepped(case: &Case, by: &By, step: &impl Step<Case>, facts: &Facts) -> Case {
    f::after(case, f::take(case, by, step, facts).unwrap(), facts.now)
}

fn hands(case: &Case) -> Option<&str> {
    case.officer.as_ref().map(|it| it.subject.as_str())
}

#[test]
fn whatever_brings_it_to_a_unit_gives_it_to_somebody() {
    let facts = facts(&[load("jia", 1, None), load("yi", 0, None)]);
    let below = f::case_at(&f::community());
    let up = Escalate { reason: "超出能力".into() };
    let case = stepped(&below, &f::holder(&below), &up, &facts);
    assert_eq!(
        (case.holder.unit.as_str(), hands(&case), case.appointed_at),
        ("S-1", Some("yi"), Some(morning()))
    );

    let above = f::case_at(&f::district());
    let down = Delegate { unit: "S-1".into(), reason: "就近处置".into() };
    let units = Facts { units: vec![f::street()], ..facts.clone() };
    let case = stepped(&above, &f::holder(&above), &down, &units);
    assert_eq!((case.state, hands(&case)), (State::Assigned, Some("yi")));

    let relieve = Relieve { unit: "S-1".into(), reason: "单位已撤".into() };
    let gone = Facts { gone: vec!["D-1".into()], ..units.clone() };
    let case = stepped(&above, &f::leader(f::DISTRICT), &relieve, &gone);
    assert_eq!((case.holder.unit.as_str(), hands(&case)), ("S-1", Some("yi")));

    let down = Delegate { unit: "C-1".into(), reason: "就近处置".into() };
    let lower = Facts { units: vec![f::community()], ..facts.clone() };
    let case = stepped(&case, &f::holder(&case), &down, &lower);
    assert_eq!(
        (case.holder.unit.as_str(), hands(&case), case.appointed_at),
        ("C-1", None, None),
        "none of the street's"
    );
}

/// A step that leaves it where it is changes nobody's hands.
#[test]
fn only_what_comes_is_given() {
    let facts = facts(&[load("jia", 9, None), load("yi", 0, None)]);
    let case = f::case_at(&f::street());
    let by_hand = Appoint { officer: Some(officer("jia")) };
    let case = stepped(&case, &f::holder(&case), &by_hand, &facts);
    assert_eq!(hands(&case), Some("jia"), "by hand wins over the load");
    let note = Note { text: "已到场".into(), public: false };
    let accepted = stepped(&case, &f::holder(&case), &Accept, &facts);
    assert_eq!(hands(&stepped(&accepted, &f::holder(&accepted), &note, &facts)), Some("jia"));
}

/// Reopened, or given back to the unit that returned it: whoever had it before has it again, if they are there.
#[test]
fn whoever_had_it_has_it_again() {
    let facts = facts(&[load("jia", 0, None), load("yi", 5, None)]);
    let case = f::case_at(&f::street());
    let mut had = stepped(&case, &f::holder(&case), &Appoint { officer: Some(officer("yi")) }, &facts);
    had.state = State::Resolved;
    let fail = Fail { attempt: had.attempt, reasons: Vec::new() };
    let again = stepped(&had, &By::default(), &fail, &facts);
    assert_eq!((again.state, hands(&again)), (State::Assigned, Some("yi")), "though loaded more");
    let request = had.requests[0].id;
    let object = Object { request, attempt: had.attempt, words: "没修好".into() };
    assert_eq!(hands(&stepped(&had, &By::default(), &object, &facts)), Some("yi"));
    let absent = Facts {
        loads: vec![load("jia", 0, None), Load { absent: true, ..load("yi", 0, None) }],
        ..facts.clone()
    };
    assert_eq!(hands(&stepped(&had, &By::default(), &fail, &absent)), Some("jia"));
    let reopen = Reopen { reason: "重办".into() };
    let nobody = Facts { loads: Vec::new(), ..facts.clone() };
    assert_eq!(
        hands(&stepped(&had, &f::leader(f::DISTRICT), &reopen, &nobody)),
        None,
        "until somebody accepts it"
    );

    let assigned = Case { state: State::Assigned, ..had };
    let up = facts.clone().above(f::district());
    let returned = stepped(&assigned, &f::holder(&assigned), &Return { reason: "不归我管".into() }, &up);
    assert_eq!((returned.state, hands(&returned)), (State::Returned, Some("yi")));
    let arbitrate = Arbitrate { unit: "S-1".into(), binding: false, reason: "归你管".into() };
    let units = Facts { units: vec![f::street()], ..facts };
    let case = stepped(&returned, &f::leader(f::DISTRICT), &arbitrate, &units);
    assert_eq!((case.state, hands(&case)), (State::Assigned, Some("yi")));
}

/// Several parts for one unit are not all one officer's: what is given in the same commit counts too.
#[test]
fn parts_of_one_case_are_spread() {
    let known = facts(&[load("jia", 0, None), load("yi", 1, None)]);
    let known = Facts { units: vec![f::street(), f::street(), f::street()], ..known };
    let whole = Case { state: State::Working, ..f::case_at(&f::street()) };
    let part = |id| Part { case: Uuid::from_u128(id), unit: "S-1".into(), content: "清理".into() };
    let split = Split { parts: vec![part(21), part(22), part(23)], reason: "三个方面".into() };
    let (_, beside) =
        split.take(&whole, &f::holder(&whole), &Facts { by: f::holder(&whole), ..known }).unwrap();
    let hands: Vec<String> = beside.into_iter().map(begun).collect();
    assert_eq!(hands, ["jia", "yi", "jia"]);
}

/// Whose hands a part begins in.
fn begun(beside: Beside) -> String {
    let Beside::Case(_, changes) = beside else { panic!("{beside:?}") };
    let first = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    hands(&f::after(&first, changes[1..].to_vec(), morning())).unwrap().to_owned()
}

/// What nobody has in hand is in the hands of whoever accepts it, if the roster knows them.
#[test]
fn whoever_accepts_what_nobody_has_has_it() {
    let case = f::case_at(&f::street());
    let accepting = |person: &str| By { person: person.into(), ..f::holder(&case) };
    let facts = facts(&[]);
    assert_eq!(hands(&stepped(&case, &accepting("bing"), &Accept, &facts)), Some("bing"));
    assert_eq!(hands(&stepped(&case, &accepting("somebody"), &Accept, &facts)), None);
    let given = Case { officer: Some(officer("yi")), ..case.clone() };
    assert_eq!(hands(&stepped(&given, &accepting("bing"), &Accept, &facts)), Some("yi"), "somebody has it");
}
