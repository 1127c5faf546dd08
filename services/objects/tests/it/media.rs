//! Types by content.

use huying_objects::media::told_by;

#[test]
fn a_type_is_told_by_content() {
    let told = [
        (&b"\xff\xd8\xff\xe0\x00\x10JFIF"[..], Some("image/jpeg")),
        (b"\x89PNG\r\n\x1a\n", Some("image/png")),
        (b"%PDF-1.7\n", Some("application/pdf")),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", Some("video/mp4")),
        (b"#!AMR\n", Some("audio/amr")),
        (b"RIFF\x24\0\0\0WAVEfmt ", Some("audio/x-wav")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Some("application/msword")),
        (b"MZ\x90\0", Some("application/vnd.microsoft.portable-executable")),
        (b"just words", None),
        (b"", None),
    ];
    for (head, media) in told {
        assert_eq!(told_by(head), media, "{head:?}");
    }
}

#[test]
fn a_cut_or_strange_head_is_no_panic() {
    let zip = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x13\0\xff\xff[Content_Types].xml";
    for end in 0..=zip.len() {
        let _ = told_by(&zip[..end]);
    }
}
