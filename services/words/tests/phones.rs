//! Phone numbers as people write them.

use huying_words::phone::{Phone, phones};
use proptest::prelude::*;

fn numbers(text: &str) -> Vec<String> {
    let read = phones(text);
    assert!(read.iter().all(|phone| matches!(phone, Phone::Number(_))), "{text}: {read:?}");
    read.into_iter().map(Phone::text).collect()
}

#[test]
fn each_has_one_form() {
    for (given, form) in [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 13800138000", "+8613800138000"),
        ("＋86-138-0013-8000", "+8613800138000"),
        ("0086-13800138000", "+8613800138000"),
        ("(86)13800138000", "+8613800138000"),
        ("013800138000", "+8613800138000"),
        ("13800138000转1234", "+8613800138000 ext 1234"),
        ("(027)82345678", "027-82345678"),
        ("（027）8234 5678", "027-82345678"),
        ("02782345678", "027-82345678"),
        ("027—82345678", "027-82345678"),
        ("+86 27 8234 5678", "027-82345678"),
        ("0086-027-82345678", "027-82345678"),
        ("0571-8234567", "0571-8234567"),
        ("05718234567", "0571-8234567"),
        ("010 6234 5678", "010-62345678"),
        ("027-12345", "027-12345"),
        ("027-82345678转801", "027-82345678 ext 801"),
        ("027-82345678-801", "027-82345678 ext 801"),
        ("027-82345678 轉 801", "027-82345678 ext 801"),
        ("027-82345678分机：801", "027-82345678 ext 801"),
        ("027-82345678 Ext. 801", "027-82345678 ext 801"),
        ("027-82345678#801", "027-82345678 ext 801"),
        ("400-820-8820", "400-820-8820"),
        ("4008208820", "400-820-8820"),
        ("400 820 8820 转 2", "400-820-8820 ext 2"),
        ("82345678", "82345678"),
        ("8234-5678", "82345678"),
        ("12345", "12345"),
        ("95588", "95588"),
        ("110", "110"),
        ("+852 2345 6789", "+85223456789"),
        ("00852-23456789", "+85223456789"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+44 (0)20 7946 0018", "+442079460018"),
    ] {
        assert_eq!(numbers(given), [form], "{given}");
    }
}

#[test]
fn two_numbers_are_two() {
    for given in [
        "13800138000/027-82345678",
        "13800138000、027-82345678",
        "13800138000 027-82345678",
        "13800138000；(027)82345678",
        "１３８００１３８０００，027-82345678",
        "13800138000或027-82345678",
    ] {
        assert_eq!(numbers(given), ["+8613800138000", "027-82345678"], "{given}");
    }
    let mixed = phones("138****1234/027-82345678");
    assert_eq!(mixed, [Phone::Number("027-82345678".into()), Phone::Unread("138****1234".into())]);
}

/// Words around a number: those that only say that it is one go, and whose it is stays.
#[test]
fn words_may_stand_around_a_number() {
    for (given, form) in [
        ("手机：13800138000", "+8613800138000"),
        ("手機號碼:138 0013 8000", "+8613800138000"),
        ("Tel: +86 13800138000", "+8613800138000"),
        ("联系电话（027）82345678转801", "027-82345678 ext 801"),
        ("电话：82345678", "82345678"),
        ("13800138000（本人）", "+8613800138000"),
        ("电话１３８００１３８０００。", "+8613800138000"),
    ] {
        assert_eq!(phones(given), [Phone::Number(form.into())], "{given}");
    }
    for (given, whose) in [
        ("13800138000（王先生）", "王先生"),
        ("王先生 13800138000", "王先生"),
        ("王女士：13800138000", "王女士"),
        ("13800138000转王先生", "转王先生"),
        ("手机13800138000 微信同号", "微信同号"),
    ] {
        let read = [Phone::Number("+8613800138000".into()), Phone::Unread(whose.into())];
        assert_eq!(phones(given), read, "{given}");
    }
    let two = phones("手机13800138000（儿子）/座机：027-82345678");
    let [son, line] = ["+8613800138000", "027-82345678"].map(|number| Phone::Number(number.into()));
    assert_eq!(two, [son, line, Phone::Unread("儿子".into())]);
    // Houses, amounts, and what is left of a masked number.
    for given in [
        "100号王先生",
        "电话110",
        "138****1234（王先生）",
        "82345678***",
        "8234567某",
        "8234567xx",
        "1380013某某某某",
    ] {
        assert_eq!(phones(given), [Phone::Unread(given.into())], "{given}");
    }
}

#[test]
fn what_cannot_be_read_stays_as_given() {
    for given in [
        "138****1234",
        "138xxxx8000",
        "138----8000",
        "不详",
        "1380013800",
        "12800138000",
        "+0123456789",
        "abc",
        "-",
        "027-5678",
        "转801",
        "138****1234/139****1234",
    ] {
        assert_eq!(phones(given), [Phone::Unread(given.into())], "{given}");
    }
    assert_eq!(phones(" \u{200b}\n"), []);
}

/// Texts that look like numbers, so that the readable ones come up too.
fn dialled() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９+＋()（）/、转x#* -]{0,30}",
        "(0086|\\+86|86|)1[3-9][0-9]{9}(转[0-9]{1,4})?"
    ]
}

proptest! {
    /// Whatever comes in, something comes out, and every digit of it.
    #[test]
    fn nothing_is_lost(text in dialled()) {
        let read = phones(&text);
        prop_assert_eq!(read.is_empty(), huying_words::is_blank(&text));
        let ascii = |text: &str| huying_words::normal(text).chars().filter(char::is_ascii_digit).collect::<String>();
        let kept: usize = read.iter().map(|phone| ascii(&phone.clone().text()).len()).sum();
        // A country's code or a trunk's 0 may go, or come.
        prop_assert!(kept + 4 * read.len() >= ascii(&text).len(), "{:?}", read);
    }

    /// The form of a form is itself.
    #[test]
    fn a_form_is_read_as_itself(text in dialled()) {
        for phone in phones(&text) {
            if let Phone::Number(number) = phone {
                prop_assert_eq!(phones(&number), [Phone::Number(number.clone())]);
            }
        }
    }
}
