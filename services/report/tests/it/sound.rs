//! Whatever a report holds, all of it is written, and what is written is sound.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use huying_report::{Report, csv, html, json, plot, xlsx};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};

use super::{any, example};

/// All tags and attributes that a page has.
const TAGS: [&str; 36] = [
    "html", "head", "meta", "title", "style", "body", "main", "header", "section", "figure", "div", "h1",
    "h2", "p", "span", "b", "i", "small", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "svg",
    "g", "path", "rect", "line", "circle", "polygon", "text", "br", "col",
];
const ATTRIBUTES: [&str; 33] = [
    "lang",
    "charset",
    "name",
    "content",
    "http-equiv",
    "class",
    "xmlns",
    "viewBox",
    "role",
    "font-family",
    "font-size",
    "font-weight",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "text-anchor",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "width",
    "height",
    "d",
    "points",
    "id",
    "rowspan",
    "colspan",
];
/// Those that hold numbers.
const NUMBERS: [&str; 15] = [
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "width",
    "height",
    "d",
    "points",
    "viewBox",
    "font-size",
];

/// Well-formed, of known tags and attributes alone, each number one; answers all texts.
pub fn read(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut texts, mut open) = (vec![], 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                open += 1;
                known(&tag);
            }
            Event::Empty(tag) => known(&tag),
            Event::End(_) => open -= 1,
            Event::Text(text) => texts.push(text.xml10_content().into_owned()),
            Event::DocType(_) | Event::GeneralRef(_) => {}
            Event::Eof => break,
            other @ (Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {
                panic!("{other:?}")
            }
        }
    }
    assert_eq!(open, 0, "each tag is closed");
    texts
}

fn known(tag: &quick_xml::events::BytesStart<'_>) {
    let name = tag.name().as_ref().to_owned();
    assert!(TAGS.contains(&name.as_str()), "<{name}>");
    for attribute in tag.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        let value = attribute.value.into_owned();
        assert!(ATTRIBUTES.contains(&key.as_str()), "{key}");
        let is_number = |c: char| c.is_ascii_digit() || ". -,MLe".contains(c);
        assert!(!NUMBERS.contains(&key.as_str()) || value.chars().all(is_number), "{key}=\"{value}\"");
    }
}

fn every_way(report: &Report) -> Result<(), TestCaseError> {
    let page = html(report);
    read(&page);
    prop_assert!(page.len() < 2_000_000);
    let unseen = |c: char| ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    prop_assert!(!page.contains(unseen), "nothing turns the direction");
    for svg in [plot::rates(report), plot::tiers(report), plot::heat(report), plot::ages(report)] {
        svg.inspect(|svg| drop(read(&svg.to_string())));
    }
    let table = csv(report).unwrap();
    let rows = ::csv::Reader::from_reader(&table[3..]).into_records().map(Result::unwrap);
    let stable = rows.filter(|row| matches!(&row[7], "NaN" | "inf" | "-inf")).count();
    prop_assert_eq!(stable, 0);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(report).unwrap())).unwrap();
    for name in book.sheet_names() {
        prop_assert!(book.worksheet_range(&name).is_ok(), "{}", name);
    }
    let again: Report = serde_json::from_str(&json(report).unwrap()).unwrap();
    prop_assert_eq!(&again, report);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_report_is_written(report in any::report()) {
        every_way(&report)?;
    }
}

#[test]
fn the_examples_are_written() {
    for report in [example::month(), example::small(), example::empty()] {
        every_way(&report).unwrap();
    }
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    let report = example::month();
    assert_eq!(html(&report), html(&report));
    assert_eq!(xlsx(&report).unwrap(), xlsx(&report).unwrap());
    assert_eq!(csv(&report).unwrap(), csv(&report).unwrap());
}
