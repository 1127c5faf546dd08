//! What a ledger may be: its definition, whether an index leads to its cases, and how many of them there are.

use std::collections::BTreeSet;

use huying_casework::{
    app::ledger::served,
    convert,
    domain::{
        Cases, CaseworkProfile, Ledger, Order, Outcome, State,
        ledger::{Asked, Column, LedgerCount, Split},
    },
    store::{
        filter::{Filter, Value},
        ledger::{count, of, unserved},
    },
};
use huying_proto::casework::v1 as pb;
use huying_terms::{Lamp, Tier};
use sqlx::{AssertSqlSafe, Executor};
use strum::VariantArray as _;

use super::{
    fixture::{self as f, DISTRICT},
    store::{database, filled_in},
};

fn ledger() -> Ledger {
    Ledger {
        code: "problems".into(),
        name: "问题清单".into(),
        columns: vec![Column::Number],
        ..Ledger::default()
    }
}

fn wrong(ledger: &Ledger) -> Vec<&'static str> {
    ledger.check(DISTRICT).into_iter().map(|(field, _)| field).collect()
}

#[test]
fn a_definition_is_checked() {
    assert_eq!(wrong(&ledger()), [""; 0]);
    for (field, ledger) in [
        ("code", Ledger { code: String::new(), ..ledger() }),
        ("code", Ledger { code: "问题".into(), ..ledger() }),
        ("code", Ledger { code: "x".repeat(65), ..ledger() }),
        ("name", Ledger { name: "  ".into(), ..ledger() }),
        ("name", Ledger { name: "清".repeat(61), ..ledger() }),
        ("name", Ledger { name: "清\u{7}单".into(), ..ledger() }),
        ("area", Ledger { area: Some("990102".into()), ..ledger() }),
        ("area", Ledger { area: Some("9901010".into()), ..ledger() }),
        ("category", Ledger { category: Some("树 木".into()), ..ledger() }),
        ("state", Ledger { state: Some(State::Closed), open: true, ..ledger() }),
        ("order", Ledger { state: Some(State::Closed), order: Order::Due, ..ledger() }),
        ("outcome", Ledger { outcome: Some(Outcome::Declined), open: true, ..ledger() }),
        ("outcome", Ledger { outcome: Some(Outcome::Declined), state: Some(State::Working), ..ledger() }),
        ("outcome", Ledger { outcome: Some(Outcome::Declined), order: Order::Due, ..ledger() }),
        ("split", Ledger { split: Some(Split::Outcome), open: true, ..ledger() }),
        ("columns", Ledger { columns: Vec::new(), ..ledger() }),
        ("columns", Ledger { columns: vec![Column::Number, Column::Lamp, Column::Number], ..ledger() }),
    ] {
        assert_eq!(wrong(&ledger), [field], "{ledger:?}");
    }
}

/// Profiles are kept for ever: what a definition is written as, and that one which says little can be read.
#[test]
fn a_definition_is_kept_as_it_was() {
    let whole = Ledger {
        state: Some(State::Working),
        open: true,
        outcome: Some(Outcome::Declined),
        tier: Some(Tier::Street),
        area: Some(f::STREET.into()),
        category: Some("C1".into()),
        lamp: Some(Lamp::Red),
        supervised: true,
        hard: true,
        led: true,
        whole: true,
        split: Some(Split::Holder),
        order: Order::Due,
        columns: vec![Column::Number, Column::RespondDue],
        ..ledger()
    };
    let kept = serde_json::json!({
        "code": "problems", "name": "问题清单", "state": "working", "open": true, "outcome": "declined", "tier": "street", "area": "990101001",
        "category": "C1", "lamp": "red", "supervised": true, "hard": true, "led": true, "whole": true, "split": "holder", "order": "due",
        "columns": ["number", "respond_due"],
    });
    assert_eq!(serde_json::to_value(&whole).unwrap(), kept);
    assert_eq!(serde_json::from_value::<Ledger>(kept).unwrap(), whole);
    let little = serde_json::json!({ "code": "problems", "name": "问题清单", "columns": ["number"] });
    assert_eq!(serde_json::from_value::<Ledger>(little).unwrap(), ledger());
}

