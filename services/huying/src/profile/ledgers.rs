//! `ledgers.toml`: 清单、台账, the named lists of a place. Whether an index leads to each of them casework says when it is applied.

use std::collections::BTreeSet;

use huying_proto::{
    casework::v1::{self as casework, LedgerColumn},
    common::v1::{Lamp, Tier},
};
use serde::Deserialize;
use toml::Spanned;

use super::{fault::Faults, folder::Folder, toml_file::TomlFile};
use crate::words::Word;

const FILE: &str = "ledgers.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgersToml {
    #[serde(default)]
    ledger: Vec<LedgerToml>,
}

/// What is not said is not asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerToml {
    code: Spanned<String>,
    name: String,
    state: Option<Spanned<String>>,
    #[serde(default)]
    open: bool,
    outcome: Option<Spanned<String>>,
    tier: Option<Spanned<String>>,
    area: Option<Spanned<String>>,
    category: Option<Spanned<String>>,
    lamp: Option<Spanned<String>>,
    #[serde(default)]
    supervised: bool,
    #[serde(default)]
    hard: bool,
    #[serde(default)]
    led: bool,
    #[serde(default)]
    whole: bool,
    split: Option<Spanned<String>>,
    order: Option<Spanned<String>>,
    columns: Vec<Spanned<String>>,
}

/// The areas and categories that there are.
pub(super) struct Known<'a> {
    pub(super) areas: BTreeSet<&'a str>,
    pub(super) categories: BTreeSet<&'a str>,
}

/// All of them; a place without the file has none.
pub(super) fn read(folder: &Folder, known: &Known<'_>, faults: &mut Faults) -> Vec<casework::Ledger> {
    if !folder.has(FILE) {
        return Vec::new();
    }
    let Some(toml) = TomlFile::<LedgersToml>::read(folder, FILE, faults) else { return Vec::new() };
    let (mut codes, mut ledgers) = (BTreeSet::new(), Vec::new());
    for it in &toml.it.ledger {
        if !codes.insert(it.code.get_ref()) {
            let what = format!("'{}' is there twice", it.code.get_ref());
            toml.fault(&it.code.span(), what, "keep one of them", faults);
        }
        let mut columns = Vec::new();
        for column in &it.columns {
            columns.extend(word::<LedgerColumn>(&toml, Some(column), faults).map(i32::from));
        }
        let area = code(&toml, it.area.as_ref(), ("area", &known.areas), faults);
        let category = code(&toml, it.category.as_ref(), ("category", &known.categories), faults);
        ledgers.push(casework::Ledger {
            code: it.code.get_ref().clone(),
            name: it.name.clone(),
            state: number::<casework::CaseState>(&toml, it.state.as_ref(), faults),
            open: it.open,
            outcome: number::<casework::Outcome>(&toml, it.outcome.as_ref(), faults),
            tier: number::<Tier>(&toml, it.tier.as_ref(), faults),
            area,
            category,
            lamp: number::<Lamp>(&toml, it.lamp.as_ref(), faults),
            supervised: it.supervised,
            hard: it.hard,
            led: it.led,
            whole: it.whole,
            split: number::<casework::LedgerSplit>(&toml, it.split.as_ref(), faults),
            order: number::<casework::CaseOrder>(&toml, it.order.as_ref(), faults),
            columns,
        });
    }
    ledgers
}

/// One of the known words; 0 where none is said.
fn number<W: Word + Into<i32>>(
    toml: &TomlFile<LedgersToml>,
    written: Option<&Spanned<String>>,
    faults: &mut Faults,
) -> i32 {
    word::<W>(toml, written, faults).map_or(0, Into::into)
}

fn word<W: Word>(
    toml: &TomlFile<LedgersToml>,
    written: Option<&Spanned<String>>,
    faults: &mut Faults,
) -> Option<W> {
    let written = written?;
    let word = W::parse(written.get_ref());
    if word.is_none() {
        let known: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
        let what = format!("'{}' is none of the words that may stand here", written.get_ref());
        toml.fault(&written.span(), what, format!("use one of: {}", known.join(", ")), faults);
    }
    word
}

/// A code that is defined elsewhere; empty where none is said.
fn code(
    toml: &TomlFile<LedgersToml>,
    written: Option<&Spanned<String>>,
    (what, known): (&str, &BTreeSet<&str>),
    faults: &mut Faults,
) -> String {
    let Some(written) = written else { return String::new() };
    if !known.contains(written.get_ref().as_str()) {
        let fault = format!("there is no {what} '{}'", written.get_ref());
        toml.fault(&written.span(), fault, "use one that is defined, or leave it out", faults);
    }
    written.get_ref().clone()
}
