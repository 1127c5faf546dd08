//! `HandbookService`: what people ask for most, answered beforehand.

use huying_chassis::{auth::Caller, log::Meta, page, status::Problem, validate::Violations};
use huying_proto::intake::v1::{self as pb, handbook_service_server::HandbookService};
use huying_wire::limit;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, validate::DISTRICT};
use crate::{
    convert::guide as convert,
    domain::{
        guide::{ALSO, Content, GuideKind, OFFICERS, PublishedOfficer},
        wanted::Guides,
    },
};

#[tonic::async_trait]
impl HandbookService for Rpc {
    async fn publish_guide(
        &self,
        request: Request<pb::PublishGuideRequest>,
    ) -> Result<Response<pb::Guide>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, content) = publishing(&request)?;
        caller.reach.within(&content.district)?;
        let replaces = Some(request.version).filter(|version| *version != 0);
        let meta = Meta::asked(&caller, &request, request_id, replaces);
        Ok(Response::new(convert::guide(&self.app.publish_guide(&content, &meta).await?)))
    }

    async fn withdraw_guide(
        &self,
        request: Request<pb::WithdrawGuideRequest>,
    ) -> Result<Response<pb::Guide>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let request_id = v.uuid("request_id", &request.request_id);
        named(&mut v, &request.district, &request.code);
        let reason = v.text("reason", &request.reason, 1..=500);
        v.finish()?;
        caller.reach.within(&request.district)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let of = (request.district.as_str(), request.code.as_str());
        Ok(Response::new(convert::guide(&self.app.withdraw_guide(of, &reason, &meta).await?)))
    }

    async fn get_guide(&self, request: Request<pb::GetGuideRequest>) -> Result<Response<pb::Guide>, Status> {
        let request = request.into_inner();
        let mut v = Violations::new();
        named(&mut v, &request.district, &request.code);
        v.range("version", request.version, 0..=i64::MAX);
        v.finish()?;
        let version = Some(request.version).filter(|version| *version != 0);
        let guide = self.app.guide((&request.district, &request.code), version).await?;
        Ok(Response::new(convert::guide(&guide)))
    }

    async fn list_guides(
        &self,
        request: Request<pb::ListGuidesRequest>,
    ) -> Result<Response<pb::ListGuidesResponse>, Status> {
        let request = request.into_inner();
        let mut v = Violations::new();
        v.digits("district", &request.district, &DISTRICT);
        let kind = kind(&mut v, request.kind);
        v.token("unit", &request.unit, 0..=64);
        v.finish()?;
        let unit = Some(request.unit).filter(|unit| !unit.is_empty());
        let wanted = Guides { district: request.district, kind, unit };
        let size = page::size(request.page_size)?;
        let after: Option<String> = page::cursor(&request.page_token)?;
        let found = self.app.guides(&wanted, after.as_deref().unwrap_or_default(), size).await?;
        let show = |it| Some(convert::guide(it));
        let (guides, next_page_token) =
            page::shown(found.iter(), size, |last| last.it.content.code.clone(), show);
        Ok(Response::new(pb::ListGuidesResponse { guides, next_page_token }))
    }

    async fn search_guides(
        &self,
        request: Request<pb::SearchGuidesRequest>,
    ) -> Result<Response<pb::SearchGuidesResponse>, Status> {
        let request = request.into_inner();
        let mut v = Violations::new();
        v.digits("district", &request.district, &DISTRICT);
        let kind = kind(&mut v, request.kind);
        let words = v.text("words", &request.words, 1..=200);
        v.finish()?;
        let size = page::size_within(request.size, 10, 50)?;
        let found = self.app.search_guides((&request.district, kind), &words, size).await?;
        let found = found
            .iter()
            .map(|found| pb::GuideFound { guide: Some(convert::guide(&found.guide)), score: found.score });
        let mut found: Vec<_> = found.collect();
        found.truncate(page::fitting(&found, page::BYTES));
        Ok(Response::new(pb::SearchGuidesResponse { found }))
    }
}

fn named(v: &mut Violations, district: &str, code: &str) {
    v.digits("district", district, &DISTRICT);
    v.token("code", code, 1..=64);
}

/// None: all.
fn kind(v: &mut Violations, kind: i32) -> Option<GuideKind> {
    let kind = pb::GuideKind::try_from(kind);
    v.require("kind", kind.is_ok(), "must be one of the named values");
    kind.ok().and_then(convert::kind_from)
}

fn publishing(request: &pb::PublishGuideRequest) -> Result<(Uuid, Content), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.range("version", request.version, 0..=i64::MAX);
    let given = request.guide.clone().unwrap_or_default();
    v.digits("guide.district", &given.district, &DISTRICT);
    v.token("guide.code", &given.code, 1..=64);
    let kind = v.enum_value::<pb::GuideKind>("guide.kind", given.kind).and_then(convert::kind_from);
    let title = v.line("guide.title", &given.title, 1..=100);
    let grounds = v.text("guide.grounds", &given.grounds, 0..=4000);
    let conditions = v.text("guide.conditions", &given.conditions, 0..=4000);
    let text = v.text("guide.text", &given.text, 1..=8000);
    let contact = v.line("guide.contact", &given.contact, 0..=200);
    let complaint_line = v.line("guide.complaint_line", &given.complaint_line, 0..=200);
    v.token("guide.unit", &given.unit, 1..=64);
    let limit = given.limit.and_then(|limit| limit::check(&mut v, "guide.limit", Some(limit)));
    let officers = officers(&mut v, given.officers, kind);
    v.list_len("guide.also", given.also.len(), 0..=ALSO);
    let also = given.also.iter().take(ALSO).map(|words| v.line("guide.also", words, 1..=50)).collect();
    v.finish()?;
    let kind = kind.unwrap_or(GuideKind::Service);
    let pb::Guide { district, code, unit, .. } = given;
    let content = Content {
        district,
        code,
        kind,
        title,
        grounds,
        conditions,
        text,
        limit,
        unit,
        contact,
        complaint_line,
        officers,
        also,
    };
    Ok((request_id, content))
}

/// Only a unit has officers.
fn officers(
    v: &mut Violations,
    officers: Vec<pb::PublishedOfficer>,
    kind: Option<GuideKind>,
) -> Vec<PublishedOfficer> {
    v.list_len("guide.officers", officers.len(), 0..=OFFICERS);
    let may = officers.is_empty() || kind == Some(GuideKind::Unit);
    v.require("guide.officers", may, "must be left out of what is no unit");
    let mut read = Vec::new();
    for (n, it) in officers.into_iter().take(OFFICERS).enumerate() {
        let field = |what: &str| format!("guide.officers[{n}].{what}");
        let name = v.line(&field("name"), &it.name, 1..=50);
        let duty = v.text(&field("duty"), &it.duty, 0..=500);
        read.push(PublishedOfficer { name, duty, contact: v.line(&field("contact"), &it.contact, 0..=100) });
    }
    read
}
