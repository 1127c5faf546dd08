//! `OfficerService`: who of a unit's people is there; and who has a case or a dispatch in hand.

use huying_chassis::{
    auth::Caller,
    log::{Meta, Versioned},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::casework::v1::{self as pb, officer_service_server::OfficerService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc, access, lists,
    period::span,
    validate::{DISTRICT, given},
};
use crate::{
    convert,
    domain::{
        Absence, Absences, Officer, Order, Rostered,
        absence::{
            AbsenceKind,
            step::{End, Record},
        },
        case::step::Appoint,
        duty::{self, Duty},
        roster,
    },
};

type AbsenceAnswer = Result<Response<pb::Absence>, Status>;

#[tonic::async_trait]
impl OfficerService for Rpc {
    async fn record_absence(&self, request: Request<pb::RecordAbsenceRequest>) -> AbsenceAnswer {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, record) = record(&request)?;
        access::watch(&caller, &record.district, &record.unit)?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let absence = self.app.record_absence(&record, &meta).await?;
        let profile = self.app.profile(&absence.it.district).await?;
        Ok(Response::new(convert::officer::absence(&absence, &profile)))
    }

    async fn end_absence(&self, request: Request<pb::EndAbsenceRequest>) -> AbsenceAnswer {
        let (_, (absence, _)) = self.take::<_, Absence, _>(request, |_, _| End).await?;
        let profile = self.app.profile(&absence.it.district).await?;
        Ok(Response::new(convert::officer::absence(&absence, &profile)))
    }

    async fn list_absences(
        &self,
        request: Request<pb::ListAbsencesRequest>,
    ) -> Result<Response<pb::ListAbsencesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut absences = wanted(&request)?;
        access::watch(&caller, &absences.district, &absences.unit)?;
        absences.beyond = request.open.then(|| self.app.log.now());
        let size = page::size(request.page_size)?;
        let after = lists::place(&request.page_token, Order::Newest)?;
        let profile = self.app.profile(&absences.district).await?;
        let show = |it: &Versioned<Absence>| convert::officer::absence(it, &profile);
        let read = |size| self.app.absences(&absences, after, size);
        let (absences, next_page_token) = lists::told(size, read, show).await?;
        Ok(Response::new(pb::ListAbsencesResponse { absences, next_page_token }))
    }

    async fn list_officers(
        &self,
        request: Request<pb::ListOfficersRequest>,
    ) -> Result<Response<pb::ListOfficersResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut v = Violations::new();
        let (district, unit) = of_unit(&mut v, &request.get_ref().district, &request.get_ref().unit);
        v.finish()?;
        access::watch(&caller, &district, &unit)?;
        let (profile, now) = (self.app.profile(&district).await?, self.app.log.now());
        let officers = self.app.officers(&district, &unit).await?.into_iter();
        let officers = officers.map(|(it, load)| {
            let on_duty = it.duty.covers(&profile.calendar, now);
            convert::officer::on_roster(&it, on_duty, &load)
        });
        Ok(Response::new(pb::ListOfficersResponse { officers: officers.collect() }))
    }
}

fn record(request: &pb::RecordAbsenceRequest) -> Result<(Uuid, Record), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let (district, unit) = of_unit(&mut v, &request.district, &request.unit);
    let subject = v.line("subject", &request.subject, 1..=128);
    let kind = v.enum_value::<pb::AbsenceKind>("kind", request.kind);
    let kind = kind.and_then(convert::officer::kind_from).unwrap_or(AbsenceKind::Other);
    let (from, until) = span(&mut v, request.from_time.as_ref(), request.until_time.as_ref());
    v.finish()?;
    Ok((request_id, Record { district, unit, subject, kind, from, until }))
}

fn wanted(request: &pb::ListAbsencesRequest) -> Result<Absences, Problem> {
    let mut v = Violations::new();
    let (district, unit) = of_unit(&mut v, &request.district, &request.unit);
    let subject = given(&v.line("subject", &request.subject, 0..=128));
    v.finish()?;
    Ok(Absences { district, unit, subject, beyond: None })
}

/// A unit is asked for by its district and its code.
fn of_unit(v: &mut Violations, district: &str, unit: &str) -> (String, String) {
    v.digits("district", district, &DISTRICT);
    v.token("unit", unit, 1..=64);
    (district.to_owned(), unit.to_owned())
}

/// Whom a unit appoints.
pub fn appoint(v: &mut Violations, officer: Option<&pb::Officer>) -> Appoint {
    let officer = officer.map(|it| {
        let subject = v.line("officer.subject", &it.subject, 1..=128);
        Officer { subject, name: v.line("officer.name", &it.name, 0..=64) }
    });
    Appoint { officer }
}

/// The roster of a profile; what is wrong with its lines together the part says.
pub fn roster(v: &mut Violations, lines: &[pb::RosterOfficer]) -> Vec<Rostered> {
    v.list_len("profile.roster", lines.len(), 0..=roster::MOST);
    let mut read = Vec::new();
    for (n, it) in lines.iter().take(roster::MOST).enumerate() {
        let field = |name: &str| format!("profile.roster[{n}].{name}");
        v.token(&field("unit"), &it.unit, 1..=64);
        let subject = v.line(&field("subject"), &it.subject, 1..=128);
        let name = v.line(&field("name"), &it.name, 0..=64);
        let duty = Duty::parse(&it.duty);
        v.require(&field("duty"), duty.is_some(), duty::HOW);
        read.push(Rostered { unit: it.unit.clone(), subject, name, duty: duty.unwrap_or_default() });
    }
    read
}