#[test]
fn a_question_fits_its_ledger() {
    let asked = |area: &str, of: &str| {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Asked { area: given(area), of: given(of) }
    };
    let street = Ledger { area: Some(f::STREET.into()), open: true, ..ledger() };
    let area = |asked| street.cases(DISTRICT, &asked).map(|cases| cases.area);
    assert_eq!(area(Asked::default()), Ok(Some(f::STREET.into())));
    assert_eq!(area(asked(f::COMMUNITY, "")), Ok(Some(f::COMMUNITY.into())));
    for outside in ["990101002", DISTRICT] {
        assert_eq!(area(asked(outside, "")).unwrap_err().0, "area", "{outside}");
    }
    assert_eq!(area(asked("", "S-1")).unwrap_err().0, "of", "it is split by nothing");

    let split = |split, of| {
        Ledger { split: Some(split), ..ledger() }.cases(DISTRICT, &asked("", of)).map_err(|(field, _)| field)
    };
    assert_eq!(split(Split::Area, f::STREET).unwrap_err(), "of");
    assert_eq!(split(Split::State, "asleep").unwrap_err(), "of");
    assert_eq!(split(Split::State, "working").unwrap().state, Some(State::Working));
    assert_eq!(split(Split::Outcome, "lost").unwrap_err(), "of");
    assert_eq!(split(Split::Outcome, "struck_off").unwrap().outcome, Some(Outcome::StruckOff));
    assert_eq!(split(Split::Holder, "S-1").unwrap().holder.as_deref(), Some("S-1"));
    assert_eq!(split(Split::Leader, "甲").unwrap().leader.as_deref(), Some("甲"));
    assert_eq!(split(Split::Arbiter, "S-1").unwrap().arbiter.as_deref(), Some("S-1"));
    assert_eq!(split(Split::Verifier, "S-1").unwrap().verifier.as_deref(), Some("S-1"));
    assert_eq!(split(Split::Category, "C1").unwrap().category.as_deref(), Some("C1"));
}

#[test]
fn every_word_of_the_contract_is_one_of_ours() {
    let columns: Vec<i32> = (1..).take_while(|word| pb::LedgerColumn::try_from(*word).is_ok()).collect();
    assert_eq!(columns.len(), Column::VARIANTS.len());
    let splits = (0..).map_while(|word| pb::LedgerSplit::try_from(word).ok());
    assert_eq!(splits.clone().count(), Split::VARIANTS.len() + 1);
    for split in splits {
        let asked = pb::Ledger {
            code: "x".into(),
            name: "x".into(),
            state: pb::CaseState::Returned.into(),
            area: f::STREET.into(),
            lamp: huying_proto::common::v1::Lamp::Amber.into(),
            outcome: pb::Outcome::Declined.into(),
            order: pb::CaseOrder::Updated.into(),
            split: split.into(),
            columns: columns.clone(),
            ..Default::default()
        };
        assert_eq!(convert::ledger::write(&convert::ledger::read(&asked)), asked);
    }
}

