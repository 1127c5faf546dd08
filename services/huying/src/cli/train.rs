//! `huying train`: a model of what messages are about, from those that somebody has labelled. No service is asked.

use std::{
    fs::File,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use huying_learn::{Bin, EXAMPLES, Example, HeldOut, Model, OfLabel, Trained, steps, train};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Session;
use super::jsonl::Lines;
use crate::failure::wrong;
use crate::output::{label, note};

/// Learn what messages are about from labelled ones
#[derive(Args, Debug)]
#[command(
    long_about = "\
Learn what messages are about from labelled ones.

Reads one JSON object a line, each with `topic`, `text` or both, and its label. Prints how well examples were told that had no part in
the learning: each of five parts by a model of the other four, near-identical messages always in one part. The model that is written
has learned from all of them. The same file always makes the same model.",
    after_help = "\
examples:
  huying train --from labelled.jsonl --out jiangan.model
  huying train --from decided.jsonl --out jiangan-units.model --field unit -o json"
)]
pub struct Train {
    /// Labelled messages, as JSON lines
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Where the model goes; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which field of a line is its label
    #[arg(long, value_name = "NAME", default_value = "label")]
    field: String,
}

#[derive(Serialize)]
struct Report<'a> {
    model: String,
    bytes: usize,
    examples: usize,
    unlabelled: usize,
    #[serde(flatten)]
    held_out: &'a HeldOut,
}

impl Train {
    pub fn run(self, session: &Session) -> anyhow::Result<()> {
        let (examples, unlabelled) = examples(&self.from, &self.field)?;
        let bar = bar(steps(&examples) as u64);
        let trained = train(&examples, &|| bar.inc(1));
        bar.finish_and_clear();
        let Trained { model, held_out } = trained.map_err(|why| {
            wrong(format!("{}: {why}", self.from.display()), "give it more labelled messages")
        })?;
        let bytes = model.to_bytes();
        keep(&self.out, &bytes)?;
        let (model, examples) = (Model::version(&bytes), examples.len());
        let report = Report { model, bytes: bytes.len(), examples, unlabelled, held_out: &held_out };
        if session.out.is_json() {
            return session.out.pretty(&report);
        }
        show(session, &report)
    }
}

fn show(session: &Session, report: &Report<'_>) -> anyhow::Result<()> {
    let HeldOut { accuracy, top_3, macro_f1, labels, bins, calibration_error } = report.held_out;
    let header = ["label", "examples", "precision", "recall", "F1"];
    session.out.list(&header, labels, |it: &OfLabel| {
        let measure = |of: f32| format!("{of:.3}");
        vec![
            it.label.clone(),
            it.examples.to_string(),
            measure(it.precision),
            measure(it.recall),
            measure(it.f1),
        ]
    })?;
    session.out.text("")?;
    session.out.list(&["confidence", "examples", "right"], bins, |it: &Bin| {
        vec![percent(it.confidence), it.examples.to_string(), percent(it.right)]
    })?;
    session.out.text(&format!(
        "\nmacro-F1 {macro_f1:.4}, accuracy {accuracy:.4} (among the first three {top_3:.4}), confidence off by {} on average: on examples held out\n\
         model {}: {} examples, {} labels, {} bytes",
        percent(*calibration_error),
        report.model,
        report.examples,
        labels.len(),
        report.bytes
    ))?;
    if report.unlabelled > 0 {
        note(&format!("{} lines have no label and were left out", report.unlabelled))?;
    }
    Ok(())
}

fn percent(of: f32) -> String {
    format!("{:.1} %", of * 100.0)
}

/// The labelled lines, and how many have no label.
fn examples(file: &Path, field: &str) -> anyhow::Result<(Vec<Example>, usize)> {
    let name = file.display();
    let open =
        File::open(file).map_err(|why| wrong(format!("{name}: {why}"), "name a file that is there"))?;
    let (mut lines, mut examples, mut unlabelled) = (Lines::new(open), Vec::new(), 0);
    while let Some(line) = lines.next::<Map<String, Value>>().with_context(|| format!("{name}"))? {
        let example = line.and_then(|line| example(&line, field)).map_err(|why| {
            wrong(
                format!("{name}, line {}: {why}", lines.number),
                "mend the line or take it out; nothing was written",
            )
        })?;
        match example {
            Some(example) => examples.push(example),
            None => unlabelled += 1,
        }
        if examples.len() > EXAMPLES {
            return Err(wrong(
                format!("{name} has more than {EXAMPLES} examples"),
                "train on the newest ones",
            ));
        }
    }
    Ok((examples, unlabelled))
}

/// None: it has no label.
fn example(line: &Map<String, Value>, field: &str) -> Result<Option<Example>, String> {
    let text = |name: &str| match line.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("`{name}` is no text"))
        }
    };
    let (topic, body) = (text("topic")?, text("text")?);
    if topic.is_none() && body.is_none() {
        return Err("it has neither `topic` nor `text`".to_owned());
    }
    let label = match line.get(field) {
        Some(Value::Number(label)) => Some(label.to_string()),
        _ => text(field)?.filter(|label| !label.is_empty()),
    };
    let example = |label| Example { topic: topic.unwrap_or_default(), text: body.unwrap_or_default(), label };
    Ok(label.map(example))
}

/// Writes beside it and then puts it in its place: nobody finds half a model.
fn keep(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut beside| {
        beside.write_all(bytes)?;
        beside.persist(file).map_err(|error| error.error)
    });
    let unwritten = |why| wrong(format!("{}: {why}", file.display()), "name a place that can be written to");
    written.map(drop).map_err(unwritten)
}

/// On a terminal alone.
fn bar(steps: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(steps);
    label(&bar, "learning");
    match ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
