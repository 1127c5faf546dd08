//! 四账: entered = working + settled, of each district. Pure: what a count found is added up here.
//!
//! Entered and settled are told by the log, which is followed; working by the rows, which are counted. So a row that was lost, doubled or
//! is in another state than its log says shows in the next count, if it should be worked on, and else when the walk comes to it.

use std::collections::BTreeMap;

/// A district's account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// By the log up to where it has been counted, which is before those of the last moment.
    pub entered_before: i64,
    pub settled_before: i64,
    /// As told.
    pub entered: i64,
    pub working: i64,
    pub settled: i64,
    /// Cases with a row and no log, or a log and no row: of the last walk, and of the one under way.
    pub astray: i64,
    pub astray_so_far: i64,
}

/// By district.
pub type Accounts = BTreeMap<String, Account>;

/// What an entry of the log means for the account of its district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub district: String,
    /// 1 for a case's first entry.
    pub entered: i64,
    /// 1 where it closed the case, -1 where it opened it again.
    pub settled: i64,
    /// Nothing can be committed before it any more. Others are counted again the next time.
    pub is_past: bool,
}

/// What the entries up to the place counted come to.
pub fn post(accounts: &mut Accounts, entries: &[Posted]) {
    for entry in entries.iter().filter(|entry| entry.is_past) {
        let account = accounts.entry(entry.district.clone()).or_default();
        account.entered_before += entry.entered;
        account.settled_before += entry.settled;
    }
}

/// What is told, where these entries, which [`post`] has had, are the last, and so many cases of each district are worked on.
pub fn tell(accounts: &mut Accounts, last: &[Posted], working: &[(String, i64)]) {
    for (district, _) in working {
        accounts.entry(district.clone()).or_default();
    }
    for (district, account) in accounts {
        let of_it = last.iter().filter(|entry| entry.district == *district && !entry.is_past);
        let (entered, settled) =
            of_it.fold((0, 0), |sum, entry| (sum.0 + entry.entered, sum.1 + entry.settled));
        account.entered = account.entered_before + entered;
        account.settled = account.settled_before + settled;
        account.working = working.iter().find(|(of, _)| of == district).map_or(0, |(_, number)| *number);
    }
}

/// What a page of the walk found astray, a district for each; and whether it was the last page.
pub fn walk(accounts: &mut Accounts, astray: &[String], is_last: bool) {
    for district in astray {
        accounts.entry(district.clone()).or_default().astray_so_far += 1;
    }
    if is_last {
        for account in accounts.values_mut() {
            (account.astray, account.astray_so_far) = (account.astray_so_far, 0);
        }
    }
}
