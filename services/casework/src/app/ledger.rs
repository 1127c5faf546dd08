//! A district's ledgers: read off its cases, by the definitions of its profile.

use std::sync::Arc;

use huying_chassis::{
    log::{Versioned, not_found},
    status::Problem,
};
use tonic::Code;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        Case, Cases, CaseworkProfile, Dispatch, Ledger, Page, Place,
        ledger::{Column, LedgerCount},
    },
    store::{self, ledger::unserved},
};

/// A case on a ledger, with the dispatches under way where the ledger shows measures.
#[derive(Debug)]
pub struct OnLedger {
    pub case: Versioned<Case>,
    pub measures: Vec<Versioned<Dispatch>>,
}

impl App {
    /// A ledger of a district, and the profile that has it.
    pub async fn ledger(
        &self,
        district: &str,
        code: &str,
    ) -> Result<(Arc<CaseworkProfile>, Ledger), Problem> {
        let profile = self.profile(district).await?;
        let ledger = profile.ledger(code).cloned();
        ledger.map(|ledger| (profile, ledger)).ok_or_else(|| not_found("ledger", code))
    }

    /// A page of a ledger.
    pub async fn ledger_page(
        &self,
        ledger: &Ledger,
        cases: &Cases,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<OnLedger>, Problem> {
        let page = self.cases(cases, after, size).await?;
        let mut under_way = Vec::new();
        if ledger.shows(Column::Measures) {
            let ids: Vec<Uuid> = page.items.iter().map(|case| case.id).collect();
            under_way = store::dispatch::under_way(self.log.pool(), &ids).await?;
        }
        let mut measures =
            |case: Uuid| under_way.extract_if(.., |dispatch| dispatch.it.case == case).collect();
        let items = page.items.into_iter().map(|case| OnLedger { measures: measures(case.id), case });
        Ok(Page { items: items.collect(), next: page.next })
    }

    /// How many cases are on a ledger, by what it is split by, in so many cases at most.
    pub async fn count_ledger(
        &self,
        ledger: &Ledger,
        cases: &Cases,
        after: Option<Place>,
        most: usize,
    ) -> Result<Page<LedgerCount>, Problem> {
        Ok(store::ledger::count(self.log.pool(), (ledger.split, cases), after, most).await?)
    }
}

/// Whether an index leads to the cases of each ledger.
///
/// # Errors
/// `LEDGER_NOT_SERVED`, with each ledger and each of its fields that none has.
pub fn served(profile: &CaseworkProfile) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    for (n, ledger) in profile.ledgers.iter().enumerate() {
        let fields = unserved(ledger, &profile.district);
        wrong.extend(fields.into_iter().map(|field| (n, &ledger.code, field)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = wrong.iter().map(|(_, code, field)| format!("{code}.{field}")).collect();
    let words = format!("no index leads to the cases of these ledgers: {}", named.join(", "));
    let problem =
        Problem::new(Code::InvalidArgument, "LEDGER_NOT_SERVED", words).meta("unserved", named.join(","));
    Err(wrong.into_iter().fold(problem, |problem, (n, code, field)| {
        let what = format!("'{code}': no index has this besides all that it names, in its order: leave it out, or order it otherwise");
        problem.field(format!("profile.ledgers[{n}].{field}"), what)
    }))
}
