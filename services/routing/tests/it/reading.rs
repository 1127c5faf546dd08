//! Words are found however they are written, and count only where they are meant.

use huying_routing::domain::decision::{Part, Routing};
use huying_routing::domain::{decide::decide, index::Index, learned::Memory};
use huying_terms::Location;

use crate::place::{self, CARS, GAS, LITTER, POLICY, TREES, in_area, submission};

/// The category a text is decided to; `-` where it is left to a person.
fn category(index: &Index, content: &str) -> String {
    match decide(index, Memory::default(), &submission(content, in_area("420102003002001"), ""), place::now())
    {
        Routing::Decided(decision) => decision.category,
        Routing::Queued { .. } => "-".into(),
    }
}

fn hold(texts: &[(&str, &str)]) {
    let index = place::index();
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|(wanted, text)| {
            let found = category(&index, text);
            (found != *wanted).then(|| format!("{text}: {found}, not {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_normal_form_before_all_matching() {
    hold(&[
        (GAS, "燃氣洩漏，快來"),
        (GAS, "燃\u{200b}气泄漏"),
        (GAS, "燃 气 泄 漏"),
        (GAS, "燃\u{3000}气\t泄漏"),
        (LITTER, "垃\u{2060}圾堆成山"),
        (TREES, "大樹傾斜"),
        (POLICY, "惠企政策宣講"),
    ]);
    // A rule's own words go the same way.
    let mut profile = place::profile();
    profile.rules[0].any = vec!["挪 車".into()];
    let index = Index::new(place::directory(profile)).unwrap();
    assert_eq!(category(&index, "麻烦挪车"), CARS);
}

#[test]
fn the_text_itself_is_kept_as_received() {
    let content = "燃氣 洩\u{200b}漏";
    let given = submission(content, Location::default(), "");
    assert_eq!(given.content, content);
}

#[test]
fn a_denied_or_settled_word_does_not_count() {
    hold(&[
        ("-", "没有漏气"),
        ("-", "没有发现任何燃气泄漏，请放心"),
        ("-", "未发生漏气"),
        ("-", "并没有闻到煤气味"),
        ("-", "不是漏气"),
        ("-", "并非大树倾斜"),
        ("-", "燃气泄漏是误会"),
        ("-", "漏气的地方昨天已经修好了，谢谢"),
        ("-", "漏气，现在已修复，感谢"),
        ("-", "垃圾堆已清运干净"),
        ("-", "没有漏气、没有煤气味"),
        ("-", "社区已经修好了漏气的管子，感谢"),
        ("-", "师傅昨天上门修好了漏气，谢谢"),
        ("-", "已彻底清理垃圾堆"),
        ("-", "感谢你们修好了漏气漏了三天的燃气管"),
        ("-", "没有漏气或者煤气味"),
        (TREES, "没有漏气，但是大树倾斜"),
        (TREES, "不是漏气的问题，是树歪了"),
        (LITTER, "不是垃圾被偷，而是垃圾堆了一地"),
        (CARS, "树没有倾斜，是车堵住门"),
    ]);
}

#[test]
fn what_only_looks_like_denial_is_none() {
    hold(&[
        (GAS, "不是没有漏气"),
        (GAS, "不能说没有漏气"),
        (GAS, "这不是第一次漏气了"),
        (GAS, "难道没有人管管漏气吗"),
        (GAS, "漏气没人管"),
        (GAS, "没有人来修漏气的管子，漏气三天了"),
        (GAS, "漏气修好了又漏气"),
        (GAS, "回复说漏气已修好，其实没有"),
        (GAS, "希望漏气早点修好了"),
        (GAS, "漏气到现在还没修好"),
        (LITTER, "没有清理垃圾堆"),
        (GAS, "修好了漏气又漏气"),
        (GAS, "没修好漏气的管子"),
        (GAS, "已修好的管子漏气"),
        (GAS, "修好了没两天漏气"),
        (GAS, "刚刚修好三天漏气了"),
        (GAS, "修好后漏气"),
        (GAS, "如果社区修好了漏气就好了"),
        (GAS, "路灯修好了漏气没修"),
        (GAS, "社区修好了路灯漏气了没人管"),
        (LITTER, "已经多次反映清理垃圾堆的事"),
        (CARS, "无故有车堵住出口"),
        // A thing people ask for: that there is none is the matter.
        (POLICY, "没有惠企政策"),
    ]);
}

#[test]
fn one_word_by_the_way_never_decides() {
    hold(&[
        ("-", "门口整天吵得人睡不着觉，前两天还听人说起有地方漏气"),
        (GAS, "您好，我是附近住户，请问漏气找谁"),
        (GAS, "漏气"),
        // A landmark is not the matter.
        ("-", "垃圾堆旁边总有人吵架，请来看看怎么回事"),
        ("-", "垃圾堆以北总有人吵架，请来看看怎么回事"),
    ]);
}

#[test]
fn what_a_title_ends_with_is_the_matter() {
    hold(&[(TREES, "小区垃圾臭，大树要倒\n请来看看"), (LITTER, "小区大树要倒，垃圾臭\n请来看看")]);
}

#[test]
fn below_a_title_that_says_nothing_of_it_more_must_speak() {
    let body = "门口整天吵得人睡不着觉，前两天燃气检查，燃气票也没给";
    hold(&[
        (GAS, body),
        ("-", &format!("请帮帮我们\n{body}")),
        (GAS, &format!("请帮帮我们\n{body}，燃气表坏了，燃气费也不对")),
    ]);
}

#[test]
fn what_is_asked_after_is_not_denied() {
    hold(&[(GAS, "请问有无燃气检查"), (GAS, "请问有没有燃气检查"), ("-", "请问无燃气怎么办")]);
}

#[test]
fn a_word_in_parts_holds_within_a_clause() {
    let mut profile = place::profile();
    profile.rules[0].any = vec!["轿车|货车…出口|通道".into()];
    let index = Index::new(place::directory(profile)).unwrap();
    assert_eq!(category(&index, "一辆货车停在出口"), CARS);
    assert_eq!(category(&index, "出口停着一辆货车"), "-");
    assert_eq!(category(&index, "来了一辆货车，然后到了出口"), "-");
}

#[test]
fn the_reasons_say_what_was_passed_over() {
    let index = place::index();
    let it = decide(
        &index,
        Memory::default(),
        &submission("没有漏气，是树歪了", in_area("420102003002001"), ""),
        place::now(),
    );
    let it = place::decided(it);
    let reasons: Vec<_> = it.reasons.iter().filter(|it| it.part == Part::Category).collect();
    assert_eq!(
        reasons.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>(),
        ["category.denied", "category.keyword"]
    );
    assert!(reasons[0].text.contains("“漏气”"), "{}", reasons[0].text);
    assert!(reasons[1].text.contains("“树歪”"), "{}", reasons[1].text);
}
