//! Recording a visit, with all that it found, in one commit; and reading visits.

use huying_chassis::{
    id,
    log::{Aggregate as _, AppendError, Decided, Draft, Meta, Replay, Versioned, not_found},
    run::{Command, Decision, Halt},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App, Claimed, See, World,
    archive::{opened, unclaimed, with_plan},
    profile::ProfileOf,
};
use crate::{
    domain::{
        Error,
        archive::{ARCHIVE, Archive, ArchiveChange, Place},
        channel::Channel,
        counted::{Counted, VisitCount},
        profile::ChannelRule,
        request::Request,
        risk::Risk,
        submission::Receipt,
        visit::{Finding, FindingKind, Found, Record, There, Visit, Visited, Whom, record},
        wanted::{Cursor, Newest},
    },
    store::visit,
};

type Stop = Halt<Error>;

/// A visit, and the requests that it found, in order.
pub struct Recorded {
    pub visit: Versioned<Visit>,
    pub requests: Vec<Versioned<Request>>,
}

/// What the requests of a visit are given.
struct Door {
    rule: Option<ChannelRule>,
    receipts: Vec<Receipt>,
}

impl App {
    /// Records a visit: itself, its requests, its entries of the ledger of risks and its archive. `sees`: whether the caller reaches
    /// an archive.
    ///
    /// # Errors
    /// `NOT_FOUND` (the archive), `UNKNOWN_DISTRICT`, `UNKNOWN_CHANNEL`, `BAD_FIELD` (no unit), `UNKNOWN_UNIT`.
    pub async fn record_visit(
        &self,
        record: &Record,
        sees: impl Fn(&Archive) -> bool,
        meta: &Meta,
    ) -> Result<Recorded, Problem> {
        let there = match &record.whom {
            Whom::Archive(id) => {
                let archive = self.log.load::<Archive>(*id).await?;
                let is_there =
                    |it: &Versioned<Archive>| it.it.place.district == record.district && sees(&it.it);
                There::of(&archive.filter(is_there).ok_or_else(|| not_found(Archive::KIND, id))?.it)
            }
            Whom::There(there) => there.clone(),
        };
        // What was done before, or is refused, uses no number up.
        let door = match self.log.repeated(meta).await? {
            Some(_) => Door { rule: None, receipts: Vec::new() },
            None => self.door(record, there, meta).await?,
        };
        let ids = Ids {
            visit: id::new(),
            archive: id::new(),
            found: record.findings.iter().map(|_| id::new()).collect(),
        };
        Ok(self.runner.run(&Recording { record, door, ids }, meta).await?)
    }

    /// With what their archive knows of them: the phone, by which it is told whether they ask again.
    async fn as_known(&self, district: &str, there: There) -> Result<There, Problem> {
        let Some(place) = there.place(district) else { return Ok(there) };
        for by in there.visited.known_as(place.kind) {
            let Some(id) = self.log.claimed(ARCHIVE, &place.key(&by)).await? else { continue };
            if let Some(archive) = self.log.load::<Archive>(id).await?
                && archive.it.is_of(&there.visited, &by)
            {
                return Ok(There { visited: there.visited.or(&archive.it.visited), ..there });
            }
        }
        Ok(there)
    }

    async fn door(&self, record: &Record, there: There, meta: &Meta) -> Result<Door, Problem> {
        let profile = self.profiles.get(&record.district).await?;
        let unit = profile.acting(record.unit.as_deref())?;
        let mut door = Door { rule: None, receipts: Vec::new() };
        let asked = record.findings.iter().filter_map(|finding| match finding {
            Finding::Request(received) => Some(received.submission.content.as_str()),
            Finding::Risk { .. } => None,
        });
        let asked: Vec<&str> = asked.collect();
        if asked.is_empty() {
            return Ok(door);
        }
        door.rule = Some(profile.door(Channel::HomeVisit)?.clone());
        let there = self.as_known(&record.district, there).await?;
        let number = there.visited.reporter(there.kind).0.number();
        for content in asked {
            let said = (number.clone(), content);
            let repeat = self.repeated(&record.district, said, self.log.now()).await?;
            door.receipts.push(self.receipt(&profile, Some(unit.clone()), repeat, meta).await?);
        }
        Ok(door)
    }

    pub async fn visit(&self, id: Uuid) -> Result<Option<Versioned<Visit>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    pub async fn visits(
        &self,
        wanted: &Newest,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Versioned<Visit>>, Problem> {
        Ok(visit::list(self.log.pool(), wanted, after, limit).await?)
    }

    /// How many visits there were, and what they found; and where the rest begins.
    pub async fn count_visits(
        &self,
        wanted: &Newest,
        after: Option<Cursor>,
    ) -> Result<Counted<VisitCount, Cursor>, Problem> {
        Ok(visit::count(self.log.pool(), wanted, after).await?)
    }
}

struct Ids {
    visit: Uuid,
    archive: Uuid,
    /// One for each finding.
    found: Vec<Uuid>,
}

struct Recording<'a> {
    record: &'a Record,
    door: Door,
    ids: Ids,
}

/// What a visit found, as drafts of requests and risks.
#[derive(Default)]
struct Findings {
    found: Vec<Found>,
    requests: Vec<Versioned<Request>>,
    drafts: Vec<Draft>,
}

