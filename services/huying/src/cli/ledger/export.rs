//! A ledger as a file for a spreadsheet. Nothing in it is run: text that a spreadsheet would take for a formula is marked as text in CSV, and
//! a string by its kind in XLSX. The file is there when all of it is written.

use std::{
    fs::{self, File},
    io::{BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use huying_proto::casework::v1::{ExportLedgerRequest, Ledger, LedgerColumn};
use huying_words::{LONGEST_CELL, csv_cell};
use indicatif::{ProgressBar, ProgressStyle};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::super::names::Names;
use super::cell::{self, Cell};
use crate::{
    client::{Client, Who},
    output::note,
    words::Word as _,
};

/// Two widths of a workbook's columns, in characters.
const NARROW: f64 = 18.0;
const WIDE: f64 = 40.0;

/// A file whose ending says what it is to be.
pub(super) fn file(text: &str) -> Result<PathBuf, String> {
    match Path::new(text).extension().and_then(|it| it.to_str()) {
        Some("csv" | "xlsx") => Ok(text.into()),
        Some(_) | None => Err("write a file's name that ends with .csv or .xlsx".to_owned()),
    }
}

/// Writes all of a ledger; how many cases these were.
pub(super) async fn run(
    client: &Client,
    who: &Who,
    request: ExportLedgerRequest,
    to: &Path,
) -> anyhow::Result<u32> {
    let mut pages = client.ledgers(who)?.export_ledger(request).await?.into_inner();
    let (part, bar) = (to.with_extension("part"), progress());
    let (mut names, mut sheet, mut ledger) = (Names::new(client)?, None, Ledger::default());
    let (mut rows, mut more) = (0_u32, false);
    while let Some(page) = pages.message().await? {
        if let Some(its) = page.ledger {
            sheet = Some(Sheet::begin(to, &part, &its, client.zone())?);
            ledger = its;
        }
        cell::learn(&mut names, &page.cases).await?;
        for row in &page.cases {
            let cells = ledger.columns().map(|column| cell::of(client, &names, row, column));
            rows += 1;
            if let Some(sheet) = &mut sheet {
                sheet.row(client, rows, cells)?;
            }
        }
        bar.set_position(rows.into());
        more = !page.next_page_token.is_empty();
    }
    bar.finish_and_clear();
    if let Some(sheet) = sheet {
        sheet.end(&part)?;
        fs::rename(&part, to)?;
    }
    if more {
        note(&format!("the first {rows}: there are more; narrow it by --area or --of"))?;
    }
    Ok(rows)
}

/// On a terminal alone.
fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template("{spinner} {pos} cases {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What is being written.
enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>),
}

impl Sheet {
    fn begin(to: &Path, part: &Path, ledger: &Ledger, zone: &str) -> anyhow::Result<Self> {
        let heads = ledger.columns().map(|column| head(column, zone));
        if to.extension().is_some_and(|it| it == "csv") {
            let mut file = BufWriter::new(File::create(part)?);
            // So that spreadsheets take it for UTF-8.
            file.write_all("\u{feff}".as_bytes())?;
            let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
            csv.write_record(heads)?;
            return Ok(Self::Csv(Box::new(csv)));
        }
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(&ledger.name))?;
        sheet.set_freeze_panes(1, 0)?;
        for (n, column) in (0_u16..).zip(ledger.columns()) {
            let wide =
                matches!(column, LedgerColumn::Content | LedgerColumn::Measures | LedgerColumn::Answer);
            sheet.set_column_width(n, if wide { WIDE } else { NARROW })?;
        }
        for (n, head) in (0_u16..).zip(heads) {
            sheet.write_string_with_format(0, n, head, &Format::new().set_bold())?;
        }
        Ok(Self::Xlsx(Box::new(book)))
    }

    fn row(&mut self, client: &Client, row: u32, cells: impl Iterator<Item = Cell>) -> anyhow::Result<()> {
        match self {
            Self::Csv(csv) => csv.write_record(cells.map(|cell| plain(client, cell)))?,
            Self::Xlsx(book) => {
                let sheet = book.worksheet_from_index(0)?;
                for (n, cell) in (0_u16..).zip(cells) {
                    put(sheet, client, (row, n), cell)?;
                }
            }
        }
        Ok(())
    }

    fn end(self, part: &Path) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut csv) => csv.flush()?,
            Self::Xlsx(mut book) => book.save(part)?,
        }
        Ok(())
    }
}

/// A column's name; of instants with the zone that they are in.
fn head(column: LedgerColumn, zone: &str) -> String {
    let of_time = matches!(
        column,
        LedgerColumn::Due
            | LedgerColumn::RespondDue
            | LedgerColumn::ResolveDue
            | LedgerColumn::Opened
            | LedgerColumn::Resolved
            | LedgerColumn::Closed
    );
    if of_time { format!("{} ({zone})", column.chinese()) } else { column.chinese().to_owned() }
}

/// What a workbook takes for a sheet's name: 31 characters, some of them not.
fn sheet_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !r"[]:*?/\'".contains(*c)).take(31).collect();
    if name.trim().is_empty() { "清单".to_owned() } else { name }
}