#[test]
fn what_no_index_leads_to_is_told_by_its_field() {
    let due = || Ledger { open: true, order: Order::Due, ..ledger() };
    let declined = || Ledger { outcome: Some(Outcome::Declined), ..ledger() };
    let few = || Ledger { hard: true, tier: Some(Tier::Street), category: Some("C1".into()), ..ledger() };
    for (ledger, fields) in [
        (ledger(), &[][..]),
        (Ledger { open: true, ..ledger() }, &[]),
        (Ledger { split: Some(Split::Area), ..due() }, &[]),
        (Ledger { split: Some(Split::Holder), ..due() }, &[]),
        (Ledger { lamp: Some(Lamp::Red), split: Some(Split::Holder), ..due() }, &[]),
        (Ledger { state: Some(State::Closed), split: Some(Split::Area), ..ledger() }, &[]),
        (declined(), &[]),
        (Ledger { split: Some(Split::Area), whole: true, ..declined() }, &[]),
        (Ledger { area: Some(f::STREET.into()), state: Some(State::Closed), ..declined() }, &[]),
        (Ledger { state: Some(State::Closed), split: Some(Split::Outcome), ..ledger() }, &[]),
        (Ledger { led: true, split: Some(Split::Leader), ..ledger() }, &[]),
        (Ledger { whole: true, split: Some(Split::Holder), ..due() }, &[]),
        // Few of them at any time.
        (Ledger { split: Some(Split::Area), ..few() }, &[]),
        (Ledger { supervised: true, split: Some(Split::Category), ..few() }, &[]),
        (Ledger { tier: Some(Tier::Grid), ..ledger() }, &["tier"]),
        (Ledger { tier: Some(Tier::Grid), category: Some("C1".into()), ..due() }, &["tier", "category"]),
        (Ledger { hard: true, ..due() }, &["hard"]),
        (Ledger { split: Some(Split::Holder), ..declined() }, &["split"]),
        (Ledger { order: Order::Resolved, ..declined() }, &["outcome"]),
        (Ledger { lamp: Some(Lamp::Amber), ..ledger() }, &["lamp"]),
        (Ledger { state: Some(State::Working), category: Some("C1".into()), ..ledger() }, &["state"]),
        (Ledger { area: Some(f::GRID.into()), ..ledger() }, &["area"]),
        (Ledger { area: Some(f::COMMUNITY.into()), ..due() }, &["area"]),
        (Ledger { split: Some(Split::Category), ..due() }, &["split"]),
        (Ledger { split: Some(Split::Holder), order: Order::Opened, ..ledger() }, &["split"]),
        // An index of holders has what is closed too.
        (Ledger { open: true, split: Some(Split::Holder), ..ledger() }, &["split"]),
    ] {
        assert_eq!(unserved(&ledger, DISTRICT), fields, "{ledger:?}");
        let profile = CaseworkProfile { ledgers: vec![ledger], ..f::profile() };
        assert_eq!(served(&profile).err().map(|it| it.reason().to_owned()), {
            (!fields.is_empty()).then(|| "LEDGER_NOT_SERVED".to_owned())
        });
    }
}

/// 孙埠: a community of a town that no district lies above has few cases, which are looked at one by one.
#[test]
fn a_town_on_its_own_may_split_its_ledgers_by_community() {
    let town = "341802107";
    let by_area = || Ledger { split: Some(Split::Area), ..ledger() };
    for ledger in [
        Ledger { open: true, order: Order::Due, ..by_area() },
        Ledger { state: Some(State::Closed), whole: true, ..by_area() },
        Ledger { category: Some("C1".into()), ..by_area() },
    ] {
        assert_eq!(unserved(&ledger, town), [""; 0], "{ledger:?}");
    }
    let street = Ledger { open: true, order: Order::Due, area: Some(f::STREET.into()), ..by_area() };
    assert_eq!(unserved(&street, DISTRICT), ["split"], "a district's communities are many");
    let ledger = Ledger { state: Some(State::Working), category: Some("C1".into()), ..by_area() };
    assert_eq!(unserved(&ledger, town), ["state"]);
}

/// Definitions of all kinds, of a district with many cases.
fn definitions() -> Vec<Ledger> {
    let mut all = Vec::new();
    for bits in 0..512_u32 {
        let on = |bit: u32| bits & (1 << bit) != 0;
        for order in [Order::Newest, Order::Due, Order::Updated, Order::Opened, Order::Resolved] {
            let splits = Split::VARIANTS.iter().copied().map(Some);
            all.extend(splits.chain([None]).map(|split| Ledger {
                state: on(0).then_some(State::Working),
                open: on(1),
                outcome: on(8).then_some(Outcome::Declined),
                tier: (on(2) && on(6)).then_some(Tier::Street),
                area: on(3).then(|| "990101003".into()),
                category: on(4).then(|| "C7".into()),
                lamp: on(5).then_some(Lamp::Amber),
                supervised: on(6),
                hard: on(7),
                led: on(2),
                whole: on(3),
                split,
                order,
                ..ledger()
            }));
        }
    }
    all
}

