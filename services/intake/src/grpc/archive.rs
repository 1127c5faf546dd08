//! `ArchiveService`: 需求档案, and how many were visited.

use std::collections::BTreeSet;

use huying_chassis::{
    auth::Caller,
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, archive_service_server::ArchiveService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, placed, record, validate};
use crate::{
    app::archive::Opening,
    convert::visit as convert,
    domain::{
        archive::{Archive, ArchiveKind, Met, Place, Update},
        counted::Count,
        visit::{NEEDS, VisitedKind},
    },
};

/// Whether the caller reaches an archive.
pub fn sees(caller: &Caller, archive: &Archive) -> bool {
    placed::sees(caller, &archive.place.district, &archive.place.area, &archive.unit)
}

/// An archive, as this caller may see it.
fn shown(caller: &Caller, archive: &Versioned<Archive>) -> pb::Archive {
    convert::archive(archive, placed::knows_person(caller, &archive.it.place.district, &archive.it.unit))
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
        placed::acts(&caller, &request.district, &request.area)?;
        opening.unit = placed::unit(&caller, &request.district, &request.unit)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        Ok(Response::new(shown(&caller, &self.app.open_archive(&opening, &meta).await?)))
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
        Ok(Response::new(shown(&caller, &done)))
    }

    async fn get_archive(
        &self,
        request: Request<pb::GetArchiveRequest>,
    ) -> Result<Response<pb::Archive>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.archive(id).await?.filter(|found| sees(&caller, &found.it));
        let found = found.ok_or_else(|| not_found(Archive::KIND, id))?;
        Ok(Response::new(shown(&caller, &found)))
    }

    async fn list_archives(
        &self,
        request: Request<pb::ListArchivesRequest>,
    ) -> Result<Response<pb::ListArchivesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        placed::asked_area(&mut v, &request.district, &request.area);
        let kind = pb::ArchiveKind::try_from(request.kind);
        v.require("kind", kind.is_ok(), "must be one of the named values");
        let since = placed::instant(&mut v, "unvisited_since_time", request.unvisited_since_time.as_ref());
        v.finish()?;
        let kind = kind.ok().and_then(convert::archive_kind_from);
        let placed = placed::reached(&caller, &request.district, &request.area)?;
        let size = page::size(request.page_size)?;
        let found = self.app.archives(&placed.area, page::cursor(&request.page_token)?, size).await?;
        let next_page_token = page::next(&found, size, |last| (last.it.place.area.clone(), last.id));
        let fits = |it: &Archive| {
            kind.is_none_or(|kind| kind == it.place.kind)
                && (it.place.key || !request.key)
                && since.is_none_or(|since| it.is_unvisited(since))
        };
        let archives =
            found.iter().filter(|found| fits(&found.it)).map(|found| shown(&caller, found)).collect();
        Ok(Response::new(pb::ListArchivesResponse { archives, next_page_token }))
    }

    async fn get_coverage(
        &self,
        request: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        placed::asked_area(&mut v, &request.district, &request.area);
        let since = placed::instant(&mut v, "since_time", request.since_time.as_ref());
        v.finish()?;
        let placed = placed::reached(&caller, &request.district, &request.area)?;
        let counted = self.app.coverage(&placed, since, page::cursor(&request.page_token)?).await?;
        let coverage = counted.counts.iter().map(coverage).collect();
        Ok(Response::new(pb::GetCoverageResponse { coverage, next_page_token: page::token(counted.next) }))
    }
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

fn opening(request: &pb::OpenArchiveRequest) -> Result<(Uuid, Opening), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    placed::area(&mut v, &request.district, &request.area);
    v.token("unit", &request.unit, 0..=64);
    let kind = v.enum_value::<pb::ArchiveKind>("kind", request.kind).and_then(convert::archive_kind_from);
    let kind = kind.unwrap_or(ArchiveKind::Household);
    let visited = record::visited(&mut v, request.visited.as_ref(), kind.visited());
    let may_be_key = !request.key || kind == ArchiveKind::Enterprise;
    v.require("key", may_be_key, "must be left out of what is no enterprise");
    v.finish()?;
    let place =
        Place { district: request.district.clone(), area: request.area.clone(), kind, key: request.key };
    let known_by = visited.known_by().unwrap_or_default();
    Ok((request_id, Opening { place, visited, known_by, unit: None }))
}

fn update(request: &pb::UpdateArchiveRequest) -> Result<(huying_chassis::validate::Named, Update), Problem> {
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