fn plain(client: &Client, cell: Cell) -> String {
    match cell {
        Cell::Text(text) => csv_cell(&text).into_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(at) => client.local(at, "%Y-%m-%d %H:%M"),
    }
}

fn put(sheet: &mut Worksheet, client: &Client, (row, column): (u32, u16), cell: Cell) -> anyhow::Result<()> {
    match cell {
        // A string is a string, whatever it begins with.
        Cell::Text(text) if text.is_empty() => return Ok(()),
        Cell::Text(text) => {
            let text: String = text.chars().take(LONGEST_CELL).collect();
            sheet.write_string(row, column, text)?
        }
        Cell::Number(number) => sheet.write_number(row, column, number as f64)?,
        Cell::Time(at) => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
            sheet.write_datetime_with_format(row, column, &local(client, at)?, &format)?
        }
    };
    Ok(())
}

fn local(client: &Client, at: DateTime<Utc>) -> anyhow::Result<ExcelDateTime> {
    Ok(ExcelDateTime::parse_from_str(&client.local(at, "%Y-%m-%dT%H:%M:%S"))?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use chrono::TimeZone as _;

    use super::*;
    use crate::{
        client::Reach,
        run_file::{District, RunFile},
    };

    /// What a spreadsheet would run, and what makes trouble elsewhere.
    const TEXTS: [&str; 10] = [
        "=HYPERLINK(\"http://x\",\"点我\")",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "两行\n第二行，\"引号\"，逗号,",
        "<b>&amp;</b> 树🌳𠮷",
        "",
    ];

    fn client() -> Client {
        let district =
            District { code: "420102".into(), name: "江岸区".into(), zone: "Asia/Shanghai".into() };
        Client::over(&Reach::default(), RunFile { districts: vec![district], ..RunFile::default() })
    }

    fn at() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 27, 16, 30, 0).unwrap()
    }

    /// Written whole: a row for each text, with a number and an instant.
    fn written(name: &str) -> (tempfile::TempDir, PathBuf) {
        let (folder, client) = (tempfile::TempDir::new().unwrap(), client());
        let to = folder.path().join(name);
        let columns = [LedgerColumn::Content, LedgerColumn::Attempt, LedgerColumn::Opened];
        let ledger = Ledger {
            name: "[问题]清单".into(),
            columns: columns.map(Into::into).into(),
            ..Default::default()
        };
        let mut sheet = Sheet::begin(&to, &to, &ledger, client.zone()).unwrap();
        for (n, text) in (1..).zip(TEXTS) {
            let cells = [Cell::Text(text.into()), Cell::Number(2), Cell::Time(at())];
            sheet.row(&client, n, cells.into_iter()).unwrap();
        }
        sheet.end(&to).unwrap();
        (folder, to)
    }

    #[test]
    fn a_formula_in_csv_is_text() {
        let (_folder, path) = written("问题.csv");
        let text = fs::read_to_string(path).unwrap();
        let mut csv = csv::Reader::from_reader(text.strip_prefix('\u{feff}').unwrap().as_bytes());
        assert_eq!(csv.headers().unwrap(), vec!["诉求内容", "办理次数", "立案时间 (Asia/Shanghai)"]);
        let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), TEXTS.len());
        for (row, text) in rows.iter().zip(TEXTS) {
            let runs = TEXTS[..7].contains(&text);
            let expected = if runs { format!("'{text}") } else { text.to_owned() };
            assert_eq!(row, vec![expected.as_str(), "2", "2026-11-28 00:30"]);
        }
    }

    #[test]
    fn a_formula_in_a_workbook_is_a_string() {
        let (_folder, path) = written("问题.xlsx");
        let mut book = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let sheet = part("xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{sheet}");
        for text in [
            "=HYPERLINK(\"http://x\",\"点我\")",
            "+1",
            "-1+1",
            "@SUM(A1)",
            "&lt;b&gt;&amp;amp;&lt;/b&gt; 树🌳𠮷",
        ] {
            assert!(sheet.contains(&format!(">{text}</t>")), "{text}\n{sheet}");
        }
        // 28 November 2026, 00:30 there.
        assert!(sheet.contains("<v>46354.0208"), "{sheet}");
        assert!(part("xl/workbook.xml").contains(r#"name="问题清单""#));
    }

    #[test]
    fn a_text_without_end_is_cut_for_a_workbook() {
        let client = client();
        let mut sheet = Worksheet::new();
        put(&mut sheet, &client, (0, 0), Cell::Text("长".repeat(LONGEST_CELL + 1))).unwrap();
        assert_eq!(
            plain(&client, Cell::Text("长".repeat(LONGEST_CELL + 1))).chars().count(),
            LONGEST_CELL + 1
        );
    }

    #[test]
    fn a_file_says_what_it_is_to_be() {
        assert!(file("a/问题.csv").is_ok() && file("x.xlsx").is_ok());
        for wrong in ["x", "x.xls", "csv", ".csv"] {
            assert!(file(wrong).is_err(), "{wrong}");
        }
    }
}
