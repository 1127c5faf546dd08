//! Learning, answering, keeping and reading back, on made-up messages.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use huying_learn::{Example, LARGEST, Message, Model, Trained, Unreadable, Untrainable, steps, train};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering},
};

/// What messages of three kinds speak of.
const KINDS: [(&str, [&str; 6]); 3] = [
    ("lamp", ["路灯", "灯杆", "不亮", "漆黑", "灯泡", "照明"]),
    ("rubbish", ["垃圾", "清运", "臭味", "垃圾桶", "堆放", "保洁"]),
    ("school", ["学校", "入学", "老师", "学位", "补课", "家长"]),
];
const PLACES: [&str; 8] =
    ["花园小区", "胜利街", "三号楼下", "菜场门口", "公园南门", "地铁口", "河边步道", "幸福里"];

/// So many messages of each kind, each different.
fn examples(of_each: usize) -> Vec<Example> {
    let example = |at: usize, (label, words): &(&str, [&str; 6])| {
        let word = |nth: usize| words[(at * nth + nth) % words.len()];
        let text = format!(
            "{}的{}{}了第{at}天，{}，请来看看{}",
            PLACES[at % 8],
            word(1),
            word(3),
            word(5),
            PLACES[(at * 5 + 1) % 8]
        );
        let topic = if at.is_multiple_of(2) { format!("反映{}问题", word(2)) } else { String::new() };
        Example { topic, text, label: (*label).to_owned() }
    };
    (0..of_each).flat_map(|at| KINDS.iter().map(move |kind| example(at, kind))).collect()
}

fn trained(examples: &[Example]) -> Trained {
    train(examples, &|| {}).unwrap()
}

static MODEL: LazyLock<Model> = LazyLock::new(|| trained(&examples(40)).model);

fn best<'a>(model: &'a Model, topic: &str, text: &str) -> &'a str {
    model.classify(Message { topic, text }).best.label
}

#[test]
fn new_messages_get_their_label_from_title_text_or_both() {
    assert_eq!(MODEL.labels(), ["lamp", "rubbish", "school"]);
    assert_eq!(best(&MODEL, "", "楼前的路灯又坏了，晚上漆黑"), "lamp");
    assert_eq!(best(&MODEL, "垃圾没人清运", ""), "rubbish");
    assert_eq!(best(&MODEL, "学位不够", "孩子入学要怎么办"), "school");
    // What the title says counts more.
    assert_eq!(best(&MODEL, "垃圾清运", "路灯旁边"), "rubbish");
}

#[test]
fn words_with_blanks_between_them_and_other_forms_are_the_same() {
    let plain = MODEL.classify(Message { topic: "", text: "楼前的路灯不亮" });
    for same in ["楼前 的 路灯 不亮", "樓前的路燈不亮", "楼前的路\u{200b}灯不亮"] {
        assert_eq!(MODEL.classify(Message { topic: "", text: same }), plain, "{same}");
    }
}

#[test]
fn confidence_is_shared_out_and_nothing_known_means_little_of_it() {
    let answer = MODEL.classify(Message { topic: "路灯不亮", text: "灯杆漆黑" });
    let all: f32 = answer.alternatives.iter().map(|it| it.confidence).sum::<f32>() + answer.best.confidence;
    assert!((all - 1.0).abs() < 1e-4 && answer.best.confidence > 0.8, "{answer:?}");
    assert_eq!(answer.alternatives.len(), 2);
    for unknown in ["", "zzz", "\u{200b}"] {
        let answer = MODEL.classify(Message { topic: "", text: unknown });
        assert!(answer.best.confidence < 0.6, "{unknown}: {answer:?}");
    }
}

#[test]
fn training_says_how_good_it_is_on_what_it_has_not_seen() {
    let done = AtomicUsize::new(0);
    let all = examples(40);
    let Trained { model, held_out } = train(&all, &|| _ = done.fetch_add(1, Ordering::Relaxed)).unwrap();
    assert_eq!(done.into_inner(), steps(&all));
    assert!(held_out.macro_f1 > 0.95, "{held_out:?}");
    assert!(held_out.top_3 == 1.0, "of three labels the right one is always among three");
    assert_eq!(held_out.labels.iter().map(|it| it.examples).collect::<Vec<_>>(), [40, 40, 40]);
    assert_eq!(held_out.bins.iter().map(|it| it.examples).sum::<usize>(), 120);
    assert_eq!((model.examples(), model.macro_f1()), (120, held_out.macro_f1));
}

/// So many characters that say nothing, others for each number.
fn filler(at: usize, length: usize) -> String {
    let characters = (0..length).filter_map(|nth| {
        let hash = Sha256::digest([at.to_le_bytes(), nth.to_le_bytes()].concat());
        char::from_u32(0x4e00 + u32::from(hash[0]) * 16 + u32::from(hash[1] % 16))
    });
    characters.collect()
}

/// Labels that say nothing of the texts: a twin on the other side would know its twin's all the same.
#[test]
fn a_twin_does_not_teach_the_answer() {
    let mut all = examples(30);
    for (at, example) in all.iter_mut().enumerate() {
        example.label = format!("{}", Sha256::digest(at.to_le_bytes())[0] % 3);
        example.text = format!("{}{}", example.text, filler(at, 60));
    }
    let again =
        all.clone().into_iter().map(|it| Example { text: format!("再次反映，{}", it.text), ..it });
    all.extend(again.collect::<Vec<_>>());
    let held_out = trained(&all).held_out;
    assert!(held_out.accuracy < 0.6, "{held_out:?}");
    assert!(held_out.top_3 == 1.0, "{held_out:?}");
}

