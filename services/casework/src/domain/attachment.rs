//! Files on a case: what they show, what of them is taken, and what a case must have before it is resolved. Their bytes lie elsewhere,
//! under the name that the case keeps.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::Actor;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::profile::{is_below, is_category_part};

/// Most files that a case can have, whatever a profile says: they stand in its row.
pub const MOST: u32 = 50;
/// Most bytes of one.
pub const LARGEST: u64 = 1 << 30;

/// What an attachment shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AttachmentKind {
    /// 处置前照片.
    BeforePhoto,
    /// 处置后照片.
    AfterPhoto,
    /// 录音录像.
    Recording,
    /// 文书.
    Document,
}

impl AttachmentKind {
    pub fn is_photo(self) -> bool {
        match self {
            Self::BeforePhoto | Self::AfterPhoto => true,
            Self::Recording | Self::Document => false,
        }
    }

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether a file of a type can show that.
    pub fn fits(self, media_type: &str) -> bool {
        match self {
            Self::BeforePhoto | Self::AfterPhoto => media_type.starts_with("image/"),
            Self::Recording => media_type.starts_with("audio/") || media_type.starts_with("video/"),
            Self::Document => true,
        }
    }
}

/// A file, as it is told of and found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub id: Uuid,
    pub kind: AttachmentKind,
    /// As it was given: it may be personal, and no event has it.
    pub name: String,
    /// Told by its content.
    pub media_type: String,
    pub size: u64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// The name of its bytes in the store of objects.
    pub object: String,
}

/// A file on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub file: File,
    /// Who added it.
    pub by: Actor,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    /// The case's attempt it was added in.
    pub attempt: i32,
}

/// What of files is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentPolicy {
    /// On one case.
    pub most: u32,
    /// Bytes of one.
    pub largest: u64,
    pub media_types: Vec<String>,
}

/// Photos, sound, video and office files of 50 MiB, 20 of them.
impl Default for AttachmentPolicy {
    fn default() -> Self {
        let office = "application/vnd.openxmlformats-officedocument";
        let plain = [
            "image/jpeg",
            "image/png",
            "image/heif",
            "image/webp",
            "audio/mpeg",
            "audio/m4a",
            "audio/x-wav",
            "audio/amr",
            "video/mp4",
            "video/quicktime",
            "application/pdf",
            "application/msword",
        ];
        let newer = ["wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"];
        let newer = newer.map(|kind| format!("{office}.{kind}"));
        let media_types = plain.map(str::to_owned).into_iter().chain(newer).collect();
        Self { most: 20, largest: 50 << 20, media_types }
    }
}

impl AttachmentPolicy {
    /// A profile need not say what is usual.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Everything that is wrong, each with its field.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if !(1..=MOST).contains(&self.most) {
            wrong.push(("profile.attachments.most", format!("must be from 1 to {MOST}")));
        }
        if !(1..=LARGEST).contains(&self.largest) {
            wrong.push(("profile.attachments.largest", format!("must be from 1 to {LARGEST} bytes")));
        }
        let is_type = |text: &String| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/+.-".contains(c);
            text.len() <= 100 && text.matches('/').count() == 1 && text.chars().all(plain)
        };
        if !(1..=64).contains(&self.media_types.len()) || !self.media_types.iter().all(is_type) {
            let what = "must have 1 to 64 media types, such as image/jpeg";
            wrong.push(("profile.attachments.media_types", what.to_owned()));
        }
        wrong
    }
}

/// What cases of a category, or of all below a part of its code, must have before they are resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub category: String,
    pub kinds: Vec<AttachmentKind>,
}

impl Evidence {
    pub fn is_of(&self, category: &str) -> bool {
        is_below(category, &self.category)
    }

    /// Whether it says something, once.
    pub fn is_right(&self) -> bool {
        let mut kinds = self.kinds.clone();
        kinds.sort();
        kinds.dedup();
        let said_once = !kinds.is_empty() && kinds.len() == self.kinds.len();
        said_once && is_category_part(&self.category)
    }
}
