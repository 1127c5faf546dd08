//! `[[required]]` of `policies.toml`: what must be said when a case of a category is resolved.

use std::ops::Range;

use huying_proto::casework::v1 as casework;
use serde::Deserialize;
use toml::Spanned;

use crate::words::Word as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequiredToml {
    category: String,
    fields: Spanned<Vec<String>>,
}

/// All of them; a field that nobody knows is a fault.
pub(super) fn read(
    required: &[RequiredToml],
    mut fault: impl FnMut(&Range<usize>, String, String),
) -> Vec<casework::RequiredHandling> {
    let mut read = Vec::new();
    for it in required {
        let mut fields = Vec::new();
        for word in it.fields.get_ref() {
            match casework::HandlingField::parse(word) {
                Some(field) => fields.push(field.into()),
                None => {
                    let words: Vec<&str> =
                        casework::HandlingField::ALL.iter().map(|(word, _)| *word).collect();
                    let fix = format!("use some of: {}", words.join(", "));
                    fault(&it.fields.span(), format!("'{word}' is nothing that is said of a case"), fix);
                }
            }
        }
        read.push(casework::RequiredHandling { category: it.category.clone(), fields });
    }
    read
}
