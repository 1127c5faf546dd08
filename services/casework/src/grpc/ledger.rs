//! `LedgerService`: named lists of cases, as the district's profile has them.

use std::{collections::BTreeSet, pin::Pin, sync::Arc};

use futures::{Stream, stream};
use huying_chassis::{auth::Caller, page, status::Problem, validate::Violations};
use huying_proto::{
    casework::v1::{self as pb, ledger_service_server::LedgerService},
    common::v1 as common,
};
use tonic::{Request, Response, Status};

use super::{
    Rpc, access, lists,
    validate::{AREA, DISTRICT, given},
};
use crate::{
    app::{App, ledger::OnLedger, read::COUNTED},
    convert,
    domain::{
        By, Cases, CaseworkProfile, Ledger, Page, Place,
        known::Glance,
        ledger::{Asked, MOST_LEDGERS},
    },
};

/// Cases on a page of an export, and how many pages it has at most.
const EXPORTED: i64 = 200;
const MOST_PAGES: usize = 500;

/// What every question about a ledger says.
struct Question<'a> {
    district: &'a str,
    ledger: &'a str,
    area: &'a str,
    of: &'a str,
}

/// A ledger as a caller reads it.
struct Read {
    ledger: Ledger,
    cases: Cases,
    profile: Arc<CaseworkProfile>,
    by: By,
}

impl Read {
    fn case(&self, app: &App, it: &OnLedger) -> pb::LedgerCase {
        let (id, now) = (it.case.id, app.log.now());
        let known = Glance { id, now, by: &self.by, profile: &self.profile, dispatches: None };
        let case = convert::case(&it.case, true, &known);
        pb::LedgerCase {
            case: Some(convert::list::on_ledger(case)),
            measures: it.measures.iter().map(convert::dispatch).collect(),
        }
    }

    /// A page of bounded bytes, and where the next one begins.
    async fn page(
        &self,
        app: &App,
        after: Option<Place>,
        size: i64,
    ) -> Result<(Vec<pb::LedgerCase>, Option<Place>), Problem> {
        page::fitted(size, |size| self.read(app, after, size)).await
    }

    async fn read(
        &self,
        app: &App,
        after: Option<Place>,
        size: i64,
    ) -> Result<(Vec<pb::LedgerCase>, Option<Place>), Problem> {
        let Page { items, next } = app.ledger_page(&self.ledger, &self.cases, after, size).await?;
        Ok((items.iter().map(|it| self.case(app, it)).collect(), next))
    }
}

impl Rpc {
    async fn ledger(&self, caller: &Caller, asked: Question<'_>) -> Result<Read, Problem> {
        let mut v = Violations::new();
        v.digits("district", asked.district, &DISTRICT);
        v.token("ledger", asked.ledger, 1..=64);
        if !asked.area.is_empty() {
            v.digits("area", asked.area, &AREA);
        }
        let of = v.line("of", asked.of, 0..=64);
        v.finish()?;
        access::bounds(caller, asked.district, None)?;
        let (profile, ledger) = self.app.ledger(asked.district, asked.ledger).await?;
        let question = Asked { area: given(asked.area), of: given(&of) };
        let mut cases =
            ledger.cases(asked.district, &question).map_err(|(field, what)| wrong(field, what))?;
        access::narrow(caller, &mut cases)?;
        Ok(Read { ledger, cases, profile, by: access::by(caller) })
    }
}

fn wrong(field: &str, what: &str) -> Problem {
    let mut v = Violations::new();
    v.add(field, what);
    v.finish().err().unwrap_or_else(page::not_ours)
}

#[tonic::async_trait]
impl LedgerService for Rpc {
    async fn list_ledgers(
        &self,
        request: Request<pb::ListLedgersRequest>,
    ) -> Result<Response<pb::ListLedgersResponse>, Status> {
        let caller = Caller::of(&request)?;
        let district = &request.get_ref().district;
        let mut v = Violations::new();
        v.digits("district", district, &DISTRICT);
        v.finish()?;
        access::bounds(&caller, district, None)?;
        let profile = self.app.profile(district).await?;
        let ledgers = profile.ledgers.iter().map(convert::ledger::write).collect();
        Ok(Response::new(pb::ListLedgersResponse { ledgers }))
    }

