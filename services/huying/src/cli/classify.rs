//! `huying classify`: what a model says of messages on standard input. No service is asked.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use huying_learn::{Answer, Choice, Message, Model};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jsonl::Lines;
use crate::failure::wrong;
use crate::output::{JsonLines, note};

/// Say what messages are about, by a model that `huying train` made
#[derive(Args, Debug)]
#[command(
    long_about = "\
Say what messages are about, by a model that `huying train` made.

Reads one JSON object a line, each with `topic`, `text` or both and, if there is one, `id`; writes one a line in the same order:
`id`, `label`, `confidence` (0 to 1) and `alternatives` (up to three, best first). Each line is answered, so that order and number stay:
one that cannot be read has a null label and says its `error`, beside its `id` if that can be read, which standard error names with its line number too; the command then
ends with 64. Empty lines are passed over.",
    after_help = "\
examples:
  huying classify --model jiangan.model > answers.jsonl < messages.jsonl
  echo '{\"id\": 1, \"text\": \"路灯不亮\"}' | huying classify --model jiangan.model"
)]
pub struct Classify {
    /// The model's file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    topic: Value,
    #[serde(default)]
    text: Value,
}

/// Why a line has no answer, and its id as far as it can be read.
struct Refused {
    id: Value,
    why: String,
}

#[derive(Serialize)]
struct Answered<'a> {
    id: Value,
    label: Option<&'a str>,
    confidence: f64,
    alternatives: Vec<Other<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Other<'a> {
    label: &'a str,
    confidence: f64,
}

impl Classify {
    pub fn run(self) -> anyhow::Result<()> {
        let model = read(&self.model)?;
        let refused = answer(&model, io::stdin().lock(), JsonLines::printed(), &note)?;
        if refused > 0 {
            let what = format!("{refused} lines could not be read; all others were answered");
            return Err(wrong(what, "mend the lines named above"));
        }
        Ok(())
    }
}

/// A model from its file.
pub fn read(file: &Path) -> anyhow::Result<Model> {
    let unread = || wrong(format!("{} is no model", file.display()), "make one with `huying train`");
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()));
    let bytes = bytes.map_err(|error| wrong(format!("{error:#}"), "name a file that `huying train` made"))?;
    Model::from_bytes(&bytes).map_err(|why| unread().context(why.to_string()))
}

/// Answers each line; gives how many could not be read.
fn answer(
    model: &Model,
    asked: impl Read,
    mut told: JsonLines<impl Write>,
    say: &dyn Fn(&str) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let (mut lines, mut refused) = (Lines::new(asked), 0);
    while let Some(line) = lines.next::<Asked>()? {
        let line = line.map_err(|why| Refused { id: Value::Null, why });
        match line.and_then(spoken) {
            Ok((id, topic, text)) => {
                told.line(&answered(id, &model.classify(Message { topic: &topic, text: &text })))?;
            }
            Err(Refused { id, why }) => {
                refused += 1;
                say(&format!("line {}: {why}", lines.number))?;
                let (label, alternatives, error) = (None, Vec::new(), Some(why.as_str()));
                told.line(&Answered { id, label, confidence: 0.0, alternatives, error })?;
            }
        }
        if lines.is_dry() {
            told.flush()?;
        }
    }
    told.flush()?;
    Ok(refused)
}

/// What a line says, if it says anything.
fn spoken(Asked { id, topic, text }: Asked) -> Result<(Value, String, String), Refused> {
    match (topic, text) {
        (Value::Null, Value::Null) => {
            Err(Refused { id, why: "it has neither `topic` nor `text`".to_owned() })
        }
        (Value::String(topic), Value::String(text)) => Ok((id, topic, text)),
        (Value::String(topic), Value::Null) => Ok((id, topic, String::new())),
        (Value::Null, Value::String(text)) => Ok((id, String::new(), text)),
        (topic, _) => {
            let name = if topic.is_null() || topic.is_string() { "text" } else { "topic" };
            Err(Refused { id, why: format!("`{name}` is no text") })
        }
    }
}

fn answered<'a>(id: Value, answer: &Answer<'a>) -> Answered<'a> {
    let round = |confidence: f32| (f64::from(confidence) * 10_000.0).round() / 10_000.0;
    let other = |it: &Choice<'a>| Other { label: it.label, confidence: round(it.confidence) };
    Answered {
        id,
        label: Some(answer.best.label),
        confidence: round(answer.best.confidence),
        alternatives: answer.alternatives.iter().map(other).collect(),
        error: None,
    }
}
