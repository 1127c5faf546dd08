//! `[callback]` of `policies.toml`: who is asked about a resolved case, by whom, how often and what. How long a reporter is looked for is in
//! `clocks.csv`. What the service would refuse it refuses itself, by the key.

use std::ops::Range;

use huying_proto::evaluation::v1::{self as evaluation, CallbackBy};
use serde::Deserialize;
use toml::Spanned;

use crate::words::Word as _;

/// 回访.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackToml {
    by: Spanned<String>,
    pass_share: Spanned<f64>,
    sample_share: Spanned<f64>,
    most: Spanned<u32>,
    tries: Spanned<u32>,
    #[serde(default)]
    reason: Vec<CodedToml>,
    #[serde(default)]
    question: Vec<QuestionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodedToml {
    code: String,
    text: String,
}

/// Without options: yes or no.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionToml {
    code: String,
    text: String,
    #[serde(default)]
    option: Vec<CodedToml>,
}

/// Evaluation's rules; what is wrong is told with where it stands and what to do.
pub(super) fn read(
    toml: &CallbackToml,
    mut wrong: impl FnMut(Range<usize>, String, &str),
) -> evaluation::CallbackRules {
    let known = CallbackBy::parse(toml.by.get_ref()).filter(|by| *by != CallbackBy::Platform);
    if known.is_none() {
        let what = format!("by: '{}' asks nobody", toml.by.get_ref());
        wrong(toml.by.span(), what, "use centre, first_contact or link");
    }
    if !(0.0..=1.0).contains(toml.pass_share.get_ref()) {
        let fix = "1 is usual: all must pass";
        wrong(toml.pass_share.span(), "pass_share must be from 0 to 1".into(), fix);
    }
    let sample = *toml.sample_share.get_ref();
    if !(sample > 0.0 && sample <= 1.0) {
        let fix = "1 is usual: every reporter is asked";
        wrong(toml.sample_share.span(), "sample_share must be above 0, and at most 1".into(), fix);
    }
    if !(1..=200).contains(toml.most.get_ref()) {
        wrong(toml.most.span(), "most must be from 1 to 200".into(), "200 is usual: everybody");
    }
    if *toml.tries.get_ref() > 20 {
        let fix = "3 is usual; 0: only the window ends it";
        wrong(toml.tries.span(), "tries must be from 0 to 20".into(), fix);
    }
    evaluation::CallbackRules {
        pass_share: *toml.pass_share.get_ref(),
        sample_share: sample,
        most: *toml.most.get_ref(),
        tries: *toml.tries.get_ref(),
        by: known.unwrap_or(CallbackBy::Centre).into(),
        reasons: coded(&toml.reason),
        questions: toml.question.iter().map(question).collect(),
    }
}

fn question(it: &QuestionToml) -> evaluation::CallbackQuestion {
    let options = coded(&it.option);
    evaluation::CallbackQuestion { code: it.code.clone(), text: it.text.clone(), options }
}

fn coded(it: &[CodedToml]) -> Vec<evaluation::CallbackReason> {
    let coded = it.iter();
    coded.map(|it| evaluation::CallbackReason { code: it.code.clone(), text: it.text.clone() }).collect()
}
