//! What differs between two states of a part, a line for each thing, as a person would say it: a border by its area's name, a holiday by its
//! day, a unit by its name and field, a limit in its own words. `+` is new, `-` is gone, `~` is different.
//!
//! It reads the parts as JSON, so it knows no part: an item of a list is told apart by what usually names it ([`KEYS`]), or else by all of
//! it; a name that any item gives to a code is put beside that code wherever it stands.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What names an item, the first that it has. Where that is not one item's alone, items are told apart by all they say.
const KEYS: [&[&str]; 7] = [
    &["code"],
    &["category", "condition"],
    &["unit", "successor"],
    &["channel"],
    &["priority"],
    &["area"],
    &["name"],
];
/// Most lines of a kind for one list; of more it is said how many they are.
const SHOWN: usize = 10;
/// Most characters of a value.
const LONG: usize = 80;

/// The lines, in the order of the fields.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut names = BTreeMap::new();
    gather(before, &mut names);
    gather(after, &mut names);
    let mut told = Told { names, lines: Vec::new() };
    told.differ("", before, after);
    told.lines
}

struct Told {
    /// What codes are called.
    names: BTreeMap<String, String>,
    lines: Vec<String>,
}

impl Told {
    fn differ(&mut self, path: &str, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        match (before, after) {
            (Value::Object(old), Value::Object(new)) if limit(old).is_none() && limit(new).is_none() => {
                for (key, old) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
                    self.differ(&below(path, key), old, &Value::Null);
                }
                for (key, value) in new {
                    self.differ(&below(path, key), old.get(key).unwrap_or(&Value::Null), value);
                }
            }
            (Value::Null, Value::Object(new)) if path.is_empty() => {
                for (key, value) in new {
                    self.differ(key, &Value::Null, value);
                }
            }
            // A border's points have no names: how many there are says more than each.
            (Value::Array(old), Value::Array(_)) if figures(before) && figures(after) && !old.is_empty() => {
                let others = if self.brief(before) == self.brief(after) { ", but others" } else { "" };
                self.lines.push(format!("~ {path}: {} → {}{others}", self.brief(before), self.brief(after)));
            }
            (Value::Array(old), Value::Array(new)) => self.lists(path, old, new),
            (Value::Null, Value::Array(new)) => self.lists(path, &[], new),
            _ => self.lines.push(format!("~ {path}: {} → {}", self.brief(before), self.brief(after))),
        }
    }

    fn lists(&mut self, path: &str, old: &[Value], new: &[Value]) {
        let key = KEYS.into_iter().find(|key| told_apart(key, old) && told_apart(key, new));
        let keyed = |items: &[Value]| -> BTreeMap<String, Value> {
            let named =
                |item: &Value| key.and_then(|key| key_of(key, item)).unwrap_or_else(|| item.to_string());
            items.iter().map(|item| (named(item), item.clone())).collect()
        };
        let (named, old, new) = (key.is_some(), keyed(old), keyed(new));
        if old == new {
            return self.lines.push(format!("~ {path}: in another order"));
        }
        let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
        let gone: Vec<String> = gone.map(|(key, item)| self.item(path, (named, key), item)).collect();
        let come = new.iter().filter(|(key, _)| !old.contains_key(*key));
        let come: Vec<String> = come.map(|(key, item)| self.item(path, (named, key), item)).collect();
        self.several('-', path, gone);
        for (key, old) in &old {
            if let Some(new) = new.get(key) {
                let path = format!("{}{}", below(path, key), self.name(key));
                self.differ(&path, old, new);
            }
        }
        self.several('+', path, come);
    }

    /// One that is new or gone.
    fn item(&self, path: &str, (named, key): (bool, &str), item: &Value) -> String {
        match named {
            true => format!("{}{}: {}", below(path, key), self.name(key), self.brief(item)),
            false => format!("{path}: {}", self.brief(item)),
        }
    }

    fn several(&mut self, sign: char, path: &str, mut items: Vec<String>) {
        let more = items.len().saturating_sub(SHOWN);
        items.truncate(SHOWN);
        self.lines.extend(items.into_iter().map(|item| format!("{sign} {item}")));
        if more > 0 {
            self.lines.push(format!("{sign} {path}: {more} more"));
        }
    }

    fn name(&self, code: &str) -> String {
        self.names.get(code).map_or_else(String::new, |name| format!(" ({name})"))
    }

    /// A value in one line.
    fn brief(&self, value: &Value) -> String {
        match value {
            Value::Null => "nothing".to_owned(),
            Value::String(text) => short(format!("{text}{}", self.name(text))),
            Value::Object(fields) => limit(fields).unwrap_or_else(|| {
                let fields = fields.iter().filter(|(key, value)| !empty(value) && *key != "code");
                short(
                    fields
                        .map(|(key, value)| format!("{key} {}", self.brief(value)))
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            }),
            Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                format!("{} of them", items.len())
            }
            Value::Array(items) => {
                short(items.iter().map(|item| self.brief(item)).collect::<Vec<_>>().join(" "))
            }
            Value::Bool(_) | Value::Number(_) => value.to_string(),
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") }
}

/// Nothing but numbers, however nested.
fn figures(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(figures),
        Value::Object(fields) => fields.values().all(figures),
        Value::Number(_) => true,
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn empty(value: &Value) -> bool {
    value.is_null() || value == &Value::from("") || value.as_array().is_some_and(Vec::is_empty)
}

fn short(text: String) -> String {
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `4 work_hour`, where that is all that is said.
fn limit(fields: &Map<String, Value>) -> Option<String> {
    let (amount, kind) = (fields.get("amount")?.as_u64()?, fields.get("kind")?.as_str()?);
    (fields.len() == 2).then(|| format!("{amount} {kind}"))
}

fn key_of(key: &[&str], item: &Value) -> Option<String> {
    let parts: Option<Vec<&str>> = key.iter().map(|name| item.get(name)?.as_str()).collect();
    Some(parts?.join("/"))
}

/// Whether each item has the key, and none another's.
fn told_apart(key: &[&str], items: &[Value]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    items.iter().all(|item| key_of(key, item).is_some_and(|key| seen.insert(key)))
}

/// The names of codes, wherever they are said.
fn gather(value: &Value, names: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key)?.as_str();
            if let (Some(code), Some(name)) = (text("code"), text("name")) {
                names.insert(code.to_owned(), name.to_owned());
            }
            fields.values().for_each(|value| gather(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differences;

    #[track_caller]
    fn says(before: &Value, after: &Value, lines: &[&str]) {
        assert_eq!(differences(before, after), lines);
    }

    #[test]
    fn a_unit_is_told_by_its_name_and_field() {
        let before =
            json!({"units": [{"code": "A", "name": "甲"}, {"code": "B", "name": "乙", "superior": "A"}]});
        let after =
            json!({"units": [{"code": "B", "name": "丙", "superior": "C"}, {"code": "C", "name": "丁"}]});
        says(
            &before,
            &after,
            &[
                "- units/A (甲): name 甲",
                "~ units/B (丙)/name: 乙 → 丙",
                "~ units/B (丙)/superior: A (甲) → C (丁)",
                "+ units/C (丁): name 丁",
            ],
        );
    }

    #[test]
    fn a_border_is_told_by_the_name_of_its_area_and_a_part_of_one_by_all_it_says() {
        let area = json!([{"code": "420102003", "name": "一元街道"}]);
        let ring = |points: usize| vec![json!({"latitude": 1.5, "longitude": 2.5}); points];
        let border = |points: &[usize]| {
            let parts = points.iter().map(|points| json!({"area": "420102003", "ring": ring(*points)}));
            json!({"areas": area, "boundaries": parts.collect::<Vec<_>>()})
        };
        says(
            &border(&[3]),
            &border(&[4]),
            &["~ boundaries/420102003 (一元街道)/ring: 3 of them → 4 of them"],
        );
        let told = differences(&border(&[3, 5]), &border(&[3]));
        assert_eq!(told, ["- boundaries: area 420102003 (一元街道), ring 5 of them"]);
    }

    #[test]
    fn a_holiday_is_told_by_its_day_and_a_limit_in_its_words() {
        says(
            &json!({"calendar": {"holidays": ["2026-10-01", "2026-10-02"]}, "callback": {"kind": "work_day", "amount": 3}}),
            &json!({"calendar": {"holidays": ["2026-10-02", "2027-01-01"]}, "callback": {"kind": "work_day", "amount": 2}}),
            &[
                "- calendar/holidays: 2026-10-01",
                "+ calendar/holidays: 2027-01-01",
                "~ callback: 3 work_day → 2 work_day",
            ],
        );
    }

    #[test]
    fn a_rule_is_told_by_its_words_and_what_is_much_is_counted() {
        let categories = json!([{"code": "C1", "name": "路灯"}]);
        let rule = |word: &str| json!({"category": "C1", "any": [word], "all": [], "weight": 9});
        says(
            &json!({"categories": categories, "rules": [rule("灯"), rule("灯杆")]}),
            &json!({"categories": categories, "rules": [rule("灯"), rule("灯罩")]}),
            &[
                "- rules: any 灯杆, category C1 (路灯), weight 9",
                "+ rules: any 灯罩, category C1 (路灯), weight 9",
            ],
        );
        let areas: Vec<Value> =
            (100..140).map(|code| json!({"code": code.to_string(), "name": "区"})).collect();
        let told = differences(&Value::Null, &json!({ "areas": areas, "zone": "Asia/Shanghai" }));
        assert_eq!((told.len(), told[0].as_str()), (12, "+ areas/100 (区): name 区"));
        assert_eq!(told[10..], ["+ areas: 30 more", "~ zone: nothing → Asia/Shanghai"]);
        says(&json!({"units": ["A", "B"]}), &json!({"units": ["B", "A"]}), &["~ units: in another order"]);
    }
}
