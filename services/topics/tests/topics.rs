//! What topics are found among invented messages, and what holds for any.

use huying_topics::{Message, Topic, WORDS, steps, topics};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Sent {
    user: String,
    day: i64,
    topic: String,
    text: String,
    area: &'static str,
}

fn message(it: &Sent) -> Message<'_> {
    Message { time: it.day * 86_400, user: &it.user, topic: &it.topic, text: &it.text, area: it.area }
}

fn found(sent: &[Sent]) -> Vec<Topic> {
    let messages: Vec<Message<'_>> = sent.iter().map(message).collect();
    let passed = std::cell::Cell::new(0);
    let found = topics(&messages, &|| passed.set(passed.get() + 1));
    assert_eq!(passed.get(), steps(&messages));
    found
}

const ENDS: [&str; 5] = ["夜里睡不着", "老人孩子受不了", "盼尽快处理", "找过物业没用", "持续半年了"];

fn sent(user: usize, place: &str, matter: &str) -> Sent {
    Sent {
        user: format!("u{user}"),
        day: user as i64,
        topic: format!("{place}{matter}"),
        text: format!("{place}{matter}，{}。", ENDS[user % ENDS.len()]),
        area: "",
    }
}

fn matters() -> Vec<Sent> {
    let of = |from: usize, count: usize, place: &'static str, matter: &'static str| {
        (from..from + count).map(move |user| sent(user, place, matter))
    };
    of(0, 6, "云栖花园", "水泵噪音扰民")
        .chain(of(10, 4, "望江家园", "水泵噪音扰民"))
        .chain(of(20, 3, "滨湖公园", "遛狗不牵绳咬伤孩子"))
        .chain(of(30, 1, "", "居住证怎么办理"))
        .collect()
}

fn members(topics: &[Topic], sent: &[Sent]) -> Vec<Vec<String>> {
    let name = |at: &usize| sent[*at].user.clone();
    topics.iter().map(|topic| topic.members.iter().map(name).collect()).collect()
}

#[test]
fn a_matter_at_a_place_is_one_topic() {
    let sent = matters();
    let topics = found(&sent);
    let people: Vec<usize> = topics.iter().map(|topic| topic.people).collect();
    assert_eq!(people, [6, 4, 3], "other places and other matters stay apart: {topics:#?}");
    assert_eq!(topics[0].members, [0, 1, 2, 3, 4, 5]);
    assert_eq!(topics[0].place, "云栖花园");
    assert!(topics[0].words.iter().any(|word| word == "水泵"), "{:?}", topics[0].words);
}

#[test]
fn who_floods_counts_once() {
    let mut sent = matters();
    let heats = |topics: &[Topic]| topics.iter().map(|topic| topic.heat.floor()).collect::<Vec<_>>();
    let before = heats(&found(&sent));
    for _ in 0..40 {
        let mut again = sent[12].clone();
        again.day = 1;
        sent.push(again);
    }
    let after = found(&sent);
    assert_eq!(heats(&after), before);
    assert_eq!(after[2].members.len(), 43);
}

#[test]
fn areas_hold_apart_what_words_do_not() {
    let of = |users: std::ops::Range<usize>, area| {
        users.map(move |user| Sent { area, ..sent(user, "", "楼道消防栓没有水压") })
    };
    let one: Vec<Sent> = of(0..3, "420102003001").chain(of(3..6, "420102003001")).collect();
    assert_eq!(found(&one).len(), 1);
    assert_eq!(found(&one)[0].place, "420102003001");
    let two: Vec<Sent> = of(0..3, "420102003001").chain(of(3..6, "420105001002")).collect();
    assert_eq!(members(&found(&two), &two), [["u0", "u1", "u2"], ["u3", "u4", "u5"]]);
}

#[test]
fn a_place_that_few_of_its_messages_name_is_not_the_topics() {
    let of = |naming: usize| {
        let place = |user| if user < naming { "中山路" } else { "" };
        let sent: Vec<Sent> = (0..8).map(|user| sent(user, place(user), "网约车平台拖欠押金")).collect();
        let topics = found(&sent);
        assert_eq!(topics[0].people, 8, "{topics:#?}");
        topics[0].place.clone()
    };
    assert_eq!(of(3), "");
    assert_eq!(of(4), "中山路");
}

#[test]
fn what_is_recent_is_told() {
    let mut sent = matters();
    sent.push(Sent { day: 35, ..sent[13].clone() });
    let topics = found(&sent);
    // The latest is of day 35: people 6 to 35 wrote in the last thirty days.
    assert_eq!((topics[0].recent, topics[0].before), (0, 6));
    assert_eq!((topics[1].recent, topics[1].before), (4, 0));
    assert_eq!((topics[0].heat, topics[1].heat), (6.0, 4.99));
}

#[test]
fn nothing_and_too_much_are_borne() {
    assert!(found(&[]).is_empty());
    let nothing = sent(1, "", "");
    assert!(
        found(&[Sent { text: String::new(), ..nothing.clone() }, Sent { text: " \n".into(), ..nothing }])
            .is_empty()
    );
    let long = |user| Sent {
        text: "路灯不亮，水管漏水。".repeat(50_000),
        ..sent(user, "云栖花园", "路灯不亮")
    };
    assert_eq!(found(&[long(1), long(2)])[0].people, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_messages_makes_no_difference(shuffled in Just(matters()).prop_shuffle()) {
        let sent = matters();
        let (one, other) = (found(&sent), found(&shuffled));
        prop_assert_eq!(members(&one, &sent), members(&other, &shuffled));
        prop_assert_eq!(one.iter().map(|it| (&it.place, &it.words)).collect::<Vec<_>>(),
            other.iter().map(|it| (&it.place, &it.words)).collect::<Vec<_>>());
    }

    #[test]
    fn any_texts_are_borne(texts in prop::collection::vec((".{0,40}", "[路灯水泵小区a2区，。 \\u{0}\\u{1}]{0,60}", 0..9usize), 0..30)) {
        let sent: Vec<Sent> = texts.into_iter().map(|(topic, text, user)| {
            Sent { user: user.to_string(), day: i64::from(user as u32) * 400, topic, text, area: "" }
        }).collect();
        let topics = found(&sent);
        let mut seen: Vec<usize> = topics.iter().flat_map(|it| it.members.clone()).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), count, "a message is of one topic at most");
        prop_assert!(topics.is_sorted_by(|one, next| one.heat >= next.heat));
        for topic in topics {
            prop_assert!(topic.members.len() > 1 && topic.words.len() <= WORDS);
            prop_assert!((1..=topic.members.len()).contains(&topic.people));
            prop_assert!(topic.heat >= topic.people as f64 && topic.heat < topic.people as f64 + 1.0);
        }
    }
}
