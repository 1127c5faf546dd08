//! `PersonService`: names and phones in full, one at a time and on record, and who read them. Nothing else in this service tells them.

use huying_chassis::{
    auth::{Caller, outside},
    log::{Aggregate as _, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::intake::v1::{self as pb, person_service_server::PersonService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, access, placed, validate};
use crate::{
    app::seal::Called,
    convert::person as convert,
    domain::{
        Error,
        archive::Archive,
        forum::Forum,
        read::{ReadKind, ReadOf, Reads, Shown},
        visit::{KeptVisited, Visit, Visited},
    },
};

/// Who is told of them: who has them, and the desk.
fn knows(caller: &Caller, district: &str, unit: &str) -> Result<(), Problem> {
    if placed::knows_person(caller, district, unit) { Ok(()) } else { Err(Error::NotFirstContact.into()) }
}

impl Rpc {
    /// Whom one is about, unless that is forgotten.
    async fn whom(&self, kind: &'static str, id: Uuid, kept: &KeptVisited) -> Result<Visited, Problem> {
        if kept.is_forgotten() {
            return Err(Error::Forgotten.into());
        }
        self.app.visited_one(kind, id, kept).await
    }
}

#[tonic::async_trait]
impl PersonService for Rpc {
    async fn get_reporter(
        &self,
        request: Request<pb::GetReporterRequest>,
    ) -> Result<Response<pb::GetReporterResponse>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.seen(&caller, id).await?;
        let it = &found.it;
        if !access::may_reach(&caller, it) {
            return Err(Problem::from(Error::NotFirstContact).into());
        }
        let reporter = match self.app.reporter(&found).await? {
            // What the door has besides may name them too.
            Called::Forgotten => return Err(Problem::from(Error::Forgotten).into()),
            Called::Is(reporter) => Some(reporter),
            Called::Unsaid => None,
        };
        let more = self.app.extensions(&found).await?;
        let of = ReadOf { kind: ReadKind::Request, id, district: it.submission.district.clone() };
        let shown = Shown::of_reporter(reporter.as_ref(), !more.is_empty());
        self.app.record_read(&caller, "GetReporter", of, shown).await?;
        let reporter = reporter.as_ref().map(convert::reporter_in_full);
        Ok(Response::new(pb::GetReporterResponse { reporter, extensions: more }))
    }

    async fn get_visited(
        &self,
        request: Request<pb::GetVisitedRequest>,
    ) -> Result<Response<pb::GetVisitedResponse>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.visit(id).await?.map(|found| found.it);
        let found = found.filter(|it| placed::sees(&caller, &it.district, &it.area, &it.unit));
        let it = found.ok_or_else(|| not_found(Visit::KIND, id))?;
        knows(&caller, &it.district, &it.unit)?;
        let of = ReadOf { kind: ReadKind::Visit, id, district: it.district.clone() };
        let visited = self.whom(Visit::KIND, id, &it.visited).await?;
        self.app.record_read(&caller, "GetVisited", of, Shown::of_visited(&visited)).await?;
        Ok(Response::new(pb::GetVisitedResponse { visited: Some(convert::visited_in_full(&visited)) }))
    }

    async fn get_occupant(
        &self,
        request: Request<pb::GetOccupantRequest>,
    ) -> Result<Response<pb::GetOccupantResponse>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.archive(id).await?.map(|found| found.it);
        let found = found.filter(|it| placed::sees(&caller, &it.place.district, &it.place.area, &it.unit));
        let it = found.ok_or_else(|| not_found(Archive::KIND, id))?;
        knows(&caller, &it.place.district, &it.unit)?;
        let of = ReadOf { kind: ReadKind::Archive, id, district: it.place.district.clone() };
        let visited = self.whom(Archive::KIND, id, &it.visited).await?;
        self.app.record_read(&caller, "GetOccupant", of, Shown::of_visited(&visited)).await?;
        Ok(Response::new(pb::GetOccupantResponse { visited: Some(convert::visited_in_full(&visited)) }))
    }

    async fn get_participants(
        &self,
        request: Request<pb::GetParticipantsRequest>,
    ) -> Result<Response<pb::GetParticipantsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.app.forum(id).await?;
        let found = found.filter(|it| placed::sees(&caller, &it.it.district, &it.it.area, &it.it.host));
        let found = found.ok_or_else(|| not_found(Forum::KIND, id))?;
        let it = &found.it;
        knows(&caller, &it.district, &it.host)?;
        let of = ReadOf { kind: ReadKind::Forum, id, district: it.district.clone() };
        let came = self.app.people(&found).await?;
        let shown = Shown::of_participants(&came);
        self.app.record_read(&caller, "GetParticipants", of, shown).await?;
        let participants = came.iter().map(convert::participant_in_full).collect();
        Ok(Response::new(pb::GetParticipantsResponse { participants }))
    }

    async fn get_contact(
        &self,
        request: Request<pb::GetContactRequest>,
    ) -> Result<Response<pb::GetContactResponse>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
        let found = self.reached(&caller, id).await?;
        let contact = self.app.contact(&found).await?;
        let of = ReadOf { kind: ReadKind::Offer, id, district: found.it.district };
        self.app.record_read(&caller, "GetContact", of, Shown::of_contact(&contact)).await?;
        Ok(Response::new(pb::GetContactResponse { contact }))
    }

    async fn list_reads(
        &self,
        request: Request<pb::ListReadsRequest>,
    ) -> Result<Response<pb::ListReadsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let wanted = wanted(&request)?;
        if !caller.reach.governs(&wanted.district) {
            return Err(outside().into());
        }
        let size = page::size(request.page_size)?;
        let found = self.app.reads(&wanted, page::cursor(&request.page_token)?, size).await?;
        let is_wanted = |subject: &str| wanted.subject.as_deref().is_none_or(|wanted| wanted == subject);
        let (reads, next_page_token) = page::shown(
            found.iter(),
            size,
            |last| (last.at, last.id),
            |read| is_wanted(&read.by.subject).then(|| convert::read(read)),
        );
        Ok(Response::new(pb::ListReadsResponse { reads, next_page_token }))
    }
}

fn wanted(request: &pb::ListReadsRequest) -> Result<Reads, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &validate::DISTRICT);
    let whose = (!request.whose.is_empty()).then(|| v.uuid("whose", &request.whose));
    let subject = v.line("subject", &request.subject, 0..=200);
    let from = placed::instant(&mut v, "from_time", request.from_time.as_ref());
    let until = placed::instant(&mut v, "to_time", request.to_time.as_ref());
    v.finish()?;
    let subject = Some(subject).filter(|subject| !subject.is_empty());
    Ok(Reads { district: request.district.clone(), whose, subject, from, until })
}
