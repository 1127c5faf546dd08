//! `ArchiveService`: 需求档案, and how many were visited.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::intake::v1::{self as pb, archive_service_server::ArchiveService};
use huying_terms::calendar::day;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, placed, record, validate, visited::whom};
use crate::{
    app::archive::Opening,
    convert::visit as convert,
    domain::{
        archive::{Archive, ArchiveKind, Met, Place, Update, due::Obliging},
        counted::Count,
        visit::{NEEDS, Visited, VisitedKind},
    },
};

/// Whether the caller reaches an archive.
pub fn sees(caller: &Caller, archive: &Archive) -> bool {
    placed::sees(caller, &archive.place.district, &archive.place.area, &archive.unit)
}

impl Rpc {
    /// Archives of a district, as this caller may see them. Where its profile is gone, nobody visits in particular.
    async fn shown_all(
        &self,
        caller: &Caller,
        district: &str,
        archives: &[&Versioned<Archive>],
    ) -> Result<Vec<pb::Archive>, Problem> {
        let profile = self.app.profiles.find(district).await?;
        let knows = |it: &Archive| placed::knows_person(caller, district, &it.unit);
        let about: Vec<_> = archives.iter().map(|it| (it.id, &it.it.visited, knows(&it.it))).collect();
        let whom = whom(&self.app, Archive::KIND, &about).await?;
        let one = |(archive, whom): (&&Versioned<Archive>, Option<Visited>)| {
            let area = &archive.it.place.area;
            convert::archive(archive, whom.as_ref(), profile.as_ref().and_then(|it| it.plans.visitor(area)))
        };
        Ok(archives.iter().zip(whom).map(one).collect())
    }

    async fn shown(
        &self,
        caller: &Caller,
        archive: &Versioned<Archive>,
    ) -> Result<Response<pb::Archive>, Status> {
        let shown = self.shown_all(caller, &archive.it.place.district, &[archive]).await?.pop();
        Ok(Response::new(shown.unwrap_or_default()))
    }
}

#[tonic::async_trait]
impl ArchiveService for Rpc {
    async fn open_archive(
        &self,
        request: Request<pb::OpenArchiveRequest>,
    ) -> Result<Response<pb::Archive>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, mut opening) = opening(&request)?;
        placed::acts(&caller, &request.district, &opening.place.area)?;
        opening.unit = placed::unit(&caller, &request.district, &request.unit)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        self.shown(&caller, &self.app.open_archive(&opening, &meta).await?).await
    }

    async fn update_archive(
        &self,
        request: Request<pb::UpdateArchiveRequest>,
    ) -> Result<Response<pb::Archive>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (named, update) = update(&request)?;
        let meta = named.meta(&caller, &request);
        let reaches = |archive: &Archive| sees(&caller, archive);
        let done = self.app.update_archive(named.id, &update, reaches, &meta).await?;
        self.shown(&caller, &done).await
    }

    async fn get_archive(
        &self,
        request: Request<pb::GetArchiveRequest>,
    ) -> Result<Response<pb::Archive>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.archive(id).await?.filter(|found| sees(&caller, &found.it));
        let found = found.ok_or_else(|| not_found(Archive::KIND, id))?;
        self.shown(&caller, &found).await
    }

    async fn list_archives(
        &self,
        request: Request<pb::ListArchivesRequest>,
    ) -> Result<Response<pb::ListArchivesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        let kind = kind(&mut v, request.kind);
        let since = placed::instant(&mut v, "unvisited_since_time", request.unvisited_since_time.as_ref());
        v.finish()?;
        let placed = placed::reached(&caller, &request.district, &area)?;
        let size = page::size(request.page_size)?;
        let found = self.app.archives(&placed.area, page::cursor(&request.page_token)?, size).await?;
        let fits = |it: &Archive| {
            kind.is_none_or(|kind| kind == it.place.kind)
                && (it.place.key || !request.key)
                && since.is_none_or(|since| it.is_unvisited(since))
        };
        let wanted: Vec<_> = found.iter().filter(|found| fits(&found.it)).collect();
        let mut all = self.shown_all(&caller, &request.district, &wanted).await?.into_iter();
        let place = |last: &&Versioned<Archive>| (last.it.place.area.clone(), last.id);
        let show = |it: &Versioned<Archive>| if fits(&it.it) { all.next() } else { None };
        let (archives, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListArchivesResponse { archives, next_page_token }))
    }

    async fn oblige_visit(
        &self,
        request: Request<pb::ObligeVisitRequest>,
    ) -> Result<Response<pb::Archive>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (named, what) = obliging(&request, self.app.log.now())?;
        let meta = named.meta(&caller, &request);
        let reaches = |archive: &Archive| sees(&caller, archive);
        let done = self.app.oblige_visit(named.id, what, reaches, &meta).await?;
        self.shown(&caller, &done).await
    }

    async fn list_visits_due(
        &self,
        request: Request<pb::ListVisitsDueRequest>,
    ) -> Result<Response<pb::ListVisitsDueResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        let kind = kind(&mut v, request.kind);
        let until = placed::instant(&mut v, "until_time", request.until_time.as_ref());
        v.finish()?;
        let placed = placed::reached(&caller, &request.district, &area)?;
        let until = until.unwrap_or_else(|| self.app.log.now());
        let size = page::size(request.page_size)?;
        let found = self.app.visits_due(&placed, until, page::cursor(&request.page_token)?, size).await?;
        let fits = |it: &Archive| kind.is_none_or(|kind| kind == it.place.kind);
        let wanted: Vec<_> = found.iter().filter(|found| fits(&found.it)).collect();
        let mut all = self.shown_all(&caller, &request.district, &wanted).await?.into_iter();
        let place = |last: &&Versioned<Archive>| (last.it.due_at, last.id);
        let show = |it: &Versioned<Archive>| if fits(&it.it) { all.next() } else { None };
        let (archives, next_page_token) = page::shown(found.iter(), size, place, show);
        Ok(Response::new(pb::ListVisitsDueResponse { archives, next_page_token }))
    }

    async fn get_coverage(
        &self,
        request: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        let since = placed::instant(&mut v, "since_time", request.since_time.as_ref());
        v.finish()?;
        let placed = placed::reached(&caller, &request.district, &area)?;
        let counted = self.app.coverage(&placed, since, page::cursor(&request.page_token)?).await?;
        let coverage = counted.counts.iter().map(coverage).collect();
        Ok(Response::new(pb::GetCoverageResponse { coverage, next_page_token: page::token(counted.next) }))
    }
}

