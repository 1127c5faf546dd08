//! Days and months of a district: which figures a period is read from, and with which other periods it is compared.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Counts, Span};

/// The longest period figures are told for, in days.
pub const LONGEST: i64 = 366;

/// Whole days of the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    /// Not itself in it.
    pub to: NaiveDate,
}

/// Which rows are read: the months that end before the month of `to`, all there ever were; the days of that month; and the days of the first
/// month where the period begins within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Months that begin before, and days from here on up to the period's end.
    pub last: NaiveDate,
    /// Days of the first month, from and to; nothing where it is whole.
    pub first: (NaiveDate, NaiveDate),
}

impl Period {
    pub fn rows(&self) -> Rows {
        let (last, first) = (month(self.to), month(self.from));
        let next = first.checked_add_months(Months::new(1)).unwrap_or(last);
        let cut = self.from != first && first < last;
        Rows { last, first: if cut { (self.from, next) } else { (self.from, self.from) } }
    }

    /// Adds a row to the sum: what happened where the row lies in the period, and what there is where it lies before its end.
    pub fn add(&self, sum: &mut Counts, (span, day): (Span, NaiveDate), counts: &Counts) {
        let whole = match span {
            Span::Month => day >= self.from && day < month(self.to),
            // Of whole months the days are not added once more.
            Span::Day => {
                day >= self.from && day < self.to && (day >= month(self.to) || self.begins_within(day))
            }
        };
        let before = match span {
            Span::Month => day < month(self.to),
            Span::Day => day >= month(self.to) && day < self.to,
        };
        sum.add_all(counts, |it| if it.is_stock() { before } else { whole });
    }

    /// Whether a day is in a first month that is not whole.
    fn begins_within(&self, day: NaiveDate) -> bool {
        self.from.day() != 1 && month(day) == month(self.from)
    }

    /// As far as it comes before a day. One that begins later has no day, and what there is in it is what there is when that day begins.
    pub fn until(self, day: NaiveDate) -> Self {
        Self { to: self.to.min(day), ..self }
    }

    /// 环比: the time of the same length before: as many months where it is whole months, else as many days.
    pub fn before(&self) -> Option<Self> {
        let from = match self.months() {
            Some(months) => self.from.checked_sub_months(Months::new(months))?,
            None => self.from.checked_sub_days(Days::new(self.days()))?,
        };
        Some(Self { from, to: self.from })
    }

    /// 环比 of what of it comes before a day: the same days of the time before, so that ten days of a month do not stand beside a whole one. Of one
    /// that begins later there is no day.
    pub fn before_until(self, day: NaiveDate) -> Option<Self> {
        let (before, passed) = (self.before()?, self.until(day));
        if passed == self {
            return Some(before);
        }
        let to = match self.months() {
            // The last day so many months before, and the day after that: the end of a shorter month stands beside that of a longer one.
            Some(months) => passed.to.pred_opt()?.checked_sub_months(Months::new(months))?.succ_opt()?,
            None => passed.to.checked_sub_days(Days::new(self.days()))?,
        };
        Some(Self { to, ..before })
    }

    /// 同比: the same months a year before where it is whole months, else the same days; for 29 February that is the 28th.
    pub fn last_year(&self) -> Option<Self> {
        let year = Months::new(12);
        let from = self.from.checked_sub_months(year)?;
        let to = match self.months() {
            Some(_) => self.to.checked_sub_months(year)?,
            // The last day a year before, and the day after that: a year before the day after may be the last day itself.
            None => self.to.pred_opt()?.checked_sub_months(year)?.succ_opt()?,
        };
        Some(Self { from, to })
    }

    /// How many whole months it is; none if it is not.
    fn months(&self) -> Option<u32> {
        let number =
            (self.to.year() - self.from.year()) * 12 + self.to.month0() as i32 - self.from.month0() as i32;
        let whole = self.from.day() == 1 && self.to.day() == 1;
        u32::try_from(number).ok().filter(|_| whole)
    }

    pub fn days(&self) -> u64 {
        (self.to - self.from).num_days().try_into().unwrap_or_default()
    }
}

/// The first day of a day's month.
pub fn month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
