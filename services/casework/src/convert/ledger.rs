//! Ledgers, in the contract's words.

use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_wire::{lamp, tier};
use strum::VariantArray as _;

use super::{list, outcome, state, state_from};
use crate::domain::{
    Ledger,
    ledger::{Column, LedgerCount, Split},
};

pub fn write(it: &Ledger) -> pb::Ledger {
    pb::Ledger {
        code: it.code.clone(),
        name: it.name.clone(),
        state: it.state.map_or(pb::CaseState::Unspecified, state).into(),
        open: it.open,
        outcome: outcome::write(it.outcome).into(),
        tier: it.tier.map_or(common::Tier::Unspecified, tier::write).into(),
        area: it.area.clone().unwrap_or_default(),
        category: it.category.clone().unwrap_or_default(),
        lamp: it.lamp.map_or(common::Lamp::Unspecified, lamp::write).into(),
        supervised: it.supervised,
        hard: it.hard,
        led: it.led,
        whole: it.whole,
        split: it.split.map_or(pb::LedgerSplit::Unspecified, split).into(),
        order: list::order(it.order).into(),
        columns: it.columns.iter().map(|it| column(*it).into()).collect(),
    }
}

/// A word that is none of the named ones is as if it were not there: the validator has said so.
pub fn read(it: &pb::Ledger) -> Ledger {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ledger {
        code: it.code.clone(),
        name: it.name.clone(),
        state: state_from(it.state()),
        open: it.open,
        outcome: outcome::read(it.outcome()),
        tier: tier::read(it.tier()),
        area: given(&it.area),
        category: given(&it.category),
        lamp: lamp::read(it.lamp()),
        supervised: it.supervised,
        hard: it.hard,
        led: it.led,
        whole: it.whole,
        split: split_from(it.split()),
        order: list::case_order(it.order()),
        columns: it.columns().filter_map(column_from).collect(),
    }
}

pub fn count(it: LedgerCount) -> pb::LedgerCount {
    pb::LedgerCount { of: it.of, name: it.name, cases: it.cases, overdue: it.overdue }
}

/// As its name says: a test holds that each has one there.
fn column(column: Column) -> pb::LedgerColumn {
    let name: &str = column.into();
    pb::LedgerColumn::from_str_name(&format!("LEDGER_COLUMN_{}", name.to_uppercase())).unwrap_or_default()
}

fn column_from(word: pb::LedgerColumn) -> Option<Column> {
    Column::VARIANTS.iter().copied().find(|ours| column(*ours) == word)
}

fn split(split: Split) -> pb::LedgerSplit {
    let name: &str = split.into();
    pb::LedgerSplit::from_str_name(&format!("LEDGER_SPLIT_{}", name.to_uppercase())).unwrap_or_default()
}

fn split_from(word: pb::LedgerSplit) -> Option<Split> {
    Split::VARIANTS.iter().copied().find(|ours| split(*ours) == word)
}
