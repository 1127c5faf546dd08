//! Figures by row and round: what is printed are the medians of the rounds.

/// A column's name, and the digits after its figures' point.
pub type Column = (&'static str, usize);

/// What stands at the end of each row: how much of the machine others used meanwhile, and how slow the disk was just before.
pub const SURROUNDINGS: [Column; 2] = [("others %", 0), ("fdatasync ms", 2)];

pub struct Table {
    title: String,
    /// What the rows are called by.
    key: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    /// One list of figures a round.
    rounds: Vec<Vec<f64>>,
}

impl Table {
    pub fn new(title: impl Into<String>, key: &'static str, columns: &[Column]) -> Self {
        Self { title: title.into(), key, columns: columns.to_vec(), rows: Vec::new() }
    }

    /// One round's figures of a row, one for each column. Not a number: nothing to say.
    pub fn add(&mut self, name: impl ToString, figures: Vec<f64>) {
        assert_eq!(figures.len(), self.columns.len(), "{}: a figure for each column", self.title);
        let name = name.to_string();
        match self.rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.rounds.push(figures),
            None => self.rows.push(Row { name, rounds: vec![figures] }),
        }
    }

    /// Each row's name with its median in a column.
    pub fn medians(&self, column: &str) -> Vec<(&str, f64)> {
        let place = self.columns.iter().position(|(name, _)| *name == column).unwrap();
        self.rows.iter().map(|row| (row.name.as_str(), row.median(place))).collect()
    }

    pub fn print(&self) {
        println!("\n{}", self.title);
        let widest = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
        let first = widest.max(self.key.chars().count());
        let width = |name: &str| name.chars().count().max(8) + 1;
        let heads = self.columns.iter().map(|(name, _)| format!("{name:>0$}", width(name)));
        println!("{:>first$}{}", self.key, heads.collect::<String>());
        for row in &self.rows {
            let cells = self.columns.iter().enumerate().map(|(place, (name, digits))| {
                let width = width(name);
                match row.median(place) {
                    nothing if nothing.is_nan() => format!("{:>width$}", "-"),
                    median => format!("{median:>width$.digits$}"),
                }
            });
            println!("{:>first$}{}", row.name, cells.collect::<String>());
        }
    }
}

impl Row {
    fn median(&self, place: usize) -> f64 {
        let mut figures: Vec<f64> = self.rounds.iter().map(|round| round[place]).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    }
}

/// The median and the 99th percentile.
pub fn p50_p99(mut times: Vec<f64>) -> [f64; 2] {
    assert!(!times.is_empty(), "something was timed");
    times.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|share| times[((times.len() as f64 * share) as usize).min(times.len() - 1)])
}
