//! When a stream has dried up, and which days are compared.

use chrono::NaiveDate;
use chrono_tz::Asia::Shanghai;
use huying_chassis::log::{Actor, Aggregate as _, Decided, Stamp};
use uuid::Uuid;

use crate::domain::topic::{
    CASES, Days, Done, Opened, Planned, Policy, Topic, TopicChange, TopicError, TopicState, Verdict, measure,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn planned(number: Option<i32>) -> Planned {
    Planned { number, text: "设点".into(), unit: "u".into(), due: day("2026-11-30") }
}

fn stamp() -> Stamp {
    let at = "2026-11-02T01:00:00Z".parse().unwrap();
    Stamp { id: Uuid::from_u128(1), at, actor: Actor::service("test") }
}

fn opened() -> Topic {
    let measures = measure::first(&[planned(None)]);
    let says = Policy { cause: "c".into(), policy: "p".into(), owner: "o".into(), measures };
    let opened = Opened {
        district: "330203".into(),
        area: "330203".into(),
        category: "05".into(),
        title: "t".into(),
        on: day("2026-11-02"),
        says,
    };
    Topic::first(&TopicChange::Opened(Box::new(opened)), TopicState::Open, &stamp()).unwrap()
}

fn then(topic: &mut Topic, decided: Result<Decided<TopicChange>, TopicError>) {
    for change in decided.unwrap().changes() {
        let state = Topic::leads_to(Some(topic), &change).unwrap();
        topic.apply(&change, state, &stamp());
    }
}

fn done(topic: &mut Topic, on: &str) {
    let done = Done { number: 1, on: day(on), note: "n".into() };
    let reported = topic.report(done, None);
    then(topic, reported);
}

#[test]
fn a_stream_that_fell_to_half_has_dried_up() {
    use Verdict::{DriedUp, Less, NotLess};

    for (before, after, verdict) in [
        (4, 0, DriedUp),
        (4, 2, DriedUp),
        (4, 3, Less),
        (5, 3, Less),
        (5, 2, DriedUp),
        (4, 4, NotLess),
        (4, 9, NotLess),
        (1, 0, DriedUp),
        (1, 1, NotLess),
        (0, 0, NotLess),
        (0, 3, NotLess),
    ] {
        assert_eq!(Verdict::of(before, after), verdict, "{before} {after}");
    }
}

#[test]
fn as_many_days_before_the_opening_as_after_the_measures() {
    let mut topic = opened();
    assert_eq!(topic.judge(1, 0), Decided::AlreadyDone, "no test runs");
    done(&mut topic, "2026-11-10");
    let tested = topic.test(7, Shanghai);
    then(&mut topic, tested);
    let before = Days { from: day("2026-10-27"), to: day("2026-11-03") };
    let after = Days { from: day("2026-11-11"), to: day("2026-11-18") };
    assert_eq!(topic.compared(), Some((before, after)));
    assert_eq!(
        topic.test.unwrap().due_at,
        "2026-11-17T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    let judged = topic.judge(4, 3);
    then(&mut topic, Ok(judged));
    assert_eq!((topic.state, topic.compared()), (TopicState::Open, None));
    // The next test watches days that no test has watched.
    let tested = topic.test(7, Shanghai);
    then(&mut topic, tested);
    assert_eq!(topic.compared().unwrap().1, Days { from: day("2026-11-18"), to: day("2026-11-25") });
    let judged = topic.judge(4, 2);
    then(&mut topic, Ok(judged));
    assert_eq!((topic.state, topic.judgements.len()), (TopicState::DriedUp, 2));
    assert!(topic.withdraw("n").is_err() && topic.test(7, Shanghai).is_err());
}

#[test]
fn the_newest_judgements_stay_in_the_row() {
    let mut topic = opened();
    done(&mut topic, "2026-11-02");
    for after in 10..32 {
        let tested = topic.test(1, Shanghai);
        then(&mut topic, tested);
        let judged = topic.judge(4, after);
        then(&mut topic, Ok(judged));
    }
    let kept: Vec<i64> = topic.judgements.iter().map(|it| it.judged.after).collect();
    assert_eq!(kept, (12..32).collect::<Vec<_>>());
}

#[test]
fn a_topic_has_so_many_cases_at_most() {
    let mut topic = opened();
    let ids: Vec<Uuid> = (1..=CASES as u128 + 1).map(Uuid::from_u128).collect();
    let attached = topic.attach(&ids[..CASES], &ids);
    then(&mut topic, attached);
    let more = TopicError::TooManyCases { there: CASES, more: 1 };
    assert_eq!(topic.attach(&ids[CASES - 1..], &ids), Err(more));
    assert_eq!(topic.attach(&ids[..5], &ids), Ok(Decided::AlreadyDone));
    let twice = [ids[CASES], ids[CASES]];
    assert_eq!(topic.attach(&twice, &[]), Err(TopicError::UnknownCases { places: vec![0, 1] }));
}

/// While the days run nothing is said anew; cases still come.
#[test]
fn what_may_happen_in_which_state() {
    let mut topic = opened();
    done(&mut topic, "2026-11-02");
    let tested = topic.test(7, Shanghai);
    then(&mut topic, tested);
    let refused = |step| Err(TopicError::NotAllowed { state: TopicState::Testing, step });
    assert_eq!(topic.change(("c", "p", "o"), &[planned(None)]), refused("changed"));
    assert_eq!(topic.test(7, Shanghai), refused("put to the test"));
    let case = Uuid::from_u128(9);
    let attached = topic.attach(&[case], &[case]);
    then(&mut topic, attached);
    assert_eq!((topic.state, topic.cases.as_slice()), (TopicState::Testing, [case].as_slice()));
    let withdrawn = topic.withdraw("n");
    then(&mut topic, withdrawn);
    assert_eq!((topic.state, topic.test), (TopicState::Withdrawn, None));
    assert!(topic.attach(&[case], &[case]).is_err());
}
