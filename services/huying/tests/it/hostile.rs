//! What a server or a file says is shown, and moves nothing: no cursor, no direction of writing, no line that looks like one of ours.

use huying::failure::report;
use huying::output::{label, page, rows};
use huying_chassis::status::Problem;
use huying_words::{bounded, set_in, shown, shown_json, shown_lines};
use indicatif::ProgressBar;
use tonic::{Code, Status};

/// Clears the screen, goes up a line and writes over it, turns the direction, and ends the line: by C0, by C1, and by Unicode.
const HOSTILE: &str = "路灯\u{1b}[2J\u{1b}[1A\u{9b}2K\r已结\u{8}\u{202e}案\u{2066}\u{200b}\u{7f}\u{2028}\nJA-20261128-000001  closed  销号";

fn moves(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && (c.is_control() || "\u{202e}\u{2066}\u{200b}\u{2028}".contains(c)))
}

#[test]
fn attack_47_a_hostile_title_forges_no_line_of_a_table() {
    let row = || vec![HOSTILE.to_owned(), "办理中".to_owned(), HOSTILE.to_owned()];
    let list = rows(&["number", "state", "content"], std::iter::once(row()), false);
    assert_eq!((list.lines().count(), moves(&list)), (2, false), "{list}");
    let blocks = rows(&["number", "state", "content"], [row(), row()].into_iter(), true);
    assert!(!moves(&blocks), "{blocks}");
    let forged = blocks.lines().filter(|line| line.starts_with("JA-2026")).count();
    assert_eq!(forged, 0, "{blocks}");
    let page =
        page(vec![("title", HOSTILE.to_owned()), ("state", "办理中".to_owned()), ("none", String::new())]);
    assert!(!moves(&page), "{page}");
    assert!(page.lines().all(|line| !line.starts_with("JA-2026")), "{page}");
    assert_eq!(page.lines().filter(|line| line.starts_with("state")).count(), 1);
}

#[test]
fn a_hostile_text_is_told_in_a_line_among_lines() {
    let line = shown(HOSTILE);
    assert!(!moves(&line) && !line.contains('\n'), "{line}");
    assert!(
        line.starts_with("路灯<U+001B>[2J") && line.contains("<U+202E>案") && line.contains("⏎JA-"),
        "{line}"
    );
    assert!(!moves(&shown_lines(HOSTILE)));
    let inset = format!("10:00  街道 {}", set_in("好\n10:01  街道 [公开] 已解决"));
    assert_eq!(inset.lines().nth(1), Some("    10:01  街道 [公开] 已解决"));
    for kept in ["路灯不亮，三天了。", "👨\u{200d}👩\u{200d}👧❤\u{fe0f}", "葛\u{e0100}城𠮷"]
    {
        assert_eq!(shown(kept), kept);
    }
    assert_eq!(shown_lines("一\r\n二\t三"), "一\n二\t三");
    assert_eq!(bounded(&"长".repeat(300), 5), "长长长长…");
    assert_eq!((bounded("不长", 5), bounded("正正正正好", 5)), ("不长".to_owned(), "正正正正好".to_owned()));
}

#[test]
fn a_hostile_name_beside_a_bar_is_told_in_its_line() {
    let bar = ProgressBar::hidden();
    label(&bar, HOSTILE);
    assert_eq!(bar.message(), shown(HOSTILE));
}

#[test]
fn json_says_the_same_to_a_program() {
    let json = serde_json::to_string(&[HOSTILE, "好\u{e0041}"]).unwrap();
    let told = shown_json(&json);
    assert!(!moves(&told), "{told}");
    let read: Vec<String> = serde_json::from_str(&told).unwrap();
    assert_eq!(read, [HOSTILE, "好\u{e0041}"]);
}

#[test]
fn a_hostile_refusal_is_told_in_its_lines() {
    let problem = Problem::new(Code::InvalidArgument, "BAD_FIELD", HOSTILE).field(HOSTILE, HOSTILE);
    let told = report(&Status::from(problem).into());
    assert!(!moves(&told) && told.lines().all(|line| !line.starts_with("JA-")), "{told}");
    let raw = Status::from(Problem::new(Code::NotFound, "NOT_FOUND", "none"));
    let told = report(&tonic_with_message(&raw, HOSTILE).into());
    assert!(!moves(&told) && told.lines().all(|line| !line.starts_with("JA-")), "{told}");
}

/// As a server that is none of ours would say it.
#[allow(clippy::disallowed_methods, reason = "it is made up")]
fn tonic_with_message(status: &Status, message: &str) -> Status {
    Status::with_details(status.code(), message, status.details().to_vec().into())
}
