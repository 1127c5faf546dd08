//! The rules of names and phones in full.

use huying_proto::intake::v1 as intake;
use huying_tests::people::DISTRICT;

use super::table::{Ids, REQUEST, Rows, Rule, VISIT};

pub fn of_persons(rows: &mut Rows, ids: &Ids) {
    let reporter = intake::GetReporterRequest { id: ids.request.clone() };
    rows.add("/huying.intake.v1.PersonService/GetReporter", REQUEST, reporter);
    let visited = intake::GetVisitedRequest { id: ids.visit.visit.clone() };
    rows.add("/huying.intake.v1.PersonService/GetVisited", VISIT, visited);
    let occupant = intake::GetOccupantRequest { id: ids.visit.archive.clone() };
    rows.add("/huying.intake.v1.PersonService/GetOccupant", VISIT, occupant);
    let participants = intake::GetParticipantsRequest { id: ids.forum.clone() };
    rows.add("/huying.intake.v1.PersonService/GetParticipants", VISIT, participants);
    let contact = intake::GetContactRequest { id: ids.offer.clone() };
    rows.add("/huying.intake.v1.PersonService/GetContact", Rule::One(&[]), contact);
    let reads = intake::ListReadsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.intake.v1.PersonService/ListReads", Rule::Profile, reads);
}
