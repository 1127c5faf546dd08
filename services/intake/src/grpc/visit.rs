//! `VisitService`: recording visits, and reading them.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, visit_service_server::VisitService};
use tonic::{Request, Response, Status};

use super::{Rpc, placed, record, validate, visited::whom};
use crate::{
    app::App,
    convert::visit as convert,
    domain::{
        counted::VisitCount,
        visit::{Visit, Whom},
        wanted::Newest,
    },
};

/// Visits, as this caller may see them.
async fn shown_all(
    app: &App,
    caller: &Caller,
    visits: &[&Versioned<Visit>],
) -> Result<Vec<pb::Visit>, Problem> {
    let knows = |it: &Visit| placed::knows_person(caller, &it.district, &it.unit);
    let about: Vec<_> = visits.iter().map(|it| (it.id, &it.it.visited, knows(&it.it))).collect();
    let whom = whom(app, Visit::KIND, &about).await?;
    Ok(visits.iter().zip(whom).map(|(visit, whom)| convert::visit(visit, whom.as_ref())).collect())
}

async fn shown(app: &App, caller: &Caller, visit: &Versioned<Visit>) -> Result<pb::Visit, Problem> {
    Ok(shown_all(app, caller, &[visit]).await?.pop().unwrap_or_default())
}

fn sees(caller: &Caller, visit: &Visit) -> bool {
    placed::sees(caller, &visit.district, &visit.area, &visit.unit)
}

#[tonic::async_trait]
impl VisitService for Rpc {
    async fn record_visit(
        &self,
        request: Request<pb::RecordVisitRequest>,
    ) -> Result<Response<pb::RecordVisitResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, mut record) = record::read(request.clone(), self.app.log.now())?;
        caller.reach.within(&record.district)?;
        if let Whom::There(there) = &record.whom {
            placed::acts(&caller, &record.district, &there.area)?;
        }
        record.unit = placed::unit(&caller, &record.district, &request.unit)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let sees = |archive: &_| super::archive::sees(&caller, archive);
        let recorded = self.app.record_visit(&record, sees, &meta).await?;
        let receipts = recorded.requests.into_iter().map(|request| pb::Receipt {
            tracking_token: self.app.tracking_token(&request),
            number: request.it.number,
        });
        let visit = Some(shown(&self.app, &caller, &recorded.visit).await?);
        Ok(Response::new(pb::RecordVisitResponse { visit, receipts: receipts.collect() }))
    }

    async fn get_visit(&self, request: Request<pb::GetVisitRequest>) -> Result<Response<pb::Visit>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.visit(id).await?.filter(|found| sees(&caller, &found.it));
        let found = found.ok_or_else(|| not_found(Visit::KIND, id))?;
        Ok(Response::new(shown(&self.app, &caller, &found).await?))
    }

    async fn list_visits(
        &self,
        request: Request<pb::ListVisitsRequest>,
    ) -> Result<Response<pb::ListVisitsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        v.token("unit", &request.unit, 0..=64);
        let kind = pb::VisitedKind::try_from(request.kind);
        v.require("kind", kind.is_ok(), "must be one of the named values");
        let times = (request.from_time.as_ref(), request.until_time.as_ref());
        let wanted = newest(v, &caller, (&request.district, &request.area), &request.unit, times)?;
        let kind = kind.ok().and_then(convert::kind_from);
        let size = page::size(request.page_size)?;
        let found = self.app.visits(&wanted, page::cursor(&request.page_token)?, size).await?;
        let fits = |it: &Visit| kind.is_none_or(|kind| kind == it.kind);
        let wanted: Vec<_> = found.iter().filter(|found| fits(&found.it)).collect();
        let mut all = shown_all(&self.app, &caller, &wanted).await?.into_iter();
        let show = |it: &Versioned<Visit>| if fits(&it.it) { all.next() } else { None };
        let place = |last: &&Versioned<Visit>| (last.it.visited_at, last.id);
        let (visits, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListVisitsResponse { visits, next_page_token }))
    }

    async fn count_visits(
        &self,
        request: Request<pb::CountVisitsRequest>,
    ) -> Result<Response<pb::CountVisitsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let times = (request.from_time.as_ref(), request.until_time.as_ref());
        let wanted = newest(Violations::new(), &caller, (&request.district, &request.area), "", times)?;
        let counted = self.app.count_visits(&wanted, page::cursor(&request.page_token)?).await?;
        let next_page_token = page::token(counted.next);
        let counts = counted.counts.iter().map(count).collect();
        Ok(Response::new(pb::CountVisitsResponse { counts, next_page_token }))
    }
}

fn count(count: &VisitCount) -> pb::VisitCount {
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let kind = crate::domain::visit::VisitedKind::of(&count.kind)
        .map_or(pb::VisitedKind::Unspecified, convert::kind);
    pb::VisitCount {
        area: count.area.clone(),
        kind: kind.into(),
        visits: number(count.visits),
        nights: number(count.nights),
        findings: number(count.requests + count.risks),
        requests: number(count.requests),
        risks: number(count.risks),
    }
}

/// What is asked for, narrowed to what the caller reaches.
fn newest(
    mut v: Violations,
    caller: &Caller,
    (district, area): (&str, &str),
    unit: &str,
    (from, until): (Option<&pbjson_types::Timestamp>, Option<&pbjson_types::Timestamp>),
) -> Result<Newest, Problem> {
    let area = placed::asked_area(&mut v, district, area);
    let (from, until) =
        (placed::instant(&mut v, "from_time", from), placed::instant(&mut v, "until_time", until));
    let in_order = from.zip(until).is_none_or(|(from, until)| from < until);
    v.require("until_time", in_order, "must be after from_time");
    v.finish()?;
    let placed = placed::reached(caller, district, &area)?;
    let unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
    Ok(Newest { placed, unit, from, until })
}
