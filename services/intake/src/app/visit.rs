//! Recording a visit, with all that it found, in one commit; and reading visits.

use huying_chassis::{
    id,
    log::{Aggregate as _, AppendError, Decided, Draft, Meta, Replay, Versioned, not_found},
    run::{Command, Decision, Halt},
    seal::{Fresh, Seals},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App, See, World,
    archive::{holders, opened, unclaimed, with_plan},
    profile::ProfileOf,
    seal::sealed,
    visited::{self, known_as, new_key, own},
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
        visit::{
            Finding, FindingKind, Found, KeptVisited, Record, There, Visit, VisitChange, Visited, Whom,
            record,
        },
        wanted::{Cursor, Newest},
    },
    store::visit,
};

type Stop = Halt<Error>;
/// An archive, and whom it is about.
type Known<'s> = (&'s Versioned<Archive>, Visited);

/// A visit, and the requests that it found, in order.
pub struct Recorded {
    pub visit: Versioned<Visit>,
    pub requests: Vec<Versioned<Request>>,
}

/// What the requests of a visit are given.
struct Door {
    rule: Option<ChannelRule>,
    /// Each with the key that seals who was visited.
    receipts: Vec<(Receipt, Fresh)>,
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
                let archive = archive.filter(is_there).ok_or_else(|| not_found(Archive::KIND, id))?;
                let own = self.visited_one(Archive::KIND, archive.id, &archive.it.visited).await?;
                There::of(&archive.it, own)
            }
            Whom::There(there) => there.clone(),
        };
        let ids = Ids {
            visit: id::new(),
            archive: id::new(),
            found: record.findings.iter().map(|_| id::new()).collect(),
        };
        // What was done before, or is refused, uses no number up.
        let door = match self.log.repeated(meta).await? {
            Some(_) => Door { rule: None, receipts: Vec::new() },
            None => self.door((record, &ids.found), there, meta).await?,
        };
        let keys = (self.seals.fresh(ids.visit).await?, self.seals.fresh(ids.archive).await?);
        Ok(self.runner.run(&Recording { record, door, ids, keys, seals: &self.seals }, meta).await?)
    }

    /// With what their archive knows of them: the phone, by which it is told whether they ask again.
    async fn as_known(&self, district: &str, there: There) -> Result<There, Problem> {
        let Some(place) = there.place(district) else { return Ok(there) };
        for by in known_as(&self.seals, place.kind, &there.visited) {
            let hashed = self.log.claimed(ARCHIVE, &place.key(&by.hash)).await?;
            let id = match hashed {
                Some(id) => Some(id),
                None => self.log.claimed(ARCHIVE, &place.key(&by.text)).await?,
            };
            let Some(id) = id else { continue };
            let Some(archive) = self.log.load::<Archive>(id).await? else { continue };
            let own = self.visited_one(Archive::KIND, id, &archive.it.visited).await?;
            if archive.it.is_of(&own, &there.visited, &by.text) {
                return Ok(There { visited: there.visited.or(&own), ..there });
            }
        }
        Ok(there)
    }

    async fn door(
        &self,
        (record, ids): (&Record, &[Uuid]),
        there: There,
        meta: &Meta,
    ) -> Result<Door, Problem> {
        let profile = self.profiles.get(&record.district).await?;
        let unit = profile.acting(record.unit.as_deref())?;
        let mut door = Door { rule: None, receipts: Vec::new() };
        let asked = record.findings.iter().zip(ids).filter_map(|(finding, id)| match finding {
            Finding::Request(received) => Some((*id, received.submission.content.as_str())),
            Finding::Risk { .. } => None,
        });
        let asked: Vec<(Uuid, &str)> = asked.collect();
        if asked.is_empty() {
            return Ok(door);
        }
        door.rule = Some(profile.door(Channel::HomeVisit)?.clone());
        let there = self.as_known(&record.district, there).await?;
        let number = there.visited.reporter(there.kind).0.number();
        for (id, content) in asked {
            let said = (number.clone(), content);
            let repeat = self.repeated(&record.district, said, self.log.now()).await?;
            let receipt = self.receipt(&profile, (id, Some(unit.clone())), repeat, meta).await?;
            door.receipts.push((receipt, self.seals.fresh(id).await?));
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
    /// What seals who was visited: in the visit, and in an archive that it opens.
    keys: (Fresh, Fresh),
    seals: &'a Seals,
}

/// What a visit found, as drafts of requests and risks.
#[derive(Default)]
struct Findings {
    found: Vec<Found>,
    requests: Vec<Versioned<Request>>,
    drafts: Vec<Draft>,
}

impl Recording<'_> {
    /// The archive of whom was visited, if there is one, with whom it is about; and who was visited.
    fn there<'s>(&self, seen: &'s See) -> Result<(Option<Known<'s>>, There), Stop> {
        let there = match &self.record.whom {
            Whom::Archive(id) => {
                let archive = seen.get::<Archive>(*id)?;
                let own = own(seen, self.seals, archive)?;
                return Ok((Some((archive, own.clone())), There::of(&archive.it, own)));
            }
            Whom::There(there) => there.clone(),
        };
        let known = match there.place(&self.record.district) {
            Some(place) => known(seen, self.seals, &place, &there.visited)?,
            None => None,
        };
        let there = match &known {
            Some((_, own)) => There { visited: there.visited.or(own), ..there },
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
                    let (Some((receipt, fresh)), Some(rule)) = (receipts.next(), &self.door.rule) else {
                        return Err(bug("a request without a receipt"));
                    };
                    let mut change = record::request(visit, there, received, receipt.clone(), rule);
                    let key =
                        sealed(self.seals, fresh, &mut change).map_err(|_| bug("what is not sealed"))?;
                    let (draft, request) =
                        seen.begin::<Request>(*id, &[change])?.ok_or_else(|| bug("nothing"))?;
                    let draft = draft.with_key(key);
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
        known: Option<&Known<'_>>,
        there: &There,
        mut kept: ArchiveChange,
        unit: &str,
    ) -> Result<Option<(Draft, Versioned<Archive>)>, Stop> {
        if let Some(&(archive, ref own)) = known {
            let mut key = None;
            if let ArchiveChange::Visited { needs, learned, also, .. } = &mut kept {
                (*needs, _) = archive.it.needed(needs);
                let now = own.learned(&there.visited);
                let known_as = known_as(self.seals, archive.it.place.kind, now.as_ref().unwrap_or(own));
                *also = unclaimed(seen, &archive.it.place, archive.it.unknown(known_as))?;
                if let Some(now) = now {
                    let fresh = new_key(seen, self.seals, archive.id)?;
                    *learned = Some(Box::new(visited::sealed(fresh, Archive::KIND, &now)?));
                    key = Some(fresh.row(None));
                }
            }
            let changes = with_plan(seen, &self.record.district, archive.id, Some(archive), vec![kept])?;
            let drafted = seen.draft(archive, Decided::Done(changes))?;
            return Ok(drafted.map(|(draft, archive)| (draft.with_key(key), archive)));
        }
        let Some(place) = there.place(&self.record.district) else { return Ok(None) };
        let keys = (self.seals, &self.keys.1);
        let Some(opened) = opened(seen, keys, place, &there.visited, unit)? else { return Ok(None) };
        let id = self.ids.archive;
        let changes = with_plan(seen, &self.record.district, id, None, vec![opened, kept])?;
        let drafted = seen.begin::<Archive>(id, &changes)?;
        let key = self.keys.1.row(None);
        Ok(drafted.map(|(draft, archive)| (draft.with_key(Some(key)), archive)))
    }

    /// The visit itself, with who was visited sealed.
    fn visit(&self, seen: &See, mut change: VisitChange) -> Result<(Draft, Versioned<Visit>), Stop> {
        let mut key = None;
        if let VisitChange::Recorded { visit } = &mut change
            && let KeptVisited::Clear(told) = &visit.visited
            && visit.visited.is_clear()
        {
            visit.visited = visited::sealed(&self.keys.0, Visit::KIND, told)?;
            key = Some(self.keys.0.row(None));
        }
        let (draft, visit) = seen.begin::<Visit>(self.ids.visit, &[change])?.ok_or_else(|| bug("nothing"))?;
        Ok((draft.with_key(key), visit))
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
        let archive = self.archive(seen, known.as_ref(), &there, kept, unit)?;
        let id = archive.as_ref().map(|(_, archive)| archive.id);
        let unkept = known.map(|(archive, _)| archive.it.needed(&self.record.needs).1).unwrap_or_default();
        let change = self.record.visit(&there, unit, found, (id, unkept), seen.now());
        let (draft, visit) = self.visit(seen, change)?;
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
    seals: &Seals,
    place: &Place,
    visited: &Visited,
) -> Result<Option<Known<'s>>, Stop> {
    let known_as = known_as(seals, place.kind, visited);
    for (by, id) in known_as.iter().zip(holders(seen, place, &known_as)?) {
        let Some(id) = id else { continue };
        let archive = seen.get::<Archive>(id)?;
        let own = own(seen, seals, archive)?;
        if archive.it.is_of(&own, visited, &by.text) {
            return Ok(Some((archive, own)));
        }
    }
    Ok(None)
}

fn bug(what: &str) -> Stop {
    Halt::Draft(AppendError::Bug(format!("a visit drafts {what}")))
}