#[test]
fn the_same_examples_make_the_same_bytes() {
    let one = trained(&examples(20)).model.to_bytes();
    assert!(one == trained(&examples(20)).model.to_bytes());
    assert_ne!(Model::version(&one), Model::version(&trained(&examples(21)).model.to_bytes()));
    assert_eq!(Model::version(&one).len(), 12);
}

#[test]
fn a_model_comes_back_as_it_was() {
    assert!(Model::from_bytes(&MODEL.to_bytes()).unwrap() == *MODEL);
}

/// Five labels that say nothing of the texts.
#[test]
fn the_first_three_are_counted_apart_from_the_first() {
    let mut all = examples(30);
    for (at, example) in all.iter_mut().enumerate() {
        let hash = Sha256::digest(at.to_le_bytes());
        example.label = format!("{}", hash[0] % 5);
        example.text = filler(at, 60);
        example.topic.clear();
    }
    let held_out = trained(&all).held_out;
    assert!(held_out.top_3 > held_out.accuracy && held_out.top_3 < 1.0, "{held_out:?}");
    assert!((0.4..0.8).contains(&held_out.top_3), "three of five, told by chance: {held_out:?}");
}

/// A district's own categories: hundreds, with a few examples each.
#[test]
fn hundreds_of_labels_with_few_examples_fit() {
    let example = |at: usize| Example {
        topic: String::new(),
        text: format!("{}{}的问题，{}", filler(at, 4), filler(5000 + at % 400, 3), filler(at, 20)),
        label: format!("47678.5:e:{:05}", at % 400),
    };
    let all: Vec<Example> = (0..2000).map(example).collect();
    let Trained { model, held_out } = trained(&all);
    assert!(model.to_bytes().len() <= LARGEST);
    assert!(held_out.accuracy > 0.9, "{}", held_out.accuracy);
    assert_eq!(best(&model, "", &format!("{}出了毛病", filler(5123, 3))), "47678.5:e:00123");
}

#[test]
fn what_cannot_be_learned_is_refused() {
    let refused = |all: &[Example]| train(all, &|| {}).unwrap_err();
    assert_eq!(refused(&[]), Untrainable::Examples(0));
    let same = |it: Example| Example { label: "one".to_owned(), ..it };
    assert_eq!(refused(&examples(10).into_iter().map(same).collect::<Vec<_>>()), Untrainable::Labels(1));
    let nothing = |it: Example| Example { topic: String::new(), text: " ".to_owned(), ..it };
    assert_eq!(refused(&examples(10).into_iter().map(nothing).collect::<Vec<_>>()), Untrainable::Nothing);
    let mut all = examples(10);
    all[3].label = "长".repeat(100);
    assert_eq!(refused(&all), Untrainable::Label(300));
}

#[test]
fn bytes_that_are_no_model_are_refused() {
    let sound = MODEL.to_bytes();
    let refused = |bytes: &[u8]| Model::from_bytes(bytes).unwrap_err();
    assert_eq!(refused(b""), Unreadable::NoModel);
    assert_eq!(refused(&sound[..sound.len() - 1]), Unreadable::Changed);
    assert_eq!(refused(&vec![0; LARGEST + 1]), Unreadable::TooLarge(LARGEST + 1));
    let mut other = sound;
    other[7] = 2;
    assert_eq!(refused(&other), Unreadable::NoModel);
}

/// A model's bytes with some changed, and a checksum that is right again.
fn changed(changes: &[(prop::sample::Index, u8)], cut: usize) -> Vec<u8> {
    let mut body = MODEL.to_bytes();
    body.truncate(body.len() - 32 - cut.min(body.len() - 40));
    for (at, byte) in changes {
        let at = 8 + at.index(body.len() - 8);
        body[at] = *byte;
    }
    let checksum = Sha256::digest(&body);
    body.extend(checksum);
    body
}

proptest! {
    #[test]
    fn hostile_bytes_are_refused_or_answer_soundly(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        head in prop::collection::vec((0usize..80, any::<u8>()), 0..4),
        cut in prop_oneof![Just(0usize), 1usize..5000],
    ) {
        let mut bytes = changed(&changes, cut);
        let body = bytes.len() - 32;
        for (at, byte) in head.into_iter().filter(|(at, _)| 8 + at < body) {
            bytes[8 + at] = byte;
        }
        let checksum = Sha256::digest(&bytes[..body]);
        bytes[body..].copy_from_slice(&checksum);
        if let Ok(model) = Model::from_bytes(&bytes) {
            let answer = model.classify(Message { topic: "路灯不亮", text: "垃圾没有清运，学校门口" });
            prop_assert!((0.0..=1.0).contains(&answer.best.confidence));
        }
    }

    #[test]
    fn any_text_is_answered(topic in any::<String>(), text in any::<String>()) {
        let answer = MODEL.classify(Message { topic: &topic, text: &text });
        prop_assert!((0.0..=1.0).contains(&answer.best.confidence));
    }
}