/// Only archives of this kind; none: all.
fn kind(v: &mut Violations, given: i32) -> Option<ArchiveKind> {
    let kind = pb::ArchiveKind::try_from(given);
    v.require("kind", kind.is_ok(), "must be one of the named values");
    kind.ok().and_then(convert::archive_kind_from)
}

fn coverage(count: &Count) -> pb::Coverage {
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let kind = ArchiveKind::of(&count.kind).map_or(pb::ArchiveKind::Unspecified, convert::archive_kind);
    pb::Coverage {
        area: count.area.clone(),
        kind: kind.into(),
        archives: number(count.all),
        visited: number(count.some),
        not_visited: number(count.all - count.some),
    }
}

/// What obliges a visit, and on which day it happened.
fn obliging(
    request: &pb::ObligeVisitRequest,
    now: DateTime<Utc>,
) -> Result<(Named, (Obliging, NaiveDate)), Problem> {
    let mut v = Violations::new();
    let named = v.head(request);
    let what = convert::obliging_from(request.reason());
    v.require("reason", what.is_some(), "must be one of the named values, and no plan");
    let day = day(&request.on);
    let is_near = day.is_some_and(|day| (day - now.date_naive()).num_days().abs() <= 366);
    v.require("on", is_near, "must be a day, YYYY-MM-DD, no more than 366 days from now");
    v.finish()?;
    Ok((named, (what.unwrap_or(Obliging::SafetyAccident), day.unwrap_or_default())))
}

fn opening(request: &pb::OpenArchiveRequest) -> Result<(Uuid, Opening), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let area = placed::area(&mut v, &request.district, &request.area);
    v.token("unit", &request.unit, 0..=64);
    let kind = v.enum_value::<pb::ArchiveKind>("kind", request.kind).and_then(convert::archive_kind_from);
    let kind = kind.unwrap_or(ArchiveKind::Household);
    let visited = record::visited(&mut v, request.visited.as_ref(), kind.visited());
    let may_be_key = !request.key || kind == ArchiveKind::Enterprise;
    v.require("key", may_be_key, "must be left out of what is no enterprise");
    v.finish()?;
    let place = Place { district: request.district.clone(), area, kind, key: request.key };
    Ok((request_id, Opening { place, visited, unit: None }))
}

fn update(request: &pb::UpdateArchiveRequest) -> Result<(Named, Update), Problem> {
    let mut v = Violations::new();
    let named = v.head(request);
    // Whom the archive is about is not said again; a priority is looked at by the domain of its kind.
    let visited = request.visited.as_ref();
    let visited = visited.map(|given| record::visited(&mut v, Some(given), VisitedKind::Household));
    let needs = record::needs(&mut v, &request.needs);
    v.list_len("met", request.met.len(), 0..=NEEDS);
    let mut met = Vec::new();
    let mut numbers = BTreeSet::new();
    for it in request.met.iter().take(NEEDS) {
        v.require("met.number", numbers.insert(it.number), "is there twice");
        met.push(Met { number: it.number, met: v.text("met.met", &it.met, 1..=500) });
    }
    v.finish()?;
    Ok((named, Update { visited, key: request.key, needs, met }))
}
