//! What is kept of a text, and in which form words are looked for.

use huying_words::{clean, is_blank, normal, one_line, unfit, unfit_line};
use proptest::prelude::*;

#[test]
fn the_many_ways_to_write_one_thing_are_alike() {
    for (written, form) in [
        ("路燈不亮", "路灯不亮"),
        ("路\u{200b}灯不亮", "路灯不亮"),
        ("路 灯", "路灯"),
        ("路\u{3000}灯\u{a0}不亮", "路灯不亮"),
        ("胜利街１５８号", "胜利街158号"),
        ("勝利街158號", "胜利街158号"),
        ("同興社區", "同兴社区"),
        ("裡面積水，電綫桿傾斜", "里面积水,电线杆倾斜"),
        ("⾨前⻋多", "门前车多"),
        ("Ａ座 B1 层", "a座b1层"),
        ("3 5号", "3 5号"),
        ("门牌 35 号", "门牌35号"),
        ("路\u{ad}灯\u{fe0f}\u{202e}坏了", "路灯坏了"),
        ("电话：12345", "电话:12345"),
        ("㎡ ① Ⅲ", "m2 1 iii"),
        ("标题\r\n\r\n正 文\u{2028}第三\u{b}行\n", "标题\n正文\n第三\n行"),
    ] {
        assert_eq!(normal(written), form, "{written:?}");
    }
}

#[test]
fn what_stands_in_everyday_words_is_no_variant() {
    for words in ["捍卫", "呱呱叫", "磐石", "呵斥", "大阪路", "〇号"] {
        assert_eq!(normal(words), words);
    }
}

#[test]
fn a_kept_text_has_one_kind_of_line_end_and_no_control_characters() {
    assert_eq!(
        clean("路灯不亮\r\n已经三天\r第三\u{b}四\u{c}五\u{85}六\u{2028}七\u{2029}八\n\n九"),
        "路灯不亮\n已经三天\n第三\n四\n五\n六\n七\n八\n\n九"
    );
    assert_eq!(clean("a\tb\0c\u{1b}[0m\u{7f}d"), "a bc[0md");
    assert_eq!(clean(" 勝利街１５８号\u{200b} "), " 勝利街１５８号 ", "all that is seen stays as received");
    assert_eq!(one_line("\n胜利街\r\n158号\t2楼 "), "胜利街 158号 2楼");
}

/// Of format, of direction, of lines, tags; and selectors and joiners that have nothing to do.
const HIDDEN: [&str; 18] = [
    "\u{ad}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{200e}",
    "\u{202a}",
    "\u{202e}",
    "\u{2060}",
    "\u{2066}",
    "\u{2069}",
    "\u{feff}",
    "\u{fff9}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{180b}",
    "\u{e0100}",
    "\u{1b}",
];

#[test]
fn what_is_hidden_goes_or_is_told() {
    for hidden in HIDDEN {
        let text = format!("Aa{hidden}b");
        assert_eq!(clean(&text), "Aab", "{hidden:?}");
        let found = hidden.chars().next().map(|c| (3, c));
        assert_eq!((unfit(&text), unfit_line(&text)), (found, found), "{hidden:?}");
    }
    assert_eq!(
        clean("好\u{fe0f}\u{fe01}\u{fe02}的"),
        "好\u{fe0f}的",
        "one selector chooses, more of them carry what nobody sees"
    );
    for end in ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\t"] {
        let text = format!("一{end}二");
        assert_eq!((unfit(&text), unfit_line(&text).map(|it| it.0)), (None, Some(2)), "{end:?}");
    }
}

#[test]
fn what_works_is_kept() {
    for text in [
        "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥 👍🏽 🇨🇳 1\u{fe0f}\u{20e3} ☎\u{fe0e} 👩🏽\u{200d}⚕\u{fe0f}",
        "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』——……·～￥％",
        "ＡＢＣ１２３ ｶﾞ 　全角",
        "𠮷野家 㐂 䶮 𫖯 𬱖 𰻝 𱁬 葛\u{e0100} 〇 \u{e000}",
        "ئۇيغۇر می\u{200c}خواهم ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ ᠬ\u{180b}ᠡ བོད་ཡིག",
    ] {
        assert_eq!((clean(text).as_ref(), one_line(text).as_str()), (text, text));
        assert_eq!((unfit(text), unfit_line(text)), (None, None), "{text}");
    }
}

#[test]
fn what_no_screen_shows_is_nothing() {
    for nothing in
        ["", " \u{3000}\t", "\u{200b}\u{feff}", "\r\n\u{2028}", "\u{2060}\u{ad}\0", "\u{3164}\u{2800}"]
    {
        assert!(is_blank(nothing), "{nothing:?}");
    }
    assert!(!is_blank("\u{200b}。"));
}

/// What is left alone when a blank goes is one letter: `´` is a blank and a mark in compatibility form.
#[test]
fn a_mark_behind_a_blank_stands_on_its_letter() {
    assert_eq!(normal("c\u{b4}"), "\u{107}");
}

proptest! {
    #[test]
    fn a_form_is_its_own_form(text in "\\PC{0,40}|[\\u{0}-\\u{3000}路燈 \\r\\n\\u{2028}\\u{200b}]{0,40}|.*") {
        let form = normal(&text);
        prop_assert_eq!(normal(&form), form.clone());
        prop_assert!(form.chars().count() <= 18 * text.chars().count());
        prop_assert_eq!(form.is_empty(), is_blank(&text), "{:?}", text);
    }

    #[test]
    fn keeping_twice_keeps_the_same(
        text in ".*|[\\u{0}-\\u{a0}\\u{2028}]*|[葛😀ᠬن\\u{200b}-\\u{200e}\\u{fe0e}\\u{fe0f}\\u{180b}-\\u{180f}\\u{e0100}\\u{202e}a]*",
    ) {
        let kept = clean(&text).into_owned();
        prop_assert_eq!((unfit(&kept), unfit_line(&one_line(&text))), (None, None));
        prop_assert!(kept.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert_eq!(clean(&kept), kept.as_str());
    }
}
