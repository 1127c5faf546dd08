//! `authority.csv`, 处置权限: an ordered table, of which the first row that fits counts. Routing checks it whole; here is what only a table can
//! have wrong: words, and a place's rows laid on the common ones.

use huying_proto::casework::v1::AttachmentKind;
use huying_proto::common::v1::{Limit, Tier};
use huying_proto::routing::v1::{AuthorityRule, Condition, Demands};
use huying_terms::{LimitKind, Tier as Named};

use super::categories::{Categories, Named as Category, StandIns};
use super::fault::Faults;
use super::folder::Folder;
use super::scope::Scope;
use super::sheet::{Need, Row, Shape, Sheet};
use crate::words::Word as _;

const AUTHORITY: Shape = Shape {
    file: "authority.csv",
    columns: &[
        "scope",
        "key",
        "condition",
        "tier",
        "starts",
        "disposes",
        "lead",
        "joins",
        "evidence",
        "verifier",
        "respond",
        "resolve",
        "note",
    ],
    key: 4,
    need: Need::Must,
};

/// Who looks, where it is the unit above the holder.
const SUPERIOR: &str = "superior";

/// The rows, in the order in which they are asked.
pub(super) struct Authority {
    pub(super) rules: Vec<AuthorityRule>,
}

impl Authority {
    /// Where the place is a town, what would start or be settled in a district is so in the town.
    pub(super) fn read(
        folder: &Folder,
        (categories, conditions): (&Categories, &[Condition]),
        (stand_ins, top): (&StandIns, Named),
        faults: &mut Faults,
    ) -> Self {
        let sheet = Sheet::read_ordered(folder, AUTHORITY, faults);
        let rules = sheet.rows.iter().filter_map(|row| {
            check(row, categories, conditions, faults);
            rule(row, stand_ins, top, faults)
        });
        let rules: Vec<AuthorityRule> = rules.collect();
        let last = rules.last();
        let fits_all = last.is_some_and(|it| it.scope.is_empty() && it.condition.is_empty() && it.tier == 0);
        if faults.is_empty() && !fits_all {
            let line = sheet.rows.last().map(|row| row.line);
            let what = "the last line does not fit everything, so nothing says where all else starts";
            faults.add(AUTHORITY.file, line, what, "end with a line such as default,,,,grid,street,,,,,,,");
        }
        Self { rules }
    }

    /// The row that counts where no condition holds and nothing is known of the place.
    pub(super) fn of(&self, category: &Category) -> Option<&AuthorityRule> {
        let scopes = category.scopes();
        let is_about = |scope: &String| scope.is_empty() || *scope == category.id || scopes.contains(scope);
        self.rules
            .iter()
            .find(|it| it.condition.is_empty() && it.tier() == Tier::Unspecified && is_about(&it.scope))
    }
}

/// What routing would not say of a line: that a code is not there.
fn check(row: &Row, categories: &Categories, conditions: &[Condition], faults: &mut Faults) {
    let (key, condition) = (row.get("key"), row.get("condition"));
    if row.get("scope") == Scope::Category.word() && !categories.lines.contains_key(key) {
        let fix = "add it to categories.csv or remove the line";
        faults.row(row, format!("the category '{key}' is not defined"), fix);
    }
    let told = conditions.iter().find(|it| it.code == condition);
    if !condition.is_empty() && told.is_none_or(|it| it.keywords.is_empty()) {
        let fix = "add it to conditions.csv with words, or remove the line";
        faults.row(row, format!("the condition '{condition}' is not defined, or no words tell it"), fix);
    }
}

fn rule(row: &Row, stand_ins: &StandIns, top: Named, faults: &mut Faults) -> Option<AuthorityRule> {
    let scopes = [Scope::Category, Scope::Major, Scope::Kind, Scope::Default].map(|s| (s.word(), s));
    let scope = row.word("scope", &scopes, faults);
    scope.iter().for_each(|scope| scope.check_key(row, faults));
    let tiers = Named::ALL.map(|tier| (tier.as_str(), tier));
    let tier = if row.get("tier").is_empty() { None } else { row.word("tier", &tiers, faults) };
    let mut no_higher = |column| row.word(column, &tiers, faults).map(|tier| tier.min(top));
    let (starts, disposes) = (no_higher("starts"), no_higher("disposes"));
    let joins =
        row.list("joins").iter().map(|unit| stand_ins.of(unit)).filter(|unit| !unit.is_empty()).collect();
    let (respond, resolve) = (limit(row, "respond", faults), limit(row, "resolve", faults));
    let tier = tier.map_or(Tier::Unspecified, huying_wire::tier::write);
    let rule = AuthorityRule {
        line: format!("{}:{}", row.file, row.line),
        scope: row.get("key").to_owned(),
        condition: row.get("condition").to_owned(),
        tier: tier.into(),
        starts: huying_wire::tier::write(starts?).into(),
        disposes: huying_wire::tier::write(disposes?).into(),
        lead: stand_ins.of(row.get("lead")),
        joins,
        demands: demands(row, faults),
        respond,
        resolve,
    };
    scope.map(|_| rule)
}

fn demands(row: &Row, faults: &mut Faults) -> Option<Demands> {
    let (evidence, verifier) = (row.list("evidence"), row.get("verifier"));
    for word in evidence.iter().filter(|word| AttachmentKind::parse(word).is_none()) {
        let words: Vec<&str> = AttachmentKind::ALL.iter().map(|(word, _)| *word).collect();
        faults.row(
            row,
            format!("the kind '{word}' is unknown"),
            format!("use some of: {}", words.join(", ")),
        );
    }
    let named = Some(verifier).filter(|unit| *unit != SUPERIOR).unwrap_or_default();
    let demands = Demands { evidence, verified: !verifier.is_empty(), verifier: named.to_owned() };
    Some(demands).filter(|it| *it != Demands::default())
}

/// Such as `4 work_hour`; empty: none.
fn limit(row: &Row, column: &str, faults: &mut Faults) -> Option<Limit> {
    let cell = row.get(column);
    if cell.is_empty() {
        return None;
    }
    let (amount, kind) = cell.split_once(' ').unwrap_or((cell, ""));
    let kind = LimitKind::ALL.into_iter().find(|known| known.as_str() == kind.trim());
    let amount = amount.parse().ok().filter(|amount| (1..=huying_terms::Limit::MOST).contains(amount));
    match (amount, kind) {
        (Some(amount), Some(kind)) => Some(huying_wire::limit::write(huying_terms::Limit { kind, amount })),
        (None, _) | (_, None) => {
            faults.row(row, format!("{column} '{cell}' is no limit"), "write such as 4 work_hour");
            None
        }
    }
}