/// A ledger's lists: all of it, and one of what it is split by.
fn lists(ledger: &Ledger) -> Vec<Cases> {
    let text = |text: &str| Some(text.to_owned());
    let part = match ledger.split {
        None => None,
        Some(Split::Area) if ledger.area.is_some() => Some(Asked { area: text("990101003003"), of: None }),
        Some(Split::Area) => Some(Asked { area: text("990101003"), of: None }),
        Some(Split::State) => Some(Asked { area: None, of: text("working") }),
        Some(Split::Outcome) => Some(Asked { area: None, of: text("withdrawn") }),
        Some(Split::Holder | Split::Leader | Split::Arbiter | Split::Verifier | Split::Category) => {
            Some(Asked { area: None, of: text("U-3") })
        }
    };
    let asked = [Some(Asked::default()), part].into_iter().flatten();
    asked.map(|asked| ledger.cases(DISTRICT, &asked).unwrap()).collect()
}

/// Whatever a profile may define: page and count are read off the index, in its order.
#[tokio::test]
async fn every_ledger_that_is_taken_is_read_off_its_index() {
    let pool = database().await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&mut *connection).await.unwrap();
    connection.execute("set enable_bitmapscan = off").await.unwrap();
    let (mut seen, mut wrong, mut taken) = (BTreeSet::new(), Vec::new(), 0);
    for ledger in definitions().into_iter().filter(|ledger| unserved(ledger, DISTRICT).is_empty()) {
        taken += 1;
        for cases in lists(&ledger) {
            let filter: Filter = cases.filter(None);
            let path = filter.path().unwrap();
            let beside = filter.beside(path);
            assert!(path.few || beside.iter().all(|clause| *clause == "whole"), "{ledger:?}: {beside:?}");
            let (of, name) = of(ledger.split, &cases);
            let (page, counting) = (filter.statement(path, 50), filter.counting(path, &of, name, 10_000));
            for (sql, values) in [page, counting] {
                if !seen.insert(sql.clone()) {
                    continue;
                }
                let plan = plan(&mut connection, &sql, &values).await;
                // What is counted is grouped afterwards; nothing is sorted to find it.
                let led = plan.split_once("Limit").map_or(plan.as_str(), |(_, led)| led);
                if !plan.contains(&format!(" using {} on", path.index)) || led.contains("Sort") {
                    wrong.push(format!("{ledger:?} by {}:\n{sql}\n{plan}", path.index));
                }
            }
        }
    }
    assert!(taken > 100 && seen.len() > 60, "{taken} ledgers, {} statements", seen.len());
    assert!(wrong.is_empty(), "{} are not:\n{}", wrong.len(), wrong.join("\n"));
}

async fn plan(connection: &mut sqlx::PgConnection, sql: &str, values: &[Value]) -> String {
    let explain = AssertSqlSafe(format!("explain (costs off) {}", filled_in(sql, values)));
    let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(connection).await.unwrap();
    plan.join("\n")
}

/// A count looks at a bounded number of rows, says where to go on, and all of them add up.
#[tokio::test]
async fn counts_are_bounded_and_add_up() {
    let pool = database().await;
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&pool).await.unwrap();
    let more = "insert into \"case\" (id, version, shape, hash, body) select gen_random_uuid(), 1, 1, '', body from \"case\" limit 500";
    sqlx::raw_sql(more).execute(&pool).await.unwrap();
    let cases = Cases { district: DISTRICT.into(), ..Cases::default() };
    let (mut pages, mut sum, mut overdue, mut after) = (Vec::new(), 0, 0, None);
    loop {
        let page = count(&pool, (Some(Split::Area), &cases), after, 10_000).await.unwrap();
        assert!(page.items.iter().all(|it| it.of.len() == 9), "the streets of the district");
        sum += page.items.iter().map(|it| it.cases).sum::<i64>();
        overdue += page.items.iter().map(|it| it.overdue).sum::<i64>();
        pages.push(page.items.len());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((pages, sum), (vec![16, 16, 16], 20_500));
    let late: i64 =
        sqlx::query_scalar("select count(*) from \"case\" where overdue").fetch_one(&pool).await.unwrap();
    assert_eq!(overdue, late);

    let street = Cases { area: Some("990101003".into()), ..cases.clone() };
    let inner = count(&pool, (Some(Split::Area), &street), None, 10_000).await.unwrap().items;
    assert!(inner.iter().all(|it| it.of.len() == 12 && it.of.starts_with("990101003")), "{inner:?}");
    let nothing = Cases { leader: Some("nobody".into()), ..cases };
    assert_eq!(count(&pool, (None, &nothing), None, 10_000).await.unwrap().items, [] as [LedgerCount; 0]);
}