impl Recording<'_> {
    /// The archive of whom was visited, if there is one, and who that is.
    fn there<'s>(&self, seen: &'s See) -> Result<(Option<&'s Versioned<Archive>>, There), Stop> {
        let there = match &self.record.whom {
            Whom::Archive(id) => {
                let archive = seen.get::<Archive>(*id)?;
                return Ok((Some(archive), There::of(&archive.it)));
            }
            Whom::There(there) => there.clone(),
        };
        let known = match there.place(&self.record.district) {
            Some(place) => known(seen, &place, &there.visited)?,
            None => None,
        };
        let there = match known {
            Some(archive) => There { visited: there.visited.or(&archive.it.visited), ..there },
            None => there,
        };
        Ok((known, there))
    }

    fn findings(&self, seen: &See, there: &There, unit: &str) -> Result<Findings, Stop> {
        let (visit, mut receipts) = (self.ids.visit, self.door.receipts.iter());
        let mut all = Findings::default();
        for (id, finding) in self.ids.found.iter().zip(&self.record.findings) {
            match finding {
                Finding::Request(received) => {
                    let (Some(receipt), Some(rule)) = (receipts.next(), &self.door.rule) else {
                        return Err(bug("a request without a receipt"));
                    };
                    let change = record::request(visit, there, received, receipt.clone(), rule);
                    let (draft, request) =
                        seen.begin::<Request>(*id, &[change])?.ok_or_else(|| bug("nothing"))?;
                    let number = request.it.number.clone();
                    all.found.push(Found { kind: FindingKind::Request, id: *id, number });
                    all.requests.push(request);
                    all.drafts.push(draft);
                }
                Finding::Risk { kind, content } => {
                    let place = (self.record.district.as_str(), there.area.as_str());
                    let change = record::risk(visit, place, unit, (*kind, content));
                    all.drafts.extend(seen.begin::<Risk>(*id, &[change])?.map(|(draft, _)| draft));
                    all.found.push(Found { kind: kind.found(), id: *id, number: String::new() });
                }
            }
        }
        Ok(all)
    }

    /// The archive with this visit in it, opened where there is none.
    fn archive(
        &self,
        seen: &See,
        known: Option<&Versioned<Archive>>,
        there: &There,
        mut kept: ArchiveChange,
        unit: &str,
    ) -> Result<Option<(Draft, Versioned<Archive>)>, Stop> {
        if let Some(archive) = known {
            if let ArchiveChange::Visited { needs, learned, also, .. } = &mut kept {
                (*needs, _) = archive.it.needed(needs);
                let now = archive.it.learned(&there.visited);
                let known_as = archive.it.unknown(now.as_ref().unwrap_or(&archive.it.visited));
                *also = unclaimed(seen, &archive.it.place, known_as)?;
                *learned = now.map(Box::new);
            }
            let changes = with_plan(seen, &self.record.district, archive.id, known, vec![kept])?;
            return seen.draft(archive, Decided::Done(changes));
        }
        let Some(place) = there.place(&self.record.district) else { return Ok(None) };
        let Some(opened) = opened(seen, place, &there.visited, unit)? else { return Ok(None) };
        let id = self.ids.archive;
        seen.begin::<Archive>(id, &with_plan(seen, &self.record.district, id, None, vec![opened, kept])?)
    }
}

impl Command<World> for Recording<'_> {
    type Error = Error;
    type Answer = Recorded;

    fn decide(&self, seen: &See) -> Result<Decision<Recorded>, Stop> {
        let (known, there) = self.there(seen)?;
        let profile = seen.ask(ProfileOf(self.record.district.clone()))?;
        let unit = &profile.acting(self.record.unit.as_deref()).map_err(Halt::Refused)?;
        let Findings { found, requests, drafts } = self.findings(seen, &there, unit)?;
        let kept = self.record.kept(self.ids.visit, &there, unit, &found, seen.now());
        let archive = self.archive(seen, known, &there, kept, unit)?;
        let id = archive.as_ref().map(|(_, archive)| archive.id);
        let unkept = known.map(|archive| archive.it.needed(&self.record.needs).1).unwrap_or_default();
        let change = self.record.visit(&there, unit, found, (id, unkept), seen.now());
        let (draft, visit) = seen.begin::<Visit>(self.ids.visit, &[change])?.ok_or_else(|| bug("nothing"))?;
        // The visit first: it answers the command.
        let drafts = [draft].into_iter().chain(drafts).chain(archive.map(|(draft, _)| draft)).collect();
        Ok(Decision { drafts, answer: Recorded { visit, requests } })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Recorded, Stop> {
        let visit = seen.get::<Visit>(done.aggregate)?.clone();
        let requests = visit.it.found.iter().filter(|it| it.kind == FindingKind::Request).map(|it| it.id);
        let requests = seen.all::<Request>(&requests.collect::<Vec<_>>())?;
        Ok(Recorded { visit, requests: requests.into_iter().cloned().collect() })
    }
}

/// The archive of whom a visitor describes: by their code, or by their address one that was opened before there was a code.
pub(super) fn known<'s>(
    seen: &'s See,
    place: &Place,
    visited: &Visited,
) -> Result<Option<&'s Versioned<Archive>>, Stop> {
    for by in visited.known_as(place.kind) {
        let Some(id) = *seen.ask(Claimed(ARCHIVE, place.key(&by)))? else { continue };
        let archive = seen.get::<Archive>(id)?;
        if archive.it.is_of(visited, &by) {
            return Ok(Some(archive));
        }
    }
    Ok(None)
}

fn bug(what: &str) -> Stop {
    Halt::Draft(AppendError::Bug(format!("a visit drafts {what}")))
}
