//! Danger to life is read whatever else is known, and measured on a list of short texts, negations and traps among them.

use huying_routing::domain::{
    danger::Danger,
    decide::{by_hand, decide},
    decision::{Decision, Demand, Routing, Triage},
    learned::Memory,
};
use huying_terms::{Location, Priority};

use crate::place::{self, GAS, LITTER, in_area, submission};

/// `kind<tab>text`, `-` for none.
const TEXTS: &str = include_str!("dangers.txt");

fn dangers(content: &str) -> Vec<Danger> {
    match decide(
        &place::index(),
        Memory::default(),
        &submission(content, Location::default(), ""),
        place::now(),
    ) {
        Routing::Decided(decision) => decision.dangers,
        Routing::Queued { partial, .. } => partial.dangers,
    }
}

#[test]
fn recall_and_precision() {
    let index = place::index();
    let (mut found, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for (kind, text) in TEXTS.lines().map(|line| line.split_once('\t').unwrap()) {
        let alarmed =
            match decide(&index, Memory::default(), &submission(text, Location::default(), ""), place::now())
            {
                Routing::Decided(decision) => !decision.dangers.is_empty(),
                Routing::Queued { partial, .. } => !partial.dangers.is_empty(),
            };
        match (kind, alarmed) {
            ("-", true) => wrong.push(text),
            ("-", false) => {}
            (_, true) => found += 1,
            (_, false) => missed.push(text),
        }
    }
    let share = |others: usize| f64::from(found) / (f64::from(found) + others as f64);
    let (recall, precision) = (share(missed.len()), share(wrong.len()));
    assert!(TEXTS.lines().count() >= 400);
    assert!(recall >= 0.98, "recall {recall:.3}, missed: {missed:#?}");
    assert!(precision >= 0.98, "precision {precision:.3}, wrong: {wrong:#?}");
}

#[test]
fn each_kind_has_its_name() {
    for (text, danger) in [
        ("有人要跳楼", Danger::Suicide),
        ("老人独居多日无人应答", Danger::Alone),
        ("电梯困人", Danger::Trapped),
        ("闻到天然气味道很浓", Danger::Gas),
        ("楼下打架动刀子", Danger::Violence),
        ("路面塌陷", Danger::Collapse),
        ("路灯杆漏电", Danger::Electricity),
        ("楼上着火了", Danger::Fire),
        ("有人落水", Danger::Drowning),
        ("食物中毒", Danger::Poisoning),
        ("高空坠物", Danger::Fall),
        ("有人晕倒", Danger::Injury),
    ] {
        assert!(dangers(text).contains(&danger), "{text}: {:?}", dangers(text));
    }
}

#[test]
fn it_is_known_while_nothing_else_is() {
    let it = decide(
        &place::index(),
        Memory::default(),
        &submission("有人要跳楼", Location::default(), ""),
        place::now(),
    );
    let Routing::Queued { partial, undecided } = it else { panic!("decided") };
    assert_eq!(undecided.len(), 2);
    assert_eq!((partial.dangers, partial.priority), (vec![Danger::Suicide], Some(Priority::Urgent)));
    assert!(partial.reasons.iter().any(|it| it.rule == "danger.suicide"), "{:?}", partial.reasons);
    let it = decide(
        &place::index(),
        Memory::default(),
        &submission("你好", Location::default(), ""),
        place::now(),
    );
    let Routing::Queued { partial, .. } = it else { panic!("decided") };
    assert_eq!((partial.dangers.len(), partial.priority), (0, None));
}

fn decision(content: &str, category: &str) -> Decision {
    place::decided(decide(
        &place::index(),
        Memory::default(),
        &submission(content, in_area("420102003002"), category),
        place::now(),
    ))
}

#[test]
fn it_makes_any_category_urgent_within_the_hour() {
    let it = decision("垃圾堆里有人晕倒", LITTER);
    assert_eq!((it.priority, it.resolve.to_string().as_str()), (Priority::Urgent, "1 urgent hour"));
    let rules: Vec<&str> = it.reasons.iter().map(|it| it.rule.as_str()).collect();
    for rule in ["danger.injury", "priority.danger", "resolve.danger"] {
        assert!(rules.contains(&rule), "{rule} is not among {rules:?}");
    }
    let it = decision("垃圾堆了三天", LITTER);
    assert_eq!((it.priority, it.dangers.len()), (Priority::Normal, 0));
}

#[test]
fn a_person_has_the_last_word_on_how_pressing_it_is() {
    let triage =
        |priority| Triage { area: "420102003002".into(), category: GAS.into(), holder: None, priority };
    let hand = |priority| {
        by_hand(&place::index(), ("漏气", Demand::default()), &triage(priority), (place::now(), place::now()))
            .unwrap()
    };
    assert_eq!(hand(None).resolve.to_string(), "1 urgent hour");
    let normal = hand(Some(Priority::Normal));
    assert_eq!((normal.priority, normal.resolve.to_string().as_str()), (Priority::Normal, "5 work days"));
    assert_eq!(normal.dangers, [Danger::Gas], "it stays known");
}

#[test]
fn a_word_in_the_midst_of_a_letter_is_not_enough_alone() {
    let letter =
        format!("关于路口的建议\n{}这里以前出过车祸。{}", "这里的路很窄。".repeat(20), "请考虑。".repeat(20));
    assert!(dangers(&letter).is_empty());
    assert!(!dangers(&format!("{letter}昨天又有人晕倒。")).is_empty(), "twice is");
    assert!(!dangers(&format!("{letter}我不想活了。")).is_empty(), "suicide always is");
    assert!(!dangers(&letter.replace("的建议", "有人晕倒")).is_empty(), "so is the title");
    for (said, why) in [
        ("三号楼的电梯停了，我父亲被困在里面出不来", "so are two words of one sentence"),
        ("这里刚才出了车祸", "so is what is now"),
        ("刚才这里出了车祸", "so is what is now"),
    ] {
        assert!(!dangers(&letter.replace("这里以前出过车祸", said)).is_empty(), "{why}: {said}");
    }
    assert!(dangers(&letter.replace("这里", "现在路修好了。这里")).is_empty(), "now is its sentence's");
}

#[test]
fn a_district_adds_words_and_its_own_limit() {
    use huying_proto::{common::v1 as common, routing::v1 as pb};
    let mut profile = place::profile();
    profile.danger = Some(pb::DangerRules {
        words: vec![pb::DangerWords {
            danger: pb::Danger::Drowning.into(), words: vec!["江滩…没影".into()]
        }],
        resolve: place::limit(common::LimitKind::UrgentHour, 2),
    });
    let index = huying_routing::domain::index::Index::new(place::directory(profile)).unwrap();
    let it = decide(
        &index,
        Memory::default(),
        &submission("江滩玩的孩子没影了", in_area("420102003002"), LITTER),
        place::now(),
    );
    let it = place::decided(it);
    assert_eq!(
        (it.dangers.as_slice(), it.resolve.to_string().as_str()),
        ([Danger::Drowning].as_slice(), "2 urgent hours")
    );
}
