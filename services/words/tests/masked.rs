//! What is left of a name and a phone.

use huying_words::{masked_name, masked_phone};

#[test]
fn a_name_keeps_its_first_character() {
    for (name, masked) in [("王小明", "王**"), ("王", "王**"), ("欧阳某某", "欧**"), ("", "")] {
        assert_eq!(masked_name(name), masked);
        assert_eq!(masked_name(masked), masked);
    }
}

#[test]
fn a_phone_keeps_its_last_four_digits_if_that_is_little_of_it() {
    for (phone, masked) in [
        ("+8613800138000", "+*********8000"),
        ("027-82345678", "***-****5678"),
        ("027-82345678 ext 801", "***-*******8 *** 801"),
        ("027-82345678 / 95588", "***-******** / *5588"),
        ("95588", "*****"),
        ("138****1234", "***********"),
        ("王先生家", "****"),
        ("王先生* 8000", "**** ****"),
        ("１３８００１３８０００", "***********"),
        ("", ""),
    ] {
        assert_eq!(masked_phone(phone), masked, "{phone}");
        assert_eq!(masked_phone(masked), masked, "what is masked stays so");
    }
}
