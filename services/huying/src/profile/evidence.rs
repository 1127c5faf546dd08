//! `[attachments]` and `[[evidence]]` of `policies.toml`: what may be attached to a case, and what must be.

use std::ops::Range;

use huying_proto::casework::v1 as casework;
use serde::Deserialize;
use toml::Spanned;

use super::fault::Faults;
use crate::words::Word as _;

/// What may be attached.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentsToml {
    most: u32,
    largest_mib: u32,
    media_types: Vec<String>,
}

impl AttachmentsToml {
    /// Casework tells what of it is out of bounds.
    pub(super) fn policy(&self) -> casework::AttachmentPolicy {
        casework::AttachmentPolicy {
            most: self.most,
            largest: i64::from(self.largest_mib) << 20,
            media_types: self.media_types.clone(),
        }
    }
}

/// What must be attached before a case of a category is resolved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceToml {
    category: String,
    kinds: Spanned<Vec<String>>,
}

/// All of them; a kind that nobody knows is a fault.
pub(super) fn read(
    evidence: &[EvidenceToml],
    mut fault: impl FnMut(&Range<usize>, String, String),
) -> Vec<casework::Evidence> {
    let mut kinds = |kinds: &Spanned<Vec<String>>| {
        let mut known = Vec::new();
        for word in kinds.get_ref() {
            match casework::AttachmentKind::parse(word) {
                Some(kind) => known.push(kind.into()),
                None => {
                    let words: Vec<&str> =
                        casework::AttachmentKind::ALL.iter().map(|(word, _)| *word).collect();
                    let fix = format!("use some of: {}", words.join(", "));
                    fault(&kinds.span(), format!("the kind '{word}' is unknown"), fix);
                }
            }
        }
        known
    };
    evidence
        .iter()
        .map(|it| casework::Evidence { category: it.category.clone(), kinds: kinds(&it.kinds) })
        .collect()
}

/// What is demanded, with of which category: of one that there is, or of the beginning of some.
pub(super) fn check<'a>(
    demands: impl Iterator<Item = (&'a str, &'a str)>,
    categories: impl Iterator<Item = &'a str> + Clone,
    faults: &mut Faults,
) {
    for (what, category) in demands {
        let is_of = |code: &str| {
            code.strip_prefix(category).is_some_and(|below| below.is_empty() || below.starts_with(':'))
        };
        if !categories.clone().any(is_of) {
            let what = format!("{what} of '{category}', which is no category");
            faults.add(
                "policies.toml",
                None,
                what,
                "write a code of categories.csv, or its beginning up to a colon",
            );
        }
    }
}
