//! What a file is, told by its content: a name or a sender's word can say anything.

/// As many of the first bytes tell it, or all where there are fewer. Office files say it behind their first entries.
pub const HEAD: usize = 16 * 1024;

/// The media type, such as `image/jpeg`; none where it is not known, as of plain text. Of Office's files before 2007 all are told as
/// `application/msword`: which of them it is stands anywhere in the file.
pub fn told_by(head: &[u8]) -> Option<&'static str> {
    // A telephone's recording begins as a script does.
    if head.starts_with(b"#!AMR") {
        return Some("audio/amr");
    }
    infer::get(head).map(|kind| kind.mime_type())
}