    async fn list_ledger_cases(
        &self,
        request: Request<pb::ListLedgerCasesRequest>,
    ) -> Result<Response<pb::ListLedgerCasesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let it = request.get_ref();
        let asked = Question { district: &it.district, ledger: &it.ledger, area: &it.area, of: &it.of };
        let read = self.ledger(&caller, asked).await?;
        let (after, size) = (lists::place(&it.page_token, read.ledger.order)?, page::size(it.page_size)?);
        let (cases, next) = read.page(&self.app, after, size).await?;
        let (ledger, next_page_token) = (Some(convert::ledger::write(&read.ledger)), page::token(next));
        Ok(Response::new(pb::ListLedgerCasesResponse { ledger, cases, next_page_token }))
    }

    async fn count_ledger(
        &self,
        request: Request<pb::CountLedgerRequest>,
    ) -> Result<Response<pb::CountLedgerResponse>, Status> {
        let caller = Caller::of(&request)?;
        let it = request.get_ref();
        let asked = Question { district: &it.district, ledger: &it.ledger, area: &it.area, of: &it.of };
        let read = self.ledger(&caller, asked).await?;
        let after = lists::place(&it.page_token, read.ledger.order)?;
        let (app, of) = (&self.app, &read);
        let count = |most| async move {
            let Page { items, next } = app.count_ledger(&of.ledger, &of.cases, after, most).await?;
            Ok::<_, Problem>(pb::CountLedgerResponse {
                ledger: Some(convert::ledger::write(&of.ledger)),
                counts: items.into_iter().map(convert::ledger::count).collect(),
                next_page_token: page::token(next),
            })
        };
        Ok(Response::new(page::halved(COUNTED, count).await?))
    }

    type ExportLedgerStream = Pin<Box<dyn Stream<Item = Result<pb::ExportLedgerResponse, Status>> + Send>>;

    async fn export_ledger(
        &self,
        request: Request<pb::ExportLedgerRequest>,
    ) -> Result<Response<Self::ExportLedgerStream>, Status> {
        let caller = Caller::of(&request)?;
        let it = request.get_ref();
        let asked = Question { district: &it.district, ledger: &it.ledger, area: &it.area, of: &it.of };
        let read = self.ledger(&caller, asked).await?;
        let after = lists::place(&it.page_token, read.ledger.order)?;
        Ok(Response::new(Box::pin(exported(self.app.clone(), read, after))))
    }
}

/// How far an export has come: pages told, and where the next one begins; none: there is no next one.
type Told = (usize, Option<Option<Place>>);

/// Page by page, each read when the caller has taken the one before.
fn exported(
    app: App,
    read: Read,
    after: Option<Place>,
) -> impl Stream<Item = Result<pb::ExportLedgerResponse, Status>> + Send {
    let read = Arc::new(read);
    let next_page = move |(told, at): Told| {
        let (app, read) = (app.clone(), read.clone());
        async move {
            let Some(after) = at.filter(|_| told < MOST_PAGES) else { return Ok(None) };
            let (cases, next) = read.page(&app, after, EXPORTED).await?;
            let ledger = (told == 0).then(|| convert::ledger::write(&read.ledger));
            let page = pb::ExportLedgerResponse { ledger, cases, next_page_token: page::token(next) };
            Ok(Some((page, (told + 1, next.map(Some)))))
        }
    };
    stream::try_unfold((0, Some(after)), next_page)
}

/// The definitions of a profile.
pub fn definitions(v: &mut Violations, district: &str, ledgers: &[pb::Ledger]) -> Vec<Ledger> {
    v.list_len("profile.ledgers", ledgers.len(), 0..=MOST_LEDGERS);
    let (mut codes, mut read) = (BTreeSet::new(), Vec::new());
    for (n, it) in ledgers.iter().take(MOST_LEDGERS).enumerate() {
        let of = |field: &str| format!("profile.ledgers[{n}].{field}");
        let columns = it.columns.iter().all(|word| *word != 0 && pb::LedgerColumn::try_from(*word).is_ok());
        let words = [
            ("state", pb::CaseState::try_from(it.state).is_ok()),
            ("tier", common::Tier::try_from(it.tier).is_ok()),
            ("lamp", common::Lamp::try_from(it.lamp).is_ok()),
            ("outcome", pb::Outcome::try_from(it.outcome).is_ok()),
            ("split", pb::LedgerSplit::try_from(it.split).is_ok()),
            ("order", pb::CaseOrder::try_from(it.order).is_ok()),
            ("columns", columns),
        ];
        for (field, known) in words {
            v.require(&of(field), known, "must be one of the named values");
        }
        v.require(&of("code"), codes.insert(&it.code), "is there twice");
        let ledger = convert::ledger::read(it);
        for (field, what) in ledger.check(district) {
            v.add(of(field), what);
        }
        read.push(ledger);
    }
    read
}
