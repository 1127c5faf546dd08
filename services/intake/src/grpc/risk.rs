//! `RiskService`: 矛盾隐患台账.

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, risk_service_server::RiskService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, placed, validate};
use crate::{
    app::risk::Noticed,
    convert::visit as convert,
    domain::{
        counted::Count,
        risk::{Risk, RiskKind},
        wanted::Newest,
    },
};

fn sees(caller: &Caller, risk: &Risk) -> bool {
    placed::sees(caller, &risk.district, &risk.area, &risk.unit)
}

#[tonic::async_trait]
impl RiskService for Rpc {
    async fn open_risk(&self, request: Request<pb::OpenRiskRequest>) -> Result<Response<pb::Risk>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, mut noticed) = noticed(&request)?;
        placed::acts(&caller, &request.district, &noticed.area)?;
        noticed.unit = placed::unit(&caller, &request.district, &request.unit)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        Ok(Response::new(convert::risk(&self.app.open_risk(&noticed, &meta).await?)))
    }

    async fn settle_risk(
        &self,
        request: Request<pb::SettleRiskRequest>,
    ) -> Result<Response<pb::Risk>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let named = v.head(&request);
        let outcome = v.text("outcome", &request.outcome, 1..=2000);
        v.finish()?;
        let meta = named.meta(&caller, &request);
        let reaches = |risk: &Risk| sees(&caller, risk);
        let done = self.app.settle_risk(named.id, &outcome, reaches, &meta).await?;
        Ok(Response::new(convert::risk(&done)))
    }

    async fn get_risk(&self, request: Request<pb::GetRiskRequest>) -> Result<Response<pb::Risk>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.risk(id).await?.filter(|found| sees(&caller, &found.it));
        let found = found.ok_or_else(|| not_found(Risk::KIND, id))?;
        Ok(Response::new(convert::risk(&found)))
    }

    async fn list_risks(
        &self,
        request: Request<pb::ListRisksRequest>,
    ) -> Result<Response<pb::ListRisksResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.token("unit", &request.unit, 0..=64);
        let kind = pb::RiskKind::try_from(request.kind);
        v.require("kind", kind.is_ok(), "must be one of the named values");
        v.finish()?;
        let kind = kind.ok().and_then(convert::risk_kind_from);
        let placed = placed::reached(&caller, &request.district, &area)?;
        let unit = Some(request.unit).filter(|unit| !unit.is_empty());
        let wanted = Newest { placed, unit, from: None, until: None };
        let size = page::size(request.page_size)?;
        let after = page::cursor(&request.page_token)?;
        let found = self.app.risks(&wanted, request.settled, after, size).await?;
        let fits = |it: &Risk| kind.is_none_or(|kind| kind == it.kind);
        let show = |found: &Versioned<Risk>| fits(&found.it).then(|| convert::risk(found));
        let place = |last: &&Versioned<Risk>| (last.it.opened_at, last.id);
        let (risks, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListRisksResponse { risks, next_page_token }))
    }

    async fn count_risks(
        &self,
        request: Request<pb::CountRisksRequest>,
    ) -> Result<Response<pb::CountRisksResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.finish()?;
        let placed = placed::reached(&caller, &request.district, &area)?;
        let counted = self.app.count_risks(&placed, page::cursor(&request.page_token)?).await?;
        let counts = counted.counts.iter().map(count).collect();
        Ok(Response::new(pb::CountRisksResponse { counts, next_page_token: page::token(counted.next) }))
    }
}

fn count(count: &Count) -> pb::RiskCount {
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let kind = RiskKind::of(&count.kind).map_or(pb::RiskKind::Unspecified, convert::risk_kind);
    pb::RiskCount {
        area: count.area.clone(),
        kind: kind.into(),
        risks: number(count.all),
        settled: number(count.some),
    }
}

fn noticed(request: &pb::OpenRiskRequest) -> Result<(Uuid, Noticed), Problem> {
    let mut v = Violations::heard();
    let request_id = v.uuid("request_id", &request.request_id);
    let area = placed::area(&mut v, &request.district, &request.area);
    v.token("unit", &request.unit, 0..=64);
    let kind = v.enum_value::<pb::RiskKind>("kind", request.kind).and_then(convert::risk_kind_from);
    let content = v.text("content", &request.content, 1..=8000);
    v.finish()?;
    let district = request.district.clone();
    Ok((
        request_id,
        Noticed { district, area, kind: kind.unwrap_or(RiskKind::Conflict), content, unit: None },
    ))
}
