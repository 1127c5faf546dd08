//! How numbers, days and changes are written.

use huying_report::{Better, Change, Measure, Number, Period, Tone, fit, say};

use super::example::{day, number};

#[test]
fn numbers_as_people_read_them() {
    assert_eq!([0, 999, 1000, 1_234_567].map(say::count), ["0", "999", "1,000", "1,234,567"]);
    for (share, said) in [
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (0.9996, ">99.9%"),
        (0.0001, "<0.1%"),
        (0.9234, "92.3%"),
        (-0.0, "0.0%"),
    ] {
        assert_eq!(say::percent(share), said, "{share}");
    }
    let shorts = [9_999, 12_345, 1_234_567, 1_234_567_890, u64::MAX].map(|it| say::short(it, 2.0));
    assert_eq!(shorts, ["9999", "1.2万", "123万", "12亿", "≥万亿"], "where the digits don't fit");
    assert_eq!(say::short(12_345, 4.0), "12,345");
    assert_eq!(say::value(Measure::Share, None), "–");
    assert_eq!(say::value(Measure::Score, Some(number(0.934))), "93.4分");
    assert_eq!(say::value(Measure::Days, Some(number(2.44))), "2.4天");
    assert_eq!(
        [2194.6, 2404.0, 0.96, -3.0].map(|it| say::part(number(it))),
        ["2,194.6", "2,404", "1", "−3.0"]
    );
}

#[test]
fn what_is_no_number_is_none() {
    assert!([f64::NAN, f64::INFINITY, -f64::INFINITY, 1e16].map(Number::of).iter().all(Option::is_none));
    assert!(serde_json::from_str::<Number>("1e300").is_err());
    assert_eq!(serde_json::from_str::<Number>("0.5").unwrap(), number(0.5));
}

#[test]
fn a_period_is_named_by_what_it_is() {
    for (from, to, said) in [
        ("2026-10-01", "2026-10-31", "2026年10月"),
        ("2026-02-01", "2026-02-28", "2026年2月"),
        ("2026-07-01", "2026-09-30", "2026年第3季度"),
        ("2026-02-01", "2026-04-30", "2026年2月1日至4月30日"),
        ("2026-01-01", "2026-12-31", "2026年"),
        ("2026-10-05", "2026-10-11", "2026年10月5日至10月11日"),
        ("2026-10-05", "2026-10-05", "2026年10月5日"),
        ("2025-12-29", "2026-01-04", "2025年12月29日至2026年1月4日"),
    ] {
        assert_eq!(say::period(&Period { from: day(from), to: day(to) }), said);
    }
}

#[test]
fn a_change_has_its_sign_and_its_arrow() {
    let count = |now, then| Change::of_count(now, then).map(Change::said);
    assert_eq!(count(3412, Some(5193)).unwrap(), "▼ −34.3%");
    assert_eq!(count(110, Some(100)).unwrap(), "▲ +10.0%");
    assert_eq!(count(57, Some(57)).unwrap(), "持平");
    assert_eq!(count(0, Some(57)).unwrap(), "▼ −100.0%");
    assert_eq!(count(1_000_000, Some(3)).unwrap(), "▲ +10倍以上");
    assert!(count(57, Some(0)).is_none() && count(57, None).is_none(), "nothing to compare with");
    let rate =
        |measure, now, then| Change::of_rate(measure, Number::of(now), Number::of(then)).map(Change::said);
    assert_eq!(rate(Measure::Share, 0.926, 0.931).unwrap(), "▼ −0.5个百分点");
    assert_eq!(rate(Measure::Score, 0.934, 0.921).unwrap(), "▲ +1.3分");
    assert_eq!(rate(Measure::Days, 2.4, 2.7).unwrap(), "▼ −0.3天");
    assert!(rate(Measure::Share, f64::NAN, 0.5).is_none() && rate(Measure::Share, 0.5, f64::NAN).is_none());
}

#[test]
fn a_change_is_welcome_by_what_is_better() {
    let more = Change::of_count(2, Some(1)).unwrap();
    assert_eq!(more.tone(Better::Higher), Tone::Good);
    assert_eq!(more.tone(Better::Lower), Tone::Bad);
    assert_eq!(more.tone(Better::Neither), Tone::Even);
    let same = Change::of_rate(Measure::Share, Number::of(0.50001), Number::of(0.5)).unwrap();
    assert_eq!(same.tone(Better::Lower), Tone::Even, "as it is shown");
}

#[test]
fn text_is_cut_by_its_width() {
    assert_eq!(fit::lines("其他城市管理问题", 4.0, 3), ["其他城市", "管理问题"]);
    assert_eq!(fit::lines("百步亭花园管理委员会办公室", 4.0, 2), ["百步亭花", "园管理…"]);
    assert_eq!(fit::within("后湖街道", 4.0), "后湖街道");
    assert_eq!(fit::within("abcdefgh", 3.0), "abc…");
    assert_eq!(fit::within("后湖", -1.0), "…");
    assert_eq!(fit::within("", 4.0), "");
    assert_eq!(fit::cut("一二三四", 3), "一二…");
}
